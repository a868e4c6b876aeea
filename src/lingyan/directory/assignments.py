"""Which roles does a user hold today, who stands in for whom, and whom may one grant a role?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.roles import (
    INSTALLATION_GRANTERS,
    LOCAL_GRANTERS,
    MAY_GRANT,
    OF_SEVERAL_PLACES,
    POSTED,
    Role,
)
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import contains, place_q
from lingyan.platform.accounts.actor import NOTHING, Actor, Scope
from lingyan.platform.accounts.idle import idle_q
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.wall import reach

NAME_LENGTH = 27  # two names and 代 fit the sixty characters that records keep of a name


def in_force(day: date, prefix: str = "") -> Q:
    """Assignments that hold on that day; `until` is the first day without."""
    ends = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    return Q(**{f"{prefix}since__lte": day}) & ends


def list_assignments(user_id: int) -> list[RoleAssignment]:
    """The user's roles in force today, the widest first, then those held for somebody on leave.

    A delegation ends with the assignment that it was handed from and with its holder's account.
    Each one tells by `delegate_name` and `delegate_until` who stands in for it today.
    """
    held = RoleAssignment.objects.filter(user_id=user_id).values("pk")
    rows = (
        RoleAssignment.objects.filter(in_force(clock.today()))
        .filter(Q(user_id=user_id) | Q(handed_from__in=held, user__is_active=True))
        .select_related("place", "unit", "user", "user__person")
        .order_by("since", "pk")
    )
    # Asked with every request: one query for oneself and for whoever stands in, the first of each.
    own = [one for one in rows if one.user_id == user_id]
    deputies = [one for one in rows if one.user_id != user_id]
    standing_in = {one.handed_from_id: one for one in reversed(deputies)}
    found = _with_origin(own) if any(one.handed_from_id for one in own) else own
    for one in found:
        deputy = standing_in.get(one.pk)
        one.delegate_name = deputy.user.name if deputy else None  # type: ignore[attr-defined]  # an annotation elsewhere
        one.delegate_until = deputy.until if deputy else None  # type: ignore[attr-defined]  # the same
    order = [role.value for role in Role]
    return sorted(
        found,
        key=lambda one: (one.handed_from_id is not None, order.index(one.role), one.since),
    )


def _with_origin(own: list[RoleAssignment]) -> list[RoleAssignment]:
    """Without delegations whose origin has ended; the others know from whom they come."""
    origins = RoleAssignment.objects.filter(in_force(clock.today()), user__is_active=True)
    known = origins.select_related("user").in_bulk([one.handed_from_id for one in own])
    for one in own:
        if one.handed_from_id in known:
            one.handed_from = known[one.handed_from_id]
    return [one for one in own if one.handed_from_id is None or one.handed_from_id in known]


def actor_of(assignment: RoleAssignment, among: list[RoleAssignment] | None = None) -> Actor:
    """The actor that an assignment makes, with the scope of that role and nothing more.

    `among` are all assignments of the user today: whose delegate he is counts in every role, and
    what a leader of single villages answers for is one scope.
    """
    place, unit = assignment.place, assignment.unit
    person = getattr(assignment.user, "person", None)
    scope = NOTHING
    if place:
        # 第一书记 and 队员 keep a diary of their own; their delegate keeps none for them.
        own = assignment.role in POSTED and assignment.handed_from is None
        paths = _paths_of(assignment, place, among or [])
        scope = Scope(place_paths=paths, person_id=person.pk if own and person else None)
    elif unit:
        scope = Scope(unit_ids=(unit.pk,))
    elif assignment.role == Role.CANDIDATE and person:
        scope = Scope(person_id=person.pk)
    holder = assignment.handed_from.user if assignment.handed_from else None
    return Actor(
        user_id=assignment.user_id,
        name=_acting_name(assignment.user, holder),
        role=assignment.role,
        role_label=Role(assignment.role).label,
        scope=scope,
        place_name=str(place or unit or ""),
        for_user_id=holder.pk if holder else None,
        stands_for=frozenset(
            one.handed_from.user_id for one in among or [assignment] if one.handed_from
        ),
        assignment_id=assignment.pk,
    )


def _paths_of(
    assignment: RoleAssignment, place: Place, among: list[RoleAssignment]
) -> tuple[str, ...]:
    """A leader of several villages sees them together; a delegate the one handed on."""
    if assignment.role not in OF_SEVERAL_PLACES or assignment.handed_from_id is not None:
        return (place.path,)
    alike = (
        one.place.path
        for one in among
        if one.place and one.role == assignment.role and one.handed_from_id is None
    )
    return tuple(sorted({place.path, *alike}))


def _acting_name(user: User, holder: User | None) -> str:
    if holder is None:
        return user.name
    return f"{user.name[:NAME_LENGTH]}（代{holder.name[:NAME_LENGTH]}）"


def actor_key(actor: Actor) -> dict[str, Any]:
    """What a background job keeps of its actor, to find it again with the rights of that moment."""
    return {
        "user_id": actor.user_id,
        "role": actor.role,
        "name": actor.name,
        "assignment": str(actor.assignment_id or ""),
        "through": actor.through,
        "narrowed_to": actor.narrowed_to,
        "place_name": actor.place_name,
    }


def find_actor(key: dict[str, Any]) -> Actor:
    """The actor of a background job; a role that has ended in the meantime sees nothing."""
    if key["user_id"] is None:
        return Actor.system(key["name"])
    held = list_assignments(key["user_id"])
    wanted = key.get("assignment", "")
    for one in held:
        if str(one.pk) == wanted if wanted else one.role == key["role"]:
            return _as_started(actor_of(one, held), key)
    return Actor(key["user_id"], key["name"], key["role"], "", NOTHING)


def _as_started(actor: Actor, key: dict[str, Any]) -> Actor:
    """Named by the token that started the work, and no wider than that token."""
    actor = replace(actor, through=key.get("through", ""))
    if path := key.get("narrowed_to", ""):
        return narrowed(actor, path, key["place_name"])
    return actor


def narrowed(actor: Actor, path: str, place_name: str) -> Actor:
    """The actor over one place only; over nothing where the role has come to lie elsewhere."""
    scope = Scope(place_paths=(path,)) if contains(actor.scope, path) else NOTHING
    return replace(actor, scope=scope, narrowed_to=path, place_name=place_name)


# --- granting -------------------------------------------------------------------------------------


def has_security_administrator() -> bool:
    held = RoleAssignment.objects.filter(in_force(clock.today()), role=Role.SEC_ADMIN)
    return held.filter(user__is_active=True).exists()


def until_of(actor: Actor) -> date | None:
    """The first day on which the actor no longer holds the role; a delegate's, the earlier end."""
    if actor.assignment_id is None:
        return None
    one = RoleAssignment.objects.select_related("handed_from").get(pk=actor.assignment_id)
    ends = [one.until, one.handed_from.until if one.handed_from else None]
    return min((day for day in ends if day is not None), default=None)


