"""How does a large part of the register leave: asked for, consented to, taken by who asked?"""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import listing
from lingyan.platform.audit.record import record
from lingyan.platform.exchange import exporting, rules
from lingyan.platform.exchange.actions import scope_path
from lingyan.platform.exchange.models import Export, ExportRequest
from lingyan.platform.exchange.registry import KINDS, ExchangeKind
from lingyan.platform.exchange.rules import RequestState


@transaction.atomic
def ask_export(kind: ExchangeKind, *, option: str, purpose: str, actor: Actor) -> ExportRequest:
    """Count the rows without showing one, and leave the request to the administrator."""
    purpose = purpose.strip()
    refuse(rules.refuse_to_export(role=actor.role, purpose=purpose))
    with listing():
        rows = sum(1 for _ in kind.export_rows(actor=actor, option=option))
    refuse(
        rules.refuse_to_ask(
            role=actor.role,
            rows=rows,
            most=settings.EXPORT_ROWS_MAX,
            approvers=kind.export_roles,
        )
    )
    asked = ExportRequest.objects.create(
        kind=kind.code,
        option=option,
        purpose=purpose,
        row_count=rows,
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        asked_role=actor.role,
        asked_at=clock.now(),
        scope_path=scope_path(actor),
    )
    changes = {"kind": ["", kind.title], "rows": [None, rows], "state": ["", asked.state]}
    record("exchange.request.asked", actor=actor, subject=asked, changes=changes, reason=purpose)
    return asked


@transaction.atomic
def approve_export(asked: ExportRequest, *, actor: Actor) -> ExportRequest:
    """From now on whoever asked may take the file, for so many days."""
    asked = ExportRequest.objects.select_for_update().get(pk=asked.pk)
    refuse(rules.refuse_to_decide(state=asked.state, own=_is_own(asked, actor)))
    asked.until = clock.today() + timedelta(days=settings.EXPORT_APPROVAL_DAYS)
    return _decide(asked, RequestState.APPROVED, actor)


@transaction.atomic
def refuse_export(asked: ExportRequest, *, reason: str, actor: Actor) -> ExportRequest:
    asked = ExportRequest.objects.select_for_update().get(pk=asked.pk)
    refuse(rules.refuse_to_decide(state=asked.state, own=_is_own(asked, actor), reason=reason))
    asked.reason = reason.strip()
    return _decide(asked, RequestState.REFUSED, actor)


def _is_own(asked: ExportRequest, actor: Actor) -> bool:
    return asked.asked_by_id is not None and asked.asked_by_id == actor.user_id


def _decide(asked: ExportRequest, state: RequestState, actor: Actor) -> ExportRequest:
    before, asked.state = asked.state, state.value
    asked.decided_by_name, asked.decided_at = actor.name, clock.now()
    asked.save(update_fields=["state", "decided_by_name", "decided_at", "until", "reason"])
    record(
        f"exchange.request.{state.value}",
        actor=actor,
        subject=asked,
        changes={"state": [before, asked.state], "until": [None, asked.until]},
        reason=asked.reason,
    )
    return asked


def take_export(asked: ExportRequest, target: BinaryIO, *, actor: Actor) -> Export:
    """Made when it is taken, of what the asker may see now, and kept nowhere."""
    refuse(rules.refuse_to_take(state=asked.state, today=clock.today(), until=asked.until))
    export = exporting.export_records(
        KINDS[asked.kind],
        target,
        option=asked.option,
        purpose=asked.purpose,
        actor=actor,
        approved_rows=asked.row_count,
    )
    _keep_taken(asked, export, actor)
    return export


@transaction.atomic
def _keep_taken(asked: ExportRequest, export: Export, actor: Actor) -> None:
    before, asked.taken_at = asked.taken_at, clock.now()
    asked.save(update_fields=["taken_at"])
    changes = {"taken_at": [before, asked.taken_at], "rows": [None, export.row_count]}
    record("exchange.request.taken", actor=actor, subject=asked, changes=changes)
