"""A task, a talk and a gate that was opened, for the tests of every address."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

from PIL import Image

from lingyan.supervision.actions.evidence import add_photo
from lingyan.supervision.actions.interviews import plan_interview
from lingyan.supervision.actions.overrides import override_gate
from lingyan.supervision.actions.tasks import raise_task, step_task
from tests.world import World

DUE = date(2026, 4, 30)


def supervision_records(world: World) -> dict[str, Any]:
    task = raise_task(
        what="松树村会议室漏雨，请修好", place=world.pine, level="village", due_on=DUE,
        actor=world.north_org,
    )  # fmt: skip
    other = step_task(
        raise_task(
            what="松树村公示栏补齐", place=world.pine, level="village", due_on=DUE,
            actor=world.north_org,
        ),
        "accept", actor=world.pine_secretary,
    )  # fmt: skip
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 60)).save(picture, "JPEG")
    photo = add_photo(
        other, number=uuid.uuid4(), data=picture.getvalue(), actor=world.pine_secretary
    )
    talk = plan_interview(
        world.zhou, kind="remind", rule="驻村管理办法第九条", ground="两个月没有报告",
        interviewer=str(world.leader.user_id), planned_on=date(2026, 4, 1), actor=world.leader,
    )  # fmt: skip
    override_gate(
        "G-1", world.li, title="李甲一 松树村", place=world.pine, reason="因病",
        document="山组发（2026）12号", actor=world.officer,
    )  # fmt: skip
    return {"task_id": task.pk, "interview_id": talk.pk, "task_photo_id": photo.pk}
