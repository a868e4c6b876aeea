"""What stands in a cell for a value, such that reading it gives the value again?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lingyan.common.cell_text import EXACT_UP_TO, clean, escape
from lingyan.common.cells import SEPARATORS
from lingyan.common.sheet import Column, Kind

FIRST_REAL_DATE = date(1900, 3, 1)  # Excel believes in 29 February 1900


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


def csv_text(value: Any) -> str:
    if isinstance(value, str):
        return escape(clean(value))
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)
