"""Which acts change units?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common.refusals import Refusal
from lingyan.directory import rules
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    require_role,
    row_number,
    set_changes,
)
from lingyan.directory.models import Place, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.inserting import update_rows


@dataclass(frozen=True, slots=True)
class UnitRow:
    name: str
    place: Place
    category: str = rules.UnitCategory.COUNTY_DEPT.value
    credit_code: str = ""
    sector: str = ""
    industry: str = ""
    headcount: int | None = None
    is_demo: bool = False


@transaction.atomic
def create_units(rows: Sequence[UnitRow], *, actor: Actor) -> list[Unit]:
    require_role(actor, rules.REGISTRARS, "登记单位")
    taken = set(
        Unit.objects.filter(name__in=[row.name for row in rows]).values_list("name", flat=True)
    )
    found = []
    for position, row in enumerate(rows):
        refusals = [
            *_refuse_unit(row.name, row.credit_code, taken=row.name in taken),
            *refuse_outside(actor, row.place.path),
        ]
        taken.add(row.name)
        found.append((row_number(position, rows), row.name, refusals))
    raise_all(found)
    units = [
        Unit(
            name=row.name.strip(), category=row.category, place=row.place,
            credit_code=row.credit_code, sector=row.sector, industry=row.industry,
            headcount=row.headcount, is_demo=row.is_demo,
        )
        for row in rows
    ]  # fmt: skip
    return create_recorded(
        units,
        action="directory.unit.created",
        actor=actor,
        fields=("name", "category", "place", "credit_code", "sector", "industry", "headcount"),
    )


def create_unit(row: UnitRow, *, actor: Actor) -> Unit:
    return create_units([row], actor=actor)[0]


def change_unit(unit: Unit, *, actor: Actor, values: Mapping[str, Any]) -> Unit:
    return change_units([(unit, values)], actor=actor)[0]


@transaction.atomic
def change_units(changes: Sequence[tuple[Unit, Mapping[str, Any]]], *, actor: Actor) -> list[Unit]:
    """Change many at once; all refusals of all of them at once."""
    wanted = Unit.objects.filter(pk__in=[unit.pk for unit, _ in changes]).order_by("pk")
    locked = {
        unit.pk: unit for unit in wanted.select_for_update(of=("self",)).select_related("place")
    }
    require_role(actor, rules.REGISTRARS, "修改单位")
    pairs = [(locked[unit.pk], values) for unit, values in changes]
    holders = _holders([values.get("name", unit.name) for unit, values in pairs])
    found = []
    for position, (unit, values) in enumerate(pairs):
        name = values.get("name", unit.name)
        taken = holders.setdefault(name, unit.pk) != unit.pk
        refusals = _refuse_unit(name, values.get("credit_code", unit.credit_code), taken=taken)
        found.append((row_number(position, changes), name, refusals))
    raise_all(found)
    told = [(unit, set_changes(unit, values)) for unit, values in pairs]
    update_rows([(unit, list(changed)) for unit, changed in told])
    traces = [Trace("directory.unit.changed", unit, changed) for unit, changed in told if changed]
    record_many(traces, actor=actor)
    return [unit for unit, _ in pairs]


def _holders(names: Sequence[str]) -> dict[str, UUID]:
    """Which units have these names already."""
    return dict(Unit.objects.filter(name__in=names).values_list("name", "pk"))


def _refuse_unit(name: str, credit_code: str, *, taken: bool) -> tuple[Refusal, ...]:
    return rules.refuse_unit(name=name, credit_code=credit_code, taken=taken)
