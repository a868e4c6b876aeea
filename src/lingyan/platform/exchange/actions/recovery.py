"""What becomes of imports whose process died?"""

from __future__ import annotations

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import alive, queries, rules
from lingyan.platform.exchange.actions.undoing import fail_import, stop_undo
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.rules import ImportState
from lingyan.platform.jobs.models import Job

INTERRUPTED = "导入中断，已全部退回，没有留下任何改动。请重新检查后再导入。"
UNDO_INTERRUPTED = "撤销中断，没有撤销任何内容。请再撤销一次。"


def recover_interrupted_imports(*, actor: Actor | None = None) -> int:
    """At start: imports and undoings whose process died are as if they had not begun; how many.

    What one transaction did not finish, the database has taken back by itself; earlier parts of a
    large file are taken back here. An import that another living process is writing is left alone.
    """
    count = 0
    for run in queries.list_interrupted():
        with alive.at_work(run.pk) as mine:
            run.refresh_from_db()
            if mine and run.state in rules.UNDER_WAY and not _is_queued(run):
                _recover(run, actor or Actor.system())
                count += 1
        alive.forget(run.pk)
    return count


def _is_queued(run: Import) -> bool:
    """Its job has not begun yet, so a worker will still come to it."""
    if run.job_id is None:
        return False
    return Job.objects.filter(pk=run.job_id, state=Job.State.WAITING).exists()


def _recover(run: Import, actor: Actor) -> None:
    if run.state == ImportState.UNDOING:
        stop_undo(run, UNDO_INTERRUPTED, actor=actor)
    else:
        fail_import(run, INTERRUPTED, actor=actor)
