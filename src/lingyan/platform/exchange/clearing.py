"""What has been kept long enough, and how does it go once two people have said so?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.common.refusals import refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.exchange import rules, storing
from lingyan.platform.exchange.actions import scope_path
from lingyan.platform.exchange.kept import KINDS, KeptKind, Past
from lingyan.platform.exchange.models import (
    CheckedRow,
    Clearing,
    Export,
    ExportRequest,
    Import,
    ImportedRow,
)
from lingyan.platform.exchange.rules import CLEARED_HOW, ImportState, Kept

LISTED_MOST = 50


@dataclass(frozen=True, slots=True)
class Overdue:
    """One kind of what is kept: until when, what of it is past its time, who has proposed it."""

    kind: KeptKind
    months: int
    before: date
    count: int
    listed: Sequence[Any]
    proposed: Clearing | None


def list_overdue(actor: Actor) -> list[Overdue]:
    return [_overdue(kind, actor) for kind in KINDS.values()]


def rows_overdue(actor: Actor) -> list[QuerySet[Any]]:
    """Everything past its time, kind by kind: whether there is any is asked with every act."""
    path = scope_path(actor)
    return [rows for kind in KINDS.values() for rows in _past(kind, _before(kind, path), path)]


def list_proposed(actor: Actor) -> QuerySet[Clearing]:
    """What waits for a second person."""
    waiting = Clearing.objects.filter(done_at__isnull=True, scope_path=scope_path(actor))
    return waiting.exclude(proposed_by_id=actor.user_id)


def list_done(actor: Actor) -> QuerySet[Clearing]:
    return Clearing.objects.filter(done_at__isnull=False, scope_path=scope_path(actor))


def get_clearing(actor: Actor, clearing_id: UUID) -> Clearing:
    waiting = Clearing.objects.filter(done_at__isnull=True, scope_path=scope_path(actor))
    return get_object_or_404(waiting, pk=clearing_id)


def _overdue(kind: KeptKind, actor: Actor) -> Overdue:
    path = scope_path(actor)
    before = _before(kind, path)
    waiting = Clearing.objects.filter(kind=kind.code, scope_path=path, done_at__isnull=True)
    proposed = waiting.first()
    past = _past(kind, proposed.before if proposed else before, path)
    listed = [one for rows in past for one in rows.order_by("pk")[:LISTED_MOST]]
    return Overdue(kind, kind.months(path), before, _count(past), listed, proposed)


def _before(kind: KeptKind, path: str) -> date:
    return add_months(clock.today(), -kind.months(path))


def _past(kind: KeptKind, before: date, path: str) -> Past:
    """Only of the own county: a path is never empty for those who may clear."""
    return kind.past(before, path) if path else ()


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def _past_imports(before: date, path: str) -> Past:
    at_rest = [state.value for state in rules.AT_REST]
    rows = Import.objects.filter(created_at__lt=_moment(before), state__in=at_rest)
    return [rows.filter(scope_path__startswith=path)]


def _past_exports(before: date, path: str) -> Past:
    end, own = _moment(before), {"scope_path__startswith": path}
    return [
        Export.objects.filter(created_at__lt=end, **own),
        ExportRequest.objects.filter(asked_at__lt=end, **own),
    ]


def _count(past: Sequence[QuerySet[Any]]) -> int:
    return sum(rows.count() for rows in past)


@transaction.atomic
def propose_clearing(kind: KeptKind, *, actor: Actor) -> Clearing:
    """Say that what is past its time may go; nothing goes before another has confirmed."""
    path = scope_path(actor)
    before = _before(kind, path)
    count = _count(_past(kind, before, path))
    refuse(rules.refuse_to_clear(role=actor.role, own=None, count=count))
    clearing, is_new = Clearing.objects.get_or_create(
        kind=kind.code,
        scope_path=path,
        done_at=None,
        defaults={
            "before": before,
            "count": count,
            "proposed_by_id": actor.user_id,
            "proposed_by_name": actor.name,
            "proposed_at": clock.now(),
        },
    )
    if is_new:
        changes = {"count": [None, count], "before": [None, before]}
        record("exchange.clearing.proposed", actor=actor, subject=clearing, changes=changes)
    return clearing


def _held(clearing: Clearing) -> Clearing:
    """Two people may press at once: for the second it is there no more."""
    waiting = Clearing.objects.select_for_update().filter(done_at__isnull=True)
    return get_object_or_404(waiting, pk=clearing.pk)


@transaction.atomic
def withdraw_clearing(clearing: Clearing, *, actor: Actor) -> None:
    """It stays as it is, whoever thinks better of it."""
    clearing = _held(clearing)
    refuse(rules.refuse_to_clear(role=actor.role, own=None, count=clearing.count))
    record("exchange.clearing.withdrawn", actor=actor, subject=clearing)
    clearing.delete()


@transaction.atomic
def confirm_clearing(clearing: Clearing, *, actor: Actor) -> Clearing:
    """The second person: what was proposed goes, with a trace of it."""
    clearing = _held(clearing)
    own = clearing.proposed_by_id is not None and clearing.proposed_by_id == actor.user_id
    kind = KINDS[clearing.kind]
    past = _past(kind, clearing.before, clearing.scope_path)
    count = _count(past)
    refuse(rules.refuse_to_clear(role=actor.role, own=own, count=count))
    kind.clear(past, actor)
    clearing.done_by_name, clearing.done_at, clearing.count = actor.name, clock.now(), count
    clearing.save(update_fields=["done_by_name", "done_at", "count"])
    changes = {"count": [None, count], "before": [None, clearing.before]}
    record("exchange.clearing.done", actor=actor, subject=clearing, changes=changes)
    return clearing


def _clear_exports(past: Past, actor: Actor) -> None:
    for rows in past:
        rows.delete()


def _clear_imports(past: Past, actor: Actor) -> None:
    [rows] = past
    runs = list(rows.select_for_update().order_by("pk"))
    keys = [run.pk for run in runs]
    CheckedRow.objects.filter(of__in=keys).delete()
    ImportedRow.objects.filter(of__in=keys).update(before=None)
    traces = []
    for run in runs:
        changes = {"state": [run.state, ImportState.CLEARED]}
        traces.append(Trace("exchange.import.cleared", run, changes))
        run.state, run.meanwhile, run.choices = ImportState.CLEARED, [], {}
    Import.objects.bulk_update(runs, ["state", "meanwhile", "choices"])
    record_many(traces, actor=actor)
    # A file is gone for good: only when the records say so.
    transaction.on_commit(lambda: storing.forget_files([run.stored_name for run in runs]))


OWN: dict[str, KeptKind] = {
    Kept.IMPORTS.value: KeptKind(
        Kept.IMPORTS.value, Kept.IMPORTS.label, CLEARED_HOW[Kept.IMPORTS],
        lambda _: settings.KEEP_IMPORTS_MONTHS, _past_imports, _clear_imports,
    ),
    Kept.EXPORTS.value: KeptKind(
        Kept.EXPORTS.value, Kept.EXPORTS.label, CLEARED_HOW[Kept.EXPORTS],
        lambda _: settings.KEEP_EXPORTS_MONTHS, _past_exports, _clear_exports,
    ),
}  # fmt: skip
