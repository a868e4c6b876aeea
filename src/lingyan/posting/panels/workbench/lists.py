"""The two sides of the workbench: villages with their proposed teams, people and where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from lingyan.common.shelf import Shelf
from lingyan.posting import rules
from lingyan.posting.matching import LoadedPlan
from lingyan.posting.matching.pricing import names_ready
from lingyan.posting.problem import VillageNeed
from lingyan.posting.problem.left import unused_people
from lingyan.posting.problem.price_words import priority_label

NEEDS_SHOWN, CAPABILITIES_SHOWN = 3, 3
PEOPLE_PER_PAGE = 40
TAKEN_NOTE = "写“由……担任”的，最合适的岗位名额已满。"
ROWS = Shelf(12)

VILLAGE_STATES = (
    ("short", "缺人"),
    ("empty", "空村"),
    ("full", "配齐"),
    ("warned", "有提醒"),
    ("pinned", "有指定"),
)
VILLAGE_SORTS = (
    ("state", "缺人的在前"),
    ("klass", "优先级"),
    ("town", "乡镇"),
    ("fit", "匹配度低的在前"),
)
PEOPLE_STATES = (("left", "未派"), ("seated", "已拟派"), ("all", "全部"))
CAPABILITY_LABELS = dict(rules.Capability.choices())
TYPE_LABELS = dict(rules.VillageType.choices())


@dataclass(frozen=True, slots=True)
class Seat:
    """One person proposed for one post of a village."""

    role: str
    person: str
    name: str
    unit: str
    fit: int
    wish_rank: int | None
    wanted_rank: int | None
    pinned: bool
    warnings: tuple[str, ...]

    @property
    def share(self) -> int:
        return min(self.fit, 1000) // 10

    @property
    def tone(self) -> str:
        return "g" if self.fit >= 700 else "y" if self.fit >= 500 else ""


@dataclass(frozen=True, slots=True)
class Need:
    """One capability that a village needs: the level asked for and the best in the team."""

    label: str
    needed: int
    weight: int
    has: int

    @property
    def mark(self) -> str:
        return "g" if self.has >= self.needed else "y" if self.has else "r"

    @property
    def word(self) -> str:
        return {"g": "满足", "y": "不足", "r": "缺"}[self.mark]

    @property
    def sign(self) -> str:
        return {"g": "✓", "y": "△", "r": "✕"}[self.mark]

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class VillageRow:
    id: UUID
    name: str
    town: str
    klass: int
    klass_label: str
    types: tuple[str, ...]
    needs: tuple[Need, ...]
    met: int
    asked: int
    seats: int
    team: tuple[Seat, ...]

    @property
    def filled(self) -> int:
        return len(self.team)

    @property
    def short(self) -> int:
        return self.seats - len(self.team)

    @property
    def warnings(self) -> int:
        return sum(len(seat.warnings) for seat in self.team)

    @property
    def fit(self) -> int:
        return sum(seat.fit for seat in self.team) // len(self.team) if self.team else 0

    def is_in(self, state: str) -> bool:
        return {
            "short": self.short > 0,
            "empty": not self.team,
            "full": not self.short,
            "warned": self.warnings > 0,
            "pinned": any(seat.pinned for seat in self.team),
        }.get(state, True)

    def says(self, text: str) -> bool:
        words = [self.name, self.town, *(seat.name for seat in self.team)]
        return any(text in word for word in words)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One candidate: where proposed, or why not; `taken_by` has the post that would suit best."""

    id: str
    name: str
    unit: str
    capabilities: tuple[str, ...]
    codes: frozenset[str]
    seat: str
    village_id: UUID | None
    fit: int
    best: str
    taken_by: str
    reason: str

    @property
    def is_left(self) -> bool:
        return self.village_id is None

    def is_in(self, state: str) -> bool:
        return state == "all" or self.is_left == (state == "left")

    def says(self, text: str) -> bool:
        return any(text in word for word in (self.name, self.unit, self.id))


# --- villages -----------------------------------------------------------------------------------


def village_rows(plan_id: UUID, loaded: LoadedPlan) -> tuple[VillageRow, ...]:
    """Every village of the round; worked out once for each plan."""
    return ROWS.get(("villages", plan_id), lambda: _village_rows(loaded))


