"""For whom is each task of a month, and what do the records say of it? Computed, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from django.db.models import Q
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, add_months, month_of
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import Absence, MonthPresence, Posting, PostingStep, Problem
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries import leave, liaison, presence
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import reports as report_queries
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules import PostingState
from lingyan.posting.rules import life as life_rules
from lingyan.posting.rules import reports as report_rules
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState, ReportKind
from lingyan.posting.rules.leave import TOWN_MAX_DAYS
from lingyan.posting.rules.liaison_words import VisitSide
from lingyan.posting.rules.life_words import AbsenceState, LeaveState, StepState
from lingyan.posting.rules.presence import confirm_due
from lingyan.posting.rules.tasks import (
    RULE_OF_CODE,
    TaskItem,
    TaskLevel,
    TaskSum,
    in_order,
    tasks_of,
)

Source = Callable[[Scope, Period], Iterable[TaskItem]]


def sums_of(level: TaskLevel, scope: Scope, month: Period) -> list[TaskSum]:
    """Every kind of task of a level that has somebody in this month."""
    return [found for rule in tasks_of(level) if (found := sum_of(rule.code, scope, month)).items]


def sum_of(code: str, scope: Scope, month: Period) -> TaskSum:
    items = in_order(SOURCES[code](scope, month))
    return TaskSum(RULE_OF_CODE[code], items, clock.today())


NAMES = ("person", "village__parent")  # whatever else hangs on a posting is not read for a list


def _named(posting: Posting) -> str:
    village = posting.village
    return f"{village.parent or ''}{village} · {posting.person}"


# --- the way of a posting -----------------------------------------------------------------------

COUNTY_ACTS = ("train", "appraise_term", "complete", "replace", "extend")


def _life(scope: Scope, month: Period, *, acts: tuple[str, ...]) -> Iterable[TaskItem]:
    """Steps that are owed by the end of the month, and those taken in it."""
    owing = list(life_queries.list_owing(scope).select_related(None).select_related(*NAMES))
    facts = life_queries.life_facts(owing, villages_bound({one.village_id for one in owing}))
    for one in owing:
        due = life_rules.next_due(facts[one.pk])
        if due is not None and due.act in acts and due.on < month.until:
            url = reverse("posting_detail", args=[one.pk])
            yield TaskItem(f"{_named(one)}：{due.label}", due.on, url)
    yield from _steps_taken(scope, month, acts)


def _steps_taken(scope: Scope, month: Period, acts: tuple[str, ...]) -> Iterable[TaskItem]:
    steps = PostingStep.objects.filter(
        posting_q(scope), state=StepState.DONE, act__in=acts,
        happened_on__gte=month.since, happened_on__lt=month.until,
    )  # fmt: skip
    for one in steps.select_related("posting__person", "posting__village__parent"):
        url = reverse("posting_detail", args=[one.posting_id])
        label = STEP_LABELS[one.act]
        yield TaskItem(f"{_named(one.posting)}：{label}", one.happened_on, url, one.happened_on)


STEP_LABELS = {line.act: line.label for line in life_rules.POSTING_FLOW}


def _hand_overs(scope: Scope, month: Period) -> Iterable[TaskItem]:
    for one in list_postings(scope).filter(
        Q(handover_until__lt=month.until, until__isnull=True)
        | Q(state__in=(PostingState.HANDED_OVER, PostingState.COMPLETED), until__gte=month.since,
            until__lt=month.until)
    ):  # fmt: skip
        due = one.handover_until or one.until
        assert due is not None
        yield TaskItem(_named(one), due, reverse("posting_detail", args=[one.pk]), one.until)


def _proposals(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """What waits for a decision, and what was decided in the month; due a week after it came."""
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    steps = PostingStep.objects.filter(
        posting_q(scope), Q(state=StepState.PROPOSED) | decided, happened_on__lt=month.until
    )
    for one in steps.select_related("posting__person", "posting__village__parent"):
        due = one.happened_on + life_rules.CLOSE_DAYS * ONE_DAY
        text = f"{_named(one.posting)}：{STEP_LABELS[one.act]}"
        yield TaskItem(text, due, reverse("step_list"), one.decided_on)


# --- leave and presence -------------------------------------------------------------------------


def _leave_to_decide(scope: Scope, month: Period, *, by_county: bool) -> Iterable[TaskItem]:
    """Asked and not decided, or decided in the month; due before it begins."""
    waits = Q(state=LeaveState.ASKED, posting__until__isnull=True)
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    rows = leave.list_leave(scope).filter(waits | decided, since__lt=add_months(month.until, 1))
    for one in rows:
        if (one.days > TOWN_MAX_DAYS) == by_county:
            yield TaskItem(
                f"{_named(one.posting)}：{one.since} 起 {one.days} 天", one.since,
                reverse("leave_detail", args=[one.pk]), one.decided_on,
            )  # fmt: skip


def _returns(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Leave that ends in the month, and what has ended before and nobody has closed."""
    ends = Q(until__gte=month.since, until__lt=month.until)
    open_ones = Q(state=LeaveState.APPROVED, until__lt=month.until, posting__until__isnull=True)
    rows = leave.list_leave(scope).filter(ends | open_ones, state__in=leave.VALID)
    for one in rows:
        url = reverse("leave_detail", args=[one.pk])
        yield TaskItem(f"{_named(one.posting)}：{one.last_day} 到期", one.until, url, one.back_on)


