"""How is a gate opened for one record, so that the month's report tells of it?"""

from __future__ import annotations

from datetime import timedelta

from django.db import models, transaction

from lingyan.common import clock, gates
from lingyan.common.refusals import refuse
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.models import GateOverride


@transaction.atomic
def override_gate(
    gate: str,
    subject: models.Model,
    *,
    title: str,
    place: Place,
    reason: str,
    document: str,
    days: int | None = None,
    actor: Actor,
) -> GateOverride:
    """Let one record through one gate; the table says who may, and for how long at most (12)."""
    refuse(
        gates.refuse_override(gate, role=actor.role, reason=reason, document=document, days=days)
    )
    today = clock.today()
    override = GateOverride.objects.create(
        gate=gate, subject_label=subject._meta.label_lower, subject_id=subject.pk,
        subject_title=title[:120], place=place, reason=reason.strip()[:500],
        document=document.strip()[:80], since=today,
        until=None if days is None else today + timedelta(days=days + 1),
        made_by_id=actor.user_id, made_by_name=actor.name, made_by_role=actor.role,
        made_at=clock.now(),
    )  # fmt: skip
    record(
        "supervision.gate.overridden",
        actor=actor,
        subject=override,
        changes={"gate": [None, gate], "document": [None, override.document]},
        reason=override.reason,
    )
    return override
