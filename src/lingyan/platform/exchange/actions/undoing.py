"""How is an import taken back, whole, and how does a failed one end?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.exchange import alive, rules, taking_back
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.pace import many_objects
from lingyan.platform.exchange.registry import ACTOR_KEYS, silent
from lingyan.platform.exchange.rules import ImportState
from lingyan.platform.exchange.taking_back import Kept
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report

UNEXPECTED = "撤销出错，没有撤销任何内容。请稍后再试，仍不成功时联系系统管理员。"


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
    """Look for obstacles without a lock, then claim; the writing looks once more."""
    run.refresh_from_db()
    facts = rules.UndoFacts(run.state)
    if run.state == ImportState.APPLIED:
        obstacles = taking_back.obstacles_to(taking_back.newest_first(run))
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


def unwrite_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Take a claimed import back, whole; if that fails, the import stands as before."""
    with alive.at_work(run.pk) as mine:
        run.refresh_from_db()
        if not mine or run.state != ImportState.UNDOING:
            raise Refused(rules.refuse_busy())
        try:
            with many_objects():
                rows = taking_back.newest_first(run, with_images=True)
                _take_all_back(run, rows, actor=actor, report=report)
        except Refused as refused:
            stop_undo(run, str(refused), actor=actor)
            raise
        except Exception:
            stop_undo(run, UNEXPECTED, actor=actor)
            raise
    alive.forget(run.pk)
    run.refresh_from_db()
    return run


@transaction.atomic
def _take_all_back(run: Import, rows: Sequence[Kept], *, actor: Actor, report: Report) -> None:
    """In one transaction, newest first: nobody ever sees a part of it."""
    obstacles = taking_back.obstacles_to(rows)
    facts = rules.UndoFacts(ImportState.APPLIED, obstacles.changed, obstacles.depended_on)
    if refusals := rules.refuse_to_undo(facts):
        raise Refused(refusals)
    for start in range(0, len(rows), rules.CHUNK_ROWS):
        chunk = rows[start : start + rules.CHUNK_ROWS]
        taking_back.take_back(chunk, run=run, actor=actor)
        done = start + len(chunk)
        report(99 * done // len(rows), f"已撤销 {done} / {len(rows)} 条")
    ImportedRow.objects.filter(of=run)._raw_delete("default")
    run.undone_at = clock.now()
    run.save(update_fields=["undone_at"])
    end_import(run, ImportState.UNDONE, "", action="exchange.import.undone", actor=actor)
    report(100, "已撤销")


def stop_undo(run: Import, message: str, *, actor: Actor) -> None:
    """Nothing was taken back; the import stands and can be taken back later."""
    end_import(
        run, ImportState.APPLIED, message, action="exchange.import.undo_stopped", actor=actor
    )


def fail_import(run: Import, message: str, *, actor: Actor) -> None:
    """Nothing was written; say why."""
    end_import(run, ImportState.FAILED, message, action="exchange.import.failed", actor=actor)


@transaction.atomic
def end_import(run: Import, state: ImportState, message: str, *, action: str, actor: Actor) -> None:
    run = Import.objects.select_for_update().get(pk=run.pk)
    before, run.state = run.state, state
    run.message = message
    run.save(update_fields=["state", "message"])
    record(action, actor=actor, subject=run, changes={"state": [before, state]}, reason=message)
