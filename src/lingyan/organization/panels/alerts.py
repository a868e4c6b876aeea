"""What of rectification is past its time?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lingyan.organization.models import RectificationCase, RectProblem
from lingyan.organization.queries import rect_turns, rect_work, rectification
from lingyan.organization.rules.rect_problems import WORK_READERS
from lingyan.organization.rules.rectification import VISITED
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue


def _cases(actor: Actor, today: date) -> QuerySet[RectificationCase]:
    late = Q(state__in=sorted(VISITED), due_on__lt=today)
    return rectification.list_cases(actor.scope).filter(late)


def _problems(actor: Actor, today: date) -> QuerySet[RectProblem]:
    return rect_work.list_problems(actor.scope).filter(rect_turns.overdue_problems_q(today))


ALERTS = (
    Overdue(
        "个村超过整顿期限没有销号", "R-4-05", "整顿一般 6 个月、最长 12 个月", _cases, "due_on",
        "rect_case_list", WORK_READERS, "?turn=overdue",
    ),
    Overdue(
        "个整顿问题超期没有整改", "4.4", "查出的问题按写明的期限整改", _problems, "due_on",
        "rect_problem_list", WORK_READERS, "?turn=overdue",
    ),
)  # fmt: skip
