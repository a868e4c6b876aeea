"""What of pairing is past its time?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lingyan.pairing.models import PairProblem
from lingyan.pairing.queries import pair_problems
from lingyan.pairing.rules.figures import OPENERS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue


def _problems(actor: Actor, today: date) -> QuerySet[PairProblem]:
    return pair_problems.list_problems(actor.scope).filter(pair_problems.overdue_q(today))


ALERTS = (
    Overdue(
        "个联建问题超期没有解决", "3.4", "联建问题在办理期限内解决", _problems, "due_on",
        "pair_problem_list", OPENERS, "?turn=overdue",
    ),
)  # fmt: skip
