"""How are the records of an import put back as they were, and what stands against it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.apps import apps
from django.db import models

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.exchange import images
from lingyan.platform.exchange.models import Import, ImportedRow

Ids = set[str]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Labels of records that were changed since, or that later records point to; their ids."""

    changed: tuple[str, ...] = ()
    depended_on: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ids)


def obstacles_to(run: Import, rows: Sequence[ImportedRow]) -> Obstacles:
    """What of these rows cannot be put back without harming later work."""
    changed = _changed_since(rows)
    depended = _depended_on(run, rows)
    return Obstacles(
        tuple(row.subject_text for row in rows if row.subject_id in changed),
        tuple(row.subject_text for row in rows if row.subject_id in depended),
        frozenset(changed | depended),
    )


def lock_records(model: type[models.Model], ids: Iterable[Any]) -> None:
    """Wait for whoever is changing these records; in one order, so that no two wait in a circle."""
    wanted = model._default_manager.filter(pk__in=list(ids)).order_by("pk")
    list(wanted.select_for_update().values_list("pk"))


def audited_since(ids: Iterable[str], number: int) -> Ids:
    """Which of these records have an audit entry after that number."""
    found = AuditEntry.objects.filter(subject_id__in=list(ids), number__gt=number, is_reading=False)
    return set(found.values_list("subject_id", flat=True))


def take_back(rows: Sequence[ImportedRow], *, run: Import, actor: Actor) -> None:
    """Delete what was created, restore what was changed, and leave a trace of each.

    `rows` come newest first, so that what points to a record goes before the record.
    """
    traces = []
    for model, own in _by_model(row for row in rows if row.created).items():
        model._default_manager.filter(pk__in=[row.subject_id for row in own])._raw_delete("default")
        traces += [
            Trace("exchange.row.removed", _Remembered.of(row), {}, _why(run, row)) for row in own
        ]
    for model, own in _by_model(row for row in rows if not row.created).items():
        traces += _restore(model, own, run)
    record_many(traces, actor=actor)


class _Remembered:
    """Stands for a record in the audit trail that is being deleted."""

    def __init__(self, row: ImportedRow) -> None:
        self._meta = SimpleNamespace(label_lower=row.subject_type)
        self.pk = row.subject_id
        self._row = row

    @classmethod
    def of(cls, row: ImportedRow) -> models.Model:
        return cast("models.Model", cls(row))

    def __str__(self) -> str:
        return self._row.subject_text

    def audit_place_path(self) -> str:
        return self._row.place_path


def _restore(model: type[models.Model], rows: Sequence[ImportedRow], run: Import) -> list[Trace]:
    """Put the earliest image of each record back with one upsert; what was deleted comes again."""
    earliest = {row.subject_id: row for row in rows}  # newest first: the last one is the earliest
    befores = {key: images.opened(bytes(row.before or b"")) for key, row in earliest.items()}
    now = model._default_manager.in_bulk(list(befores))
    nows = {str(key): images.image_of(record) for key, record in now.items()}
    columns = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model._default_manager.bulk_create(
        [images.record_of(model, before) for before in befores.values()],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=columns,
        batch_size=500,
    )
    return [
        Trace(
            "exchange.row.restored",
            _Remembered.of(earliest[key]),
            _open_changes(run, images.differences(model, nows.get(key, before), before)),
            _why(run, earliest[key]),
        )
        for key, before in befores.items()
    ]


def _open_changes(run: Import, changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    from lingyan.platform.exchange.registry import KINDS

    private = KINDS[run.kind].private_fields
    return {
        name: ["（不记录）", "（不记录）"] if name in private else pair
        for name, pair in changes.items()
    }


def _why(run: Import, row: ImportedRow) -> str:
    return f"撤销导入：{run.filename} 第 {row.number} 行"


def _by_model(rows: Iterable[ImportedRow]) -> dict[type[models.Model], list[ImportedRow]]:
    grouped: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        grouped[row.subject_type].append(row)
    return {apps.get_model(label): own for label, own in grouped.items()}


def _changed_since(rows: Sequence[ImportedRow]) -> Ids:
    """Records with an audit entry later than the chunk that wrote them last."""
    last: dict[str, int] = {}
    for row in rows:
        last[row.subject_id] = max(row.audit_number, last.get(row.subject_id, 0))
    if not last:
        return set()
    entries = AuditEntry.objects.filter(
        subject_id__in=list(last), number__gt=min(last.values()), is_reading=False
    ).values_list("subject_id", "number")
    return {key for key, number in entries if number > last[key]}


def _depended_on(run: Import, rows: Sequence[ImportedRow]) -> Ids:
    """Created records that a record from elsewhere points to."""
    found: Ids = set()
    for model, own in _by_model(row for row in rows if row.created).items():
        keys = [row.subject_id for row in own]
        for relation in model._meta.related_objects:
            found |= _pointed_to(run, relation, keys)
    return found


def _pointed_to(run: Import, relation: Any, keys: Sequence[str]) -> Ids:
    other, column = relation.related_model, relation.field.attname
    pairs = list(other._default_manager.filter(**{f"{column}__in": keys}).values_list("pk", column))
    if not pairs:
        return set()
    own = set(
        ImportedRow.objects.filter(
            of=run, created=True, subject_type=other._meta.label_lower,
            subject_id__in=[str(pk) for pk, _ in pairs],
        ).values_list("subject_id", flat=True)
    )  # fmt: skip
    return {str(key) for pk, key in pairs if str(pk) not in own}
