"""How does an action leave its trace, in its own transaction?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit import circumstances
from lingyan.platform.audit.chain import FIRST_HASH, sealed_hash, subjects_hash
from lingyan.platform.audit.models import AuditEntry, ChainHead, DailyAnchor, FurtherSubject
from lingyan.platform.inserting import insert_rows

KEPT = frozenset((str, int, bool))
Subject = tuple[str, str]
"""A record by its label (`directory.person`) and its id."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one act did to one record; `changes` maps a field to [old, new].

    `others` are further records that the act touched, such as everybody on an exported list.
    """

    action: str
    subject: models.Model
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    others: Iterable[Subject] = ()
    is_reading: bool = False


def record(
    action: str,
    *,
    actor: Actor,
    subject: models.Model,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Seal one act. Call it inside the transaction that changes the data."""
    return record_many([Trace(action, subject, changes or {}, reason)], actor=actor)[0]


def record_many(traces: Iterable[Trace], *, actor: Actor) -> list[AuditEntry]:
    """Seal a chunk of acts with one lock and one insert; the bulk actions use this."""
    assert transaction.get_connection().in_atomic_block, "an audit entry needs its transaction"
    head = _locked_head()
    acted_at, written_at = clock.now(), clock.real_now()
    _end_earlier_day(head, written_at)
    entries: list[AuditEntry] = []
    further: list[FurtherSubject] = []
    for trace in traces:
        others = set(trace.others)
        entry = _entry(trace, actor, head.last_number + 1)
        entry.acted_at, entry.written_at = acted_at, written_at
        entry.others_hash = subjects_hash(others)
        entry.previous_hash = head.last_hash
        entry.entry_hash = sealed_hash(head.last_hash, entry.sealed_fields())
        head.last_number, head.last_hash = entry.number, entry.entry_hash
        entries.append(entry)
        further += [FurtherSubject(entry.number, label, key) for label, key in others]
    head.day_count += len(entries)
    insert_rows(entries)
    insert_rows(further)
    head.save(update_fields=["last_number", "last_hash", "day", "day_count"])
    return entries


def subject_of(thing: models.Model) -> Subject:
    return thing._meta.label_lower, str(thing.pk)


def _entry(trace: Trace, actor: Actor, number: int) -> AuditEntry:
    label, key = subject_of(trace.subject)
    around = circumstances.current()
    return AuditEntry(
        number=number,
        actor_user_id=actor.user_id,
        actor_for_id=actor.for_user_id,
        actor_name=actor.name,
        actor_role=actor.role,
        actor_scope=actor.acting_as[:160],
        action=trace.action,
        is_reading=trace.is_reading,
        subject_type=label,
        subject_id=key,
        subject_text=str(trace.subject)[:200],
        place_path=_place_path(trace.subject),
        changes=_plain(trace.changes),
        reason=trace.reason,
        client_address=around.client_address,
        request_id=around.request_id,
    )


def _end_earlier_day(head: ChainHead, written_at: datetime) -> None:
    """The first act of a day seals the day before; a clock that is set back opens no day anew."""
    today = written_at.astimezone(clock.BEIJING).date()
    if head.day is not None and today <= head.day:
        return
    if head.day is not None:
        DailyAnchor.objects.create(
            day=head.day,
            day_count=head.day_count,
            last_number=head.last_number,
            last_hash=head.last_hash,
        )
    head.day, head.day_count = today, 0


def _locked_head() -> ChainHead:
    # Two writers at once must form one chain: the second waits for the first.
    heads = ChainHead.objects.select_for_update()
    if head := heads.filter(pk=1).first():
        return head
    # The very first writers: each offers the row, one is kept, and all wait for it in turn.
    ChainHead.objects.bulk_create([ChainHead(pk=1, last_hash=FIRST_HASH)], ignore_conflicts=True)
    return heads.get(pk=1)


def _place_path(subject: models.Model) -> str:
    """Where the record lies, so that its history is scoped as the record is."""
    path = getattr(subject, "audit_place_path", None)
    return path() if callable(path) else ""


def _plain(value: Any) -> Any:
    """Only what every database gives back as it was put in: PostgreSQL makes 1e22 an integer."""
    if value is None or value.__class__ in KEPT:
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | str) else str(value)
