"""Which rows of a worksheet are records, and what is wrong in the others?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lingyan.common import cells
from lingyan.common.cell_text import BadCell
from lingyan.common.identity import mask_identity, mask_phone
from lingyan.common.sheet.definition import Column, Kind, ParsedRow, RawSheet, Sheet, Values
from lingyan.common.sheet.errors import CellError, Place, shown
from lingyan.common.sheet.headings import Headings
from lingyan.common.sheet.readers import read_by, reader_of

EXAMPLE_ROW = re.compile(r"示?例(?:行)?(?:[:：\s]|$)")
FOOTER_STARTS = (
    "合计", "总计", "小计", "填表人", "制表人", "审核人", "填报人", "填报单位", "填表单位",
    "填表说明", "说明：", "说明:", "注：", "注:", "备注：", "备注:",
)  # fmt: skip
MERGED_LIMIT = 500_000
ONE_EACH = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.ID_NUMBER, Kind.PHONE})


def parse_rows(
    place: Place, raw: RawSheet, sheet: Sheet, headings: Headings
) -> tuple[list[ParsedRow], list[ParsedRow], list[CellError]]:
    """Good rows, rows with a bad cell that say all that is required, and what is wrong."""
    columns = [each for each in sheet.columns if each.name in headings.positions]
    plan = [(each, headings.positions[each.name], reader_of(each)) for each in columns]
    every = frozenset(each.name for each in sheet.columns)
    known = sorted(headings.positions.values())
    merged = merged_values(raw, headings.row + 1)
    rows: list[ParsedRow] = []
    damaged: list[ParsedRow] = []
    errors: list[CellError] = []
    required = [each.name for each in columns if each.required]
    for index in range(headings.row + 1, len(raw.rows)):
        row = raw.rows[index]
        leading = _leading_texts(row, known)
        if not leading or any(EXAMPLE_ROW.match(text) for text in leading):
            continue
        values = Values(every)
        flaws = _parse_row(row, index, plan, merged, values)
        if not flaws:
            rows.append(ParsedRow(index + 1, values))
        elif leading[0].startswith(FOOTER_STARTS):
            errors.append(place.error(index + 1, columns[0].heading, leading[0], _footer()))
        else:
            errors.extend(
                place.error(index + 1, column.heading, _shown_in_error(column, value), flaw)
                for column, value, flaw in flaws
            )
            if all(values[name] is not None for name in required):
                damaged.append(ParsedRow(index + 1, values))
    return rows, damaged, errors


def _leading_texts(row: Sequence[Any], known: Sequence[int]) -> tuple[str, ...]:
    """The first known cell with content and the first of all.

    Nothing for a row that says nothing to us, such as one with a serial number typed ahead.
    """
    for position in known:
        if position < len(row) and (text := shown(row[position])):
            return text, next(first for value in row if (first := shown(value)))
    return ()


def _parse_row(
    row: Sequence[Any],
    index: int,
    plan: Sequence[tuple[Column, int, cells.Reader]],
    merged: Mapping[tuple[int, int], Any],
    values: Values,
) -> list[tuple[Column, Any, BadCell]]:
    flaws = []
    for column, position, reader in plan:
        value = row[position] if position < len(row) else None
        try:
            if value is None and merged and (index, position) in merged:
                value = _merged_value(column, merged[index, position])
            found = read_by(reader, value)
            if found is None and column.required:
                raise _is_required(column)
            if found is not None:
                values[column.name] = found
        except BadCell as flaw:
            flaws.append((column, value, flaw))
    return flaws


def merged_values(raw: RawSheet, first_row: int) -> dict[tuple[int, int], Any]:
    """What shows in the lower cells of a merged block, of which only the first holds the value."""
    found: dict[tuple[int, int], Any] = {}
    for top, left, bottom, _ in raw.merged:
        if top < first_row or top >= len(raw.rows) or left >= len(raw.rows[top]):
            continue
        value = raw.rows[top][left]
        if value is None:
            continue
        for row in range(top + 1, min(bottom, len(raw.rows) - 1) + 1):
            found[row, left] = value
        if len(found) > MERGED_LIMIT:
            break
    return found


def _merged_value(column: Column, value: Any) -> Any:
    """A name or a kind holds for every row beside it; a number might be a sum."""
    if column.kind in ONE_EACH:
        raise BadCell(
            "合并单元格里的内容不能确定属于哪一行",
            "请取消合并，逐行填写",
            "it is not clear to which row the merged cell belongs",
            "unmerge it and fill in each row",
        )
    return value


def _is_required(column: Column) -> BadCell:
    return BadCell("必填，不能为空", f"请填写{column.heading}", "required but empty", "fill it in")


def _footer() -> BadCell:
    return BadCell(
        "像是合计、落款或说明，不是一条记录",
        "请删除这一行",
        "looks like a total or a signature, not a record",
        "delete this row",
    )


def _shown_in_error(column: Column, value: Any) -> str:
    """Identity numbers and telephones reach no log, not even when they are wrong."""
    text = shown(value)
    if column.kind is Kind.ID_NUMBER:
        return mask_identity(text)
    return mask_phone(text) if column.kind is Kind.PHONE else text


def without_duplicates(
    place: Place, rows: Sequence[ParsedRow], sheet: Sheet
) -> tuple[list[ParsedRow], list[CellError]]:
    """The first row of each key; every further one is an error that names both."""
    if not sheet.key:
        return list(rows), []
    columns = {column.name: column for column in sheet.columns}
    headings = "、".join(columns[name].heading for name in sheet.key)
    first: dict[tuple[Any, ...], int] = {}
    kept: list[ParsedRow] = []
    errors: list[CellError] = []
    for row in rows:
        key = tuple(row.values[name] for name in sheet.key)
        before = first.setdefault(key, row.number)
        if before == row.number or all(part is None for part in key):
            kept.append(row)
            continue
        shown = " ".join(
            _shown_in_error(columns[name], part)
            for name, part in zip(sheet.key, key, strict=True)
            if part is not None
        )
        flaw = BadCell(
            f"第 {before} 行与第 {row.number} 行重复",
            "请删除其中一行",
            f"rows {before} and {row.number} say the same",
            "delete one of them",
        )
        errors.append(place.error(row.number, headings, shown, flaw))
    return kept, errors
