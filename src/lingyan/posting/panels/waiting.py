"""One kind of thing that waits for somebody: how many, and the list where they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.platform.ui.worklist import WorkItem


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that waits: which rows, and the list where they are shown."""

    title: str
    detail: str
    rows: QuerySet[Any]
    url_name: str
    state: str
    filter_name: str = "state"

    def item(self, count: int) -> WorkItem:
        url = f"{reverse(self.url_name)}?{urlencode({self.filter_name: self.state})}"
        return WorkItem(f"{count} {self.title}", self.detail, url)


def lines(kinds: Iterable[Kind]) -> list[WorkItem]:
    """One line for each kind of thing that waits, with its number."""
    counted = [(kind, kind.rows.count()) for kind in kinds]
    return [kind.item(count) for kind, count in counted if count]


def count_lines(kinds: Iterable[Kind]) -> int:
    """How many lines there are: every page asks, so no row is counted for it."""
    return sum(kind.rows.exists() for kind in kinds)
