"""The small county with people in post, a standard of each kind and confirmed months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import insurance, support
from lingyan.posting.models import (
    AppraisalCycle,
    AppraisalEntry,
    MonthPresence,
    PaymentList,
    Posting,
)
from lingyan.posting.rules.support_words import StandardKey, SupportItem
from tests.posting.life_scene import post, posted_actor
from tests.world import World, _actor

BEGAN = date(2026, 1, 5)
ENDS = date(2028, 1, 5)
MAY = date(2026, 5, 1)
JUNE_5 = date(2026, 6, 5)
STANDARDS = {
    StandardKey.FUND_YEAR: "20000",
    StandardKey.LIVING_DAY: "80.50",
    StandardKey.TRANSPORT_MONTH: "300",
}


@dataclass
class Support:
    """李甲一 in 松树村 and 钱甲四 in 石桥村, at work since January; a finance office."""

    world: World
    li: Posting
    qian: Posting
    me: Actor
    finance: Actor
    north_secretary: Actor

    def confirm(self, posting: Posting, days: int, month: date = MAY) -> None:
        MonthPresence.objects.create(
            posting=posting, month=month, days_by_facts=days, days=days, leave_days=0,
            confirmed_by_name="宋乙八", confirmed_at=clock.now(),
        )  # fmt: skip

    def list_of(self, item: SupportItem = SupportItem.LIVING, month: date = MAY) -> PaymentList:
        with clock.at(JUNE_5):
            return support.make_list(
                self.world.county, item=item, month=month, actor=self.world.officer
            )


def build_support(world: World) -> Support:
    def at_work(person: Person, village: object, kind: str = "first_secretary") -> Posting:
        return post(
            person, village, person.unit, state="active", since=BEGAN, arrived_on=BEGAN,
            planned_until=ENDS, kind=kind,
        )  # type: ignore[arg-type]  # a village  # fmt: skip

    with clock.at(BEGAN):
        li, qian = at_work(world.li, world.pine), at_work(world.qian, world.stone)
        for key, amount in STANDARDS.items():
            support.set_standard(
                world.county, key=key, amount=Decimal(amount), since=BEGAN, clause="山组发1号",
                actor=world.admin,
            )  # fmt: skip
        insurance.add_policy(
            li, insurance.Policy("人保1", BEGAN, date(2027, 1, 5)), actor=world.north_org
        )
    return Support(
        world, li, qian, posted_actor(world.li, world.pine),
        _actor("treasury", "石丁二", Role.COUNTY_FINANCE, place=world.county),
        _actor("north-head", "彭丙五", Role.TOWN_SECRETARY, place=world.north),
    )  # fmt: skip


def appraised(scene: Support, grade: str, state: str = "final") -> None:
    """李甲一's year as an appraisal has left it: its own flow has tests of its own."""
    cycle = AppraisalCycle.objects.create(
        county=scene.world.county, kind="annual", name="2025 年度考核", since=date(2025, 1, 1),
        until=date(2026, 1, 1), due_on=date(2026, 1, 20), state=state,
        created_at=clock.real_now(), archived_on=date(2026, 2, 1),
    )  # fmt: skip
    AppraisalEntry.objects.create(
        cycle=cycle, posting=scene.li, grade=grade, score_top=90, score_bottom=1
    )
