"""What does a row of an Excel sheet mean, and what exactly is wrong where it means nothing?

One definition (`Sheet`) serves the template, the import, the export and `lingyan match`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lingyan.common import cells
from lingyan.common.cell_text import BadCell, cell_text, shorten
from lingyan.common.identity import mask_identity, mask_phone


class Kind(Enum):
    """What a column holds, and so what its cells become."""

    TEXT = "text"  # str, trimmed
    REFERENCE = "reference"  # str: a name that is looked up; blanks between Chinese are dropped
    REFERENCES = "references"  # tuple[str, ...]: several names in one cell
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # Decimal
    DATE = "date"  # date; a month alone becomes its first day where the column allows it
    CHOICE = "choice"  # str: the code
    MULTI_CHOICE = "multi_choice"  # tuple[str, ...]: codes in the order of the definition
    BOOLEAN = "boolean"  # bool
    ID_NUMBER = "id_number"  # str: 公民身份号码, upper-case X
    CODE = "code"  # str of `digits` digits, leading zeros kept
    PHONE = "phone"  # str of digits, with the hyphen of a land line


@dataclass(frozen=True, slots=True)
class Column:
    name: str  # English field name, key of the parsed row
    heading: str  # Chinese heading, such as 村
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # (code, Chinese label)
    hint: str = ""  # guidance in the template
    example: str = ""
    aliases: tuple[str, ...] = ()  # other headings accepted
    minimum: int | None = None  # INTEGER, DECIMAL
    maximum: int | None = None
    max_length: int = 200  # TEXT, REFERENCE, and each name of REFERENCES
    choice_aliases: tuple[tuple[str, str], ...] = ()  # (other spelling, code)
    month_allowed: bool = False  # DATE: 2026-11 is enough
    digits: int = 12  # CODE
    places: int = 2  # DECIMAL: digits after the point


@dataclass(frozen=True, slots=True)
class Sheet:
    kind: str  # as in `lingyan template KIND`, such as needs
    title: str  # worksheet name
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # column names that together may stand only once
    guidance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A worksheet as read: values in place, nothing interpreted."""

    name: str
    rows: Sequence[Sequence[Any]]  # str, int, float, bool, date, datetime, timedelta or None
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, column, last row, column from 0


@dataclass(frozen=True, slots=True)
class CellError:
    file: str
    sheet: str
    row: int  # the row number that Excel shows
    heading: str
    value: str
    reason: str
    mend: str
    reason_en: str = ""
    mend_en: str = ""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    number: int  # the row number that Excel shows
    values: dict[str, Any]  # every column of the sheet; None for empty


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    rows: tuple[ParsedRow, ...]  # the rows without an error
    errors: tuple[CellError, ...]
    ignored_headings: tuple[str, ...] = ()
    missing_columns: frozenset[str] = field(default_factory=frozenset)


