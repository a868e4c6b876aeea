"""How well does a person fit a post, in whole numbers from 0 to 1000?

依据：matching-design 1.2。Everything is integer; the parts can be recomputed for one pair or for
a whole column of people.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lingyan.posting.problem.given import (
    Candidate,
    FitWeights,
    PostingSettings,
    VillageNeed,
)
from lingyan.posting.rules import Role, WeightedNeed, lead_points

COVER_WITHOUT_NEEDS = 500
MEMBER_LEAD = 500
RANK_POINTS = (1000, 800, 600, 400, 200)
NOT_RANKED = 100
NO_LIST = 500
STEP_POINTS = (1000, 800, 600, 400)
FAR = 200
SAME_COUNTY = 600
RESIDENCE_UNKNOWN = 500
PAIRED_BONUS = 100
OUTSIDE_COUNTY = "县外"
LEVEL_MAX = 4


@dataclass(frozen=True, slots=True)
class FitParts:
    """The five addends of a fit, each 0..1000, and the total."""

    cover: int
    lead: int
    near: int
    wish: int
    wanted: int
    total: int


def total_fit(weights: FitWeights, addends: Sequence[int]) -> int:
    """⌊Σ weight · addend / 100⌋ over cover, lead, near, wish and wanted, in this order."""
    parts = (weights.cover, weights.lead, weights.near, weights.wish, weights.wanted)
    return sum(part * points for part, points in zip(parts, addends, strict=True)) // 100


def points_won(need: WeightedNeed, level: int) -> int:
    """Twelfths of the weight; 12/n is whole for n = 1..4."""
    return need.weight * (12 // need.level) * min(level, need.level)


def cover(levels: Mapping[str, int], needs: Sequence[WeightedNeed]) -> int:
    """How far the person meets the needs, saturating; nothing needed gives 500."""
    weight = sum(need.weight for need in needs)
    if not weight:
        return COVER_WITHOUT_NEEDS
    won = sum(points_won(need, levels.get(need.capability, 0)) for need in needs)
    return 1000 * won // (12 * weight)


def cover_column(
    levels: Mapping[str, Sequence[int]], needs: Sequence[WeightedNeed], size: int
) -> list[int]:
    """`cover` of one village for everybody at once; `levels` holds a column per capability."""
    weight = 12 * sum(need.weight for need in needs)
    if not weight:
        return [COVER_WITHOUT_NEEDS] * size
    won = [0] * size
    for need in needs:
        column = levels.get(need.capability)
        if column is not None:
            table = [points_won(need, level) for level in range(LEVEL_MAX + 1)]
            won = [so_far + table[level] for so_far, level in zip(won, column, strict=True)]
    return [1000 * points // weight for points in won]


def lead(candidate: Candidate, role: str) -> int:
    if role == Role.MEMBER:
        return MEMBER_LEAD
    return lead_points(candidate.grassroots_years, candidate.yearly_results)


def near(residence: str | None, unit: str | None, need: VillageNeed, map_: TownMap) -> int:
    points = map_.points(residence, need.facts.town)
    if unit is not None and unit in need.paired_units:
        points = min(points + PAIRED_BONUS, 1000)
    return points


class TownMap:
    """How near are two towns: by travel time, else by steps over adjoining towns?"""

    def __init__(self, settings: PostingSettings) -> None:
        self._minutes = settings.minutes
        self._adjoining = settings.adjoining
        self._towns = frozenset(settings.towns)
        self.points = lru_cache(maxsize=None)(self._points)
        self._steps = lru_cache(maxsize=None)(self._steps_from)

    def minutes(self, residence: str | None, town: str | None) -> int | None:
        if residence is None or town is None:
            return None
        return self._minutes.get((residence, town))

    def _points(self, residence: str | None, town: str | None) -> int:
        if residence is None:
            return RESIDENCE_UNKNOWN
        minutes = self.minutes(residence, town)
        if minutes is not None:
            return 1000 - 1000 * min(minutes, 120) // 120
        if residence == town:
            return STEP_POINTS[0]
        if residence == OUTSIDE_COUNTY:
            return FAR
        if self._adjoining is not None:
            steps = self._steps(residence).get(town or "", len(STEP_POINTS))
            return STEP_POINTS[steps] if steps < len(STEP_POINTS) else FAR
        return SAME_COUNTY if not self._towns or residence in self._towns else FAR

    def _steps_from(self, residence: str) -> dict[str, int]:
        assert self._adjoining is not None
        steps = {residence: 0}
        waiting = deque([residence])
        while waiting:
            here = waiting.popleft()
            for there in self._adjoining.get(here, ()):
                if there not in steps:
                    steps[there] = steps[here] + 1
                    waiting.append(there)
        return steps


def rank_points(rank: int) -> int:
    """1000, 800, … for classes 1-5; a class further down counts as not in the list."""
    return RANK_POINTS[rank - 1] if 1 <= rank <= len(RANK_POINTS) else NOT_RANKED


def wish_default(candidate: Candidate) -> int:
    """An empty list says nothing, like no list at all."""
    return NOT_RANKED if candidate.wishes else NO_LIST


def wanted_default(need: VillageNeed, role: str) -> int:
    return NOT_RANKED if intention_ranks(need, role) else NO_LIST


def wish_ranks(candidate: Candidate, role: str) -> dict[str, int]:
    """Village id → class in the candidate's list, for this kind of post."""
    return {wish.village: wish.rank for wish in candidate.wishes or () if wish.role in (None, role)}


def intention_ranks(need: VillageNeed, role: str) -> dict[str, int]:
    """Person id → class in the village's list, for this post."""
    return {line.person: line.rank for line in need.intentions or () if line.role in (None, role)}
