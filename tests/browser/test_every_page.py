"""Is every menu page clean, wide enough for its content, and open to the keyboard?"""

from __future__ import annotations

import pytest
from django.urls import reverse

from lingyan.config import navigation
from tests.browser.conftest import WIDTHS, OpenAs
from tests.browser.hands import overflow, serious_findings
from tests.world import World

WHO = ("officer", "leader", "admin", "agri", "north_org", "pine_secretary", "unit_admin",
       "candidate", "sys_admin", "audit_admin")  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_menu_pages_are_clean_on_phone_and_desk(county: World, open_as: OpenAs, who: str) -> None:
    """Each page is looked at by the first of these people to whom it is open; one's own by each.

    Both widths show the same elements: what a machine can find in them is sought at one, in turn.
    """
    actor = getattr(county, who)
    before = [getattr(county, other).role for other in WHO[: WHO.index(who)]]
    page = open_as(actor)
    base = page.url.rstrip("/")
    for section in navigation.NAVIGATION:
        for turn, entry in enumerate(section.entries):
            seen = entry.url_name != "worklist" and any(map(entry.open_to, before))
            if seen or not entry.open_to(actor.role):
                continue
            page.goto(base + reverse(entry.url_name))
            for width in (WIDTHS[turn % 2], WIDTHS[1 - turn % 2]):
                page.set_viewport_size({"width": width, "height": 844})
                assert overflow(page) <= 0, f"{entry.label} is wider than {width}"
            assert not serious_findings(page), f"{entry.label} at {width}"


def test_the_sign_in_page_is_clean_and_works_by_keyboard(county: World, open_as: OpenAs) -> None:
    page = open_as(county.officer)
    page.context.clear_cookies()
    page.goto(page.url)

    assert not serious_findings(page)
    page.keyboard.type("officer")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.get_by_text("账号或密码不对").wait_for()


def test_the_first_stop_of_the_keyboard_skips_the_menu(county: World, open_as: OpenAs) -> None:
    page = open_as(county.officer)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#m")


def test_without_javascript_a_list_still_searches(county: World, open_as: OpenAs) -> None:
    page = open_as(county.sys_admin, "/accounts/")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(page.url)

    page.get_by_label("搜索").fill("林乙三")
    page.get_by_role("button", name="查询").click()

    assert page.locator("tbody tr").count() == 1


def test_the_way_back_can_be_read_on_a_phone(county: World, open_as: OpenAs) -> None:
    """Beside the search box the crumbs were cut to one letter."""
    page = open_as(county.officer, reverse("round_open"), width=390)

    link = page.locator(".crumb a").first
    assert link.is_visible()
    assert page.locator(".crumb").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.goto(page.url.replace(reverse("round_open"), reverse("round_list")))
    assert page.locator(".crumb").is_hidden(), "a crumb that leads nowhere takes no room"
