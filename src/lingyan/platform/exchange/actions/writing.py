"""How do the rows of a checked file become records, all of them or none?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import IntegrityError, models, transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.exchange import alive, images, queries, rules, taking_back
from lingyan.platform.exchange.actions.previews import (
    LABEL_MAX,
    checked_now,
    counts_of,
    keep_preview,
)
from lingyan.platform.exchange.actions.undoing import fail_import
from lingyan.platform.exchange.checking import Checked
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.pace import many_objects, within
from lingyan.platform.exchange.registry import ACTOR_KEYS, KINDS, RowOutcome, Written, silent
from lingyan.platform.exchange.rules import ImportState
from lingyan.platform.inserting import insert_rows
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report

UNEXPECTED = (
    "导入出错，已全部退回，没有留下任何改动。请稍后重新检查再导入，仍不成功时联系系统管理员。"
)
CONFLICT = Refusal("exchange.conflict", "库中已有相同的记录，导入已全部退回；请重新检查后再导入")


@transaction.atomic
def start_import(run: Import, *, actor: Actor) -> Job:
    """Claim a checked file and put the work into the queue; the second press is refused."""
    run = _claim(run, actor)
    job = start_job(
        "exchange.apply",
        title=f"导入{KINDS[run.kind].title}：{run.filename}"[:120],
        actor=actor,
        actor_key=ACTOR_KEYS[0](actor),
        arguments={"import_id": str(run.pk)},
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    return job


@transaction.atomic
def _claim(run: Import, actor: Actor) -> Import:
    # Two people may confirm at once; the second must see the first.
    run = Import.objects.select_for_update().get(pk=run.pk)
    facts = rules.ApplyFacts(run.state, run.wrong_count, run.written_count, run.applied_by_name)
    if refusals := rules.refuse_to_apply(facts):
        raise Refused(refusals)
    before, run.state = run.state, ImportState.APPLYING
    run.applied_by_name = actor.name
    run.save(update_fields=["state", "applied_by_name"])
    record(
        "exchange.import.started",
        actor=actor,
        subject=run,
        changes={"state": [before, run.state]},
    )
    return run


def apply_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Claim and write at once; for callers that wait themselves, such as the command line."""
    with alive.at_work(run.pk) as mine:
        if not mine:
            raise Refused(rules.refuse_busy())
        run = _write_or_take_back(_claim(run, actor), actor, report)
    alive.forget(run.pk)
    return run


def write_import(run: Import, *, actor: Actor, report: Report = silent) -> Import:
    """Write a file that was claimed before; the background job does this."""
    with alive.at_work(run.pk) as mine:
        run.refresh_from_db()
        if not mine or run.state != ImportState.APPLYING:
            raise Refused(rules.refuse_busy())
        run = _write_or_take_back(run, actor, report)
    alive.forget(run.pk)
    return run


def _write_or_take_back(run: Import, actor: Actor, report: Report) -> Import:
    """Whatever goes wrong, nothing was written; say so before the error goes on.

    If the process dies, `recover_interrupted_imports` says it at the next start.
    """
    try:
        with many_objects():
            _write_whole(run, actor, report)
    except _StalePreview as stale:
        _show_again(run, stale.checked, actor)
        raise Refused(rules.refuse_stale_preview()) from stale
    except Refused as refused:
        fail_import(run, str(refused), actor=actor)
        raise
    except IntegrityError as conflict:
        fail_import(run, CONFLICT.text, actor=actor)
        raise Refused([CONFLICT]) from conflict
    except Exception:
        fail_import(run, UNEXPECTED, actor=actor)
        raise
    run.refresh_from_db()
    return run


