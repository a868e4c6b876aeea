"""总览: twelve numbers of a county, a town, a village or a unit; side by side; what is late."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from lingyan.briefings.rules.dashboards import TILES
from lingyan.common import clock
from lingyan.directory.models import CountySetting
from lingyan.pairing.models import PairProblem
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.ui.alerts import KINDS, alerts
from tests.pairing.acts_scene import Acts, build_acts
from tests.pairing.ledger_records import problem_of
from tests.pairing.scene import TODAY
from tests.world import World

LATER = date(2026, 8, 20)


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    """Pairs at work in both towns; a problem in 松树村 that nobody solves."""
    with clock.at(TODAY):
        made = build_acts(world)
        problem_of(made.pine, actor=world.officer)
        PairProblem.objects.update(due_on=date(2026, 4, 1))
    with clock.at(LATER):
        yield made


def page(world: World, actor: Actor, query: str = "") -> str:
    answer = world.client(actor).get(f"/dashboards/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def tiles(text: str) -> list[str]:
    return re.findall(r'<a class="tile"[^>]*data-figure="([^"]*)"', text)


@pytest.mark.pure
def test_an_overview_has_twelve_numbers_at_most_and_each_is_known() -> None:
    for codes in TILES.values():
        assert len(set(codes)) == len(codes) <= 12
        assert not [code for code in codes if registry.find(code) is None]


@pytest.mark.pure
def test_every_kind_of_alert_says_its_rule() -> None:
    assert len({one.title for one in KINDS}) == len(KINDS) >= 6
    assert all(one.rule and one.says and one.readers for one in KINDS)


def test_each_level_has_its_own_numbers_and_its_own_side_by_side(acts: Acts) -> None:
    world = acts.world
    county, town = page(world, world.officer), page(world, world.north_org)
    village, unit = page(world, world.pine_secretary), page(world, world.unit_admin)

    assert tiles(county) == list(TILES["county"])
    assert set(tiles(town)) <= set(TILES["township"])
    assert set(tiles(village)) <= set(TILES["village"])
    assert set(tiles(unit)) <= set(TILES["unit"])
    assert "北山镇</a></td>" in county
    assert "松树村</a></td>" in town
    assert "各地对比" not in village
    assert tiles(unit)


def test_a_place_leads_to_its_own_overview_and_any_number_may_be_compared(acts: Acts) -> None:
    world = acts.world
    text = page(world, world.officer, "?figure=IND-3-02")
    link = f"/dashboards/?area=place-{world.north.pk}"

    assert '<option value="IND-3-02" selected>' in text
    assert re.search(rf'<a href="{re.escape(link)}">北山镇</a></td><td class="n"[^>]*>1 个', text)
    below = page(world, world.officer, f"?area=place-{world.north.pk}")
    assert tiles(below) == list(TILES["township"])
    assert page(world, world.officer, "?figure=nothing")


def test_what_is_late_stands_with_the_rule_that_says_so(acts: Acts) -> None:
    world = acts.world
    title = r"<b>1 个联建问题超期没有解决</b><small>[^<]*（规则 3\.4）；"
    late = f"{title}最早的 2026-04-01 到期，其中 1 个超过 30 天"

    assert re.search(late, page(world, world.officer))
    assert re.search(late, page(world, world.north_org))
    assert "联建问题超期" not in page(world, world.south_org)
    assert "没有超期的事项" in page(world, world.south_org)
    whole = page(world, world.south_org, "?area=county")
    assert "联建问题超期" not in whole
    assert "只列您范围内的" in whole


def test_what_is_late_opens_the_list_of_the_area_that_is_shown(acts: Acts) -> None:
    """Two are late in the county, one in each town: the overview of a town opens one."""
    world = acts.world
    with clock.at(TODAY):
        problem_of(acts.stone, actor=world.officer, text="四组缺水")
        PairProblem.objects.update(due_on=date(2026, 4, 1))

    for area, count in (("", 2), (f"?area=place-{world.north.pk}", 1)):
        text = page(world, world.officer, area)
        found = re.search(rf'href="([^"]*)">(?:(?!</a>).)*<b>{count} 个联建问题超期', text)
        assert found
        listed = world.client(world.officer).get(html.unescape(found[1])).content.decode()
        assert f"共 <b>{count}</b> 条" in listed
        assert ("四组缺水" in listed) == (not area)

    beyond = f"/pairing/problems/?turn=overdue&area=place-{world.north.pk}"
    assert "共 <b>1</b> 条" in world.client(world.south_org).get(beyond).content.decode()


def test_from_how_many_days_on_it_is_severe_is_the_countys(acts: Acts) -> None:
    world = acts.world
    CountySetting.objects.create(
        county=world.county, key="alert.severe_days", amount=200, since=LATER, clause="无文件",
        made_at=clock.now(),
    )  # fmt: skip

    text = page(world, world.officer)
    assert "最早的 2026-04-01 到期" in text
    assert "超过 30 天" not in text
    assert "严重超期" not in text


def test_red_turns_black_after_thirty_days(acts: Acts) -> None:
    world = acts.world
    levels = {
        day: alerts(world.officer, world.officer.scope, day)[0].level
        for day in (date(2026, 4, 2), date(2026, 5, 1), date(2026, 5, 2))
    }

    assert list(levels.values()) == ["red", "red", "black"]
    assert not alerts(world.officer, world.officer.scope, date(2026, 4, 1))


def test_who_may_see_which_overview(acts: Acts) -> None:
    world = acts.world
    south = f"/dashboards/?area=place-{world.south.pk}"

    assert world.client(world.officer).get(south).status_code == 200
    assert world.client(world.north_org).get(south).status_code == 404
    assert world.client(world.stranger).get(south).status_code == 404
    assert world.client(world.candidate).get("/dashboards/").status_code == 403
    assert world.client(world.officer).get("/dashboards/?period=2027").status_code == 422


def test_what_an_overview_asks_of_the_database(
    acts: Acts, django_assert_max_num_queries: Any
) -> None:
    client = acts.world.client(acts.world.officer)
    client.get("/dashboards/")
    with django_assert_max_num_queries(70):
        client.get("/dashboards/")
