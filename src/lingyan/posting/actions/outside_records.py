"""How do presence records of another system come in?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.posting.models import OutsideRecord, Posting


@dataclass(frozen=True, slots=True)
class OutsideRow:
    posting: Posting
    on: date
    system: str
    external_id: str
    text: str | None


@transaction.atomic
def create_outside_records(rows: Sequence[OutsideRow], *, actor: Actor) -> list[OutsideRecord]:
    """Checked rows; an external number that came in meanwhile is refused by the table."""
    made = [
        OutsideRecord(
            posting=row.posting, happened_on=row.on, system=row.system,
            external_id=row.external_id, text=row.text or "",
        )
        for row in rows
    ]  # fmt: skip
    return create_recorded(
        made,
        action="posting.outside.imported",
        actor=actor,
        fields=("happened_on", "system", "external_id"),
    )