def _village_rows(loaded: LoadedPlan) -> tuple[VillageRow, ...]:
    teams: dict[str, list[Seat]] = defaultdict(list)
    levels: dict[str, list[Mapping[str, int]]] = defaultdict(list)
    for row in loaded.engine_plan.assignments:
        candidate, need, role = loaded.posting_problem.pair(row.person, row.post)
        teams[need.id].append(_seat(loaded, row, role))
        levels[need.id].append(candidate.levels)
    return tuple(
        _village_row(
            need,
            tuple(sorted(teams[need.id], key=_first_secretary_first)),
            needs_met(need, levels[need.id]),
        )
        for need in loaded.posting_problem.needs
        if need.first_secretaries or need.members
    )


def _first_secretary_first(seat: Seat) -> tuple[bool, int, str]:
    return seat.role != rules.Role.FIRST_SECRETARY.label, -seat.fit, seat.person


def _seat(loaded: LoadedPlan, row: Any, role: str) -> Seat:
    problem = loaded.posting_problem
    candidate = problem.people[problem.person_number[row.person]]
    return Seat(
        rules.Role(role).label,
        row.person,
        candidate.facts.name,
        candidate.facts.unit or "",
        row.score,
        row.person_rank,
        row.post_rank,
        row.pinned,
        warnings_of(loaded, row.person, row.post),
    )


def warnings_of(loaded: LoadedPlan, person: str, post: str) -> tuple[str, ...]:
    """Which rules only warn of this pair, in words; health and discipline under one name."""
    names = names_ready(loaded)
    codes = loaded.posting_problem.warning_rules(person, post)
    public = [
        rules.PRIVATE_LINE[2] if code in rules.PRIVATE_RULES else names.get(code, code)
        for code in codes
    ]
    return tuple(dict.fromkeys(public))


def _village_row(need: VillageNeed, team: tuple[Seat, ...], needs: tuple[Need, ...]) -> VillageRow:
    return VillageRow(
        UUID(need.id),
        need.facts.name,
        need.facts.town or "",
        need.priority,
        priority_label(need.priority),
        need.types,
        needs[:NEEDS_SHOWN],
        sum(one.mark == "g" for one in needs),
        len(needs),
        need.first_secretaries + need.members,
        team,
    )


def needs_met(need: VillageNeed, team: Sequence[Mapping[str, int]]) -> tuple[Need, ...]:
    """What the village needs, the heaviest first, with the best level in the team."""
    heaviest = sorted(need.profile, key=lambda line: (-line.weight, line.capability))
    return tuple(
        Need(
            CAPABILITY_LABELS.get(line.capability, line.capability),
            line.level,
            line.weight,
            max((levels.get(line.capability, 0) for levels in team), default=0),
        )
        for line in heaviest
    )


# --- people -------------------------------------------------------------------------------------


def people_rows(plan_id: UUID, loaded: LoadedPlan) -> tuple[PersonRow, ...]:
    return ROWS.get(("people", plan_id), lambda: _people_rows(loaded))


def _people_rows(loaded: LoadedPlan) -> tuple[PersonRow, ...]:
    """Everybody, those who are left first; the reasons are those of the workbook."""
    problem, names = loaded.posting_problem, names_ready(loaded)
    held = {row.person: row for row in loaded.engine_plan.assignments}
    left = {one.number: one for one in unused_people(problem, loaded.engine_plan, coded=False)}
    rows = []
    for number, candidate in enumerate(problem.people):
        row, why = held.get(candidate.id), left.get(number)
        rows.append(
            PersonRow(
                candidate.id,
                candidate.facts.name,
                candidate.facts.unit or "",
                _strongest(candidate.levels),
                frozenset(candidate.levels),
                names[row.post] if row else "",
                UUID(row.post.rpartition("/")[0]) if row else None,
                row.score if row else why.fit if why else 0,
                why.best if why else "",
                why.holders if why else "",
                why.reason if why else "",
            )
        )
    return tuple(sorted(rows, key=lambda one: (not one.is_left, -one.fit, one.id)))


def _strongest(levels: Mapping[str, int]) -> tuple[str, ...]:
    best = sorted(
        (item for item in levels.items() if item[1]), key=lambda item: (-item[1], item[0])
    )
    return tuple(
        f"{CAPABILITY_LABELS.get(code, code)} {level}" for code, level in best[:CAPABILITIES_SHOWN]
    )


