"""People, units and places are found by characters, pinyin and initials, within the scope."""

from __future__ import annotations

import tracemalloc
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.common import clock, pinyin
from lingyan.common.pinyin import spelt, spelt_person
from lingyan.config import shell
from lingyan.directory import search
from lingyan.directory.actions.people import PersonRow, change_person, register_person
from lingyan.directory.actions.place_changes import ChangeRequest, Result, change_places
from lingyan.directory.actions.units import UnitRow, create_unit
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules import core_of_unit, given_name
from lingyan.platform.accounts.actor import EVERYTHING
from tests.world import World


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "letters", "initials"),
    [
        ("李甲一", "lijiayi", "ljy"),
        ("单立", "shanli", "sl"),
        ("仇和", "qiuhe", "qh"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("曾 国 藩", "zengguofan", "zgf"),
        ("吕梁", "lvliang", "ll"),
    ],
)
def test_a_name_is_spelt_with_the_reading_of_its_family(
    name: str, letters: str, initials: str
) -> None:
    assert spelt_person(name) == (letters, initials)


@pytest.mark.pure
def test_other_words_are_read_as_words() -> None:
    assert spelt("重庆") == ("chongqing", "cq")
    assert spelt("A1（新）村") == ("a1xincun", "axc")
    assert spelt("") == ("", "")


def test_the_readings_of_characters_take_little_of_every_process() -> None:
    pinyin._readings.cache_clear()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        pinyin._readings()
        assert tracemalloc.get_traced_memory()[0] - before < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("宣汉县财政局", "财政局"),
        ("县第一小学", "第一小学"),
        ("县市场监督管理局", "市场监督管理局"),
        ("城市管理局", "城市管理局"),
        ("达州市水务局", "水务局"),
        ("中共宣汉县委组织部", "县委组织部"),
        ("农村社区服务中心", "农村社区服务中心"),
    ],
)
def test_a_unit_is_called_without_its_county(name: str, core: str) -> None:
    assert core_of_unit(name) == core


@pytest.mark.pure
def test_a_given_name_stands_without_the_family_name() -> None:
    assert [given_name(one) for one in ("李甲一", "欧阳修", "欧阳", "李")] == [
        "甲一", "修", "阳", "李",
    ]  # fmt: skip


@pytest.fixture
def known(world: World) -> World:
    """As the actions store them, with what follows from their names."""
    for model in (Person, Unit, Place):
        for row in model.objects.all():
            row.save()
    return world


@pytest.mark.parametrize(
    "text", ["李甲一", "李甲", "李", "甲一", "lijiayi", "ljy", "LJY", "R0001", "r0001"]
)
def test_a_person_is_found_by_what_the_name_begins_with(known: World, text: str) -> None:
    assert known.li in search.search_people(EVERYTHING, text)


@pytest.mark.parametrize("text", ["财政局", "县财政", "caizheng", "czj", "czj "])
def test_a_unit_is_found_with_and_without_its_county(known: World, text: str) -> None:
    assert search.search_units(EVERYTHING, text) == [known.finance]


@pytest.mark.parametrize("text", ["松树村", "松", "songshucun", "ssc", "990100100200"])
def test_a_village_is_found_by_name_letters_and_code(known: World, text: str) -> None:
    assert known.pine in search.search_places(EVERYTHING, text)


@pytest.mark.parametrize("text", ["", "  ", "甲乙丙", "zzz", "%", "_", "李%"])
def test_what_nobody_is_called_finds_nobody(known: World, text: str) -> None:
    assert search.search_people(EVERYTHING, text) == []
    assert search.search_units(EVERYTHING, text) == []
    assert search.search_places(EVERYTHING, text) == []


def test_another_scope_finds_nothing(known: World) -> None:
    scope = known.stranger.scope
    assert search.search_people(scope, "李") == []
    assert search.search_units(scope, "财政") == []
    assert search.search_places(scope, "松树") == []
    assert [one.name for one in search.search_people(known.unit_admin.scope, "l")] == ["李甲一"]


def test_a_new_name_is_found_and_the_old_one_is_not(world: World) -> None:
    person = register_person(PersonRow("单春晓", world.county, world.finance), actor=world.officer)
    assert search.search_people(EVERYTHING, "shanchun") == [person]

    change_person(person, actor=world.officer, values={"name": "覃春晓"})

    assert search.search_people(EVERYTHING, "shanchun") == []
    assert search.search_people(EVERYTHING, "qcx") == [person]


def test_a_new_unit_is_found(world: World) -> None:
    unit = create_unit(UnitRow("山阳县水务局", world.county), actor=world.admin)
    assert search.search_units(EVERYTHING, "swj") == [unit]


def test_a_former_name_leads_to_the_village(known: World) -> None:
    with clock.at(date(2026, 6, 1)):
        change_places(
            ChangeRequest("rename", (known.pine,), (Result("长青村"),), date(2026, 5, 1), "一号"),
            actor=known.admin,
        )
    assert search.search_places(EVERYTHING, "松树") == [known.pine]
    assert search.search_places(EVERYTHING, "cqc") == [known.pine]


@pytest.mark.parametrize(
    ("model", "keys"), [(Person, search.PERSON_KEYS), (Unit, search.UNIT_KEYS)]
)
def test_no_search_reads_a_whole_table(known: World, model: Any, keys: Any) -> None:
    """The plan of the database names an index for every key."""
    for key in (*keys[0], *keys[1]):
        rows = model.objects.filter(**{f"{key}__prefix": "ab"}).order_by(key, "pk")[:20]
        plan = rows.explain()
        assert "SCAN directory" not in plan, plan
        assert "LIKE" not in str(rows.query)


def test_a_search_asks_a_few_questions_whatever_it_finds(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "_waiting", lambda actor: 0)  # asked in tests/config
    client = known.client(known.admin)
    counts = set()
    for text in ("l", "李甲一", "zzz"):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("search"), {"q": text})
        counts.add(len(asked))
    assert max(counts) <= 30


def test_one_page_shows_what_the_role_may_read(known: World) -> None:
    def text(actor: Any, q: str) -> str:
        return str(known.client(actor).get(reverse("search"), {"q": q}).content.decode())

    assert "李甲一" in text(known.officer, "ljy")
    assert "李甲一" not in text(known.north_org, "ljy")
    assert "松树村" in text(known.north_org, "ssc")
    assert "石桥村" not in text(known.north_org, "sqc")
    assert "松树村" not in text(known.unit_admin, "ssc")


def test_the_box_stands_on_every_page_of_those_who_may_search(known: World) -> None:
    assert 'id="find-top"' in known.client(known.officer).get("/").content.decode()
    assert 'id="find-top"' not in known.client(known.candidate).get("/").content.decode()


def test_others_do_not_search(known: World) -> None:
    assert Client().get(reverse("search")).status_code == 302
    assert known.client(known.candidate).get(reverse("search")).status_code == 403


@pytest.mark.parametrize(
    ("page", "q", "found"),
    [
        ("person_list", "ljy", "李甲一"),
        ("unit_list", "czj", "县财政局"),
        ("place_list", "ssc", "松树村"),
    ],
)
def test_the_lists_are_searched_alike(known: World, page: str, q: str, found: str) -> None:
    answer = known.client(known.officer).get(reverse(page), {"q": q}).content.decode()
    assert found in answer
    nothing = known.client(known.officer).get(reverse(page), {"q": "zzz"}).content.decode()
    assert found not in nothing
