"""How are the records of an import put back as they were, and what stands against it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import QuerySet

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.columns import BlindIndexField
from lingyan.platform.exchange import images, registry
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.inserting import insert_rows, update_rows

Ids = set[str]
KEYS_AT_ONCE = 5_000
RESTORED = "exchange.row.restored"


class Kept(NamedTuple):
    """An ImportedRow, without the cost of a model instance for each of thousands."""

    pk: int
    number: int
    subject_type: str
    subject_id: str
    subject_text: str
    place_path: str
    created: bool
    audit_number: int
    before: str | None = None  # the image, unsealed; only where it was asked for


WITHOUT_IMAGE = Kept._fields[:-1]


def newest_first(run: Import) -> list[Kept]:
    rows = _rows_of(run).values_list(*WITHOUT_IMAGE)
    return [Kept._make((*row, None)) for row in rows]


def newest_part(run: Import, most: int) -> list[Kept]:
    """The rows that were written last, with their images: what is taken back next."""
    rows = _rows_of(run).values_list(*Kept._fields)[:most]
    return [
        Kept._make((*row, images.unsealed(before) if before else None)) for *row, before in rows
    ]


def _rows_of(run: Import) -> QuerySet[ImportedRow]:
    return ImportedRow.objects.filter(of=run).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Labels of records that were changed since, or that later records point to; what was computed
    of them since and is not decided.
    """

    changed: tuple[str, ...] = ()
    depended_on: tuple[str, ...] = ()
    computed_from: tuple[str, ...] = ()


def obstacles_to(rows: Sequence[Kept], run: Import) -> Obstacles:
    """What of the rows of an import cannot be put back without harming later work."""
    changed = _changed_since(rows)
    depended = _depended_on(rows)
    return Obstacles(
        tuple(row.subject_text for row in rows if row.subject_id in changed),
        tuple(row.subject_text for row in rows if row.subject_id in depended),
        tuple(_computed_from(rows, since=run.applied_at or run.created_at)),
    )


def _computed_from(rows: Sequence[Kept], *, since: datetime) -> Iterator[str]:
    records: dict[str, Ids] = defaultdict(set)
    for row in rows:
        records[row.subject_type].add(row.subject_id)
    for computed in registry.COMPUTED_FROM:
        yield from computed(records, since=since)


def lock_records(model: type[models.Model], ids: Iterable[Any]) -> None:
    """Wait for whoever is changing these records; in one order, so that no two wait in a circle.

    Where a transaction is the only writer anyway there is nothing to lock.
    """
    if not connection.features.has_select_for_update:
        return
    wanted = model._default_manager.filter(pk__in=list(ids)).order_by("pk")
    list(wanted.select_for_update().values_list("pk"))


def audited_since(ids: Iterable[str], number: int) -> Ids:
    """Which of these records have an audit entry after that number."""
    return {key for key, *_ in _entries_after(number, list(ids))}


def take_back(rows: Sequence[Kept], *, run: Import, actor: Actor) -> None:
    """Delete what was created, restore what was changed, and leave a trace of each.

    `rows` come newest first, so that what points to a record goes before the record.
    """
    traces = []
    for model, own in _by_model(row for row in rows if row.created).items():
        _delete(model, [row.subject_id for row in own])
        traces += [
            Trace("exchange.row.removed", _Remembered.of(row), {}, _why(run, row)) for row in own
        ]
    for model, own in _by_model(row for row in rows if not row.created).items():
        traces += _restore(model, own, run)
    record_many(traces, actor=actor)


class _Remembered:
    """Stands for a record in the audit trail that is being deleted."""

    def __init__(self, row: Kept) -> None:
        self._meta = SimpleNamespace(label_lower=row.subject_type)
        self.pk = row.subject_id
        self._row = row

    @classmethod
    def of(cls, row: Kept) -> models.Model:
        return cast("models.Model", cls(row))

    def __str__(self) -> str:
        return self._row.subject_text

    def audit_place_path(self) -> str:
        return self._row.place_path


def _restore(model: type[models.Model], rows: Sequence[Kept], run: Import) -> list[Trace]:
    """Put the earliest image of each record back; what was deleted comes again."""
    earliest = {row.subject_id: row for row in rows}  # newest first: the last one is the earliest
    befores = {key: images.read(row.before or "") for key, row in earliest.items()}
    now = model._default_manager.in_bulk(list(befores))
    nows = {str(key): images.image_of(record) for key, record in now.items()}
    changes = {
        key: images.differences(model, nows.get(key, before), before)
        for key, before in befores.items()
    }
    records = {key: images.record_of(model, before) for key, before in befores.items()}
    update_rows(
        [(record, _restored(model, changes[key])) for key, record in records.items() if key in nows]
    )
    insert_rows([record for key, record in records.items() if key not in nows])
    return [
        Trace(
            RESTORED,
            _Remembered.of(earliest[key]),
            _open_changes(run, own),
            _why(run, earliest[key]),
        )
        for key, own in changes.items()
    ]


