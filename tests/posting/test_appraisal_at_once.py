"""When two press at the same moment in an appraisal, is nothing lost and nothing counted twice?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from lingyan.common import clock
from lingyan.posting.actions import appraisal, ballots
from lingyan.posting.models import BallotBox
from tests.posting.appraisal_scene import AFTER, OPENED, Appraised, build_appraised
from tests.posting.test_two_at_once import both
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Appraised:
    return build_appraised(build_world())


def voter(scene: Appraised, text: str) -> Callable[[], object]:
    """Somebody who has opened the ballot of this code and now presses."""
    code = ballots.find_ballot(text)
    assert code is not None
    choice = {str(scene.entry("li").pk): "satisfied"}
    return partial(ballots.cast_ballot, code, choice, actor=ballots.VILLAGER)


def test_one_code_counts_once_and_two_codes_count_twice(scene: Appraised) -> None:
    scene.started()
    town = scene.world.north_org
    box = scene.box(scene.world.pine, town)
    first, second, third, *_ = ballots.show_slips(box, actor=town)
    with clock.at(OPENED):
        ballots.hand_out(box, actor=town)

    same = both(voter(scene, first), voter(scene, first), on=OPENED)
    other = both(voter(scene, second), voter(scene, third), on=OPENED)

    assert same == ["done", "posting.ballot.used"]
    assert other == ["done", "done"]
    assert scene.entry("li").satisfied == BallotBox.objects.get().cast == 3


def test_two_officers_sum_up_once(scene: Appraised) -> None:
    scene.started()
    scene.scored()
    scene.counted()
    cycle, world = scene.fresh(), scene.world

    ends = both(
        partial(appraisal.summarise, cycle, actor=world.officer),
        partial(appraisal.summarise, cycle, actor=world.second_officer),
        on=AFTER,
    )

    assert ends == ["done", "posting.appraisal.wrong_state"]
