"""Who could be one of the 四个一 of a village, who is missing, which unit is which department?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lingyan.common import clock
from lingyan.directory.assignments import in_force
from lingyan.directory.models import Place, RoleAssignment, Unit
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import RectificationCase, RectSupport
from lingyan.organization.rules.rectification_steps import SIGNS
from lingyan.organization.rules.rectification_words import Department, SupportKind
from lingyan.platform.accounts.models import User

ROLES = {
    SupportKind.S1: (Role.COUNTY_LEADER,),
    SupportKind.S2: (Role.TOWN_LEADER, Role.TOWN_SECRETARY),
}


def _holding(roles: tuple[Role, ...], within: Place) -> QuerySet[RoleAssignment]:
    """Who holds one of these roles today, in this place or under it."""
    under = Q(place__path__gte=within.path, place__path__lt=path_end(within.path))
    return RoleAssignment.objects.filter(
        in_force(clock.today()), under, role__in=roles, handed_from__isnull=True,
        user__is_active=True,
    )  # fmt: skip


def _area(case: RectificationCase, kind: str) -> Place:
    """A county leader is of the county, a town leader of the village's own town."""
    town = case.village.parent
    return town if kind == SupportKind.S2 and town is not None else case.county


def list_eligible(case: RectificationCase, kind: str) -> QuerySet[User]:
    held = _holding(ROLES[SupportKind(kind)], _area(case, kind))
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def may_be(user: User, kind: str, case: RectificationCase) -> bool:
    return list_eligible(case, kind).filter(pk=user.pk).exists()


def reaches(user: User, role: Role, village: Place) -> bool:
    """Whether the village lies in what the user answers for in this role already."""
    own = RoleAssignment.objects.filter(
        in_force(clock.today()), user=user, role=role, handed_from__isnull=True
    )
    paths = own.filter(place__isnull=False).values_list("place__path", flat=True)
    return any(village.path.startswith(path) for path in paths)


def assignments_over(user: User, role: Role, village: Place) -> QuerySet[RoleAssignment]:
    """The role over this very village."""
    return RoleAssignment.objects.filter(
        in_force(clock.today()), user=user, role=role, place=village, handed_from__isnull=True
    ).order_by("pk")


def of_records(case: RectificationCase, kind: str) -> dict[str, Any] | None:
    """The first secretary in post or the leading unit, as the neighbours tell them."""
    village_id = case.village_id
    if kind == SupportKind.S3:
        secretary = neighbours.first_secretaries([village_id]).get(village_id)
        if secretary is None:
            return None
        return {
            "name": secretary.name, "person_id": secretary.person_id, "source_id": secretary.id,
        }  # fmt: skip
    pairs = neighbours.active_pairs([village_id]).get(village_id, ())
    if not pairs:
        return None
    return {"name": pairs[0].unit, "unit_id": pairs[0].unit_id, "source_id": pairs[0].id}


def units_of_departments(county: Place) -> dict[str, Unit]:
    """The unit of each department, found by its name: 民政 is the unit 县民政局."""
    signs = Q(pk__in=())
    for names in SIGNS.values():
        for name in names:
            signs |= Q(name__contains=name)
    within = Q(place__path__gte=county.path, place__path__lt=path_end(county.path))
    units = list(Unit.objects.filter(signs, within).order_by("name", "pk"))
    return {
        department: unit
        for department in Department
        if (unit := next((one for one in units if _is_sign(one.name, department)), None))
    }


def _is_sign(name: str, department: str) -> bool:
    return any(sign in name for sign in SIGNS[department])


# --- who was there on a day -----------------------------------------------------------------------


def missing_on(found: Sequence[RectificationCase], on: date) -> dict[UUID, tuple[SupportKind, ...]]:
    """Of each case the kinds that nobody is on that day; today also whose posting or pair ended."""
    standing = RectSupport.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        case__in=[one.pk for one in found], since__lte=on,
    )  # fmt: skip
    there = set(standing.values_list("case_id", "kind"))
    gone = _ended(found, standing) if on == clock.today() else set()
    return {
        one.pk: tuple(
            kind for kind in SupportKind if (one.pk, kind) not in there or (one.pk, kind) in gone
        )
        for one in found
    }


def _ended(
    found: Sequence[RectificationCase], standing: Iterable[RectSupport]
) -> set[tuple[UUID, str]]:
    """Postings (S3) and pairs (S4) that came to an end although the case still names them."""
    village_of = {one.pk: one.village_id for one in found}
    secretaries = neighbours.first_secretaries(list(village_of.values()))
    pairs = neighbours.active_pairs(list(village_of.values()))
    gone = set()
    for one in standing:
        village = village_of[one.case_id]
        posted = secretaries.get(village)
        is_posted = posted is not None and posted.id == one.source_id
        is_paired = one.source_id in {pair.id for pair in pairs.get(village, ())}
        if (one.kind == SupportKind.S3 and not is_posted) or (
            one.kind == SupportKind.S4 and not is_paired
        ):
            gone.add((one.case_id, one.kind))
    return gone
