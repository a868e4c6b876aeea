"""Which day does a person mean by a date in one of the usual spellings?"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from lingyan.common.cell_text import DASHES, NOTHING, BadCell, cell_text

FULL_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
SIX_DIGITS = re.compile(r"(\d{4})(\d{2})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
FIRST_YEAR, LAST_YEAR = 1900, 2100
LAST_SERIAL = 73_415  # 2100-12-31
EXCEL_EPOCH = date(1899, 12, 30)


def read_date(value: Any, *, month_allowed: bool = False) -> date | None:
    """A real date, a number as Excel keeps dates, or text; None for text that says "nothing"."""
    if isinstance(value, datetime):
        return _reasonable(value.date())
    if isinstance(value, date):
        return _reasonable(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _date_of_number(float(value), month_allowed=month_allowed)
    text = unicodedata.normalize("NFKC", cell_text(value)).translate(DASHES).strip()
    if text in NOTHING or not text:
        return None
    return _date_of_text(text, month_allowed=month_allowed)


def _date_of_text(text: str, *, month_allowed: bool) -> date:
    if found := FULL_DATE.fullmatch(text) or EIGHT_DIGITS.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := MONTH.fullmatch(text) or SIX_DIGITS.fullmatch(text):
        if not month_allowed:
            raise _too_coarse("只有年月", "only a year and month")
        return _day(int(found[1]), int(found[2]), 1)
    if SERIAL.fullmatch(text):
        return _date_of_number(float(text), month_allowed=month_allowed)
    if re.fullmatch(r"\d{4}\s*年?", text):
        raise _too_coarse("只有年份", "only a year")
    raise BadCell(
        "看不懂的日期",
        "请写成 2026-11-21 的样子",
        "not a date",
        "write it like 2026-11-21",
    )


def _date_of_number(number: float, *, month_allowed: bool) -> date:
    if number.is_integer() and 10**7 <= number < 10**8:
        return _date_of_text(str(int(number)), month_allowed=month_allowed)
    if number.is_integer() and 10**5 <= number < 10**6:
        return _date_of_text(str(int(number)), month_allowed=month_allowed)
    if FIRST_YEAR <= number <= LAST_YEAR + 1:
        return _date_of_year_and_fraction(number, month_allowed=month_allowed)
    if 1 <= number < LAST_SERIAL + 1:
        whole = int(number)
        return EXCEL_EPOCH + timedelta(days=whole if whole > 59 else whole + 1)
    raise BadCell(
        "看不懂的日期",
        "请写成 2026-11-21 的样子",
        "not a date",
        "write it like 2026-11-21",
    )


def _date_of_year_and_fraction(number: float, *, month_allowed: bool) -> date:
    """2026.11 typed into a cell is a number to Excel; 2026.1 may be January or October.

    2026.2 can only be February: there is no month 20.
    """
    if number.is_integer():
        raise _too_coarse("只有年份", "only a year")
    year, _, fraction = f"{number:.10g}".partition(".")
    if fraction == "1" and month_allowed:
        raise BadCell(
            f"“{year}.1”分不清是 1 月还是 10 月",
            f"请写成 {year}-01 或 {year}-10",
            "January or October cannot be told apart",
            f"write {year}-01 or {year}-10",
        )
    return _date_of_text(f"{year}.{fraction}", month_allowed=month_allowed)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _reasonable(date(year, month, day))
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        raise BadCell(
            "没有这一天",
            "请核对年月日",
            "there is no such day",
            "check year, month and day",
        ) from error


def _reasonable(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadCell(
            f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
            "请核对年份",
            f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}",
            "check the year",
        )
    return day


def _too_coarse(reason: str, reason_en: str) -> BadCell:
    return BadCell(
        reason,
        "请写成 2026-11-21 的样子",
        reason_en,
        "write a full date like 2026-11-21",
    )
