"""What does the register answer, within the reader's scope?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.common.identity import mask_identity, mask_phone
from lingyan.directory.assignments import actor_key, actor_of, find_actor, list_assignments
from lingyan.directory.models import (
    AdjoiningTowns,
    CalendarDay,
    Person,
    Place,
    Relative,
    Unit,
    VillageOfficer,
)
from lingyan.directory.rules import (
    NameBook,
    Named,
    PlaceLevel,
    plain_name,
    short_town_name,
    short_village_name,
)
from lingyan.directory.scoping import PATH_DIGITS, person_q, place_q
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.wall import reach

# Asked for by the floors above; how they are answered stands in `assignments`.
__all__ = ["actor_key", "actor_of", "find_actor", "list_assignments"]


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


def list_officers_on(scope: Scope, day: date) -> QuerySet[VillageOfficer]:
    """Who held an office on that day; `until` is the first day without."""
    ends = Q(until__isnull=True) | Q(until__gt=day)
    return list_officers(scope).filter(ends, since__lte=day)


def in_office_q(column: str) -> Q:
    """Rows whose person holds an office in a village now."""
    held = VillageOfficer.objects.filter(until__isnull=True, person=OuterRef(column))
    return Q(Exists(held))


def list_relatives(scope: Scope) -> QuerySet[Relative]:
    return Relative.objects.filter(person_q(scope, "person")).select_related(
        "person__unit", "person__place", "other__unit", "other__place"
    )


def calendar_overrides() -> dict[Any, bool]:
    """The county's own days: date -> is it a working day."""
    return dict(CalendarDay.objects.values_list("day", "is_workday"))


def is_demo() -> bool:
    """Whether this installation holds demo data; every page and export then says so."""
    with reach.everything():
        return Place.objects.filter(is_demo=True).exists()


def list_people_numbered(numbers: Sequence[str]) -> QuerySet[Person]:
    return Person.objects.filter(number__in=numbers)


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


def county_of(place: Place) -> Place:
    """The county in which a place lies."""
    return Place.objects.get(level=PlaceLevel.COUNTY, path__in=_paths_up(place.path))


def get_county(scope: Scope) -> Place:
    """The county in which this person works: at its own office, in a town of it, for a unit."""
    units = Unit.objects.filter(pk__in=scope.unit_ids).order_by("pk")
    paths = [*scope.place_paths, *units.values_list("place__path", flat=True)]
    above = {up for path in paths for up in _paths_up(path)}
    counties = Place.objects.filter(
        level=PlaceLevel.COUNTY, ended_on__isnull=True, path__in=above
    ).order_by("path")
    return get_object_or_404(counties[:1])


def find_county(scope: Scope) -> Place | None:
    """The county for which a county's office works."""
    counties = Place.objects.filter(level=PlaceLevel.COUNTY, path__in=scope.place_paths)
    return counties.order_by("path").first()


def _paths_up(path: str) -> list[str]:
    """Of everything above a place, and its own."""
    return [path[:end] for end in range(PATH_DIGITS, len(path) + 1, PATH_DIGITS)]


def list_staff_of(categories: Sequence[str]) -> QuerySet[Any]:
    """Keys of who works in such a unit. For a condition only: nobody is shown these."""
    units = Unit.objects.filter(category__in=categories).values("pk")
    return Person.objects.filter(unit__in=units).order_by().values("pk")


def get_unit(scope: Scope, unit_id: UUID) -> Unit:
    return get_object_or_404(list_units(scope), pk=unit_id)


def list_counted_units(scope: Scope) -> QuerySet[Unit]:
    """Units with the number of their people (`people`)."""
    own = Person.objects.filter(unit=OuterRef("pk"), merged_into__isnull=True).order_by()
    count = own.values("unit").annotate(count=Count("pk")).values("count")
    return list_units(scope).annotate(people=Coalesce(Subquery(count), 0))


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
