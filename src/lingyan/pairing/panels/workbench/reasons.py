"""Why this unit with this village, why not another, and what would it cost to insist?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.pairing.matching import LoadedPlan
from lingyan.pairing.matching.pricing import Companion
from lingyan.pairing.panels.workbench.lists import RESOURCE_LABELS, TYPE_LABELS, bounds_text
from lingyan.pairing.problem.explanation import PART_LABELS, need_table
from lingyan.pairing.problem.reasons import POINTS_SPAN
from lingyan.pairing.problem.supply import with_supplies
from lingyan.pairing.problem.words import gain_text, priority_label
from lingyan.pairing.rules import Answer, PairResult, may_pair, pair_results
from lingyan_matching.explain import Explanation
from lingyan_matching.explain import Price as EnginePrice
from lingyan_matching.regret import Move, Regret

SAID, PRICED = Shelf(400), Shelf(64)
PRICES_SHOWN = 8
SLIGHT_POINTS, SOME_POINTS = 20, 100
JOINS, LEAVES = "新增", "不再结对"


# --- how heavy a price is -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weight:
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """One unit's way: from which village to which."""

    unit: str
    source: str
    target: str


def weight_of(gains: Sequence[tuple[str, int]]) -> Weight:
    """Lower numbers and villages without a unit weigh more than any points."""
    if any(gain < 0 for name, gain in gains if name != "score"):
        return Weight("r", "有村或单位落空")
    if any(gain > 0 for name, gain in gains if name != "score"):
        return Weight("g", "多结成")
    lost = -sum(gain for name, gain in gains if name == "score")
    if lost <= 0:
        return Weight("g", "没有代价")
    if lost <= SLIGHT_POINTS:
        return Weight("g", "代价很小")
    return Weight("y", "有代价") if lost <= SOME_POINTS else Weight("r", "代价大")


def gains_of(regret: Regret) -> list[tuple[str, int]]:
    return [(name, -amount) for name, amount in zip(regret.names, regret.amounts, strict=True)]


def steps_of(moves: Sequence[Move], names: Mapping[str, str]) -> list[Step]:
    return [
        Step(
            names.get(move.person, move.person),
            names.get(move.source or "", JOINS),
            names.get(move.target or "", LEAVES),
        )
        for move in moves
    ]


# --- one pair, taken apart ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four principles: points out of 1000, its weight, and what it adds."""

    label: str
    points: int
    weight: int

    @property
    def adds(self) -> int:
        return self.points * self.weight // 100

    @property
    def share(self) -> int:
        return self.points // 10


@dataclass(frozen=True, slots=True)
class PairShown:
    """Everything that the round itself knows of a pair; the engine is not asked."""

    unit: str
    village: str
    unit_name: str
    village_name: str
    sectors: str
    points: int
    parts: tuple[Part, ...]
    renewal: int
    needs: list[dict[str, Any]]
    results: list[PairResult]
    unit_answer: str
    village_answer: str
    is_made: bool
    is_pinned: bool

    @property
    def may(self) -> bool:
        return may_pair(self.results)


def pair_shown(loaded: LoadedPlan, unit: str, village: str) -> PairShown:
    problem = loaded.problem
    giver, taker = problem.pair(unit, village)
    parts, weights = problem.parts(unit, village), problem.settings.weights
    return PairShown(
        unit,
        village,
        giver.name,
        taker.name,
        "、".join(giver.sectors),
        parts.total,
        tuple(
            Part(label, getattr(parts, name), getattr(weights, name)) for name, label in PART_LABELS
        ),
        parts.renewal,
        need_table(giver, taker),
        pair_results(giver, taker),
        answer_label(giver.answers.get(village)),
        answer_label(taker.answers.get(unit)),
        (unit, village) in set(loaded.pairs),
        (unit, village) in loaded.asked,
    )


def answer_label(answer: str | None) -> str:
    return Answer(answer).label if answer else "没有表态（服从安排）"


# --- one village, one unit ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Detail:
    """A village or a unit with its pairs."""

    id: str
    name: str
    town: str
    tags: tuple[str, ...]
    lower: int
    upper: int
    may: int
    pairs: tuple[PairShown, ...]
    banned: tuple[tuple[str, str], ...]
    reason: str

    @property
    def short(self) -> int:
        return max(0, max(self.lower, min(1, self.upper)) - len(self.pairs))

    @property
    def bounds(self) -> str:
        return bounds_text(self.lower, self.upper)


