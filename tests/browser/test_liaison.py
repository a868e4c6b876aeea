"""The town visits with a phone: what was said there is somebody's task, and stays in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from lingyan.common import clock
from lingyan.directory.models import RoleAssignment
from lingyan.posting.actions import liaison
from lingyan.posting.models import Posting, Problem, Visit
from tests.browser.conftest import OpenAs
from tests.browser.test_every_page import serious_findings
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.world import World

WIDER = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def duty(county: World) -> Iterator[Duty]:
    """李甲一 is at work in 松树村; 林乙三 of the county is in touch with its town."""
    with clock.everywhere(TODAY):
        duty = on_duty(county)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        holder = RoleAssignment.objects.get(user_id=county.leader.user_id)
        liaison.assign_liaison(
            holder, kind="area", since=date(2026, 1, 15), town=county.north, actor=county.officer
        )
        yield duty


def go(page: Page, label: str) -> None:
    link = page.locator("main").get_by_role("link", name=label).first
    expect(link).to_be_visible()
    with page.expect_navigation(timeout=30_000):
        link.click()


def press(page: Page, label: str) -> None:
    """Press the button of the form and wait for the page that follows."""
    button = page.locator("main form").get_by_role("button", name=label, exact=True)
    expect(button).to_be_visible()
    with page.expect_navigation(timeout=30_000):
        button.click()


def sees(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


def row(page: Page, text: str, *said: str) -> None:
    """One row of the list has all of it."""
    line = page.locator("main tbody tr").filter(has_text=text)
    expect(line).to_have_count(1)
    for part in said:
        expect(line).to_contain_text(part)


def fits(page: Page) -> None:
    assert page.evaluate(WIDER) <= 0, "the page is wider than the phone"
    assert not serious_findings(page)


def test_what_is_raised_at_a_visit_becomes_a_task_and_stays_in_the_file(
    county: World, duty: Duty, open_as: OpenAs
) -> None:
    town = open_as(county.north_org, f"/posting/postings/{duty.posting.pk}/", width=390)
    go(town, "登记走访谈心")
    sees(town, "这次记为“乡镇党委”")
    fits(town)
    town.get_by_label("看了什么、谈了什么").fill("看了茶园，谈了冬天的用水")
    town.get_by_label("提出的困难和问题").fill("水管冬天冻裂")
    town.get_by_label("乡镇党委", exact=True).check()
    town.get_by_label("办结期限").fill("2026-03-20")
    press(town, "登记")
    sees(town, "看了茶园，谈了冬天的用水")
    sees(town, "乡镇党委承办，2026-03-20 前办结")
    fits(town)

    site = town.url.split("/posting/")[0]
    town.goto(f"{site}/posting/tasks/")
    row(town, "办理由乡镇承办的问题", "在办")
    fits(town)
    go(town, "办理由乡镇承办的问题")
    row(town, "水管冬天冻裂", "2026-03-20")

    leader = open_as(county.leader, "/posting/tasks/area_visits/", width=390)
    row(leader, "北山镇松树村：0 / 1 次", county.leader.name)
    leader.goto(f"{site}/posting/visits/due/?whose=mine")
    go(leader, "登记")
    sees(leader, "这次记为“分片联系”")
    leader.get_by_label("看了什么、谈了什么").fill("入户三家，看了水管")
    press(leader, "登记")
    sees(leader, "入户三家，看了水管")
    leader.goto(f"{site}/posting/tasks/area_visits/")
    row(leader, "北山镇松树村：1 / 1 次", "已办", str(TODAY))
    fits(leader)

    officer = open_as(county.officer, "/posting/visits/")
    row(officer, "看了茶园", "松树村", "李甲一", county.north_org.name)
    officer.goto(f"{site}/posting/problems/")
    row(officer, "水管冬天冻裂", "乡镇党委", "2026-03-20", "李甲一")

    person = f"{site}/directory/people/{county.li.pk}/"
    officer.goto(f"{person}?on={TODAY}")
    sees(officer, "水管冬天冻裂")
    sees(officer, county.north_org.name)
    officer.goto(f"{person}?on=2026-03-04")
    sees(officer, "2026-03-04 那天的情况")
    sees(officer, "没有走访谈心的记录")
    expect(officer.locator("main")).not_to_contain_text("水管冬天冻裂")

    assert Visit.objects.count() == 2
    problem = Problem.objects.get()
    assert (problem.owner, problem.due_on) == ("town", date(2026, 3, 20))
