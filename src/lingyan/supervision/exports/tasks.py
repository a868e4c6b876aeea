"""How do tasks, talks and overrides leave as a list?"""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list
from lingyan.supervision.models import SupervisionTask

TASKS = Sheet(
    kind="supervision_tasks",
    title="督办任务",
    columns=(
        Column("place", "所在地"),
        Column("what", "事项", max_length=500),
        Column("source", "来源"),
        Column("rule", "依据"),
        Column("holder", "现责任方"),
        Column("state", "状态"),
        Column("came_on", "产生日期", Kind.DATE),
        Column("with_you_on", "到现责任方日期", Kind.DATE),
        Column("due_on", "办结期限", Kind.DATE),
        Column("answered_on", "报结日期", Kind.DATE),
        Column("answer", "办理情况", max_length=500),
        Column("evidence", "佐证", max_length=500),
    ),
)


def _row(task: SupervisionTask) -> dict[str, Any]:
    return {
        "place": f"{task.place.parent or ''}{task.place}",
        "what": task.what,
        "source": task.source_title,
        "rule": task.rule,
        "holder": task.holder,
        "state": task.get_state_display(),
        "came_on": task.came_at.astimezone(clock.BEIJING).date(),
        "with_you_on": task.with_you_at.astimezone(clock.BEIJING).date(),
        "due_on": task.due_on,
        "answered_on": task.answered_on,
        "answer": task.answer,
        "evidence": task.evidence,
    }


def write_tasks(target: BinaryIO, rows: QuerySet[SupervisionTask], *, actor: Actor) -> None:
    export_list(TASKS, map(_row, rows), target, actor=actor)
