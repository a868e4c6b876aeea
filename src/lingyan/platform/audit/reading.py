"""Who has looked at whose record? Reads are gathered during a request and sealed once at its end.

A view that shows a person's own page says `note_reading(person)`; a list on a page is no reading of
each, but an export, a print and a list that a program reads are, and name everybody on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry, FurtherSubject
from lingyan.platform.audit.record import Line, Subject, Trace, record_many, subject_of
from lingyan.platform.audit.texts import action_text, role_text

PERSON_PAGE = "audit.person.viewed"
AUDIT_TEXTS = {
    PERSON_PAGE: "查看个人信息",
    "audit.history.exported": "导出操作留痕",
    "audit.history.checked": "核对操作留痕",
    "audit.backup.written": "备份数据",
    "audit.backup.restored": "恢复数据",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One record shown to somebody, and as what."""

    action: str
    subject: models.Model


_LOOKS: ContextVar[list[Look] | None] = ContextVar("looks", default=None)


@contextmanager
def gathering() -> Iterator[list[Look]]:
    looks: list[Look] = []
    token = _LOOKS.set(looks)
    try:
        yield looks
    finally:
        _LOOKS.reset(token)


def note_reading(*subjects: models.Model, action: str = PERSON_PAGE) -> None:
    """Say in a view whose record it shows; costs nothing until the request ends."""
    looks = _LOOKS.get()
    if looks is not None:
        looks.extend(Look(action, subject) for subject in subjects)


@transaction.atomic
def seal(looks: Iterable[Look], *, actor: Actor) -> list[Line]:
    """One entry for each kind of look, however many records; one's own record is no look."""
    by_action: dict[str, dict[Subject, models.Model]] = {}
    for look in looks:
        if look.subject.pk != actor.scope.person_id:
            by_action.setdefault(look.action, {})[subject_of(look.subject)] = look.subject
    traces = []
    for action, found in by_action.items():
        first, *others = found
        traces.append(Trace(action, found[first], others=others, is_reading=True))
    return record_many(traces, actor=actor) if traces else []


_LISTED: ContextVar[set[Subject] | None] = ContextVar("listed", default=None)


@contextmanager
def listing() -> Iterator[set[Subject]]:
    """Gather whom an export names; the trace of the export then names them too."""
    listed: set[Subject] = set()
    token = _LISTED.set(listed)
    try:
        yield listed
    finally:
        _LISTED.reset(token)


def note_listed(*people: models.Model) -> None:
    """Say in an export, row by row, whose data goes out."""
    listed = _LISTED.get()
    if listed is not None:
        listed.update(map(subject_of, people))


@dataclass(frozen=True, slots=True)
class ShownLook:
    """One look as the person concerned reads it."""

    number: int
    acted_at: datetime
    reader: str
    role: str
    text: str
    reason: str


def list_looks(subject: models.Model, *, before: int | None = None, most: int) -> list[ShownLook]:
    """Who looked at this record, took it away in a file or saw a hidden number; newest first."""
    label, key = subject_of(subject)
    further = FurtherSubject.objects.filter(subject_id=key, subject_type=label)
    alone = AuditEntry.objects.filter(subject_id=key, subject_type=label, is_reading=True)
    if before is not None:
        further = further.filter(entry_number__lt=before)
        alone = alone.filter(number__lt=before)
    numbers = {
        *further.order_by("-entry_number").values_list("entry_number", flat=True)[:most],
        *alone.order_by("-number").values_list("number", flat=True)[:most],
    }
    newest = sorted(numbers, reverse=True)[:most]
    entries = AuditEntry.objects.filter(Q(number__in=newest), is_reading=True).order_by("-number")
    return [
        ShownLook(
            number=one.number,
            acted_at=one.acted_at,
            reader=one.actor_name,
            role=one.actor_scope or role_text(one.actor_role),
            text=action_text(one.action),
            reason=one.reason,
        )
        for one in entries
    ]
