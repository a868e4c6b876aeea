"""What does the sheet of changes of places say, and how are they carried out?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.refusals import Refused
from lingyan.directory import history
from lingyan.directory.actions.place_changes import (
    ChangeRequest,
    Result,
    change_places,
    refuse_change,
)
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Place, PlaceChange, RoleAssignment
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceChangeKind, plain_name
from lingyan.directory.scoping import path_end
from lingyan.directory.sheets import PLACE_CHANGES
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Key = tuple[str, tuple[str, ...], str]
TWICE = Flaw(
    "这个区划在表里出现两次",
    "一张表里一个村只办一项变更，另一项请分开导入",
    "the place stands in two rows",
    "bring the second change in with another file",
)
BESIDE = {
    "directory.name_missing": "names",
    "directory.change_name_taken": "names",
    "directory.split_shape": "names",
    "directory.code_taken": "code",
    "directory.village_code": "code",
    "directory.recode_code": "code",
    "directory.code_edition": "edition",
    "directory.move_town": "town",
    "directory.change_no_document": "document_number",
    "directory.change_in_future": "effective_on",
    "directory.change_before_last": "effective_on",
}


def match_changes(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    known = {_key(row): (one, row) for one, row in _stored(actor)}
    told: set[UUID] = set()
    return [
        _match(RowReader(row, PLACE_CHANGES, names), known, told, actor) for row in incoming.rows
    ]


def _stored(actor: Actor) -> list[tuple[PlaceChange, dict[str, Any]]]:
    changes = history.list_place_changes(actor.scope).filter(undone_at__isnull=True)
    return [(one, _row_of(one)) for one in changes.order_by("pk")]


def _row_of(change: PlaceChange) -> dict[str, Any]:
    asked = dict(change.asked)
    return asked | {
        "places": tuple(asked["places"]),
        "names": tuple(asked["names"]) or None,
        "effective_on": date.fromisoformat(asked["effective_on"]),
    }


def _key(row: Mapping[str, Any]) -> Key:
    """The same order again: its places are called by the names that they had then."""
    bare = tuple(plain_name(name).partition("(")[0] for name in row["places"])
    return row["kind"], bare, f"{row['effective_on']} {row['document_number']}"


def _match(
    reader: RowReader,
    known: Mapping[Key, tuple[PlaceChange, dict[str, Any]]],
    told: set[UUID],
    actor: Actor,
) -> RowOutcome:
    values = reader.row.values
    label = f"{PlaceChangeKind(values['kind']).label}：{'、'.join(values['places'])}"
    if (stored := known.get(_key(values))) is not None:
        return _compared(reader, label, *stored)
    asked = _request(reader)
    if asked is not None:
        ids = {place.pk for place in asked.sources}
        if ids & told:
            reader.fault("places", TWICE)
        told |= ids
        _refuse(reader, asked, actor)
    if asked is None or reader.faults:
        return wrong(reader.row, label, reader.faults)
    return outcome_of(reader.row, PLACE_CHANGES, label=label, stored=None, given=values, plan=asked)


def _compared(
    reader: RowReader, label: str, change: PlaceChange, stored: dict[str, Any]
) -> RowOutcome:
    """An order that was carried out is not altered by a sheet; it is taken back on its page."""
    given = reader.row.values.copy()
    given["places"] = stored["places"]
    if given["goes_on"] is None:
        given["goes_on"] = stored["goes_on"]
    outcome = outcome_of(
        reader.row, PLACE_CHANGES, label=label, stored=stored, given=given, subject=change
    )
    if outcome.verdict is Verdict.SAME:
        return outcome
    done = Flaw(
        "这项变更已按别的内容办理",
        "请在区划变更的页面上撤销后重新办理",
        "this change was carried out otherwise",
        "take it back on its page first",
    )
    reader.fault("places", done)
    return wrong(reader.row, label, reader.faults)


def _request(reader: RowReader) -> ChangeRequest | None:
    """The order in records; what is not known is a fault."""
    values, kind = reader.row.values, PlaceChangeKind(reader.row.values["kind"])
    of_villages = kind not in (PlaceChangeKind.RENAME, PlaceChangeKind.RECODE)
    sources = []
    for name in values["places"]:
        found = reader.names.villages.one(name)
        if isinstance(found, Flaw) and not of_villages:
            found = reader.names.towns.one(name)
        if isinstance(found, Flaw):
            reader.fault("places", found, name)
        else:
            sources.append(found)
    town = reader.town()
    if reader.faults:
        return None
    return ChangeRequest(
        kind,
        tuple(dict.fromkeys(sources)),
        _results(values, kind, sources[0]),
        values["effective_on"],
        values["document_number"],
        town,
        values["reason"] or "",
    )


def _results(values: Mapping[str, Any], kind: PlaceChangeKind, first: Place) -> tuple[Result, ...]:
    names, code, edition = values["names"] or (), values["code"] or "", values["edition"] or ""
    if kind is PlaceChangeKind.SPLIT:
        stays = [Result(first.name, keeps=first)] if values["goes_on"] else []
        return (*stays, *(Result(name) for name in names))
    goes_on = kind is not PlaceChangeKind.MERGE or values["goes_on"]
    unnamed = kind in (PlaceChangeKind.RECODE, PlaceChangeKind.MOVE)
    given = names or ((first.name,) if unnamed or (goes_on and not names) else ("",))
    return tuple(Result(name, code, edition, first if goes_on else None) for name in given)


def _refuse(reader: RowReader, asked: ChangeRequest, actor: Actor) -> None:
    try:
        refuse_change(asked, actor=actor)
    except Refused as refused:
        for one in refused.refusals:
            reader.refuse(BESIDE.get(one.code, "places"), [one])


def apply_changes(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    written: list[Written] = []
    for one in outcomes:
        if one.verdict is Verdict.NEW:
            written += _carry_out(one, actor)
    return written


def _carry_out(outcome: RowOutcome, actor: Actor) -> list[Written]:
    """Every record that the change touches is named, so that the import can be taken back."""
    asked: ChangeRequest = outcome.plan
    places = {str(place.pk): image_of(place) for place in _involved(asked)}
    roles = {
        str(role.pk): image_of(role) for role in RoleAssignment.objects.filter(place__in=places)
    }
    change = change_places(asked, actor=actor)
    made = [
        change,
        *history.list_created_by(change),
        *change.successions.all(),
        *change.editions.all(),
    ]
    changed = Place.objects.filter(pk__in=list(change.before))
    led = RoleAssignment.objects.filter(pk__in=list(change.moved_roles))
    return [
        *(Written(outcome.number, record, None) for record in made),
        *(Written(outcome.number, place, places[str(place.pk)]) for place in changed),
        *(Written(outcome.number, role, roles[str(role.pk)]) for role in led),
    ]


def _involved(asked: ChangeRequest) -> Iterator[Place]:
    for place in asked.sources:
        inside = Place.objects.filter(path__gte=place.path, path__lt=path_end(place.path))
        yield from inside


def export_changes(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for _, row in _stored(actor):
        yield row


KIND = ExchangeKind(
    code="place_changes",
    sheet=PLACE_CHANGES,
    about="按批复办理村的合并、拆分、更名、划转和换代码",
    import_roles=(Role.COUNTY_ORG_ADMIN,),
    export_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER),
    match=match_changes,
    apply=apply_changes,
    export_rows=export_changes,
)
