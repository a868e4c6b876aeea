"""How does an empty workbook tell people what to fill in?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from lingyan.common.cell_text import BadCell
from lingyan.common.sheet import Column, Sheet, read_value
from lingyan.common.workbook.cell_values import written
from lingyan.common.workbook.finding import GUIDANCE_TITLE
from lingyan.common.workbook.pages import (
    KIND_HINTS,
    ROWS_TO_FILL,
    Styles,
    add_rules,
    open_book,
    put,
    start_page,
)
from lingyan.common.workbook.whole_file import Target

ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
GENERAL_GUIDANCE = (
    "带 * 的列必填，其余可以空着；可以整列删去，也可以调换列的次序，但不要改表头的文字。",
    "以“示例：”开头的一行是样子，不会导入，可以删去。",
    "日期写成 2026-11-21、2026/11/21、2026.11.21 或 2026年11月21日都可以。",
    "一格填多项时用顿号隔开。",
)


def write_template(target: Target, sheets: Sequence[Sheet], *, banner: str = "") -> None:
    """Write an empty workbook with guidance, drop-downs and one example row for each sheet."""
    with open_book(target) as (book, styles):
        book.set_properties({"created": ANY_DAY})  # the same template is the same file
        _write_guidance(book, styles, sheets, banner)
        for index, sheet in enumerate(sheets):
            page = book.add_worksheet(sheet.title)
            row = start_page(page, styles, sheet, banner)
            for position, value in enumerate(_example(sheet)):
                base = styles.example_day if isinstance(value, date) else styles.example
                put(page, row, position, value, styles=styles, base=base)
            add_rules(book, page, sheet, range(row, row + ROWS_TO_FILL), hints=True)
            if index == 0:
                page.activate()


def _example(sheet: Sheet) -> list[Any]:
    """The first cell says 示例, so that the row is never taken for data."""
    cells: list[Any] = [_example_value(column) for column in sheet.columns]
    return [f"示例：{sheet.columns[0].example}", *cells[1:]]


def _example_value(column: Column) -> Any:
    try:
        return written(column, read_value(column, column.example))
    except BadCell:
        return column.example


def _write_guidance(book: Any, styles: Styles, sheets: Sequence[Sheet], banner: str) -> None:
    page = book.add_worksheet(GUIDANCE_TITLE)
    for position, width in enumerate((14, 18, 8, 44, 44, 24)):
        page.set_column(position, position, width)
    lines = ([banner] if banner else []) + [GUIDANCE_TITLE, *GENERAL_GUIDANCE]
    row = 0
    for index, line in enumerate(lines):
        is_title = line in (banner, GUIDANCE_TITLE) and index < 2
        page.write_string(row, 0, line, styles.banner if is_title else None)
        row += 1
    if banner:
        page.set_header("&C" + banner.replace("&", "&&"))
    for sheet in sheets:
        row = _write_guidance_of(page, styles, sheet, row + 1)


def _write_guidance_of(page: Any, styles: Styles, sheet: Sheet, row: int) -> int:
    page.write_string(row, 0, f"工作表“{sheet.title}”", styles.banner)
    row += 1
    for line in sheet.guidance:
        page.write_string(row, 0, line)
        row += 1
    for position, heading in enumerate(("工作表", "列", "必填", "怎样填", "可选内容", "示例")):
        page.write_string(row, position, heading, styles.heading)
    for column in sheet.columns:
        row += 1
        choices = "、".join(label for _, label in column.choices)
        hint = column.hint or KIND_HINTS.get(column.kind, "")
        required = "必填" if column.required else ""
        texts = (sheet.title, column.heading, required, hint, choices, column.example)
        for position, text in enumerate(texts):
            page.write_string(row, position, text, styles.wrapped)
    return row + 1
