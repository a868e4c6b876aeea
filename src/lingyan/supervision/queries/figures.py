"""Which tasks and talks stand behind the figures of supervision (13.6)?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lingyan.common.periods import Period
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries.report import IN_TIME, REVIEWED_IN_TIME, TALKED
from lingyan.supervision.queries.tasks import NAMED
from lingyan.supervision.rules.words import UNDER_WAY, TaskState


def within(column: str, period: Period) -> Q:
    return Q(**{f"{column}__gte": period.since, f"{column}__lt": period.until})


def _tasks_of(scope: Scope) -> QuerySet[SupervisionTask]:
    """Of the offices that were asked first, and of the units; whoever is named reads the own."""
    seen = place_q(scope, "asked__") | Q(unit__in=scope.unit_ids)
    return SupervisionTask.objects.filter(seen).select_related(*NAMED)


def tasks_due(scope: Scope, period: Period, over: date) -> QuerySet[SupervisionTask]:
    """What was to be done within the period; what fell away does not count.

    Of what was due on `over` or later only what is done: the others have their day.
    """
    due = _tasks_of(scope).filter(within("due_on", period), Q(due_on__lt=over) | IN_TIME)
    return due.exclude(state=TaskState.VOID)


def tasks_under_way(scope: Scope) -> QuerySet[SupervisionTask]:
    return _tasks_of(scope).filter(state__in=UNDER_WAY)


def reviews_due(scope: Scope, period: Period, over: date) -> QuerySet[Interview]:
    """Talks that were held and had to be looked at again within the period; `over` as above."""
    found = Interview.objects.filter(
        place_q(scope, "place__"), within("review_due_on", period),
        Q(review_due_on__lt=over) | REVIEWED_IN_TIME, state__in=TALKED,
    )  # fmt: skip
    return found.select_related("person", "place__parent")