# --- what the address asks for ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picker:
    """One drop-down of a side, with what is chosen."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One press that leaves the rows of one state, with how many there are."""

    code: str
    label: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the workbench as the address asks for it."""

    rows: Sequence[Any]
    total: int
    found: int
    search: str
    chips: tuple[Chip, ...]
    pickers: tuple[Picker, ...]
    others: tuple[tuple[str, str], ...]
    elsewhere: int = 0
    note: str = ""
    page: int = 1
    pages: int = 1

    @property
    def is_filtered(self) -> bool:
        return self.found != self.total


Asked = Mapping[str, str]
VILLAGE_NAMES = ("q", "town", "klass", "type", "state", "sort")
PEOPLE_NAMES = ("pq", "punit", "pcap", "pstate", "ppage")


def village_side(rows: Sequence[VillageRow], asked: Asked) -> Side:
    towns = tuple((town, town) for town in dict.fromkeys(row.town for row in rows))
    klasses = tuple((str(n), priority_label(n)) for n in sorted({row.klass for row in rows}))
    met = {code for row in rows for code in row.types}
    types = tuple((code, label) for code, label in TYPE_LABELS.items() if code in met)
    town, klass = _chosen(asked, "town", towns), _chosen(asked, "klass", klasses)
    kind, state = _chosen(asked, "type", types), _chosen(asked, "state", VILLAGE_STATES)
    text, sort = asked.get("q", "").strip()[:40], _chosen(asked, "sort", VILLAGE_SORTS) or "state"
    of_any_state = [
        row
        for row in rows
        if (not town or row.town == town)
        and (not klass or row.klass == int(klass))
        and (not kind or kind in row.types)
        and (not text or row.says(text))
    ]
    counts = {code: sum(row.is_in(code) for row in of_any_state) for code, _ in VILLAGE_STATES}
    found = [row for row in of_any_state if row.is_in(state)]
    return Side(
        sorted(found, key=SORTS[sort]),
        len(rows),
        len(found),
        text,
        (
            Chip("", "全部", len(of_any_state), not state),
            *(
                Chip(code, label, counts[code], code == state)
                for code, label in VILLAGE_STATES
                if counts[code] or code == state
            ),
        ),
        (
            Picker("town", "乡镇", towns, town),
            Picker("klass", "优先级", klasses, klass),
            Picker("type", "村类型", types, kind),
            Picker("sort", "排序", VILLAGE_SORTS, sort),
        ),
        _others(asked, (*PEOPLE_NAMES, "state")),
    )


def neighbours(rows: Sequence[VillageRow], village_id: UUID) -> dict[str, Any]:
    """The villages before and after one in the list as it is filtered, and its place there."""
    ids = [row.id for row in rows]
    if village_id not in ids:
        return {"count": len(ids)}
    place = ids.index(village_id)
    return {
        "place": place + 1,
        "count": len(ids),
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(ids) else None,
    }


SORTS: Mapping[str, Callable[[VillageRow], Any]] = {
    "state": lambda row: (bool(row.team), not row.short, row.klass, row.town, row.name),
    "klass": lambda row: (row.klass, row.town, row.name),
    "town": lambda row: (row.town, row.klass, row.name),
    "fit": lambda row: (not row.team, row.fit, row.klass, row.name),
}


def people_side(rows: Sequence[PersonRow], asked: Asked) -> Side:
    units = tuple((unit, unit) for unit in sorted({row.unit for row in rows if row.unit}))
    unit = _chosen(asked, "punit", units)
    capability = _chosen(asked, "pcap", rules.Capability.choices())
    state = _chosen(asked, "pstate", PEOPLE_STATES) or "left"
    text = asked.get("pq", "").strip()[:40]
    of_any_state = [
        row
        for row in rows
        if (not unit or row.unit == unit)
        and (not capability or capability in row.codes)
        and (not text or row.says(text))
    ]
    found = [row for row in of_any_state if row.is_in(state)]
    pages = max(1, -(-len(found) // PEOPLE_PER_PAGE))
    page = min(max(1, _number(asked.get("ppage", ""))), pages)
    shown = found[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    return Side(
        shown,
        len(rows),
        len(found),
        text,
        tuple(
            Chip(code, label, sum(row.is_in(code) for row in of_any_state), code == state)
            for code, label in PEOPLE_STATES
        ),
        (
            Picker("punit", "单位", units, unit),
            Picker("pcap", "能力", rules.Capability.choices(), capability),
        ),
        _others(asked, (*VILLAGE_NAMES, "pstate")),
        0 if found else len(of_any_state),
        TAKEN_NOTE if any(row.taken_by for row in shown) else "",
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


def kept(asked: Asked) -> str:
    """What both lists have been asked for, to be carried along by every link; empty if nothing."""
    names = (*VILLAGE_NAMES, *PEOPLE_NAMES)
    found = urlencode([(name, asked[name]) for name in names if asked.get(name)])
    return f"?{found}" if found else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
