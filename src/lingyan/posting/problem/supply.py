"""Which needs could bring the points that a person lacks at a post?

依据：matching-design 3.7（an answer of mode A is a number of points, shown as which needs could
supply it）。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lingyan.common.cover import cover
from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.problem.fit import FitParts, total_fit
from lingyan.posting.rules import Capability

FIT_SPAN = (0, 1000)
"""The least and the greatest fit that there can be."""
CAPABILITY_LABELS = dict(Capability.choices())


@dataclass(frozen=True, slots=True)
class Supply:
    """One need that is not met: meeting it would raise the fit by these points."""

    dim: str
    label: str
    has: int
    needed: int
    points: int

    @property
    def text(self) -> str:
        return f"{self.label}（现 {self.has} 级，需 {self.needed} 级，补足加 {self.points} 分）"


def supplies(problem: PostingProblem, person: str, post: str) -> tuple[Supply, ...]:
    """The needs of the village that could raise the fit, the most useful first."""
    candidate, need, _ = problem.pair(person, post)
    parts = problem.parts(person, post)
    lines = []
    for line in need.profile:
        has = candidate.levels.get(line.capability, 0)
        points = _gain(problem, person, post, parts, {line.capability: line.level})
        if has < line.level and points:
            label = CAPABILITY_LABELS.get(line.capability, line.capability)
            lines.append(Supply(line.capability, label, has, line.level, points))
    return tuple(sorted(lines, key=lambda line: (-line.points, line.dim)))


def _gain(
    problem: PostingProblem, person: str, post: str, parts: FitParts, levels: Mapping[str, int]
) -> int:
    """By how much the fit would rise with these levels, computed again."""
    candidate, need, _ = problem.pair(person, post)
    raised = {name: max(level, candidate.levels.get(name, 0)) for name, level in levels.items()}
    met = cover({**candidate.levels, **raised}, need.profile)
    addends = (met, parts.lead, parts.near, parts.wish, parts.wanted)
    return total_fit(problem.settings.weights, addends) - parts.total


def with_supplies(
    problem: PostingProblem, pair: tuple[str, str], changes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The smallest changes of a pair that is not in the plan, with the needs behind points."""
    return [_supplied(problem, pair, dict(change)) for change in changes]


def _supplied(
    problem: PostingProblem, pair: tuple[str, str], change: dict[str, Any]
) -> dict[str, Any]:
    if change.get("kind") != "fit":
        return change
    found = supplies(problem, *pair)
    change["supply"] = [asdict(line) for line in found]
    change["supply_text"] = supply_text(problem, pair, found, change["need"])
    return change


def supply_text(
    problem: PostingProblem, pair: tuple[str, str], found: Sequence[Supply], wanted: int
) -> str:
    """Which needs bring the points, and whether all of them together are enough."""
    if not found:
        return "需求项已全部满足，这些分只能来自领导经历、地域、志愿或意向。"
    text = f"可由这些需求项补：{'、'.join(line.text for line in found)}"
    _, need, _ = problem.pair(*pair)
    everything = {line.capability: line.level for line in need.profile}
    most = _gain(problem, *pair, problem.parts(*pair), everything)
    if most < wanted:
        return f"{text}；全部补足共加 {most} 分，不够，其余须来自领导经历、地域、志愿或意向。"
    return f"{text}。"
