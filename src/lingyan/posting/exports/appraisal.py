"""How does the result of an appraisal leave as a table?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from lingyan.common import workbook
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_banner

APPRAISAL_RESULTS = Sheet(
    "appraisal_results",
    "考评结果",
    (
        Column("appraisal", "考评"),
        Column("rank", "名次", Kind.INTEGER),
        Column("person", "姓名"),
        Column("unit", "派出单位"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("kind", "类别"),
        Column("town_score", "乡镇党委评分"),
        Column("mass_score", "村民群众评分"),
        Column("county_score", "县委组织部评分"),
        Column("unit_score", "派出单位评分"),
        Column("satisfaction", "满意率"),
        Column("score", "得分"),
        Column("computed_grade", "测算等次"),
        Column("grade", "等次"),
        Column("note", "说明"),
    ),
)


def write_results(
    target: BinaryIO, rows: Iterable[Mapping[str, Any]], people: Iterable[Person], *, actor: Actor
) -> int:
    """One row for each person, in the order of the page; figures as the page writes them."""
    note_listed(*people)
    return workbook.write_rows(
        target, APPRAISAL_RESULTS, rows, banner=export_banner(actor, "考评结果运用")
    )
