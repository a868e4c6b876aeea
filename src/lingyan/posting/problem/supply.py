"""Which needs of a village could bring the points that a person lacks at one of its posts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from lingyan.common import supply
from lingyan.common.cover import cover
from lingyan.common.supply import Supply
from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.problem.fit import FitParts, total_fit
from lingyan.posting.rules import Capability

FIT_SPAN = (0, 1000)
"""The least and the greatest fit that there can be."""
CAPABILITY_LABELS = dict(Capability.choices())
OTHERS = "领导经历、地域、志愿或意向"


def supplies(problem: PostingProblem, person: str, post: str) -> tuple[Supply, ...]:
    """The needs of the village that could raise the fit, the most useful first."""
    candidate, need, _ = problem.pair(person, post)
    gain = partial(_gain, problem, (person, post), problem.parts(person, post))
    return supply.supplies(need.profile, candidate.levels, CAPABILITY_LABELS, gain)


def _gain(
    problem: PostingProblem, pair: tuple[str, str], parts: FitParts, levels: Mapping[str, int]
) -> int:
    """By how much the fit would rise with these levels, computed again."""
    candidate, need, _ = problem.pair(*pair)
    raised = {name: max(level, candidate.levels.get(name, 0)) for name, level in levels.items()}
    met = cover({**candidate.levels, **raised}, need.profile)
    addends = (met, parts.lead, parts.near, parts.wish, parts.wanted)
    return total_fit(problem.settings.weights, addends) - parts.total


def with_supplies(
    problem: PostingProblem, pair: tuple[str, str], changes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The smallest changes of a pair that is not in the plan, with the needs behind points."""
    _, need, _ = problem.pair(*pair)
    gain = partial(_gain, problem, pair, problem.parts(*pair))
    return [
        supply.supplied(change, need.profile, supplies(problem, *pair), gain, others=OTHERS)
        if change.get("kind") == "fit"
        else dict(change)
        for change in changes
    ]
