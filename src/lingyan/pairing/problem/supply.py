"""Which needs of a village could bring the points that a unit lacks?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from lingyan.common import supply
from lingyan.pairing.problem.build import PairingProblem
from lingyan.pairing.rules import Resource, pair_parts

Pair = tuple[str, str]
RESOURCE_LABELS = dict(Resource.choices())
OTHERS = "地域、行业或自愿"


def with_supplies(
    problem: PairingProblem, pair: Pair, changes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The smallest changes of a pair that is not made, with the needs behind points."""
    unit, village = problem.pair(*pair)
    gain = partial(_gain, problem, pair)
    found = supply.supplies(village.profile, unit.resources, RESOURCE_LABELS, gain)
    return [
        supply.supplied(change, village.profile, found, gain, others=OTHERS)
        if change.get("kind") == "fit"
        else dict(change)
        for change in changes
    ]


def _gain(problem: PairingProblem, pair: Pair, levels: Mapping[str, int]) -> int:
    """By how much the points would rise if the unit had these resources, computed again."""
    unit, village = problem.pair(*pair)
    raised = {name: max(level, unit.resources.get(name, 0)) for name, level in levels.items()}
    better = replace(unit, resources={**unit.resources, **raised})
    settings = problem.settings
    parts = pair_parts(
        better, village, settings.weights, towns=problem.towns, matrix=settings.matrix
    )
    return parts.total - problem.parts(*pair).total
