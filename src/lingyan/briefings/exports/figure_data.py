"""How do programs read a number and the records behind it: by command and by the API alike?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lingyan.briefings.rules.figure_cells import is_told
from lingyan.platform.indicators.definitions import Indicator, Parts, Record


def number_of(value: Decimal | Fraction | int | None) -> int | float | None:
    """Whole numbers stay whole in JSON."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def indicator_data(indicator: Indicator, parts: Parts) -> dict[str, Any]:
    """`text` is what a briefing would say."""
    return {
        "code": indicator.code,
        "row": indicator.rows[0] if indicator.rows else None,
        "name": indicator.name,
        "value": number_of(indicator.value(parts)),
        "unit": indicator.unit,
        "text": indicator.written(parts),
    }


def record_data(indicator: Indicator, record: Record, *, may_open: bool = True) -> dict[str, Any]:
    """What a list shows of it by its heads, what it adds to the number, and where it opens."""
    cells = zip(indicator.heads, record.cells, strict=True)
    return {
        "type": record.label,
        "id": record.key,
        "cells": {head: _cell(cell) for head, cell in cells},
        "part": number_of(record.part) if is_told(indicator, record) else None,
        "of": record.of,
        "counts": record.counts,
        "is_base": record.is_base,
        "url": record.url if may_open else "",
    }


def _cell(cell: str | int | Decimal | date) -> str | int | float | None:
    return number_of(cell) if isinstance(cell, Decimal | int) else str(cell)
