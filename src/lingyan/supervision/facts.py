"""What may the modules learn from 督查督办?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lingyan.supervision.queries import overrides, sources


def let_through(subject_id: UUID, on: date) -> frozenset[str]:
    """The gates that are open for this record on this day, by somebody's decision."""
    return overrides.let_through(subject_id, on)


def tasks_waiting(label: str, rule: str) -> list[tuple[UUID, str]]:
    """For which records of this kind, and which period of each, a task of the rule is open."""
    return sources.sources_under_way(label, rule)