def parse_sheet(raw: RawSheet, sheet: Sheet, *, file: str) -> ParsedSheet:
    """Read every row of a worksheet by its definition; name every bad cell, not the first alone."""
    place = _Place(file, raw.name)
    headings = find_headings(raw, sheet)
    errors = _heading_errors(place, headings, sheet)
    missing = frozenset(each.name for each in sheet.columns).difference(headings.positions)
    if not errors:
        rows, errors = _parse_rows(place, raw, sheet, headings)
        rows, repeated = _without_duplicates(place, rows, sheet)
        errors = sorted(errors + repeated, key=lambda error: error.row)
        return ParsedSheet(tuple(rows), tuple(errors), headings.ignored, missing)
    return ParsedSheet((), tuple(errors), headings.ignored, missing)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the heading row is and which column stands where."""

    row: int  # from 0; -1 when no row looks like a heading row
    positions: dict[str, int]  # column name: position from 0
    ignored: tuple[str, ...]
    repeated: tuple[str, ...]


def find_headings(raw: RawSheet, sheet: Sheet) -> Headings:
    """The row among the first five that knows the most headings; guidance may stand above it."""
    candidates = [
        _match_headings(index, row, sheet) for index, row in enumerate(raw.rows[:HEADING_ROWS])
    ]
    best = max(candidates, key=lambda each: len(each.positions), default=NO_HEADINGS)
    return best if best.positions else NO_HEADINGS


HEADING_ROWS = 5
NO_HEADINGS = Headings(-1, {}, (), ())
REASON_HEADING = "原因"
BRACKET_AT_END = re.compile(r"\([^()]*\)$")
EXAMPLE_ROW = re.compile(r"示?例(?:行)?(?:[:：\s]|$)")
FOOTER_STARTS = (
    "合计", "总计", "小计", "填表人", "制表人", "审核人", "填报人", "填报单位", "填表单位",
    "填表说明", "说明：", "说明:", "注：", "注:", "备注：", "备注:",
)  # fmt: skip


def _match_headings(index: int, row: Sequence[Any], sheet: Sheet) -> Headings:
    names = _heading_names(sheet)
    positions: dict[str, int] = {}
    ignored: list[str] = []
    repeated: list[str] = []
    for position, value in enumerate(row):
        text = _shown(value)
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


def _shown(value: Any) -> str:
    """What a person sees in a cell, whatever it is; for messages and headings."""
    try:
        return cell_text(value)
    except BadCell:
        return str(value)


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    sheet: str

    def error(self, row: int, heading: str, value: str, flaw: BadCell) -> CellError:
        return CellError(
            self.file,
            self.sheet,
            row,
            heading,
            shorten(value),
            flaw.reason,
            flaw.mend,
            flaw.reason_en,
            flaw.mend_en,
        )


def _heading_errors(place: _Place, headings: Headings, sheet: Sheet) -> list[CellError]:
    template = f"lingyan template {sheet.kind}"
    if headings.row < 0:
        expected = "、".join(column.heading for column in sheet.columns[:6])
        flaw = BadCell(
            f"前 {HEADING_ROWS} 行中没有找到表头",
            f"表头应有：{expected}等；可用 {template} 生成模板",
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
            f"请补上这些列；可用 {template} 生成模板",
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


def _reader(column: Column) -> cells.Reader:
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
    return _read(_reader(column), value)


def _read(reader: cells.Reader, value: Any) -> Any:
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


def _parse_rows(
    place: _Place, raw: RawSheet, sheet: Sheet, headings: Headings
) -> tuple[list[ParsedRow], list[CellError]]:
    columns = [each for each in sheet.columns if each.name in headings.positions]
    plan = [(each, headings.positions[each.name], _reader(each)) for each in columns]
    empty: dict[str, Any] = dict.fromkeys(each.name for each in sheet.columns)
    first = min(headings.positions.values())
    merged = merged_values(raw, headings.row + 1)
    rows: list[ParsedRow] = []
    errors: list[CellError] = []
    for index in range(headings.row + 1, len(raw.rows)):
        row = raw.rows[index]
        leading = _leading_texts(row, first)
        if not leading or any(EXAMPLE_ROW.match(text) for text in leading):
            continue
        values = dict(empty)
        flaws = _parse_row(row, index, plan, merged, values)
        if not flaws:
            rows.append(ParsedRow(index + 1, values))
        elif leading[-1].startswith(FOOTER_STARTS):
            errors.append(place.error(index + 1, columns[0].heading, leading[-1], _footer()))
        else:
            errors.extend(
                place.error(index + 1, column.heading, _shown_in_error(column, value), flaw)
                for column, value, flaw in flaws
            )
    return rows, errors


def _leading_texts(row: Sequence[Any], first: int) -> tuple[str, ...]:
    """The first cell with content and that of the first known column; nothing for an empty row."""
    for value in row:
        if value is not None and (text := _shown(value)):
            known = _shown(row[first]) if first < len(row) else ""
            return (known, text) if known else (text,)
    return ()


def _parse_row(
    row: Sequence[Any],
    index: int,
    plan: Sequence[tuple[Column, int, cells.Reader]],
    merged: Mapping[tuple[int, int], Any],
    values: dict[str, Any],
) -> list[tuple[Column, Any, BadCell]]:
    flaws = []
    for column, position, reader in plan:
        value = row[position] if position < len(row) else None
        try:
            if value is None and merged and (index, position) in merged:
                value = _merged_value(column, merged[index, position])
            found = _read(reader, value)
            if found is None and column.required:
                raise _is_required(column)
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


MERGED_LIMIT = 500_000
ONE_EACH = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.ID_NUMBER, Kind.PHONE})


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
    text = _shown(value)
    if column.kind is Kind.ID_NUMBER:
        return mask_identity(text)
    return mask_phone(text) if column.kind is Kind.PHONE else text


def _without_duplicates(
    place: _Place, rows: Sequence[ParsedRow], sheet: Sheet
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


def describe(error: CellError, lang: str = "zh") -> str:
    """One sentence with the place, the value, the reason and the mend."""
    if lang == "en":
        cell = f' column "{error.heading}"' if error.heading else ""
        value = f' ("{error.value}")' if error.value else ""
        reason, mend = error.reason_en or error.reason, error.mend_en or error.mend
        return f'{error.file} "{error.sheet}" row {error.row}{cell}{value}: {reason}; {mend}.'
    cell = f"“{error.heading}”" if error.heading else ""
    value = f"（{error.value}）" if error.value else ""
    return (
        f"{error.file}“{error.sheet}”第 {error.row} 行{cell}{value}：{error.reason}。{error.mend}。"
    )
