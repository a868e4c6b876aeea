"""Where is a cell wrong, why, and how is it mended?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lingyan.common.cell_text import BadCell, cell_text, shorten


@dataclass(frozen=True, slots=True)
class CellError:
    file: str
    sheet: str
    row: int  # the row number that Excel shows; 0 for the sheet or file as a whole
    heading: str
    value: str
    reason: str
    mend: str
    reason_en: str = ""
    mend_en: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    sheet: str

    def error(self, row: int, heading: str, value: str, flaw: BadCell) -> CellError:
        return CellError(
            self.file,
            self.sheet,
            row,
            heading,
            shorten(value),
            flaw.reason,
            flaw.mend,
            flaw.reason_en,
            flaw.mend_en,
        )


def shown(value: Any) -> str:
    """What a person sees in a cell, whatever it is; for messages and headings."""
    try:
        return cell_text(value)
    except BadCell:
        return str(value)


def describe(error: CellError, lang: str = "zh") -> str:
    """One sentence with the place, the value, the reason and the mend; 0 is no row of a file."""
    if lang == "en":
        sheet = f' "{error.sheet}"' if error.sheet else ""
        row = f" row {error.row}" if error.row else ""
        cell = f' column "{error.heading}"' if error.heading else ""
        value = f' ("{error.value}")' if error.value else ""
        reason, mend = error.reason_en or error.reason, error.mend_en or error.mend
        return f"{error.file}{sheet}{row}{cell}{value}: {reason}; {mend}."
    sheet = f"“{error.sheet}”" if error.sheet else ""
    row = f"第 {error.row} 行" if error.row else ""
    cell = f"“{error.heading}”" if error.heading else ""
    value = f"（{error.value}）" if error.value else ""
    return f"{error.file}{sheet}{row}{cell}{value}：{error.reason}。{error.mend}。"
