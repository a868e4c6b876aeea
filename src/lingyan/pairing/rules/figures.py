"""Which period does a figure of pairing look at, and how is it written in a text?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.common.periods import ONE_DAY, Period, year_of
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE

OPENERS = (
    *STAFF, *LEADER, "county_agency_committee", "county_agri", "county_finance", *TOWN,
    "town_leader", *UNIT, *VILLAGE, *POSTED, "upper_viewer",
)  # fmt: skip
READERS = (*OPENERS, "county_office")  # who reads figures only opens no record
BEGINNING = date(2000, 1, 1)


class Span(Choice):
    """依据：R-0-11 去年以来、今年以来。"""

    SINCE_LAST_YEAR = "since_last_year", "去年以来"
    SINCE_THIS_YEAR = "since_this_year", "今年以来"
    LAST_YEAR = "last_year", "去年全年"
    EVER = "ever", "累计"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day as at which is counted, and the period that ends with it."""

    on: date
    period: Period
    label: str


def as_of(on: date, span: str) -> AsOf:
    """依据：R-0-11 去年以来 = 上一年 1 月 1 日到统计日。"""
    chosen = Span(span) if span in {one.value for one in Span} else Span.SINCE_LAST_YEAR
    this, last = date(on.year, 1, 1), date(on.year - 1, 1, 1)
    since = {
        Span.SINCE_LAST_YEAR: last,
        Span.SINCE_THIS_YEAR: this,
        Span.LAST_YEAR: last,
        Span.EVER: BEGINNING,
    }[chosen]
    until = year_of(last).until if chosen == Span.LAST_YEAR else on + ONE_DAY
    return AsOf(on, Period(since, until), chosen.label)
