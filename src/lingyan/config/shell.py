"""What stands around every page: navigation by role, the worklist's count, the demo line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.config.navigation import NAVIGATION, NavigationEntry
from lingyan.directory import queries
from lingyan.directory.views.searching import may_search
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.queries import last_act

TABS = 4


@dataclass(frozen=True, slots=True)
class ShownEntry:
    label: str
    icon: str
    url: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    entries: tuple[ShownEntry, ...]
    is_open: bool = True


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page shell; nothing but the demo line before somebody has signed in."""
    actor = getattr(request, "actor", None)
    context: dict[str, Any] = {"actor": actor, "is_demo": queries.is_demo()}
    if actor is None:
        return context

    @cache
    def navigation() -> list[ShownSection]:
        return _sections(request, actor)

    def tabs() -> list[ShownEntry]:
        return _tabs([entry for section in navigation() for entry in section.entries], request)

    # Called by the template that shows them: a page without a menu counts no worklist.
    context.update(
        navigation=navigation,
        tabs=tabs,
        may_search=may_search(actor.role),
        assignments=request.assignments,  # type: ignore[attr-defined]  # set by the middleware
        acting=request.acting,  # type: ignore[attr-defined]  # set by the middleware
    )
    return context


# A menu of so many entries fits a screen; of a longer one only the present section stands open.
UNFOLDED = 14


def _sections(request: HttpRequest, actor: Actor) -> list[ShownSection]:
    """The sections with a page for this role; the first entry is the worklist with its count."""
    offered = {
        section.title: [entry for entry in section.entries if entry.open_to(actor.role)]
        for section in NAVIGATION
    }
    current = _current(request, [entry for entries in offered.values() for entry in entries])
    short = sum(map(len, offered.values())) <= UNFOLDED
    shown = [
        ShownSection(
            title, tuple(_shown(entry, entry is current) for entry in entries),
            is_open=short or current in entries,
        )
        for title, entries in offered.items()
    ]  # fmt: skip
    first, *others = [section for section in shown if section.entries]
    worklist, *entries = first.entries
    counted = replace(worklist, count=_waiting(actor))
    return [replace(first, entries=(counted, *entries)), *others]


def _waiting(actor: Actor) -> int:
    """How many lines the worklist has: counted anew after every act of anybody and every hour.

    The count costs a dozen queries and stands on every page; without a trace nothing has changed.
    """
    newest = last_act()
    if not newest:
        return wiring.count_worklist(actor)
    return _counted(actor, newest, clock.now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1000)
def _counted(actor: Actor, newest: str, hour: datetime) -> int:
    return wiring.count_worklist(actor)


def _tabs(entries: list[ShownEntry], request: HttpRequest) -> list[ShownEntry]:
    """The four places of the phone's bar; where there are more pages, the fourth lists them all."""
    if len(entries) <= TABS:
        return entries
    url = reverse("menu")
    first = entries[: TABS - 1]
    elsewhere = not any(entry.current for entry in first)
    return [*first, ShownEntry("更多", "more", url, current=elsewhere or request.path == url)]


def _current(request: HttpRequest, entries: list[NavigationEntry]) -> NavigationEntry | None:
    """The entry whose address goes farthest: one page may lie below another's."""
    reach = {
        len(url): entry
        for entry in entries
        for url in (_address(entry.url_name, get_script_prefix()), *entry.also)
        if request.path == url or (url != "/" and request.path.startswith(url))
    }
    return reach[max(reach)] if reach else None


def _shown(entry: NavigationEntry, current: bool) -> ShownEntry:
    url = _address(entry.url_name, get_script_prefix())
    return ShownEntry(entry.label, entry.icon, url, current=current)


@cache
def _address(url_name: str, prefix: str) -> str:
    """A menu of sixty entries stands on every page, and its addresses are always the same."""
    return reverse(url_name)
