"""What does the sheet of places say, and how does it become places?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common.pages import Flaw
from lingyan.directory import queries
from lingyan.directory.actions.geography import change_place
from lingyan.directory.actions.places import create_places, level_of_code, parent_code
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel, short_village_name
from lingyan.directory.sheets import PLACES
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

DEFAULT_EDITION = "2020"
TAKEN_ELSEWHERE = Flaw(
    "这个代码已登记在您的管辖范围以外",
    "请核对代码",
    "the code is registered outside your scope",
    "check the code",
)
LEVEL_DIFFERS = Flaw(
    "级别与代码不符",
    "请改正级别或代码，级别可以不填",
    "the level does not fit the code",
    "correct one of them",
)
PARENT_DIFFERS = Flaw(
    "上级代码与代码不符",
    "请改正上级代码，上级代码可以不填",
    "the parent does not fit the code",
    "correct the parent's code or leave it out",
)
NO_PARENT = Flaw(
    "库中和表中都没有它的上级区划",
    "请在表中加上上级区划",
    "its parent is neither stored nor in the file",
    "add the parent to the file",
)


HALF_A_POINT = Flaw(
    "纬度和经度要一起填",
    "请两个都填，或都不填",
    "latitude and longitude go together",
    "fill in both or neither",
)


def match_places(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    """Parents first, so that a chunk never holds a place whose parent comes later."""
    names = Names(actor)
    own = {(place.code, place.code_edition): place for place in names.places if place.code}
    editions = dict(own.keys())
    taken = set(Place.objects.exclude(code="").values_list("code", "code_edition"))
    latest = max(editions.values(), default=DEFAULT_EDITION)
    inside = actor.scope.is_everything
    given = {row.values["code"] for row in incoming.rows}
    outcomes = []
    for row in sorted(incoming.rows, key=lambda row: (row.values["code"], row.number)):
        edition = row.values["edition"] or editions.get(row.values["code"], latest)
        reader = RowReader(row, PLACES, names)
        place = own.get((row.values["code"], edition))
        _refuse_shape(reader, place)
        if place is None:
            _refuse_new(reader, edition, own, taken, given, free=inside)
        outcomes.append(_outcome(reader, place, edition))
    return outcomes


def _refuse_shape(reader: RowReader, place: Place | None) -> None:
    """Level and parent follow from the code; of a known place they are what they are."""
    code = reader.row.values["code"]
    level = place.level if place else level_of_code(code)
    parent = _parent_of(place) if place else parent_code(code)
    if reader.row.values["level"] not in (None, level):
        reader.fault("level", LEVEL_DIFFERS)
    if reader.row.values["parent_code"] not in (None, parent):
        reader.fault("parent_code", PARENT_DIFFERS)
    point = [reader.row.values[name] is None for name in ("latitude", "longitude")]
    if any(point) and not all(point) and (place is None or place.latitude is None):
        reader.fault("longitude" if point[1] else "latitude", HALF_A_POINT)


def _parent_of(place: Place) -> str | None:
    return place.parent.code if place.parent else parent_code(place.code)


def _refuse_new(
    reader: RowReader,
    edition: str,
    own: Mapping[tuple[str, str], Place],
    taken: set[tuple[str, str]],
    given: set[str],
    *,
    free: bool,
) -> None:
    code = reader.row.values["code"]
    if (code, edition) in taken:
        reader.fault("code", TAKEN_ELSEWHERE)
    above = parent_code(code) or ""
    known = (above, edition) in own or above in given
    needs_parent = level_of_code(code) in {PlaceLevel.TOWNSHIP, PlaceLevel.VILLAGE}
    if not known and (needs_parent or not free):
        reader.fault("parent_code" if needs_parent else "code", NO_PARENT, code)


def _outcome(reader: RowReader, place: Place | None, edition: str) -> RowOutcome:
    values = reader.row.values
    if reader.faults:
        return wrong(reader.row, values["name"], reader.faults)
    given = dict(values) | {"edition": edition}
    return outcome_of(
        reader.row,
        PLACES,
        label=values["name"],
        stored=_row_of(place) if place else None,
        given=given,
        subject=place,
        plan=given,
    )


def apply_places(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    by_edition: dict[str, list[RowOutcome]] = defaultdict(list)
    for one in outcomes:
        if one.verdict is Verdict.NEW:
            by_edition[one.plan["edition"]].append(one)
    written: list[Written] = []
    for edition, new in by_edition.items():
        rows = [{"code": one.plan["code"], "name": one.plan["name"], **_point(one)} for one in new]
        numbers = {one.plan["code"]: one.number for one in new}
        created = create_places(rows, edition=edition, actor=actor)
        written += [Written(numbers[place.code], place, None) for place in created]
    for one in outcomes:
        if one.verdict is Verdict.CHANGED and isinstance(one.subject, Place):
            before = image_of(one.subject)
            changed = change_place(one.subject, actor=actor, values=_names(one))
            written.append(Written(one.number, changed, before))
    return written


def _point(outcome: RowOutcome) -> dict[str, Any]:
    given = {name: outcome.plan.get(name) for name in ("latitude", "longitude")}
    return {name: value for name, value in given.items() if value is not None}


def _names(outcome: RowOutcome) -> dict[str, Any]:
    name = outcome.plan["name"]
    place = outcome.subject
    is_village = isinstance(place, Place) and place.level == PlaceLevel.VILLAGE
    return {"name": name, "short_name": short_village_name(name) if is_village else name,
            **_point(outcome)}  # fmt: skip


def _row_of(place: Place) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "parent_code": _parent_of(place),
        "edition": place.code_edition,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def export_places(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for place in (
        queries.list_places(actor.scope).exclude(code="").order_by("path").iterator(chunk_size=2000)
    ):
        yield _row_of(place)


KIND = ExchangeKind(
    code="places",
    sheet=PLACES,
    about="县、乡镇、村的名称、统计用区划代码和坐标",
    import_roles=(Role.COUNTY_ORG_ADMIN,),
    export_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER),
    match=match_places,
    apply=apply_places,
    export_rows=export_places,
)
