"""How well does a person fit a post, in whole numbers from 0 to 1000?

依据：matching-design 1.2。Everything is integer; the parts can be recomputed for one pair or for
a whole column of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lingyan.common import nearness
from lingyan.common.nearness import TownMap
from lingyan.posting.problem.given import (
    Candidate,
    FitWeights,
    VillageNeed,
)
from lingyan.posting.rules import Role, lead_points

OUTSIDE_COUNTY = nearness.OUTSIDE_COUNTY
MEMBER_LEAD = 500
RANK_POINTS = (1000, 800, 600, 400, 200)
NOT_RANKED = 100
NO_LIST = 500
PAIRED_BONUS = 100


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


def lead(candidate: Candidate, role: str) -> int:
    if role == Role.MEMBER:
        return MEMBER_LEAD
    return lead_points(candidate.grassroots_years, candidate.yearly_results)


def near(residence: str | None, unit: str | None, need: VillageNeed, map_: TownMap) -> int:
    points = map_.points(residence, need.facts.town)
    if unit is not None and unit in need.paired_units:
        points = min(points + PAIRED_BONUS, 1000)
    return points


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
