"""Who finds what by following the links of a demo, and does each page say what it is?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import Resolver404, resolve

from tests.demo_line import says_demo

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
# Words without data of the county; what the browser fetches on its own.
PASSED_OVER = ("/static/", "/sign-out/")
WITHOUT_DATA = {"healthz", "readyz", "diary_worker"}
# Everybody has a first page of his own; which pages a round leads to depends on its state.
STARTS = ("/", "/menu/")
OFTEN = {"worklist", "menu", "round_detail"}

Page = tuple[str, str]  # name of the address, and which file where one address has several


def walk() -> tuple[list[str], set[Page]]:
    """One example of each page and file within reach of the shown accounts; which are silent."""
    silent: list[str] = []
    reached: set[Page] = set()
    opened: set[str] = set()
    for client in _shown():
        opened -= set(STARTS)
        waiting = list(STARTS)
        while waiting:
            url = waiting.pop(0)
            page = page_of(url)
            if page is None or url in opened or (page in reached and page[0] not in OFTEN):
                continue
            opened.add(url)
            reached.add(page)
            answer = client.get(url)
            if answer.status_code == 302:
                waiting.append(answer["Location"])
            if answer.status_code != 200:
                continue
            if page[0] not in WITHOUT_DATA and not says_demo(answer):
                silent.append(url)
            waiting += _links(answer)
    return silent, reached


def page_of(url: str) -> Page | None:
    if url.startswith(PASSED_OVER):
        return None
    try:
        found = resolve(url.partition("?")[0])
    except Resolver404:
        return None
    return str(found.url_name), str(found.kwargs.get("code") or found.kwargs.get("book") or "")


def _shown() -> Iterator[Client]:
    """Who may do most comes first: on the same page others find fewer links."""
    users = get_user_model().objects.order_by("username")
    for user in sorted(users, key=lambda user: user.username not in ("officer", "orgadmin")):
        if user.has_usable_password():
            client = Client()
            client.force_login(user)
            yield client


def _links(answer: object) -> list[str]:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):  # type: ignore[attr-defined]
        return []
    return [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]  # type: ignore[attr-defined]
