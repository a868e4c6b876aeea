"""How does a worksheet of ours look: widths, headings, formats, drop-downs?"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from lingyan.common.cell_text import EXACT_UP_TO, FORMULA_STARTS, clean, escape
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.common.workbook.cell_values import heading_of
from lingyan.common.workbook.finding import CHOICES_TITLE
from lingyan.common.workbook.whole_file import Target, whole_file

TEXT_KINDS = frozenset(Kind) - {
    Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.CHOICE, Kind.BOOLEAN
}  # fmt: skip
ROWS_TO_FILL = 2_000  # drop-downs reach that far below the last row
LIST_IN_CELL = 255
LONG = 10_000  # a column that may hold so many letters holds whole texts
LONG_WIDTH = 60
FORBIDDEN_IN_TITLE = str.maketrans("[]:*?/\\", "       ")
KIND_HINTS = {
    Kind.INTEGER: "填整数，不带单位",
    Kind.DECIMAL: "填数字，不带单位",
    Kind.DATE: "填日期，如 2026-11-21",
    Kind.CHOICE: "从下拉列表中选择",
    Kind.MULTI_CHOICE: "可填多项，用顿号隔开",
    Kind.BOOLEAN: "填“是”或“否”",
    Kind.ID_NUMBER: "填 18 位公民身份号码",
    Kind.REFERENCES: "可填多个，用顿号隔开",
    Kind.PHONE: "手机填 11 位，座机填区号-号码",
}


@dataclass(frozen=True, slots=True)
class Styles:
    """The few formats that our sheets use."""

    heading: Any
    required: Any
    text: Any
    long: Any  # wrapped: a line that runs out of its cell makes a printed page unreadably small
    other: Any
    quoted: Any  # text that a spreadsheet program must never run as a formula
    day: Any
    moment: Any
    example: Any
    example_day: Any
    banner: Any
    wrong: Any
    reason: Any
    wrapped: Any


@contextmanager
def open_book(target: Target) -> Iterator[tuple[Any, Styles]]:
    """Open a workbook that keeps one row in memory; after a mistake nothing is written."""
    with whole_file(target) as stream:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "remove_timezone": True})
        try:
            yield book, _styles(book)
        except BaseException:
            book.filename = io.BytesIO()  # closing frees its temporary files
            raise
        finally:
            book.close()


def _styles(book: Any) -> Styles:
    heading = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True}
    middle, top = {"valign": "vcenter"}, {"valign": "top"}
    grey = {"italic": True, "font_color": "#7F7F7F"}
    return Styles(
        heading=book.add_format(heading | middle),
        required=book.add_format(heading | middle | {"bg_color": "#FBE3D6"}),
        text=book.add_format({"num_format": "@"} | top),
        long=book.add_format({"num_format": "@", "text_wrap": True} | top),
        other=book.add_format(top),
        quoted=book.add_format({"num_format": "@", "quote_prefix": True}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        example=book.add_format(grey),
        example_day=book.add_format(grey | {"num_format": "yyyy-mm-dd", "align": "left"}),
        banner=book.add_format({"bold": True, "font_color": "#C00000", "font_size": 12}),
        wrong=book.add_format({"bg_color": "#FFD7D7"}),
        reason=book.add_format({"font_color": "#C00000", "text_wrap": True}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
    )


def start_page(page: Any, styles: Styles, sheet: Sheet, banner: str) -> int:
    """Widths, page header, banner and headings; returns the first row for data."""
    heading_row = 1 if banner else 0
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, _width(column), _column_format(column, styles))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, heading_row)
    page.freeze_panes(heading_row + 1, 0)
    if banner:
        page.set_header("&C" + banner.replace("&", "&&"))
        put(page, 0, 0, banner, styles=styles, base=styles.banner)
    for position, column in enumerate(sheet.columns):
        style = styles.required if column.required else styles.heading
        page.write_string(heading_row, position, heading_of(column), style)
    return heading_row + 1


def _width(column: Column) -> int:
    by_kind = {Kind.ID_NUMBER: 21, Kind.CODE: 16, Kind.PHONE: 15, Kind.DATE: 13, Kind.TEXT: 18}
    if _is_long(column):
        return LONG_WIDTH
    shown = max(_cells_wide(heading_of(column)), _cells_wide(column.example))
    return min(40, max(by_kind.get(column.kind, 11), shown + 2))


def _cells_wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _column_format(column: Column, styles: Styles) -> Any:
    """Text columns keep leading zeros and long numbers as typed."""
    if column.kind is Kind.DATE:
        return styles.day
    if column.kind in TEXT_KINDS:
        return styles.long if _is_long(column) else styles.text
    return styles.other


def _is_long(column: Column) -> bool:
    return column.kind is Kind.TEXT and column.max_length > LONG


def put(
    page: Any, row: int, position: int, value: Any, *, styles: Styles, base: Any = None
) -> None:
    """Write one cell by the type of its value; text is never a formula or a link."""
    if isinstance(value, str):
        dangerous = value.lstrip("'").startswith(FORMULA_STARTS)
        text = escape(clean(value)) if value[:1] == "'" else clean(value)
        page.write_string(row, position, text, styles.quoted if dangerous else base)
    elif isinstance(value, bool):
        page.write_boolean(row, position, value, base)
    elif isinstance(value, datetime):
        page.write_datetime(row, position, value, base or styles.moment)
    elif isinstance(value, date):
        page.write_datetime(row, position, value, base or styles.day)
    elif isinstance(value, (time, timedelta)):
        page.write_string(row, position, str(value), base)
    elif value is not None:
        page.write_number(row, position, value, base)


def add_rules(book: Any, page: Any, sheet: Sheet, rows: range, *, hints: bool) -> None:
    """Drop-downs and limits; in templates also a hint beside the cell that is being filled in."""
    for position, column in enumerate(sheet.columns):
        rule = _rule(book, column)
        message = column.hint or KIND_HINTS.get(column.kind, "")
        if hints and message:
            rule |= {"input_title": column.heading[:32], "input_message": message[:255]}
        if rule:
            rule = {"validate": "any"} | rule
            page.data_validation(rows[0], position, rows[-1], position, rule)


def _rule(book: Any, column: Column) -> dict[str, Any]:
    error = {"error_title": "请核对", "ignore_blank": True}
    if column.kind is Kind.CHOICE and column.choices:
        labels = [label for _, label in column.choices]
        message = "请从下拉列表中选择"
        source = _list_source(book, labels)
        return {"validate": "list", "source": source, "error_message": message} | error
    if column.kind is Kind.BOOLEAN:
        message = "请填“是”或“否”"
        return {"validate": "list", "source": ["是", "否"], "error_message": message} | error
    if column.kind is Kind.INTEGER:
        low = -EXACT_UP_TO if column.minimum is None else column.minimum
        high = EXACT_UP_TO if column.maximum is None else column.maximum
        rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        message = "请填整数" if column.minimum is None else f"请填不小于 {low} 的整数"
        if column.minimum is not None and column.maximum is not None:
            message = f"请填 {low} 至 {high} 的整数"
        return rule | {"error_message": message} | error
    return {}


def _list_source(book: Any, labels: Sequence[str]) -> Any:
    """The labels themselves, or a hidden sheet where Excel's 255 characters are not enough."""
    in_cell = ",".join(labels)
    if len(in_cell) <= LIST_IN_CELL and not any(mark in "".join(labels) for mark in ',"='):
        return list(labels)
    page = book.get_worksheet_by_name(CHOICES_TITLE)
    if page is None:
        page = book.add_worksheet(CHOICES_TITLE)
        page.hide()
        page.next_row = 0
    first = page.next_row
    for label in labels:
        page.write_string(page.next_row, 0, label)
        page.next_row += 1
    return f"={CHOICES_TITLE}!$A${first + 1}:$A${page.next_row}"


def safe_title(name: str, taken: Iterable[str] = ()) -> str:
    """A worksheet name that Excel accepts."""
    base = clean(name.translate(FORBIDDEN_IN_TITLE)).strip("' ")[:31] or "表"
    used = {each.casefold() for each in taken}
    title, number = base, 2
    while title.casefold() in used:
        title = f"{base[:27]}_{number}"
        number += 1
    return title
