"""Which place, unit or person does a written name mean, within what the reader may see?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from lingyan.common.pages import Flaw
from lingyan.common.refusals import Refusal
from lingyan.common.sheet import ParsedRow, Sheet
from lingyan.directory import queries
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules import (
    NameBook,
    Named,
    PlaceLevel,
    plain_name,
    short_town_name,
    short_village_name,
)
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.exchange.comparing import shown
from lingyan.platform.exchange.registry import RowFault

SUGGESTED_FOR = 200  # a file full of unknown names is not worth minutes of suggestions
Thing = TypeVar("Thing", Place, Unit, Person)


class Found(Generic[Thing]):
    """A book of names with the records behind them."""

    def __init__(self, book: NameBook, things: dict[str, Thing], what: str) -> None:
        self._book = book
        self._things: dict[str, Thing] = things
        self._what = what
        self._suggested = 0

    def all(self, text: str, within: str | None = None) -> list[Thing]:
        return [self._things[hit.id] for hit in self._book.find(text, within)]

    def one(self, text: str, within: str | None = None) -> Thing | Flaw:
        """The one thing that the text means, or in words why it is not one."""
        hits = self._book.find(text, within)
        if len(hits) > 1:
            hits = tuple(hit for hit in hits if _is_exact(hit, text)) or hits
        if len(hits) == 1:
            return self._things[hits[0].id]
        if hits:
            return several(self._what, [hit.label for hit in hits])
        return unknown(self._what, self._nearest(text))

    def _nearest(self, text: str) -> Sequence[str]:
        self._suggested += 1
        return self._book.nearest(text) if self._suggested <= SUGGESTED_FOR else ()


def _is_exact(hit: Named, text: str) -> bool:
    """三墩镇 and 三墩乡 are both called 三墩, but written in full only one of them."""
    return plain_name(text) in {plain_name(hit.name), hit.code}


class Names:
    """The names in the actor's scope; each book is read when it is first asked."""

    def __init__(self, actor: Actor) -> None:
        self._scope = actor.scope

    @cached_property
    def places(self) -> list[Place]:
        return list(queries.list_places(self._area).order_by("path"))

    @cached_property
    def _area(self) -> Scope:
        """A unit's people come from anywhere in its county, so the county's places are known."""
        if self._scope.place_paths:
            return self._scope
        units = queries.list_units(self._scope)
        counties = Place.objects.filter(level=PlaceLevel.COUNTY)
        paths = [
            path
            for unit in units
            for path in counties.values_list("path", flat=True)
            if unit.place.path.startswith(path)
        ]
        return Scope(place_paths=tuple(dict.fromkeys(paths)))

    @cached_property
    def root(self) -> Place | None:
        """The county that the scope lies in, if it is one."""
        counties = [place for place in self.places if place.level == PlaceLevel.COUNTY]
        return counties[0] if len(counties) == 1 else None

    @cached_property
    def villages(self) -> Found[Place]:
        return _places(self.places, PlaceLevel.VILLAGE, "村", short_village_name)

    @cached_property
    def towns(self) -> Found[Place]:
        return _places(self.places, PlaceLevel.TOWNSHIP, "乡镇", short_town_name)

    @cached_property
    def units(self) -> Found[Unit]:
        units = {str(unit.pk): unit for unit in queries.list_units(self._scope)}
        counted = Counter(unit.name for unit in units.values())
        named = [_named_unit(key, unit, counted[unit.name]) for key, unit in units.items()]
        return Found(NameBook(named, short=plain_name), units, "单位")

    @cached_property
    def people(self) -> Found[Person]:
        """By number, by name, by name with unit (or village) before or behind it."""
        people = {str(person.pk): person for person in queries.list_people(self._scope)}
        named = [
            Named(key, one.name, f"{one.name}（{whose(one)}）", whose(one), one.number)
            for key, one in people.items()
        ]
        return Found(NameBook(named, short=plain_name), people, "人员")