def _months(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """The days of the month before, for everybody who was there in it."""
    before = month_of(add_months(month.since, -1))
    there = presence.list_there(scope, before)
    postings = list(there.select_related(None).select_related(*NAMES))
    said = MonthPresence.objects.filter(posting__in=postings, month=before.since)
    done = dict(said.values_list("posting_id", "confirmed_at"))
    due = confirm_due(before.since)
    for one in postings:
        at = done.get(one.pk)
        url = reverse("presence_month", args=[one.pk, f"{before.since:%Y-%m}"])
        yield TaskItem(_named(one), due, url, at.astimezone(clock.BEIJING).date() if at else None)


def _absences(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Found and not settled, or settled in the month; within 15 days like a recall's facts."""
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    rows = Absence.objects.filter(
        posting_q(scope), Q(state=AbsenceState.FOUND, on__lt=month.until) | decided
    )
    for one in rows.select_related("posting__person", "posting__village__parent"):
        url = reverse("absence_detail", args=[one.pk])
        due = one.on + SETTLE_DAYS * ONE_DAY
        yield TaskItem(f"{_named(one.posting)}：{one.on}", due, url, one.decided_on)


SETTLE_DAYS = 15


# --- reports, problems, visits ------------------------------------------------------------------


def _reports(scope: Scope, month: Period, *, kind: ReportKind) -> Iterable[TaskItem]:
    """The report of this kind that falls due in the month, if one does."""
    due = report_rules.report_of(kind, month.since - ONE_DAY)
    if due.due_on not in month:
        return
    there = report_queries.list_postings_in(scope, due)
    postings = list(there.select_related(None).select_related(*NAMES))
    confirmed = report_queries.confirmed_days(postings, due)
    for one in postings:
        url = reverse("report_detail", args=[one.pk, kind.value, str(due.period.since)])
        yield TaskItem(_named(one), due.due_on, url, confirmed.get(one.pk))


def _problems(scope: Scope, month: Period, *, owner: ProblemOwner) -> Iterable[TaskItem]:
    """Due in the month, or from before and not handled yet."""
    due = Q(due_on__gte=month.since, due_on__lt=month.until)
    late = Q(state=ProblemState.FOUND, due_on__lt=month.since)
    rows = Problem.objects.visible_to(scope).filter(due | late, owner=owner)
    for one in rows.select_related("posting__village__parent", "posting__person"):
        handled = one.handled_on if one.state != ProblemState.FOUND else None
        url = reverse("problem_detail", args=[one.pk])
        yield TaskItem(f"{one.posting.village}：{one.text[:40]}", one.due_on, url, handled)


def _visits(scope: Scope, month: Period, *, side: VisitSide) -> Iterable[TaskItem]:
    """What is owed in the year or half year of the month; done once there were enough."""
    day = min(clock.today(), month.last_day)
    for line in liaison.owed_lines(scope, day):
        if line.side is side and line.owed.needed:
            text = f"{line.village.parent or ''}{line.village}：{line.made} / {line.owed.needed} 次"
            url = f"{reverse('visit_list')}?village={line.village.pk}&side={side.value}"
            done = None if line.missing else line.last_on or day
            yield TaskItem(text, line.owed.due_on, url, done, line.who or "还没有联系人")


SOURCES: dict[str, Source] = {
    "life": partial(_life, acts=COUNTY_ACTS),
    "proposals": _proposals,
    "leave_long": partial(_leave_to_decide, by_county=True),
    "area_visits": partial(_visits, side=VisitSide.AREA),
    "half_year_reports": partial(_reports, kind=ReportKind.HALF_YEAR),
    "year_reports": partial(_reports, kind=ReportKind.YEAR),
    "problems_county": partial(_problems, owner=ProblemOwner.COUNTY),
    "arrivals": partial(_life, acts=("arrive",)),
    "leave_short": partial(_leave_to_decide, by_county=False),
    "absences": _absences,
    "month_reports": partial(_reports, kind=ReportKind.MONTH),
    "quarter_reports": partial(_reports, kind=ReportKind.QUARTER),
    "problems_town": partial(_problems, owner=ProblemOwner.TOWN),
    "unit_visits": partial(_visits, side=VisitSide.UNIT),
    "term_ends": partial(_life, acts=("appraise_term",)),
    "problems_unit": partial(_problems, owner=ProblemOwner.UNIT),
    "months": _months,
    "returns": _returns,
    "hand_overs": _hand_overs,
    "problems_village": partial(_problems, owner=ProblemOwner.VILLAGE),
}
assert set(SOURCES) == set(RULE_OF_CODE), "each task is computed, and nothing else"


def month_asked(text: str) -> Period:
    """The month of `2026-03`; the present one where that is no month of this century."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        day = clock.today()
    return month_of(day if day.year in CENTURY else clock.today())


CENTURY = range(2001, 2100)
