"""Which tasks and talks are past their time?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries import interviews, tasks
from lingyan.supervision.rules import interviews as interview_rules
from lingyan.supervision.rules import tasks as rules


def _tasks(actor: Actor, today: date) -> QuerySet[SupervisionTask]:
    """Those of the places and units of the area alone, whoever asked for them."""
    inside = place_q(actor.scope, "place__") | Q(unit__in=actor.scope.unit_ids)
    return tasks.list_tasks(actor).filter(inside, tasks.overdue_q(today))


def _reviews(actor: Actor, today: date) -> QuerySet[Interview]:
    rows = interviews.list_interviews(actor).filter(interviews.overdue_q(today))
    return rows.filter(place_q(actor.scope, "place__"))


ALERTS = (
    Overdue(
        "件督办任务超期没有办结", "R-13-01", "督办任务在期限前办结、核验", _tasks, "due_on",
        "supervision_task_list", rules.READERS, "?turn=overdue",
    ),
    Overdue(
        "次约谈超期没有回访", "R-13-02", "约谈后 90 天内回访", _reviews, "review_due_on",
        "interview_list", interview_rules.NAMED, "?turn=overdue",
    ),
)  # fmt: skip
