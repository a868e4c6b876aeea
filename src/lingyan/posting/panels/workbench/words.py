"""How is a price said in plain Chinese, and how heavy is it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingyan.posting.matching.pricing import Price
from lingyan.posting.problem.price_words import gain_text, loss_text, more_or_less
from lingyan_matching.regret import Move, Regret

POOL = "人才储备库"
# Gaps of a few points are noise of the portrait (matching-design 8): bands, not a ranking.
SLIGHT_POINTS, SOME_POINTS = 20, 100


@dataclass(frozen=True, slots=True)
class Weight:
    """How heavy a price is, as a tag: colour and word."""

    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """One person's way in a chain: from where to where."""

    person: str
    source: str
    target: str
    leaves: bool
    joins: bool


def regret_text(regret: Regret) -> str:
    return loss_text(dict(zip(regret.names, regret.amounts, strict=True)))


def price_text(price: Price) -> str:
    by_class = {
        int(goal.name.removeprefix("class-")): goal.gain
        for goal in price.goals
        if goal.name.startswith("class-")
    }
    lower = sum(goal.gain for goal in price.goals if goal.name == "lower")
    text = gain_text(by_class, price.points)
    return f"必须配备的名额{more_or_less(lower)} {abs(lower)} 个，{text}" if lower else text


def regret_weight(regret: Regret) -> Weight:
    if regret.is_nothing:
        return Weight("g", "没有代价")
    if any(amount > 0 for name, amount in _seats(regret)):
        return Weight("r", "少配岗位")
    weight = points_weight(regret.points)
    blocking = dict(zip(regret.names, regret.amounts, strict=True)).get("blocking_pairs", 0)
    return Weight("y", "有代价") if blocking and weight.tone == "g" else weight


def _seats(regret: Regret) -> list[tuple[str, int]]:
    pairs = zip(regret.names, regret.amounts, strict=True)
    return [pair for pair in pairs if pair[0] == "lower" or pair[0].startswith("class-")]


def price_weight(price: Price) -> Weight:
    if price.seats < 0 or any(goal.gain < 0 for goal in price.goals if goal.name == "lower"):
        return Weight("r", "少配岗位")
    if price.seats > 0:
        return Weight("g", "多配岗位")
    return points_weight(-price.points)


def points_weight(lost: int) -> Weight:
    if lost <= 0:
        return Weight("g", "没有代价")
    if lost <= SLIGHT_POINTS:
        return Weight("g", "代价很小")
    return Weight("y", "有代价") if lost <= SOME_POINTS else Weight("r", "代价大")


def chain(moves: Sequence[Move], names: Mapping[str, str]) -> list[Step]:
    """Who would move where, in words."""
    return [
        Step(
            names.get(move.person, move.person),
            names.get(move.source or "", POOL),
            names.get(move.target or "", POOL),
            leaves=move.target is None,
            joins=move.source is None,
        )
        for move in moves
    ]


__all__ = [
    "POOL",
    "Step",
    "Weight",
    "chain",
    "gain_text",
    "price_text",
    "price_weight",
    "regret_text",
    "regret_weight",
]
