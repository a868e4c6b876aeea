"""What does a row of an Excel sheet mean, and what exactly is wrong where it means nothing?

One definition (`Sheet`) serves the template, the import, the export and `lingyan match`.
"""

from __future__ import annotations

from lingyan.common.sheet.definition import (
    Column,
    Kind,
    ParsedRow,
    ParsedSheet,
    RawSheet,
    Sheet,
    Values,
)
from lingyan.common.sheet.errors import CellError, Place, describe
from lingyan.common.sheet.headings import (
    REASON_HEADING,
    Headings,
    find_headings,
    heading_errors,
)
from lingyan.common.sheet.readers import read_value
from lingyan.common.sheet.rows import merged_values, parse_rows, without_duplicates

__all__ = [
    "REASON_HEADING",
    "CellError",
    "Column",
    "Headings",
    "Kind",
    "ParsedRow",
    "ParsedSheet",
    "RawSheet",
    "Sheet",
    "Values",
    "describe",
    "find_headings",
    "merged_values",
    "parse_sheet",
    "read_value",
]


def parse_sheet(raw: RawSheet, sheet: Sheet, *, file: str) -> ParsedSheet:
    """Read every row of a worksheet by its definition; name every bad cell, not the first alone."""
    place = Place(file, raw.name)
    headings = find_headings(raw, sheet)
    errors = heading_errors(place, headings, sheet)
    missing = frozenset(each.name for each in sheet.columns).difference(headings.positions)
    if not errors:
        rows, damaged, errors = parse_rows(place, raw, sheet, headings)
        rows, repeated = without_duplicates(place, rows, sheet)
        errors = sorted(errors + repeated, key=lambda error: error.row)
        return ParsedSheet(tuple(rows), tuple(errors), headings.ignored, missing, tuple(damaged))
    return ParsedSheet((), tuple(errors), headings.ignored, missing)
