"""Which files does an import give back: the original, and the same with reasons?"""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from lingyan.common.refusals import Refusal, Refused
from lingyan.common.workbook import write_with_reasons
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.exchange import storing
from lingyan.platform.exchange.actions import checked_now
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS


def write_reasons(run: Import, target: BinaryIO, *, actor: Actor) -> None:
    """Check the file once more and write it with what is wrong beside every row."""
    checked = checked_now(run, actor)
    if checked.workbook is None:
        raise Refused([Refusal("exchange.unreadable", checked.errors[0].reason)])
    write_with_reasons(target, checked.workbook, KINDS[run.kind].sheets, checked.errors)
    _keep_trace(run, actor)


def read_original(run: Import, *, actor: Actor) -> bytes:
    _keep_trace(run, actor)
    return storing.kept_file(run.stored_name)


@transaction.atomic
def _keep_trace(run: Import, actor: Actor) -> None:
    # The file holds personal data, so reading it is recorded like an export.
    record_many([Trace("exchange.import.file_read", run, is_reading=True)], actor=actor)
