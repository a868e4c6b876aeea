"""Which month does a page speak of?"""

from __future__ import annotations

from django.http import HttpRequest

from lingyan.common import clock
from lingyan.common.periods import Period, month_of, parse_period


def asked_month(request: HttpRequest) -> Period:
    """`?month=2026-03`; without it, or where it cannot be read, the month of today."""
    found = parse_period(request.GET.get("month", ""))
    if found is None or found != month_of(found.since):
        return month_of(clock.today())
    return found


def month_words(month: Period) -> str:
    """2026 年 3 月, as filters and headings call it."""
    return f"{month.since.year} 年 {month.since.month} 月"


def month_key(month: Period) -> str:
    return f"{month.since:%Y-%m}"