class _StalePreview(Exception):  # noqa: N818 - says what happened, not an error of ours
    """The records have changed since the preview that was confirmed."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self.checked = checked


def _write_whole(run: Import, actor: Actor, report: Report) -> None:
    """Look without a lock, however long it takes; then write in one transaction.

    So nobody ever sees a part of an import, and others wait only while rows are written; that
    `WHOLE_ROWS` is small enough for that is measured in `benchmarks/import.py`. A larger file takes
    several transactions, and those before a failure are taken back.
    """
    seen = queries.last_audit_number()
    checked = checked_now(run, actor, within(report, 0, 60))
    if checked.errors or checked.fingerprint != run.fingerprint:
        raise _StalePreview(checked)
    outcomes = _without_what_was_shown(checked)
    del checked
    in_parts = rules.is_in_parts(run.written_count)
    parts = list(chunks_of(outcomes, rules.PART_ROWS if in_parts else len(outcomes)))
    del outcomes
    writer = _Writer(run, actor, seen, within(report, 60, 99))
    while parts:
        part = parts.pop(0)
        KINDS[run.kind].prepare(part, actor=actor)
        with transaction.atomic():
            writer.write(part)
            if not parts:
                _complete(run, actor)
    report(100, f"已导入 {run.written_count} 行")


def _without_what_was_shown(checked: Checked) -> list[RowOutcome]:
    """The cells of the file and of the preview need their place in memory no longer."""
    return [replace(one, changes=()) for one in checked.outcomes]


@dataclass(slots=True)
class _Writer:
    """Writes one part after the other, and remembers what it has touched itself."""

    run: Import
    actor: Actor
    seen: int
    report: Report
    own: set[str] = field(default_factory=set)
    done: int = 0

    def write(self, part: Sequence[RowOutcome]) -> None:
        total = self.run.written_count
        for chunk in chunks_of(part, rules.CHUNK_ROWS):
            self.own |= _write_chunk(
                self.run, chunk, actor=self.actor, seen=self.seen, own=self.own
            )
            self.done += sum(outcome.is_written for outcome in chunk)
            self.report(round(100 * self.done / total), f"写入 {self.done} / {total} 行")


def chunks_of(outcomes: Sequence[RowOutcome], size: int) -> Iterator[list[RowOutcome]]:
    """Rows to be written, so many at a time; rows of one group stay together."""
    groups: dict[str, list[RowOutcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group or f"#{outcome.number}", []).append(outcome)
    chunk: list[RowOutcome] = []
    for group in groups.values():
        if any(outcome.is_written for outcome in group):
            chunk += group
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _write_chunk(
    run: Import, chunk: Sequence[RowOutcome], *, actor: Actor, seen: int, own: set[str]
) -> set[str]:
    """Write some rows through the module's actions; returns the ids of the records touched."""
    _refuse_what_changed(chunk, seen, own)
    written = KINDS[run.kind].apply(chunk, actor=actor, option=run.option)
    audit_number = queries.last_audit_number()
    lines = [_imported_line(run, one, audit_number) for one in written]
    insert_rows(lines, ImportedRow)
    return {line.subject_id for line in lines}


def _refuse_what_changed(chunk: Sequence[RowOutcome], seen: int, own: set[str]) -> None:
    """What was previewed is what is applied: nobody may have changed these records meanwhile."""
    labels: dict[str, str] = {}
    by_model: dict[type[models.Model], list[str]] = {}
    for one in chunk:
        for subject in one.subjects if one.is_written else ():
            key = str(subject.pk)
            if key not in own and key not in labels:
                labels[key] = one.label
                by_model.setdefault(type(subject), []).append(key)
    for model, keys in by_model.items():
        taking_back.lock_records(model, keys)
    if changed := taking_back.audited_since(labels, seen):
        raise Refused(rules.refuse_changed_row([labels[key] for key in sorted(changed)]))


@dataclass(slots=True)
class _ImportedLine:
    """The columns of an ImportedRow, without the cost of a model instance for each."""

    of_id: UUID
    number: int
    subject_type: str
    subject_id: str
    subject_text: str
    place_path: str
    created: bool
    before: bytes | None
    audit_number: int


def _imported_line(run: Import, one: Written, audit_number: int) -> _ImportedLine:
    path = getattr(one.subject, "audit_place_path", None)
    return _ImportedLine(
        of_id=run.pk,
        number=one.number,
        subject_type=one.subject._meta.label_lower,
        subject_id=str(one.subject.pk),
        subject_text=str(one.subject)[:LABEL_MAX],
        place_path=path() if callable(path) else "",
        created=one.before is None,
        before=images.sealed(one.before) if isinstance(one.before, Mapping) else one.before,
        audit_number=audit_number,
    )


def _complete(run: Import, actor: Actor) -> None:
    before, run.state = run.state, ImportState.APPLIED
    run.applied_at = clock.now()
    run.message = ""
    run.save(update_fields=["state", "applied_at", "message"])
    record(
        "exchange.import.applied",
        actor=actor,
        subject=run,
        changes={"state": [before, run.state], "rows": [None, counts_of(run)]},
    )


def _show_again(run: Import, checked: Checked, actor: Actor) -> None:
    keep_preview(run, checked, actor)
    run.applied_by_name = ""
    run.message = rules.refuse_stale_preview()[0].text
    run.save(update_fields=["message", "applied_by_name"])
