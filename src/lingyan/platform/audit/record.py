"""How does an action leave its trace, in its own transaction?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.chain import FIRST_HASH, sealed_hash
from lingyan.platform.audit.models import AuditEntry, ChainHead
from lingyan.platform.inserting import insert_rows


@dataclass(frozen=True, slots=True)
class Trace:
    """What one act did to one record; `changes` maps a field to [old, new]."""

    action: str
    subject: models.Model
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


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
    entries = []
    for trace in traces:
        head.last_number += 1
        entry = AuditEntry(
            number=head.last_number,
            acted_at=acted_at,
            written_at=written_at,
            actor_user_id=actor.user_id,
            actor_name=actor.name,
            actor_role=actor.role,
            action=trace.action,
            subject_type=trace.subject._meta.label_lower,
            subject_id=str(trace.subject.pk),
            subject_text=str(trace.subject)[:200],
            place_path=_place_path(trace.subject),
            changes=_plain(trace.changes),
            reason=trace.reason,
            previous_hash=head.last_hash,
        )
        entry.entry_hash = sealed_hash(head.last_hash, entry.sealed_fields())
        head.last_hash = entry.entry_hash
        entries.append(entry)
    insert_rows(entries)
    head.save(update_fields=["last_number", "last_hash"])
    return entries


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
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
