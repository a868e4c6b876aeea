"""Which column of a worksheet stands for which column of its definition?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lingyan.common import cells
from lingyan.common.cell_text import BadCell
from lingyan.common.sheet.definition import RawSheet, Sheet
from lingyan.common.sheet.errors import CellError, Place, shown

HEADING_ROWS = 5
REASON_HEADING = "原因"
BRACKET_AT_END = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the heading row is and which column stands where."""

    row: int  # from 0; -1 when no row looks like a heading row
    positions: dict[str, int]  # column name: position from 0
    ignored: tuple[str, ...]
    repeated: tuple[str, ...]


NO_HEADINGS = Headings(-1, {}, (), ())


def find_headings(raw: RawSheet, sheet: Sheet) -> Headings:
    """The row among the first five that knows the most headings; guidance may stand above it."""
    candidates = [
        _match_headings(index, row, sheet) for index, row in enumerate(raw.rows[:HEADING_ROWS])
    ]
    best = max(candidates, key=lambda each: len(each.positions), default=NO_HEADINGS)
    return best if best.positions else NO_HEADINGS


def _match_headings(index: int, row: Sequence[Any], sheet: Sheet) -> Headings:
    names = _heading_names(sheet)
    positions: dict[str, int] = {}
    ignored: list[str] = []
    repeated: list[str] = []
    for position, value in enumerate(row):
        text = shown(value)
        if not text:
            continue
        key = _heading_key(text)
        name = names.get(key) or names.get(BRACKET_AT_END.sub("", key))
        if name is None:
            if not key.startswith(REASON_HEADING):
                ignored.append(text)
        elif name in positions:
            repeated.append(text)
        else:
            positions[name] = position
    return Headings(index, positions, tuple(ignored), tuple(repeated))


def _heading_names(sheet: Sheet) -> dict[str, str]:
    """Every accepted heading to its column; the proper heading wins over an alias of another."""
    names: dict[str, str] = {}
    for column in sheet.columns:
        for spelling in (*column.aliases, column.name):
            names.setdefault(_heading_key(spelling), column.name)
    return names | {_heading_key(column.heading): column.name for column in sheet.columns}


def _heading_key(text: str) -> str:
    """Stars, blanks, colons, full-width letters and line ends make no difference."""
    return cells.choice_key(text).replace("*", "").rstrip(":")


def heading_errors(place: Place, headings: Headings, sheet: Sheet) -> list[CellError]:
    template = f"lingyan template {sheet.kind}"
    if headings.row < 0:
        expected = "、".join(column.heading for column in sheet.columns[:6])
        flaw = BadCell(
            f"前 {HEADING_ROWS} 行中没有找到表头",
            f"表头应有：{expected}等；模板可在“表格导入”页下载，或用 {template} 生成",
            f"no heading row among the first {HEADING_ROWS} rows",
            f"the headings are {expected} and so on; make a template: {template}",
        )
        return [place.error(1, "", "", flaw)]
    row = headings.row + 1
    errors = []
    absent = [
        column.heading
        for column in sheet.columns
        if column.required and column.name not in headings.positions
    ]
    if absent:
        listed = "、".join(absent)
        flaw = BadCell(
            f"缺少必填的列：{listed}",
            f"请补上这些列；模板可在“表格导入”页下载，或用 {template} 生成",
            f"required columns are missing: {listed}",
            f"add these columns, or make a template: {template}",
        )
        errors.append(place.error(row, "", "", flaw))
    for heading in headings.repeated:
        flaw = BadCell(
            "同一列出现两次",
            "请只保留一列",
            "the column stands there twice",
            "keep one of them",
        )
        errors.append(place.error(row, heading, heading, flaw))
    return errors
