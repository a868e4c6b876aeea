"""What stands around every page: navigation by role, the worklist's count, the demo line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lingyan.config import wiring
from lingyan.directory import queries
from lingyan.directory.views.searching import may_search

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


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page shell; nothing but the demo line before somebody has signed in."""
    actor = getattr(request, "actor", None)
    context: dict[str, Any] = {"actor": actor, "is_demo": queries.is_demo()}
    if actor is None:
        return context
    sections = [
        ShownSection(
            section.title,
            tuple(_shown(entry, request) for entry in section.entries if entry.open_to(actor.role)),
        )
        for section in wiring.NAVIGATION
    ]
    sections = [section for section in sections if section.entries]
    count = wiring.count_worklist(actor)
    sections[0] = replace(
        sections[0],
        entries=(
            replace(sections[0].entries[0], count=count),
            *sections[0].entries[1:],
        ),
    )
    entries = [entry for section in sections for entry in section.entries]
    context.update(
        navigation=sections,
        tabs=_tabs(entries, request),
        may_search=may_search(actor.role),
        assignments=request.assignments,  # type: ignore[attr-defined]  # set by the middleware
        acting=request.acting,  # type: ignore[attr-defined]  # set by the middleware
    )
    return context


def _tabs(entries: list[ShownEntry], request: HttpRequest) -> list[ShownEntry]:
    """The four places of the phone's bar; where there are more pages, the fourth lists them all."""
    if len(entries) <= TABS:
        return entries
    url = reverse("menu")
    first = entries[: TABS - 1]
    elsewhere = not any(entry.current for entry in first)
    return [*first, ShownEntry("更多", "more", url, current=elsewhere or request.path == url)]


def _shown(entry: wiring.NavigationEntry, request: HttpRequest) -> ShownEntry:
    url = reverse(entry.url_name)
    within = (url, *entry.also)
    current = request.path == url if url == "/" else request.path.startswith(within)
    return ShownEntry(entry.label, entry.icon, url, current=current)
