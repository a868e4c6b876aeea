"""Which registers can be read as at any day, whoever keeps them?

The page asks for them by their key; the modules have handed theirs in (`config.wiring`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lingyan.platform.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One record as it was on the day: a text for each column, and the page behind it."""

    cells: tuple[str, ...]
    url: str = ""
    until: date | None = None  # the first day without, as known today


@dataclass(frozen=True, slots=True)
class Register:
    """`rows` are those in force on a day within the scope of who looks; today these are the live.

    `lines` tells rows of one page in the words of that day. `town` is the column with the path of
    the place, by which towns are told apart.
    """

    key: str
    label: str
    readers: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Callable[[Actor, date], QuerySet[Any]]
    lines: Callable[[Sequence[Any], date], list[Line]]
    town: str
    search: Callable[[str], Q]
    order: tuple[str, ...]
    live: str = ""  # the name of the address of today's list


REGISTERS: list[Register] = []


def registers_of(actor: Actor) -> list[Register]:
    """Those that this person reads, in the order of the modules."""
    return [one for one in REGISTERS if actor.holds(*one.readers)]
