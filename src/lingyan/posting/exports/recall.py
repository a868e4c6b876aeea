"""How does the list of recall cases leave as a workbook, and what stays in the house?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lingyan.common import workbook
from lingyan.common.periods import ONE_DAY
from lingyan.common.sheet import Column, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_banner
from lingyan.posting.models import RecallCase
from lingyan.posting.rules.recall import GROUNDS

# Grounds of health and discipline, statements and reasons are read in the house only (10.1).
RECALL_CASES = Sheet(
    "recall_cases",
    "召回台账",
    (
        Column("person", "姓名"),
        Column("unit", "派出单位"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("kind", "类别"),
        Column("ground", "召回情形"),
        Column("state", "状态"),
        Column("opened_on", "立案日期"),
        Column("decided_on", "决定日期"),
        Column("document_number", "文号"),
        Column("ban_last_day", "不得选派到"),
        Column("closed_on", "办结日期"),
    ),
)


def write_cases(target: BinaryIO, cases: Sequence[RecallCase], *, actor: Actor) -> int:
    return workbook.write_rows(
        target, RECALL_CASES, _rows(cases), banner=export_banner(actor, "召回工作")
    )


def _rows(cases: Sequence[RecallCase]) -> Iterator[dict[str, Any]]:
    for case in cases:
        posting = case.posting
        yield {
            "person": posting.person.name,
            "unit": str(posting.unit or ""),
            "town": str(posting.village.parent or ""),
            "village": posting.village.short_name,
            "kind": posting.get_kind_display(),
            "ground": GROUNDS[case.ground].public_label,
            "state": case.get_state_display(),
            "opened_on": case.opened_on.isoformat(),
            "decided_on": case.decided_on.isoformat() if case.decided_on else "",
            "document_number": case.document_number,
            "ban_last_day": (case.ban_until - ONE_DAY).isoformat() if case.ban_until else "",
            "closed_on": case.closed_on.isoformat() if case.closed_on else "",
        }
