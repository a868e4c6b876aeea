"""Need lists for programs: corrected before they are issued, issued one by one or together."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.common import clock
from lingyan.posting.models import HealthCheck, NeedList
from tests.api.programs import data, program
from tests.posting.checks import check_at, need_list_of
from tests.posting.scene import TODAY
from tests.world import World


@pytest.fixture
def waiting(world: World) -> Any:
    with clock.at(TODAY):
        yield need_list_of(check_at(world, "confirmed"))


def test_head_and_needs_are_changed_and_the_rest_stays(world: World, waiting: NeedList) -> None:
    county = program(world.officer)
    address = f"/need-lists/{waiting.pk}"
    read = county.get(address)

    head = county.patch(address, {"member_seats": 1, "language": "土家语"}, If_Match=read["ETag"])
    assert head.status_code == 200, head.content
    assert data(head) == {**data(read), "member_seats": 1, "language": "土家语"}
    need = {"item": "I2", "severity": 4, "capabilities": ["economy", "tech"], "weight": 2,
            "deadline_on": "2026-12-31"}  # fmt: skip
    changed = data(county.patch(address, {"items": [need]}))
    assert [{name: one[name] for name in need} for one in changed["items"]] == [need]
    assert changed["items"][0]["domain"] == "industry"
    assert changed["member_seats"] == 1


def test_what_has_changed_meanwhile_is_not_overwritten(world: World, waiting: NeedList) -> None:
    county, address = program(world.officer), f"/need-lists/{waiting.pk}"
    read = county.get(address)
    NeedList.objects.filter(pk=waiting.pk).update(remark="懂茶叶")

    assert county.patch(address, {"member_seats": 3}, If_Match=read["ETag"]).status_code == 412
    assert NeedList.objects.get(pk=waiting.pk).member_seats != 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"first_secretary_seats": 2}, 422),
        ({"member_seats": 0, "member_lower": 3}, 409),
        ({"remark": "要求男性，35 岁以下"}, 422),
        ({"items": [{"item": "I2", "capabilities": []}]}, 422),
        ({"items": [{"item": "X9", "capabilities": ["economy"]}]}, 422),
    ],
)
def test_what_the_page_refuses_is_refused(
    world: World, waiting: NeedList, body: dict[str, Any], status: int
) -> None:
    answer = program(world.officer).patch(f"/need-lists/{waiting.pk}", body)

    assert answer.status_code == status, answer.content
    assert all(one["text"] for one in data(answer)["reasons"])


def test_an_issued_list_is_changed_no_more(world: World, waiting: NeedList) -> None:
    county = program(world.officer)
    assert data(county.post(f"/need-lists/{waiting.pk}/issue"))["state"] == "issued"

    answer = county.patch(f"/need-lists/{waiting.pk}", {"member_seats": 1})
    assert answer.status_code == 409
    assert program(world.north_org).patch(f"/need-lists/{waiting.pk}", {}).status_code == 403


def test_several_are_issued_together_or_none(world: World, waiting: NeedList) -> None:
    county = program(world.officer)
    other = need_list_of(check_at(world, "confirmed", village=world.brook))
    NeedList.objects.filter(pk=other.pk).update(first_secretary_seats=0, member_seats=0)
    both = {"need_lists": [str(waiting.pk), str(other.pk)]}

    assert county.post("/need-lists/issue", both).status_code == 409
    assert NeedList.objects.get(pk=waiting.pk).state == "confirmed"
    NeedList.objects.filter(pk=other.pk).update(first_secretary_seats=1)
    assert data(county.post("/need-lists/issue", both)) == {"count": 2}
    absent = {"need_lists": [str(waiting.pk), str(world.pine.pk)]}
    assert county.post("/need-lists/issue", absent).status_code == 404


def test_several_checks_go_through_the_review_together(world: World, waiting: NeedList) -> None:
    county, agri = program(world.officer), program(world.agri)
    checks = [
        check_at(world, "submitted", village=village, town=town)
        for village, town in ((world.brook, world.north_org), (world.stone, world.south_org))
    ]
    many = {"checks": [str(one.pk) for one in checks]}

    assert county.post("/health-checks/many/confirm", many).status_code == 409
    assert data(county.post("/health-checks/many/start-review", many)) == {"count": 2}
    told = {**many, "text": "产业基础一般"}
    assert data(agri.post("/health-checks/many/opinion", told)) == {"count": 2}
    assert county.post("/health-checks/many/opinion", told).status_code == 409
    assert data(county.post("/health-checks/many/confirm", told)) == {"count": 2}
    assert {one.state for one in HealthCheck.objects.filter(pk__in=many["checks"])} == {"confirmed"}
    nobody = {"checks": [str(world.pine.pk)]}
    assert county.post("/health-checks/many/start-review", nobody).status_code == 404
    assert county.post("/health-checks/many/burn", many).status_code == 422
