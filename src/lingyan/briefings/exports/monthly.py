"""How do the reports of a month leave as a table of villages and what each was asked?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.briefings.models import MonthlyItem, MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules.monthly import Answer
from lingyan.briefings.rules.monthly_sheet import sheet_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

CHUNK = 200


def write_month(
    target: BinaryIO, period: MonthlyPeriod, rows: QuerySet[MonthlyReport], *, actor: Actor
) -> None:
    asked = queries.items_of(period.form)
    sheet = sheet_of([queries.item_of(one) for one in asked])
    export_list(sheet, _rows(rows, asked), target, actor=actor)


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


def _cell(answer: Answer | None) -> str | int | bool | None:
    if answer is None or answer.is_empty:
        return None
    if answer.is_so is not None:
        return answer.is_so
    return answer.text if answer.number is None else answer.number
