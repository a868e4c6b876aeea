"""One record of each kind of a pair's year, for the tests of every address."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any
from uuid import UUID

from PIL import Image

from lingyan.common import clock
from lingyan.pairing.actions import activities, year
from lingyan.pairing.actions.activities import Said
from lingyan.pairing.models import Pairing, PairInvitation
from lingyan.pairing.rules.year import Youth
from tests.world import World

DAY = date(2026, 2, 26)


def act_records(world: World, pairing_id: UUID) -> dict[str, Any]:
    """A held activity with its photo, a deed, a meeting, a project, a young member, a path."""
    pairing = Pairing.objects.get(pk=pairing_id)
    unit, village = world.unit_admin, world.pine_secretary
    said = Said(
        kind="tech_training", mode="offline", day=DAY, pairings=[pairing.pk],
        place=world.pine.pk, minutes=120, villagers=30, summary="教果树剪枝",
        people={world.li.pk: "spot"},
    )  # fmt: skip
    held = activities.enter_activity(said, actor=unit)
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 60)).save(picture, "JPEG")
    photo = activities.add_photo(held, number=uuid.uuid4(), data=picture.getvalue(), actor=unit)
    deed = year.record_deed(
        [pairing.pk], title="给三组装路灯", text="单位出钱，村里出工", done_on=DAY, actor=unit
    )
    meeting = year.record_meeting(
        [pairing.pk], kind="meeting", day=DAY, with_whom="郑乙九、宋乙八",
        topics="商定春耕帮扶", actor=village,
    )  # fmt: skip
    project = year.open_project(
        [pairing.pk], name="核桃加工点", owner="宋乙八", since=DAY, due_on=date(2026, 10, 31),
        milestones=[("选址", date(2026, 4, 30))], actor=village,
    )  # fmt: skip
    [youth] = year.name_youth(
        pairing, [Youth("罗丁四", date(1998, 5, 1))], trained_on=DAY, content="到单位跟班",
        actor=unit,
    )  # fmt: skip
    path = year.draft_path(
        pairing, title="种好一山核桃", text="扩种、加工、直销", drafted_on=DAY, actor=unit
    )
    asked = PairInvitation.objects.create(
        activity=held, pairing=pairing, asked_by_name="郑乙九", asked_at=clock.now()
    )
    return {
        "activity_id": held.pk,
        "pair_invitation_id": asked.pk,
        "activity_photo_id": photo.pk,
        "deed_id": deed.pk,
        "meeting_id": meeting.pk,
        "project_id": project.pk,
        "milestone_id": project.milestones.get().pk,
        "youth_id": youth.pk,
        "path_id": path.pk,
        "sampled_id": world.north.pk,
        "year": 2026,
    }
