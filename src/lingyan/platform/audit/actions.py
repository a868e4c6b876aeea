"""Which acts does the history itself have?"""

from __future__ import annotations

from django.db import transaction

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import ChainHead
from lingyan.platform.audit.record import Line, Trace, record_many


@transaction.atomic
def note_export(count: int, *, asked: str, actor: Actor) -> Line:
    """Somebody has taken a part of the history away as a file."""
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    changes = {"rows": [None, count], "asked": [None, asked]}
    trace = Trace("audit.history.exported", head, changes, is_reading=True)
    return record_many([trace], actor=actor)[0]
