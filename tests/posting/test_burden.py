"""减负: no live form asks what the system knows, and the time that forms take is told by role."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.forms import BaseForm
from django.urls import reverse

from lingyan.common import clock
from lingyan.config import access
from lingyan.platform.accounts.gate import PUBLIC
from lingyan.posting.actions import problems
from lingyan.posting.models import FormUse
from lingyan.posting.panels import burden as panels
from lingyan.posting.panels.life import hand_over_text
from lingyan.posting.rules import burden as rules
from lingyan.posting.rules.form_facts import FORMS, NOT_FORMS, PAGES, POSTING, FormAsks
from tests.posting.duty_scene import TODAY, Duty, on_duty, said
from tests.world import World

FIELDS = panels.fields_of_forms()


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        yield on_duty(world)


# --- what the forms ask, without a database -----------------------------------------------------


@pytest.mark.pure
def test_every_form_of_the_product_is_declared_once() -> None:
    declared = [one.form for one in FORMS]

    assert sorted(declared) == sorted(set(declared))
    assert not set(FIELDS) - set(declared), "say in rules/form_facts.py what is known there"
    assert not set(declared) - set(FIELDS), "these forms are no more"


@pytest.mark.pure
@pytest.mark.parametrize("one", FORMS, ids=lambda one: one.form)
def test_no_form_asks_what_the_system_knows(one: FormAsks) -> None:
    fields = FIELDS.get(one.form, ())

    assert "今天" in one.knows, "everywhere the system knows at least who asks, and when"
    assert not one.asks_again(fields), "known there: show it, or do not ask"
    assert not one.unnamed(fields), "say in rules/form_facts.py what these fields ask"


@pytest.mark.pure
def test_a_form_that_asks_again_is_found() -> None:
    """The test above can fail: the village is known on the page of a posting."""
    asking = FormAsks("posting.life.Any", POSTING)

    assert asking.asks_again(("text", "village", "name")) == ["village", "name"]
    assert asking.unnamed(("text", "shoe_size")) == ["shoe_size"]
    shown = FormAsks("posting.life.Any", POSTING, shown={"village": "可更正"})
    assert shown.asks_again(("village",)) == []


def _forms_in(view: Any) -> Iterator[str]:
    """The forms that a view names, itself or through the functions of its module."""
    module, seen, todo = inspect.getmodule(view), {view.__name__}, [inspect.getsource(view)]
    while todo:
        source = todo.pop()
        for space, name in re.findall(r"\b(?:(\w+)\.)?([A-Z]\w*Form)\b", source):
            found = getattr(getattr(module, space, None) if space else module, name, None)
            if inspect.isclass(found) and issubclass(found, BaseForm):
                yield panels.name_of(found)
        for name in re.findall(r"\b(_?[a-z_]+)\(", source):
            called = getattr(module, name, None)
            own = inspect.isfunction(called) and called.__module__ == module.__name__
            if own and name not in seen:
                seen.add(name)
                todo.append(inspect.getsource(called))


@pytest.mark.pure
def test_every_measured_page_is_there() -> None:
    names = {str(pattern.name) for _, pattern in access.patterns(access.get_resolver())}

    assert not set(PAGES) - names


@pytest.mark.pure
def test_every_page_with_a_form_is_measured() -> None:
    """Found in the code of the views; what is chosen by a table is declared and not looked for."""
    missing = [
        str(pattern.name)
        for _, pattern in access.patterns(access.get_resolver())
        if PUBLIC not in getattr(pattern.callback, "roles", (PUBLIC,))
        and (view := inspect.unwrap(pattern.callback)).__module__.startswith("lingyan.")
        and any(not name.startswith(NOT_FORMS) for name in _forms_in(view))
        and pattern.name not in PAGES
        and pattern.name not in SHOWN_BY
    ]

    assert not missing, "name these pages beside their forms in rules/form_facts.py"


# Pages that show a form whose sending has an address of its own, which is measured.
SHOWN_BY = {
    "leave_detail", "absence_detail", "report_detail", "person", "unit_wish_detail",
    "payment_detail", "exchange_export", "exchange_ask", "pair_assessment", "figure_records",
}  # fmt: skip


# --- time ---------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("opened", "seconds"),
    [
        ("1000", 60), ("1060", 1), ("1061", None), ("-5", None), ("", None), ("x", None),
        ("0", 1060), ("\uff11\uff10", None), ("9" * 13, None),
    ],
)  # fmt: skip
def test_time_is_capped_and_nonsense_is_not_counted(opened: str, seconds: int | None) -> None:
    assert rules.seconds_between(opened, 1060) == seconds
    assert rules.seconds_between("0", 99_999) == rules.LONGEST


@pytest.mark.pure
def test_the_sums_of_a_role_are_those_of_its_forms() -> None:
    told = rules.told(
        [("town_org", "leave_decide", 3, 90), ("town_org", "visit_add", 1, 150),
         ("unit_leader", "visit_add", 2, 20)],
        {"visit_add": 2},
    )  # fmt: skip

    assert [one.role for one in told] == ["town_org", "unit_leader"]
    assert [(one.sent, one.minutes, one.seconds_each, one.again) for one in told] == [
        (4, 4, 60, 2), (2, 0, 10, 4),
    ]  # fmt: skip
    assert [one.form for one in told[0].forms] == ["visit_add", "leave_decide"]


def test_a_form_that_was_sent_adds_to_its_role_and_to_nobody(duty: Duty) -> None:
    world = duty.world
    town = world.client(world.north_org)
    address = reverse("visit_add", args=[duty.posting.pk])
    said = {"form": "both", "happened_on": "2026-03-05", "met_person": "on", "text": "看了茶园"}

    opened = town.get(address)
    assert opened.cookies["opened-visit_add"]["path"] == address
    refused = town.post(address, said | {"text": ""})
    assert (refused.status_code, FormUse.objects.count()) == (422, 0)
    town.post(address, said)
    town.get(address)
    town.post(address, said | {"form": "talk"})

    row = FormUse.objects.get()
    assert (row.role, row.form, row.sent, row.month) == (
        "town_org",
        "visit_add",
        2,
        date(2026, 3, 1),
    )
    assert row.county_path == world.county.path
    names = {field.name for field in FormUse._meta.get_fields()}
    assert names == {"id", "county_path", "month", "role", "form", "sent", "seconds"}


def test_a_form_sent_without_its_page_counts_no_time(duty: Duty) -> None:
    said = {"form": "both", "happened_on": "2026-03-05", "met_person": "on", "text": "看了茶园"}
    duty.world.client(duty.world.north_org).post(reverse("visit_add", args=[duty.posting.pk]), said)

    assert not FormUse.objects.exists()


def test_the_page_tells_minutes_by_role_and_no_names(duty: Duty) -> None:
    world = duty.world
    for county, sent in ((world.county.path, 3), ("0002", 50)):
        FormUse.objects.create(
            county_path=county, month=date(2026, 3, 1), role="town_org", form="visit_add",
            sent=sent, seconds=sent * 60,
        )  # fmt: skip

    text = world.client(world.officer).get(reverse("burden")).text

    assert "乡镇组织委员" in text
    assert "走访谈心 · 增加 3 次，平均 60 秒" in text
    assert world.north_org.name not in text
    assert "没有哪个栏目要求再填系统已有的内容" in text
    assert world.client(world.north_org).get(reverse("burden")).status_code == 403


def test_whoever_hands_over_finds_what_is_open_in_the_list_already(duty: Duty) -> None:
    assert hand_over_text(duty.posting) == ""
    problems.find_problem(
        text="水管冻裂", found_on=TODAY, owner="village", due_on=date(2026, 3, 20),
        actor=duty.actor,
    )  # fmt: skip

    assert "1. 水管冻裂（村党组织承办，2026-03-20 前办结）" in hand_over_text(duty.posting)


def test_what_a_phone_kept_is_timed_once_however_often_it_is_sent(duty: Duty) -> None:
    number = str(uuid4())
    sent: dict[str, Any] = {
        "number": number, "entry": number, "values": said(), "base": None, "seconds": 40,
    }  # fmt: skip
    told = {"owner": str(duty.actor.user_id), "sent": [sent]}
    client = duty.world.client(duty.actor)
    for _ in range(3):
        answer = client.post(reverse("diary_sync"), told, content_type="application/json")
        assert answer.status_code == 200
    for wrong in (None, -1, "x", True, 99999):
        other = str(uuid4())
        sent |= {"number": other, "entry": other, "values": said(f"又一件 {wrong}")}
        sent["seconds"] = wrong
        client.post(reverse("diary_sync"), told, content_type="application/json")

    use = FormUse.objects.get(form="diary_write")
    assert (use.sent, use.seconds) == (2, 40 + 1800)
