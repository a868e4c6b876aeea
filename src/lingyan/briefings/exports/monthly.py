"""How do the reports of a month leave as a table of villages and what each was asked?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.briefings.models import MonthlyItem, MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer
from lingyan.briefings.rules.monthly_words import ItemKind
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

CHUNK = 200


def write_month(
    target: BinaryIO, period: MonthlyPeriod, rows: QuerySet[MonthlyReport], *, actor: Actor
) -> None:
    asked = queries.items_of(period.form)
    export_list(_sheet(asked), _rows(rows, asked), target, actor=actor)


def _sheet(asked: Sequence[MonthlyItem]) -> Sheet:
    return Sheet(
        kind="monthly_reports",
        title="村月报",
        columns=(
            Column("town", "乡镇"),
            Column("village", "村"),
            Column("month", "月份", Kind.DATE),
            Column("state", "状态"),
            Column("version", "第几份", Kind.INTEGER),
            Column("submitted_on", "提交日期", Kind.DATE),
            *map(_column, asked),
        ),
    )


def _column(item: MonthlyItem) -> Column:
    heading = f"{item.name}（{item.unit}）" if item.unit else item.name
    kind = Kind.INTEGER if item.kind == ItemKind.NUMBER else Kind.TEXT
    return Column(item.code, heading, kind, max_length=rules.TEXT_MAX)


def _rows(
    reports: QuerySet[MonthlyReport], asked: Sequence[MonthlyItem]
) -> Iterator[dict[str, Any]]:
    found = reports.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        said = queries.answers_of_reports(chunk)
        for one in chunk:
            answers = said.get(one.pk, {})
            yield {
                "town": str(one.village.parent or ""),
                "village": str(one.village),
                "month": one.month,
                "state": one.get_state_display(),
                "version": one.version,
                "submitted_on": one.submitted_on,
                **{item.code: _cell(answers.get(item.code)) for item in asked},
            }


def _cell(answer: Answer | None) -> str | int | None:
    if answer is None or answer.is_empty:
        return None
    return rules.shown(answer) if answer.number is None else answer.number