def _named_unit(key: str, unit: Unit, units_of_the_name: int) -> Named:
    """Counties may have units of one name: whoever sees both writes 县财政局（山阳县）."""
    where = unit.place.short_name
    label = f"{unit.name}（{where}）" if units_of_the_name > 1 else unit.name
    return Named(key, unit.name, label, where)


def whose(person: Person) -> str:
    return person.unit.name if person.unit else person.place.short_name


def _places(places: Iterable[Place], level: PlaceLevel, what: str, short: object) -> Found[Place]:
    own = {str(place.pk): place for place in places if place.level == level}
    named = []
    for key, place in own.items():
        parent = place.parent
        within = parent.short_name if parent and level == PlaceLevel.VILLAGE else None
        label = f"{within}{place.short_name}" if within else place.short_name
        named.append(Named(key, place.name, label, within, place.code or None))
    return Found(NameBook(named, short=short), own, what)  # type: ignore[arg-type]  # one of the two short-name functions


# --- collecting what is wrong with one row ------------------------------------------------------


@dataclass(slots=True)
class RowReader:
    """One row on its way to records: looks names up and collects every fault."""

    row: ParsedRow
    sheet: Sheet
    names: Names
    faults: list[RowFault] = field(default_factory=list)

    def text(self, column: str) -> str:
        return self.row.values.get(column) or ""

    def fault(self, column: str, flaw: Flaw, value: str | None = None) -> None:
        cell = next(one for one in self.sheet.columns if one.name == column)
        written = shown(cell, self.row.values.get(column)) if value is None else value
        self.faults.append(RowFault(cell.heading, written, flaw))

    def refuse(self, column: str, refusals: Iterable[Refusal]) -> None:
        """What the rules of the action say, beside the row."""
        for refusal in refusals:
            self.fault(column, Flaw(refusal.text, "请核对后改正", refusal.text, "check the row"))

    def village(self, column: str = "village", town: str = "town") -> Place | None:
        code = self.row.values.get("code")
        wanted = code or self.text(column)
        return self._kept(column, self.names.villages.one(wanted, self.text(town) or None))

    def town(self, column: str = "town") -> Place | None:
        if not self.text(column):
            return None
        return self._kept(column, self.names.towns.one(self.text(column)))

    def unit(self, column: str = "unit") -> Unit | None:
        if not self.text(column):
            return None
        return self._kept(column, self.names.units.one(self.text(column)))

    def person(self, column: str = "person", unit: str = "unit") -> Person | None:
        return self._kept(column, self.names.people.one(self.text(column), self.text(unit) or None))

    def each_place(self, column: str, places: Found[Place]) -> list[Place]:
        """Several names in one cell; each unknown one is a fault of its own."""
        found = []
        for name in self.row.values.get(column) or ():
            place = self._kept(column, places.one(name), name)
            if place is not None:
                found.append(place)
        return found

    def _kept(self, column: str, found: Thing | Flaw, value: str | None = None) -> Thing | None:
        if isinstance(found, Flaw):
            self.fault(column, found, value)
            return None
        return found


HOW_TO_TELL = {
    "村": "请在“乡镇”列写明乡镇，或写成 村名（乡镇）",
    "人员": "请写成 姓名（单位），或写编号",
    "单位": "请写成 单位（所在县）",
}


def several(what: str, labels: Sequence[str]) -> Flaw:
    shown = "、".join(labels[:6])
    return Flaw(
        f"同名的{what}不止一个：{shown}",
        HOW_TO_TELL.get(what, "请写全称"),
        f"several records have this name: {shown}",
        "write the town, the unit or the number as well",
    )


def unknown(what: str, nearest: Sequence[str]) -> Flaw:
    near = "、".join(nearest)
    return Flaw(
        f"您的管辖范围内没有这个{what}" + (f"；相近的有：{near}" if near else ""),
        f"请改正，或先登记这个{what}",
        "there is no such record in your scope" + (f"; similar: {near}" if near else ""),
        "correct the name or register it first",
    )
