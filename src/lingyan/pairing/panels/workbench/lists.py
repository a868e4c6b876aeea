"""The two sides of the workbench: villages with their units, units with their villages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingyan.common.pinyin import spelt
from lingyan.common.shelf import Shelf
from lingyan.directory.rules import VillageType, core_of_place, core_of_unit
from lingyan.pairing.matching import LoadedPlan
from lingyan.pairing.problem.words import priority_label
from lingyan.pairing.rules import Resource, UnitFacts, VillageFacts

ROWS = Shelf(12)
RESOURCE_LABELS = dict(Resource.choices())
TYPE_LABELS = dict(VillageType.choices())
UNITS_PER_PAGE = 40
NEEDS_SHOWN = 3
STATES = (("short", "未足数"), ("none", "没有结对"), ("full", "已足数"), ("pinned", "有指定"),
          ("kept", "有保留的"))  # fmt: skip
VILLAGE_SORTS = (
    ("state", "未足数的在前"),
    ("klass", "优先级"),
    ("town", "乡镇"),
    ("points", "结对分低的在前"),
)


def bounds_text(lower: int, upper: int) -> str:
    """1, or 1–3 where there is a choice."""
    return str(upper) if lower == upper else f"{lower}–{upper}"


@dataclass(frozen=True, slots=True)
class Line:
    """One pair as its village or its unit shows it."""

    id: str
    name: str
    points: int
    pinned: bool
    kept: bool

    @property
    def share(self) -> int:
        return min(self.points, 1000) // 10

    @property
    def tone(self) -> str:
        return "g" if self.points >= 700 else "y" if self.points >= 500 else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A village, or a unit, with whom it is paired."""

    id: str
    name: str
    town: str
    note: str
    klass: int
    lower: int
    upper: int
    lines: tuple[Line, ...]
    keys: frozenset[str] = frozenset()  # pinyin and initials of what `says` reads

    @property
    def short(self) -> int:
        return max(0, max(self.lower, min(1, self.upper)) - len(self.lines))

    @property
    def bounds(self) -> str:
        return bounds_text(self.lower, self.upper)

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines) // len(self.lines) if self.lines else 0

    def is_in(self, state: str) -> bool:
        return {
            "short": self.short > 0,
            "none": not self.lines,
            "full": not self.short,
            "pinned": any(line.pinned for line in self.lines),
            "kept": any(line.kept for line in self.lines),
        }.get(state, True)

    def says(self, text: str) -> bool:
        words = (self.name, self.town, *(line.name for line in self.lines))
        letters = text.lower()
        return any(text in word for word in words) or any(
            key.startswith(letters) for key in self.keys
        )


def village_rows(loaded: LoadedPlan) -> tuple[Row, ...]:
    """Every village of the round; worked out once for each plan."""
    return ROWS.get(("villages", loaded.id), lambda: _rows(loaded)[0])


def unit_rows(loaded: LoadedPlan) -> tuple[Row, ...]:
    return ROWS.get(("units", loaded.id), lambda: _rows(loaded)[1])


def _rows(loaded: LoadedPlan) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    of_village: dict[str, list[Line]] = defaultdict(list)
    of_unit: dict[str, list[Line]] = defaultdict(list)
    for row in loaded.engine_plan.assignments:
        pair = (row.person, row.post)
        kept = row.person in loaded.problem.pair(*pair)[1].kept
        unit, village = loaded.names[row.person], loaded.names[row.post]
        of_village[row.post].append(Line(row.person, unit, row.score, pair in loaded.asked, kept))
        of_unit[row.person].append(Line(row.post, village, row.score, pair in loaded.asked, kept))
    return (
        tuple(_village(one, _sorted(of_village[one.id])) for one in loaded.problem.villages),
        tuple(_unit(one, _sorted(of_unit[one.id])) for one in loaded.problem.units),
    )


def _sorted(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.points, line.name)))


def _keys(*names: str) -> frozenset[str]:
    """罗盘村 is found by luopan and lp, 宣汉县财政局 by caizhengju and czj."""
    cores = {core for name in names for core in (core_of_unit(name), core_of_place(name)) if core}
    return frozenset(key for core in cores for key in spelt(core) if key)


