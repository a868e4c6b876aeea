"""How do rectification cases leave as a list?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.organization.models import RectificationCase
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

CASES = Sheet(
    kind="rectification_cases",
    title="整顿台账",
    columns=(
        Column("number", "编号"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("situations", "情形"),
        Column("mode", "认定方式"),
        Column("rank", "倒排名次", Kind.INTEGER),
        Column("state", "状态"),
        Column("decided_on", "县委决定日期", Kind.DATE),
        Column("document_number", "决定文号"),
        Column("leader", "联村县级领导"),
        Column("town_leader", "包村乡镇领导"),
        Column("secretary", "第一书记"),
        Column("unit", "结对单位"),
        Column("started_on", "开始整顿日期", Kind.DATE),
        Column("due_on", "整顿期限", Kind.DATE),
        Column("cleared_on", "销号日期", Kind.DATE),
    ),
)
FIELDS = (
    "number", "rank", "decided_on", "document_number", "started_on", "due_on", "cleared_on",
)  # fmt: skip
OF_KIND = {"S1": "leader", "S2": "town_leader", "S3": "secretary", "S4": "unit"}


def write_cases(target: BinaryIO, cases: QuerySet[RectificationCase], *, actor: Actor) -> None:
    export_list(CASES, _rows(cases), target, actor=actor)


def _rows(cases: QuerySet[RectificationCase]) -> Iterator[dict[str, Any]]:
    found = cases.prefetch_related("situations", "supports")
    for one in found.iterator(chunk_size=500):
        four = {OF_KIND[s.kind]: s.name for s in one.supports.all() if s.until is None}
        yield {
            "town": str(one.village.parent or ""),
            "village": str(one.village),
            "situations": "、".join(s.code for s in one.situations.all()),
            "mode": one.get_identify_mode_display(),
            "state": one.get_state_display(),
            **four,
            **{name: getattr(one, name) for name in FIELDS},
        }
