"""李甲一 at work in 松树村 out of an issued round, and one who was sent nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import recall
from lingyan.posting.models import Posting, RecallCase
from tests.posting.life_scene import posted_actor
from tests.posting.scene import STARTS, TODAY, Scene, pool_entry, proof
from tests.world import World, _actor

DAY = date(2026, 9, 1)  # a Tuesday


@dataclass
class RecallScene:
    world: World
    posting: Posting
    li: Actor
    town_secretary: Actor

    def case(self, ground: str = "RG08", upto: str = "", **said: Any) -> RecallCase:
        """A case opened by the town and taken step by step as far as `upto`."""
        case = recall.open_case(
            self.posting, ground=ground, source="check", text="两次走访都不在村",
            actor=said.pop("actor", self.world.north_org),
        )  # fmt: skip
        for act, actor, words in self.way():
            if not upto:
                break
            case = recall.take_step(case, act, actor=actor, **words)
            if act == upto:
                break
        return case

    def way(self) -> list[tuple[str, Actor, dict[str, Any]]]:
        """From the telling to the delivery, each step by the hand that takes it."""
        world = self.world
        return [
            ("tell", world.north_org, {"text": "核实六月以来在村情况"}),
            ("state", self.li, {"text": "家中有病人，已向村里说明"}),
            ("verify", world.officer, {"text": "三个月在村不足二十天，属实"}),
            ("opine", world.unit_admin, {"text": "单位同意按规定办理"}),
            ("propose", self.town_secretary, {"text": "建议召回"}),
            (
                "decide",
                world.leader,
                {"text": "部务会 9 月 1 日研究", "document_number": "山组发7号"},
            ),
            ("deliver", world.officer, {"text": "当面送达"}),
            ("talk", world.officer, {"text": "已约谈县财政局局长"}),
        ]

    def recalled(self) -> Posting:
        self.case(upto="decide")
        self.posting.refresh_from_db()
        return self.posting


def build_recall(world: World) -> RecallScene:
    """The clock stands where the caller has set it; everybody was there from April on."""
    with clock.at(TODAY):
        scene = Scene(world)
        scene.entries.append(pool_entry(world.zhou))
        proof(world.zhou, "economy", 4)
        made = scene.issued()
        posting = next(one for one in made if one.person_id == world.li.pk)
    # Set to work at once: how somebody arrives is asked elsewhere.
    Posting.objects.filter(pk__in=[one.pk for one in made]).update(
        state="active", arrived_on=STARTS, training_hours=16
    )
    posting = Posting.objects.get(pk=posting.pk)
    return RecallScene(
        world,
        posting,
        posted_actor(world.li, world.pine),
        _actor("north-secretary", "彭丙四", Role.TOWN_SECRETARY, place=world.north),
    )


PEOPLE = ("li", "wang", "zhao", "qian", "sun", "zhou")


def again(found: RecallScene) -> RecallScene:
    """The same scene for the next test of a file: people and posting as they stand in the table."""
    people = {name: Person.objects.get(pk=getattr(found.world, name).pk) for name in PEOPLE}
    posting = Posting.objects.get(pk=found.posting.pk)
    return replace(found, world=replace(found.world, **people), posting=posting)
