"""For whom is each task of a month, and what do the records say of it? Computed, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, add_months, month_of
from lingyan.directory.models.places import called
from lingyan.directory.queries import find_county
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.addresses import address_of
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import (
    Absence,
    AppraisalEntry,
    AppraisalScore,
    HelpRequest,
    MonthPresence,
    Posting,
    PostingStep,
    Problem,
    RecallCase,
    RecallStep,
)
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries import leave, liaison, presence, support
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import reports as report_queries
from lingyan.posting.queries.standards import number_for
from lingyan.posting.rules import IN_POST, PostingState
from lingyan.posting.rules import help_requests as help_rules
from lingyan.posting.rules import life as life_rules
from lingyan.posting.rules import reports as report_rules
from lingyan.posting.rules import support as support_rules
from lingyan.posting.rules.appraisal_scores import Scheme
from lingyan.posting.rules.appraisal_words import AppraisalPart, AppraisalState
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState, ReportKind
from lingyan.posting.rules.liaison_words import VisitSide
from lingyan.posting.rules.life_words import AbsenceState, LeaveState, StepState
from lingyan.posting.rules.presence import confirm_due
from lingyan.posting.rules.recall import verify_due
from lingyan.posting.rules.recall_words import RecallState
from lingyan.posting.rules.support_words import HelpKind, HelpOwner, PaymentState, StandardKey
from lingyan.posting.rules.tasks import (
    RULE_OF_CODE,
    TaskItem,
    TaskLevel,
    TaskSum,
    in_order,
    tasks_of,
)

Source = Callable[[Scope, Period], Iterable[TaskItem]]


def sums_of(level: TaskLevel, scope: Scope, month: Period, *, role: str = "") -> list[TaskSum]:
    """Every kind of task of a level that has somebody in this month, as far as the role reads."""
    sums = (sum_of(rule.code, scope, month) for rule in tasks_of(level, role))
    return [found for found in sums if found.items]


def sum_of(code: str, scope: Scope, month: Period) -> TaskSum:
    items = in_order(SOURCES[code](scope, month))
    return TaskSum(RULE_OF_CODE[code], items, clock.today())


# A town has a thousand tasks in a month: only the names of each are read, not the records.
PLACES = (
    "village__parent__short_name", "village__parent__ended_on", "village__short_name",
    "village__ended_on",
)  # fmt: skip
NAMES = (*PLACES, "person__name")
OF_POSTING = tuple(f"posting__{name}" for name in NAMES)


def _village(town: str | None, town_ended: date | None, name: str, ended: date | None) -> str:
    return f"{called(town, town_ended)}{called(name, ended)}"


def _named(*names: Any) -> str:
    """The words of `NAMES`: the village of its town, and the person."""
    *places, person = names
    return f"{_village(*places)} · {person}"


def _names_of(postings: QuerySet[Posting]) -> Iterable[tuple[UUID, str]]:
    """Who they are, in the order of their villages."""
    for pk, *names in postings.values_list("pk", *NAMES):
        yield pk, _named(*names)


# --- the way of a posting -----------------------------------------------------------------------

COUNTY_ACTS = ("train", "appraise_term", "complete", "replace", "extend")


def _life(scope: Scope, month: Period, *, acts: tuple[str, ...]) -> Iterable[TaskItem]:
    """Steps that are owed by the end of the month, and those taken in it."""
    owing = list(life_queries.list_owing(scope).select_related(None).only(*life_queries.OF_FACTS))
    facts = life_queries.life_facts(owing, villages_bound({one.village_id for one in owing}))
    found = {
        pk: due
        for pk, fact in facts.items()
        if (due := life_rules.next_due(fact)) and due.act in acts and due.on < month.until
    }
    for pk, name in _names_of(Posting.objects.filter(pk__in=found)):
        due = found[pk]
        yield TaskItem(f"{name}：{due.label}", due.on, address_of("posting_detail", pk))
    yield from _steps_taken(scope, month, acts)


def _steps_taken(scope: Scope, month: Period, acts: tuple[str, ...]) -> Iterable[TaskItem]:
    steps = PostingStep.objects.filter(
        posting_q(scope), state=StepState.DONE, act__in=acts,
        happened_on__gte=month.since, happened_on__lt=month.until,
    )  # fmt: skip
    for pk, act, day, *names in steps.values_list("posting_id", "act", "happened_on", *OF_POSTING):
        url = address_of("posting_detail", pk)
        yield TaskItem(f"{_named(*names)}：{STEP_LABELS[act]}", day, url, day)


STEP_LABELS = {line.act: line.label for line in life_rules.POSTING_FLOW}


def _hand_overs(scope: Scope, month: Period) -> Iterable[TaskItem]:
    rows = Posting.objects.visible_to(scope).filter(
        Q(handover_until__lt=month.until, until__isnull=True)
        | Q(state__in=(PostingState.HANDED_OVER, PostingState.COMPLETED), until__gte=month.since,
            until__lt=month.until)
    )  # fmt: skip
    for pk, planned, until, *names in rows.values_list("pk", "handover_until", "until", *NAMES):
        url = address_of("posting_detail", pk)
        yield TaskItem(_named(*names), planned or until, url, until)


def _proposals(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """What waits for a decision, and what was decided in the month; due a week after it came."""
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    steps = PostingStep.objects.filter(
        posting_q(scope), Q(state=StepState.PROPOSED) | decided, happened_on__lt=month.until
    )
    for act, day, decided_on, *names in steps.values_list(
        "act", "happened_on", "decided_on", *OF_POSTING
    ):
        due = day + life_rules.CLOSE_DAYS * ONE_DAY
        text = f"{_named(*names)}：{STEP_LABELS[act]}"
        yield TaskItem(text, due, reverse("step_list"), decided_on)


# --- leave and presence -------------------------------------------------------------------------


def _leave_to_decide(scope: Scope, month: Period, *, by_county: bool) -> Iterable[TaskItem]:
    """Asked and not decided, or decided in the month; due before it begins."""
    most = number_for(next(iter(scope.place_paths), ""), StandardKey.TOWN_LEAVE)
    waits = Q(state=LeaveState.ASKED, posting__until__isnull=True)
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    rows = leave.list_leave(scope).filter(waits | decided, since__lt=add_months(month.until, 1))
    for pk, since, until, decided_on, *names in rows.values_list(
        "pk", "since", "until", "decided_on", *OF_POSTING
    ):
        days = (until - since).days
        if (days > most) == by_county:
            url = address_of("leave_detail", pk)
            yield TaskItem(f"{_named(*names)}：{since} 起 {days} 天", since, url, decided_on)


def _returns(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Leave that ends in the month, and what has ended before and nobody has closed."""
    ends = Q(until__gte=month.since, until__lt=month.until)
    open_ones = Q(state=LeaveState.APPROVED, until__lt=month.until, posting__until__isnull=True)
    rows = leave.list_leave(scope).filter(ends | open_ones, state__in=leave.VALID)
    for pk, until, back_on, *names in rows.values_list("pk", "until", "back_on", *OF_POSTING):
        url = address_of("leave_detail", pk)
        yield TaskItem(f"{_named(*names)}：{until - ONE_DAY} 到期", until, url, back_on)


