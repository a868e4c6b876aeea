"""What does each module show on the page of a village, a person or a unit?

The page asks by the kind of thing; the modules have handed in their panels (`config.wiring`), so
that the page of a village knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lingyan.platform.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line: what, a few words beside it, the state as a tag, the page behind it."""

    text: str
    detail: str = ""
    url: str = ""
    tag: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card: its rows, or in words that there is nothing yet."""

    title: str
    rows: tuple[PanelRow, ...]
    empty: str
    url: str = ""
    more: str = "查看全部"


Source = Callable[[Any, Actor], list[Panel]]
SOURCES: dict[str, list[Source]] = {"village": [], "person": [], "unit": []}


def panels_of(kind: str, thing: Any, actor: Actor) -> list[Panel]:
    """Every module's panels for one thing, in the order of the modules."""
    return [panel for source in SOURCES[kind] for panel in source(thing, actor)]
