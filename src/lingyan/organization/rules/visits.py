"""In which months does the county leader owe a village under rectification a visit (R-4-04)?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from lingyan.common.alerts import WARN_DAYS, AlertLevel, alert_level
from lingyan.common.choices import Choice
from lingyan.common.periods import Period, add_months, month_of
from lingyan.common.refusals import Refusal

VISITS_A_MONTH = 1  # weak.visit_per_month
PART_MONTH_DAYS = 15  # D: a month of which less belongs to the rectification owes no visit
FOLLOW_UP_MONTHS = (3, 6)  # after clearing (4.5)


class MonthState(Choice):
    DONE = "done", "已督查"
    OPEN = "open", "待督查"
    MISSED = "missed", "当月未督查"


@dataclass(frozen=True, slots=True)
class MonthDue:
    """One month that owes a visit, and how many were made in it."""

    first: date
    visits: int
    today: date
    wanted: int = VISITS_A_MONTH

    @property
    def last(self) -> date:
        return month_of(self.first).last_day

    @property
    def label(self) -> str:
        return f"{self.first.year} 年 {self.first.month} 月"

    @property
    def state(self) -> MonthState:
        """A month is missed only when it has ended."""
        if self.visits >= self.wanted:
            return MonthState.DONE
        return MonthState.MISSED if self.today > self.last else MonthState.OPEN

    @property
    def level(self) -> AlertLevel:
        if self.state == MonthState.DONE:
            return AlertLevel.GREEN
        return alert_level(self.last, self.today)


def months_due(since: date, until: date | None, today: date) -> tuple[date, ...]:
    """The first days of the months that owe a visit and have begun.

    依据：R-4-04 县级领导每月到村督查至少一次。从开始整顿算到销号；头尾两个月属于整顿的不足
    15 天的，不计应督查月，去了照样记录。
    """
    found = []
    month = month_of(since)
    while month.since <= today and (until is None or month.since < until):
        if _days_in(month, since, until) >= PART_MONTH_DAYS:
            found.append(month.since)
        month = month_of(month.until)
    return tuple(found)


def months_between(since: date | None, until: date | None, today: date) -> tuple[date, ...]:
    """The first days of all months of the rectification that have begun, the latest first."""
    if since is None:
        return ()
    last = min(today, until) if until else today
    found = []
    month = month_of(since)
    while month.since <= last:
        found.append(month.since)
        month = month_of(month.until)
    return tuple(reversed(found))


def months_back(today: date, count: int) -> tuple[date, ...]:
    """The first days of this month and of those before it."""
    return tuple(add_months(today.replace(day=1), -back) for back in range(count))


def _days_in(month: Period, since: date, until: date | None) -> int:
    begin = max(since, month.since)
    end = month.until if until is None else min(until, month.until)
    return (end - begin).days


def months_of_case(
    since: date,
    until: date | None,
    visited_on: Collection[date],
    today: date,
    *,
    wanted: int = VISITS_A_MONTH,
) -> tuple[MonthDue, ...]:
    """Every month that owes a visit, with the visits made in it, the latest first."""
    return tuple(
        MonthDue(first, sum(day in month_of(first) for day in visited_on), today, wanted)
        for first in reversed(months_due(since, until, today))
    )


def missed(months: Iterable[MonthDue]) -> tuple[MonthDue, ...]:
    return tuple(one for one in months if one.state == MonthState.MISSED)


def counted(months: Iterable[MonthDue]) -> tuple[int, int]:
    """IND-4-03: months with a visit, and months due. The present month counts once visited.

    A month that has not ended is not held against anybody.
    """
    judged = [one for one in months if one.state != MonthState.OPEN]
    return sum(one.state == MonthState.DONE for one in judged), len(judged)


def percent(part: int, of: int) -> str:
    """One decimal, half up (R-0-16); nothing where there is nothing to share."""
    if not of:
        return ""
    exact = Decimal(100 * part) / of
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


# --- after clearing -------------------------------------------------------------------------------


def follow_ups_due(cleared_on: date) -> tuple[date, ...]:
    """The days by which the village is looked at again, 3 and 6 months after clearing (4.5)."""
    return tuple(add_months(cleared_on, months) for months in FOLLOW_UP_MONTHS)


# --- a visit --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as it is written down."""

    happened_on: date
    since: date | None  # when the rectification began
    today: date
    is_twice: bool
    places: str
    talked_to: str
    found: str


NOT_YOURS = Refusal(
    "organization.visit.not_yours", "由联系这个村的县级领导本人登记，或由县委组织部代为登记"
)


def refuse_visit(facts: VisitFacts) -> tuple[Refusal, ...]:
    """A visit says where one was, whom one talked to, and what was found. 依据：R-4-04。"""
    refusals = []
    if facts.happened_on > facts.today:
        refusals.append(Refusal("organization.visit.to_come", "督查日期不能晚于今天"))
    if facts.since is None or facts.happened_on < facts.since:
        refusals.append(
            Refusal("organization.visit.too_early", "督查日期不能早于这个村开始整顿的日子")
        )
    if facts.is_twice:
        refusals.append(Refusal("organization.visit.twice", "这一天的督查已经登记过"))
    if not facts.places.strip():
        refusals.append(Refusal("organization.visit.places", "请写到了哪些地方"))
    if not facts.talked_to.strip():
        refusals.append(Refusal("organization.visit.talked_to", "请写和哪些人谈了话"))
    if not facts.found.strip():
        refusals.append(
            Refusal("organization.visit.found", "请写看到了什么问题，没有发现问题也请写明")
        )
    return tuple(refusals)


def soon(today: date) -> date:
    """Follow-up visits are told of a week before they are due."""
    return today + timedelta(days=WARN_DAYS)


def due_of_task(first: date) -> date:
    """A missed month is made good within a week of its end."""
    return month_of(first).last_day + timedelta(days=7)


AUDIT_TEXTS = {
    "organization.visit.made": "县级领导到村督查",
}
