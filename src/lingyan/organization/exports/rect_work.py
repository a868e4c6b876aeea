"""How do the monthly reports of rectification leave as a list?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.organization.models import RectReport
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

COUNTED = ("visits", "checkups", "problems", "found", "verified")
REPORTS = Sheet(
    kind="rect_reports",
    title="整顿月报",
    columns=(
        Column("month", "月份"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("visits", "县级领导督查（次）", Kind.INTEGER),
        Column("checkups", "全面体检（次）", Kind.INTEGER),
        Column("problems", "问题总数（个）", Kind.INTEGER),
        Column("found", "当月新发现（个）", Kind.INTEGER),
        Column("verified", "已核实整改（个）", Kind.INTEGER),
        Column("text", "进展情况", max_length=1000),
        Column("made_by_name", "报送人"),
    ),
)


def write_reports(target: BinaryIO, reports: QuerySet[RectReport], *, actor: Actor) -> None:
    export_list(REPORTS, _report_rows(reports), target, actor=actor)


def _report_rows(reports: QuerySet[RectReport]) -> Iterator[dict[str, Any]]:
    for one in reports.iterator(chunk_size=500):
        village = one.case.village
        yield {
            "month": f"{one.month:%Y-%m}",
            "town": str(village.parent or ""),
            "village": str(village),
            "text": one.text,
            "made_by_name": one.made_by_name,
            **{name: one.figures.get(name, 0) for name in COUNTED},
        }
