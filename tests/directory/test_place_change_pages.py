"""Pages on which villages are changed: typed, looked at, done, read, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.actions.place_changes import ChangeRequest, Result, change_places
from lingyan.directory.models import Place, PlaceChange
from tests.world import World

DAY = date(2026, 3, 1)
MERGER = {
    "sources": "松树村、北山镇溪口村", "goes_on": "", "name": "青溪村村民委员会", "code": "",
    "edition": "", "effective_on": "2026-03-01", "document_number": "山民发（2026）1号",
    "reason": "",
}  # fmt: skip


def new(kind: str) -> str:
    return f"{reverse('place_change_create')}?kind={kind}"


def test_a_merger_is_looked_at_before_it_is_done(world: World) -> None:
    client = world.client(world.admin)

    seen = client.post(new("merge"), {**MERGER, "step": "preview"}).content.decode()
    assert "松树村、溪口村 合并为 青溪村" in seen
    assert "1 项身份转到合并后的村" in seen
    assert not PlaceChange.objects.exists()

    back = client.post(new("merge"), {**MERGER, "step": "edit"}).content.decode()
    assert 'value="松树村、北山镇溪口村"' in back

    done = client.post(new("merge"), {**MERGER, "step": "apply"})
    assert done["Location"] == reverse("place_change", args=[PlaceChange.objects.get().pk])
    assert Place.objects.get(pk=world.pine.pk).ended_on == DAY


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("rename", {"source": "松树村", "name": "青松村"}, "松树村 更名为 青松村"),
        (
            "recode",
            {"source": "松树村", "code": "990100100299", "edition": "2026"},
            "松树村 换代码",
        ),
        (
            "split",
            {"source": "松树村", "ends": "", "parts": "东岭村 990100100288", "edition": "2026"},
            "松树村 拆分为 松树村、东岭村",
        ),
    ],
)
def test_each_kind_has_its_form(world: World, kind: str, fields: dict[str, str], text: str) -> None:
    paper = {"effective_on": "2026-03-01", "document_number": "一号", "code": "", "edition": ""}
    world.client(world.admin).post(new(kind), {**paper, **fields, "step": "apply"})
    assert PlaceChange.objects.get().text == text


def test_a_village_moves_by_its_form(world: World) -> None:
    form = {
        "source": "松树村", "town": str(world.south.pk), "effective_on": "2026-03-01",
        "document_number": "一号", "step": "apply",
    }  # fmt: skip
    world.client(world.admin).post(new("move"), form)
    assert Place.objects.get(pk=world.pine.pk).parent == world.south


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"sources": "松树村、天上村"}, 422, "没有找到“天上村”"),
        ({"sources": "松树村"}, 409, "两个以上的村"),
        ({"effective_on": "2031-01-01"}, 409, "不能晚于今天"),
        ({"code": "123"}, 422, "12 位数字"),
        ({"code": "990100100277"}, 409, "请同时填代码版本"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    world: World, changed: dict[str, str], status: int, said: str
) -> None:
    with clock.at(date(2026, 6, 1)):
        answer = world.client(world.admin).post(
            new("merge"), {**MERGER, **changed, "step": "apply"}
        )
    text = answer.content.decode()
    assert answer.status_code == status
    assert said in text
    assert 'value="青溪村村民委员会"' in text
    assert not PlaceChange.objects.exists()


@pytest.fixture
def change(world: World) -> PlaceChange:
    return change_places(
        ChangeRequest(
            "merge", (world.pine, world.brook), (Result("青溪村"),), DAY, "山民发（2026）1号"
        ),
        actor=world.admin,
    )


@pytest.mark.parametrize("who", ["admin", "officer", "leader", "agri", "north_org"])
def test_readers_see_the_change_and_the_old_village(
    world: World, change: PlaceChange, who: str
) -> None:
    client = world.client(getattr(world, who))
    assert "山民发（2026）1号" in client.get(reverse("place_change_list")).content.decode()
    assert "原松树村" in client.get(reverse("place_change", args=[change.pk])).content.decode()
    old = client.get(reverse("place", args=[world.pine.pk])).content.decode()
    assert "2026-03-01 撤销" in old
    assert "青溪村" in old
    assert "990100100200" in old


def test_the_neighbour_finds_no_change(world: World, change: PlaceChange) -> None:
    client = world.client(world.stranger)
    assert client.get(reverse("place_change", args=[change.pk])).status_code == 404
    assert "山民发" not in client.get(reverse("place_change_list")).content.decode()


@pytest.mark.parametrize("who", ["officer", "leader", "north_org", "candidate"])
def test_only_the_administrator_opens_the_form(world: World, change: PlaceChange, who: str) -> None:
    client = world.client(getattr(world, who))
    assert client.post(new("merge"), {**MERGER, "step": "apply"}).status_code == 403
    undo = reverse("place_change_undo", args=[change.pk])
    assert client.post(undo, {"reason": "错了"}).status_code == 403
    change.refresh_from_db()
    assert change.undone_at is None


def test_whoever_has_not_signed_in_is_led_away(change: PlaceChange) -> None:
    assert Client().get(reverse("place_change", args=[change.pk])).status_code == 302


def test_a_change_is_taken_back_on_its_page(world: World, change: PlaceChange) -> None:
    client, undo = world.client(world.admin), reverse("place_change_undo", args=[change.pk])
    assert "撤销变更" in client.get(reverse("place_change", args=[change.pk])).content.decode()
    assert client.post(undo, {"reason": ""}).status_code == 422
    client.post(undo, {"reason": "批复有误"})
    assert Place.objects.get(pk=world.pine.pk).ended_on is None
    assert client.post(undo, {"reason": "再来"}).status_code == 409


def test_the_places_are_shown_as_they_were(world: World, change: PlaceChange) -> None:
    client, address = world.client(world.officer), reverse("place_list")
    before = client.get(address, {"on": "2026-02-28"}).content.decode()
    now = client.get(address).content.decode()
    assert "松树村" in before
    assert "青溪村" not in before
    assert "松树村" not in now
    assert "青溪村" in now


@pytest.mark.parametrize("day", ["2026-02-31", "gestern", "9999-99-99", ""])
def test_a_day_that_is_none_shows_today(world: World, day: str) -> None:
    answer = world.client(world.officer).get(reverse("place_list"), {"on": day})
    assert answer.status_code == 200
    assert "松树村" in answer.content.decode()


def test_many_villages_are_counted_and_not_listed(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr("lingyan.directory.views.places.SHOWN_AT_ONCE", 3)
    text = world.client(world.officer).get(reverse("place_list")).content.decode()
    assert "4 个村（社区）" in text
    assert "松树村" not in text


def test_the_calendar_says_whose_it_is(world: World) -> None:
    text = world.client(world.admin).get(reverse("calendar")).content.decode()
    assert "日历属于整个系统" in text
