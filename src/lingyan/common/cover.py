"""How far does somebody who has levels meet needs that ask for levels, in whole numbers?

cover = ⌊1000 · Σ w·(12/n)·min(c, n) / (12 · Σ w)⌋ (matching-design 1.2): saturating, since more
than is needed adds nothing, and monotone, since a higher level never lowers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVEL_MAX = 4
COVER_WITHOUT_NEEDS = 500


@dataclass(frozen=True, slots=True)
class WeightedNeed:
    """Needed level n (1..4) and weight w of one capability or resource."""

    capability: str
    level: int
    weight: int


def points_won(need: WeightedNeed, level: int) -> int:
    """Twelfths of the weight; 12/n is whole for n = 1..4."""
    return need.weight * (12 // need.level) * min(level, need.level)


def cover(levels: Mapping[str, int], needs: Sequence[WeightedNeed]) -> int:
    """How far the needs are met, 0..1000; nothing needed gives 500."""
    weight = sum(need.weight for need in needs)
    if not weight:
        return COVER_WITHOUT_NEEDS
    won = sum(points_won(need, levels.get(need.capability, 0)) for need in needs)
    return 1000 * won // (12 * weight)


def cover_column(
    levels: Mapping[str, Sequence[int]], needs: Sequence[WeightedNeed], size: int
) -> list[int]:
    """`cover` of one list of needs for everybody at once; `levels` has a column per capability."""
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
