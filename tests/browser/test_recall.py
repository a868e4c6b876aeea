"""From three upheld absences to the one who comes next, each person in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from lingyan.common import clock
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.models import Absence, Posting, RecallCase, Replacement
from tests.browser.conftest import OpenAs
from tests.browser.hands import go, overflow, press, sees, site, write
from tests.posting.recall_scene import DAY, RecallScene, build_recall
from tests.world import World

AFTER_THE_NOTICE = date(2026, 9, 9)


@pytest.fixture
def scene(county: World) -> Iterator[RecallScene]:
    with clock.everywhere(DAY):
        found = build_recall(county)
        for day in (3, 10, 17):
            Absence.objects.create(
                posting=found.posting, on=date(2026, 8, day), text="走访时不在村",
                state="upheld", found_by_name="高乙六", found_at=clock.now(),
            )  # fmt: skip
        yield found


def test_from_a_signal_to_the_issued_replacement(
    county: World, scene: RecallScene, open_as: OpenAs
) -> None:
    town = open_as(county.north_org, "/posting/recall/signals/")
    sees(town, "今年认定脱岗 3 次")
    expect(town.locator("main").get_by_role("link", name="认定脱岗")).to_have_count(3)
    go(town, "立案核实")
    press(town, "立案")
    go(town, "告知本人")
    write(town, "告知内容", "核实八月三次脱岗的情况")
    press(town, "告知本人")
    sees(town, "已告知，待本人陈述")
    case = RecallCase.objects.get()
    address = f"/posting/recall/{case.pk}/"

    li = open_as(scene.li, "/", width=390)
    go(li, "件核实事项请您陈述")
    go(li, "李甲一")
    sees(li, "核实八月三次脱岗的情况")
    go(li, "本人陈述")
    write(li, "您的陈述", "家中老人住院，没有来得及请假")
    press(li, "本人陈述")
    sees(li, "家中老人住院")
    assert overflow(li) <= 0, "the phone's page is wider than the phone"

    officer = open_as(county.officer, address)
    go(officer, "核实属实")
    sees(officer, "家中老人住院")
    write(officer, "核实情况", "三次脱岗属实")
    press(officer, "核实属实")

    unit = open_as(county.unit_admin, address)
    go(unit, "填写单位意见")
    write(unit, "单位意见", "同意按规定办理")
    press(unit, "填写单位意见")

    head = open_as(scene.town_secretary, address)
    go(head, "提出召回")
    write(head, "召回建议", "三次无故脱岗，建议召回")
    press(head, "提出召回")

    leader = open_as(county.leader, address)
    go(leader, "决定召回")
    sees(leader, "同意按规定办理")
    write(leader, "集体研究情况", "九月一日部务会研究同意")
    write(leader, "文号", "山组发〔2026〕7 号")
    press(leader, "决定召回")
    sees(leader, "到 2028-08-31 为止")
    scene.posting.refresh_from_db()
    assert (scene.posting.state, scene.posting.until) == ("recalled", DAY)

    officer.goto(site(officer) + "/posting/vacancies/")
    go(officer, "松树村")
    go(officer, "提出补派人选")
    sees(officer, "其他 4 个在任岗位不动")
    sees(officer, "系统首选")
    press(officer, "提出")
    sees(officer, "孙甲五")
    place = f"/posting/vacancies/{scene.posting.pk}/"

    leader.goto(site(leader) + place)
    go(leader, "去决定")
    leader.locator("main").get_by_label("同意", exact=True).check()
    press(leader, "决定补派人选")
    sees(leader, "已同意，待公示")

    officer.goto(site(officer) + place)
    go(officer, "公示")
    press(officer, "公示")
    sees(officer, "2026-09-08 期满")

    with clock.everywhere(AFTER_THE_NOTICE):
        admin = open_as(county.admin, place)
        go(admin, "发文补派")
        write(admin, "文号", "山组发〔2026〕8 号")
        press(admin, "发文补派")
        sees(admin, "已由 孙甲五 2026-09-09 起接任")

    new = Posting.objects.get(origin="replace")
    assert (new.predecessor_id, new.person) == (scene.posting.pk, county.sun)
    assert RecallCase.objects.get().state == "replaced"
    assert Replacement.objects.get().made_id == new.pk
    assert verify_chain().broken_number is None
