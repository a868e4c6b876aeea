"""A real browser against a real server, signed in as somebody of the small county."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lingyan.platform.accounts.actor import Actor
from tests.world import World, build_world

# Playwright's synchronous interface runs a loop of its own; Django then sees "async" where none is.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = (390, 1366, 1920)

# A busy machine draws slowly; what never comes still fails.
expect.set_options(timeout=20_000)

OpenAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
            # Another program's time: once more in a fresh window; the log keeps both.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("LINGYAN_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def county(transactional_db: None) -> World:
    return build_world()


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer, county: World) -> Iterator[OpenAs]:
    """`open_as(actor, "/path/", width=390)` gives a signed-in page."""
    contexts = []

    def open_page(actor: Actor, address: str = "/", *, width: int = 1366) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 760 else 900}, locale="zh-CN"
        )
        contexts.append(context)
        cookie = county.client(actor).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
