"""A weak village from the hint to the day on which its first secretary may go.

Found, listed, with its county leader and first secretary, whose posting nobody may end; visits are
missed and go up; the acceptance fails on what people say, and passes half a year later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.organization.actions import acceptance, rect_ballots, rect_problems
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.acceptance import members_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.jobs import registry
from lingyan.posting.models import Posting
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.organization.listing_scene import TODAY, RectScene, user_of
from tests.organization.rect_scene import GROUP, POINTS
from tests.posting.life_scene import posted_actor
from tests.world import World, _actor

MISSED_ON = date(2026, 6, 2)
ACCEPTED_ON = date(2026, 8, 3)
AGAIN_ON = date(2026, 12, 1)
BOUND = "整顿工作未达标，干部不得撤回"


@dataclass
class Village:
    scene: RectScene
    posting: Posting
    first: Actor

    @property
    def world(self) -> World:
        return self.scene.world

    def case(self) -> RectificationCase:
        found = RectificationCase.objects.select_related("village__parent")
        return found.get(village=self.world.pine)

    @property
    def page_of_case(self) -> str:
        return f"/organization/rectification/{self.case().pk}/"

    @property
    def page_of_posting(self) -> str:
        return f"/posting/postings/{self.posting.pk}/"


@pytest.fixture
def village(county: World) -> Iterator[Village]:
    """松树村 has a pair, and 李甲一 in post at the end of his term."""
    with clock.everywhere(TODAY):
        scene = RectScene(county)
        scene.leader = _actor("standing", "康丁四", Role.COUNTY_LEADER, place=county.county)
        Person.objects.create(
            number="R0021", name="康丁四", place=county.county, user=user_of(scene.leader)
        )
        posting = scene.post_and_pair()
        Posting.objects.filter(pk=posting.pk).update(state="term_appraised")
        yield Village(scene, posting, posted_actor(county.li, county.pine))


def at(page: Page, address: str) -> Page:
    page.goto(site(page) + address)
    return page


def test_from_a_weak_village_to_the_end_of_a_posting(village: Village, open_as: OpenAs) -> None:
    town = open_as(village.scene.town, "/organization/rectification/screening/")
    leader = open_as(village.world.leader, "/")
    officer = open_as(village.world.officer, "/")
    _is_found_and_listed(village, town, leader)
    _gets_its_four(village, officer)
    secretary = open_as(village.world.pine_secretary, village.page_of_posting)
    sees(secretary, BOUND)
    sees(secretary, "交接、期满离任、调整都不能办理")
    sees(at(secretary, f"{village.page_of_posting}hand-over/"), BOUND)

    with clock.everywhere(MISSED_ON):
        _is_missed_and_goes_up(officer)
        phone = open_as(village.scene.leader, "/organization/rectification/work/", width=390)
        _is_visited(phone)

    with clock.everywhere(ACCEPTED_ON):
        _comes_to_acceptance(village)
        _fails_on_satisfaction(village, officer, leader)
        sees(at(secretary, f"{village.page_of_posting}hand-over/"), BOUND)

    with clock.everywhere(AGAIN_ON):
        _comes_to_acceptance(village, again=True)
        _passes(village, leader)
        admin = open_as(village.world.admin, "/")
        _is_completed(village, secretary, admin)


def _is_found_and_listed(village: Village, town: Page, leader: Page) -> None:
    go(town, "北山镇松树村")
    write(town, "W01", "支部书记 2025 年 11 月调离后一直空缺")
    press(town, "登记情形")
    go(town, "列为拟定对象")
    press(town, "列为拟定对象")
    village.scene.consulted(village.case())
    go(at(leader, village.page_of_case), "确定整顿")
    write(leader, "县委决定的文号", "山委〔2026〕6号")
    press(leader, "确定整顿")
    sees(leader, "确定整顿")


def _gets_its_four(village: Village, officer: Page) -> None:
    village.scene.planned(village.case())
    village.scene.supported(village.case(), kinds=("S2", "S4"))
    for kind in ("S1", "S3"):
        at(officer, f"{village.page_of_case}support/{kind}/")
        if kind == "S1":
            officer.get_by_label("由谁").select_option(label="康丁四")
            officer.get_by_label("是县委常委").check()
        press(officer, "明确")
        sees(officer, "康丁四" if kind == "S1" else "李甲一")
    go(officer, "开始整顿")
    press(officer, "开始整顿")
    sees(officer, "整顿中")


def _daily() -> None:
    for routine in (*registry.ROUTINES, *registry.DAILY):
        routine()


def _is_missed_and_goes_up(officer: Page) -> None:
    """Three months without a visit: a task of the leader, and three working days later of the
    office above him."""
    _daily()
    missed = "2026 年 5 月联村县级领导（康丁四）没有到村督查"
    row(at(officer, "/supervision/tasks/"), missed, "康丁四")
    with clock.everywhere(date(2026, 6, 9)):
        _daily()
        row(at(officer, "/supervision/tasks/"), missed, "山阳县")


def _is_visited(phone: Page) -> None:
    sees(phone, "2026 年 3 月未督查")
    go(phone, "记录督查")
    write(phone, "到了哪些地方", "村委会、二组")
    write(phone, "和哪些人谈了话", "党员 5 人")
    write(phone, "看到的问题", "书记还没有选好")
    write(phone, "列入整改的问题", "会议室漏雨")
    fits(phone)
    press(phone, "记下")
    sees(phone, "会议室漏雨")


def _comes_to_acceptance(village: Village, *, again: bool = False) -> None:
    """Problems put right, both signatures, the town's look: each has its own tests."""
    said, case = rect_problems.Said, village.case()
    if not again:
        for problem in case.problems.select_related("case").order_by("pk"):
            for act, actor, text in (
                ("begin", village.world.pine_secretary, said(
                    measure="选派书记", owner="宋乙八", due_on=date(2026, 8, 31))),
                ("finish", village.first, said(text="照片 3 张")),
                ("verify", village.scene.town, said(text="到村看过")),
            ):  # fmt: skip
                problem = rect_problems.step_problem(problem, act, text, actor=actor)
    for actor in (village.world.pine_secretary, village.first):
        acceptance.sign_self_check(case, text="都改了", actor=actor)
    acceptance.pass_town_check(case, text="到村看过", actor=village.scene.town_secretary)
    if again:
        officer = village.world.officer
        acceptance.open_inspection(case, members=members_of(GROUP), actor=officer)
        acceptance.score_inspection(case, points=POINTS, text="逐项看过", actor=officer)
        vote = rect_ballots.make_slips(case, households=120, slips=30, actor=officer)
        rect_ballots.count_papers(
            rect_ballots.hand_out(vote, actor=officer), papers=30, satisfied=24, basic=0,
            unsatisfied=6, counters="安丁一、白丁二", no_cadres=True, actor=officer,
        )  # fmt: skip


