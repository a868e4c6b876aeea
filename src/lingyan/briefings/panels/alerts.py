"""Which monthly reports are past their day?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lingyan.briefings.models import MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.alerts import Overdue


def _late(actor: Actor, today: date) -> QuerySet[MonthlyReport]:
    return queries.list_reports(actor.scope).filter(queries.late_q(today))


ALERTS = (
    Overdue(
        "份村月报超期没有报", "M28", "村最晚在期限当天提交月报", _late, "due_on", "monthly_list",
        rules.READERS, "?turn=late",
    ),
)  # fmt: skip
