"""A round of pairing by hand: county, unit, village and leader, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from lingyan.common import clock
from lingyan.pairing.models import Pairing, PairRound
from lingyan.platform.audit.verify import verify_chain
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, sees, site, write
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def there(county: World) -> Iterator[World]:
    with clock.everywhere(TODAY):
        yield county


def test_from_the_statements_to_the_decided_plan(there: World, open_as: OpenAs) -> None:
    officer = open_as(there.officer, "/pairing/rounds/open/")
    write(officer, "批次名称", "2026 年组织联建")
    officer.locator("select[name=seat]").select_option(label="北山镇")
    press(officer, "启动批次")
    sees(officer, "计算方案")
    round = PairRound.objects.get()
    address = f"/pairing/rounds/{round.pk}/"
    for side, what in (("units", "个单位"), ("villages", "个村")):
        officer.goto(f"{site(officer)}{address}{side}/add/")
        with officer.expect_navigation():
            officer.locator("main button[name=all]").click()
        sees(officer, "未填报")
        expect(officer.locator("body")).to_contain_text(f"{what}已加入批次")

    # On a phone: the worklist leads to the statement, and from there to the answers.
    unit = open_as(there.unit_admin, "/", width=390)
    go(unit, "填报结对情况")
    fits(unit)
    write(unit, "行业", "财政")
    unit.locator("select[name=fund]").select_option("4")
    press(unit, "提交，接着填意愿")
    fits(unit)
    unit.get_by_label("对松树村的意愿").select_option(label="主动要求")
    press(unit, "保存本页")
    expect(unit.locator("body")).to_contain_text("已保存，改动 1 项")
    village = open_as(there.pine_secretary, "/", width=390)
    go(village, "填报结对情况")
    village.locator("select[name=fund]").select_option("4")
    press(village, "提交，接着填意愿")
    sees(village, "县财政局")

    officer.goto(site(officer) + address)
    go(officer, "计算方案")
    press(officer, "计算方案")
    sees(officer, "已逐项复核")
    fits(officer)
    officer.locator("#wb-villages a.wb-row").filter(has_text="松树村").click()
    expect(officer.locator("#wb-detail h2").first).to_have_text("松树村")
    prices = officer.locator("#wb-detail .wb-prices")
    expect(prices).to_contain_text("县第一小学")
    with officer.expect_navigation():
        prices.get_by_role("link", name="指定").first.click()
    sees(officer, "总结对分")
    fits(officer)
    write(officer, "理由", "县里商定")
    press(officer, "确认调整")
    sees(officer, "指定")

    leader = open_as(there.leader, address)
    go(leader, "决定方案")
    write(leader, "决定意见", "同意")
    press(leader, "登记决定")
    sees(leader, "已决定")
    assert Pairing.objects.filter(origin="round", state="proposed").count() == 4
    assert verify_chain().broken_number is None
