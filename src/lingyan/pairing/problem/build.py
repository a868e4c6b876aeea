"""Which pairs of unit and village may be, with how many points?

In the engine's words the units are the people (with lower and upper bounds) and the villages the
posts; one pair is one assignment.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lingyan.common.nearness import TownMap
from lingyan.pairing.rules import (
    PairParts,
    PairWeights,
    UnitFacts,
    VillageFacts,
    may_pair,
    pair_parts,
    pair_results,
)
from lingyan_matching.problem import Person, Post, Problem


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
