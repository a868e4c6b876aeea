from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingyan.common.periods import (
    Deadline,
    Period,
    WorkingCalendar,
    add_days,
    add_months,
    add_years,
    full_months,
    full_years,
    half_year_of,
    month_of,
    over_before,
    parse_period,
    quarter_of,
    year_of,
)

pytestmark = pytest.mark.pure

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("due", "on", "today", "is_over"),
    [
        (date(2026, 3, 20), date(2026, 3, 20), date(2026, 3, 20), False),
        (date(2026, 3, 19), date(2026, 3, 20), date(2026, 3, 20), True),
        (date(2026, 3, 20), date(2026, 3, 20), date(2026, 3, 21), True),
        (date(2026, 3, 21), date(2026, 3, 20), date(2026, 3, 31), False),
        (date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1), True),
    ],
)
def test_a_due_day_is_over_the_day_after(due: date, on: date, today: date, is_over: bool) -> None:
    """R-0-01: what is done on its day is done in time, as long as that day lasts."""
    assert (due < over_before(on, today=today)) is is_over


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 6, 15), 12, date(2026, 6, 15)),
        (date(2026, 7, 31), 1, date(2026, 8, 31)),
        (date(2026, 8, 20), 3, date(2026, 11, 20)),
        (date(2026, 8, 20), 6, date(2027, 2, 20)),
        (date(2026, 8, 20), 12, date(2027, 8, 20)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_day(start: date, months: int, end: date) -> None:
    """R-0-05, R-0-06, A.5."""
    assert add_months(start, months) == end


def test_days_do_not_count_the_starting_day() -> None:
    assert add_days(date(2026, 1, 1), 10) == date(2026, 1, 11)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


@given(days, st.integers(-600, 600))
def test_full_months_undo_added_months(start: date, months: int) -> None:
    """A day is never lost; only the end of a short month may hold several starts."""
    end = add_months(start, months)

    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or add_months(end.replace(day=1), 1) - timedelta(days=1) == end
    if months >= 0:
        assert full_months(start, end) == months


@pytest.mark.parametrize(
    ("since", "until", "months", "years"),
    [
        (date(2025, 3, 15), date(2026, 3, 14), 11, 0),
        (date(2025, 3, 15), date(2026, 3, 15), 12, 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12, 1),
        (date(2026, 1, 31), date(2026, 2, 28), 1, 0),
        (date(2026, 3, 15), date(2025, 3, 15), -12, -1),
        (date(2026, 3, 15), date(2026, 3, 15), 0, 0),
    ],
)
def test_completed_months_and_years(since: date, until: date, months: int, years: int) -> None:
    assert full_months(since, until) == months
    assert full_years(since, until) == years


def test_a_notice_of_five_working_days_skips_the_holiday_and_the_weekend() -> None:
    """A.5: posted Monday 2026-06-15; Friday the 19th is Dragon Boat Festival."""
    end = WorkingCalendar().notice_end(date(2026, 6, 15), 5)

    assert end == Deadline(date(2026, 6, 23), provisional=False)


def test_the_county_may_count_the_posting_day() -> None:
    end = WorkingCalendar().notice_end(date(2026, 6, 15), 5, count_posting_day=True)

    assert end.on == date(2026, 6, 22)


def test_a_weekend_that_is_worked_counts() -> None:
    """Sunday 2026-01-04 makes up for the New Year holiday."""
    assert WorkingCalendar().is_working_day(date(2026, 1, 4))
    assert not WorkingCalendar().is_working_day(date(2026, 1, 2))


def test_a_year_without_published_holidays_is_provisional() -> None:
    """R-0-08: Monday to Friday, and every result that rests on it says 暂算."""
    end = WorkingCalendar().notice_end(date(2031, 6, 16), 5)

    assert end == Deadline(date(2031, 6, 23), provisional=True)
    assert end.text == "2031-06-23（暂算）"
    assert Deadline(date(2026, 6, 23)).text == "2026-06-23"


def test_a_notice_that_runs_into_an_unknown_year_is_provisional() -> None:
    assert not WorkingCalendar().notice_end(date(2026, 12, 21), 5).provisional
    assert WorkingCalendar().notice_end(date(2026, 12, 28), 5).provisional


def test_the_county_calendar_wins_over_the_published_one() -> None:
    calendar = WorkingCalendar({date(2026, 6, 16): False, date(2026, 6, 20): True})

    assert calendar.notice_end(date(2026, 6, 15), 5).on == date(2026, 6, 23)
    assert not calendar.is_working_day(date(2026, 6, 16))
    assert calendar.is_working_day(date(2026, 6, 20))


def test_a_year_entered_in_full_by_the_county_is_not_provisional() -> None:
    holiday = date(2031, 6, 18)
    calendar = WorkingCalendar({holiday: False}, seeded_years=frozenset({2031}))

    assert calendar.notice_end(date(2031, 6, 16), 5) == Deadline(date(2031, 6, 24))
    assert WorkingCalendar({holiday: False}).notice_end(date(2031, 6, 16), 5).provisional


def test_a_calendar_without_working_days_is_a_mistake_not_a_loop() -> None:
    start = date(2026, 1, 1)
    never = {start + timedelta(days=each): False for each in range(4000)}

    with pytest.raises(ValueError, match="too few working days"):
        WorkingCalendar(never).notice_end(start, 5)


@given(st.dates(date(2005, 1, 1), date(2035, 1, 1)), st.integers(1, 40))
def test_a_notice_holds_exactly_its_working_days(posted_on: date, count: int) -> None:
    calendar = WorkingCalendar()
    end = calendar.notice_end(posted_on, count).on
    between = [posted_on + timedelta(days=each) for each in range(1, (end - posted_on).days + 1)]

    assert sum(calendar.is_working_day(day) for day in between) == count
    assert calendar.is_working_day(end)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1)),
        ("2025-01-01..2026-01-23", date(2025, 1, 1), date(2026, 1, 24)),
        ("2026-01-23..2026-01-23", date(2026, 1, 23), date(2026, 1, 24)),
    ],
)
def test_periods_are_half_open(text: str, since: date, until: date) -> None:
    assert parse_period(text) == Period(since, until)


@pytest.mark.parametrize(
    "text",
    ["", "2026Q5", "2026-13", "26", "2026-01-01", "2026-02-01..2026-01-01", "..", "9999", "0000"],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_period(text) is None


def test_periods_around_a_day() -> None:
    """R-0-10."""
    day = date(2026, 11, 21)

    assert month_of(day) == Period(date(2026, 11, 1), date(2026, 12, 1))
    assert quarter_of(day) == Period(date(2026, 10, 1), date(2027, 1, 1))
    assert half_year_of(day) == Period(date(2026, 7, 1), date(2027, 1, 1))
    assert half_year_of(date(2026, 6, 30)).last_day == date(2026, 6, 30)
    assert day in year_of(day)
    assert date(2027, 1, 1) not in year_of(day)
