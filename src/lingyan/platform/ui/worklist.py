"""What waits for a person?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.platform.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do, with the page where it is done. Comes from the records, is never stored."""

    title: str
    detail: str
    url: str
    due_on: date | None = None
    icon: str = "list"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait, the page where they are dealt with, and the column that says until when."""

    title: str
    detail: str
    rows: QuerySet[Any]
    url: str
    column: str = ""
    due: Callable[[date], date] = lambda day: day
    due_on: date | None = None
    icon: str = "flag"

    def item(self) -> WorkItem | None:
        """One line with its number; none where nothing waits."""
        count = self.rows.count()
        if not count:
            return None
        first = self._first() if self.column else self.due_on
        return WorkItem(f"{count} {self.title}", self.detail, self.url, first, self.icon)

    def _first(self) -> date | None:
        found = self.rows.order_by(self.column).values_list(self.column, flat=True).first()
        return found and self.due(found)


Source = tuple[Sequence[str], Callable[[Actor], Iterable[Waiting]]]


def waiting_for(actor: Actor, sources: Iterable[Source]) -> list[Waiting]:
    """What the sources of this person's role find; a module names them in a table."""
    return [one for roles, find in sources if actor.role in roles for one in find(actor)]


def items(waiting: Iterable[Waiting]) -> list[WorkItem]:
    """One line for each kind of thing that waits, with the day on which the first is due."""
    return [item for one in waiting if (item := one.item())]


def count_items(waiting: Iterable[Waiting]) -> int:
    """How many lines there are: every page asks, so no row is counted for it."""
    return sum(one.rows.exists() for one in waiting)


def page_of(name: str, **asked: str) -> str:
    """A list as it opens from the worklist, with its filters set."""
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
