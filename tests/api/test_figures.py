"""Figures for programs: the numbers of the pages, their records within the scope, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.directory.roles import Role
from tests.api.programs import data, program
from tests.pairing.acts_scene import Acts, build_acts
from tests.pairing.scene import TODAY
from tests.world import World, _actor


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def test_a_number_its_places_and_its_records_are_those_of_the_page(acts: Acts) -> None:
    world = acts.world
    officer, north = program(world.officer), program(world.north_org)

    told = data(officer.get("/indicators/X08"))
    listed = data(officer.get("/indicators?group=组织联建"))
    evidence = data(officer.get("/indicators/IND-3-01/evidence?limit=1"))

    assert told["code"] == "IND-3-01"
    assert {one["place"] for one in told["places"]} == {"北山镇", "南河镇"}
    assert next(one for one in listed if one["row"] == "X08")["value"] == told["value"]
    assert evidence["value"] == told["value"]
    assert (len(evidence["records"]), evidence["hidden"]) == (1, 0)
    own = data(north.get("/indicators/X08/evidence?area=county"))
    assert own["value"] == told["value"]
    assert own["count"] + own["hidden"] == evidence["count"]
    assert own["hidden"]


def test_an_address_stands_only_where_something_opens(acts: Acts) -> None:
    """依据：READERS of a figure may read its list; only OPENERS open a record."""
    world = acts.world
    office = _actor("office", "赵某办", Role.COUNTY_OFFICE, place=world.county)

    for actor, opens in ((world.officer, True), (office, False)):
        told = data(program(actor).get("/indicators/X08/evidence"))["records"]
        assert told
        assert {bool(one["url"]) for one in told} == {opens}


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/indicators/X99", 404, "api.not_found"),
        ("/indicators/X08?area=place-1", 404, "api.not_found"),
        ("/indicators/X08/evidence?period=2027", 422, "indicators.ahead"),
        ("/indicators?period=2026-3", 422, "indicators.bad_period"),
        ("/indicators/X08?on=x", 422, "indicators.bad_day"),
        ("/indicators/X08/evidence?limit=0", 422, "api.invalid"),
    ],
)
def test_bad_input_is_answered_with_its_reason(
    acts: Acts, address: str, status: int, code: str
) -> None:
    answer: Any = program(acts.world.officer).get(address)

    assert (answer.status_code, data(answer)["code"]) == (status, code)


def test_a_program_of_a_town_reads_no_other_town(acts: Acts) -> None:
    south = f"/indicators/X08?area=place-{acts.world.south.pk}"

    assert program(acts.world.officer).get(south).status_code == 200
    assert program(acts.world.north_org).get(south).status_code == 404
    assert program(acts.world.candidate).get("/indicators").status_code == 403
