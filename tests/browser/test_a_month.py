"""A posting from arrival to recall: the first secretary at the phone, the officers at the desk.

The one who was there before hands over when the term has been appraised; the successor writes with
and without signal, is visited, has a difficulty, goes on leave, confirms the month, is scored and
recalled, and somebody else comes. Every figure of the month opens its records.
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
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.actions import appraisal, recall
from lingyan.posting.models import (
    AppraisalScore,
    DiaryEntry,
    DutyReport,
    HelpRequest,
    LeaveRequest,
    MonthPresence,
    Posting,
    RecallCase,
)
from lingyan.posting.rules.appraisal_words import AppraisalKind
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.posting.life_scene import posted_actor
from tests.posting.recall_scene import RecallScene
from tests.posting.scene import STARTS, TODAY, Scene, pool_entry, proof
from tests.world import World, _actor

HANDED_ON = date(2026, 4, 8)
WRITTEN_ON = date(2026, 4, 10)
VISITED_ON = date(2026, 4, 15)
LEAVE_ON = date(2026, 4, 20)
BACK_ON = date(2026, 4, 22)
CONFIRMED_ON = date(2026, 5, 4)
SCORED_ON = date(2026, 7, 2)
RECALLED_ON = date(2026, 9, 1)  # a Tuesday
FOLLOWED_ON = date(2026, 9, 9)


@dataclass
class Village:
    """松树村 on the day on which 李甲一 comes and 吴甲九 still has to hand over."""

    world: World
    old: Posting
    new: Posting
    li: Actor
    head: Actor


@pytest.fixture
def village(county: World) -> Iterator[Village]:
    with clock.at(TODAY):
        wu = Person.objects.create(
            number="R0009", name="吴甲九", place=county.county, gender="male",
            birth_on=date(1980, 1, 2), political_status="full_member",
        )  # fmt: skip
        old = Posting.objects.create(
            person=wu, village=county.pine, kind="first_secretary", origin="new", state="active",
            document_number="山组发(2024)1号", since=date(2024, 4, 1), arrived_on=date(2024, 4, 1),
            planned_until=STARTS, created_at=clock.now(),
        )  # fmt: skip
        scene = Scene(county)
        scene.entries.append(pool_entry(county.zhou))
        proof(county.zhou, "economy", 4)
        made = scene.issued()
    # The others are at work already: how one arrives is played with 李甲一.
    for one in made:
        state = "trained" if one.person_id == county.li.pk else "active"
        arrived = None if state == "trained" else STARTS
        Posting.objects.filter(pk=one.pk).update(state=state, arrived_on=arrived, training_hours=16)
    new = Posting.objects.get(person=county.li)
    with clock.everywhere(STARTS):
        yield Village(
            county, old, new, posted_actor(county.li, county.pine),
            _actor("north-secretary", "彭丙四", Role.TOWN_SECRETARY, place=county.north),
        )  # fmt: skip


def at(page: Page, address: str) -> Page:
    page.goto(site(page) + address)
    return page


def test_from_arrival_to_recall(county: World, village: Village, open_as: OpenAs) -> None:
    own = f"/posting/postings/{village.new.pk}/"
    town = open_as(county.north_org, own)
    officer = open_as(county.officer, "/")
    secretary = open_as(county.pine_secretary, "/")

    _arrives(town)
    with clock.everywhere(HANDED_ON):
        _hands_over(officer, secretary, f"/posting/postings/{village.old.pk}/")
    phone = open_as(village.li, "/posting/diary/", width=390)
    with clock.everywhere(WRITTEN_ON):
        _writes(phone)
    with clock.everywhere(VISITED_ON):
        unit = open_as(county.unit_admin, own)
        _is_visited_and_helped(phone, unit)
    with clock.everywhere(LEAVE_ON):
        _goes_on_leave(phone, town)
    with clock.everywhere(BACK_ON):
        _comes_back(secretary)
    with clock.everywhere(CONFIRMED_ON):
        _ends_the_month(phone, secretary, officer, village)
    with clock.everywhere(SCORED_ON):
        _is_scored(town, county)
    with clock.everywhere(RECALLED_ON):
        leader = open_as(county.leader, "/")
        _is_recalled(town, leader, village)
        _is_followed(officer, leader, village)
    with clock.everywhere(FOLLOWED_ON):
        admin = open_as(county.admin, f"/posting/vacancies/{village.new.pk}/")
        go(admin, "发文补派")
        write(admin, "文号", "山组发〔2026〕8 号")
        press(admin, "发文补派")
        sees(admin, "2026-09-09 起接任")

    village.old.refresh_from_db()
    village.new.refresh_from_db()
    assert (village.old.state, village.old.until) == ("handed_over", HANDED_ON)
    assert (village.new.state, village.new.until) == ("recalled", RECALLED_ON)
    assert Posting.objects.get(origin="replace").predecessor_id == village.new.pk
    assert verify_chain().broken_number is None


def _arrives(town: Page) -> None:
    go(town, "确认到岗")
    write(town, "到岗日期", str(STARTS))
    write(town, "党组织关系开始转接的日期", str(STARTS))
    write(town, "人身意外伤害保险单号", "人保2026字001号")
    press(town, "确认到岗")
    sees(town, "在岗")


def _hands_over(officer: Page, secretary: Page, address: str) -> None:
    """Not before the term is appraised; the page says so."""
    sees(at(secretary, address), "先由县委组织部或派出单位办理期满考察")
    expect(secretary.locator("main").get_by_role("link", name="办理交接")).to_have_count(0)
    go(at(officer, address), "期满考察")
    write(officer, "依据和情况", "部务会听取考察情况")
    press(officer, "期满考察")
    sees(officer, "期满考察")
    go(at(secretary, address), "办理交接")
    write(secretary, "交接清单", "茶园台账、公章")
    press(secretary, "办理交接")
    sees(secretary, "已交接")


def _entry(phone: Page, text: str) -> None:
    expect(phone.locator("#diary-form button").first).to_be_enabled()
    phone.get_by_label("做了什么").fill(text)
    phone.get_by_label("为民办事服务", exact=True).check()
    phone.get_by_label("日期").fill(str(WRITTEN_ON))


def _writes(phone: Page) -> None:
    """One entry with signal; one without, which is sent once when the signal is back."""
    at(phone, "/posting/diary/write/")
    fits(phone)
    _entry(phone, "帮张大娘代办高龄补贴")
    phone.get_by_role("button", name="记下").click()
    expect(phone.locator(".entry")).to_have_count(1)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_function("caches.match('/posting/diary/offline/').then((found) => !!found)")
    phone.reload()
    phone.wait_for_function("navigator.serviceWorker.controller !== null")

    phone.context.set_offline(True)
    at_the_phone = "没有信号，先记在手机上"
    phone.goto(f"{site(phone)}/posting/diary/write/")
    expect(phone.get_by_role("heading", name=at_the_phone)).to_be_visible()
    _entry(phone, "山里没有信号时走访三户")
    phone.get_by_role("button", name="存在手机上").click()
    expect(phone.locator("#backlog-count")).to_have_text("1 条")
    assert DiaryEntry.objects.count() == 1
    phone.context.set_offline(False)
    at(phone, "/posting/diary/?month=2026-04")
    expect(phone.locator("#backlog")).to_be_hidden()
    expect(phone.locator(".entry")).to_have_count(2)
    assert DiaryEntry.objects.count() == 2


def _is_visited_and_helped(phone: Page, unit: Page) -> None:
    go(unit, "登记走访谈心")
    unit.get_by_label("看了什么、谈了什么").fill("看了茶园，谈了家里的事")
    unit.get_by_label("单位主要负责人带队").check()
    press(unit, "登记")
    sees(unit, "看了茶园，谈了家里的事")

    at(phone, "/posting/help/ask/")
    phone.get_by_label("哪方面的困难").select_option("elder_care")
    phone.get_by_label("有什么困难").fill("母亲住院，无人照料")
    press(phone, "提出")
    sees(phone, "已提出")
    address = f"/posting/help/{HelpRequest.objects.get().pk}/"
    at(unit, f"{address}accept/")
    press(unit, "受理")
    sees(unit, "已受理")
    at(unit, f"{address}answer/")
    write(unit, "情况", "请了护工，单位报销")
    press(unit, "办好，请本人确认")
    sees(unit, "待本人确认")
    at(phone, f"{address}confirm/")
    press(phone, "确认已解决")
    sees(phone, "已解决")
    fits(phone)


def _goes_on_leave(phone: Page, town: Page) -> None:
    at(phone, f"/posting/postings/{Posting.objects.get(person__name='李甲一').pk}/leave/ask/")
    phone.get_by_label("类别").select_option("personal")
    write(phone, "从哪天", str(LEAVE_ON))
    write(phone, "到哪天", "2026-04-21")
    write(phone, "事由", "回家看母亲")
    press(phone, "提交请假")
    sees(phone, "待审批")
    at(town, f"/posting/leave/{LeaveRequest.objects.get().pk}/")
    town.locator("main").get_by_label("批准", exact=True).check()
    press(town, "提交审批")
    sees(town, "已批准")


def _comes_back(secretary: Page) -> None:
    at(secretary, f"/posting/leave/{LeaveRequest.objects.get().pk}/")
    press(secretary, "确认返岗")
    sees(secretary, "已销假")


def _ends_the_month(phone: Page, secretary: Page, officer: Page, village: Village) -> None:
    """Presence, report, and the officer's month: each figure leads to what it counts."""
    month = f"/posting/postings/{village.new.pk}/presence/2026-04/"
    at(secretary, month)
    sees(secretary, "记录的在村天数 2 天")
    expect(secretary.locator("a.todo")).to_have_count(3)  # two entries and the visit
    press(secretary, "确认")
    sees(secretary, "村确认 2 天")

    at(phone, f"/posting/postings/{village.new.pk}/reports/month/2026-04-01/")
    sees(phone, "帮张大娘代办高龄补贴")
    press(phone, "内容属实，确认")
    sees(phone, "已确认")
    fits(phone)
    figures = phone.locator(".counts a")
    links = [str(one.get_attribute("href")) for one in figures.all()]
    values = [one.inner_text() for one in figures.locator("b").all()]
    assert values[0] == "2", "entries of the month"
    at(phone, links[0])
    expect(phone.locator(".entry")).to_have_count(2)
    for link in links[1:]:
        answer = phone.goto(site(phone) + link)
        assert answer is not None
        assert answer.ok, link

    at(officer, "/posting/tasks/?month=2026-05&level=village")
    row(officer, "确认上月在村天数", "在办")
    go(officer, "确认上月在村天数")
    row(officer, "松树村 · 李甲一", "已办", str(CONFIRMED_ON))
    go(officer, "松树村 · 李甲一")
    sees(officer, "村确认 2 天")
    at(officer, "/posting/tasks/month_reports/?month=2026-05")
    row(officer, "松树村 · 李甲一", "已办")
    go(officer, "松树村 · 李甲一")
    sees(officer, "帮张大娘代办高龄补贴")
    assert MonthPresence.objects.get().days == 2
    assert DutyReport.objects.get().is_current


