"""How does an action leave its trace, in its own transaction?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit import circumstances
from lingyan.platform.audit.chain import (
    FIRST_HASH,
    canonical_pieces,
    canonical_text,
    hash_of_pieces,
    sealed_values,
    subjects_hash,
)
from lingyan.platform.audit.models import (
    SEALED_NAMES,
    SEALED_NOTHINGS,
    AuditEntry,
    ChainHead,
    DailyAnchor,
    FurtherSubject,
)
from lingyan.platform.inserting import Ready, insert_rows, update_rows

KEPT = frozenset((str, int, bool, type(None)))
SEVERAL = frozenset((list, tuple, set, frozenset))
SINGLE = frozenset((date, datetime, UUID))
OWN_NAMES = (
    "action", "is_reading", "subject_type", "subject_id", "subject_text", "place_path", "reason",
    "others_hash",
)  # fmt: skip
HEAD_NAMES = ("last_number", "last_hash", "day", "day_count")
NO_CHANGES = "{}"
HEAD = "SELECT id, last_number, last_hash, day, day_count FROM audit_chainhead WHERE id = 1"
LOCKED_HEAD = f"{HEAD} FOR UPDATE"
NOTHINGS = dict(zip(SEALED_NAMES, SEALED_NOTHINGS, strict=True))
NOTHING_OWN = {name: NOTHINGS[name] for name in OWN_NAMES}
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


@dataclass(frozen=True, slots=True)
class Told:
    """What a trace says, ready to be sealed: all but its place in the chain."""

    sealed: dict[str, Any]
    changes: str  # as text, which is both sealed and stored
    others: frozenset[Subject]


@dataclass(slots=True)
class Line:
    """The columns of an AuditEntry, without the cost of a model instance for each."""

    number: int
    acted_at: datetime
    written_at: datetime
    actor_user_id: int | None
    actor_for_id: int | None
    actor_name: str
    actor_role: str
    actor_scope: str
    action: str
    is_reading: bool
    subject_type: str
    subject_id: str
    subject_text: str
    place_path: str
    changes: Any
    reason: str
    client_address: str
    request_id: str
    others_hash: str
    previous_hash: str
    entry_hash: str


def record(
    action: str,
    *,
    actor: Actor,
    subject: models.Model,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Line:
    """Seal one act. Call it inside the transaction that changes the data."""
    return record_many([Trace(action, subject, changes or {}, reason)], actor=actor)[0]


def record_many(traces: Iterable[Trace | Told], *, actor: Actor) -> list[Line]:
    """Seal a chunk of acts with one lock and one insert; the bulk actions use this."""
    assert transaction.get_connection().in_atomic_block, "an audit entry needs its transaction"
    head = _locked_head()
    written_at = clock.real_now()
    _end_earlier_day(head, written_at)
    common = _common(actor, written_at)
    sealed_of_all = canonical_pieces(
        sealed_values(common.keys(), common.values(), map(NOTHINGS.get, common))
    )
    lines: list[Line] = []
    further: list[FurtherSubject] = []
    for trace in traces:
        told = trace if isinstance(trace, Told) else tell(trace)
        chained: dict[str, Any] = {"number": head.last_number + 1}
        if told.others:
            chained["others_hash"] = subjects_hash(told.others)
        pieces = sealed_of_all | canonical_pieces(told.sealed | chained)
        if told.changes != NO_CHANGES:
            pieces["changes"] = told.changes
        entry_hash = hash_of_pieces(head.last_hash, pieces)
        line = NOTHING_OWN | common | told.sealed | chained | {"changes": Ready(told.changes)}
        lines.append(Line(**line, previous_hash=head.last_hash, entry_hash=entry_hash))
        head.last_number, head.last_hash = head.last_number + 1, entry_hash
        further += [FurtherSubject(head.last_number, label, key) for label, key in told.others]
    head.day_count += len(lines)
    insert_rows(lines, AuditEntry)
    insert_rows(further)
    update_rows([(head, HEAD_NAMES)])
    return lines


def subject_of(thing: models.Model) -> Subject:
    return thing._meta.label_lower, str(thing.pk)


def _common(actor: Actor, written_at: datetime) -> dict[str, Any]:
    """What all entries of one act have in common."""
    around = circumstances.current()
    return {
        "acted_at": clock.now(),
        "written_at": written_at,
        "actor_user_id": actor.user_id,
        "actor_for_id": actor.for_user_id,
        "actor_name": actor.name,
        "actor_role": actor.role,
        "actor_scope": actor.acting_as[:160],
        "client_address": around.client_address,
        "request_id": around.request_id,
    }


def tell(trace: Trace) -> Told:
    """Prepare a trace before the transaction that seals it."""
    own = _own(trace)
    sealed = {
        name: value
        for name, value in own.items()
        if value != (nothing := NOTHINGS[name]) or value.__class__ is not nothing.__class__
    }
    return Told(sealed, canonical_text(_plain(trace.changes)), frozenset(trace.others))


def _own(trace: Trace) -> dict[str, Any]:
    label, key = subject_of(trace.subject)
    return {
        "action": trace.action,
        "is_reading": trace.is_reading,
        "subject_type": label,
        "subject_id": key,
        "subject_text": str(trace.subject)[:200],
        "place_path": _place_path(trace.subject),
        "reason": trace.reason,
    }


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
    if head := _find_head():
        return head
    # The very first writers: each offers the row, one is kept, and all wait for it in turn.
    ChainHead.objects.bulk_create([ChainHead(pk=1, last_hash=FIRST_HASH)], ignore_conflicts=True)
    head = _find_head()
    assert head is not None, "just made"
    return head


def _find_head() -> ChainHead | None:
    """The one row, held. Every act asks for it: building the same question anew costs more."""
    has_locks = transaction.get_connection().features.has_select_for_update
    found: list[ChainHead] = list(ChainHead.objects.raw(LOCKED_HEAD if has_locks else HEAD))
    return found[0] if found else None


def _place_path(subject: models.Model) -> str:
    """Where the record lies, so that its history is scoped as the record is."""
    path = getattr(subject, "audit_place_path", None)
    return path() if callable(path) else ""


def _plain(value: Any) -> Any:
    """Only what every database gives back as it was put in: PostgreSQL makes 1e22 an integer."""
    kind = value.__class__
    if kind in KEPT:
        return value
    # By its class first: asking whether something is a Mapping takes longer than all the rest.
    if kind in SEVERAL:
        return [item if item.__class__ in KEPT else _plain(item) for item in value]
    if kind in SINGLE or isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | str) else str(value)
