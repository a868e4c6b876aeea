"""How do the records behind a number leave as a list?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from lingyan.briefings.queries.figures import people_in
from lingyan.briefings.rules.figure_cells import cells_of, heads_of
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.common.workbook.pages import safe_title
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list
from lingyan.platform.indicators.definitions import Indicator, Record

SHEET = "figure_records"


def write_records(
    target: BinaryIO,
    indicator: Indicator,
    records: Sequence[Record],
    *,
    actor: Actor,
    purpose: str,
) -> None:
    """The columns of the page, numbers as numbers."""
    rows = [cells_of(indicator, one) for one in records]
    columns = tuple(
        Column(f"column_{number}", head, _kind([row[number] for row in rows]), max_length=1000)
        for number, head in enumerate(heads_of(indicator))
    )
    sheet = Sheet(kind=SHEET, title=safe_title(indicator.name), columns=columns)
    told = _told(rows, records)
    export_list(sheet, told, target, actor=actor, purpose=purpose)


def _told(rows: list[tuple[Any, ...]], records: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """The rows as they are written; the trace of the export names whom they tell of."""
    note_listed(*people_in(records))
    for row in rows:
        yield {f"column_{number}": cell for number, cell in enumerate(row)}


def _kind(cells: list[Any]) -> Kind:
    """Of a column in which every cell is a number; days stand as they are written."""
    if cells and all(isinstance(cell, int) for cell in cells):
        return Kind.INTEGER
    if cells and all(isinstance(cell, Decimal | int) for cell in cells):
        return Kind.DECIMAL
    return Kind.TEXT
