"""Rounds of the shared small county, brought as far as a test needs them by the actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.posting.actions import intentions, plans, postings, rounds, wishes
from lingyan.posting.models import (
    CapabilityEvidence,
    NeedItem,
    NeedList,
    PoolEntry,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
)
from lingyan.posting.rules import rounds as round_rules
from tests.world import SINCE, World

TODAY = date(2026, 3, 2)  # a Monday
STARTS = date(2026, 4, 1)


def need_list(village: Place, *types: str, klass: int = 3, members: int = 0) -> NeedList:
    need = NeedList.objects.create(
        village=village,
        state=NeedList.State.ISSUED,
        village_types=list(types),
        priority_class=klass,
        first_secretary_seats=1,
        member_seats=members,
        issued_on=date(2026, 2, 1),
        created_at=clock.now(),
    )
    NeedItem.objects.create(
        need_list=need,
        domain="industry",
        item="I2",
        severity=3,
        capabilities=["economy"],
        text="主导产业不成规模",
    )
    return need


def pool_entry(person: Person, **declared: Any) -> PoolEntry:
    return PoolEntry.objects.create(
        person=person,
        unit=person.unit,
        state="in_pool",
        updated_at=clock.now(),
        **{"health": "fit", "discipline": "clear", **declared},
    )


def proof(person: Person, capability: str, years: int) -> CapabilityEvidence:
    return CapabilityEvidence.objects.create(
        person=person,
        capability=capability,
        text=f"从事相关工作 {years} 年",
        since=date(2026 - years, 1, 1),
        verified=True,
        verified_on=date(2026, 1, 10),
        recorded_on=date(2026, 1, 5),
    )


class Scene:
    """The small county with need lists in all four villages and five people in the pool."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.needs = [
            need_list(world.pine, "weak_industry", klass=2, members=1),
            need_list(world.brook, "weak_org", klass=1),
            need_list(world.stone, "high_dispute", klass=2),
            need_list(world.mill, "ordinary"),
        ]
        self.entries = [
            pool_entry(person)
            for person in (world.li, world.wang, world.zhao, world.qian, world.sun)
        ]
        proof(world.li, "economy", 5)
        proof(world.wang, "party_work", 4)
        proof(world.zhao, "social_gov", 3)
        proof(world.qian, "economy", 2)

    def opened(self, name: str = "2026 年第一批", **settings: Any) -> Round:
        return rounds.open_round(
            county=self.world.county,
            name=name,
            term_starts_on=STARTS,
            term_months=24,
            settings=round_rules.round_settings(**settings),
            seed=7,
            actor=self.world.officer,
        )

    def filled(self) -> Round:
        round = self.opened()
        rounds.add_villages(round, self.needs, actor=self.world.officer)
        rounds.add_people(round, self.entries, actor=self.world.officer)
        return round

    def locked(self) -> Round:
        return rounds.close_demand(self.filled(), actor=self.world.officer)

    def wishing(self) -> Round:
        return rounds.open_wishes(self.locked(), actor=self.world.officer)

    def wished(self) -> Round:
        """李甲一 puts 松树村 first; the unit has confirmed."""
        round = self.wishing()
        li = self.taking_part(round, self.world.li)
        wishes.save_wishes(
            li,
            {
                self.village(round, self.world.pine).pk: 1,
                self.village(round, self.world.mill).pk: 2,
            },
            actor=self.world.candidate,
        )
        wishes.submit_wishes(li, actor=self.world.candidate)
        wishes.confirm_wishes(li, order_seen=wishes.order_of(li), actor=self.world.unit_admin)
        return round

    def asking(self) -> Round:
        return rounds.open_intentions(self.wished(), actor=self.world.officer)

    def asked(self) -> Round:
        """北山镇 would like 李甲一 for 松树村."""
        round = self.asking()
        pine = self.village(round, self.world.pine)
        li = self.taking_part(round, self.world.li)
        intentions.save_intentions(
            pine, {("first_secretary", li.pk): 1}, actor=self.world.north_org
        )
        intentions.submit_intentions(pine, actor=self.world.north_org)
        return round

    def computed(self) -> Round:
        round = self.asked()
        plans.compute_plans(
            actor=self.world.officer, report=lambda percent, text: None, round_id=str(round.pk)
        )
        return again(round)

    def decided(self) -> Round:
        return plans.deliberate_round(
            self.computed(), decision="同意按方案选派", decided_on=TODAY, actor=self.world.leader
        )

    def announced(self) -> Round:
        return plans.announce_round(self.decided(), actor=self.world.officer)

    def issued(self) -> list[Posting]:
        round = self.announced()
        with clock.at(date(2026, 3, 10)):
            return postings.issue_round(
                round,
                document_number="山组发(2026)3号",
                starts_on=STARTS,
                actor=self.world.admin,
            )

    def village(self, round: Round, place: Place) -> RoundVillage:
        return RoundVillage.objects.get(round=round, village=place)

    def taking_part(self, round: Round, person: Person) -> RoundPerson:
        return RoundPerson.objects.get(round=round, person=person)


def again(round: Round) -> Round:
    return Round.objects.get(pk=round.pk)


def codes(refused: Any) -> list[str]:
    """The codes of a refusal, as `pytest.raises` has caught it."""
    return [refusal.code for refusal in refused.value.refusals]


def candidate_of(person: Person) -> Actor:
    """An account for one more candidate."""
    user = User.objects.create_user(person.number, name=person.name)
    person.user = user
    person.save(update_fields=["user"])
    assignment = RoleAssignment.objects.create(user=user, role=Role.CANDIDATE, since=SINCE)
    return actor_of(assignment)
