"""A year of one pair as unit, village and county live it: unit and village on their phones."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page

from lingyan.common import clock
from lingyan.pairing.models import PairActivity, PairAssessment, PairFund, PairProblem
from lingyan.platform.audit.verify import verify_chain
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.pairing.scene import paired
from tests.world import World

SPRING, AUTUMN, NEW_YEAR = date(2026, 3, 20), date(2026, 10, 12), date(2026, 10, 13)


def tick(page: Page, text: str) -> None:
    page.locator("main label", has_text=text).first.click()


def test_a_year_of_a_pair_and_what_it_is_worth(county: World, open_as: OpenAs) -> None:
    world = county
    with clock.everywhere(SPRING):
        pairing = paired(world)
        page = f"/pairing/pairings/{pairing.pk}/"

        unit = open_as(world.unit_admin, "/pairing/activities/add/", width=390)
        tick(unit, "联合组织生活会")
        write(unit, "用了几小时", "2")
        tick(unit, "李甲一")
        write(unit, "村里来了多少人", "12")
        write(unit, "做了什么", "共同学习，开展批评和自我批评")
        press(unit, "记下")
        sees(unit, "已开展")

        village = open_as(world.pine_secretary, "/pairing/problems/add/", width=390)
        village.locator("select[name=kind]").select_option(label="饮水")
        write(village, "是什么问题", "高处几户饮水时断时续")
        press(village, "提出")
        sees(village, "已提出")

        unit.goto(site(unit) + "/")
        go(unit, "联建问题")
        go(unit, "高处几户")
        go(unit, "受理")
        press(unit, "受理")
        go(unit, "已办好")
        write(unit, "情况", "换了水泵，接通了支管")
        press(unit, "已办好，请村里确认")

        village.goto(site(village) + "/")
        go(village, "等村里确认")
        go(village, "高处几户")
        go(village, "确认已解决")
        write(village, "确认的受益群众", "钱戊一 孙戊二")
        press(village, "确认已解决")
        sees(village, "已解决")
        fits(village)

        unit.goto(site(unit) + "/pairing/funds/add/")
        write(unit, "用在哪个项目", "饮水管网改造")
        write(unit, "金额", "12万元")
        write(unit, "依据", "县财预〔2026〕3 号")
        press(unit, "登记")
        sees(unit, "120,000.00")
        fits(unit)

    assert PairActivity.objects.get().state == "held"
    assert PairProblem.objects.get().state == "solved"
    assert str(PairFund.objects.get().arrived) == "120000.00"

    with clock.everywhere(AUTUMN):
        officer = open_as(world.officer, "/figures/X14/")
        sees(officer, "12.0 万元")
        officer.goto(site(officer) + "/figures/X15/records/")
        row(officer, "高处几户饮水时断时续", "松树村")
        fits(officer)

        village = open_as(world.pine_secretary, "/", width=390)
        go(village, "请村里作年度评价")
        go(village, "县财政局")
        sees(village, "五个一完成 1 项")
        write(village, "评价分", "90")
        write(village, "为什么这样评", "常来，水的事办成了")
        press(village, "提交评价")
        sees(village, "90")
        fits(village)

    with clock.everywhere(NEW_YEAR):
        officer = open_as(world.officer, "/")
        go(officer, "份结对年度评价待确认")
        press(officer, "确认已评价的 1 份")
        sees(officer, "已确认")
        made = PairAssessment.objects.get()
        # 8.00 of 40, 12.50 of 25 (no deed), no project, no meeting, 9.00 of 10.
        assert made.shown_score == "29.50"
        officer.goto(site(officer) + page)
        sees(officer, "29.50 分，已确认")
        officer.goto(site(officer) + "/pairing/unit-scores/")
        row(officer, "县财政局", "松树村 29.50")
        fits(officer)
    assert verify_chain().broken_number is None
