"""How does a file go back to its owner with what is wrong beside every row?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from lingyan.common.cells import choice_key
from lingyan.common.sheet import (
    REASON_HEADING,
    CellError,
    RawSheet,
    Sheet,
    find_headings,
    merged_values,
)
from lingyan.common.workbook.cell_values import FIRST_REAL_DATE
from lingyan.common.workbook.pages import Styles, open_book, put, safe_title
from lingyan.common.workbook.reading import Workbook
from lingyan.common.workbook.whole_file import Target


def write_with_reasons(
    target: Target,
    workbook: Workbook,
    sheets: Sequence[Sheet],
    errors: Iterable[CellError],
    *,
    banner: str = "",
) -> None:
    """Write the same workbook back, wrong cells marked, with a last column 原因.

    Merged blocks come back unmerged with their value in every row, so nothing is lost when the
    corrected file is sent in again. No row is added, so that every number still holds: the banner
    stands above the reasons.
    """
    by_sheet: dict[str, list[CellError]] = defaultdict(list)
    for error in errors:
        by_sheet[error.sheet].append(error)
    titles: list[str] = []
    with open_book(target) as (book, styles):
        for raw in workbook.sheets.values():
            titles.append(safe_title(raw.name, titles))
            page = book.add_worksheet(titles[-1])
            if raw.hidden:
                page.hide()
            found = by_sheet[raw.name]
            # A hidden worksheet holds what the product itself remembers.
            said = "" if raw.hidden else banner
            _write_sheet(page, styles, raw, _definition(raw, sheets), found, banner=said)


def _definition(raw: RawSheet, sheets: Sequence[Sheet]) -> Sheet | None:
    """The definition of that title, else the one whose headings fit best."""
    for sheet in sheets:
        if choice_key(raw.name) in (choice_key(sheet.title), choice_key(sheet.kind)):
            return sheet
    known = {sheet.kind: len(find_headings(raw, sheet).positions) for sheet in sheets}
    best = max(sheets, key=lambda sheet: known[sheet.kind], default=None)
    return best if best is not None and known[best.kind] else None


def _write_sheet(
    page: Any,
    styles: Styles,
    raw: RawSheet,
    sheet: Sheet | None,
    errors: Sequence[CellError],
    *,
    banner: str,
) -> None:
    heading_row = max(0, find_headings(raw, sheet).row) if sheet else 0
    reason_column = _reason_column(raw, heading_row)
    wrong = _wrong_cells(raw, sheet, errors) if sheet else set()
    reasons: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        named = f"{error.heading}：" if error.heading else ""
        reasons[error.row - 1].append(f"{named}{error.reason}，{error.mend}")
    merged = merged_values(raw, heading_row + 1)
    page.set_column(0, max(0, reason_column - 1), 14)
    page.set_column(reason_column, reason_column, 50)
    page.freeze_panes(heading_row + 1, 0)
    for index, row in enumerate(raw.rows):
        for position, value in enumerate(row):
            if position == reason_column:
                continue
            shown = merged.get((index, position)) if value is None else value
            base = styles.wrong if (index, position) in wrong else None
            if shown is None and base is not None:
                page.write_blank(index, position, None, base)
            put(page, index, position, _writable(shown), styles=styles, base=base)
        headed = index == heading_row and (errors or banner)
        parts = [REASON_HEADING, *filter(None, [banner])] if headed else []
        text = "；".join(parts + reasons.get(index, []))[:32_000]
        if text:
            style = styles.heading if index == heading_row else styles.reason
            page.write_string(index, reason_column, text, style)


def _reason_column(raw: RawSheet, heading_row: int) -> int:
    """The column 原因 of an earlier round is used again."""
    headings = raw.rows[heading_row] if raw.rows else ()
    for position, value in enumerate(headings):
        if isinstance(value, str) and value.startswith(REASON_HEADING):
            return position
    return max((len(row) for row in raw.rows), default=0)


def _wrong_cells(raw: RawSheet, sheet: Sheet, errors: Sequence[CellError]) -> set[tuple[int, int]]:
    positions = find_headings(raw, sheet).positions
    by_heading: Mapping[str, int] = {
        column.heading: positions[column.name]
        for column in sheet.columns
        if column.name in positions
    }
    return {
        (error.row - 1, by_heading[heading])
        for error in errors
        for heading in (error.heading, *error.heading.split("、"))
        if heading in by_heading
    }


def _writable(value: Any) -> Any:
    """A value that Excel can hold as it is, else its text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date) and value.timetuple()[:3] < FIRST_REAL_DATE.timetuple()[:3]:
        return value.isoformat()[:10]
    return value
