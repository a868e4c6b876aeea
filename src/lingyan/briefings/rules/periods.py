"""Which period does somebody mean by 去年以来, 2026Q1 or 2025-01-01..2026-01-23, and with which is
it compared?
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.common.periods import (
    ONE_DAY,
    Period,
    add_months,
    add_years,
    half_year_of,
    month_of,
    parse_period,
    quarter_of,
    year_of,
)
from lingyan.common.refusals import Refusal, Refused
from lingyan.platform.indicators.definitions import PeriodKind
from lingyan.platform.indicators.registry import AHEAD, BAD_PERIOD

BEGINNING = date(2000, 1, 1)
EARLIEST = date(1950, 1, 1)  # what lies before is a slip of the finger
BAD_DAY = Refusal("indicators.bad_day", "看不出统计日，请写成 2026-01-23 这样的日期")


class Span(Choice):
    """Periods that end with the day as at which is counted. 依据：R-0-11。"""

    SINCE_LAST_YEAR = "since_last_year", "去年以来"
    SINCE_THIS_YEAR = "since_this_year", "今年以来"
    THIS_QUARTER = "this_quarter", "本季度"
    THIS_MONTH = "this_month", "本月"
    LAST_MONTH = "last_month", "上月"
    LAST_YEAR = "last_year", "去年全年"
    EVER = "ever", "累计"


USUAL = Span.SINCE_LAST_YEAR


@dataclass(frozen=True, slots=True)
class Told:
    """A period and the day as at which is counted: its last day, or today where that is ahead."""

    period: Period
    on: date
    code: str  # as an address says it
    label: str

    @property
    def dates(self) -> str:
        if self.period.since == BEGINNING:
            return f"至 {self.period.last_day}"
        return f"{self.period.since} 至 {self.period.last_day}"


def read_day(text: str, *, today: date) -> date:
    """The day as at which is counted; today where none is said."""
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        raise Refused((BAD_DAY,)) from None
    if on < EARLIEST:
        raise Refused((BAD_DAY,))
    if on > today:
        raise Refused((AHEAD,))
    return on


def read_period(text: str, *, today: date, on: date | None = None) -> Told:
    """By its word or its code, or by its dates; refused where it makes no sense or lies ahead.

    依据：R-0-11 去年以来 = 上一年 1 月 1 日到统计日。
    """
    text, day = text.strip(), on or today
    for one in Span:
        if text in (one.value, one.label):
            return _ending(one, day)
    period = parse_period(text)
    if period is None or period.since < EARLIEST:
        raise Refused((BAD_PERIOD,))
    if period.since > today:
        raise Refused((AHEAD,))
    return Told(period, min(period.last_day, today), text, said_of(period))


def _ending(span: Span, on: date) -> Told:
    this, last = date(on.year, 1, 1), date(on.year - 1, 1, 1)
    whole = {
        Span.LAST_MONTH: month_of(on.replace(day=1) - ONE_DAY),
        Span.LAST_YEAR: year_of(last),
    }
    if span in whole:
        return Told(whole[span], whole[span].last_day, span.value, span.label)
    since = {
        Span.SINCE_LAST_YEAR: last,
        Span.SINCE_THIS_YEAR: this,
        Span.THIS_QUARTER: quarter_of(on).since,
        Span.THIS_MONTH: month_of(on).since,
        Span.EVER: BEGINNING,
    }[span]
    return Told(Period(since, on + ONE_DAY), on, span.value, span.label)


def as_far_as(whole: Period, on: date) -> Told:
    """A month or a year as a trend shows it, as far as it had gone on that day."""
    found = whole if on >= whole.last_day else Period(whole.since, on + ONE_DAY)
    return Told(found, found.last_day, text_of(found), said_of(whole))


def said_of(period: Period) -> str:
    """2026年, 2026年第1季度, 2026年3月, or its two days."""
    since = period.since
    if period == year_of(since):
        return f"{since.year}年"
    if period == half_year_of(since):
        return f"{since.year}年{'上' if since.month == 1 else '下'}半年"
    if period == quarter_of(since):
        return f"{since.year}年第{(since.month + 2) // 3}季度"
    if period == month_of(since):
        return f"{since.year}年{since.month}月"
    return f"{since} 至 {period.last_day}"


def text_of(period: Period) -> str:
    """As `parse_period` reads it again."""
    since = period.since
    if period == year_of(since):
        return f"{since.year}"
    if period == month_of(since):
        return f"{since:%Y-%m}"
    return f"{since}..{period.last_day}"


# --- with what it is compared ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """An earlier time of the same length, and what it is called."""

    label: str
    told: Told


def earlier(told: Told, kind: PeriodKind) -> list[Compared]:
    """The period before, where the calendar has one, and the same of last year.

    A period that still runs is compared with the same part of the earlier one.
    """
    if kind == PeriodKind.OF_DAY:
        return [
            Compared("上月同日", _of_day(add_months(told.on, -1))),
            Compared("去年同日", _of_day(add_years(told.on, -1))),
        ]
    if kind == PeriodKind.OF_YEAR:
        return [Compared("去年同日", _of_day(add_years(told.on, -1)))]
    if told.period.since == BEGINNING:
        return []
    found = []
    if months := LENGTHS.get(told.code) or _months_of(told.period):
        found.append(Compared("上年同期" if months == 12 else "上期", _moved(told, months)))
    if months != 12:
        found.append(Compared("上年同期", _moved(told, 12)))
    return found


def _of_day(on: date) -> Told:
    return Told(Period(date(on.year, 1, 1), on + ONE_DAY), on, "", str(on))


# Of those that run from the beginning of something: 今年以来 stays a year on 20 January too.
LENGTHS = {
    Span.THIS_MONTH.value: 1,
    Span.THIS_QUARTER.value: 3,
    Span.SINCE_THIS_YEAR.value: 12,
}


def _months_of(period: Period) -> int:
    """How many months a calendar period has of which one follows the other; 0 for another one."""
    since = period.since
    for length, of in ((1, month_of), (3, quarter_of), (6, half_year_of), (12, year_of)):
        whole = of(since)
        if whole.since == since and period.until <= whole.until:
            return length
    return 0


def _moved(told: Told, months: int) -> Told:
    """To the corresponding day, or to the end of a month that has no such day (R-0-06)."""
    until = told.on + ONE_DAY
    until = max(add_months(until, -months), add_months(told.on, -months) + ONE_DAY)
    period = Period(add_months(told.period.since, -months), until)
    return Told(period, period.last_day, text_of(period), said_of(period))
