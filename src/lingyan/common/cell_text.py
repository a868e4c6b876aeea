"""What does a cell show as text, and how is text kept from becoming a formula?"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

EXACT_UP_TO = 10**15  # Excel keeps fifteen digits of a number
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
NOTHING = frozenset(("无", "没有", "/", "／", "\\", "-", "--", "—", "——", "－", "N/A", "n/a"))
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
BLANKS = re.compile(r"\s+")
DASHES = str.maketrans("\u2010\u2011\u2013\u2014\u2212", "-----")


class BadCell(ValueError):  # noqa: N818 - names what was found
    """A cell means nothing that the column could hold."""

    def __init__(self, reason: str, mend: str, reason_en: str, mend_en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend
        self.reason_en = reason_en
        self.mend_en = mend_en


def clean(text: str) -> str:
    """Trimmed, with one kind of line end and nothing that cannot be seen."""
    if text.isalnum():
        return text
    text = INVISIBLE.sub("", LINE_ENDS.sub("\n", text)).replace("\xa0", " ")
    return text.strip()


def escape(text: str) -> str:
    """An apostrophe before whatever a spreadsheet program would run as a formula."""
    return "'" + text if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescape(text: str) -> str:
    """Take the apostrophe of `escape` away again."""
    if text[:1] == "'" and text.lstrip("'").startswith(FORMULA_STARTS):
        return text[1:]
    return text


def cell_text(value: Any) -> str:
    """What the cell shows, as text."""
    if isinstance(value, str):
        return clean(unescape(value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "" if value is None else str(value)


def _number_text(value: float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadCell("数值超出范围", "请重新填写", "the number is out of range", "retype it")
        if not value.is_integer():
            return f"{value:.15g}"
    whole = int(value)
    if abs(whole) >= EXACT_UP_TO:
        raise lost_digits()
    return str(whole)


def lost_digits() -> BadCell:
    return BadCell(
        "长数字被存成了数值，末几位已丢失",
        "请把该列设为文本格式后重新填写",
        "a long number was stored as a number and has lost its last digits",
        "set the column to text format and type it again",
    )


def compact(value: Any) -> str:
    """Half-width, without blanks: for codes, numbers and choices."""
    text = cell_text(value)
    if text.isascii():
        return BLANKS.sub("", text) if " " in text or "\n" in text or "\t" in text else text
    return BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(DASHES)


def shorten(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
