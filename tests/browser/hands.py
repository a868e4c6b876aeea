"""What somebody at the screen does and sees; each step waits for the page that follows."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SERIOUS = ("serious", "critical")


def go(page: Page, label: str) -> None:
    """Follow the first link of this name."""
    link = page.locator("main").get_by_role("link", name=label).first
    expect(link).to_be_visible()
    with page.expect_navigation(timeout=30_000):
        link.click()


def press(page: Page, label: str) -> None:
    """Press the one button of this name."""
    button = page.locator("main").get_by_role("button", name=label, exact=True)
    expect(button).to_be_visible()
    with page.expect_navigation(timeout=30_000):
        button.click()


def write(page: Page, label: str, text: str) -> None:
    page.locator("main").get_by_label(label).first.fill(text)


def sees(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


def row(page: Page, text: str, *said: str) -> None:
    """One row of the list has all of it."""
    line = page.locator("main tbody tr").filter(has_text=text)
    expect(line).to_have_count(1)
    for part in said:
        expect(line).to_contain_text(part)


def site(page: Page) -> str:
    """The address of the server, to which a path is added."""
    return str(page.evaluate("location.origin"))


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def serious_findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in SERIOUS
    ]


def fits(page: Page) -> None:
    """Neither wider than the screen nor closed to the keyboard or to a reading program."""
    assert overflow(page) <= 0, "the page is wider than the screen"
    assert not serious_findings(page)
