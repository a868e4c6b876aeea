"""How does a file come in, and what would it do?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.identity import mask_identity
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.exchange import alive, rules, storing
from lingyan.platform.exchange.checking import Checked, check_file
from lingyan.platform.exchange.merging import Meanwhile
from lingyan.platform.exchange.models import CheckedRow, Import
from lingyan.platform.exchange.pace import many_objects, within
from lingyan.platform.exchange.registry import ACTOR_KEYS, KINDS, ExchangeKind, silent
from lingyan.platform.exchange.rules import ImportState, Verdict
from lingyan.platform.inserting import insert_rows
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report

LABEL_MAX = 200


@transaction.atomic
def upload_file(
    kind: ExchangeKind, data: bytes, *, filename: str, option: str, actor: Actor
) -> Import:
    """Keep a file as it came, with its digest; nothing is read yet."""
    run = Import(
        kind=kind.code,
        option=option,
        filename=filename[-200:],
        digest=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        scope_path=scope_path(actor),
        created_by_id=actor.user_id,
        created_by_name=actor.name,
        created_at=clock.now(),
    )
    run.stored_name = storing.keep_file(run.pk, data)
    run.save(force_insert=True)
    changes = {"kind": ["", run.kind], "digest": ["", run.digest]}
    record("exchange.import.uploaded", actor=actor, subject=run, changes=changes)
    return run


def scope_path(actor: Actor) -> str:
    return actor.scope.place_paths[0] if actor.scope.place_paths else ""


def check_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Hold the file against the records and keep the preview; may be repeated.

    Reading takes no lock: with a large file nobody else has to wait for it.
    """
    with alive.at_work(run.pk) as mine:
        if not mine:
            raise Refused(rules.refuse_busy())
        run.refresh_from_db()
        if refusals := rules.refuse_to_check(run.state, run.applied_by_name):
            raise Refused(refusals)
        with many_objects():
            run = keep_preview(run, checked_now(run, actor, within(report, 0, 80)), actor)
    alive.forget(run.pk)
    return run


@transaction.atomic
def start_check(run: Import, *, actor: Actor) -> Job:
    """Let a large file be read in the background."""
    job = start_job(
        "exchange.check",
        title=f"检查{KINDS[run.kind].title}：{run.filename}"[:120],
        actor=actor,
        actor_key=ACTOR_KEYS[0](actor),
        arguments={"import_id": str(run.pk)},
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    return job


def checked_now(run: Import, actor: Actor, report: Report = silent) -> Checked:
    return check_file(
        KINDS[run.kind],
        storing.kept_file(run.stored_name),
        filename=run.filename,
        option=run.option,
        actor=actor,
        report=report,
        choices=run.choices,
    )


@transaction.atomic
def choose_cells(run: Import, *, cells: Collection[str], actor: Actor) -> Import:
    """Say which cells hold where both sides changed; everywhere else the records hold.

    A choice goes by what the records said when it was made: if they change again, they hold again.
    """
    run = Import.objects.select_for_update().get(pk=run.pk)
    if refusals := rules.refuse_to_check(run.state, run.applied_by_name):
        raise Refused(refusals)
    found = [Meanwhile(**one) for one in run.meanwhile if one["both"]]
    before = run.choices
    run.choices = {one.cell: one.theirs for one in found if one.cell in cells}
    run.save(update_fields=["choices"])
    record(
        "exchange.import.cells_chosen",
        actor=actor,
        subject=run,
        changes={"cells": [sorted(before), sorted(run.choices)]},
    )
    return run


def keep_preview(run: Import, checked: Checked, actor: Actor) -> Import:
    """Rows first, in short transactions; the state, which makes them count, at the end."""
    CheckedRow.objects.filter(of=run).delete()
    rows = _preview_rows(run, checked)
    while chunk := list(islice(rows, rules.CHUNK_ROWS)):
        with transaction.atomic():  # else SQLite ends a transaction for every row
            insert_rows(chunk, CheckedRow)
    return _finish_check(run, checked, actor)


@transaction.atomic
def _finish_check(run: Import, checked: Checked, actor: Actor) -> Import:
    before, run.state = run.state, ImportState.REFUSED if checked.errors else ImportState.CHECKED
    run.new_count = checked.count(Verdict.NEW)
    run.changed_count = checked.count(Verdict.CHANGED)
    run.same_count = checked.count(Verdict.SAME)
    run.wrong_count = checked.wrong_rows
    run.notices = list(checked.notices)
    run.meanwhile = [one.stored() for one in checked.meanwhile]
    run.fingerprint = checked.fingerprint
    run.message = ""
    run.checked_at = clock.now()
    run.job_id = None
    run.save()
    record(
        "exchange.import.checked",
        actor=actor,
        subject=run,
        changes={"state": [before, run.state], "rows": [None, counts_of(run)]},
    )
    return run


def counts_of(run: Import) -> dict[str, int]:
    return {
        "new": run.new_count,
        "changed": run.changed_count,
        "same": run.same_count,
        "wrong": run.wrong_count,
    }


@dataclass(slots=True)
class _PreviewLine:
    """The columns of a CheckedRow, without the cost of a model instance for each."""

    of_id: UUID
    number: int
    verdict: Verdict
    label: str
    details: list[Any]


def _preview_rows(run: Import, checked: Checked) -> Iterator[_PreviewLine]:
    sheet = KINDS[run.kind].sheet
    secret = {column.heading for column in sheet.columns if column.name in sheet.secrets}
    for error in checked.errors:
        value = mask_identity(error.value) if error.heading in secret else error.value
        details = [error.heading, value, error.reason, error.mend]
        yield _PreviewLine(run.pk, error.row, Verdict.WRONG, error.sheet[:LABEL_MAX], details)
    for outcome in checked.outcomes:
        if outcome.verdict is Verdict.WRONG:
            continue
        yield _PreviewLine(
            run.pk,
            outcome.number,
            outcome.verdict,
            outcome.label[:LABEL_MAX],
            [[one.heading, one.before, one.after] for one in outcome.changes],
        )
