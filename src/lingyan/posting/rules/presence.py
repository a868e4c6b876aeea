"""What counts as being in the village, how many days make a month, and who is where today?

Presence comes from facts of the work and from the leave ledger (R-2-21). Nobody signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

MONTH_DAYS = 20  # post.month_days


@dataclass(frozen=True, slots=True)
class PresenceFact:
    """One thing that happened in the village on a day: an entry, a visit, a meeting, a request."""

    posting_id: UUID
    on: date
    kind: str  # Chinese, such as 驻村日志
    text: str = ""
    url: str = ""
