"""The work between check and posting, done by programs: own, next town, wrong state, no token."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.common import clock
from lingyan.posting import rules
from lingyan.posting.models import HealthCheck, NoticeObjection, RoundPerson
from tests.api.programs import Program, data, program
from tests.posting.checks import check_at
from tests.posting.scene import TODAY, Scene, candidate_of
from tests.world import World


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_a_health_check_goes_from_start_to_confirmation(world: World) -> None:
    town, county = program(world.north_org), program(world.officer)
    started = town.post(f"/places/{world.pine.pk}/health-checks")
    assert started.status_code == 201, started.content
    address = f"/health-checks/{data(started)['id']}"
    assert town.post(f"{address}/submit").status_code == 409

    answers = [{"item": f"{row}", "score": 3} for row in items()]
    read = town.get(address)
    saved = town.patch(address, {"answers": answers}, If_Match=read["ETag"])
    assert saved.status_code == 200, saved.content
    named = [{"item": "T1", "score": 4, "text": "书记年纪大"}]
    again = data(town.patch(address, {"answers": named}))
    assert {one["item"]: one["score"] for one in again["answers"]} == {
        **dict.fromkeys(items(), 3), "T1": 4,
    }  # fmt: skip
    assert town.patch(address, {}, If_Match=read["ETag"]).status_code == 412

    assert data(town.post(f"{address}/submit"))["state"] == "submitted"
    assert data(county.post(f"{address}/start-review"))["state"] == "joint_review"
    types = {"summary": "重点抓产业", "village_types": ["weak_org"]}
    assert county.post(f"{address}/confirm", types).status_code == 409
    opinion = program(world.agri).post(f"{address}/opinion", {"text": "产业基础一般"})
    assert data(opinion)["agriculture_opinion"] == "产业基础一般"
    assert data(county.post(f"{address}/confirm", types))["state"] == "confirmed"


def items() -> list[str]:
    return [one.value for one in rules.CheckItem]


def test_a_check_is_returned_with_a_reason(world: World) -> None:
    check = check_at(world, "submitted")
    county = program(world.officer)

    assert county.post(f"/health-checks/{check.pk}/return", {"reason": ""}).status_code == 422
    returned = county.post(f"/health-checks/{check.pk}/return", {"reason": "班子情况没有写"})

    assert data(returned)["state"] == "draft"


def test_the_next_town_finds_no_check_of_this_one(world: World) -> None:
    check = check_at(world, "draft")
    south = program(world.south_org)

    for method, address in (
        ("GET", ""), ("PATCH", ""), ("POST", "/submit"),
    ):  # fmt: skip
        answer = south.send(method, f"/health-checks/{check.pk}{address}", {})
        assert answer.status_code == 404, (method, address)
    started = south.post(f"/places/{world.brook.pk}/health-checks")
    assert started.status_code == 404
    assert HealthCheck.objects.get() == check


@pytest.mark.walled
def test_a_candidate_writes_and_the_unit_confirms_what_it_has_read(
    world: World, scene: Scene
) -> None:
    round = scene.wishing()
    own = scene.taking_part(round, world.li)
    mine, unit = program(candidate_of(world.li)), program(world.unit_admin)
    [line] = data(mine.get("/wishes"))["items"]
    assert line["id"] == str(own.pk)
    offered = data(mine.get(f"/wishes/{own.pk}/villages"))["items"]

    wanted = {"wishes": [{"round_village": str(scene.village(round, world.pine).pk), "rank": 1}]}
    assert {one["id"] for one in offered} >= {one["round_village"] for one in wanted["wishes"]}
    assert [one["rank"] for one in data(mine.send("PUT", f"/wishes/{own.pk}", wanted))["wishes"]] \
        == [1]  # fmt: skip
    unknown = {"wishes": [{"round_village": str(own.pk), "rank": 1}]}
    assert mine.send("PUT", f"/wishes/{own.pk}", unknown).status_code == 409
    assert data(mine.post(f"/wishes/{own.pk}/submit"))["wish_state"] == "submitted"

    read = data(unit.get(f"/unit-wishes/{own.pk}"))
    assert unit.post(f"/unit-wishes/{own.pk}/confirm", {"order": []}).status_code == 409
    confirmed = unit.post(f"/unit-wishes/{own.pk}/confirm", {"order": read["order"]})
    assert data(confirmed)["wish_state"] == "confirmed"


def test_nobody_reads_or_writes_the_wishes_of_another(world: World, scene: Scene) -> None:
    own = scene.taking_part(scene.wished(), world.li)
    other = program(candidate_of(world.sun))

    for method, path in (("GET", ""), ("PUT", ""), ("GET", "/villages"), ("POST", "/submit")):
        answer = other.send(method, f"/wishes/{own.pk}{path}", {"wishes": []})
        assert answer.status_code == 404, path


@pytest.mark.walled
def test_a_town_says_whom_it_would_like_for_its_own_villages_only(
    world: World, scene: Scene
) -> None:
    round = scene.asking()
    village = scene.village(round, world.pine)
    liked = scene.taking_part(round, world.li)
    town = program(world.north_org)
    address = f"/intentions/{village.pk}"
    wanted = {"intentions": [{"role": "first_secretary", "round_person": str(liked.pk), "rank": 1}]}

    assert data(town.get("/intentions"))["total"] > 0
    assert data(town.send("PUT", address, wanted))["intentions"][0]["name"] == world.li.name
    assert data(town.post(f"{address}/submit"))["intentions_done"] is True
    south = program(world.south_org)
    assert south.get(address).status_code == 404
    assert south.send("PUT", address, {"intentions": []}).status_code == 404
    assert south.post(f"{address}/submit").status_code == 404


def test_people_and_villages_are_taken_out_of_a_round(world: World, scene: Scene) -> None:
    round = scene.filled()
    county = program(world.officer)
    village, li = scene.village(round, world.pine), scene.taking_part(round, world.li)

    villages = county.post(f"/rounds/{round.pk}/villages/remove",
                           {"round_villages": [str(village.pk)]})  # fmt: skip
    people = county.post(f"/rounds/{round.pk}/people/remove", {"round_people": [str(li.pk)]})
    absent = county.post(f"/rounds/{round.pk}/people/remove", {"round_people": [str(li.pk)]})

    assert (data(villages), data(people)) == ({"count": 1}, {"count": 1})
    assert absent.status_code == 404
    assert not RoundPerson.objects.filter(pk=li.pk).exists()


def test_a_person_withdraws_with_a_reason(world: World, scene: Scene) -> None:
    li = scene.taking_part(scene.wished(), world.li)

    left = program(world.officer).post(f"/round-people/{li.pk}/withdraw", {"reason": "另有任用"})

    assert data(left)["withdrawn_on"] == TODAY.isoformat()


def test_an_objection_is_taken_down_and_settled_by_another(world: World, scene: Scene) -> None:
    round = scene.announced()
    officer, leader = program(world.officer), program(world.leader)
    [first, *_] = data(officer.get(f"/plans/{round.chosen_plan_id}/drafts"))["items"]
    said = {"draft": first["id"], "raised_on": TODAY.isoformat(), "text": "长期不在岗"}

    made = officer.post(f"/rounds/{round.pk}/notice-objections", said)
    assert made.status_code == 201, made.content
    assert data(made)["person_id"] == first["person_id"]
    foreign = {**said, "draft": first["id"] + 10_000}
    assert officer.post(f"/rounds/{round.pk}/notice-objections", foreign).status_code == 422
    address = f"/notice-objections/{data(made)['id']}/settle"
    found = {"outcome": "rejected", "text": "经核查不属实"}
    assert officer.post(address, found).status_code == 409
    assert data(leader.post(address, found))["state"] == "rejected"
    assert data(officer.get(f"/rounds/{round.pk}/notice-objections?state=open"))["total"] == 0
    assert NoticeObjection.objects.count() == 1


def test_a_posting_without_a_successor_is_not_handed_over(world: World, scene: Scene) -> None:
    [one, *_] = scene.issued()

    answer = program(world.officer).post(f"/postings/{one.pk}/hand-over", {"text": "印章和资料"})

    assert answer.status_code == 409
    one.refresh_from_db()
    assert one.until is None


def test_without_a_token_nothing_is_answered(world: World) -> None:
    for path in ("/health-checks", "/wishes", "/unit-wishes", "/intentions"):
        assert Program("").get(path).status_code == 401
