"""What is kept for a time only, and how does it go? Each module names its own (R-10-08)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lingyan.platform.accounts.actor import Actor

Past = Sequence[QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class KeptKind:
    """Rows with a time: how long, which are past it, and how they go once two have said so."""

    code: str
    label: str
    how: str
    months: Callable[[str], int]  # for the county with this path
    past: Callable[[date, str], Past]  # what is older than a day, under a path
    clear: Callable[[Past, Actor], None]


KINDS: dict[str, KeptKind] = {}


def label_of(code: str) -> str:
    kind = KINDS.get(code)
    return kind.label if kind else code
