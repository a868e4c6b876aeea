"""How do rows become a workbook that imports back to the same?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lingyan.common.sheet import Sheet
from lingyan.common.workbook.cell_values import csv_text, heading_of, written
from lingyan.common.workbook.pages import (
    ROWS_TO_FILL,
    add_rules,
    open_book,
    put,
    start_page,
)
from lingyan.common.workbook.versions import Origin, Sign, VersionsPage, keeping
from lingyan.common.workbook.whole_file import Target, whole_file

Row = Mapping[str, Any]


def write_rows(
    target: Target,
    sheet: Sheet,
    rows: Iterable[Row],
    *,
    banner: str = "",
    kept: tuple[Origin, Sign] | None = None,
) -> int:
    """Stream rows to .xlsx, or to .csv if the file is called so; says how many there were."""
    if isinstance(target, str | Path) and Path(target).suffix.lower() == ".csv":
        return write_csv(target, sheet, rows, banner=banner)
    return write_book(target, [(sheet, rows)], banner=banner, kept=kept)


def write_book(
    target: Target,
    parts: Iterable[tuple[Sheet, Iterable[Row]]],
    *,
    banner: str = "",
    kept: tuple[Origin, Sign] | None = None,
) -> int:
    """Write one worksheet after the other, each streamed; says how many rows there were in all.

    With `kept` the first one is also kept as it went out, for when it comes back.
    """
    count = 0
    with open_book(target) as (book, styles):
        for sheet, rows in parts:
            page = book.add_worksheet(sheet.title)
            versions = VersionsPage(book, sheet, *kept) if kept else None
            kept = None
            first = row = start_page(page, styles, sheet, banner)
            for values in keeping(rows, versions):
                for position, column in enumerate(sheet.columns):
                    value = written(column, values.get(column.name))
                    if value is not None:
                        put(page, row, position, value, styles=styles)
                row += 1
            add_rules(book, page, sheet, range(first, row + ROWS_TO_FILL), hints=False)
            count += row - first
    return count


def write_csv(target: Target, sheet: Sheet, rows: Iterable[Row], *, banner: str = "") -> int:
    """Write UTF-8 with a byte order mark, as Excel wants it, formulas disarmed."""
    count = 0
    with _text(target) as stream:
        writer = csv.writer(stream)
        if banner:
            writer.writerow([csv_text(banner)])
        writer.writerow([heading_of(column) for column in sheet.columns])
        for values in rows:
            writer.writerow(
                [csv_text(written(column, values.get(column.name))) for column in sheet.columns]
            )
            count += 1
    return count


@contextmanager
def _text(target: Target) -> Iterator[Any]:
    with whole_file(target) as stream:
        wrapper = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        try:
            yield wrapper
        finally:
            wrapper.flush()
            wrapper.detach()