def roles_to_come(user: User) -> frozenset[str]:
    """What an account holds today or will hold."""
    still = Q(until__isnull=True) | Q(until__gt=clock.today())
    held = RoleAssignment.objects.filter(still, user=user)
    return frozenset(held.values_list("role", flat=True))


def grants_everywhere(actor: Actor) -> bool:
    return actor.role in INSTALLATION_GRANTERS


def within(scope: Scope, *, place: Place | None, unit: Unit | None, person: Person | None) -> bool:
    """Whether a role over these would lie inside the scope."""
    if place is not None:
        return contains(scope, place.path)
    if unit is not None:
        return unit.pk in scope.unit_ids or contains(scope, unit.place.path)
    if person is not None:
        own_unit = person.unit_id is not None and person.unit_id in scope.unit_ids
        return own_unit or contains(scope, person.place.path)
    return scope.is_everything


def grantable_q(actor: Actor) -> Q:
    """Assignments that this actor might have granted: role and scope within one's own."""
    roles = Q(role__in=MAY_GRANT.get(actor.role, ()))
    if grants_everywhere(actor):
        return roles
    scope = actor.scope
    # Asked of each row that needs it: joined, units and people would be looked up for all.
    units = Unit.objects.filter(place_q(scope, "place__"), pk=OuterRef("unit"))
    people = Person.objects.filter(
        place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids), user=OuterRef("user")
    )
    inside = place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids) | Q(Exists(units))
    return roles & (Q(place__isnull=False) | Q(unit__isnull=False)) & inside | (
        roles & Q(role=Role.CANDIDATE) & Q(Exists(people))
    )


