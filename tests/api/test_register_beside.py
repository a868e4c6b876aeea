"""Relatives, adjoining towns, calendar and changes of places for programs."""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.directory.actions.place_changes import ChangeRequest, Result, change_places
from lingyan.directory.models import AdjoiningTowns, CalendarDay, Relative, Unit
from lingyan.platform.audit.models import AuditEntry
from tests.api.programs import data, program
from tests.world import World


def test_relatives_are_registered_listed_and_taken_back(world: World) -> None:
    county, leader = program(world.officer), program(world.leader)
    wanted = {"other": world.wang.number, "relation": "spouse"}
    address = f"/people/{world.li.pk}/relatives"

    assert leader.post(address, wanted).status_code == 403
    made = county.post(address, wanted)
    assert made.status_code == 201, made.content
    assert county.post(address, wanted).status_code == 409
    assert county.post(address, {**wanted, "other": "无此人"}).status_code == 422
    assert data(leader.get(f"/relatives?person={world.li.pk}"))["items"] == [data(made)]
    assert program(world.north_org).get("/relatives").status_code == 403
    removed = county.post(f"/relatives/{data(made)['id']}/remove")
    assert data(removed) == data(made)
    assert not Relative.objects.exists()


def test_towns_that_touch_are_registered_once(world: World) -> None:
    admin = program(world.admin)
    pair = {"first": str(world.north.pk), "second": str(world.south.pk)}

    assert data(admin.post("/adjoining-towns", pair)) == {"count": 1}
    assert data(admin.post("/adjoining-towns", pair)) == {"count": 0}
    beyond = {**pair, "second": str(world.elsewhere.pk)}
    assert admin.post("/adjoining-towns", beyond).status_code == 422
    [one] = data(admin.get("/adjoining-towns"))["items"]
    assert data(admin.post(f"/adjoining-towns/{one['id']}/remove")) == one
    assert not AdjoiningTowns.objects.exists()
    assert admin.post(f"/adjoining-towns/{2**63}/remove").status_code == 422


def test_a_day_is_set_read_and_given_back(world: World) -> None:
    admin = program(world.admin)
    day = {"day": "2026-05-06", "is_workday": False, "note": "县里会议"}

    assert data(admin.post("/calendar", day)) == day
    assert data(admin.get("/calendar?year=2026"))["items"] == [day]
    assert data(admin.get("/calendar?year=2027"))["items"] == []
    assert data(admin.post("/calendar/remove", {"day": "2026-05-06"})) == day
    assert admin.post("/calendar/remove", {"day": "2026-05-06"}).status_code == 404
    assert program(world.officer).get("/calendar").status_code == 403
    assert not CalendarDay.objects.exists()


def test_a_merger_tells_which_village_became_which(world: World) -> None:
    asked = ChangeRequest(
        "merge",
        (world.pine, world.brook),
        (Result("松溪村"),),
        date(2026, 3, 1),
        "山府函〔2026〕1号",
    )
    change_places(asked, actor=world.admin)

    [one] = data(program(world.officer).get("/place-changes"))["items"]
    assert (one["kind"], one["is_undone"]) == ("merge", False)
    assert {str(world.pine.pk), str(world.brook.pk)} <= {
        line["predecessor_id"] for line in one["successions"]
    }
    assert data(program(world.south_org).get("/place-changes"))["total"] == 0


def test_industry_and_size_of_a_unit_are_read_and_written(world: World) -> None:
    admin, address = program(world.admin), f"/units/{world.finance.pk}"

    changed = data(admin.patch(address, {"industry": "茶叶", "headcount": 42}))

    assert (changed["industry"], changed["headcount"]) == ("茶叶", 42)
    assert Unit.objects.get(pk=world.finance.pk).headcount == 42
    assert data(admin.patch(address, {"sector": "财政"}))["headcount"] == 42


@pytest.mark.parametrize(("who", "expected"), [("officer", 201), ("unit_admin", 409)])
def test_a_conflict_with_the_identity_number_is_explained_by_whom_the_page_lets_explain_it(
    world: World, who: str, expected: int
) -> None:
    caller = program(getattr(world, who))
    born_otherwise = {
        "name": "吴戊二", "unit": str(world.finance.pk), "id_number": "11010519491231002X",
        "birth_on": "1950-01-01", "gender": "female",
    }  # fmt: skip

    silent = caller.post("/people", born_otherwise)
    said = caller.post("/people", {**born_otherwise, "conflict_reason": "以档案为准"})

    assert (silent.status_code, said.status_code) == (409, expected)
    explained = AuditEntry.objects.filter(action="directory.person.conflict_explained")
    assert [one.reason for one in explained] == ["以档案为准"] * (expected == 201)
    if expected == 201:
        path = f"/people/{data(said)['id']}"
        assert caller.patch(path, {"birth_on": "1950-02-01"}).status_code == 409
        change = {"birth_on": "1950-02-01", "conflict_reason": "重新审档"}
        assert caller.patch(path, change).status_code == 200