def _fails_on_satisfaction(village: Village, officer: Page, leader: Page) -> None:
    go(at(officer, village.page_of_case), "组成检查考核组")
    write(officer, "检查考核组成员", GROUP)
    press(officer, "组成检查考核组")
    go(officer, "登记验收得分")
    for field in ("村级班子运行", "党员队伍", "乡村治理", "集体经济"):
        write(officer, field, "20")
    write(officer, "检查情况", "逐项看过")
    press(officer, "登记验收得分")
    go(officer, "满意度测评")
    write(officer, "全村户数", "120")
    write(officer, "制票张数", "30")
    press(officer, "制票")
    press(officer, "登记发放")
    go(officer, "登记纸质计票")
    for field, count in (("papers", 30), ("satisfied", 15), ("basic", 8), ("unsatisfied", 7)):
        officer.locator(f"main [name={field}]").fill(str(count))
    write(officer, "唱票人、监票人", "安丁一、白丁二")
    officer.get_by_label("测评时没有村干部在场").check()
    press(officer, "登记计票")
    sees(officer, "满意度 76.7%")
    sees(at(leader, village.page_of_case), "群众满意度 76.7%，不到 80%")
    expect(leader.locator("main").get_by_role("link", name="销号", exact=True)).to_have_count(0)
    go(leader, "延长整顿")
    write(leader, "延长整顿的理由", "群众不满意")
    press(leader, "延长整顿")
    sees(leader, "已延长整顿，干部不撤回、工作不脱钩")


def _passes(village: Village, leader: Page) -> None:
    go(at(leader, village.page_of_case), "销号")
    sees(leader, "满意度 80.0%")
    press(leader, "销号")
    sees(leader, "已销号")


def _is_completed(village: Village, secretary: Page, admin: Page) -> None:
    """The successor is there, so the old posting is handed over and ends."""
    Posting.objects.filter(pk=village.posting.pk).update(handover_until=AGAIN_ON)
    Posting.objects.create(
        person=village.world.zhao, village=village.world.pine, unit=village.world.finance,
        kind="first_secretary", origin="new", state="active", document_number="山组发9号",
        since=AGAIN_ON, arrived_on=AGAIN_ON, planned_until=date(2028, 12, 1),
        predecessor=village.posting, created_at=clock.now(),
    )  # fmt: skip
    expect(at(secretary, village.page_of_posting).locator("main")).not_to_contain_text(BOUND)
    go(secretary, "办理交接")
    write(secretary, "交接清单", "台账、公章")
    press(secretary, "办理交接")
    sees(secretary, "已交接")
    press(at(admin, village.page_of_posting), "期满离任")
    sees(admin, "已办理期满离任")
    village.posting.refresh_from_db()
    assert village.posting.state == "completed"
