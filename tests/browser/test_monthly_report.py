"""A village reports its month on a phone, the town approves, the county locks, it counts."""

from __future__ import annotations

from lingyan.common import clock
from tests.briefings.monthly_scene import CODES, OPENED, opened
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.world import World


def test_from_the_village_on_a_phone_to_the_number_of_the_county(
    county: World, open_as: OpenAs
) -> None:
    with clock.everywhere(OPENED):
        opened(county)
        phone = open_as(county.pine_secretary, "/monthly/?turn=fill", width=390)
        go(phone, "填写")
        sees(phone, "系统已有，不用填")
        write(phone, "外出务工人数（人）", "61")
        fits(phone)
        press(phone, "保存并提交")
        sees(phone, "还没有填：接待游客人次、通村路是否畅通")
        write(phone, "接待游客人次（人次）", "0")
        phone.get_by_label("是", exact=True).check()
        press(phone, "保存并提交")
        sees(phone, "待乡镇审核")
        town = open_as(county.north_org, "/monthly/?turn=check")
        row(town, "松树村", "待乡镇审核")
        go(town, "2026年2月")
        sees(town, "61 人")
        press(town, "审核通过")
        officer = open_as(county.officer, "/monthly/periods/")
        go(officer, "2026年2月")
        row(officer, "北山镇", "1")
        press(officer, "锁定乡镇已审核的 1 份")
        fits(officer)
        officer.goto(f"{site(officer)}/figures/{CODES[0]}/records/")
        row(officer, "松树村", "2026年2月", "61")
