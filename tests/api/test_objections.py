"""Who may not go where, said by programs: the town's veto, the candidate's, the county's."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.common import clock
from lingyan.posting.models import Objection
from tests.api.programs import data, program
from tests.posting.scene import TODAY, Scene, candidate_of
from tests.world import World


@pytest.fixture
def scene(world: World) -> Any:
    with clock.at(TODAY):
        yield Scene(world)


@pytest.mark.walled
def test_a_town_vetoes_for_its_own_villages_and_takes_it_back(world: World, scene: Scene) -> None:
    round = scene.asking()
    pine, li = scene.village(round, world.pine), scene.taking_part(round, world.li)
    town, wanted = program(world.north_org), {"round_person": str(li.pk), "reason": "有纠纷"}

    assert program(world.south_org).post(f"/intentions/{pine.pk}/veto", wanted).status_code == 404
    assert program(world.officer).post(f"/intentions/{pine.pk}/veto", wanted).status_code == 403
    nobody = {**wanted, "round_person": str(pine.pk)}
    assert town.post(f"/intentions/{pine.pk}/veto", nobody).status_code == 404
    made = town.post(f"/intentions/{pine.pk}/veto", wanted)
    assert made.status_code == 201, made.content
    assert (data(made)["kind"], data(made)["person_id"]) == ("village_veto", str(world.li.pk))
    assert town.post(f"/intentions/{pine.pk}/veto", wanted).status_code == 409

    address = f"/rounds/{round.pk}/objections"
    assert data(town.get(f"{address}?kind=village_veto"))["total"] == 1
    lift = f"{address}/{data(made)['id']}/lift"
    assert program(world.south_org).post(lift, {"reason": "弄错"}).status_code == 404
    assert town.post(lift, {"reason": ""}).status_code == 422
    assert town.post(lift, {"reason": "已经和好"}).status_code == 200
    assert not Objection.objects.exists()


def test_a_candidate_refuses_a_village_and_only_the_own_list_says_so(
    world: World, scene: Scene
) -> None:
    round = scene.wishing()
    own, pine = scene.taking_part(round, world.li), scene.village(round, world.pine)
    mine, address = program(candidate_of(world.li)), f"/wishes/{own.pk}/refusals"
    wanted = {"round_village": str(pine.pk), "reason": "父母需照顾"}

    assert program(candidate_of(world.sun)).post(address, wanted).status_code == 404
    made = mine.post(address, wanted)
    assert made.status_code == 201, made.content
    assert [one["place"] for one in data(mine.get(address))["items"]] == ["松树村"]
    # The town is not told why somebody does not come.
    listed = program(world.north_org).get(f"/rounds/{round.pk}/objections")
    assert data(listed)["total"] == 0


def test_the_county_bans_a_pair_and_units_speak_of_themselves(world: World, scene: Scene) -> None:
    round = scene.filled()
    county, unit, address = (
        program(world.officer), program(world.unit_admin), f"/rounds/{round.pk}/objections",
    )  # fmt: skip
    ban = {"kind": "county_ban", "person": str(world.li.pk), "place": str(world.pine.pk),
           "reason": "曾任该村包村干部"}  # fmt: skip

    assert unit.post(address, ban).status_code == 422
    assert data(county.post(address, ban))["reason"] == "曾任该村包村干部"
    foreign = {**ban, "person": str(world.zhou.pk)}
    assert county.post(address, foreign).status_code == 422
    own = {"kind": "unit_town", "unit": str(world.finance.pk), "place": str(world.north.pk),
           "reason": "审计未结"}  # fmt: skip
    assert data(unit.post(address, own))["unit"] == "县财政局"
    theirs = {**own, "unit": str(world.school.pk)}
    assert unit.post(address, theirs).status_code == 422
    assert data(unit.get(address))["total"] == 2
