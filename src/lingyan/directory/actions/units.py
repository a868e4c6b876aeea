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
    named = _Named.of([row.name for row in rows])
    found = []
    for position, row in enumerate(rows):
        taken = named.holder(row.name, row.place) is not None
        refusals = [
            *_refuse_unit(row.name, row.credit_code, taken=taken),
            *refuse_outside(actor, row.place.path),
        ]
        named.take(row.name, row.place, NEW)
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
    named = _Named.of([values.get("name", unit.name) for unit, values in pairs])
    found = []
    for position, (unit, values) in enumerate(pairs):
        name, place = values.get("name", unit.name), values.get("place", unit.place)
        taken = named.holder(name, place) not in (None, unit.pk)
        named.take(name, place, unit.pk)
        refusals = _refuse_unit(name, values.get("credit_code", unit.credit_code), taken=taken)
        found.append((row_number(position, changes), name, refusals))
    raise_all(found)
    told = [(unit, set_changes(unit, values)) for unit, values in pairs]
    update_rows([(unit, list(changed)) for unit, changed in told])
    traces = [Trace("directory.unit.changed", unit, changed) for unit, changed in told if changed]
    record_many(traces, actor=actor)
    return [unit for unit, _ in pairs]


NEW = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Named:
    """Which unit of which county has a name already: what a sheet names must mean one unit."""

    counties: tuple[str, ...]
    holders: dict[tuple[str, str], UUID]

    @classmethod
    def of(cls, names: Sequence[str]) -> _Named:
        counties = tuple(
            Place.objects.filter(level=rules.PlaceLevel.COUNTY).values_list("path", flat=True)
        )
        named = cls(counties, {})
        for unit in Unit.objects.filter(name__in=names).select_related("place"):
            named.take(unit.name, unit.place, unit.pk)
        return named

    def take(self, name: str, place: Place, holder: UUID) -> None:
        self.holders.setdefault((self._county(place), name), holder)

    def holder(self, name: str, place: Place) -> UUID | None:
        return self.holders.get((self._county(place), name))

    def _county(self, place: Place) -> str:
        """The path of the county in which the place lies; what lies above a county is its own."""
        return next((path for path in self.counties if place.path.startswith(path)), place.path)


def _refuse_unit(name: str, credit_code: str, *, taken: bool) -> tuple[Refusal, ...]:
    return rules.refuse_unit(name=name, credit_code=credit_code, taken=taken)
