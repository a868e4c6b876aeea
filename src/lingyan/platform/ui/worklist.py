"""What waits for a person?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do, with the page where it is done. Comes from the records, is never stored."""

    title: str
    detail: str
    url: str
    due_on: date | None = None
    icon: str = "list"
