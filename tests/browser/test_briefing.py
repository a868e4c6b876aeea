"""A briefing is written with figures from the list, passes four hands, and tells what changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lingyan.briefings.models import Briefing
from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from tests.briefings.scene import ON, registered, scene
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, write
from tests.world import World


def test_from_an_empty_page_to_what_has_changed_since(county: World, open_as: OpenAs) -> None:
    scene(county)
    with registered(), clock.everywhere(ON):
        office = open_as(county.officer, "/briefings/new/")
        office.get_by_label("模板").select_option("")
        write(office, "标题", "队伍建设情况")
        press(office, "起草")
        _write_text(office)
        press(office, "保存")
        sees(office, "全县干部6人，其中女干部3人。")
        fits(office)
        briefing = Briefing.objects.get()
        for actor, label in (
            (county.second_officer, "核对数据"),
            (county.admin, "审核通过"),
            (county.leader, "签发"),
            (county.officer, "印发"),
        ):
            _step(open_as, briefing, actor, label)
        Person.objects.filter(pk=county.li.pk).update(gender="female")
        phone = open_as(county.north_org, f"/briefings/{briefing.pk}/", width=390)
        sees(phone, "已更正，现为 4人")
        fits(phone)
        go(phone, "3人")
        row(phone, "李甲一", "后来增加")


def _write_text(page: Page) -> None:
    """The picker puts what is found where the caret stands; the check follows what is typed."""
    text = page.get_by_label("正文")
    text.fill("全县干部")
    write(page, "名称、口径或编码", "试验 干部")
    _pick(page, "T-PEOPLE")
    expect(text).to_have_value("全县干部{T-PEOPLE}")
    text.press_sequentially("，其中女干部")
    _pick(page, "T-WOMEN")
    text.press_sequentially("，另有5人。")
    sees(page, "“5”是手写的数字")
    text.fill("全县干部{T-PEOPLE}，其中女干部{T-WOMEN}。")
    sees(page, "2 个数都有记录，写法与数值相符。")


def _pick(page: Page, code: str) -> None:
    button = page.locator(f'#picked button[value="{{{code}}}"]')
    expect(button).to_be_visible()
    button.click()


def _step(open_as: OpenAs, briefing: Briefing, actor: Actor, label: str) -> None:
    page = open_as(actor, f"/briefings/{briefing.pk}/")
    go(page, label)
    press(page, label)
    expect(page.locator("main")).to_contain_text("队伍建设情况")