def named_q(text: str) -> Q:
    """Assignments whose holder, place or unit has this anywhere in the name."""
    found = Q(user__in=User.objects.filter(name__icontains=text).values("pk"))
    found |= Q(place__in=Place.objects.filter(short_name__icontains=text).values("pk"))
    return found | Q(unit__in=Unit.objects.filter(name__icontains=text).values("pk"))


def list_grantable(actor: Actor) -> QuerySet[RoleAssignment]:
    """What a granter sees of roles: those that lie within the own scope, delegations apart."""
    today = clock.today()
    standing_in = RoleAssignment.objects.filter(
        in_force(today), handed_from=OuterRef("pk")
    ).order_by("since")[:1]
    return (
        RoleAssignment.objects.filter(grantable_q(actor), handed_from__isnull=True)
        .select_related("user", "place", "unit")
        .annotate(
            delegate_name=Subquery(standing_in.values("user__name")),
            delegate_until=Subquery(standing_in.values("until")),
        )
    )


def get_grantable(actor: Actor, assignment_id: UUID) -> RoleAssignment:
    return get_object_or_404(list_grantable(actor), pk=assignment_id)


def find_people_with_account(scope: Scope, text: str) -> list[Person]:
    """Whom a number or a name means among the people in scope who can sign in."""
    people = Person.objects.visible_to(scope).filter(user__is_active=True).select_related("user")
    by_number = list(people.filter(number=text))
    return by_number or list(people.filter(name=text).order_by("number")[:5])


# --- the quarterly review -------------------------------------------------------------------------


def quarter_begins() -> date:
    today = clock.today()
    return date(today.year, today.month - (today.month - 1) % 3, 1)


def reviewed_q() -> Q:
    """Looked at this quarter, or granted only in it."""
    begins = quarter_begins()
    return Q(reviewed_on__gte=begins) | Q(since__gte=begins)


def list_to_review() -> QuerySet[RoleAssignment]:
    """Every role in force or still to come of an open account, delegations too."""
    still = Q(until__isnull=True) | Q(until__gt=clock.today())
    rows = RoleAssignment.objects.filter(still, user__is_active=True)
    return rows.select_related("user", "place", "unit")


# --- delegating -----------------------------------------------------------------------------------


def list_to_hand_on(actor: Actor) -> QuerySet[RoleAssignment]:
    """Whose delegation this actor may arrange: of the own roles, and of those he may grant."""
    own = Q(user_id=actor.user_id)
    may = own | grantable_q(actor) if actor.role in (*LOCAL_GRANTERS, Role.SEC_ADMIN) else own
    return (
        RoleAssignment.objects.filter(may, in_force(clock.today()), handed_from__isnull=True)
        .select_related("user", "place", "unit__place")
        .order_by("user__name", "role")
    )


def list_delegations(actor: Actor) -> QuerySet[RoleAssignment]:
    """Of one's own roles, to oneself, and of roles that one may grant; those still to come too."""
    mine = Q(handed_from__user_id=actor.user_id) | Q(user_id=actor.user_id)
    if actor.role in (*LOCAL_GRANTERS, Role.SEC_ADMIN):
        mine |= Q(handed_from__in=RoleAssignment.objects.filter(grantable_q(actor)))
    return (
        RoleAssignment.objects.filter(mine, handed_from__isnull=False)
        .filter(until__gt=clock.today())
        .select_related("user", "place", "unit", "handed_from__user")
        .order_by("since", "user__name")
    )


def find_colleagues(assignment: RoleAssignment, text: str) -> list[User]:
    """Who in the same county has this account or name, and a role today, wherever it lies."""
    with reach.everything():
        return _colleagues(assignment, text)


def _colleagues(assignment: RoleAssignment, text: str) -> list[User]:
    held = RoleAssignment.objects.filter(
        in_force(clock.today()), _same_county(assignment), user_id=OuterRef("pk")
    )
    people = User.objects.filter(Exists(held), is_active=True)
    by_account = list(people.filter(username=text))
    return by_account or list(people.filter(name=text).order_by("username")[:5])


