"""How are all checks run in the background, and who has taken the list away?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.sheet import Column, Sheet
from lingyan.common.workbook import write_rows
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.audit.reading import listing, note_listed
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.checks import queries
from lingyan.platform.checks.models import CheckRun
from lingyan.platform.checks.table import Check
from lingyan.platform.exchange.exporting import export_banner
from lingyan.platform.jobs import registry
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report

JOB = "checks.run"
AUDIT_TEXTS = {
    "checks.run.done": "数据体检",
    "checks.rows.exported": "导出数据体检清单",
}
SHEET = Sheet(
    "data_checks",
    "数据体检",
    (
        Column("area", "类别"),
        Column("severity", "级别"),
        Column("what", "问题"),
        Column("name", "记录", max_length=500),
        Column("place", "所在地"),
        Column("why", "为什么要紧", max_length=500),
        Column("mend", "怎样更正", max_length=500),
    ),
    (),
)


@transaction.atomic
def start_run(*, actor: Actor) -> Job:
    """Run every check in the background: tables may hold a hundred thousand rows."""
    return start_job(
        JOB,
        title="数据体检",
        actor=actor,
        actor_key=registry.KEY_OF[0](actor),
        arguments={},
    )


def run_checks(*, actor: Actor, report: Report) -> str:
    """The job behind 现在检查: count what each check finds, and keep the counts."""
    checks = queries.list_checks(actor.role)
    counts = count_all(
        checks,
        actor.scope,
        lambda done, what: report(99 * done // len(checks), f"{done} / {len(checks)}：{what}"),
    )
    keep_run(counts, actor=actor)
    return reverse("data_checks")


def count_all(
    checks: list[Check], scope: Scope, tell: Callable[[int, str], None]
) -> dict[str, int]:
    """One count for each check, told before it is asked."""
    counts = {}
    for done, check in enumerate(checks):
        tell(done, check.what)
        counts[check.code] = queries.count_rows(check, scope)
    return counts


@transaction.atomic
def keep_run(counts: Mapping[str, int], *, actor: Actor) -> CheckRun:
    run = CheckRun.objects.create(
        scope_path=queries.scope_path(actor),
        counts=dict(counts),
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    changes = {"items": [None, len(counts)], "rows": [None, sum(counts.values())]}
    record("checks.run.done", actor=actor, subject=run, changes=changes)
    return run


@transaction.atomic
def export_rows(target: BinaryIO, *, code: str, actor: Actor) -> int:
    """What is wrong at this moment, no more rows than any list may have; leaves a trace."""
    run = queries.last_run(actor) or CheckRun(scope_path=queries.scope_path(actor))
    with listing() as listed:
        rows = write_rows(target, SHEET, _lines(code, actor), banner=export_banner(actor))
    changes = {"rows": [None, rows]}
    trace = Trace("checks.rows.exported", run, changes, others=listed, is_reading=True)
    record_many([trace], actor=actor)
    return rows


def _lines(code: str, actor: Actor) -> Iterator[dict[str, Any]]:
    for one in queries.list_found(actor, code, settings.EXPORT_ROWS_MAX):
        if one.person is not None:
            note_listed(one.person)
        yield {
            "area": one.area,
            "severity": one.check.severity.label,
            "what": one.check.what,
            "name": one.name,
            "place": one.place or None,
            "why": one.check.why,
            "mend": one.check.mend,
        }
