"""What did pairs do in a period or a year: what is counted, and by which records?

These are the facts that figures, assessment and the look at pairs that sleep are made of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from lingyan.common.alerts import AlertLevel
from lingyan.common.periods import ONE_DAY, Period, year_of
from lingyan.pairing.models import (
    ActivityParticipant,
    FundClaim,
    PairActivity,
    PairDeed,
    Pairing,
    PairMeeting,
    PairPath,
    PairProject,
    PairYouth,
    ProblemClaim,
)
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activity_words import (
    SERVICE_KINDS,
    ActivityKind,
    ActivityState,
    DeedState,
    MeetingKind,
    PathState,
    ProjectState,
)
from lingyan.pairing.rules.ledger_words import PairProblemState
from lingyan.pairing.rules.words import FiveOne
from lingyan.platform.accounts.actor import Scope

Pairs = Collection[UUID] | QuerySet[Any]

ACTIVITY_PAIRS = PairActivity.pairings.through
DEED_PAIRS = PairDeed.pairings.through
MEETING_PAIRS = PairMeeting.pairings.through
PROJECT_PAIRS = PairProject.pairings.through


def within(column: str, period: Period) -> Q:
    """Rows whose day lies in the period."""
    return Q(**{f"{column}__gte": period.since, f"{column}__lt": period.until})


def _year(year: int, on: date | None = None) -> Period:
    """The year, or its days up to one of them."""
    whole = year_of(date(year, 1, 1))
    return whole if on is None else Period(whole.since, min(whole.until, on + ONE_DAY))


# --- over a period, for figures -----------------------------------------------------------------


def held_activities(scope: Scope, period: Period) -> QuerySet[PairActivity]:
    """Every activity held, each once however many pairs it served (R-3-05)."""
    return PairActivity.objects.visible_to(scope).held().filter(within("day", period))


def service_activities(scope: Scope, period: Period) -> QuerySet[PairActivity]:
    """X12: technical training, law, free clinics and other services, each once."""
    return held_activities(scope, period).filter(kind__in=sorted(SERVICE_KINDS))


# --- the five, per pair and year ----------------------------------------------------------------


def year_counts(pairs: Pairs, year: int, on: date | None = None) -> dict[UUID, rules.YearCounts]:
    """What the records of each pair say of the five; a pair without any is not in the answer."""
    period = _year(year, on)
    counted: dict[str, Mapping[UUID, int]] = {
        "life_meetings": _life_meetings(pairs, period),
        "oaths": _by_pair(
            ACTIVITY_PAIRS.objects.filter(
                within("pairactivity__day", period),
                pairing__in=pairs,
                pairactivity__state=ActivityState.HELD,
                pairactivity__has_oath=True,
            )
        ),
        "deeds": _by_pair(
            DEED_PAIRS.objects.filter(
                within("pairdeed__done_on", period),
                pairing__in=pairs,
                pairdeed__state=DeedState.CONFIRMED,
            )
        ),
        "youth": _youth(pairs, period),
        "paths": _by_pair(
            PairPath.objects.filter(
                within("approved_on", period), pairing__in=pairs, state=PathState.APPROVED
            )
        ),
    }
    found = {pair for counts in counted.values() for pair in counts}
    return {
        pair: rules.YearCounts(**{name: counts.get(pair, 0) for name, counts in counted.items()})
        for pair in found
    }


def _by_pair(rows: QuerySet[Any]) -> dict[UUID, int]:
    found = rows.order_by().values_list("pairing").annotate(count=Count("pk"))
    return dict(found)


def _youth(pairs: Pairs, period: Period) -> dict[UUID, int]:
    """One person trained twice in a year is one."""
    rows = PairYouth.objects.filter(
        within("trained_on", period), pairing__in=pairs, withdrawn=""
    ).order_by()
    named = rows.values_list("pairing", "name", "birth_on").distinct()
    return Counter(pair for pair, _, _ in named)


def _life_meetings(pairs: Pairs, period: Period) -> dict[UUID, int]:
    """Joint meetings of organization life at which unit and village both were (F1)."""
    joint = ACTIVITY_PAIRS.objects.filter(
        within("pairactivity__day", period),
        pairing__in=pairs,
        pairactivity__state=ActivityState.HELD,
        pairactivity__kind=ActivityKind.JOINT_MEETING,
    )
    # With every pair of each: one head-count stands for all of their villages.
    rows = list(
        ACTIVITY_PAIRS.objects.filter(pairactivity__in=joint.values("pairactivity")).values_list(
            "pairactivity", "pairactivity__villagers", "pairing", "pairing__unit",
            "pairing__village",
        )
    )  # fmt: skip
    villages = defaultdict(set)
    for activity, _, _, _, village in rows:
        villages[activity].add(village)
    people = Counter(
        ActivityParticipant.objects.filter(activity__in=list(villages)).values_list(
            "activity", "unit"
        )
    )
    wanted = (
        set(pairs) if isinstance(pairs, Collection) else set(pairs.values_list("pk", flat=True))
    )
    return Counter(
        pair
        for activity, villagers, pair, unit, _ in rows
        if pair in wanted
        and rules.both_were_there(
            unit_people=people[activity, unit],
            villagers=villagers,
            villages=len(villages[activity]),
        )
    )


def five_ones(pairs: Pairs, year: int, on: date | None = None) -> dict[UUID, frozenset[FiveOne]]:
    """Which of the five each pair has done in the year; a pair without any is not in it."""
    counted = year_counts(pairs, year, on)
    return {pair: rules.five_ones_done(counts) for pair, counts in counted.items()}


@dataclass(frozen=True, slots=True)
class FiveOneState:
    done: frozenset[FiveOne]
    level: AlertLevel


def five_one_states(pairs: Collection[UUID], year: int, today: date) -> dict[UUID, FiveOneState]:
    """Of every pair asked for: what is done, and how pressing the rest is."""
    found = five_ones(pairs, year)
    return {
        pair: FiveOneState(
            done := found.get(pair, frozenset()),
            rules.five_one_level(len(done), year=year, today=today),
        )
        for pair in pairs
    }


# --- meetings, visits, projects, per pair and year ------------------------------------------------


def life_of(pairing: Pairing) -> Period | None:
    """The days on which the pair is or was; none before it began."""
    until = pairing.until or pairing.planned_until
    if pairing.since is None or until is None or until <= pairing.since:
        return None
    return Period(pairing.since, until)


def kept_up(pairings: Iterable[Pairing], year: int, today: date) -> dict[UUID, rules.KeptUp]:
    """Joint meetings and visits of each pair: what was due and what was held."""
    pairings = list(pairings)
    rows = MEETING_PAIRS.objects.filter(
        within("pairmeeting__day", _year(year, today)),
        pairing__in=[one.pk for one in pairings],
        pairmeeting__withdrawn="",
    ).values_list("pairing", "pairmeeting__kind", "pairmeeting__day")
    days: dict[tuple[UUID, str], set[date]] = defaultdict(set)
    for pair, kind, day in rows:
        days[pair, kind].add(day)
    return {
        one.pk: rules.kept_up(
            life,
            year,
            today=today,
            meetings=days[one.pk, MeetingKind.MEETING],
            visits=days[one.pk, MeetingKind.UNIT_VISIT],
        )
        for one in pairings
        if (life := life_of(one))
    }


@dataclass(frozen=True, slots=True)
class ProjectCounts:
    """Projects that ran in the year, milestones that fell due by a day, and those reached."""

    projects: int = 0
    milestones_due: int = 0
    milestones_reached: int = 0

    @property
    def overdue(self) -> int:
        return self.milestones_due - self.milestones_reached


def projects_in(pairs: Pairs, year: int, on: date | None = None) -> QuerySet[Any]:
    """Pairs with projects that ran in the year; one that was stopped does not count."""
    period = _year(year, on)
    return PROJECT_PAIRS.objects.filter(
        Q(pairproject__closed_on__isnull=True) | Q(pairproject__closed_on__gte=period.since),
        pairing__in=pairs,
        pairproject__since__lt=period.until,
    ).exclude(pairproject__state=ProjectState.STOPPED)


def project_counts(pairs: Pairs, year: int, today: date) -> dict[UUID, ProjectCounts]:
    period = _year(year)
    projects = _by_pair(projects_in(pairs, year))
    last = min(today, period.last_day)
    due = (
        PROJECT_PAIRS.objects.filter(
            pairing__in=pairs,
            pairproject__milestones__due_on__gte=period.since,
            pairproject__milestones__due_on__lte=last,
        )
        .exclude(pairproject__state=ProjectState.STOPPED)
        .order_by()
    )
    counted = dict.fromkeys(projects, (0, 0)) | {
        pair: (count, reached)
        for pair, count, reached in due.values_list("pairing").annotate(
            count=Count("pairproject__milestones"),
            reached=Count("pairproject__milestones__reached_on"),
        )
    }
    return {
        pair: ProjectCounts(projects.get(pair, 0), count, reached)
        for pair, (count, reached) in counted.items()
    }


# --- the last sign of life ------------------------------------------------------------------------

EventSource = Callable[[Pairs], Iterable[tuple[UUID, date | None]]]


def _last(rows: QuerySet[Any], column: str) -> Iterable[tuple[UUID, date | None]]:
    return rows.order_by().values_list("pairing").annotate(last=Max(column))  # type: ignore[no-any-return]


def _activity_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    held = ACTIVITY_PAIRS.objects.filter(pairing__in=pairs, pairactivity__state=ActivityState.HELD)
    return _last(held, "pairactivity__day")


def _meeting_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    return _last(
        MEETING_PAIRS.objects.filter(pairing__in=pairs, pairmeeting__withdrawn=""),
        "pairmeeting__day",
    )


def _deed_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    deeds = DEED_PAIRS.objects.filter(pairing__in=pairs, pairdeed__state=DeedState.CONFIRMED)
    return _last(deeds, "pairdeed__done_on")


def _youth_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    return _last(PairYouth.objects.filter(pairing__in=pairs, withdrawn=""), "trained_on")


def _path_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    paths = PairPath.objects.filter(pairing__in=pairs, state=PathState.APPROVED)
    return _last(paths, "approved_on")


def _milestone_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    reached = PROJECT_PAIRS.objects.filter(pairing__in=pairs)
    return _last(reached, "pairproject__milestones__reached_on")


def _problem_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    solved = ProblemClaim.objects.filter(
        pairing__in=pairs, dropped="", problem__state=PairProblemState.SOLVED
    )
    return _last(solved, "problem__solved_on")


def _arrival_days(pairs: Pairs) -> Iterable[tuple[UUID, date | None]]:
    claims = FundClaim.objects.filter(pairing__in=pairs, dropped="")
    return _last(claims, "fund__arrived_on")


EVENT_SOURCES: list[EventSource] = [
    _activity_days, _meeting_days, _deed_days, _youth_days, _path_days, _milestone_days,
    _problem_days, _arrival_days,
]  # fmt: skip


def last_events(pairs: Pairs) -> dict[UUID, date]:
    """The day of the last effective event of each pair; a pair without any is not in it."""
    found: dict[UUID, date] = {}
    for source in EVENT_SOURCES:
        for pair, day in source(pairs):
            if day is not None:
                found[pair] = max(day, found.get(pair, day))
    return found


# --- the records of one pair's year ---------------------------------------------------------------


def activities_of(pairing: Pairing, year: int) -> QuerySet[PairActivity]:
    found = PairActivity.objects.filter(within("day", _year(year)), pairings=pairing)
    return found.select_related("place").order_by("day", "pk")


def deeds_of(pairing: Pairing, year: int) -> QuerySet[PairDeed]:
    return PairDeed.objects.filter(within("done_on", _year(year)), pairings=pairing).order_by(
        "done_on", "pk"
    )


def youth_of(pairing: Pairing, year: int) -> QuerySet[PairYouth]:
    return PairYouth.objects.filter(within("trained_on", _year(year)), pairing=pairing).order_by(
        "trained_on", "name", "pk"
    )


def paths_of(pairing: Pairing, year: int) -> QuerySet[PairPath]:
    """Those of the year, by the day on which the village approved them or they were drafted."""
    period = _year(year)
    return PairPath.objects.filter(
        within("approved_on", period) | Q(approved_on__isnull=True) & within("drafted_on", period),
        pairing=pairing,
    ).order_by(F("approved_on").asc(nulls_last=True), "drafted_on", "pk")


def meetings_of(pairing: Pairing, year: int) -> QuerySet[PairMeeting]:
    return PairMeeting.objects.filter(within("day", _year(year)), pairings=pairing).order_by(
        "day", "pk"
    )


def projects_of(pairing: Pairing, year: int) -> QuerySet[PairProject]:
    keys = projects_in([pairing.pk], year).values("pairproject")
    return (
        PairProject.objects.filter(pk__in=keys)
        .prefetch_related("milestones")
        .order_by("since", "pk")
    )