def _restored(model: type[models.Model], changes: Iterable[str]) -> list[str]:
    """The columns that an image puts back, with those that follow from a sealed one."""
    changed = set(changes)
    return [
        one.name
        for one in model._meta.concrete_fields
        if one.attname in changed or (isinstance(one, BlindIndexField) and one.of in changed)
    ]


def _open_changes(run: Import, changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    from lingyan.platform.exchange.registry import KINDS

    private = KINDS[run.kind].private_fields
    return {
        name: ["（不记录）", "（不记录）"] if name in private else pair
        for name, pair in changes.items()
    }


def _why(run: Import, row: Kept) -> str:
    return f"撤销导入：{run.filename} 第 {row.number} 行"


def _by_model(rows: Iterable[Kept]) -> dict[type[models.Model], list[Kept]]:
    grouped: dict[str, list[Kept]] = defaultdict(list)
    for row in rows:
        grouped[row.subject_type].append(row)
    return {apps.get_model(label): own for label, own in grouped.items()}


def _changed_since(rows: Sequence[Kept]) -> Ids:
    """Records with an audit entry later than the chunk that wrote them last.

    That a later part of the same import has been taken back is no change.
    """
    last: dict[str, int] = {}
    for row in rows:
        last[row.subject_id] = max(row.audit_number, last.get(row.subject_id, 0))
    if not last:
        return set()
    later = _entries_after(min(last.values()), list(last))
    return {key for key, number, action in later if number > last[key] and action != RESTORED}


def _entries_after(number: int, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """(id of the record, number of the entry, its action)."""
    quote = connection.ops.quote_name
    question = (
        f"SELECT subject_id, number, action FROM {quote(AuditEntry._meta.db_table)} "  # noqa: S608 - names of our own tables
        f"WHERE number > {number:d} AND NOT is_reading AND subject_id IN"
    )
    return _asked(question, ids)


def _depended_on(rows: Sequence[Kept]) -> Ids:
    """Created records that a record from elsewhere points to.

    A record that the import changed points to a created one only since then: it is put back.
    """
    found: Ids = set()
    ids = {model: {row.subject_id for row in own} for model, own in _by_model(rows).items()}
    created = _by_model(row for row in rows if row.created)
    for model, own_rows in created.items():
        keys = _stored_keys(model, [row.subject_id for row in own_rows])
        for relation in model._meta.related_objects:
            other, column = _pointed_from(relation)
            own = ids.get(other, set())
            pairs = _pointing(other, column, model, keys)
            found |= {key for pk, key in pairs if pk not in own}
    return found


def _pointed_from(relation: Any) -> tuple[type[models.Model], str]:
    """The table that points, and its column; of many to many that is the table between them."""
    if relation.many_to_many:
        return relation.through, relation.through._meta.get_field(
            relation.field.m2m_reverse_field_name()
        ).column
    return relation.related_model, relation.field.column


# Django prepares each of ten thousand keys anew for every condition; these ask the table directly.


def _pointing(
    other: type[models.Model], column: str, model: type[models.Model], keys: Sequence[Any]
) -> list[tuple[str, str]]:
    """(id of the record that points, id of the record pointed to)."""
    quote = connection.ops.quote_name
    pk = other._meta.pk
    assert pk is not None
    question = (
        f"SELECT {quote(pk.column)}, {quote(column)} FROM {quote(other._meta.db_table)} "  # noqa: S608 - names of our own tables
        f"WHERE {quote(column)} IN"
    )
    return [
        (_as_text(pk, own), _as_text(model._meta.pk, key)) for own, key in _asked(question, keys)
    ]


def _delete(model: type[models.Model], ids: Sequence[str]) -> None:
    quote = connection.ops.quote_name
    pk = model._meta.pk
    assert pk is not None
    order = f"DELETE FROM {quote(model._meta.db_table)} WHERE {quote(pk.column)} IN"  # noqa: S608 - names of our own tables
    _asked(order, _stored_keys(model, ids))


def _asked(question: str, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[start : start + KEYS_AT_ONCE]
            cursor.execute(f"{question} ({', '.join(['%s'] * len(some))})", some)
            found += cursor.fetchall() if cursor.description else []
    return found


def _stored_keys(model: type[models.Model], ids: Iterable[str]) -> list[Any]:
    """The keys as the table holds them."""
    pk = model._meta.pk
    assert pk is not None
    if isinstance(pk, models.UUIDField) and not connection.features.has_native_uuid_field:
        return [key.replace("-", "") for key in ids]
    return [pk.get_db_prep_value(pk.to_python(key), connection) for key in ids]


def _as_text(field: Any, stored: Any) -> str:
    is_key = isinstance(field, models.UUIDField) and not isinstance(stored, UUID)
    return str(UUID(stored) if is_key else stored)
