"""What do monthly reports ask the modules beside them? The one place where they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from lingyan.common.periods import Period


class MonthRecord(Protocol):
    """The monthly record (工作纪实) of a first secretary, as far as a neighbour tells it."""

    @property
    def posting_id(self) -> UUID: ...
    @property
    def person(self) -> str: ...
    @property
    def summary(self) -> str: ...


# Posting says here whose monthly record of a village's month says what.
MONTH_RECORDS: list[Callable[[UUID, Period], Sequence[MonthRecord]]] = []


def month_records(village_id: UUID, month: Period) -> list[MonthRecord]:
    return [one for ask in MONTH_RECORDS for one in ask(village_id, month)]
