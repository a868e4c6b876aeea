"""One posting of the small county with the people around it: 李甲一 in 松树村."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.posting.actions import insurance, life
from lingyan.posting.models import Posting
from tests.world import SINCE, World, _actor

STARTS = date(2026, 4, 1)
ARRIVED = date(2026, 4, 2)
UNTIL = date(2028, 4, 1)
POLICY = insurance.Policy("人保2026字001号", STARTS, UNTIL)


def post(person: Person, village: Place, unit: Unit | None = None, **said: Any) -> Posting:
    return Posting.objects.create(
        **{
            "person": person,
            "village": village,
            "unit": unit,
            "kind": "first_secretary",
            "origin": "new",
            "state": "appointed",
            "document_number": "山组发（2026）3号",
            "since": STARTS,
            "planned_until": UNTIL,
            "created_at": clock.now(),
            **said,
        }
    )


def posted_actor(person: Person, village: Place, role: Role = Role.FIRST_SECRETARY) -> Actor:
    """The account of somebody posted: sees the village, and is one person in it."""
    user = person.user or User.objects.create_user(f"posted-{person.number}", name=person.name)
    person.user = user
    person.save(update_fields=["user"])
    # Whoever is posted is no candidate any more: one role, so that a browser opens in it.
    RoleAssignment.objects.filter(user=user).delete()
    assignment = RoleAssignment.objects.create(user=user, role=role, place=village, since=SINCE)
    return actor_of(assignment)


@dataclass
class Life:
    """李甲一, appointed to 松树村, with an account as first secretary."""

    world: World
    posting: Posting
    li: Actor
    secretary: Actor
    town_secretary: Actor

    def at_work(self) -> Posting:
        """Trained and arrived, by the actions."""
        with clock.at(date(2026, 3, 30)):
            life.train_posting(
                self.posting, training_hours=16, on=date(2026, 3, 28), actor=self.world.officer
            )
        with clock.at(ARRIVED):
            return life.confirm_arrival(
                self.posting, on=ARRIVED, party_relation_on=STARTS, policy=POLICY,
                actor=self.world.north_org,
            )  # fmt: skip


def build_life(world: World) -> Life:
    return Life(
        world,
        post(world.li, world.pine, world.finance),
        posted_actor(world.li, world.pine),
        world.pine_secretary,
        _actor("north-secretary", "彭丙四", Role.TOWN_SECRETARY, place=world.north),
    )