def _named(lines: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(line.name for line in lines)


def _village(one: VillageFacts, lines: tuple[Line, ...]) -> Row:
    needs = sorted(one.needs.items(), key=lambda item: (-item[1], item[0]))[:NEEDS_SHOWN]
    words = [priority_label(one.priority), *one.industries]
    words += [f"要{RESOURCE_LABELS[name]} {level}" for name, level in needs if level]
    return Row(
        one.id, one.name, one.town or "", " · ".join(words), one.priority, one.lower, one.upper,
        lines, _keys(one.name, one.town or "", *_named(lines)),
    )  # fmt: skip


def _unit(one: UnitFacts, lines: tuple[Line, ...]) -> Row:
    gives = sorted(one.resources.items(), key=lambda item: (-item[1], item[0]))[:NEEDS_SHOWN]
    words = [*one.sectors, *(f"{RESOURCE_LABELS[name]} {level}" for name, level in gives if level)]
    note = " · ".join(words) or "未填报"
    keys = _keys(one.name, one.town or "", *_named(lines))
    town = one.town or "乡镇不明"
    return Row(one.id, one.name, town, note, 0, one.lower, one.upper, lines, keys)


# --- what the address asks for ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picker:
    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the workbench as the address asks for it."""

    rows: Sequence[Row]
    total: int
    found: int
    search: str
    pickers: tuple[Picker, ...]
    others: tuple[tuple[str, str], ...]
    page: int = 1
    pages: int = 1

    @property
    def is_filtered(self) -> bool:
        return self.found != self.total


Asked = Mapping[str, str]
VILLAGE_NAMES = ("q", "town", "klass", "state", "sort")
UNIT_NAMES = ("uq", "utown", "ustate", "upage")
SORTS: Mapping[str, Callable[[Row], Any]] = {
    "state": lambda row: (bool(row.lines), not row.short, row.klass, row.town, row.name),
    "klass": lambda row: (row.klass, row.town, row.name),
    "town": lambda row: (row.town, row.klass, row.name),
    "points": lambda row: (not row.lines, row.points, row.name),
}


def village_side(rows: Sequence[Row], asked: Asked) -> Side:
    towns = tuple((town, town) for town in sorted({row.town for row in rows}))
    klasses = tuple((str(n), priority_label(n)) for n in sorted({row.klass for row in rows}))
    town, klass = _chosen(asked, "town", towns), _chosen(asked, "klass", klasses)
    state, text = _chosen(asked, "state", STATES), asked.get("q", "").strip()[:40]
    sort = _chosen(asked, "sort", VILLAGE_SORTS) or "state"
    found = [
        row
        for row in rows
        if (not town or row.town == town)
        and (not klass or row.klass == int(klass))
        and row.is_in(state)
        and (not text or row.says(text))
    ]
    pickers = (
        Picker("town", "乡镇", towns, town),
        Picker("klass", "优先级", klasses, klass),
        Picker("state", "状态", STATES, state),
        Picker("sort", "排序", VILLAGE_SORTS, sort),
    )
    return Side(
        sorted(found, key=SORTS[sort]), len(rows), len(found), text, pickers,
        _others(asked, UNIT_NAMES),
    )  # fmt: skip


def unit_side(rows: Sequence[Row], asked: Asked) -> Side:
    towns = tuple((town, town) for town in sorted({row.town for row in rows}))
    town, state = _chosen(asked, "utown", towns), _chosen(asked, "ustate", STATES)
    text = asked.get("uq", "").strip()[:40]
    found = [
        row
        for row in rows
        if (not town or row.town == town) and row.is_in(state) and (not text or row.says(text))
    ]
    found.sort(key=SORTS["state"])
    pages = max(1, -(-len(found) // UNITS_PER_PAGE))
    page = min(max(1, _number(asked.get("upage", ""))), pages)
    return Side(
        found[(page - 1) * UNITS_PER_PAGE : page * UNITS_PER_PAGE],
        len(rows),
        len(found),
        text,
        (Picker("utown", "乡镇", towns, town), Picker("ustate", "状态", STATES, state)),
        _others(asked, VILLAGE_NAMES),
        page,
        pages,
    )


def _chosen(asked: Asked, name: str, choices: Iterable[tuple[str, str]]) -> str:
    """An unknown value in the address counts as not chosen."""
    value = asked.get(name, "")
    return value if value in {code for code, _ in choices} else ""


def _others(asked: Asked, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the other side has been asked for; its form must not be emptied by this one."""
    return tuple((name, asked[name]) for name in names if asked.get(name))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
