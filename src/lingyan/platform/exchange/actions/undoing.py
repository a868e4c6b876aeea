"""How is an import taken back, whole, and how does a failed one end?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

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
AGAIN = "这份表格分几次撤销，已撤销的部分不再恢复，请再撤销一次。"
PARTLY = (
    "导入没有全部完成，先写入的 {rows} 条记录不能退回：{why}。"
    "把同一份表格再导入一次即可补上其余的行；也可以处理以后撤销。"
)


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
        obstacles = taking_back.obstacles_to(taking_back.newest_first(run), run)
        facts = _facts(obstacles)
    if refusals := rules.refuse_to_undo(facts):
        raise Refused(refusals)
    return _mark_undoing(run, actor)


def _facts(found: taking_back.Obstacles) -> rules.UndoFacts:
    return rules.UndoFacts(
        ImportState.APPLIED, found.changed, found.depended_on, found.computed_from
    )


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
                take_all_back(run, partial(_end_undo, run, actor), actor=actor, report=report)
        except Refused as refused:
            stop_undo(run, str(refused), actor=actor)
            raise
        except Exception:
            stop_undo(run, UNEXPECTED, actor=actor)
            raise
    alive.forget(run.pk)
    run.refresh_from_db()
    return run


def take_all_back(
    run: Import, end: Callable[[], None], *, actor: Actor, report: Report = silent
) -> None:
    """Newest first, each part in one transaction; with the last one goes what `end` does.

    Nobody ever sees a piece of a part. If it breaks off, what is left can be taken back later.
    """
    total = left = ImportedRow.objects.filter(of=run).count()
    most = rules.PART_ROWS if rules.is_in_parts(run.written_count) else total
    while True:
        rows = taking_back.newest_part(run, most)
        tell = _counting(report, total - left, total)
        left -= len(rows)
        with transaction.atomic():
            _take_part_back(run, rows, actor=actor, tell=tell)
            if left <= 0:
                end()
                break
    report(100, "已撤销")


def _take_part_back(
    run: Import, rows: Sequence[Kept], *, actor: Actor, tell: Callable[[int], None]
) -> None:
    obstacles = taking_back.obstacles_to(rows, run)
    facts = _facts(obstacles)
    if refusals := rules.refuse_to_undo(facts):
        raise Refused(refusals)
    for start in range(0, len(rows), rules.CHUNK_ROWS):
        chunk = rows[start : start + rules.CHUNK_ROWS]
        taking_back.take_back(chunk, run=run, actor=actor)
        tell(start + len(chunk))
    if rows:
        ImportedRow.objects.filter(of=run, pk__gte=rows[-1].pk)._raw_delete("default")


def _counting(report: Report, before: int, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        done += before
        report(99 * done // total, f"已撤销 {done} / {total} 条")

    return tell


def _end_undo(run: Import, actor: Actor) -> None:
    run.undone_at = clock.now()
    run.save(update_fields=["undone_at"])
    end_import(run, ImportState.UNDONE, "", action="exchange.import.undone", actor=actor)


def stop_undo(run: Import, message: str, *, actor: Actor) -> None:
    """What has not been taken back stands, and can be taken back later."""
    stands = message + (AGAIN if rules.is_in_parts(run.written_count) else "")
    end_import(run, ImportState.APPLIED, stands, action="exchange.import.undo_stopped", actor=actor)


def fail_import(run: Import, message: str, *, actor: Actor) -> None:
    """Nothing stays of what was written; say why.

    If somebody has meanwhile worked on a record of an earlier part, that part stands as an import
    that can be taken back like any other, and the same file brings the rest.
    """
    try:
        take_all_back(run, partial(_end_failed, run, message, actor), actor=actor)
    except Refused as refused:
        stands = PARTLY.format(rows=ImportedRow.objects.filter(of=run).count(), why=refused)
        end_import(run, ImportState.APPLIED, stands, action="exchange.import.partly", actor=actor)


def _end_failed(run: Import, message: str, actor: Actor) -> None:
    end_import(run, ImportState.FAILED, message, action="exchange.import.failed", actor=actor)


@transaction.atomic
def end_import(run: Import, state: ImportState, message: str, *, action: str, actor: Actor) -> None:
    run = Import.objects.select_for_update().get(pk=run.pk)
    before, run.state = run.state, state
    run.message = message
    run.save(update_fields=["state", "message"])
    record(action, actor=actor, subject=run, changes={"state": [before, state]}, reason=message)