def village_detail(loaded: LoadedPlan, village: str, reason: str) -> Detail:
    one = loaded.problem.villages[loaded.problem.village_number[village]]
    made = [unit for unit, other in loaded.pairs if other == village]
    needs = [f"需要{line[0]} {line[1]} 级" for line in _levels(one.needs)]
    types = [TYPE_LABELS.get(code, code) for code in one.types]
    return Detail(
        village,
        one.name,
        one.town or "",
        (priority_label(one.priority), *types, *one.industries, *needs),
        one.lower,
        one.upper,
        sum(may_pair(pair_results(unit, one)) for unit in loaded.problem.units),
        tuple(pair_shown(loaded, unit, village) for unit in made),
        tuple((u, loaded.names[u]) for u, v in loaded.engine_plan.settings.bans if v == village),
        reason,
    )


def unit_detail(loaded: LoadedPlan, unit: str, reason: str) -> Detail:
    one = loaded.problem.units[loaded.problem.unit_number[unit]]
    made = [village for other, village in loaded.pairs if other == unit]
    gives = [f"能提供{line[0]} {line[1]} 级" for line in _levels(one.resources)]
    return Detail(
        unit,
        one.name,
        one.town or "所在乡镇不明",
        (*one.sectors, *gives),
        one.lower,
        one.upper,
        sum(may_pair(pair_results(one, village)) for village in loaded.problem.villages),
        tuple(pair_shown(loaded, unit, village) for village in made),
        tuple((v, loaded.names[v]) for u, v in loaded.engine_plan.settings.bans if u == unit),
        reason,
    )


def _levels(levels: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(RESOURCE_LABELS[name], level) for name, level in levels.items() if level]


# --- what the engine says -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another pair that could be made instead, with its price."""

    unit: str
    village: str
    name: str
    points: int
    price: str
    weight: Weight
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Standing, price, what flips it, and the best others on both sides."""

    rank_unit: int | None
    rank_village: int | None
    may_village: int
    may_unit: int
    price: str
    weight: Weight | None
    steps: list[Step]
    flips: list[str]
    units: list[Alternative]
    villages: list[Alternative]


def reasons(loaded: LoadedPlan, companion: Companion, unit: str, village: str) -> Reasons:
    key = (loaded.id, unit, village)
    return SAID.get(key, lambda: _reasons(loaded, companion, unit, village))


def _reasons(loaded: LoadedPlan, companion: Companion, unit: str, village: str) -> Reasons:
    names = loaded.names
    found: Explanation = engine.explain(
        loaded.graph, companion.plan, unit, village, names=names, residual=companion.residual,
        span=POINTS_SPAN,
    )  # fmt: skip
    changes = [one.to_json() for one in found.counterfactual]
    if not found.assigned:
        changes = with_supplies(loaded.problem, (unit, village), changes)
    insists = found.regret is not None and not found.assigned
    gains = gains_of(found.regret) if insists and found.regret else []
    return Reasons(
        found.standing.of_person,
        found.standing.of_post,
        found.standing.eligible_for_post,
        found.standing.eligible_for_person,
        gain_text(gains) if insists else "",
        weight_of(gains) if insists else None,
        steps_of(found.chain, names) if insists else [],
        [one["text"] + one.get("supply_text", "") for one in changes],
        [_alternative(one, names, names[one.person]) for one in found.other_people],
        [_alternative(one, names, names[one.post]) for one in found.other_posts],
    )


def _alternative(price: EnginePrice, names: Mapping[str, str], name: str) -> Alternative:
    gains = gains_of(price.regret) if price.regret is not None else []
    text = gain_text(gains) if price.regret is not None else "不能这样结对"
    return Alternative(
        price.person, price.post, name, price.score, text, weight_of(gains),
        steps_of(price.chain, names),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceList:
    shown: list[Alternative]
    total: int


def price_list(
    loaded: LoadedPlan, companion: Companion, village: str, *, everyone: bool
) -> PriceList:
    """What it costs to insist on each other unit for this village, cheapest first."""
    rows = PRICED.get((loaded.id, village), lambda: _prices(loaded, companion, village))
    return PriceList(rows if everyone else rows[:PRICES_SHOWN], len(rows))


def _prices(loaded: LoadedPlan, companion: Companion, village: str) -> list[Alternative]:
    made = {unit for unit, other in loaded.pairs if other == village}
    found = engine.prices(loaded.graph, companion.plan, village, residual=companion.residual)
    return [
        _alternative(one, loaded.names, loaded.names[one.person])
        for one in found
        if one.person not in made
    ]
