"""How do visits and talks leave as a list for the files of an office?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list
from lingyan.posting.models import Visit

VISITS = Sheet(
    kind="visits",
    title="走访谈心",
    columns=(
        Column("happened_on", "日期", Kind.DATE),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("person", "派驻人员"),
        Column("unit", "派出单位"),
        Column("side", "来自"),
        Column("form", "形式"),
        Column("made_by", "走访人"),
        Column("by_head", "主要负责人带队", Kind.BOOLEAN),
        Column("met_person", "见到本人", Kind.BOOLEAN),
        Column("with_whom", "同行和参加的人"),
        Column("text", "看了什么、谈了什么", max_length=1000),
        Column("withdrawn", "撤回理由"),
    ),
    key=(),
    guidance=(),
)


def write_visits(target: BinaryIO, visits: QuerySet[Visit], *, actor: Actor) -> None:
    export_list(VISITS, _rows(visits), target, actor=actor)


def _rows(visits: QuerySet[Visit]) -> Iterator[dict[str, Any]]:
    for one in visits.iterator(chunk_size=500):
        posting = one.posting
        note_listed(posting.person)
        yield {
            "happened_on": one.happened_on,
            "town": str(posting.village.parent or ""),
            "village": str(posting.village),
            "person": posting.person.name,
            "unit": str(posting.unit or ""),
            "side": one.get_side_display(),
            "form": one.get_form_display(),
            "made_by": one.made_by_name,
            "by_head": one.by_head,
            "met_person": one.met_person,
            "with_whom": one.with_whom,
            "text": one.text,
            "withdrawn": one.withdrawn,
        }
