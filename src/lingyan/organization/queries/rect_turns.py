"""Which villages under rectification wait for whom: a visit, a signature, a check, a decision?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.common.periods import ONE_DAY, Period, month_of
from lingyan.directory.rules.hands import TOWN, VILLAGE
from lingyan.organization.models import (
    LeaderVisit,
    RectCheckup,
    RectFollowUp,
    RectificationCase,
    RectInspection,
    RectProblem,
    RectReport,
    SatisfactionVote,
)
from lingyan.organization.queries.rect_work import led_by, list_problems
from lingyan.organization.queries.rectification import list_cases
from lingyan.organization.rules.acceptance import DONE_PROBLEMS
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE, VISITED
from lingyan.organization.rules.rectification_words import RectProblemState, RectState
from lingyan.organization.rules.visits import PART_MONTH_DAYS
from lingyan.platform.accounts.actor import Actor, Scope

# From the first day of the work to the end of the file.
WORKED_ON = frozenset(VISITED | {RectState.CLEARED, RectState.FOLLOWING, RectState.REOPENED})
UNDER_WAY = Q(state__in=sorted(VISITED), started_on__isnull=False)
STILL_OPEN = frozenset(RectProblemState) - DONE_PROBLEMS - {RectProblemState.SELF_DONE}
TURNS = {
    "month": "本月还没有督查",
    "missed": "上月没有督查",
    "checkup": "本月还没有体检",
    "report": "上月没有月报",
    "sign": "等自查签字",
    "town_check": "等乡镇初验",
    "group": "等组成检查考核组",
    "judge": "等打分、测评",
    "decide": "等决定销号",
    "follow": "回访到期",
}


def list_work(scope: Scope) -> QuerySet[RectificationCase]:
    return list_cases(scope).filter(state__in=sorted(WORKED_ON), started_on__isnull=False)


def list_own_work(actor: Actor) -> QuerySet[RectificationCase]:
    """A county leader deals with the own villages only, whatever the role's scope."""
    rows = list_work(actor.scope)
    return rows.filter(led_by(actor)) if actor.role == "county_leader" else rows


def last_month(today: date) -> Period:
    return month_of(today.replace(day=1) - ONE_DAY)


def _visited_in(period: Period) -> Q:
    made = LeaderVisit.objects.filter(
        case=OuterRef("pk"), on__gte=period.since, on__lt=period.until
    )
    return Q(Exists(made))


def _owes(period: Period, today: date) -> Q:
    """The month owes a visit: enough of it belongs to the rectification (R-4-04)."""
    latest = period.until - timedelta(days=PART_MONTH_DAYS)
    return UNDER_WAY & Q(started_on__lte=min(latest, today)) & ~_visited_in(period)


def _without_checkup(today: date) -> Q:
    made = RectCheckup.objects.filter(case=OuterRef("pk"), month=today.replace(day=1))
    return UNDER_WAY & ~Q(Exists(made))


def _without_report(today: date) -> Q:
    period = last_month(today)
    sent = RectReport.objects.filter(case=OuterRef("pk"), month=period.since)
    return UNDER_WAY & Q(started_on__lt=period.until) & ~Q(Exists(sent))


def _to_sign(role: str) -> Q:
    """All is done in the village's own eyes, and this signature is missing."""
    unfinished = RectProblem.objects.filter(case=OuterRef("pk"), state__in=sorted(STILL_OPEN))
    signed = Q(self_checked_by__has_key=role) if role in BOTH_OF_VILLAGE else Q(pk__in=())
    return Q(state=RectState.RECTIFYING) & ~Q(Exists(unfinished)) & ~signed


def _judged() -> Q:
    """The inspection that runs has its score and a vote that was counted."""
    counted = SatisfactionVote.objects.filter(inspection=OuterRef("pk"), counted_on__isnull=False)
    running = RectInspection.objects.filter(
        Exists(counted), case=OuterRef("pk"), result="", score__isnull=False
    )
    return Q(Exists(running))


def _follow_due(today: date) -> Q:
    due = RectFollowUp.objects.filter(
        case=OuterRef("pk"), visited_on__isnull=True, due_on__lte=today + timedelta(days=7)
    )
    return Q(state=RectState.FOLLOWING) & Q(Exists(due))


def turn_q(turn: str, actor: Actor, today: date) -> Q:
    """Which cases this word of the list means."""
    accepting = Q(state=RectState.ACCEPTING)
    found: Mapping[str, Callable[[], Q]] = {
        "month": lambda: _owes(month_of(today), today),
        "missed": lambda: _owes(last_month(today), today),
        "checkup": lambda: _without_checkup(today),
        "report": lambda: _without_report(today),
        "sign": lambda: _to_sign(actor.role),
        "town_check": lambda: Q(state=RectState.SELF_CHECKED),
        "group": lambda: Q(state=RectState.TOWN_CHECKED),
        "judge": lambda: accepting & ~_judged(),
        "decide": lambda: accepting & _judged(),
        "follow": lambda: _follow_due(today),
    }
    return found[turn]()


def list_turn(turn: str, actor: Actor, today: date) -> QuerySet[RectificationCase]:
    return list_own_work(actor).filter(turn_q(turn, actor, today))


# --- problems -------------------------------------------------------------------------------------


def waiting_problems_q(actor: Actor) -> Q:
    """To be put right by the village, to be verified by the town."""
    under_way = Q(case__state__in=sorted(VISITED))
    if actor.role in (*VILLAGE, *BOTH_OF_VILLAGE):
        return under_way & Q(state__in=sorted(STILL_OPEN))
    if actor.role in TOWN:
        return under_way & Q(state=RectProblemState.SELF_DONE)
    return Q(pk__in=())


def overdue_problems_q(today: date) -> Q:
    under_way = Q(case__state__in=sorted(VISITED))
    return under_way & Q(state__in=sorted(STILL_OPEN), due_on__lt=today)


def list_waiting_problems(actor: Actor) -> QuerySet[RectProblem]:
    return list_problems(actor.scope).filter(waiting_problems_q(actor))
