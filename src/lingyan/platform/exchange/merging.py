"""What has changed on both sides since a workbook went out, and which side holds, cell by cell?

Base is what the workbook said when it was exported, theirs is what an export would say now, mine is
what stands in the cell. Where only one side changed, that side holds. Where both did, the records
hold unless somebody chooses the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.sheet import Column, Kind, ParsedRow, ParsedSheet
from lingyan.common.workbook import Workbook
from lingyan.common.workbook.versions import Origin, Versions, find_versions, plain
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import shown
from lingyan.platform.exchange.registry import ExchangeKind, RowFault

Values = Mapping[str, Any]
Choices = Mapping[str, str]
"""Cell ("row:column") -> what the records said when somebody chose the cell instead of them."""

VANISHED = Flaw(
    "导出之后，这条记录已从库中删去或改了名称",
    "请删去这一行；确需登记的请填到新下载的模板中",
    "the record was removed or renamed after the export",
    "delete the row, or enter it in a new template",
)
ALTERED = (
    "表格中隐藏的“版本”页被改动过，无法核对导出之后的变化",
    "请重新导出一份，把改动抄过去再导入",
    "the hidden worksheet of versions was altered",
    "export anew and copy the changes",
)


class AlteredVersions(ValueError):  # noqa: N818 - names what was found
    """The hidden worksheet is not as we wrote it."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A cell that says something else in the records than when the workbook went out."""

    row: int
    column: str
    label: str
    heading: str
    base: str
    theirs: str
    mine: str
    both: bool  # changed in the workbook too, so that somebody has to choose
    is_mine: bool = False

    @property
    def cell(self) -> str:
        return f"{self.row}:{self.column}"

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Merged:
    """The rows as they are to be compared with the records, and what was found on the way."""

    rows: tuple[ParsedRow, ...]
    damaged: tuple[ParsedRow, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    faults: tuple[tuple[int, RowFault], ...] = ()


def origin_of(kind: ExchangeKind, option: str) -> Origin:
    return Origin(kind.code, option, clock.now().isoformat())


def sign(digest: str) -> str:
    return cipher.blind_index(f"exchange.versions:{digest}")


def versions_of(workbook: Workbook, kind: ExchangeKind, option: str) -> Versions | None:
    """What the workbook was when it went out; None unless it is an export of the same kind."""
    try:
        versions = find_versions(workbook.sheets)
    except (ValueError, TypeError) as unreadable:
        raise AlteredVersions from unreadable
    if versions is None:
        return None
    if versions.seal not in cipher.blind_indexes(f"exchange.versions:{versions.digest}"):
        raise AlteredVersions
    same = versions.origin.kind == kind.code and versions.origin.option == option
    return versions if same else None


def merge(
    kind: ExchangeKind,
    parsed: ParsedSheet,
    versions: Versions | None,
    *,
    option: str,
    actor: Actor,
    choices: Choices,
) -> Merged:
    """Hold every row that went out against what went out and what the records say now."""
    if versions is None:
        return Merged(parsed.rows, parsed.damaged)
    base = {key: row for row in versions.rows if (key := _key(kind, row))}
    theirs = _records_now(kind, option, actor)
    merger = _Merger(kind, base, theirs, parsed.missing_columns, choices)
    return Merged(
        tuple(merger.merged(row) for row in parsed.rows),
        tuple(merger.merged(row) for row in parsed.damaged),
        tuple(merger.meanwhile),
        tuple(merger.faults),
    )


def _key(kind: ExchangeKind, values: Values) -> tuple[Any, ...]:
    """By what a record is known again; empty where the row does not say it."""
    columns = {column.name: column for column in kind.sheet.columns}
    key = tuple(_part(plain(columns[name], values.get(name))) for name in kind.known_by)
    return () if all(part is None for part in key) else key


def _part(value: Any) -> Any:
    """A cell that names several, such as the villages of a merger, is one part of a key."""
    return tuple(value) if isinstance(value, list) else value


def _records_now(kind: ExchangeKind, option: str, actor: Actor) -> dict[tuple[Any, ...], Values]:
    rows = kind.export_rows(actor=actor, option=option)
    return {key: row for row in rows if (key := _key(kind, row))}


class _Merger:
    def __init__(
        self,
        kind: ExchangeKind,
        base: Mapping[tuple[Any, ...], Values],
        theirs: Mapping[tuple[Any, ...], Values],
        missing: frozenset[str],
        choices: Choices,
    ) -> None:
        self._kind, self._base, self._theirs, self._choices = kind, base, theirs, choices
        self._columns = [
            column
            for column in kind.sheet.columns
            if column.name not in missing and column.name not in kind.known_by
        ]
        self.meanwhile: list[Meanwhile] = []
        self.faults: list[tuple[int, RowFault]] = []

    def merged(self, row: ParsedRow) -> ParsedRow:
        key = _key(self._kind, row.values)
        base = self._base.get(key)
        if base is None:
            return row
        theirs = self._theirs.get(key)
        if theirs is None:
            self.faults.append((row.number, self._vanished(row)))
            return row
        kept = {
            column.name: theirs.get(column.name)
            for column in self._columns
            if self._records_hold(column, row, base, theirs)
        }
        if not kept:
            return row
        values = row.values.copy()
        values.update(kept)
        return ParsedRow(row.number, values)

    def _records_hold(self, column: Column, row: ParsedRow, base: Values, theirs: Values) -> bool:
        """Whether the cell gives way to the records; tells of what has changed there meanwhile."""
        before, mine = base.get(column.name), row.values.get(column.name)
        now = theirs.get(column.name)
        was, said, is_now = _alike(column, before), _alike(column, mine), _alike(column, now)
        untold = column.name in self._kind.private_fields and is_now is None
        if is_now == was or mine is None or said == is_now or untold:
            return False
        found = Meanwhile(
            row.number,
            column.name,
            self._label(row),
            column.heading,
            self._shown(column, before),
            self._shown(column, now),
            self._shown(column, mine),
            both=said != was,
        )
        chosen = found.both and self._choices.get(found.cell) == found.theirs
        self.meanwhile.append(_chosen(found) if chosen else found)
        return not chosen

    def _label(self, row: ParsedRow) -> str:
        """What stands first in the row, and by what the record is known."""
        names = dict.fromkeys((self._kind.sheet.columns[0].name, *self._kind.known_by))
        return " ".join(str(row.values[name]) for name in names if row.values[name])

    def _shown(self, column: Column, value: Any) -> str:
        if column.name in self._kind.private_fields and value is not None:
            return "（不显示）"
        return shown(column, value)

    def _vanished(self, row: ParsedRow) -> RowFault:
        column = next(one for one in self._kind.sheet.columns if one.name == self._kind.known_by[0])
        return RowFault(column.heading, str(row.values.get(column.name) or ""), VANISHED)


def _chosen(found: Meanwhile) -> Meanwhile:
    return Meanwhile(**(asdict(found) | {"is_mine": True}))


def _alike(column: Column, value: Any) -> Any:
    """Several choices in one cell have no order."""
    found = plain(column, value)
    return sorted(found) if column.kind is Kind.MULTI_CHOICE and found else found


def noticed(meanwhile: Sequence[Meanwhile]) -> list[str]:
    """What has to be known before the import, in a sentence each."""
    theirs = sum(not one.both for one in meanwhile)
    both = [one for one in meanwhile if one.both]
    mine = sum(one.is_mine for one in both)
    notices = []
    if theirs:
        notices.append(f"导出之后库中改动过、表中没有动的有 {theirs} 处，保留库中内容")
    if both:
        notices.append(
            f"导出之后两边都改动过的有 {len(both)} 处："
            f"{len(both) - mine} 处保留库中内容，{mine} 处采用表中内容"
        )
    return notices
