"""Who held which post of a village on a day, and which of its posts are vacant?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.directory import queries as directory
from lingyan.directory.models import PartyOrganization, Place, Relative, VillageOfficer
from lingyan.directory.rules import OfficerPost, PlaceLevel, VillageKind
from lingyan.directory.rules.organizations import OrganizationDomain, OrganizationState
from lingyan.directory.settings import numbers_on
from lingyan.organization.rules import settings
from lingyan.organization.rules.committees import (
    DIRECTORS,
    Committee,
    Holder,
    is_long_vacant,
)
from lingyan.platform.accounts.actor import Scope

SECRETARY = OfficerPost.PARTY_SECRETARY.value


def list_villages(scope: Scope) -> QuerySet[Place]:
    return directory.list_villages(scope).select_related("parent")


def held_on(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def officers_on(village_ids: Collection[UUID], on: date) -> QuerySet[VillageOfficer]:
    rows = VillageOfficer.objects.filter(held_on(on), village__in=village_ids)
    return rows.select_related("person").order_by("village__path", "since", "person__number")


def has_post(posts: Iterable[str], on: date) -> Exists:
    """Whether somebody holds one of these posts in the village of the row."""
    held = VillageOfficer.objects.filter(held_on(on), village=OuterRef("pk"), post__in=list(posts))
    return Exists(held)


def one_shoulder_villages(scope: Scope, on: date) -> QuerySet[Place]:
    """Villages whose secretary is the director (R-1-19, T20): from the posts of that day."""
    return list_villages(scope).filter(Exists(_one_shoulder(on).filter(village=OuterRef("pk"))))


def _one_shoulder(on: date) -> QuerySet[VillageOfficer]:
    directs = VillageOfficer.objects.filter(
        held_on(on), village=OuterRef("village"), person=OuterRef("person"), post__in=DIRECTORS
    )
    secretaries = VillageOfficer.objects.filter(held_on(on), post=SECRETARY)
    return secretaries.filter(Exists(directs)).order_by()


def is_one_shoulder(on: date) -> Exists:
    return Exists(_one_shoulder(on).filter(village=OuterRef("pk")))


def both_posts_filled(scope: Scope, on: date) -> QuerySet[Place]:
    """Villages in which both posts are held, with `is_one` (IND-1-06)."""
    rows = list_villages(scope).filter(has_post([SECRETARY], on), has_post(DIRECTORS, on))
    return rows.annotate(is_one=is_one_shoulder(on))


def vacant_villages(scope: Scope, on: date) -> QuerySet[Place]:
    """Villages in which nobody is secretary or nobody is director (IND-1-09)."""
    rows = list_villages(scope).annotate(
        has_secretary=has_post([SECRETARY], on), has_director=has_post(DIRECTORS, on)
    )
    return rows.filter(Q(has_secretary=False) | Q(has_director=False))


def secretaries_left_on(village_ids: Collection[UUID], on: date) -> dict[UUID, date]:
    """Of the villages without a secretary, the first day without one; never had one: not named."""
    rows = VillageOfficer.objects.filter(village__in=village_ids, post=SECRETARY, since__lte=on)
    last: dict[UUID, date | None] = {}
    for village_id, until in rows.order_by("since").values_list("village_id", "until"):
        if until is None or until > on or (village_id in last and last[village_id] is None):
            last[village_id] = None
        else:
            known = last.get(village_id)
            last[village_id] = until if known is None else max(known, until)
    return {village_id: until for village_id, until in last.items() if until is not None}


def long_without_secretary(village_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """Days without a secretary, of those that had none for more than three months (R-1-23)."""
    left = secretaries_left_on(village_ids, on)
    numbers = numbers_on(on)
    paths = dict(Place.objects.filter(pk__in=left).values_list("pk", "path"))
    return {
        village_id: (on - day).days
        for village_id, day in left.items()
        if is_long_vacant(day, on, numbers.of(paths[village_id], settings.VACANCY))
    }


def committee_of(village: Place, on: date) -> Committee:
    """A village as the rules look at it on a day."""
    officers = list(officers_on([village.pk], on))
    return Committee(
        holders=[holder(one) for one in officers],
        is_community=village.village_kind
        in (VillageKind.COMMUNITY, VillageKind.RELOCATION_COMMUNITY),
        relatives=relatives_among({one.person_id for one in officers}),
        branch_members=branch_members(village),
        secretary_left_on=secretaries_left_on([village.pk], on).get(village.pk),
    )


def holder(one: VillageOfficer) -> Holder:
    return Holder(str(one.person_id), one.person.name, one.post, one.person.gender)


def relatives_among(person_ids: Collection[UUID]) -> frozenset[frozenset[str]]:
    rows = Relative.objects.filter(person__in=person_ids, other__in=person_ids)
    return frozenset(
        frozenset((str(one), str(other))) for one, other in rows.values_list("person", "other")
    )


def organizations_of(village: Place) -> QuerySet[PartyOrganization]:
    rows = PartyOrganization.objects.filter(place=village, until__isnull=True)
    return rows.exclude(state=OrganizationState.PREPARING).order_by("name", "pk")


def branch_members(village: Place) -> int | None:
    """Full members of the village's own organization, where it has been counted."""
    domains = (OrganizationDomain.VILLAGE, OrganizationDomain.COMMUNITY)
    rows = organizations_of(village).filter(domain__in=domains, counted_on__isnull=False)
    counts = list(rows.filter(parent__place__level=PlaceLevel.TOWNSHIP).values_list(
        "member_count", flat=True
    )) or list(rows.values_list("member_count", flat=True)[:1])  # fmt: skip
    return counts[0] if counts else None


def heads_of(villages: Iterable[Place], on: date) -> Mapping[UUID, dict[str, list[str]]]:
    """Names by post of each village, for a list."""
    found: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in officers_on([village.pk for village in villages], on):
        found[one.village_id][one.post].append(one.person.name)
    return found
