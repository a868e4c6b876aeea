"""Which act makes two records of one person one, and how is it taken back?

The record that does not stay keeps its row: its id leads to the other from then on, and what was
sealed or printed under it stays readable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction

from lingyan.common import clock
from lingyan.common.identity import Identity, read_identity
from lingyan.common.refusals import Refused
from lingyan.directory.actions.checking import refuse_outside, require_role
from lingyan.directory.models import NotTheSame, Person, PersonMerge, Relative
from lingyan.directory.rules.people import (
    MERGERS,
    MergeFacts,
    refuse_to_merge,
    refuse_to_undo_merge,
)
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.columns import derived_names
from lingyan.platform.exchange import images

CHOSEN_FIELDS = (
    "name", "gender", "birth_on", "ethnicity", "education", "political_status", "party_joined_on",
    "work_started_on", "unit", "job_title", "rank", "place", "native_place", "household_place",
    "grown_up_place", "residence_place", "phone_cipher",
)  # fmt: skip
SECRETS = ("id_number_cipher", "id_number_index")
OWN_TABLES = (Person, PersonMerge, NotTheSame)
HIDDEN = "（已加密）"


@transaction.atomic
def merge_people(
    kept: Person,
    dropped: Person,
    *,
    take: Collection[str],
    reason: str,
    actor: Actor,
    confirmed: bool = False,
) -> PersonMerge:
    """Lead everything from `dropped` to `kept`; the fields in `take` come from `dropped`.

    `confirmed`: whoever merges has seen that birth date or gender differ, and says why they may.
    """
    require_role(actor, MERGERS, "合并人员")
    kept, dropped = _locked(kept, dropped)
    moves = [] if kept.pk == dropped.pk else list(_moves(kept, dropped))
    likeness = _Likeness(kept, dropped, take, confirmed=confirmed)
    _refuse(kept, dropped, moves, likeness, reason=reason, actor=actor)
    before = {"kept": images.image_of(kept), "dropped": images.image_of(dropped)}
    run = PersonMerge(
        kept=kept,
        dropped=dropped,
        reason=reason.strip(),
        before=images.sealed(before),
        made_at=clock.now(),
        made_by_name=actor.name,
    )
    changes = _take_fields(kept, dropped, take)
    run.chosen = sorted(changes)
    run.moved = [_carry(move, kept) for move in moves]
    run.save(force_insert=True)
    _seal(run, changes, moves, actor)
    return run


def _locked(one: Person, other: Person) -> tuple[Person, Person]:
    rows = Person.objects.select_for_update(of=("self",)).select_related("place", "unit")
    found = {row.pk: row for row in rows.filter(pk__in=(one.pk, other.pk)).order_by("pk")}
    return found[one.pk], found[other.pk]


class _Move:
    """A record that is to point to the other person; `twice` where one is there already."""

    def __init__(self, row: models.Model, column: str, kept: Person) -> None:
        self.row, self.column = row, column
        setattr(row, column, kept)
        self.twice = ""
        try:
            row.validate_constraints()
        except ValidationError as wrong:
            self.twice = "；".join(wrong.messages)
        if self._has_its_own(kept):
            self.twice = "两条记录都有"

    def _has_its_own(self, kept: Person) -> bool:
        """A record of which a person has one at most."""
        field = self.row._meta.get_field(self.column)
        held = type(self.row)._base_manager.filter(**{self.column: kept})
        return isinstance(field, models.OneToOneField) and held.exists()

    @property
    def falls_away(self) -> bool:
        """A relation to oneself, or told twice, says nothing any more."""
        return bool(self.twice) and isinstance(self.row, Relative)

    @property
    def label(self) -> str:
        return f"{self.row._meta.verbose_name} {self.row}（{self.twice}）"


def _moves(kept: Person, dropped: Person) -> Iterator[_Move]:
    for relation in Person._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        if model in OWN_TABLES or isinstance(model, str):
            continue
        for row in model._base_manager.select_for_update().filter(**{column: dropped}):
            yield _Move(row, column, kept)


OF_ONE = ("birth_on", "gender")


class _Likeness:
    """What of birth date and gender speaks against one person, and what against the number."""

    def __init__(
        self, kept: Person, dropped: Person, take: Collection[str], *, confirmed: bool
    ) -> None:
        self.confirmed = confirmed
        pairs = {name: (getattr(kept, name), getattr(dropped, name)) for name in OF_ONE}
        self.differing = [
            _label(name) for name, both in pairs.items() if all(both) and len(set(both)) > 1
        ]
        owner = kept if kept.id_number_cipher else dropped
        self.unlike_number = [
            _label(name)
            for name, both in pairs.items()
            if (after := both[name in take])
            and after != getattr(owner, name)
            and after != _by_number(owner).get(name, after)
        ]


def _by_number(person: Person) -> dict[str, Any]:
    stored = person.id_number_cipher
    found = read_identity(cipher.decrypt(bytes(stored))) if stored else None
    return {"birth_on": found.born_on, "gender": found.sex} if isinstance(found, Identity) else {}


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # all are columns


def _refuse(
    kept: Person,
    dropped: Person,
    moves: list[_Move],
    likeness: _Likeness,
    *,
    reason: str,
    actor: Actor,
) -> None:
    facts = MergeFacts(
        oneself=kept.pk == dropped.pk,
        gone=[one.name for one in (kept, dropped) if one.merged_into_id is not None],
        both_identified=kept.pk != dropped.pk
        and bool(kept.id_number_index and dropped.id_number_index),
        both_have_accounts=kept.pk != dropped.pk and bool(kept.user_id and dropped.user_id),
        reason=reason,
        conflicts=[one.label for one in moves if one.twice and not one.falls_away],
        differing=likeness.differing,
        confirmed=likeness.confirmed,
        unlike_number=likeness.unlike_number,
    )
    outside = [
        one
        for person in (kept, dropped)
        for one in refuse_outside(actor, person.place.path, person.unit_id)
    ]
    if refusals := [*refuse_to_merge(facts), *outside[:1]]:
        raise Refused(refusals)


def _take_fields(kept: Person, dropped: Person, take: Collection[str]) -> dict[str, list[Any]]:
    """Chosen fields, and what only the other record had: identity number and account."""
    changes: dict[str, list[Any]] = {}
    for name in CHOSEN_FIELDS:
        old, new = getattr(kept, name), getattr(dropped, name)
        if name in take and old != new:
            setattr(kept, name, new)
            changes[name] = [HIDDEN, HIDDEN] if name.endswith("_cipher") else [old, new]
    if dropped.id_number_index:
        for name in SECRETS:
            setattr(kept, name, getattr(dropped, name))
            setattr(dropped, name, None)
        changes["id_number_cipher"] = [None, HIDDEN]
    if dropped.user_id and not kept.user_id:
        kept.user, dropped.user = dropped.user, None
        changes["user"] = [None, str(kept.user)]
    dropped.merged_into = kept
    # The other record first: an identity number and an account belong to one record at a time.
    dropped.save(update_fields=["merged_into", "user", *SECRETS])
    kept.save(update_fields=[*CHOSEN_FIELDS, "user", *SECRETS, *derived_names(Person)])
    return changes


def _carry(move: _Move, kept: Person) -> dict[str, Any]:
    told: dict[str, Any] = {
        "model": move.row._meta.label_lower,
        "pk": str(move.row.pk),
        "column": move.column,
        "gone": None,
    }
    if move.falls_away:
        stored = type(move.row)._base_manager.get(pk=move.row.pk)
        told["gone"] = images.image_of(stored)
        stored.delete()
    else:
        move.row.save(update_fields=[move.column])
    return told


def _seal(
    run: PersonMerge, changes: dict[str, list[Any]], moves: list[_Move], actor: Actor
) -> None:
    line = [f"{run.dropped.name}（{run.dropped.number}）", f"{run.kept.name}（{run.kept.number}）"]
    traces = [
        Trace("directory.person.led_on", move.row, {move.column: line}, run.reason)
        for move in moves
    ]
    merged = {"merged_into": [None, line[1]]}
    traces += [
        Trace("directory.person.merged", run.dropped, merged, run.reason),
        Trace("directory.person.kept", run.kept, changes | {"merged": [None, line[0]]}, run.reason),
    ]
    record_many(traces, actor=actor)


@transaction.atomic
def undo_merge(run: PersonMerge, *, actor: Actor, reason: str) -> PersonMerge:
    """Part the records again, while what was moved lies as the merger left it."""
    require_role(actor, MERGERS, "撤销合并")
    run = PersonMerge.objects.select_for_update().get(pk=run.pk)
    kept, dropped = _locked(run.kept, run.dropped)
    before = images.opened(run.before)
    rows = _moved_rows(run, kept)
    outside = refuse_outside(actor, kept.place.path, kept.unit_id)
    if refusals := [*outside, *_refuse_undo(run, kept, before, rows)]:
        raise Refused(refusals)
    _part(run, kept, dropped, before)
    for told, row in rows:
        _give_back(told, row, dropped)
    run.undone_at, run.undone_by_name = clock.now(), actor.name
    run.save(update_fields=["undone_at", "undone_by_name"])
    record_many(
        [
            Trace(
                "directory.person.merge_undone", person, {"merged_into": [str(kept), None]}, reason
            )
            for person in (dropped, kept)
        ],
        actor=actor,
    )
    return run


def refusals_to_undo(run: PersonMerge) -> list[Any]:
    """For the page: why it cannot be taken back now."""
    return list(_refuse_undo(run, run.kept, images.opened(run.before), _moved_rows(run, run.kept)))


Moved = list[tuple[dict[str, Any], models.Model | None]]


def _moved_rows(run: PersonMerge, kept: Person) -> Moved:
    """What was moved, with the record where it still points to the one that stayed."""
    return [
        (told, _model(told)._base_manager.filter(pk=told["pk"], **{told["column"]: kept}).first())
        for told in run.moved
    ]


def _model(told: dict[str, Any]) -> type[models.Model]:
    return apps.get_model(told["model"])


def _refuse_undo(
    run: PersonMerge, kept: Person, before: dict[str, Any], rows: Moved
) -> tuple[Any, ...]:
    altered = [
        str(_model(told)._meta.verbose_name)
        for told, row in rows
        if row is None and told["gone"] is None
    ]
    now = images.image_of(kept)
    for name in run.chosen:
        column = Person._meta.get_field(name).attname  # type: ignore[union-attr]  # all are columns
        if now[column] != before["dropped"][column]:
            altered.append(str(Person._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # as above
    return refuse_to_undo_merge(
        undone=run.undone_at is not None,
        gone=kept.merged_into_id is not None,
        altered=sorted(set(altered)),
    )


def _part(run: PersonMerge, kept: Person, dropped: Person, before: dict[str, Any]) -> None:
    """Each record as it was, in the fields that the merger set and in no other."""
    fields = [*run.chosen, *(["id_number_index"] if "id_number_cipher" in run.chosen else [])]
    was_kept = images.record_of(Person, before["kept"])
    was_dropped = images.record_of(Person, before["dropped"])
    for name in fields:
        column = Person._meta.get_field(name).attname  # type: ignore[union-attr]  # all are columns
        setattr(kept, column, getattr(was_kept, column))
    for name in (*SECRETS, "user_id"):
        setattr(dropped, name, getattr(was_dropped, name))
    dropped.merged_into = None
    kept.save(update_fields=[*fields, *derived_names(Person)])
    dropped.save(update_fields=["merged_into", "user", *SECRETS])


def _give_back(told: dict[str, Any], row: models.Model | None, dropped: Person) -> None:
    if told["gone"] is not None:
        images.record_of(_model(told), told["gone"]).save(force_insert=True)
    elif row is not None:
        setattr(row, told["column"], dropped)
        row.save(update_fields=[told["column"]])


@transaction.atomic
def tell_apart(first: Person, second: Person, *, actor: Actor, reason: str) -> NotTheSame:
    """These are two people; the list of suspects does not ask again."""
    require_role(actor, MERGERS, "认定不是同一人")
    low, high = sorted((first, second), key=lambda person: person.pk)
    told, is_new = NotTheSame.objects.get_or_create(
        first=low,
        second=high,
        defaults={"reason": reason, "decided_at": clock.now(), "decided_by_name": actor.name},
    )
    if is_new:
        record("directory.person.told_apart", actor=actor, subject=told, reason=reason)
    return told
