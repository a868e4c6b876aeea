"""How does the month's report of what was let through leave as a list?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list
from lingyan.supervision.queries.overrides import OverrideLine

FIELDS = ("on", "gate", "words", "title", "place", "reason", "document", "by", "last_day")
OVERRIDES = Sheet(
    kind="gate_overrides",
    title="关口放行月报",
    columns=(
        Column("on", "放行日期", Kind.DATE),
        Column("gate", "关口"),
        Column("words", "关口内容"),
        Column("title", "放行对象"),
        Column("place", "所在地"),
        Column("reason", "理由", max_length=500),
        Column("document", "批准文件"),
        Column("by", "放行人"),
        Column("last_day", "放行至", Kind.DATE),
    ),
)


def write_overrides(target: BinaryIO, lines: Iterable[OverrideLine], *, actor: Actor) -> None:
    export_list(OVERRIDES, map(_row, lines), target, actor=actor)


def _row(line: OverrideLine) -> dict[str, Any]:
    if line.person is not None:
        note_listed(line.person)
    return {name: getattr(line, name) for name in FIELDS}
