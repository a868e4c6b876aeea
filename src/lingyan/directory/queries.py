"""What does the register answer, within the reader's scope?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.identity import mask_identity, mask_phone
from lingyan.directory.models import (
    AdjoiningTowns,
    CalendarDay,
    Person,
    Place,
    PlaceChange,
    PlaceEdition,
    PlaceSuccession,
    Relative,
    RoleAssignment,
    Unit,
    VillageOfficer,
)
from lingyan.directory.roles import Role
from lingyan.directory.rules import (
    NameBook,
    Named,
    PlaceLevel,
    plain_name,
    short_town_name,
    short_village_name,
)
from lingyan.directory.scoping import place_q
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import NOTHING, Actor, Scope
from lingyan.platform.accounts.models import User


def list_assignments(user_id: int) -> list[RoleAssignment]:
    """The user's roles in force today, the widest first."""
    today = clock.today()
    found = (
        RoleAssignment.objects.filter(user_id=user_id, since__lte=today)
        .filter(Q(until__isnull=True) | Q(until__gt=today))
        .select_related("place", "unit", "user", "user__person")
    )
    order = [role.value for role in Role]
    return sorted(found, key=lambda assignment: (order.index(assignment.role), assignment.since))


def actor_of(assignment: RoleAssignment) -> Actor:
    """The actor that an assignment makes, with the scope of that role and nothing more."""
    place, unit = assignment.place, assignment.unit
    person = getattr(assignment.user, "person", None)
    scope = NOTHING
    if place:
        scope = Scope(place_paths=(place.path,))
    elif unit:
        scope = Scope(unit_ids=(unit.pk,))
    elif assignment.role == Role.CANDIDATE and person:
        scope = Scope(person_id=person.pk)
    return Actor(
        user_id=assignment.user_id,
        name=assignment.user.name,
        role=assignment.role,
        role_label=Role(assignment.role).label,
        scope=scope,
        place_name=str(place or unit or ""),
    )


def actor_key(actor: Actor) -> dict[str, Any]:
    """What a background job keeps of its actor, to find it again with the rights of that moment."""
    return {"user_id": actor.user_id, "role": actor.role, "name": actor.name}


def find_actor(key: dict[str, Any]) -> Actor:
    """The actor of a background job; a role that has ended in the meantime sees nothing."""
    if key["user_id"] is None:
        return Actor.system(key["name"])
    for assignment in list_assignments(key["user_id"]):
        if assignment.role == key["role"]:
            return actor_of(assignment)
    return Actor(key["user_id"], key["name"], key["role"], "", NOTHING)


def list_places(scope: Scope) -> QuerySet[Place]:
    """The places of today; those that were merged or dissolved are history."""
    return list_places_ever(scope).filter(ended_on__isnull=True)


def list_places_ever(scope: Scope) -> QuerySet[Place]:
    return Place.objects.visible_to(scope).select_related("parent")


def list_villages(scope: Scope) -> QuerySet[Place]:
    return list_places(scope).filter(level=PlaceLevel.VILLAGE)


def get_place(scope: Scope, place_id: UUID) -> Place:
    return get_object_or_404(list_places(scope), pk=place_id)


def get_place_ever(scope: Scope, place_id: UUID) -> Place:
    """For its own page: also a place that is no more."""
    return get_object_or_404(list_places_ever(scope), pk=place_id)


def last_changes(places: Sequence[Place]) -> dict[UUID, date]:
    """When each of the places was last changed by an order."""
    found = PlaceEdition.objects.filter(place__in=places).values("place_id")
    return {row["place_id"]: row["day"] for row in found.annotate(day=Max("until"))}


def list_place_changes(scope: Scope) -> QuerySet[PlaceChange]:
    return PlaceChange.objects.filter(place_q(scope, ""))


def get_place_change(scope: Scope, change_id: int) -> PlaceChange:
    return get_object_or_404(list_place_changes(scope), pk=change_id)


def list_changes_of(place: Place) -> QuerySet[PlaceChange]:
    """The orders that this place came out of, was changed by, or ended by; the newest first."""
    own = Q(editions__place=place) | Q(successions__predecessor=place)
    own |= Q(successions__successor=place)
    return PlaceChange.objects.filter(own).distinct().order_by("-effective_on", "-pk")


def list_predecessors(place: Place) -> list[Place]:
    rows = PlaceSuccession.objects.filter(successor=place).select_related("predecessor")
    return [row.predecessor for row in rows]


def list_successors(place: Place) -> list[Place]:
    rows = PlaceSuccession.objects.filter(predecessor=place).select_related("successor")
    return [row.successor for row in rows]


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """A place as it was called and coded on a day of the past."""

    pk: UUID
    level: str
    name: str
    short_name: str
    code: str
    code_edition: str
    parent_id: UUID | None
    path: str
    now: str  # what it is called today

    def __str__(self) -> str:
        return self.short_name


def list_places_as_at(scope: Scope, day: date) -> list[PlaceThen]:
    """Every place that stood on that day, in the order of the paths of that day; two queries."""
    stood = Q(since__isnull=True) | Q(since__lte=day)
    stood &= Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    places = list(list_places_ever(scope).filter(stood))
    then: dict[UUID, PlaceEdition] = {}
    editions = PlaceEdition.objects.filter(place_q(scope, "place__"), until__gt=day)
    for edition in editions.order_by("-until", "-change_id"):
        then[edition.place_id] = edition
    found = [_as_at(place, then.get(place.pk)) for place in places]
    return sorted(found, key=lambda one: one.path)


def _as_at(place: Place, edition: PlaceEdition | None) -> PlaceThen:
    one = edition or place
    return PlaceThen(
        place.pk, place.level, one.name, one.short_name, one.code, one.code_edition,
        one.parent_id, one.path, str(place),
    )  # fmt: skip


