"""What does the system know of a village's month, so that nobody has to type it?"""

from __future__ import annotations

from lingyan.briefings.models import MonthlyReport
from lingyan.common import clock
from lingyan.common.periods import month_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator, Question

Known = dict[str, str]
"""code, name, group and the number in words."""


def names_of_figures() -> dict[str, str]:
    """Every figure that the system counts by itself, by its code."""
    return {one.code: one.name for one in registry.INDICATORS.values()}


def question_of(report: MonthlyReport) -> Question:
    period = month_of(report.month)
    last = min(period.last_day, clock.today())
    return Question(Scope((report.village.path,)), last, period)


def known_of(report: MonthlyReport) -> list[Known]:
    """The figures of the village in that month that its secretary may read, but for nothing."""
    question = question_of(report)
    return [
        {"code": one.code, "name": one.name, "group": one.group, "text": text}
        for one in registry.INDICATORS.values()
        if Role.VILLAGE_SECRETARY in one.readers and (text := _written(one, question))
    ]


def _written(indicator: Indicator, question: Question) -> str:
    parts = indicator.parts(question)
    if not parts.of or not parts.part or not indicator.is_told(parts):
        return ""
    return f"{indicator.shown(parts)} {'万元' if indicator.unit == '元' else indicator.unit}"
