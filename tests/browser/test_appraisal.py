"""A quarter is appraised: the town scores on a phone, a villager votes, the result is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from lingyan.common import clock
from lingyan.posting.actions import ballots
from lingyan.posting.models import BallotBox
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, sees
from tests.posting.appraisal_scene import AFTER, OPENED, TOLD, Appraised, build_appraised
from tests.world import World


@pytest.fixture
def scene(county: World) -> Iterator[Appraised]:
    with clock.everywhere(OPENED):
        yield build_appraised(county)


def test_a_quarter_from_the_scores_to_the_own_result(
    county: World, scene: Appraised, open_as: OpenAs, browser: Browser, live_server: LiveServer
) -> None:
    address = f"/posting/appraisals/{scene.cycle.pk}/"
    officer = open_as(county.officer, address)
    go(officer, "开始评分")
    press(officer, "开始评分")
    sees(officer, "现在还不能办理下一步")

    town = open_as(county.north_org, f"{address}scores/", width=390)
    fits(town)
    for person in ("李甲一", "王甲二"):
        cells = town.locator(f'input[aria-label^="{person}"]')
        expect(cells).to_have_count(5)
        for number in range(5):
            cells.nth(number).fill("19" if person == "李甲一" else "16")
    press(town, "保存本页评分")
    sees(town, "已全部评完")

    town.goto(f"{live_server.url}{address}ballots/")
    fits(town)
    town.get_by_label("松树村：全村户数").fill("280")
    town.get_by_label("松树村：加制张数").fill("30")
    press(town, "制票")
    go(town, "打印 30 张")
    codes = [one.strip() for one in town.locator(".code").all_inner_texts()]
    assert len(set(codes)) == 30
    press(town, "已打印，登记发放")
    sees(town, "投票中")

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    villager = context.new_page()
    villager.goto(f"{live_server.url}/vote/")
    villager.get_by_label("选票编号").fill(codes[0].lower())
    press(villager, "下一步")
    sees(villager, "李甲一")
    fits(villager)
    villager.get_by_role("radio", name="基本满意", exact=True).check()
    press(villager, "提交")
    sees(villager, "已收到")
    assert settings.SESSION_COOKIE_NAME not in {one["name"] for one in context.cookies()}
    go(villager, "帮别人填下一张")
    villager.get_by_label("选票编号").fill(codes[0])
    press(villager, "下一步")
    sees(villager, "已经投过")
    context.close()

    _others_vote_and_score(scene, codes[1:])
    with clock.everywhere(AFTER):
        officer.goto(f"{live_server.url}{address}")
        go(officer, "汇总")
        press(officer, "汇总")
        leader = open_as(county.leader, f"{address}ranking/")
        go(leader, "研究确定等次")
        leader.get_by_label("研究意见").fill("10 月 21 日部务会研究同意")
        press(leader, "研究确定等次")
        sees(leader, "已研究")
    with clock.everywhere(TOLD):
        officer.goto(f"{live_server.url}{address}")
        go(officer, "反馈结果")
        press(officer, "反馈结果")
        li = open_as(scene.li, "/posting/appraisals/mine/", width=390)
        go(li, "2026 年第三季度考评")
        sees(li, "优秀")
        sees(li, "98.85")  # of 26 opinions 25 满意 and one 基本满意: (2500 + 70) ÷ 26
        fits(li)
        go(li, "提出申诉")
        li.get_by_label("申诉理由").fill("走访天数算少了")
        press(li, "提出申诉")
        sees(li, "待复核")


def _others_vote_and_score(scene: Appraised, codes: list[str]) -> None:
    """The other slips of 松树村 come in; elsewhere papers are counted, the sides give points."""
    entry = str(scene.entry("li").pk)
    for number, text in enumerate(codes):
        code = ballots.find_ballot(text)
        assert code is not None
        choice = "unknown" if number < 4 else "satisfied"
        ballots.cast_ballot(code, {entry: choice}, actor=ballots.VILLAGER)
    assert BallotBox.objects.get().cast == 30
    world = scene.world
    scene.score(world.south_org, "town", zhao=(15,) * 5, qian=(13,) * 5)
    scene.score(world.officer, "county", li=(96,), wang=(85,), zhao=(80,), qian=(70,))
    scene.score(world.unit_admin, "unit", li=(95,), wang=(90,), zhao=(88,))
    for name, actor in (
        ("wang", world.north_org), ("zhao", world.south_org), ("qian", world.south_org),
    ):  # fmt: skip
        box = scene.box(scene.postings[name].village, actor)
        ballots.count_papers(
            box, papers=30, counts={scene.entry(name).pk: (18, 9, 3, 0)},
            counters="刘唱票、吴监票", actor=actor,
        )  # fmt: skip
