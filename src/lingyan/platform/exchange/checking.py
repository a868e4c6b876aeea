"""What would a file do to the records, row by row, and what is wrong with it?"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings

from lingyan.common.sheet import CellError, ParsedSheet, RawSheet, parse_sheet
from lingyan.common.workbook import (
    UnreadableFile,
    Workbook,
    find_sheet,
    read_workbook,
    titled_sheet,
)
from lingyan.common.workbook.finding import GUIDANCE_TITLE
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import Filled
from lingyan.platform.exchange.merging import (
    ALTERED,
    AlteredVersions,
    Choices,
    Meanwhile,
    merge,
    noticed,
    versions_of,
)
from lingyan.platform.exchange.registry import (
    ExchangeKind,
    Incoming,
    RowFault,
    RowOutcome,
    silent,
)
from lingyan.platform.exchange.rules import Verdict
from lingyan.platform.jobs.registry import Report

NO_CHOICES: Choices = MappingProxyType({})
AS_TEXT = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Checked:
    """A file held against the records of one moment; nothing has been written."""

    workbook: Workbook | None
    outcomes: tuple[RowOutcome, ...]
    errors: tuple[CellError, ...]
    notices: tuple[str, ...]
    meanwhile: tuple[Meanwhile, ...] = ()

    @property
    def wrong_rows(self) -> int:
        return len({(error.sheet, error.row) for error in self.errors})

    def count(self, verdict: Verdict) -> int:
        if verdict is Verdict.WRONG:
            return self.wrong_rows
        return Counter(outcome.verdict for outcome in self.outcomes)[verdict]

    @property
    def fingerprint(self) -> str:
        """The same for two checks exactly if both would do the same."""
        digest = hashlib.sha256()
        for outcome in self.outcomes:
            subject = str(outcome.subject.pk) if outcome.subject else ""
            told = _told(outcome)
            line = [outcome.number, outcome.verdict.value, outcome.label, subject, told]
            digest.update(AS_TEXT(line).encode())
        return digest.hexdigest()


def _told(outcome: RowOutcome) -> object:
    changes = outcome.changes
    if isinstance(changes, Filled):
        return changes.plain()
    return [[one.heading, one.before, one.after] for one in changes]


def check_file(
    kind: ExchangeKind,
    data: bytes,
    *,
    filename: str,
    option: str,
    actor: Actor,
    report: Report = silent,
    choices: Choices = NO_CHOICES,
) -> Checked:
    """Read, parse and compare; every mistake of every row becomes an error with its place."""
    report(0, "读取文件")
    try:
        workbook = read_workbook(data, filename=filename, max_bytes=settings.UPLOAD_MAX_BYTES)
        raw = find_sheet(workbook, kind.sheet)
        versions = versions_of(workbook, kind, option)
    except UnreadableFile as unreadable:
        return Checked(None, (), (_unreadable(filename, unreadable),), ())
    except AlteredVersions:
        return Checked(None, (), (CellError(filename, "", 0, "", "", *ALTERED),), ())
    report(20, f"检查每一格，共 {len(raw.rows)} 行")
    parsed = parse_sheet(raw, kind.sheet, file=filename)
    beside = _beside(kind, workbook, filename)
    rows_beside = {name: other.rows for name, other in beside.items()}
    # A row with a bad cell is compared too, so that everything wrong with it is told at once.
    merged = merge(kind, parsed, versions, option=option, actor=actor, choices=choices)
    damaged = {row.number for row in merged.damaged} | {number for number, _ in merged.faults}
    rows = sorted((*merged.rows, *merged.damaged), key=lambda row: row.number)
    incoming = Incoming(rows, parsed.missing_columns, option, rows_beside)
    report(50, f"与库中核对，共 {len(rows)} 行")
    compared = kind.match(incoming, actor=actor)
    outcomes = tuple(one for one in compared if one.number not in damaged)
    report(100, "核对完毕")
    errors_beside = [error for other in beside.values() for error in other.errors]
    errors = (
        *parsed.errors,
        *errors_beside,
        *_not_told_yet(_faults(filename, raw, compared), parsed.errors),
        *(_fault(filename, raw, number, fault) for number, fault in merged.faults),
        *_emptiness(filename, raw, parsed),
    )
    return Checked(
        workbook,
        outcomes,
        tuple(sorted(errors, key=lambda error: error.row)),
        (
            *noticed(merged.meanwhile),
            *kind.cautions(outcomes),
            *_notices(kind, workbook, raw, parsed),
        ),
        merged.meanwhile,
    )


def _beside(kind: ExchangeKind, workbook: Workbook, filename: str) -> dict[str, ParsedSheet]:
    """The further worksheets of the file that the kind knows; each may be absent."""
    found = {sheet.kind: (titled_sheet(workbook, sheet), sheet) for sheet in kind.beside}
    return {
        name: parse_sheet(raw, sheet, file=filename)
        for name, (raw, sheet) in found.items()
        if raw is not None
    }


def _unreadable(filename: str, why: UnreadableFile) -> CellError:
    return CellError(filename, "", 0, "", "", why.text, why.mend, why.english, why.english_mend)


def _not_told_yet(faults: Iterable[CellError], told: Iterable[CellError]) -> list[CellError]:
    """A bad cell was read as empty; what the comparison says about that is beside the point."""
    cells = {(error.sheet, error.row, error.heading) for error in told}
    return [one for one in faults if (one.sheet, one.row, one.heading) not in cells]


def _faults(filename: str, raw: RawSheet, outcomes: Iterable[RowOutcome]) -> list[CellError]:
    return [
        _fault(filename, raw, outcome.number, fault)
        for outcome in outcomes
        for fault in outcome.faults
    ]


def _fault(filename: str, raw: RawSheet, number: int, fault: RowFault) -> CellError:
    return CellError(
        filename,
        fault.sheet or raw.name,
        fault.number or number,
        fault.heading,
        fault.value,
        fault.flaw.reason,
        fault.flaw.mend,
        fault.flaw.reason_en,
        fault.flaw.mend_en,
    )


def _emptiness(filename: str, raw: RawSheet, parsed: ParsedSheet) -> list[CellError]:
    if parsed.rows or parsed.errors:
        return []
    reason, mend = "表头下面没有数据", "请填写后保存再导入"
    english = ("there is no data under the headings", "fill it in and save it")
    return [CellError(filename, raw.name, 0, "", "", reason, mend, *english)]


def _notices(
    kind: ExchangeKind, workbook: Workbook, raw: RawSheet, parsed: ParsedSheet
) -> tuple[str, ...]:
    notices = []
    read = [raw, *(titled_sheet(workbook, sheet) for sheet in kind.beside)]
    known = {one.name for one in read if one is not None}
    others = [
        name
        for name, other in workbook.sheets.items()
        if name not in known and other.rows and not other.hidden and name != GUIDANCE_TITLE
    ]
    if others:
        notices.append(f"只读取了工作表“{raw.name}”，没有读取：{'、'.join(others)}")
    if formulas := sum(one.formulas for one in read if one is not None):
        notices.append(f"有 {formulas} 个单元格是公式，按保存时算出的结果读取")
    if parsed.ignored_headings:
        notices.append(f"以下列不认识，没有读取：{'、'.join(parsed.ignored_headings)}")
    unkept = [
        column.heading
        for column in kind.sheet.columns
        if column.name in kind.not_kept
        and any(row.values.get(column.name) is not None for row in parsed.rows)
    ]
    if unkept:
        notices.append(f"以下列只用于命令行匹配，不存入系统：{'、'.join(unkept)}")
    return tuple(notices)
