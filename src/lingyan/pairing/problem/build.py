"""Which pairs of unit and village may be, with how many points?

In the engine's words the units are the people (with lower and upper bounds) and the villages the
posts; one pair is one assignment.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lingyan.common.cover import points_won
from lingyan.common.nearness import TownMap
from lingyan.pairing.rules import (
    Answer,
    PairParts,
    PairWeights,
    Resource,
    UnitFacts,
    VillageFacts,
    may_pair,
    pair_parts,
    pair_results,
)
from lingyan_matching.problem import Person, Post, Problem

FORMAT = "lingyan.explanation/1"
PART_LABELS = (
    ("near", "地域相邻"),
    ("related", "行业相关"),
    ("complement", "优势相补"),
    ("consent", "自愿双向"),
)
RESOURCE_LABELS = dict(Resource.choices())


@dataclass(frozen=True, slots=True)
class Pin:
    """指定: this unit with this village, with a reason."""

    unit: str
    village: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairingSettings:
    """What the county set for the run."""

    weights: PairWeights = field(default_factory=PairWeights)
    matrix: Mapping[tuple[str, str], int] = field(default_factory=dict)
    adjoining: Mapping[str, tuple[str, ...]] | None = None
    minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    towns: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class PairingProblem:
    """The round as the engine sees it, and what is needed to explain every pair."""

    units: tuple[UnitFacts, ...]
    villages: tuple[VillageFacts, ...]
    settings: PairingSettings
    problem: Problem
    unit_number: dict[str, int]
    village_number: dict[str, int]
    towns: TownMap

    def pair(self, unit: str, village: str) -> tuple[UnitFacts, VillageFacts]:
        return self.units[self.unit_number[unit]], self.villages[self.village_number[village]]

    def parts(self, unit: str, village: str) -> PairParts:
        settings = self.settings
        return pair_parts(
            *self.pair(unit, village),
            settings.weights,
            towns=self.towns,
            matrix=settings.matrix,
        )


def build_pairing(
    villages: Iterable[VillageFacts], units: Iterable[UnitFacts], settings: PairingSettings
) -> PairingProblem:
    """Turn plain villages and units into the engine's problem; order of input does not matter."""
    givers = tuple(sorted(units, key=lambda unit: unit.id))
    takers = tuple(sorted(villages, key=lambda village: village.id))
    towns = TownMap(minutes=settings.minutes, adjoining=settings.adjoining, towns=settings.towns)
    person, post, score = array("q"), array("q"), array("q")
    for number, village in enumerate(takers):
        for place, unit in enumerate(givers):
            if may_pair(pair_results(unit, village)):
                parts = pair_parts(
                    unit, village, settings.weights, towns=towns, matrix=settings.matrix
                )
                person.append(place)
                post.append(number)
                score.append(parts.total)
    problem = Problem(
        tuple(Person(unit.id, None, unit.lower, unit.upper) for unit in givers),
        tuple(
            Post(village.id, village.lower, village.upper, village.priority, village.id)
            for village in takers
        ),
        (),
        person,
        post,
        score,
        pins=tuple((pin.unit, pin.village) for pin in settings.pins),
    )
    return PairingProblem(
        givers,
        takers,
        settings,
        problem,
        {unit.id: number for number, unit in enumerate(givers)},
        {village.id: number for number, village in enumerate(takers)},
        towns,
    )


def pair_explanation(
    problem: PairingProblem, engine: Mapping[str, Any] | None, unit: str, village: str
) -> dict[str, Any]:
    """The full explanation of one pair; `engine` is what the engine says of it, as JSON."""
    giver, taker = problem.pair(unit, village)
    parts, given = problem.parts(unit, village), dict(engine or {})
    results = pair_results(giver, taker)
    return {
        "format": FORMAT,
        "plan": given.get("plan"),
        "person": unit,
        "person_name": giver.name,
        "post": village,
        "post_name": taker.name,
        "fit": {
            "total": parts.total,
            "parts": {name: getattr(parts, name) for name, _ in PART_LABELS},
            "renewal": parts.renewal,
            "weights": asdict(problem.settings.weights),
            "needs": need_table(giver, taker),
        },
        "eligibility": [
            {
                "rule": result.rule,
                "name": result.name,
                "result": "pass" if result.passed else "fail",
                "text": result.text,
            }
            for result in results
        ],
        "alternatives": given.get("alternatives", []),
        "counterfactual": given.get("counterfactual", []),
        "regret": given.get("regret"),
        "text_zh": pair_text(giver, taker, parts) + given.get("text_zh", ""),
    }


def need_table(unit: UnitFacts, village: VillageFacts) -> list[dict[str, Any]]:
    """One line per need of the village: needed, has, won and lost out of 1000."""
    profile = village.profile
    weight = sum(need.weight for need in profile)
    lines = []
    for need in profile:
        has = unit.resources.get(need.capability, 0)
        won = 1000 * points_won(need, has) // (12 * weight)
        lines.append(
            {
                "dim": need.capability,
                "label": RESOURCE_LABELS[need.capability],
                "needed": need.level,
                "has": has,
                "weight": need.weight,
                "won": won,
                "lost": 1000 * need.weight // weight - won,
            }
        )
    return lines


def pair_text(unit: UnitFacts, village: VillageFacts, parts: PairParts) -> str:
    addends = "，".join(f"{label} {getattr(parts, name)}" for name, label in PART_LABELS)
    kept = f"，保留原结对加 {parts.renewal}" if parts.renewal else ""
    words = [
        f"单位{Answer(unit.answers.get(village.id, Answer.OBEY)).label}",
        f"村{Answer(village.answers.get(unit.id, Answer.OBEY)).label}",
    ]
    return f"结对分 {parts.total}（{addends}{kept}）；{'，'.join(words)}。"
