"""With which earlier time is a period compared, to the day?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lingyan.briefings.rules.periods import earlier, read_day, read_period
from lingyan.common.refusals import Refused
from lingyan.platform.indicators.definitions import PeriodKind


def compared(asked: str, on: date) -> list[tuple[str, str]]:
    told = read_period(asked, today=on, on=on)
    return [(one.label, one.told.code) for one in earlier(told, PeriodKind.OF_PERIOD)]


@pytest.mark.parametrize(
    ("asked", "on", "found"),
    [
        # To the corresponding day, also where the day after it is none of the earlier month.
        ("本月", date(2026, 3, 28), [("上期", "2026-02"), ("上年同期", "2025-03-01..2025-03-28")]),
        ("本月", date(2026, 3, 27),
         [("上期", "2026-02-01..2026-02-27"), ("上年同期", "2025-03-01..2025-03-27")]),
        ("今年以来", date(2024, 2, 28), [("上年同期", "2023-01-01..2023-02-28")]),
        ("2026-03", date(2026, 4, 9), [("上期", "2026-02"), ("上年同期", "2025-03")]),
        # 今年以来 is a year and 本季度 a quarter in their first month too.
        ("今年以来", date(2026, 1, 23), [("上年同期", "2025-01-01..2025-01-23")]),
        ("今年以来", date(2026, 5, 4), [("上年同期", "2025-01-01..2025-05-04")]),
        ("本季度", date(2026, 4, 20),
         [("上期", "2026-01-01..2026-01-20"), ("上年同期", "2025-04-01..2025-04-20")]),
        ("2026Q1", date(2026, 2, 10),
         [("上期", "2025-10-01..2025-11-10"), ("上年同期", "2025-01-01..2025-02-10")]),
        ("2025", date(2026, 1, 23), [("上年同期", "2024")]),
        ("去年以来", date(2026, 1, 23), [("上年同期", "2024-01-01..2025-01-23")]),
        ("累计", date(2026, 1, 23), []),
    ],
)  # fmt: skip
def test_a_period_is_compared_with_the_same_part_of_an_earlier_one(
    asked: str, on: date, found: list[tuple[str, str]]
) -> None:
    assert compared(asked, on) == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (PeriodKind.OF_DAY, [("上月同日", "2026-02-28"), ("去年同日", "2025-03-31")]),
        (PeriodKind.OF_YEAR, [("去年同日", "2025-03-31")]),
    ],
)
def test_what_is_counted_on_a_day_is_compared_with_the_same_day_of_before(
    kind: PeriodKind, found: list[tuple[str, str]]
) -> None:
    told = read_period("2026-03", today=date(2026, 4, 9))
    compared = [(one.label, str(one.told.on)) for one in earlier(told, kind)]
    assert compared == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026", "2026年"), ("2025-07-01..2025-12-31", "2025年下半年"),
        ("2025Q4", "2025年第4季度"), ("2026-03", "2026年3月"),
    ],
)  # fmt: skip
def test_a_period_is_said_in_words(text: str, said: str) -> None:
    assert read_period(text, today=date(2026, 4, 9)).label == said


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (read_day, "2026-02-30", "bad_day"), (read_day, "1899-12-31", "bad_day"),
        (read_day, "2026-04-10", "ahead"), (read_period, "2026-13", "bad_period"),
        (read_period, "1899", "bad_period"), (read_period, "2027", "ahead"),
    ],
)  # fmt: skip
def test_a_day_that_is_none_or_lies_ahead_is_refused(
    read: Callable[..., object], text: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(text, today=date(2026, 4, 9))
    assert [one.code.rpartition(".")[2] for one in refused.value.refusals] == [code]
    assert read_day("", today=date(2026, 4, 9)) == date(2026, 4, 9)
