"""Which town is asked why its villages do not report, and until when (R-13-01, 0.8)?"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.directory.scoping import PATH_DIGITS
from lingyan.directory.settings import numbers_on
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision import facts as supervision
from lingyan.supervision.actions.tasks import Source, raise_task, withdraw_task
from lingyan.supervision.rules.settings import SEVERE
from lingyan.supervision.rules.words import TaskLevel

PRODUCT = Actor.system()
LABEL = MonthlyPeriod._meta.label_lower
PAGE = "monthly_period"


def ask_about_late_reports(*, actor: Actor = PRODUCT) -> int:
    """What the worker does once a day. One task for a town and a month, however many villages.

    The village has the report among its work since the month began, the town since it is late; a
    task follows only where it is severely late by the county's own number of days. It falls away
    by itself once none of these villages owes the month any more. Harmless when repeated.
    """
    today = clock.today()
    numbers, asked = numbers_on(today), set()
    for (period, town), rows in groupby(queries.list_late(today), key=_month_of_town):
        days = numbers.of(period.county.path, SEVERE)
        if town is not None and today > period.due_on + timedelta(days=days):
            asked.add(_ask(period, town, list(rows), days, actor))
    for source, key in supervision.tasks_waiting(LABEL, rules.RULE):
        if (source, key) not in asked:
            withdraw_task(
                LABEL, source, rules.RULE, period=key, why="这些村都已报送或免报", actor=actor
            )
    return len(asked)


def _month_of_town(report: MonthlyReport) -> tuple[MonthlyPeriod, Place | None]:
    return report.period, report.village.parent


def _ask(
    period: MonthlyPeriod, town: Place, late: list[MonthlyReport], days: int, actor: Actor
) -> tuple[UUID, str]:
    key = f"{period.month:%Y-%m} {town.path[-PATH_DIGITS:]}"  # the county is the month's own
    villages = [str(one.village) for one in late]
    raise_task(
        what=rules.what_is_late(period.title, villages, days), place=town, level=TaskLevel.TOWN,
        due_on=clock.today() + timedelta(days=rules.ASKED_DAYS),
        source=Source.of(period, PAGE), rule=rules.RULE, period=key, actor=actor,
    )  # fmt: skip
    return period.pk, key
