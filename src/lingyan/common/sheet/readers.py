"""How is a cell of each kind of column read?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lingyan.common import cells
from lingyan.common.cell_text import BadCell
from lingyan.common.sheet.definition import Column, Kind


def reader_of(column: Column) -> cells.Reader:
    return READERS[column.kind](column)


def _choice_reader(column: Column) -> cells.Reader:
    table = cells.choice_table(column.choices, column.choice_aliases)
    several = column.kind is Kind.MULTI_CHOICE
    make = cells.multi_choice_reader if several else cells.choice_reader
    return make(column.choices, table)


READERS: Mapping[Kind, Callable[[Column], cells.Reader]] = {
    Kind.TEXT: lambda column: cells.text_reader(column.max_length),
    Kind.REFERENCE: lambda column: cells.reference_reader(column.max_length),
    Kind.REFERENCES: lambda column: cells.references_reader(column.max_length),
    Kind.INTEGER: lambda column: cells.integer_reader(column.minimum, column.maximum),
    Kind.DECIMAL: lambda column: cells.decimal_reader(
        column.minimum, column.maximum, column.places
    ),
    Kind.DATE: lambda column: cells.date_reader(month_allowed=column.month_allowed),
    Kind.CHOICE: _choice_reader,
    Kind.MULTI_CHOICE: _choice_reader,
    Kind.BOOLEAN: lambda _: cells.boolean_reader(),
    Kind.ID_NUMBER: lambda _: cells.identity_reader(),
    Kind.CODE: lambda column: cells.code_reader(column.digits),
    Kind.PHONE: lambda _: cells.phone_reader(),
}


def read_value(column: Column, value: Any) -> Any:
    """Read one cell; None for empty. Raises BadCell."""
    return read_by(reader_of(column), value)


def read_by(reader: cells.Reader, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value[0] == "#":
        _refuse_error_value(value)
    return reader(value)


def _refuse_error_value(value: str) -> None:
    if value.strip() == cells.NOT_COMPUTED:
        raise BadCell(
            "公式没有算出结果",
            "请用 Excel 或 WPS 打开并保存一次，或直接填写数值",
            "the formula has no saved result",
            "open and save the workbook in Excel or WPS, or type the value",
        )
    if value.strip().upper() in cells.ERROR_VALUES:
        raise BadCell(
            "公式出错",
            "请改正公式或直接填写",
            "the formula is in error",
            "mend it or type a value",
        )
