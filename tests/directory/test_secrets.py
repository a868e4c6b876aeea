"""An identity number is shown in full once, for a reason that stays in the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.platform.audit.models import AuditEntry
from tests.world import World

NUMBER, PHONE = "11010519491231002X", "13800001234"
ASKED = {"what": "id_number", "reason": "任职审批表核对身份"}


@pytest.fixture
def address(world: World) -> str:
    world.li.set_id_number(NUMBER)
    world.li.set_phone(PHONE)
    world.li.save()
    return reverse("person_reveal", args=[world.li.pk])


def revealed() -> Any:
    return AuditEntry.objects.filter(action="directory.person.revealed")


def test_the_number_is_shown_once_and_the_reason_is_kept(world: World, address: str) -> None:
    client = world.client(world.officer)

    answer = client.post(address, ASKED)

    assert NUMBER in answer.content.decode()
    entry = revealed().get()
    assert (entry.reason, entry.actor_name) == (ASKED["reason"], world.officer.name)
    assert entry.is_reading
    assert NUMBER not in str(entry.changes)
    assert NUMBER not in client.get(address).content.decode()


def test_no_browser_and_no_proxy_keeps_the_answer(world: World, address: str) -> None:
    answer = world.client(world.officer).post(address, {**ASKED, "what": "phone"})
    assert PHONE in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_form_can_be_sent_by_a_browser(world: World, address: str) -> None:
    """Without a referrer a browser names no origin, and the guard against forged forms refuses."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client(world.officer).cookies
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = client.post(address, {**ASKED, "csrfmiddlewaretoken": token})
    assert NUMBER in answer.content.decode()


def test_each_look_is_an_entry_of_its_own(world: World, address: str) -> None:
    client = world.client(world.officer)
    client.post(address, ASKED)
    client.post(address, ASKED)
    assert revealed().count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "看看", "查 "])
def test_without_a_reason_nothing_is_shown(world: World, address: str, reason: str) -> None:
    answer = world.client(world.officer).post(address, {**ASKED, "reason": reason})
    assert answer.status_code in (409, 422)
    assert NUMBER not in answer.content.decode()
    assert not revealed().exists()


def test_what_is_not_registered_is_not_shown(world: World, address: str) -> None:
    answer = world.client(world.officer).post(reverse("person_reveal", args=[world.wang.pk]), ASKED)
    assert answer.status_code == 409
    assert "没有登记" in answer.content.decode()


@pytest.mark.parametrize("who", ["leader", "unit_admin", "candidate", "north_org", "sys_admin"])
def test_others_are_refused(world: World, address: str, who: str) -> None:
    answer = world.client(getattr(world, who)).post(address, ASKED)
    assert answer.status_code == 403
    assert NUMBER not in answer.content.decode()
    assert not revealed().exists()


def test_whoever_has_not_signed_in_is_led_away(address: str) -> None:
    answer = Client().post(address, ASKED)
    assert answer.status_code == 403
    assert "登录" in answer.content.decode()
    assert NUMBER not in answer.content.decode()


def test_another_county_finds_nobody(world: World, address: str) -> None:
    from lingyan.directory.roles import Role
    from tests.world import _actor

    other = _actor("other", "丁丁三", Role.COUNTY_ORG_STAFF, place=world.elsewhere.parent)
    assert world.client(other).post(address, ASKED).status_code == 404
    assert not revealed().exists()


def test_the_page_of_a_person_stays_masked(world: World, address: str) -> None:
    text = world.client(world.officer).get(reverse("person", args=[world.li.pk])).content.decode()
    assert NUMBER not in text
    assert "查看完整号码" in text
    assert (
        "查看完整号码"
        not in world.client(world.leader)
        .get(reverse("person", args=[world.li.pk]))
        .content.decode()
    )
