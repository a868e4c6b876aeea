"""Which villages were looked at this year, and what do the records hint at in each?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from lingyan.common import clock
from lingyan.directory.models import Person, Place, VillageOfficer
from lingyan.directory.queries import list_villages
from lingyan.directory.rules import OfficerPost
from lingyan.directory.settings import number_for, numbers_on
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import RectificationCase, RectScreening
from lingyan.organization.rules import screening as rules
from lingyan.organization.rules import settings
from lingyan.organization.rules.rectification import BEFORE_THE_LIST, NOT_TOLD, RECT_OPEN
from lingyan.organization.rules.rectification_words import RectState, Screened
from lingyan.organization.rules.screening import Signal, VillageRecords
from lingyan.platform.accounts.actor import Scope

UNDER_WAY = sorted((BEFORE_THE_LIST | RECT_OPEN) - {RectState.REOPENED})


# --- what the records hint at ---------------------------------------------------------------------


def signals_of(village_ids: Collection[UUID]) -> dict[UUID, list[Signal]]:
    """Every hint in these villages, in seven queries however many they are."""
    today = clock.today()
    records = _records_of(village_ids)
    told = neighbours.signals(village_ids)
    numbers, found = numbers_on(today), {}
    paths = dict(Place.objects.filter(pk__in=village_ids).values_list("pk", "path"))
    for village_id in village_ids:
        hints = rules.hints_of(
            records[village_id], today,
            vacant_months=numbers.of(paths[village_id], settings.VACANCY),
            no_dev_years=numbers.of(paths[village_id], settings.NO_DEVELOPMENT),
        )  # fmt: skip
        hints += [Signal(code, text) for code, text in told.get(village_id, ())]
        if hints:
            found[village_id] = sorted(hints, key=lambda one: one.key)
    return found


def _records_of(village_ids: Collection[UUID]) -> dict[UUID, VillageRecords]:
    holding, left = _secretaries(village_ids)
    members = _members(village_ids)
    return {
        village_id: VillageRecords(
            has_secretary=village_id in holding,
            left_on=left.get(village_id),
            members=members.get(village_id, (0, None))[0],
            joined_last=members.get(village_id, (0, None))[1],
        )
        for village_id in village_ids
    }


def _secretaries(village_ids: Collection[UUID]) -> tuple[set[UUID], dict[UUID, date]]:
    rows = VillageOfficer.objects.filter(
        village__in=village_ids, post=OfficerPost.PARTY_SECRETARY
    ).order_by("until", "pk")
    holding, left = set(), {}
    for village_id, until in rows.values_list("village_id", "until"):
        if until is None or until > clock.today():
            holding.add(village_id)
        else:
            left[village_id] = until
    return holding, left


def _members(village_ids: Collection[UUID]) -> dict[UUID, tuple[int, date | None]]:
    """Members of each village in the register, and when the last of them joined."""
    rows = Person.objects.filter(
        place__in=village_ids, merged_into__isnull=True, party_joined_on__isnull=False
    ).order_by()
    found = rows.values("place").annotate(count=Count("pk"), last=Max("party_joined_on"))
    return {row["place"]: (row["count"], row["last"]) for row in found}


# --- the list of the year -------------------------------------------------------------------------


def list_screened(scope: Scope, year: int) -> QuerySet[Place]:
    """Every village of the scope, with what the screening of the year came to (`outcome`)."""
    done = RectScreening.objects.filter(village=OuterRef("pk"), year=year)
    open_case = RectificationCase.objects.filter(village=OuterRef("pk"), state__in=UNDER_WAY)
    return list_villages(scope).annotate(
        is_screened=Exists(done),
        is_clean=Exists(done.filter(outcome=Screened.NONE)),
        has_case=Exists(open_case),
    )


@dataclass(slots=True)
class VillageLine:
    """One village of the screening, as its page and its list show it."""

    village: Place
    screening: RectScreening | None = None
    case: RectificationCase | None = None
    signals: list[Signal] = field(default_factory=list)
    waiting: list[Signal] = field(default_factory=list)  # not answered by anybody yet


def lines_of(villages: Collection[Place], year: int) -> list[VillageLine]:
    keys = [one.pk for one in villages]
    screenings = {
        one.village_id: one for one in RectScreening.objects.filter(village__in=keys, year=year)
    }
    cases = {
        one.village_id: one
        for one in RectificationCase.objects.filter(
            village__in=keys, state__in=UNDER_WAY
        ).prefetch_related("situations")
    }
    signals = signals_of(keys)
    return [
        _line(village, screenings.get(village.pk), cases.get(village.pk), signals)
        for village in villages
    ]


def _line(
    village: Place,
    screening: RectScreening | None,
    case: RectificationCase | None,
    signals: dict[UUID, list[Signal]],
) -> VillageLine:
    found = signals.get(village.pk, [])
    answered = set(screening.signals) if screening else set()
    listed = {one.code for one in case.situations.all()} if case else set()
    waiting = [one for one in found if one.key not in answered and one.code not in listed]
    return VillageLine(village, screening, case, found, waiting)


def line_of(village: Place, year: int) -> VillageLine:
    return lines_of([village], year)[0]


def villages_with_signals(scope: Scope, year: int) -> list[UUID]:
    """Villages whose hints nobody has answered yet (G-5)."""
    villages = list(list_villages(scope))
    return [line.village.pk for line in lines_of(villages, year) if line.waiting]


def lacking_in_list(county: Place, year: int) -> tuple[int, int]:
    """The least share that the county asks for, and how many villages its list still lacks."""
    ratio = number_for(county.path, settings.MIN_RATIO)
    if not ratio:
        return 0, 0
    scope = Scope(place_paths=(county.path,))
    listed = RectificationCase.objects.filter(county=county, year=year, parent__isnull=True)
    listed = listed.exclude(state__in=sorted(NOT_TOLD))
    found = rules.below_ratio(
        listed=listed.count(), villages=list_villages(scope).count(), ratio=ratio
    )
    return ratio, found


def not_screened_q(year: int) -> Q:
    done = RectScreening.objects.filter(village=OuterRef("pk"), year=year)
    return ~Q(Exists(done))


def count_progress(scope: Scope, year: int) -> tuple[int, int, int]:
    """Villages in all, villages looked at, villages with situations."""
    villages = list_villages(scope)
    rows = RectScreening.objects.filter(year=year, village__in=villages.order_by().values("pk"))
    found = rows.aggregate(done=Count("pk"), found=Count("pk", filter=Q(outcome=Screened.FOUND)))
    return villages.count(), found["done"], found["found"]
