"""One record of each kind of the diary, of 李甲一 in 松树村, for the tests of every address."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

from PIL import Image

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.actions import diary, problems
from lingyan.posting.models import Posting
from lingyan.posting.rules.diary_sync import Sent
from tests.posting.duty_scene import said
from tests.world import World


def duty_records(world: World) -> dict[str, Any]:
    """An ended posting with an entry, its photo, a conflict and a problem."""
    Posting.objects.create(
        person=world.li, village=world.pine, unit=world.finance, kind="first_secretary",
        origin="new", state="completed", document_number="山组发(2024)1号",
        since=date(2024, 3, 1), planned_until=date(2026, 3, 1), until=date(2026, 3, 1),
        created_at=clock.now(),
    )  # fmt: skip
    role = Role.FIRST_SECRETARY
    actor = Actor(
        world.candidate.user_id, world.li.name, role.value, role.label,
        Scope(place_paths=(world.pine.path,), person_id=world.li.pk),
    )  # fmt: skip
    before = said("张大娘家漏雨", happened_on="2026-02-20")
    entry_id, changed, late = (str(uuid.uuid4()) for _ in range(3))
    entry = diary.receive_entry(Sent(entry_id, entry_id, before), actor=actor).entry
    for number, text in ((changed, "张大娘家屋顶漏雨"), (late, "张大娘家要修房顶")):
        values = before | {"text": text}
        received = diary.receive_entry(Sent(number, entry_id, values, before), actor=actor)
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 60)).save(picture, "JPEG")
    photo = diary.add_photo(entry, number=uuid.uuid4(), data=picture.getvalue(), actor=actor)
    problem = problems.find_problem(
        text="张大娘家漏雨", found_on=date(2026, 2, 20), owner="village",
        due_on=date(2026, 4, 1), entry=entry, actor=actor,
    )  # fmt: skip
    return {
        "diary_id": entry.pk, "photo_id": photo.pk, "conflict_id": received.conflict_id,
        "problem_id": problem.pk, "size": "small", "act": "handle", "kind": "month",
        "since": "2026-02-01",
    }  # fmt: skip
