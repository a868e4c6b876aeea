"""When two people press at the same moment, does one get it done and the other hear why not?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.actions import plans, postings, rounds, wishes
from lingyan.posting.models import Plan, Posting, Round, RoundPerson
from tests.posting.scene import STARTS, TODAY, Scene, again
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    with clock.at(TODAY):
        yield Scene(build_world())


def both(*acts: Callable[[], Any], on: date = TODAY) -> list[str]:
    """Run the acts at the same moment, each on a connection of its own; how each ended."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            with clock.at(on):
                start.wait(timeout=20)
                act()
        except Refused as refused:
            return refused.refusals[0].code
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_officers_lock_the_needs(scene: Scene) -> None:
    round = scene.filled()

    ends = both(
        lambda: rounds.close_demand(round, actor=scene.world.officer),
        lambda: rounds.close_demand(round, actor=scene.world.second_officer),
    )

    assert ends == ["done", "posting.round.wrong_state"]
    assert AuditEntry.objects.filter(action="posting.round.demand_closed").count() == 1


def test_two_presses_issue_once(scene: Scene) -> None:
    round = scene.announced()

    def issue() -> None:
        postings.issue_round(
            Round.objects.get(pk=round.pk),
            document_number="山组发(2026)3号",
            starts_on=STARTS,
            actor=scene.world.admin,
        )

    ends = both(issue, issue, on=date(2026, 3, 10))

    assert ends == ["done", "posting.round.wrong_state"]
    assert Posting.objects.count() == 5
    assert verify_chain().broken_number is None


def test_two_computations_keep_one_set_of_plans(scene: Scene) -> None:
    round = scene.asked()

    def compute() -> None:
        plans.compute_plans(
            actor=scene.world.officer, report=lambda percent, text: None, round_id=str(round.pk)
        )

    assert both(compute, compute) == ["done", "done"]
    assert Plan.objects.filter(round=round).count() == 3
    assert again(round).state == "computed"


def test_the_unit_confirms_while_another_of_it_returns(scene: Scene) -> None:
    round = scene.wishing()
    li = scene.taking_part(round, scene.world.li)
    pine = scene.village(round, scene.world.pine)
    wishes.save_wishes(li, {pine.pk: 1}, actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)
    seen = wishes.order_of(li)

    ends = both(
        lambda: wishes.confirm_wishes(li, order_seen=seen, actor=scene.world.unit_admin),
        lambda: wishes.return_wishes(li, reason="请修改", actor=scene.world.unit_admin),
    )

    assert ends == ["done", "posting.wishes.wrong_state"]
    assert RoundPerson.objects.get(pk=li.pk).wish_state in {"confirmed", "returned"}
