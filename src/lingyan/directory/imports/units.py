"""What does the sheet of units say, and how does it become units?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common.pages import Flaw
from lingyan.directory import queries, rules
from lingyan.directory.actions.units import UnitRow, change_units, create_units
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.sheets import UNITS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

KEPT = ("category", "credit_code", "sector", "industry", "headcount")
NOT_KEPT = frozenset({"limit", "barred_towns"})
NO_PLACE = Flaw(
    "不知道单位在哪个县", "请填写所在乡镇", "it is not known where the unit is", "fill in the town"
)


def match_units(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    return [_match(RowReader(row, UNITS, names)) for row in incoming.rows]


def _match(reader: RowReader) -> RowOutcome:
    given = reader.row.values.copy()
    unit = next(iter(reader.names.units.all(given["unit"])), None)
    town = reader.town()
    place = town or (unit.place if unit else reader.names.root)
    if place is None and not reader.faults:
        reader.fault("town", NO_PLACE)
    code = given["credit_code"] or ""
    reader.refuse(
        "credit_code", rules.refuse_unit(name=given["unit"], credit_code=code, taken=False)
    )
    if reader.faults:
        return wrong(reader.row, given["unit"], reader.faults)
    given |= {"town": town.short_name if town else None}
    if unit:
        given["unit"] = unit.name
    return outcome_of(
        reader.row,
        UNITS,
        label=given["unit"],
        stored=_row_of(unit) if unit else None,
        given=given,
        subject=unit,
        plan=(place, given),
        leave=NOT_KEPT,
    )


def apply_units(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    created = create_units([_new_unit(one) for one in new], actor=actor) if new else []
    written = [Written(one.number, unit, None) for one, unit in zip(new, created, strict=True)]
    known = [
        (one, one.subject)
        for one in outcomes
        if one.verdict is Verdict.CHANGED and isinstance(one.subject, Unit)
    ]
    befores = [image_of(unit) for _, unit in known]
    changed = change_units([(unit, _changed_values(one)) for one, unit in known], actor=actor)
    return written + [
        Written(one.number, unit, before)
        for (one, _), unit, before in zip(known, changed, befores, strict=True)
    ]


def _new_unit(outcome: RowOutcome) -> UnitRow:
    place, given = outcome.plan
    category = given["category"] or rules.UnitCategory.COUNTY_DEPT.value
    return UnitRow(
        given["unit"],
        place,
        category,
        given["credit_code"] or "",
        given["sector"] or "",
        given["industry"] or "",
        given["headcount"],
    )


def _changed_values(outcome: RowOutcome) -> dict[str, Any]:
    place, given = outcome.plan
    values = {name: given[name] for name in KEPT}
    if given["town"]:
        values["place"] = place
    return {name: value for name, value in values.items() if value is not None}


def _row_of(unit: Unit) -> dict[str, Any]:
    in_town = unit.place.level == PlaceLevel.TOWNSHIP
    return {
        "unit": unit.name,
        "credit_code": unit.credit_code or None,
        "category": unit.category,
        "sector": unit.sector or None,
        "industry": unit.industry or None,
        "headcount": unit.headcount,
        "town": unit.place.short_name if in_town else None,
    }


def export_units(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for unit in queries.list_units(actor.scope).order_by("name").iterator(chunk_size=2000):
        yield _row_of(unit)


KIND = ExchangeKind(
    code="units",
    sheet=UNITS,
    about="派出单位和结对单位：名称、类别、行业、产业、人数、信用代码、所在乡镇",
    import_roles=(Role.COUNTY_ORG_ADMIN,),
    export_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER),
    match=match_units,
    apply=apply_units,
    export_rows=export_units,
    not_kept=NOT_KEPT,
)
