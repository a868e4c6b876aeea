"""How does a pair come about and end: the actions, step by step, with what refuses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import pairings as actions
from lingyan.pairing.models import Pairing
from lingyan.pairing.rules.pairings import Agreement
from lingyan.pairing.rules.words import Goal
from lingyan.platform.audit.models import AuditEntry
from tests.pairing.scene import TODAY, paired
from tests.world import World

AGREEMENT = Agreement(
    goals=(Goal.ORGANIZATION.value, Goal.DEVELOPMENT.value),
    plan_text="每季度一次联席会议",
    unit_contact="郑乙九",
    village_contact="宋乙八",
    number="山联建（2026）1号",
)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def proposed(world: World) -> Pairing:
    return actions.propose_pairing(
        world.finance, world.pine, is_lead=True, points=640, actor=world.officer
    )


def test_a_pair_is_proposed_agreed_by_both_approved_and_started(world: World) -> None:
    pairing = proposed(world)
    actions.agree_unit(pairing, actor=world.unit_admin)
    actions.agree_village(pairing, meeting_on=TODAY, actor=world.pine_secretary)
    actions.approve(pairing, points_seen=640, actor=world.second_officer)

    pairing = actions.start_pairing(pairing, AGREEMENT, signed_on=TODAY, actor=world.pine_secretary)

    pairing.refresh_from_db()
    assert pairing.state == "active"
    assert (pairing.since, pairing.planned_until) == (TODAY, date(2028, 3, 2))
    assert pairing.goals == ["organization", "development"]
    told = AuditEntry.objects.filter(subject_id=str(pairing.pk)).order_by("number")
    assert [one.action.rpartition(".")[2] for one in told] == [
        "proposed", "unit_agreed", "village_agreed", "approved", "started",
    ]  # fmt: skip


def test_scene_gives_an_active_pair(world: World) -> None:
    assert paired(world).state == "active"
