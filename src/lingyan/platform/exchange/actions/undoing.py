"""How is an import taken back, whole, and how does a failed one end?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.exchange import alive, rules, taking_back
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.registry import ACTOR_KEYS, silent
from lingyan.platform.exchange.rules import ImportState
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report


def start_undo(run: Import, *, actor: Actor) -> Job:
    """Claim an applied import for undoing and put the work into the queue."""
    return _queue_undo(_claim_undo(run, actor), actor)


@transaction.atomic
def _queue_undo(run: Import, actor: Actor) -> Job:
    job = start_job(
        "exchange.undo",
        title=f"撤销导入：{run.filename}"[:120],
        actor=actor,
        actor_key=ACTOR_KEYS[0](actor),
        arguments={"import_id": str(run.pk)},
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    return job


def undo_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Take a whole import back, if nothing later rests on it."""
    return unwrite_import(_claim_undo(run, actor), actor=actor, report=report)


def _claim_undo(run: Import, actor: Actor) -> Import:
    """Look for obstacles without a lock, then claim; each chunk looks once more."""
    run.refresh_from_db()
    facts = rules.UndoFacts(run.state)
    if run.state == ImportState.APPLIED:
        obstacles = _all_obstacles(run)
        facts = rules.UndoFacts(run.state, obstacles.changed, obstacles.depended_on)
    if refusals := rules.refuse_to_undo(facts):
        raise Refused(refusals)
    return _mark_undoing(run, actor)


@transaction.atomic
def _mark_undoing(run: Import, actor: Actor) -> Import:
    run = Import.objects.select_for_update().get(pk=run.pk)
    if refusals := rules.refuse_to_undo(rules.UndoFacts(run.state)):
        raise Refused(refusals)
    before, run.state = run.state, ImportState.UNDOING
    run.undone_by_name = actor.name
    run.save(update_fields=["state", "undone_by_name"])
    record(
        "exchange.import.undo_started",
        actor=actor,
        subject=run,
        changes={"state": [before, run.state]},
    )
    return run


def _all_obstacles(run: Import) -> taking_back.Obstacles:
    changed: list[str] = []
    depended: list[str] = []
    ids: set[str] = set()
    for rows in _chunks_back(run):
        found = taking_back.obstacles_to(run, rows)
        changed += found.changed
        depended += found.depended_on
        ids |= found.ids
    return taking_back.Obstacles(tuple(changed), tuple(depended), frozenset(ids))


def unwrite_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Take a claimed import back; once begun it goes on to its end, also after a crash."""
    with alive.at_work(run.pk) as mine:
        run.refresh_from_db()
        if not mine or run.state != ImportState.UNDOING:
            raise Refused(rules.refuse_busy())
        finish_undo(run, actor=actor, report=report)
    alive.forget(run.pk)
    run.refresh_from_db()
    return run


def finish_undo(run: Import, *, actor: Actor, report: Report) -> None:
    small = ImportedRow.objects.filter(of=run).count() <= rules.ONE_TRANSACTION_ROWS
    with transaction.atomic() if small else nullcontext():
        kept = _take_all_back(run, actor=actor, report=report)
    message = (
        f"{rules.listed(kept)} 在撤销过程中已被他人使用，没有撤销，请人工核对。" if kept else ""
    )
    run.undone_at = clock.now()
    run.save(update_fields=["undone_at"])
    end_import(run, ImportState.UNDONE, message, action="exchange.import.undone", actor=actor)
    report(100, "已撤销")


def _take_all_back(run: Import, *, actor: Actor, report: Report) -> list[str]:
    """Chunk by chunk, newest first; returns the labels of what had to stay."""
    kept: list[str] = []
    total = ImportedRow.objects.filter(of=run).count()
    done = 0
    last: int | None = None
    while rows := _next_back(run, last):
        last = rows[-1].pk
        kept += _take_chunk_back(run, rows, actor)
        done += len(rows)
        report(round(95 * done / total), f"已撤销 {done} / {total} 条")
    return kept


@transaction.atomic
def _take_chunk_back(run: Import, rows: Sequence[ImportedRow], actor: Actor) -> list[str]:
    obstacles = taking_back.obstacles_to(run, rows)
    free = [row for row in rows if row.subject_id not in obstacles.ids]
    taking_back.take_back(free, run=run, actor=actor)
    ImportedRow.objects.filter(pk__in=[row.pk for row in free]).delete()
    return [row.subject_text for row in rows if row.subject_id in obstacles.ids]


def _chunks_back(run: Import) -> Iterator[list[ImportedRow]]:
    last: int | None = None
    while rows := _next_back(run, last):
        last = rows[-1].pk
        yield rows


def _next_back(run: Import, last: int | None) -> list[ImportedRow]:
    rows = ImportedRow.objects.filter(of=run).order_by("-pk")
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return list(rows[: rules.CHUNK_ROWS])


def fail_import(run: Import, message: str, *, actor: Actor) -> None:
    """Take back what was written so far, and say why nothing stayed."""
    kept = _take_all_back(run, actor=actor, report=silent)
    if kept:
        message += f" 其中 {rules.listed(kept)} 在导入过程中已被他人使用，没有退回，请人工核对。"
    end_import(run, ImportState.FAILED, message, action="exchange.import.failed", actor=actor)


@transaction.atomic
def end_import(run: Import, state: ImportState, message: str, *, action: str, actor: Actor) -> None:
    run = Import.objects.select_for_update().get(pk=run.pk)
    before, run.state = run.state, state
    run.message = message
    run.save(update_fields=["state", "message"])
    record(action, actor=actor, subject=run, changes={"state": [before, state]}, reason=message)