def _is_scored(town: Page, county: World) -> None:
    cycle = appraisal.open_appraisal(
        county=county.county, kind=AppraisalKind.QUARTERLY, year=2026, quarter=2,
        due_on=date(2026, 7, 12), actor=county.officer,
    )  # fmt: skip
    appraisal.start_scoring(cycle, actor=county.officer)
    at(town, "/posting/tasks/town_scores/?month=2026-07")
    row(town, "松树村 · 李甲一", "2026-07-12")
    at(town, f"/posting/appraisals/{cycle.pk}/scores/")
    cells = town.locator('input[aria-label^="李甲一"]')
    expect(cells).to_have_count(5)
    for number in range(5):
        cells.nth(number).fill("12")
    press(town, "保存本页评分")
    sees(town, "已保存")
    at(town, "/posting/tasks/town_scores/?month=2026-07")
    row(town, "松树村 · 李甲一", "已办", str(SCORED_ON))
    assert AppraisalScore.objects.get().total == 60


def _is_recalled(town: Page, leader: Page, village: Village) -> None:
    """Opened and decided on the pages; what lies between has a browser test of its own."""
    at(town, f"/posting/postings/{village.new.pk}/")
    go(town, "召回立案")
    town.get_by_label("召回情形").select_option("RG07")
    write(town, "事实", "两次不服从乡镇安排，已书面提醒")
    press(town, "立案")
    case = RecallCase.objects.get()
    scene = RecallScene(village.world, village.new, village.li, village.head)
    for act, actor, words in scene.way()[:5]:
        case = recall.take_step(case, act, actor=actor, **words)
    at(leader, f"/posting/recall/{case.pk}/")
    go(leader, "决定召回")
    write(leader, "集体研究情况", "九月一日部务会研究同意")
    write(leader, "文号", "山组发〔2026〕7 号")
    press(leader, "决定召回")
    sees(leader, "到 2028-08-31 为止")


def _is_followed(officer: Page, leader: Page, village: Village) -> None:
    """The least-change repair of the round's plan names who comes; the others stay."""
    place = f"/posting/vacancies/{village.new.pk}/"
    go(at(officer, place), "提出补派人选")
    sees(officer, "其他 4 个在任岗位不动")
    press(officer, "提出")
    sees(officer, "待决定")
    go(at(leader, place), "去决定")
    leader.locator("main").get_by_label("同意", exact=True).check()
    press(leader, "决定补派人选")
    sees(leader, "已同意，待公示")
    go(at(officer, place), "公示")
    press(officer, "公示")
    sees(officer, "2026-09-08 期满")
