"""What is past its time in an area, how far, and by which rule? Each module hands in its kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from lingyan.common.alerts import SEVERE_DAYS, AlertLevel, alert_level
from lingyan.platform.accounts.actor import Actor, Scope


@dataclass(frozen=True, slots=True)
class Overdue:
    """One kind of thing that should have been done: its rows that are past `column`, each once.

    `title` follows the number: 件督办任务超期.
    """

    title: str
    rule: str
    says: str  # what the rule asks, in a sentence
    rows: Callable[[Actor, date], QuerySet[Any]]
    column: str
    page: str
    readers: Sequence[str]
    query: str = ""

    @property
    def unit(self) -> str:
        """What stands between number and thing: 件, 个, 次."""
        return self.title[0]


@dataclass(frozen=True, slots=True)
class Alert:
    """So many things of a kind are late; the level is that of the one that waits longest."""

    kind: Overdue
    count: int
    severe: int
    first: date
    level: AlertLevel
    severe_days: int  # from how many days past its time on it is severe
    area: str = ""  # whose list opens; empty for the own

    @property
    def url(self) -> str:
        within = f"&area={quote(self.area)}" if self.area else ""
        return f"{reverse(self.kind.page)}{self.kind.query}{within}"


KINDS: list[Overdue] = []
"""`config.wiring` fills it at start."""


def alerts(
    actor: Actor, scope: Scope, today: date, *, severe_days: int = SEVERE_DAYS, area: str = ""
) -> list[Alert]:
    """In this area, of what the person may read; what is severe first. One query for each kind."""
    within = replace(actor, scope=scope)
    kinds = (one for one in KINDS if actor.role in one.readers)
    found = (_alert(one, within, today, severe_days, area) for one in kinds)
    return sorted(filter(None, found), key=lambda one: (-one.severe, one.first))


def _alert(kind: Overdue, actor: Actor, today: date, severe_days: int, area: str) -> Alert | None:
    """依据：0.8 超期为红，超期多日（县里可定，默认 30 天）以上为黑。"""
    severe = Q(**{f"{kind.column}__lt": today - timedelta(days=severe_days)})
    found = kind.rows(actor, today).order_by().aggregate(
        all_count=Count("pk"),
        severe_count=Count("pk", filter=severe),
        first_on=Min(kind.column),
    )  # fmt: skip
    if not found["all_count"]:
        return None
    first, level = found["first_on"], alert_level(found["first_on"], today, severe_days=severe_days)
    return Alert(kind, found["all_count"], found["severe_count"], first, level, severe_days, area)


def register(kinds: Iterable[Overdue]) -> None:
    KINDS.extend(one for one in kinds if one not in KINDS)
