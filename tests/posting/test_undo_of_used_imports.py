"""An import whose people a round has been computed with is not taken back under its feet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Person
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import Import
from lingyan.posting.models import Round
from tests.platform.sheets import brought_in, workbook
from tests.posting.scene import TODAY, Scene


def imported(scene: Scene, person: Person, rank: str = "三级主任科员") -> Import:
    """A sheet that changes one registered person."""
    row = (person.name, person.unit.name, rank)  # type: ignore[union-attr]  # each has a unit
    run = brought_in("people", workbook(("姓名", "单位", "职级"), [row]), scene.world.officer)
    assert run.state == "applied"
    return run


def refused(scene: Scene, run: Import) -> list[str]:
    try:
        actions.undo_import(run, actor=scene.world.officer)
    except Refused as found:
        return [one.code for one in found.refusals]
    return []


def rank_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).rank


@pytest.mark.parametrize("state", ["computed", "adjusted", "deliberated", "announced"])
def test_a_round_that_used_it_holds_it(scene: Scene, state: str) -> None:
    run = imported(scene, scene.world.li)
    round = scene.computed()
    Round.objects.filter(pk=round.pk).update(state=state)

    with pytest.raises(Refused) as found:
        actions.undo_import(run, actor=scene.world.officer)

    assert [one.code for one in found.value.refusals] == ["exchange.computed_from"]
    assert f"选派批次“{round.name}”已用导入的内容计算" in str(found.value)
    assert (Import.objects.get(pk=run.pk).state, rank_of(scene.world.li)) == (
        "applied", "三级主任科员",
    )  # fmt: skip


@pytest.mark.parametrize("state", ["issued", "cancelled"])
def test_a_round_that_is_over_holds_nothing(scene: Scene, state: str) -> None:
    run = imported(scene, scene.world.li)
    Round.objects.filter(pk=scene.computed().pk).update(state=state)

    assert refused(scene, run) == []
    assert rank_of(scene.world.li) == ""


def test_a_round_that_is_not_computed_yet_holds_nothing(scene: Scene) -> None:
    run = imported(scene, scene.world.li)
    scene.asked()

    assert refused(scene, run) == []


def test_what_came_after_the_computation_may_go_again(scene: Scene) -> None:
    scene.computed()

    with clock.at(TODAY + timedelta(days=1)):
        assert refused(scene, imported(scene, scene.world.li)) == []


def test_somebody_who_takes_no_part_may_go_back(scene: Scene) -> None:
    run = imported(scene, scene.world.zhou)
    scene.computed()

    assert refused(scene, run) == []
