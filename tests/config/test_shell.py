"""Is the number beside the worklist counted when something changed, and only then?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.common import clock
from lingyan.config import shell, wiring
from lingyan.posting.actions import health_checks
from tests.world import World

COUNTED: list[str] = []


@pytest.fixture(autouse=True)
def _counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each count leaves its mark; what it answers is the product's own answer."""
    real = wiring.count_worklist
    COUNTED.clear()
    shell._counted.cache_clear()
    monkeypatch.setattr(
        wiring, "count_worklist", lambda actor: COUNTED.append(actor.role) or real(actor)
    )


def badge(client: Client) -> str:
    page = client.get("/menu/").text
    return page.split('class="cnt">')[1].split("<")[0] if 'class="cnt">' in page else "0"


@pytest.mark.parametrize("name", ["presence_today", "presence_months", "worklist", "round_list"])
def test_one_entry_of_the_menu_is_the_current_one(world: World, name: str) -> None:
    """在村天数 lies below 在岗一览: both were marked."""
    menu = world.client(world.officer).get(reverse(name)).context["navigation"]()

    marked = [entry.url for section in menu for entry in section.entries if entry.current]
    assert marked == [reverse(name)]


def test_an_act_of_anybody_is_seen_at_once(world: World) -> None:
    north = world.client(world.north_org)
    before = int(badge(north))

    health_checks.start_health_check(world.pine, actor=world.pine_secretary)

    lines = wiring.worklist(world.north_org)
    assert int(badge(north)) == len(lines)
    assert len(lines) == before + 1, "a draft waits beside the villages without a check"


def test_while_nobody_acts_nothing_is_counted_twice(world: World) -> None:
    health_checks.start_health_check(world.pine, actor=world.pine_secretary)
    north, south = world.client(world.north_org), world.client(world.south_org)
    north.get("/menu/")
    once = len(COUNTED)

    north.get("/menu/")
    assert len(COUNTED) == once

    south.get("/menu/")
    assert len(COUNTED) == once + 1, "another person has another worklist"
    with clock.at(clock.now() + timedelta(hours=1)):
        north.get("/menu/")
    assert len(COUNTED) == once + 2, "what days and hours bring along is counted too"


@pytest.mark.parametrize(
    "who", ["officer", "leader", "admin", "north_org", "unit_admin", "pine_secretary", "candidate"]
)
def test_a_count_asks_a_few_questions(world: World, who: str) -> None:
    """Once after each act of anybody, on the next page of each."""
    with CaptureQueriesContext(connection) as asked:
        wiring.count_worklist(getattr(world, who))

    assert len(asked) <= 32


@pytest.mark.parametrize(
    ("who", "name", "opened"),
    [
        ("officer", "task_list", ["驻村履职"]),
        ("officer", "round_list", ["精准选派"]),
        ("officer", "worklist", []),
    ],
)
def test_of_a_long_menu_only_the_present_section_stands_open(
    world: World, who: str, name: str, opened: list[str]
) -> None:
    """Every section is there, folded by the page itself: no script is needed to open it."""
    answer = world.client(getattr(world, who)).get(reverse(name))

    sections = [one for one in answer.context["navigation"]() if one.title]
    assert [one.title for one in sections if one.is_open] == opened
    assert answer.text.count('<details class="fold">') == len(sections) - len(opened)
    assert answer.text.count('<details class="fold" open>') == len(opened)


def test_a_short_menu_stands_open(world: World) -> None:
    page = world.client(world.candidate).get(reverse("worklist")).text

    assert '<details class="fold">' not in page
    assert '<details class="fold" open>' in page
