"""With which earlier time is a period compared, to the day?"""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.briefings.rules.periods import earlier, read_period
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
