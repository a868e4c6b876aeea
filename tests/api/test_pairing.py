"""Pairs and activities for programs: the same scope, the same refusals, one record per number."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.pairing.models import PairActivity
from tests.api.programs import data, program
from tests.pairing.acts_scene import Acts, build_acts
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def body(acts: Acts, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "tech_training", "day": "2026-02-26", "pairings": [str(acts.pine.pk)],
        "place": str(acts.world.pine.pk), "hours": 1.5, "villagers": 20, "summary": "教剪枝",
        "people": [{"person": str(acts.world.li.pk)}], **changed,
    }  # fmt: skip


def test_an_activity_is_recorded_once_and_read_within_the_scope(acts: Acts) -> None:
    world = acts.world
    unit, south = program(world.unit_admin), program(world.south_org)
    number = str(uuid.uuid4())

    first = unit.post("/pair-activities", body(acts, number=number))
    again = unit.post("/pair-activities", body(acts, number=number))

    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert data(first)["id"] == data(again)["id"] == str(PairActivity.objects.get().pk)
    told = data(unit.get(f"/pair-activities?pairing={acts.pine.pk}&since=2026-01-01"))
    [item] = told["items"]
    assert (item["hours"], item["unit_people"], item["state"]) == ("1.5", 1, "held")
    assert data(unit.get(f"/pair-activities/{item['id']}")) == item
    assert data(south.get("/pair-activities"))["items"] == []
    assert south.get(f"/pair-activities/{item['id']}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"day": "2026-03-03"}, 409, "pairing.activity.day_to_come"),
        ({"people": []}, 409, "pairing.activity.nobody"),
        ({"hours": None}, 409, "pairing.activity.hours_missing"),
        ({"people": [{"person": str(uuid.UUID(int=7))}]}, 409, "pairing.activity.unknown"),
        ({"pairings": []}, 422, ""),
        ({"kind": "feast"}, 422, ""),
    ],
)
def test_what_the_page_refuses_a_program_is_refused_too(
    acts: Acts, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = program(acts.world.unit_admin).post("/pair-activities", body(acts, **changed))

    assert answer.status_code == status, answer.content
    assert not code or code in {one["code"] for one in data(answer)["reasons"]}
    assert not PairActivity.objects.exists()


def test_pairs_are_read_by_both_sides_and_recorded_by_them_alone(acts: Acts) -> None:
    world = acts.world
    listed = data(program(world.pine_secretary).get("/pairings"))["items"]
    county = program(world.officer)

    assert [(one["unit"], one["village"]) for one in listed] == [("县财政局", "松树村")]
    assert len(data(county.get("/pairings?state=active"))["items"]) == 2
    assert data(county.get(f"/pairings/{acts.pine.pk}"))["is_lead"] is True
    assert program(world.south_org).get(f"/pairings/{acts.pine.pk}").status_code == 404
    assert county.post("/pair-activities", body(acts)).status_code == 403
