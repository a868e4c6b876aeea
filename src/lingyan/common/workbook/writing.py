"""How do rows become a workbook that people can fill in, print, and send back unchanged?"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from lingyan.common.cell_text import EXACT_UP_TO, FORMULA_STARTS, BadCell, clean, escape
from lingyan.common.cells import SEPARATORS
from lingyan.common.sheet import Column, Kind, Sheet, read_value
from lingyan.common.workbook.finding import CHOICES_TITLE, GUIDANCE_TITLE

Target = str | Path | BinaryIO
Row = Mapping[str, Any]

TEXT_KINDS = frozenset(Kind) - {
    Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.CHOICE, Kind.BOOLEAN
}  # fmt: skip
FIRST_REAL_DATE = date(1900, 3, 1)  # Excel believes in 29 February 1900
ROWS_TO_FILL = 2_000
LIST_IN_CELL = 255
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
GENERAL_GUIDANCE = (
    "带 * 的列必填，其余可以空着；可以整列删去，也可以调换列的次序，但不要改表头的文字。",
    "以“示例：”开头的一行是样子，不会导入，可以删去。",
    "日期写成 2026-11-21、2026/11/21、2026.11.21 或 2026年11月21日都可以。",
    "一格填多项时用顿号隔开。",
)


@dataclass(frozen=True, slots=True)
class Styles:
    """The few formats that our sheets use."""

    heading: Any
    required: Any
    text: Any
    quoted: Any  # text that a spreadsheet program must never run as a formula
    day: Any
    moment: Any
    example: Any
    banner: Any
    wrong: Any
    reason: Any
    wrapped: Any


def write_template(target: Target, sheets: Sequence[Sheet], *, banner: str = "") -> None:
    """Write an empty workbook with guidance, drop-downs and one example row for each sheet."""
    with open_book(target) as (book, styles):
        _write_guidance(book, styles, sheets, banner)
        for index, sheet in enumerate(sheets):
            page = book.add_worksheet(sheet.title)
            row = _start(page, styles, sheet, banner)
            for position, value in enumerate(_example(sheet)):
                put(page, row, position, value, styles=styles, base=styles.example)
            _add_rules(book, page, sheet, range(row, row + ROWS_TO_FILL), hints=True)
            if index == 0:
                page.activate()


def write_rows(target: Target, sheet: Sheet, rows: Iterable[Row], *, banner: str = "") -> int:
    """Stream rows to .xlsx, or to .csv if the file is called so; says how many there were."""
    if isinstance(target, str | Path) and Path(target).suffix.lower() == ".csv":
        return write_csv(target, sheet, rows, banner=banner)
    return write_book(target, [(sheet, rows)], banner=banner)


def write_book(
    target: Target, parts: Iterable[tuple[Sheet, Iterable[Row]]], *, banner: str = ""
) -> int:
    """Write one worksheet after the other, each streamed; says how many rows there were in all."""
    count = 0
    with open_book(target) as (book, styles):
        for sheet, rows in parts:
            page = book.add_worksheet(sheet.title)
            first = row = _start(page, styles, sheet, banner)
            for values in rows:
                for position, column in enumerate(sheet.columns):
                    value = written(column, values.get(column.name))
                    if value is not None:
                        put(page, row, position, value, styles=styles)
                row += 1
            _add_rules(book, page, sheet, range(first, row + ROWS_TO_FILL), hints=False)
            count += row - first
    return count


def write_csv(target: Target, sheet: Sheet, rows: Iterable[Row], *, banner: str = "") -> int:
    """Write UTF-8 with a byte order mark, as Excel wants it, formulas disarmed."""
    count = 0
    with _text(target) as stream:
        writer = csv.writer(stream)
        if banner:
            writer.writerow([banner])
        writer.writerow([heading_of(column) for column in sheet.columns])
        for values in rows:
            writer.writerow(
                [_csv_text(written(column, values.get(column.name))) for column in sheet.columns]
            )
            count += 1
    return count


def heading_of(column: Column) -> str:
    return f"{column.heading}*" if column.required else column.heading


def written(column: Column, value: Any) -> Any:
    """What a cell shows for a value, such that reading it gives the value again."""
    if value is None or value in ((), ""):
        return None
    writer = WRITERS.get(column.kind)
    return writer(column, value) if writer else str(value)


def _labels(column: Column, codes: Iterable[str]) -> str:
    labels = dict(column.choices)
    return "、".join(_label_or_code(labels, code) for code in codes)


def _label_or_code(labels: Mapping[str, str], code: str) -> str:
    label = labels.get(code, code)
    return code if SEPARATORS.search(label) else label


def _number(value: Any) -> Any:
    """A real number where Excel keeps it exactly, else its digits as text."""
    if isinstance(value, Decimal):
        digits = len(value.normalize().as_tuple().digits)
        return float(value) if digits <= 15 and abs(value) < EXACT_UP_TO else f"{value:f}"
    return value if abs(value) < EXACT_UP_TO else str(value)


WRITERS: Mapping[Kind, Callable[[Column, Any], Any]] = {
    Kind.CHOICE: lambda column, code: dict(column.choices).get(code, code),
    Kind.MULTI_CHOICE: _labels,
    Kind.REFERENCES: lambda _, names: "、".join(names),
    Kind.BOOLEAN: lambda _, value: "是" if value else "否",
    Kind.INTEGER: lambda _, number: _number(number),
    Kind.DECIMAL: lambda _, number: _number(number),
    Kind.DATE: lambda _, day: day if day >= FIRST_REAL_DATE else day.isoformat(),
}


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


def _csv_text(value: Any) -> str:
    if isinstance(value, str):
        return escape(clean(value))
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _start(page: Any, styles: Styles, sheet: Sheet, banner: str) -> int:
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
        page.write_string(0, 0, banner, styles.banner)
    for position, column in enumerate(sheet.columns):
        style = styles.required if column.required else styles.heading
        page.write_string(heading_row, position, heading_of(column), style)
    return heading_row + 1


def _width(column: Column) -> int:
    by_kind = {Kind.ID_NUMBER: 21, Kind.CODE: 16, Kind.PHONE: 15, Kind.DATE: 13, Kind.TEXT: 18}
    shown = max(_cells_wide(heading_of(column)), _cells_wide(column.example))
    return min(40, max(by_kind.get(column.kind, 11), shown + 2))


def _cells_wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _column_format(column: Column, styles: Styles) -> Any:
    """Text columns keep leading zeros and long numbers as typed."""
    if column.kind is Kind.DATE:
        return styles.day
    return styles.text if column.kind in TEXT_KINDS else None


def _add_rules(book: Any, page: Any, sheet: Sheet, rows: range, *, hints: bool) -> None:
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


@contextmanager
def open_book(target: Target) -> Iterator[tuple[Any, Styles]]:
    """Open a workbook that keeps one row in memory; closed at the end, also after a mistake."""
    where = str(target) if isinstance(target, Path) else target
    book = xlsxwriter.Workbook(where, {"constant_memory": True, "remove_timezone": True})
    book.set_calc_mode("auto")
    try:
        yield book, _styles(book)
    finally:
        book.close()


def _styles(book: Any) -> Styles:
    heading = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True}
    middle = {"valign": "vcenter"}
    return Styles(
        heading=book.add_format(heading | middle),
        required=book.add_format(heading | middle | {"bg_color": "#FBE3D6"}),
        text=book.add_format({"num_format": "@"}),
        quoted=book.add_format({"num_format": "@", "quote_prefix": True}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        example=book.add_format({"italic": True, "font_color": "#7F7F7F"}),
        banner=book.add_format({"bold": True, "font_color": "#C00000", "font_size": 12}),
        wrong=book.add_format({"bg_color": "#FFD7D7"}),
        reason=book.add_format({"font_color": "#C00000", "text_wrap": True}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
    )


@contextmanager
def _text(target: Target) -> Iterator[Any]:
    if isinstance(target, str | Path):
        with Path(target).open("w", encoding="utf-8-sig", newline="") as stream:
            yield stream
        return
    wrapper = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    try:
        yield wrapper
    finally:
        wrapper.flush()
        wrapper.detach()


def safe_title(name: str, taken: Iterable[str] = ()) -> str:
    """A worksheet name that Excel accepts."""
    base = clean(name.translate(FORBIDDEN_IN_TITLE)).strip("' ")[:31] or "表"
    used = {each.casefold() for each in taken}
    title, number = base, 2
    while title.casefold() in used:
        title = f"{base[:27]}_{number}"
        number += 1
    return title