def _same_county(assignment: RoleAssignment) -> Q:
    place = assignment.place or (assignment.unit.place if assignment.unit else None)
    if place is None:
        return Q(pk__in=())
    counties = Place.objects.filter(level=PlaceLevel.COUNTY).values_list("path", flat=True)
    area = next((path for path in counties if place.path.startswith(path)), place.path)
    scope = Scope(place_paths=(area,))
    return place_q(scope, "place__") | place_q(scope, "unit__place__")


# --- accounts, for the administrators of the installation -----------------------------------------


def list_accounts() -> QuerySet[User]:
    """All accounts with their roles, for the administrators, who see no business data."""
    held = RoleAssignment.objects.select_related("place", "unit", "handed_from__user")
    return User.objects.prefetch_related(
        Prefetch("assignments", queryset=held.order_by("since"))
    ).distinct()


def list_idle_accounts() -> QuerySet[User]:
    """Accounts that close for want of use; the last administrator's among them, which stays."""
    return list_accounts().filter(idle_q()).order_by("username")


def users_named(usernames: Iterable[str]) -> QuerySet[User]:
    """The accounts of these login names, with their roles."""
    return list_accounts().filter(username__in=set(usernames)).select_related("person")


def list_awaiting_password(actor: Actor) -> list[User]:
    """Accounts without a password that this actor has made, and that are still to be used."""
    made = AuditEntry.objects.filter(
        action="directory.account.created", actor_user_id=actor.user_id
    ).values_list("subject_id", flat=True)
    waiting = User.objects.filter(
        password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True, is_demo=False
    ).order_by("username")
    if not (found := list(waiting)):
        return []
    own = set(made)
    return [user for user in found if str(user.pk) in own]


def get_account(user_id: int) -> User:
    return get_object_or_404(list_accounts(), pk=user_id)


def get_assignment(user_id: int, assignment_id: UUID) -> RoleAssignment:
    return get_object_or_404(RoleAssignment, user_id=user_id, pk=assignment_id)


def list_role_places(scope: Scope | None = None) -> QuerySet[Place]:
    places = Place.objects.select_related("parent").order_by("path")
    return places if scope is None else places.filter(place_q(scope, ""))


def list_role_units(scope: Scope | None = None) -> QuerySet[Unit]:
    units = Unit.objects.select_related("place").order_by("name")
    return units if scope is None else units.visible_to(scope)


SUGGESTED_MOST = 6


def find_role_places(places: QuerySet[Place], text: str) -> list[Place]:
    """Which of these places a name means: short, in full, by code, or with its town before it.

    Each question is one of an index: a form that asks stays light at any number of places.
    """
    today = places.filter(ended_on__isnull=True)
    named = Q(short_name=text) | Q(name=text) | Q(code=text)
    if found := list(today.filter(named)[:SUGGESTED_MOST]):
        return found
    starts = [text[:length] for length in range(2, len(text))]
    within = Q(pk__in=())
    for start in starts:
        rest = text.removeprefix(start).strip()
        within |= Q(parent__short_name=start.strip()) & (Q(short_name=rest) | Q(name=rest))
    return list(today.filter(within)[:SUGGESTED_MOST])


def find_role_units(units: QuerySet[Unit], text: str) -> list[Unit]:
    """Which of these units a name means; 县财政局（山阳县） where two counties have one."""
    name, _, where = text.replace("(", "（").replace(")", "）").partition("（")
    found = list(units.filter(Q(name=text) | Q(credit_code=text))[:SUGGESTED_MOST])
    place = where.rstrip("）")
    return found or list(units.filter(name=name, place__short_name=place)[:SUGGESTED_MOST])


def near_places(places: QuerySet[Place], text: str) -> list[Place]:
    rows = places.filter(ended_on__isnull=True, short_name__prefix=text[:2])
    return list(rows[:SUGGESTED_MOST])


def near_units(units: QuerySet[Unit], text: str) -> list[Unit]:
    return list(units.filter(Q(core__prefix=text) | Q(name__prefix=text[:4]))[:SUGGESTED_MOST])


def unit_names_held_twice() -> set[str]:
    """Names that units of two counties have: an administrator's sheet says of which county."""
    names = Unit.objects.order_by().values("name").annotate(count=Count("pk"))
    return set(names.filter(count__gt=1).values_list("name", flat=True))
