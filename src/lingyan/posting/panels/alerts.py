"""What of posted people and of what they found is past its time?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue
from lingyan.posting.models import HelpRequest, Problem
from lingyan.posting.queries import help_requests, problems
from lingyan.posting.rules import help_requests as help_rules
from lingyan.posting.rules.diary_words import ProblemState

PROBLEM_READERS = (
    *STAFF, *LEADER, "county_agency_committee", *TOWN, "town_leader", *UNIT, *VILLAGE, *POSTED,
)  # fmt: skip


def _requests(actor: Actor, today: date) -> QuerySet[HelpRequest]:
    return help_requests.list_requests(actor).filter(help_requests.overdue_q(today))


def _problems(actor: Actor, today: date) -> QuerySet[Problem]:
    late = Q(due_on__lt=today, state=ProblemState.FOUND)
    return problems.list_problems(actor.scope).filter(late)


ALERTS = (
    Overdue(
        "件实际困难超期没有答复", "2.11", "驻村干部提出的困难在办理期限内答复", _requests, "due_on",
        "help_list", help_rules.READERS, "?turn=overdue",
    ),
    Overdue(
        "个驻村发现的问题超期没有办理", "2.7", "走访发现的问题在办结期限内办理", _problems,
        "due_on", "problem_list", PROBLEM_READERS, "?turn=overdue",
    ),
)  # fmt: skip
