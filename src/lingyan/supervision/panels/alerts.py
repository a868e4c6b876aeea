"""Which tasks and talks are past their time?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries import interviews, tasks
from lingyan.supervision.rules import interviews as interview_rules
from lingyan.supervision.rules import tasks as rules


def _tasks(actor: Actor, today: date) -> QuerySet[SupervisionTask]:
    return tasks.list_inside(actor).filter(tasks.overdue_q(today))


def _reviews(actor: Actor, today: date) -> QuerySet[Interview]:
    return interviews.list_inside(actor).filter(interviews.overdue_q(today))


ALERTS = (
    Overdue(
        "件督办任务超期没有办结", "R-13-01", "督办任务在期限前办结、核验", _tasks, "due_on",
        "supervision_task_list", rules.READERS, "?turn=overdue",
    ),
    Overdue(
        "次约谈超期没有回访", "R-13-02", "约谈后按县里定的天数回访", _reviews, "review_due_on",
        "interview_list", interview_rules.NAMED, "?turn=overdue",
    ),
)  # fmt: skip
