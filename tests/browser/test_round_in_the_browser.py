"""From two Excel files to issued postings, each person in a browser of their own.

What an officer, a candidate, a unit, a town, the leader and the administrator press is counted:
the whole journey has to stay short enough for ten minutes of work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.models import Adjustment, NeedList, Posting, Round
from tests.browser.conftest import OpenAs
from tests.platform.sheets import workbook
from tests.world import World

MONDAY = date(2026, 3, 2)
AFTER_THE_NOTICE = date(2026, 3, 10)
NEEDS = workbook(
    ("村", "乡镇", "村类型", "优先级", "第一书记", "队员", "需要能力", "需求程度"),
    [
        ("松树村", "北山镇", "薄弱村", 1, 1, 1, "熟悉经济工作", 4),
        ("溪口村", "北山镇", "软弱村", 2, 1, None, None, None),
        ("石桥村", "南河镇", "矛盾村", 2, 1, None, None, None),
    ],
)
PEOPLE = workbook(
    ("姓名", "单位", "入库状态", "健康状况", "处分和审查", "转正日期", "参加工作日期",
     "年度考核1", "熟悉经济工作", "熟悉党务"),
    [
        (name, unit, "在库", "健康", "无", "2013-07-01", "2008-09-01", "优秀", economy, party)
        for name, unit, economy, party in (
            ("李甲一", "县财政局", 4, 1), ("王甲二", "县财政局", 1, 4),
            ("赵甲三", "县财政局", 2, 2), ("钱甲四", "县第一小学", 3, 1),
            ("孙甲五", "县第一小学", 1, 3), ("周甲六", "县第一小学", 2, 1),
        )
    ],
)  # fmt: skip


class Walk:
    """One person at the screen, and how often they had to press or type."""

    steps = 0

    def __init__(self, page: Page) -> None:
        self.page = page
        self.start = re.match(r"https?://[^/]+", page.url).group()  # type: ignore[union-attr]

    def go(self, *labels: str) -> Walk:
        """Follow links of these names, one after the other, as the page offers them."""
        for label in labels:
            self._unfold(label)
            self._press(self.page.get_by_role("link", name=label).first)
        return self

    def _unfold(self, label: str) -> None:
        """Open the section of the menu in which this name stands."""
        expect(self.page.locator("main")).to_be_visible()
        name = self.page.locator("a", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
        section = self.page.locator("nav details:not([open])", has=name)
        if section.count():
            section.first.locator("summary").click()

    def press(self, label: str) -> Walk:
        self._press(self.page.get_by_role("button", name=label).first)
        return self

    def next_step(self, label: str) -> Walk:
        """The one button on the round's page that says what comes next, and its confirmation."""
        self._press(self.page.locator("section.next a.btn.pri", has_text=label))
        self._press(self.page.locator("main form button.pri").last)
        return self

    def _press(self, what: Any) -> None:
        expect(what).to_be_visible()
        with self.page.expect_navigation(timeout=30_000):
            what.click()
        Walk.steps += 1
        self.no_error()

    def write(self, label: str, text: str) -> Walk:
        self.page.locator("main").get_by_label(label).first.fill(text, timeout=5_000)
        Walk.steps += 1
        return self

    def sees(self, text: str) -> Walk:
        expect(self.page.locator("main")).to_contain_text(text)
        return self

    def no_error(self) -> None:
        assert "出错" not in self.page.title()
        assert not self.page.locator("[data-code]:visible").count() or self.is_round_page()

    def is_round_page(self) -> bool:
        return "/rounds/" in self.page.url


@pytest.fixture(autouse=True)
def _monday(county: World) -> Iterator[None]:
    Walk.steps = 0
    with clock.everywhere(MONDAY):
        yield


