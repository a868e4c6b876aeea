"""What does each module show on the page of a village, a person or a unit, as at any day?

The page asks by the kind of thing; the modules have handed in their panels (`config.wiring`), so
that the page of a village knows none of them by name. `on` is the day as at which the file is
read, mostly today: a panel shows what was there on that day, in the state of that day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common import clock
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
    note: str = ""  # what cannot be told of a day of the past, in words


Source = Callable[[Any, Actor, date], list[Panel]]
SOURCES: dict[str, list[Source]] = {"village": [], "person": [], "unit": []}


def panels_of(kind: str, thing: Any, actor: Actor, on: date) -> list[Panel]:
    """Every module's panels for one thing, in the order of the modules."""
    return [panel for source in SOURCES[kind] for panel in source(thing, actor, on)]


# --- as at which day ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AsAt:
    """The day as at which a page is read, and in a sentence what that means for it."""

    on: date
    is_past: bool
    note: str = ""


def as_at(text: str, *, known_since: date | None, name: str) -> AsAt:
    """`?on=2026-03-01`: a day that has not come and one that is no day are read as today."""
    today = clock.today()
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        return AsAt(today, False, "日期不对，请写成 2026-03-01 这样的日期；下面是今天的情况。")
    if on > today:
        return AsAt(today, False, f"{on} 还没有到，下面是今天的情况。")
    if on == today:
        return AsAt(today, False)
    if known_since and on < known_since:
        return AsAt(
            on, True,
            f"{name}从 {known_since} 起登记在系统里；{on} 那天的情况只有后来补记的，可能不全。",
        )  # fmt: skip
    return AsAt(on, True, f"下面是 {on} 那天的情况：以后才有的记录不列，状态按那天。")
