"""Which tasks and talks stand behind the figures of supervision (13.6)?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lingyan.common.periods import Period
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries.report import TALKED
from lingyan.supervision.queries.tasks import NAMED
from lingyan.supervision.rules.words import UNDER_WAY, TaskState


def within(column: str, period: Period) -> Q:
    return Q(**{f"{column}__gte": period.since, f"{column}__lt": period.until})


def _tasks_of(scope: Scope) -> QuerySet[SupervisionTask]:
    """Of the offices that were asked first, and of the units; whoever is named reads the own."""
    seen = place_q(scope, "asked__") | Q(unit__in=scope.unit_ids)
    return SupervisionTask.objects.filter(seen).select_related(*NAMED)


def tasks_due(scope: Scope, period: Period) -> QuerySet[SupervisionTask]:
    """What was to be done within the period; what fell away does not count."""
    return _tasks_of(scope).filter(within("due_on", period)).exclude(state=TaskState.VOID)


def tasks_under_way(scope: Scope) -> QuerySet[SupervisionTask]:
    return _tasks_of(scope).filter(state__in=UNDER_WAY)


def reviews_due(scope: Scope, period: Period) -> QuerySet[Interview]:
    """Talks that were held and had to be looked at again within the period."""
    found = Interview.objects.filter(place_q(scope, "place__"), state__in=TALKED)
    return found.filter(within("review_due_on", period)).select_related("person", "place__parent")