def test_a_round_from_two_files_to_postings(county: World, open_as: OpenAs) -> None:
    def walk(actor: Actor, address: str = "/", width: int = 1366) -> Walk:
        return Walk(open_as(actor, address, width=width))

    officer = walk(county.officer)
    bring_in(officer, "需求清单", NEEDS, "3")
    bring_in(officer, "人选", PEOPLE, "6")
    officer.go("需求清单").press("下达全部待下达的").sees("已下达")
    assert NeedList.objects.filter(state="issued").count() == 3

    officer.go("选派批次", "启动批次").write("批次名称", "2026 年春季选派").press("启动批次")
    round = Round.objects.get()
    take_everybody_in(officer)
    officer.next_step("锁定需求").next_step("开始填报志愿")

    candidate_wishes(walk(county.candidate, width=390))
    walk(county.unit_admin).go("确认志愿", "李甲一").press("确认志愿").sees("已确认")

    officer.page.reload()
    officer.next_step("开始乡镇提意向")
    town = walk(county.north_org).go("提出意向", "松树村")
    town.press("加入意向").press("提交意向").sees("已提交")

    officer.page.reload()
    officer.next_step("计算方案")
    officer.sees("复核通过")
    change_by_hand(officer)

    leader = walk(county.leader, f"/posting/rounds/{round.pk}/")
    leader.page.locator("section.next a.btn.pri").click()
    leader.write("部务会意见", "同意按调整后的方案选派").press("登记决定").sees("决定已登记")

    officer.page.goto(f"{officer.start}/posting/rounds/{round.pk}/")
    officer.next_step("公示").sees("公示")

    with clock.everywhere(AFTER_THE_NOTICE):
        admin = walk(county.admin, f"/posting/rounds/{round.pk}/")
        admin.page.locator("section.next a.btn.pri").click()
        admin.write("发文字号", "山组发〔2026〕3号").press("发文派驻").sees("已发文")
        admin.go("派驻名册").sees("松树村").sees("李甲一")

    assert Posting.objects.count() == 4
    assert Posting.objects.get(person=county.li).village == county.pine
    assert Adjustment.objects.count() == 1
    assert verify_chain().broken_number is None
    assert Walk.steps <= 60, "the journey has become longer"


def bring_in(officer: Walk, title: str, data: bytes, rows: str) -> None:
    officer.page.goto(officer.start + "/exchange/")
    kind = {"需求清单": "needs", "人选": "people"}[title]
    officer._press(officer.page.locator(f"a[href='/exchange/upload/{kind}/']").first)
    sheet = {"name": f"{title}.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    officer.page.set_input_files("input[type=file]", [sheet])  # type: ignore[list-item]
    officer.press("上传并检查").press("确认导入").sees("已导入")


def take_everybody_in(officer: Walk) -> None:
    round = officer.page.url
    officer.page.goto(round + "villages/add/")
    officer.press("加入全部").sees("松树村")
    officer.page.goto(round + "people/add/")
    officer.press("加入全部").sees("李甲一")
    officer.page.goto(round)


def candidate_wishes(candidate: Walk) -> None:
    """On a phone: 松树村 first, then hand it in."""
    candidate.page.goto(candidate.start + "/posting/wishes/")
    line = candidate.page.locator("ul.villages li", has_text="松树村")
    candidate._press(line.get_by_role("button", name="填为志愿"))
    candidate.press("提交志愿").sees("等单位确认")


def change_by_hand(officer: Walk) -> None:
    """Pin somebody elsewhere than the plan says: the price stands there before the press."""
    officer.go("打开工作台")
    plan = officer.page.url.split("/workbench/")[0]
    free = Person.objects.get(name="李甲一")
    pine = NeedList.objects.get(village__name="松树村").village
    officer.page.goto(
        f"{plan}/change/?kind=pin&person={free.number}&post={pine.pk}/first_secretary"
    )
    officer.write("理由", "该同志熟悉村情，村里请求")
    if officer.page.get_by_label("由谁决定").count():
        officer.write("由谁决定", "部务会").write("何日决定", "2026-03-02")
    officer.page.locator("main form button.pri").last.click()
    officer.sees("复核通过")
