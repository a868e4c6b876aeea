"""Which records stand behind each figure of rectification (4.6)? Each row is what it adds.

A figure is the sum over its rows, so another count of the rows gives the figure again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lingyan.common.periods import ONE_DAY, Period, full_months, year_of
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import (
    RectificationCase,
    RectInspection,
    RectStep,
    RectSupport,
)
from lingyan.organization.queries import rect_work as work
from lingyan.organization.queries.rectification import list_cases
from lingyan.organization.rules.rectification_words import (
    InspectionResult,
    RectState,
    SupportKind,
)
from lingyan.organization.rules.visits import MonthState
from lingyan.platform.accounts.actor import Scope


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a figure: what its page shows of it, and what it adds."""

    case: RectificationCase
    cells: tuple[str, ...]
    part: int
    of: int = 1


@dataclass(frozen=True, slots=True)
class AsOf:
    """As at a day, and since the first of January of its year (R-0-11)."""

    on: date
    today: date

    @property
    def period(self) -> Period:
        return Period(year_of(self.on).since, self.on + ONE_DAY)


def place_of(case: RectificationCase) -> str:
    return f"{case.village.parent or ''}{case.village}"


def open_on(scope: Scope, day: date) -> QuerySet[RectificationCase]:
    """In RECT_OPEN on that day (R-4-10): from the decision to the clearing, and from a relapse
    until the case that follows it.
    """
    listed = Q(decided_on__lte=day) & ~Q(state=RectState.NOT_LISTED)
    held = listed & (Q(cleared_on__isnull=True) | Q(cleared_on__gt=day))
    relapsed = Q(state=RectState.REOPENED, state_since__lte=day) & (
        Q(child__isnull=True) | Q(child__decided_on__gt=day)
    )
    return list_cases(scope).filter(held | relapsed).order_by("village__path", "pk")


def open_cases(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-01."""
    return [
        Row(one, (place_of(one), one.get_state_display(), str(one.due_on or "")), 1)
        for one in open_on(scope, asked.on)
    ]


def _open_in(scope: Scope, period: Period) -> QuerySet[RectificationCase]:
    """On the list at any time of the period."""
    listed = Q(decided_on__lt=period.until) & ~Q(state=RectState.NOT_LISTED)
    held = listed & (Q(cleared_on__isnull=True) | Q(cleared_on__gte=period.since))
    return list_cases(scope).filter(held).order_by("village__path", "pk")


def clearings(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-02: of the villages on the list this year those that were cleared."""
    return [
        Row(
            one,
            (place_of(one), str(one.decided_on), str(one.cleared_on or "还没有销号")),
            int(one.cleared_on is not None and one.cleared_on <= asked.on),
        )
        for one in _open_in(scope, asked.period)
    ]


def visited_months(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-03 (T09): months that owed a visit this year, and whether there was one.

    A month that has not ended is not held against anybody.
    """
    found = list(
        list_cases(scope)
        .filter(started_on__isnull=False, started_on__lte=asked.on)
        .order_by("village__path", "pk")
    )
    leaders = work.leaders_of(found)
    rows = []
    for case in found:
        leader = leaders[case.pk].name if case.pk in leaders else ""
        months = work.months_of([case], asked.on)[case.pk]
        for month in reversed(months):
            if month.first in asked.period and month.state != MonthState.OPEN:
                told = f"{month.visits} 次" if month.visits else month.state.label
                done = int(month.state == MonthState.DONE)
                rows.append(Row(case, (place_of(case), month.label, leader, told), done))
    return rows


def durations(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-04: whole months from the start to the clearing, of villages cleared this year."""
    found = list_cases(scope).filter(
        cleared_on__gte=asked.period.since, cleared_on__lt=asked.period.until,
        started_on__isnull=False,
    )  # fmt: skip
    rows = []
    for one in found.order_by("cleared_on", "pk"):
        assert one.started_on is not None
        assert one.cleared_on is not None
        months = full_months(one.started_on, one.cleared_on)
        told = (place_of(one), str(one.started_on), str(one.cleared_on), f"{months} 个月")
        rows.append(Row(one, told, months))
    return rows


def votes(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-05: content and valid ballots of the votes on which was decided this year."""
    inspections = RectInspection.objects.filter(
        case__in=list_cases(scope), decided_on__gte=asked.period.since,
        decided_on__lt=asked.period.until,
    )  # fmt: skip
    rows = []
    ordered = inspections.select_related("case__village__parent").order_by("decided_on", "pk")
    for one in ordered:
        vote = work.counted_vote(one)
        if vote is None:
            continue
        tally = work.tally_of(vote)
        told = (
            place_of(one.case), f"第 {one.round} 次验收", str(one.decided_on),
            f"有效票 {tally.valid} 张", tally.rate_shown,
            InspectionResult(one.result).label,
        )  # fmt: skip
        rows.append(Row(one.case, told, tally.content, tally.valid))
    return rows


def relapses(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-06."""
    steps = RectStep.objects.filter(
        case__in=list_cases(scope), act="relapse", on__gte=asked.period.since,
        on__lt=asked.period.until,
    )  # fmt: skip
    return [
        Row(one.case, (place_of(one.case), str(one.on), one.text[:60]), 1)
        for one in steps.select_related("case__village__parent").order_by("on", "pk")
    ]


def four_ones(scope: Scope, asked: AsOf) -> list[Row]:
    """IND-4-07: of the villages in rectification those whom all four serve."""
    found = list(open_on(scope, asked.on))
    missing = _missing(found, asked)
    return [
        Row(
            one,
            (place_of(one), "、".join(kind.label for kind in missing[one.pk]) or "都已到位"),
            int(not missing[one.pk]),
        )
        for one in found
    ]


def _missing(
    found: Sequence[RectificationCase], asked: AsOf
) -> dict[UUID, tuple[SupportKind, ...]]:
    """Of each case the kinds that nobody is on that day; today also whose posting or pair ended."""
    standing = RectSupport.objects.filter(
        Q(until__isnull=True) | Q(until__gt=asked.on),
        case__in=[one.pk for one in found], since__lte=asked.on,
    )  # fmt: skip
    there = set(standing.values_list("case_id", "kind"))
    gone: set[tuple[UUID, str]] = set()
    if asked.on == asked.today:
        gone = _ended(found, standing)
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
