"""What waits for a person?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor

COUNTED_MOST = 999  # more are told as so many: the list itself has the number


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
    due: Callable[[date], date | None] = lambda day: day
    due_on: date | None = None
    icon: str = "flag"

    def item(self) -> WorkItem | None:
        """One line with its number; none where nothing waits."""
        count = self.rows.order_by()[: COUNTED_MOST + 1].count()
        if not count:
            return None
        first = self._first() if self.column else self.due_on
        told = count if count <= COUNTED_MOST else f"超过 {COUNTED_MOST}"
        return WorkItem(f"{told} {self.title}", self.detail, self.url, first, self.icon)

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


Find = Callable[[Actor], Iterable[Waiting]]


def count_waiting(find: Find, actor: Actor) -> int:
    """How many lines there are: every page asks, so no row is counted for it.

    One question for all kinds together. Its wording depends on the person and the hour alone and is
    kept; the answer never is. Where the database had to be asked for the wording, a number of the
    county for instance, it is worded anew each time.
    """
    return _answer(_kept(find, actor))


def count_items(waiting: Iterable[Waiting]) -> int:
    """The same for kinds that are at hand already, worded each time."""
    return _answer(_worded(waiting))


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    values: tuple[Any, ...]


_QUESTIONS: dict[Any, _Question] = {}
KEPT_QUESTIONS = 2000


def _answer(question: _Question) -> int:
    if not question.sql:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(question.sql, question.values)
        return sum(map(bool, cursor.fetchone()))


def _kept(find: Find, actor: Actor) -> _Question:
    key = (find, actor, clock.now().replace(minute=0, second=0, microsecond=0))
    if (known := _QUESTIONS.get(key)) is not None:
        return known
    asked: list[str] = []
    with connection.execute_wrapper(_noting(asked)):
        question = _worded(find(actor))
    if not asked:
        if len(_QUESTIONS) >= KEPT_QUESTIONS:
            _QUESTIONS.clear()
        _QUESTIONS[key] = question
    return question


def _noting(asked: list[str]) -> Callable[..., Any]:
    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    return note


def _worded(waiting: Iterable[Waiting]) -> _Question:
    """Whether there is any row of each kind, in one sentence for the database."""
    parts, values = [], []
    for one in waiting:
        try:
            sql, given = one.rows.query.exists().get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"EXISTS({sql})")
        values += given
    return _Question(f"SELECT {', '.join(parts)}" if parts else "", tuple(values))


def page_of(name: str, **asked: str) -> str:
    """A list as it opens from the worklist, with its filters set."""
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
