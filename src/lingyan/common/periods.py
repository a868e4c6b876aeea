"""When does a period begin and end, and on which working day is a notice complete?"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

ONE_DAY = timedelta(days=1)
LONGEST_WALK = 3_660  # days; a notice that needs more is a mistake of ours
PUBLISHED_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


def add_months(day: date, months: int) -> date:
    """The corresponding day, or the last day of a month that has no such day (R-0-06)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    return add_months(day, years * 12)


def add_days(day: date, days: int) -> date:
    """The last day of a period of days; the starting day is not counted (R-0-05)."""
    return day + timedelta(days=days)


def full_months(since: date, until: date) -> int:
    """How many whole months lie between two days; negative if `until` comes first."""
    if until < since:
        return -full_months(until, since)
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1


def full_years(since: date, until: date) -> int:
    """Completed years, such as an age or years of Party membership."""
    months = full_months(since, until)
    return months // 12 if months >= 0 else -(-months // 12)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that was computed, and whether it rests on a calendar not yet published."""

    on: date
    provisional: bool = False

    @property
    def text(self) -> str:
        return f"{self.on.isoformat()}（暂算）" if self.provisional else self.on.isoformat()


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: the county's own entries first, then the published calendar.

    依据：R-0-08 县工作日表优先；该年没有放假安排时按周一至周五推算，结果标注“暂算”。
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    seeded_years: frozenset[int] = frozenset()  # years that the county has entered in full

    def is_working_day(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        published = _published(day)
        return day.weekday() < 5 if published is None else published

    def is_provisional(self, day: date) -> bool:
        known = day in self.overrides or day.year in self.seeded_years
        return not known and _published(day) is None

    def add_working_days(self, day: date, count: int) -> Deadline:
        """The count-th working day after `day`."""
        assert count > 0, "a period of no working days has no end"
        provisional = False
        for _ in range(LONGEST_WALK):
            day += ONE_DAY
            provisional = provisional or self.is_provisional(day)
            if self.is_working_day(day):
                count -= 1
            if not count:
                return Deadline(day, provisional)
        raise ValueError("the calendar has too few working days")

    def notice_end(
        self, posted_on: date, working_days: int, *, count_posting_day: bool = False
    ) -> Deadline:
        """The day at whose end a public notice is complete.

        依据：R-0-09 公示 n 个工作日，张贴当日不计，第 n 个工作日结束时期满。
        """
        start = posted_on - ONE_DAY if count_posting_day else posted_on
        return self.add_working_days(start, working_days)


def _published(day: date) -> bool | None:
    """Worked or not by the State Council's notice; None where none is known."""
    if day.year not in PUBLISHED_YEARS:
        return None
    return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: `until` is the first day that no longer belongs to it."""

    since: date
    until: date

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until

    @property
    def last_day(self) -> date:
        return self.until - ONE_DAY


def over_before(on: date, *, today: date) -> date:
    """What was due before this day is past its time, as far as it is counted: up to `on`.

    依据：R-0-01、R-0-05 限期当日办的为按期；今天还没有过完，今天到期的还不算超期。
    """
    return min(on + ONE_DAY, today)


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, add_months(first, 1))


def quarter_of(day: date) -> Period:
    """Quarters are calendar quarters (R-0-10)."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, add_months(first, 3))


def half_year_of(day: date) -> Period:
    """每半年 runs from 1 January and from 1 July (R-0-10)."""
    first = date(day.year, 1 if day.month <= 6 else 7, 1)
    return Period(first, add_months(first, 6))


def year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))


def parse_period(text: str) -> Period | None:
    """2026, 2026Q1, 2026-03 or 2025-01-01..2026-01-23 (the last day included); None if neither."""
    try:
        if found := re.fullmatch(r"(\d{4})", text):
            return year_of(date(int(found[1]), 1, 1))
        if found := re.fullmatch(r"(\d{4})[Qq]([1-4])", text):
            return quarter_of(date(int(found[1]), int(found[2]) * 3, 1))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return month_of(date(int(found[1]), int(found[2]), 1))
        first, separator, last = text.partition("..")
        period = Period(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY)
    except (ValueError, OverflowError):
        return None
    return period if separator and period.since < period.until else None
