"""From the overview to one number, its towns and its trend, to the record behind it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lingyan.common import clock
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, row, sees
from tests.pairing.acts_scene import build_acts
from tests.pairing.scene import TODAY
from tests.world import World


def test_every_number_opens_its_records(county: World, open_as: OpenAs) -> None:
    with clock.everywhere(TODAY):
        build_acts(county)
        officer = open_as(county.officer, "/dashboards/")
        sees(officer, "没有超期的事项")
        officer.locator('a.tile[data-figure="IND-3-02"]').click()
        expect(officer.locator("svg.chart.wide").first).to_be_visible()
        expect(officer.get_by_role("link", name=re.compile("^3月 "))).to_have_count(1)
        row(officer, "北山镇", "个")
        go(officer, "看是哪些记录")
        row(officer, "北山镇松树村", "县财政局")
        officer.get_by_label("在记录里搜索").fill("没有的单位")
        officer.get_by_label("在记录里搜索").press("Enter")
        sees(officer, "没有符合条件的记录")
        phone = open_as(county.north_org, "/figures/IND-3-02/", width=390)
        expect(phone.locator("svg.chart.narrow").last).to_be_visible()
        expect(phone.locator("svg.chart.wide").last).to_be_hidden()
        fits(phone)
