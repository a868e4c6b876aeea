"""A refusal stands beside the form that asked, and everything typed is still there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.models import Person, Unit
from lingyan.platform.ui.refusing import carry_out, status_of
from tests.world import World

NUMBER = "11010519491231002X"


class Letter(forms.Form):
    name = forms.CharField()


def refuse(*codes: str) -> Any:
    def act() -> None:
        raise Refused([Refusal(code, f"因为{code}") for code in codes])

    return act


@pytest.mark.pure
def test_what_is_done_is_handed_back() -> None:
    form = Letter({"name": "一"})
    assert form.is_valid()
    assert carry_out(form, lambda: 7) == 7
    assert status_of(form) == 200


@pytest.mark.pure
def test_each_reason_stands_where_it_belongs() -> None:
    form = Letter({"name": "一"})
    assert form.is_valid()
    assert (
        carry_out(form, refuse("x.a", "x.b", "x.c"), beside={"x.a": "name", "x.b": "gone"}) is None
    )
    assert form.errors == {"name": ["因为x.a"], "__all__": ["因为x.b", "因为x.c"]}
    assert status_of(form) == 409


@pytest.mark.pure
def test_an_unreadable_form_is_not_a_refused_one() -> None:
    form = Letter({})
    assert not form.is_valid()
    assert status_of(form) == 422


def test_a_unit_of_one_name_is_refused_beside_its_name(world: World) -> None:
    form = {
        "name": "县财政局", "category": "county_dept", "place": str(world.county.pk),
        "sector": "财政金融",
    }  # fmt: skip
    answer = world.client(world.admin).post(reverse("unit_create"), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="id_name_error">本县已有同名单位' in text
    assert 'value="财政金融"' in text
    assert "没有办成" in text
    assert Unit.objects.count() == 2


def test_a_number_of_somebody_else_is_refused_beside_its_field(world: World) -> None:
    world.li.set_id_number(NUMBER)
    world.li.save()
    form = {
        "name": "吴甲八", "unit": str(world.finance.pk), "id_number": NUMBER, "job_title": "股长",
    }  # fmt: skip
    answer = world.client(world.officer).post(reverse("person_create"), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="id_id_number_error">身份证号已登记在李甲一名下' in text
    assert 'value="股长"' in text
    assert not Person.objects.filter(name="吴甲八").exists()


def test_an_office_that_is_taken_is_refused_beside_the_post(world: World) -> None:
    form = {
        "village": str(world.pine.pk), "post": "party_secretary", "since": "2024-01-01",
        "person": "R0002",
    }  # fmt: skip
    client = world.client(world.officer)
    assert client.post(reverse("officer_create"), form).status_code == 302
    answer = client.post(reverse("officer_create"), {**form, "person": "R0003"})
    assert answer.status_code == 409
    assert 'id="id_post_error">现任村党组织书记是王甲二' in answer.content.decode()


def test_a_relation_told_twice_is_refused_on_the_form(world: World) -> None:
    client, address = world.client(world.officer), reverse("relative_add", args=[world.li.pk])
    form = {"other": "R0002", "relation": "sibling"}
    client.post(address, form)
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "这两人的关系已登记" in answer.content.decode()
    assert 'value="R0002"' in answer.content.decode()


def test_what_sorts_a_list_is_there_for_a_phone(world: World) -> None:
    """The style shows the links of the heads above the cards; they are in the page as links."""
    text = world.client(world.officer).get(reverse("person_list")).content.decode()
    assert text.count('<th><a href="?sort=') >= 3


def test_the_list_of_relatives_is_read_searched_and_filtered(world: World) -> None:
    from lingyan.directory.actions.people import RelativeRow, register_relative

    for person in (world.li, world.wang):
        person.save()
    register_relative(RelativeRow(world.li, world.wang, "spouse"), actor=world.officer)
    client = world.client(world.leader)
    address = reverse("relative_list")
    assert "配偶" in client.get(address).content.decode()
    assert "王甲二" in client.get(address, {"q": "wje"}).content.decode()
    assert "没有符合条件" in client.get(address, {"q": "zzz"}).content.decode()
    assert "没有符合条件" in client.get(address, {"office": "yes"}).content.decode()
    assert world.client(world.unit_admin).get(address).status_code == 403
    other = world.client(world.north_org).get(address)
    assert other.status_code == 403


SENTENCE = "村里请求留任一年"


def test_what_was_written_when_the_session_ended_can_be_copied(
    world: World, client: Client
) -> None:
    where = reverse("unit_create")

    answer = client.post(where, {"name": SENTENCE, "password": "秘密的口令"})
    without_words = client.post(where, {"category": "county_dept"})

    assert answer.status_code == 403
    assert SENTENCE in answer.text
    assert "秘密的口令" not in answer.text
    kept = answer.text.split('<script id="written" type="application/json">')[1].split("<")[0]
    assert json.loads(kept) == {"path": where, "fields": {"name": [SENTENCE]}}
    assert f'href="{without_words.url}"' in answer.text  # type: ignore[attr-defined]  # a redirect
    assert Unit.objects.count() == 2


def test_an_act_that_is_refused_and_a_stale_form_keep_the_words(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(reverse("unit_create"), {"name": SENTENCE})

    assert answer.status_code == 403
    assert SENTENCE in answer.text
