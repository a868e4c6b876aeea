"""A pair from the proposal to another unit after it, each person in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from lingyan.common import clock
from lingyan.pairing.models import Pairing
from lingyan.platform.audit.verify import verify_chain
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def there(county: World) -> Iterator[World]:
    with clock.everywhere(TODAY):
        yield county


def test_from_the_proposal_to_the_unit_that_follows(there: World, open_as: OpenAs) -> None:
    officer = open_as(there.officer, "/pairing/pairings/new/")
    officer.locator("select[name=village]").select_option(label="北山镇松树村")
    officer.locator("select[name=unit]").select_option(label="县财政局")
    press(officer, "提出结对")
    sees(officer, "单位答复")
    pairing = Pairing.objects.get()
    address = f"/pairing/pairings/{pairing.pk}/"

    # On a phone: the worklist leads to the list, the pair, and then two presses.
    unit = open_as(there.unit_admin, "/", width=390)
    go(unit, "对结对请单位答复")
    go(unit, "县财政局")
    fits(unit)
    go(unit, "单位同意结对")
    fits(unit)
    press(unit, "同意结对")
    sees(unit, "单位同意")

    village = open_as(there.pine_secretary, "/", width=390)
    go(village, "对结对请村里答复")
    go(village, "县财政局")
    go(village, "村里同意结对")
    press(village, "同意结对")
    sees(village, "村同意")

    second = open_as(there.second_officer, address)
    go(second, "批准结对")
    sees(second, "结对分")
    press(second, "批准结对")
    sees(second, "签订协议")

    unit.goto(site(unit) + address)
    go(unit, "填写协议")
    unit.locator("main").get_by_label("组织共建").check()
    unit.locator("main").get_by_label("发展共谋").check()
    write(unit, "年度计划", "每季度一次联席会议，五月共同开展主题党日")
    write(unit, "单位联系人", "郑乙九")
    write(unit, "村联系人", "宋乙八")
    press(unit, "保存协议")
    sees(unit, "Word 协议")
    with unit.expect_download() as found:
        unit.locator("main").get_by_role("link", name="Word 协议").click()
    assert found.value.suggested_filename == "共建协议 县财政局—松树村.docx"

    village.goto(site(village) + address)
    go(village, "协议打印页")
    sees(village, "党组织结对共建协议书")
    fits(village)
    village.goto(site(village) + address)
    go(village, "登记签约")
    press(village, "登记签约")
    sees(village, "共建中")

    leader = open_as(there.leader, address)
    go(leader, "解除结对")
    write(leader, "理由", "机构改革，单位撤并")
    write(leader, "文号", "山组发〔2026〕8 号")
    press(leader, "解除结对")
    sees(leader, "解除")

    leader.goto(site(leader) + "/pairing/repairs/")
    go(leader, "松树村")
    sees(leader, "首选 县第一小学")
    row(leader, "县第一小学", "首选")
    fits(leader)
    press(leader, "提出补结")
    sees(leader, "接续的结对")

    made = Pairing.objects.get(origin="repair")
    assert (made.unit, made.village, made.state) == (there.school, there.pine, "proposed")
    expect(leader.locator("main")).to_contain_text("县第一小学")
    assert verify_chain().broken_number is None
