"""A task, a talk and a gate that was opened, for the tests of every address."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.supervision.actions.interviews import plan_interview
from lingyan.supervision.actions.overrides import override_gate
from lingyan.supervision.actions.tasks import raise_task
from tests.world import World

DUE = date(2026, 4, 30)


def supervision_records(world: World) -> dict[str, Any]:
    task = raise_task(
        what="松树村会议室漏雨，请修好", place=world.pine, level="village", due_on=DUE,
        actor=world.north_org,
    )  # fmt: skip
    talk = plan_interview(
        world.zhou, kind="remind", rule="驻村管理办法第九条", ground="两个月没有报告",
        interviewer=str(world.leader.user_id), planned_on=date(2026, 4, 1), actor=world.leader,
    )  # fmt: skip
    override_gate(
        "G-1", world.li, title="李甲一 松树村", place=world.pine, reason="因病",
        document="山组发（2026）12号", actor=world.officer,
    )  # fmt: skip
    return {"task_id": task.pk, "interview_id": talk.pk}
