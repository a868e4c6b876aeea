"""Which acts change units?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lingyan.common.refusals import Refusal
from lingyan.directory import rules
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    require_role,
    row_number,
    save_changes,
)
from lingyan.directory.models import Place, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import record


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


@transaction.atomic
def change_unit(unit: Unit, *, actor: Actor, values: Mapping[str, Any]) -> Unit:
    unit = Unit.objects.select_for_update(of=("self",)).select_related("place").get(pk=unit.pk)
    require_role(actor, rules.REGISTRARS, "修改单位")
    name = values.get("name", unit.name)
    taken = Unit.objects.filter(name=name).exclude(pk=unit.pk).exists()
    code = values.get("credit_code", unit.credit_code)
    raise_all([(0, name, _refuse_unit(name, code, taken=taken))])
    if changes := save_changes(unit, values):
        record("directory.unit.changed", actor=actor, subject=unit, changes=changes)
    return unit


def _refuse_unit(name: str, credit_code: str, *, taken: bool) -> tuple[Refusal, ...]:
    return rules.refuse_unit(name=name, credit_code=credit_code, taken=taken)
