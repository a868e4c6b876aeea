"""Which files does an import give back: the original, and the same with reasons?"""

from __future__ import annotations

from collections.abc import Collection
from typing import BinaryIO

from django.db import transaction

from lingyan.common.refusals import Refusal, Refused
from lingyan.common.workbook import write_with_reasons
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import listing
from lingyan.platform.audit.record import Subject, Trace, record_many
from lingyan.platform.exchange import storing
from lingyan.platform.exchange.actions import checked_now
from lingyan.platform.exchange.exporting import banner
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.exchange.rules import ImportState, refuse_cleared


def write_reasons(run: Import, target: BinaryIO, *, actor: Actor) -> None:
    """Check the file once more and write it with what is wrong beside every row."""
    _refuse_cleared(run)
    with listing() as listed:
        checked = checked_now(run, actor)
    if checked.workbook is None:
        raise Refused([Refusal("exchange.unreadable", checked.errors[0].reason)])
    sheets = KINDS[run.kind].sheets
    write_with_reasons(target, checked.workbook, sheets, checked.errors, banner=banner())
    _keep_trace(run, listed, actor)


def read_original(run: Import, *, actor: Actor) -> bytes:
    """The file as it came; it is read once more to say whose data stand on it."""
    _refuse_cleared(run)
    with listing() as listed:
        checked_now(run, actor)
    _keep_trace(run, listed, actor)
    return storing.kept_file(run.stored_name)


def _refuse_cleared(run: Import) -> None:
    if run.state == ImportState.CLEARED:
        raise Refused(refuse_cleared())


@transaction.atomic
def _keep_trace(run: Import, listed: Collection[Subject], actor: Actor) -> None:
    # The file holds personal data, so reading it is recorded like an export.
    trace = Trace("exchange.import.file_read", run, others=listed, is_reading=True)
    record_many([trace], actor=actor)
