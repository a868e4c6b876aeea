"""How is the whole history checked in the background, and what did the last check find?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from queue import Queue

from django.db import connections, transaction
from django.urls import reverse

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry, ChainHead
from lingyan.platform.audit.record import record
from lingyan.platform.audit.verify import AuditVerdict, verify_chain
from lingyan.platform.jobs import registry
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report

CHECKED = "audit.history.checked"
WHOLE = "链条完整，没有改动"


@transaction.atomic
def start_check(actor: Actor) -> Job:
    """Check the whole chain in the background: a million entries take a minute."""
    return start_job(
        "audit.check",
        title="核对操作留痕",
        actor=actor,
        actor_key=registry.KEY_OF[0](actor),
        arguments={},
    )


def check_history(*, actor: Actor, report: Report) -> str:
    """The job behind 核对全部: say how far it is, and leave what was found as an act.

    The check reads as of one moment, in which nothing can be written: it has a connection of its
    own, in a thread, and tells the progress to this one.
    """
    told: Queue[tuple[int, int] | None] = Queue()
    percent = -1
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(copy_context().run, _verify, told)
        while (step := told.get()) is not None:
            done, total = step
            if percent < (percent := 99 * done // total if total else 0):
                report(percent, f"已核对 {done} / {total} 条")
    _keep(checking.result(), actor=actor)
    return reverse("audit_list")


def _verify(told: Queue[tuple[int, int] | None]) -> AuditVerdict:
    try:
        return verify_chain(report=lambda done, total: told.put((done, total)))
    finally:
        connections.close_all()
        told.put(None)


@transaction.atomic
def _keep(verdict: AuditVerdict, *, actor: Actor) -> None:
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    found = verdict.text or WHOLE
    changes = {"entries": [None, verdict.entries], "found": [None, found]}
    record(CHECKED, actor=actor, subject=head, changes=changes)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """Who checked the history last, and what it was found to be."""

    checked_at: datetime
    name: str
    entries: int
    found: str
    is_whole: bool


def last_check() -> LastCheck | None:
    entry = AuditEntry.objects.filter(action=CHECKED).order_by("-number").first()
    if entry is None:
        return None
    entries, found = entry.changes["entries"][1], entry.changes["found"][1]
    return LastCheck(entry.acted_at, entry.actor_name, entries, found, found == WHOLE)