def list_units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.visible_to(scope).select_related("place")


def list_people(scope: Scope) -> QuerySet[Person]:
    return Person.objects.visible_to(scope).select_related("unit", "place")


def get_person(scope: Scope, person_id: UUID) -> Person:
    return get_object_or_404(list_people(scope), pk=person_id)


def masked_id_number(person: Person) -> str:
    """With the middle starred (R-1-05); empty where none is registered."""
    stored = person.id_number_cipher
    return mask_identity(cipher.decrypt(bytes(stored))) if stored else ""


def masked_phone(person: Person) -> str:
    stored = person.phone_cipher
    return mask_phone(cipher.decrypt(bytes(stored))) if stored else ""


def list_officers(scope: Scope) -> QuerySet[VillageOfficer]:
    return VillageOfficer.objects.filter(place_q(scope, "village__")).select_related(
        "person", "village", "village__parent"
    )


def list_relatives(scope: Scope) -> QuerySet[Relative]:
    return Relative.objects.filter(place_q(scope, "person__place__")).select_related(
        "person", "other"
    )


def calendar_overrides() -> dict[Any, bool]:
    """The county's own days: date -> is it a working day."""
    return dict(CalendarDay.objects.values_list("day", "is_workday"))


def is_demo() -> bool:
    """Whether this installation holds demo data; every page and export then says so."""
    return Place.objects.filter(is_demo=True).exists()


def list_accounts() -> QuerySet[User]:
    """All accounts with their roles, for the system administrator, who sees no business data."""
    roles = RoleAssignment.objects.select_related("place", "unit").order_by("since")
    return User.objects.prefetch_related(Prefetch("assignments", queryset=roles)).distinct()


def get_account(user_id: int) -> User:
    return get_object_or_404(list_accounts(), pk=user_id)


def get_assignment(user_id: int, assignment_id: UUID) -> RoleAssignment:
    return get_object_or_404(RoleAssignment, user_id=user_id, pk=assignment_id)


def list_role_places() -> QuerySet[Place]:
    return Place.objects.filter(ended_on__isnull=True).select_related("parent").order_by("path")


def list_role_units() -> QuerySet[Unit]:
    return Unit.objects.order_by("name")


def find_person_by_number(number: str) -> Person | None:
    return Person.objects.filter(number=number).first()


def list_adjoining_towns(scope: Scope) -> QuerySet[AdjoiningTowns]:
    """Pairs of which at least one town lies in scope."""
    near = place_q(scope, "first__") | place_q(scope, "second__")
    return AdjoiningTowns.objects.filter(near).select_related("first", "second")


def get_adjoining_towns(scope: Scope, pair_id: int) -> AdjoiningTowns:
    return get_object_or_404(list_adjoining_towns(scope), pk=pair_id)


def list_calendar_days() -> QuerySet[CalendarDay]:
    return CalendarDay.objects.order_by("-day")


def get_calendar_day(day_id: int) -> CalendarDay:
    return get_object_or_404(CalendarDay, pk=day_id)


def list_towns(scope: Scope) -> QuerySet[Place]:
    return list_places(scope).filter(level=PlaceLevel.TOWNSHIP).order_by("path")


def get_unit(scope: Scope, unit_id: UUID) -> Unit:
    return get_object_or_404(list_units(scope), pk=unit_id)


def list_counted_units(scope: Scope) -> QuerySet[Unit]:
    """Units with the number of their people (`people`)."""
    return list_units(scope).annotate(people=Count("person"))


def get_officer(scope: Scope, officer_id: UUID) -> VillageOfficer:
    return get_object_or_404(list_officers(scope), pk=officer_id)


def list_relatives_of(person: Person) -> QuerySet[Relative]:
    """Declared on either side: a relation is read in both directions."""
    either = Q(person=person) | Q(other=person)
    return Relative.objects.filter(either).select_related("person__unit", "other__unit")


def get_relative(scope: Scope, relative_id: UUID) -> Relative:
    people = list_people(scope).values("pk")
    relatives = Relative.objects.filter(person_id__in=people).select_related("person", "other")
    return get_object_or_404(relatives, pk=relative_id)


def find_people(scope: Scope, text: str) -> list[Person]:
    """Whom a number or a name may mean, among the people in scope; a number means one."""
    text = plain_name(text)
    by_number = list(list_people(scope).filter(number=text))
    return by_number or list(list_people(scope).filter(name=text).order_by("number"))


def _named(key: str, place: Place) -> Named:
    within = place.parent.name if place.parent else None
    return Named(key, place.name, place.short_name, within, place.code)


def find_places(scope: Scope, text: str) -> list[Place]:
    """Which towns and villages a written name may mean: in full, short, with its town before it."""
    levels = (PlaceLevel.TOWNSHIP, PlaceLevel.VILLAGE)
    places = {str(place.pk): place for place in list_places(scope).filter(level__in=levels)}
    for level, short in zip(levels, (short_town_name, short_village_name), strict=True):
        named = [_named(key, place) for key, place in places.items() if place.level == level]
        if found := NameBook(named, short=short).find(text):
            return [places[thing.id] for thing in found]
    return []


def find_villages(
    scope: Scope, text: str, *, town: str | None = None, code: str = ""
) -> list[Place]:
    """Which villages a name, its town and its code may mean; several where they leave it open."""
    villages = list_villages(scope)
    if code:
        return list(villages.filter(code=code))
    places = {str(place.pk): place for place in villages}
    named = [_named(key, place) for key, place in places.items()]
    found = NameBook(named, short=short_village_name).find(text, town or None)
    return [places[thing.id] for thing in found]