def _months(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """The days of the month before, for everybody who was there in it."""
    before = month_of(add_months(month.since, -1))
    there = dict(_names_of(presence.list_there(scope, before)))
    said = MonthPresence.objects.filter(posting_id__in=there, month=before.since)
    done = dict(said.values_list("posting_id", "confirmed_at"))
    due = confirm_due(before.since)
    for pk, name in there.items():
        at = done.get(pk)
        url = address_of("presence_month", pk, f"{before.since:%Y-%m}")
        yield TaskItem(name, due, url, _day(at))


def _absences(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Found and not settled, or settled in the month; within 15 days like a recall's facts."""
    decided = Q(decided_on__gte=month.since, decided_on__lt=month.until)
    rows = Absence.objects.filter(
        posting_q(scope), Q(state=AbsenceState.FOUND, on__lt=month.until) | decided
    )
    for pk, day, decided_on, *names in rows.values_list("pk", "on", "decided_on", *OF_POSTING):
        url = address_of("absence_detail", pk)
        yield TaskItem(f"{_named(*names)}：{day}", day + SETTLE_DAYS * ONE_DAY, url, decided_on)


SETTLE_DAYS = 15


# --- reports, problems, visits ------------------------------------------------------------------


def _reports(scope: Scope, month: Period, *, kind: ReportKind) -> Iterable[TaskItem]:
    """The report of this kind that falls due in the month, if one does."""
    due = report_rules.report_of(kind, month.since - ONE_DAY)
    if due.due_on not in month:
        return
    there = dict(_names_of(report_queries.list_postings_in(scope, due)))
    confirmed = report_queries.confirmed_days(there, due)
    for pk, name in there.items():
        url = address_of("report_detail", pk, kind.value, str(due.period.since))
        yield TaskItem(name, due.due_on, url, confirmed.get(pk))


def _problems(scope: Scope, month: Period, *, owner: ProblemOwner) -> Iterable[TaskItem]:
    """Due in the month, or from before and not handled yet."""
    due = Q(due_on__gte=month.since, due_on__lt=month.until)
    late = Q(state=ProblemState.FOUND, due_on__lt=month.since)
    rows = Problem.objects.visible_to(scope).filter(due | late, owner=owner)
    for pk, text, due_on, state, handled_on, name, ended in rows.values_list(
        "pk", "text", "due_on", "state", "handled_on",
        "posting__village__short_name", "posting__village__ended_on",
    ):  # fmt: skip
        done = handled_on if state != ProblemState.FOUND else None
        url = address_of("problem_detail", pk)
        yield TaskItem(f"{called(name, ended)}：{text[:40]}", due_on, url, done)


def _visits(scope: Scope, month: Period, *, side: VisitSide) -> Iterable[TaskItem]:
    """What is owed in the year or half year of the month; done once there were enough."""
    day, visits = min(clock.today(), month.last_day), reverse("visit_list")
    for line in liaison.owed_lines(scope, day, side):
        if line.owed.needed:
            text = f"{line.village.parent or ''}{line.village}：{line.made} / {line.owed.needed} 次"
            url = f"{visits}?village={line.village.pk}&side={side.value}"
            done = None if line.missing else line.last_on or day
            yield TaskItem(text, line.owed.due_on, url, done, line.who or "还没有联系人")


# --- scores, recalls, payments, difficulties ----------------------------------------------------


def _scores(scope: Scope, month: Period, *, part: AppraisalPart) -> Iterable[TaskItem]:
    """Of appraisals that are being scored: who has no score of this side, and who has one."""
    rows = AppraisalEntry.objects.filter(
        posting_q(scope), left_out="", cycle__state=AppraisalState.SCORING,
        cycle__due_on__lt=add_months(month.until, 1),
    )  # fmt: skip
    if part is AppraisalPart.UNIT:
        rows = rows.filter(posting__unit__isnull=False)
    given = AppraisalScore.objects.filter(entry=OuterRef("pk"), part=part).values("given_at")
    rows = rows.annotate(given_at=Subquery(given[:1]))
    asked: dict[str, bool] = {}
    for cycle, name, scheme, due_on, at, *names in rows.values_list(
        "cycle_id", "cycle__name", "cycle__scheme", "cycle__due_on", "given_at", *OF_POSTING
    ):
        if asked.setdefault(str(cycle), bool(Scheme.from_json(scheme).weight(part))):
            url = address_of("appraisal", cycle)
            yield TaskItem(f"{_named(*names)}：{name}", due_on, url, _day(at))


def _day(at: datetime | None) -> date | None:
    return at.astimezone(clock.BEIJING).date() if at else None


UNVERIFIED = (RecallState.SIGNALLED, RecallState.TOLD, RecallState.HEARD)


def _recalls(scope: Scope, month: Period, *, only_checks: bool) -> Iterable[TaskItem]:
    """Verified within 15 days of the opening; after a warning, looked at when its term ends."""
    in_month = {"on__gte": month.since, "on__lt": month.until}
    checked = RecallStep.objects.filter(case=OuterRef("pk"), act__in=("verify", "drop"))
    rows = (
        RecallCase.objects.filter(posting_q(scope))
        .annotate(checked_on=Subquery(checked.order_by("on").values("on")[:1]))
        .filter(
            Q(state__in=(*UNVERIFIED, RecallState.WARNED, RecallState.PROPOSED))
            | Exists(checked.filter(**in_month))
        )
    )
    for pk, state, opened_on, warn_until, checked_on, *names in rows.values_list(
        "pk", "state", "opened_on", "warn_until", "checked_on", *OF_POSTING
    ):
        url, due_on = address_of("recall_detail", pk), verify_due(opened_on)
        if state in UNVERIFIED or (checked_on and checked_on in month):
            yield TaskItem(f"{_named(*names)}：核实", due_on, url, checked_on)
        if only_checks:
            continue
        if state == RecallState.WARNED and warn_until and warn_until < month.until:
            yield TaskItem(f"{_named(*names)}：改进期满后回访", warn_until, url)
        if state == RecallState.PROPOSED:
            yield TaskItem(f"{_named(*names)}：决定是否召回", month.last_day, url)


def _payments(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Last month's allowances; done once every list of it is paid and nobody is left."""
    county = find_county(scope)
    if county is None:
        return
    before = month_of(add_months(month.since, -1))
    standards = support.standards_of(county)
    lists = support.list_payments(scope).filter(month=before.since)
    made = list(lists.exclude(state=PaymentState.RETURNED).values_list("item", "state", "paid_on"))
    for item in support_rules.PAID_MONTHLY:
        key = support_rules.KEY_OF_ITEM[item]
        if support_rules.standard_on(standards, key, before.last_day) is None:
            continue
        ready, left = support.who_is_paid(county, item, before.since)
        own = [(state, on) for kind, state, on in made if kind == item]
        paid = [on for state, on in own if on and state == PaymentState.PAID]
        is_done = bool(paid) and len(paid) == len(own) and not ready
        if own or ready or left:
            waits = f"，{len(left)} 人天数待确认" if left else ""
            url = f"{reverse('payment_list')}?item={item.value}"
            yield TaskItem(
                f"{before.since:%Y-%m} {item.label}{waits}", support_rules.pay_due(before.since),
                url, max(paid) if is_done else None,
            )  # fmt: skip


def _help(scope: Scope, month: Period, *, owner: HelpOwner) -> Iterable[TaskItem]:
    """Difficulties of this side: due in the month or before; done once they are answered."""
    answered = Q(handled_on__gte=month.since, handled_on__lt=month.until)
    rows = HelpRequest.objects.filter(posting_q(scope), owner=owner).filter(
        Q(state__in=help_rules.OPEN, due_on__lt=add_months(month.until, 1))
        | answered & ~Q(state__in=help_rules.OPEN)
    )
    for pk, state, kind, due_on, handled_on, *names in rows.values_list(
        "pk", "state", "kind", "due_on", "handled_on", *OF_POSTING
    ):
        done = None if state in help_rules.OPEN else handled_on
        url = address_of("help_detail", pk)
        yield TaskItem(f"{_named(*names)}：{HelpKind(kind).label}", due_on, url, done)


def _insure(scope: Scope, month: Period) -> Iterable[TaskItem]:
    """Who arrived before the insurance was there: until the day that the administrator gave."""
    rows = Posting.objects.visible_to(scope).filter(
        insure_by__isnull=False, until__isnull=True, state__in=IN_POST
    )
    waiting = list(rows.select_related("person", "village__parent"))
    people = [one.person_id for one in waiting]
    insured, owing = support.insured_periods(people), support.owing_exams(people, clock.today())
    for one in waiting:
        assert one.insure_by is not None
        whole = Period(one.since, one.planned_until)
        open_days = support_rules.gaps(insured.get(one.person_id, ()), whole)
        if open_days or one.person_id in owing:
            name = f"{one.village.parent or ''}{one.village} · {one.person}"
            yield TaskItem(name, one.insure_by, address_of("support_person", one.pk))


SOURCES: dict[str, Source] = {
    "life": partial(_life, acts=COUNTY_ACTS),
    "proposals": _proposals,
    "leave_long": partial(_leave_to_decide, by_county=True),
    "area_visits": partial(_visits, side=VisitSide.AREA),
    "half_year_reports": partial(_reports, kind=ReportKind.HALF_YEAR),
    "year_reports": partial(_reports, kind=ReportKind.YEAR),
    "problems_county": partial(_problems, owner=ProblemOwner.COUNTY),
    "county_scores": partial(_scores, part=AppraisalPart.COUNTY),
    "recalls": partial(_recalls, only_checks=False),
    "payments": _payments,
    "help_county": partial(_help, owner=HelpOwner.COUNTY),
    "insure": _insure,
    "arrivals": partial(_life, acts=("arrive",)),
    "leave_short": partial(_leave_to_decide, by_county=False),
    "absences": _absences,
    "month_reports": partial(_reports, kind=ReportKind.MONTH),
    "quarter_reports": partial(_reports, kind=ReportKind.QUARTER),
    "problems_town": partial(_problems, owner=ProblemOwner.TOWN),
    "town_scores": partial(_scores, part=AppraisalPart.TOWN),
    "recall_checks": partial(_recalls, only_checks=True),
    "help_town": partial(_help, owner=HelpOwner.TOWN),
    "unit_visits": partial(_visits, side=VisitSide.UNIT),
    "term_ends": partial(_life, acts=("appraise_term",)),
    "problems_unit": partial(_problems, owner=ProblemOwner.UNIT),
    "unit_scores": partial(_scores, part=AppraisalPart.UNIT),
    "help_unit": partial(_help, owner=HelpOwner.UNIT),
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
