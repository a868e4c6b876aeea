"""What do the parts of pairing show on the page of a pair? Each adds its own source here.

A source is asked with the pair and the reader, and answers with what it shows: a `Panel` of plain
lines, or a `Section` with a template of its own. It shows nothing where it answers with None.
Reading one pair costs what its sources cost, so a source asks for one pair only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lingyan.pairing.models import Pairing
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.panels import Panel


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a template of its own, which finds `pairing` and `section` in it."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[Pairing, Actor], Section | Panel | None]

# In the order of the page; add yours as a line.
SECTIONS: list[Source] = []


@dataclass(frozen=True, slots=True)
class Shown:
    """One part as the page draws it."""

    panels: tuple[Panel, ...] = ()
    section: Section | None = None


def sections_of(pairing: Pairing, actor: Actor) -> list[Shown]:
    found = [source(pairing, actor) for source in SECTIONS]
    return [
        Shown(section=one) if isinstance(one, Section) else Shown(panels=(one,))
        for one in found
        if one is not None
    ]
