"""How does a town bring in what its villages told on paper: the table of a month, filled in?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.briefings.rules.monthly_sheet import sheet_of
from lingyan.briefings.rules.monthly_words import ItemKind
from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow, Sheet, describe
from lingyan.common.workbook import UnreadableFile, parse_workbook, read_workbook
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.platform.accounts.actor import Actor

Filled = tuple[MonthlyReport, dict[str, Answer]]
NOT_ASKED = Flaw("这个村这个月不用报", "请删去这一行", "nothing is asked", "take the row out")
OTHER_MONTH = Flaw("不是这个月的", "请用这个月的表", "another month", "use the right table")


@dataclass(slots=True)
class Read:
    """What a table says, and everything that is wrong with it, each with its place."""

    filled: list[Filled] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_month(data: bytes, *, filename: str, period: MonthlyPeriod, actor: Actor) -> Read:
    """Compare with what is stored and write nothing; rows that say the same are passed over."""
    items = [queries.item_of(one) for one in queries.items_of(period.form)]
    sheet = sheet_of(items)
    try:
        book = read_workbook(data, filename=filename, max_bytes=settings.UPLOAD_MAX_BYTES)
        parsed = parse_workbook(book, sheet)
    except UnreadableFile as unreadable:
        return Read(faults=[str(unreadable)])
    read = Read(faults=[describe(one) for one in parsed.errors])
    reports = queries.newest_reports(period, actor.scope)
    said = queries.answers_of_reports(reports.values())
    names = Names(actor)
    for row in parsed.rows:
        reader = RowReader(row, sheet, names)
        report = _report(reader, reports, period)
        changed = _changed(row, items, said.get(report.pk, {})) if report else {}
        if report is not None and changed:
            reader.refuse("village", rules.refuse_to_fill(state=report.state, role=actor.role))
            read.filled.append((report, changed))
        read.faults += _told(reader, sheet)
    return read


def _report(
    reader: RowReader, reports: Mapping[Any, MonthlyReport], period: MonthlyPeriod
) -> MonthlyReport | None:
    village, month = reader.village(), reader.row.values["month"]
    if month is not None and month != period.month:
        reader.fault("month", OTHER_MONTH)
        return None
    report = reports.get(village.pk) if village else None
    if village is not None and report is None:
        reader.fault("village", NOT_ASKED)
    return report


def _changed(
    row: ParsedRow, items: Sequence[Item], known: Mapping[str, Answer]
) -> dict[str, Answer]:
    """The cells that say something else than the report; an empty one says nothing."""
    given = {one.code: _answer(one, row) for one in items}
    return {
        code: one
        for code, one in given.items()
        if not one.is_empty and one != known.get(code, Answer())
    }


def _answer(item: Item, row: ParsedRow) -> Answer:
    value = row.values[item.code]
    if item.kind == ItemKind.NUMBER:
        return Answer(number=value)
    return Answer(is_so=value) if item.kind == ItemKind.YES_NO else Answer(text=value or "")


def _told(reader: RowReader, sheet: Sheet) -> list[str]:
    return [
        f"“{sheet.title}”第 {reader.row.number} 行“{one.heading}”（{one.value}）："
        f"{one.flaw.reason}。{one.flaw.mend}。"
        for one in reader.faults
    ]
