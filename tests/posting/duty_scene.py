"""A first secretary at work in 松树村: the posting, the account, a need list, and entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.posting.actions import diary
from lingyan.posting.models import NeedItem, NeedList, Posting
from lingyan.posting.rules.diary_sync import Sent
from tests.world import SINCE, World

SINCE_POSTED = date(2026, 1, 12)
TODAY = date(2026, 3, 5)


@dataclass
class Duty:
    world: World
    posting: Posting
    actor: Actor
    need: NeedItem

    def write(self, text: str = "入户宣传医保政策", **more: Any) -> diary.Received:
        number = str(uuid.uuid4())
        return diary.receive_entry(Sent(number, number, said(text, **more)), actor=self.actor)


def on_duty(world: World) -> Duty:
    posting = posted(world.li, world.pine, "first_secretary")
    needs = NeedList.objects.create(village=world.pine, state="issued", created_at=clock.now())
    need = NeedItem.objects.create(
        need_list=needs, domain="industry", item="I2", severity=4, text="茶叶缺技术"
    )
    return Duty(world, posting, acting(world.li, Role.FIRST_SECRETARY, world.pine), need)


def posted(person: Person, village: Place, kind: str) -> Posting:
    return Posting.objects.create(
        person=person, village=village, unit=person.unit, kind=kind, origin="new", state="active",
        document_number="山组发(2026)3号", since=SINCE_POSTED, planned_until=date(2028, 1, 12),
        created_at=clock.now(),
    )  # fmt: skip


def acting(person: Person, role: Role, village: Place) -> Actor:
    """The person's account in a role of its village, and in no other."""
    user = person.user or User.objects.create_user(person.number, name=person.name)
    person.user = user
    person.save(update_fields=["user"])
    RoleAssignment.objects.filter(user=user).delete()
    assignment = RoleAssignment.objects.create(user=user, role=role, place=village, since=SINCE)
    return actor_of(assignment)


def said(text: str = "入户宣传医保政策", **more: Any) -> dict[str, Any]:
    return {
        "happened_on": "2026-03-05", "duty": "D1", "text": text, "with_whom": "", "need": "",
        "households": 0, **more,
    }  # fmt: skip
