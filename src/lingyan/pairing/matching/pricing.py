"""What would a change by hand cost, and which plans could come of it?

Two ends are shown: all other pairs stay as they are, or everything is arranged anew under what was
decided by hand. Both are solved with their certificate; to keep the others, they are pinned too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lingyan.common.shelf import Shelf
from lingyan.pairing.matching.hands import Change, Hand, Pair, hand_after
from lingyan.pairing.matching.plans import MODE, LoadedPlan, rows_of
from lingyan.pairing.rules import may_pair, pair_results
from lingyan_matching import BadInstance, solve
from lingyan_matching import Plan as EnginePlan
from lingyan_matching.regret import Move, moves_between
from lingyan_matching.residual import NotBestError, Residual, residual_of

STAY, BEST = "stay", "best"
OUTCOME_LABELS = {STAY: "其余不动", BEST: "全县最优"}
OPTIONS, READY = Shelf(64), Shelf(8)


class Impossible(Exception):  # noqa: N818 - names what was found
    """The change cannot be made; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class GoalStep:
    """One goal of the county before and after a change."""

    name: str
    before: int
    after: int

    @property
    def gain(self) -> int:
        return self.after - self.before

    @property
    def size(self) -> int:
        return abs(self.gain)


@dataclass(frozen=True, slots=True)
class Price:
    """Lower numbers met, villages with a unit by class, then points; and who would move."""

    goals: tuple[GoalStep, ...]
    moves: tuple[Move, ...]

    @property
    def points(self) -> int:
        return sum(goal.gain for goal in self.goals if goal.name == "score")

    @property
    def pairs_changed(self) -> int:
        return len(self.moves)

    def to_json(self) -> dict[str, Any]:
        return {
            "goals": [
                {"name": goal.name, "before": goal.before, "after": goal.after}
                for goal in self.goals
            ],
            "moves": [move.to_json() for move in self.moves],
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One plan that could come of a change, solved and proved."""

    key: str
    price: Price
    plan: EnginePlan

    @property
    def fingerprint(self) -> str:
        """Names the outcome, so that what is confirmed is what was shown."""
        rows = sorted(rows_of(self.plan))
        text = "\n".join([self.key, *(f"{unit}\t{village}" for unit, village in rows)])
        return sha256(text.encode()).hexdigest()[:16]


def options_of(loaded: LoadedPlan, change: Change) -> tuple[Option, ...]:
    """What a change could lead to: the others stay first, then the best. Raises Impossible."""
    return OPTIONS.get((loaded.id, change), lambda: _options(loaded, change))


def _options(loaded: LoadedPlan, change: Change) -> tuple[Option, ...]:
    _refuse_senseless(loaded, change)
    after = hand_after(loaded.hand, change)
    best = _option(BEST, loaded, after.pins, after.bans)
    staying = _staying(loaded, after, change)
    stay = _option(STAY, loaded, staying | after.pins, after.bans)
    same = set(rows_of(stay.plan)) == set(rows_of(best.plan))
    return (best,) if same else (stay, best)


def _refuse_senseless(loaded: LoadedPlan, change: Change) -> None:
    for unit, village in change.wanted:
        failed = [
            one for one in pair_results(*loaded.problem.pair(unit, village)) if not one.passed
        ]
        if failed:
            raise Impossible("；".join(one.text for one in failed))
    held = set(loaded.pairs)
    if change.kind == "swap" and set(change.crossed) & held:
        raise Impossible("两个单位中有一个已与对方的村结对，不能互换")
    if change.kind in ("unpin", "ban") and change.pair in _pinned(loaded):
        raise Impossible("这一对是征集时由县里指定的，请退回征集后撤销指定")
    if change.kind == "unban" and not may_be_made(loaded, change.pair):
        raise Impossible("这一对不是在方案里排除的，请退回征集后再改")


def _pinned(loaded: LoadedPlan) -> set[Pair]:
    return set(loaded.graph.problem.pins)


def _staying(loaded: LoadedPlan, hand: Hand, change: Change) -> frozenset[Pair]:
    """The pairs of the plan that can stay beside what is wanted; the weakest give way."""
    rows = {
        (row.person, row.post): row.score
        for row in loaded.engine_plan.assignments
        if (row.person, row.post) not in hand.bans and (row.person, row.post) not in change.parted
    }
    fixed = hand.pins | _pinned(loaded)
    room = _rooms(loaded)
    load = Counter(end for pair in {*rows, *fixed} for end in pair)
    for pair in sorted(rows, key=lambda pair: (rows[pair], pair)):
        if pair in fixed:
            continue
        if any(load[end] > room[end] for end in pair):
            del rows[pair]
            load.subtract(pair)
    return frozenset(rows)


def _rooms(loaded: LoadedPlan) -> dict[str, int]:
    units = {unit.id: unit.upper for unit in loaded.problem.units}
    return units | {village.id: village.upper for village in loaded.problem.villages}


def _option(key: str, loaded: LoadedPlan, pins: Collection[Pair], bans: Collection[Pair]) -> Option:
    try:
        plan = solve(
            loaded.graph,
            mode=MODE,
            pins=sorted(set(pins) - _pinned(loaded)),
            bans=sorted(bans),
            seed=loaded.engine_plan.seed,
        )
    except BadInstance as bad:
        raise Impossible(in_words(bad.errors[0].what, loaded.names)) from None
    return Option(key, price_between(loaded.engine_plan, plan), plan)


def price_between(before: EnginePlan, after: EnginePlan) -> Price:
    """What each goal gains on the way from one plan to another, and which pairs change."""
    was = {goal.name: goal.value for goal in before.goals}
    return Price(
        tuple(GoalStep(goal.name, was.get(goal.name, 0), goal.value) for goal in after.goals),
        moves_between(rows_of(before), rows_of(after)),
    )


def in_words(text: str, names: Mapping[str, str]) -> str:
    """Put names where the engine has ids."""
    for one, name in names.items():
        text = text.replace(one, name)
    return text


# --- kept ready ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Companion:
    """The best plan under what was settled by hand, with its residual graph: prices come of it.

    It is the plan itself, unless a change let all the others stay.
    """

    plan: EnginePlan
    residual: Residual | None


def companion_ready(loaded: LoadedPlan) -> Companion:
    return READY.get(loaded.id, lambda: _companion(loaded))


def _companion(loaded: LoadedPlan) -> Companion:
    plan, hand = loaded.engine_plan, loaded.hand
    if set(plan.settings.pins) != hand.pins - _pinned(loaded):
        plan = solve(
            loaded.graph, mode=MODE, pins=sorted(hand.pins - _pinned(loaded)),
            bans=sorted(hand.bans), seed=plan.seed,
        )  # fmt: skip
    try:
        return Companion(plan, residual_of(loaded.graph, plan, lots=True))
    except NotBestError:
        return Companion(plan, None)


def may_be_made(loaded: LoadedPlan, pair: Pair) -> bool:
    return may_pair(pair_results(*loaded.problem.pair(*pair)))


def eligible_units(loaded: LoadedPlan, village: str) -> list[str]:
    return [unit.id for unit in loaded.problem.units if may_be_made(loaded, (unit.id, village))]


__all__ = [
    "BEST",
    "OUTCOME_LABELS",
    "STAY",
    "Change",
    "Companion",
    "GoalStep",
    "Hand",
    "Impossible",
    "Option",
    "Price",
    "companion_ready",
    "eligible_units",
    "hand_after",
    "in_words",
    "may_be_made",
    "options_of",
    "price_between",
]
