"""What was asked, done in time and let through in a month (IND-13-02, IND-13-03)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F, Q, QuerySet

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.models import Interview
from lingyan.supervision.queries.interviews import list_interviews
from lingyan.supervision.queries.tasks import list_tasks
from lingyan.supervision.rules.report import Share
from lingyan.supervision.rules.words import SETTLED, InterviewState, TaskState

# A task is done when it was reported and that was found true; the day of the report counts.
IN_TIME = Q(state__in=SETTLED, answered_on__lte=F("due_on"))
TALKED = (InterviewState.HELD, InterviewState.IMPROVING, InterviewState.REVIEWED,
          InterviewState.CLOSED)  # fmt: skip
REVIEWED_IN_TIME = Q(reviewed_on__lte=F("review_due_on"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BEIJING)


def _come_q(column: str, in_time: Q, period: Period, today: date) -> Q:
    """The day lay in the period and is over, or is today and the thing is done."""
    due = Q(**{f"{column}__gte": period.since, f"{column}__lt": period.until})
    return due & (Q(**{f"{column}__lt": today}) | Q(in_time, **{column: today}))


def tasks_due_q(period: Period, today: date) -> Q:
    """What was to be done within the period; what fell away does not count."""
    return _come_q("due_on", IN_TIME, period, today) & ~Q(state=TaskState.VOID)


def reviews_due(actor: Actor, period: Period, today: date) -> QuerySet[Interview]:
    """Talks that were held and had to be looked at again within the period."""
    come = _come_q("review_due_on", REVIEWED_IN_TIME, period, today)
    return list_interviews(actor).filter(come, state__in=TALKED)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """IND-13-02 督办按期办结率 and IND-13-03 约谈回访率, with what stands behind them."""

    tasks: Share
    reviews: Share
    raised: int
    overdue: int


def month_figures(actor: Actor, period: Period, today: date) -> MonthFigures:
    """What is due later is held against nobody; what is due today counts once it is done."""
    due = list_tasks(actor).filter(tasks_due_q(period, today))
    reviews = reviews_due(actor, period, today)
    all_tasks = list_tasks(actor).exclude(state=TaskState.VOID)
    late = due.exclude(IN_TIME)
    return MonthFigures(
        Share(due.filter(IN_TIME).count(), due.count()),
        Share(reviews.filter(REVIEWED_IN_TIME).count(), reviews.count()),
        all_tasks.filter(
            came_at__gte=_midnight(period.since), came_at__lt=_midnight(period.until)
        ).count(),
        late.count(),
    )
