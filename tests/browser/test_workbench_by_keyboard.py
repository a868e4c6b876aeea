"""From signing in to a confirmed swap without a mouse; and are the pages of the workbench clean?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from lingyan.common import clock
from lingyan.platform.accounts.models import User
from lingyan.posting.models import Adjustment, Plan
from tests.browser.conftest import WIDTHS, OpenAs
from tests.browser.hands import overflow, serious_findings
from tests.posting.scene import TODAY, Scene
from tests.posting.workbench_scene import address, change_address, chosen, post_of, rows
from tests.world import World

PASSWORD = "quiet-geese-fly-7"
MOST_STOPS = 150


@pytest.fixture
def plan(county: World) -> Iterator[Plan]:
    with clock.everywhere(TODAY):
        yield chosen(Scene(county).computed())


def press(page: Page, name: str, *, lands_on: str) -> None:
    """Go on with the Tab key until the thing of that name has the focus, then press Enter."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate("document.activeElement.innerText || ''")
        if found.strip().startswith(name):
            page.keyboard.press("Enter")
            page.wait_for_url(lands_on)
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def reach(page: Page, selector: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_keyboard_alone_signs_in_and_swaps_two_people(
    county: World, plan: Plan, open_as: OpenAs
) -> None:
    officer = User.objects.get(pk=county.officer.user_id)
    officer.set_password(PASSWORD)
    officer.save()
    page = open_as(county.officer)
    page.context.clear_cookies()
    page.goto(page.url)

    expect(page.locator("input:focus")).to_have_count(1)
    page.keyboard.type(officer.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("等您办理").first.wait_for()
    reach(page, "summary:has(~ a[href='/posting/rounds/'])")
    page.keyboard.press("Enter")
    press(page, "选派批次", lands_on="**/rounds/")
    press(page, plan.round.name, lands_on="**/rounds/*-*/")
    press(page, "打开工作台", lands_on="**/workbench/")
    press(page, "松树村", lands_on="**/villages/**")
    page.locator(".wb-picked").wait_for()
    press(page, "互换", lands_on="**/change/**")
    reach(page, "select#other")
    page.keyboard.press("ArrowDown")
    press(page, "看互换的代价", lands_on="**other=**")
    reach(page, "textarea")
    page.keyboard.type("两村都请求")
    press(page, "确认调整", lands_on="**/workbench/**")

    expect(page.locator("main")).to_contain_text("复核通过")
    assert Adjustment.objects.get().kind == "swap"


PAGES = ("workbench", "plan_shortages", "plan_compare", "plan_verification", "plan_print")


@pytest.mark.parametrize("width", WIDTHS[:2])
def test_the_pages_of_the_workbench_are_clean(
    county: World, plan: Plan, open_as: OpenAs, width: int
) -> None:
    page = open_as(county.officer, width=width)
    base = page.url.rstrip("/")
    person, post = next(iter(rows(plan).items()))
    addresses = [address(name, plan) for name in PAGES] + [
        address("workbench_village", plan, county.pine),
        reverse("workbench_person", args=[plan.pk, person]),
        change_address(plan, kind="swap", person=person),
        change_address(plan, kind="ban", person=person, post=post),
        change_address(plan, kind="pin", person=person, post=post_of(county.mill)),
    ]
    for where in addresses:
        page.goto(base + where)
        assert overflow(page) <= 0, f"{where} is wider than {width}"
        assert not serious_findings(page), f"{where} at {width}"
