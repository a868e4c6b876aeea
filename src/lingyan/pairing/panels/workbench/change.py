"""What does a change by hand ask for, and how is its price laid out before anybody confirms?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingyan.pairing.actions.adjustments import Proposed
from lingyan.pairing.matching import LoadedPlan
from lingyan.pairing.matching.hands import Change
from lingyan.pairing.matching.pricing import (
    BEST,
    OUTCOME_LABELS,
    STAY,
    GoalStep,
    Option,
    Price,
)
from lingyan.pairing.models import PairAdjustment
from lingyan.pairing.panels.workbench.reasons import Step, Weight, steps_of, weight_of
from lingyan.pairing.problem.words import gain_text, goal_label, goal_unit
from lingyan.pairing.rules import may_pair, pair_results

HINTS = {
    STAY: "别的结对都保持原样，空出来的一方有余额才补",
    BEST: "在已有的指定和排除之下重新统筹",
}
KINDS = ("pin", "ban", "unpin", "unban", "swap")


@dataclass(frozen=True, slots=True)
class WhomToSwap:
    """A swap of which only one pair is known yet."""

    unit: str
    village: str
    name: str
    choices: list[tuple[str, str]]


def asked_change(loaded: LoadedPlan, asked: Mapping[str, str]) -> Change | WhomToSwap | None:
    """The change in the address; None if it speaks of something that is not in this plan."""
    kind, pair = asked.get("kind", ""), (asked.get("unit", ""), asked.get("village", ""))
    if kind not in KINDS or not loaded.knows(*pair):
        return None
    held = set(loaded.pairs)
    if kind in ("ban", "unpin") and pair not in held:
        return None
    if kind != "swap":
        return Change(kind, pair)
    if pair not in held:
        return None
    unit, _, village = asked.get("other", "").partition("/")
    if (unit, village) in held and unit != pair[0] and village != pair[1]:
        return Change(kind, pair, (unit, village))
    name = f"{loaded.names[pair[0]]}—{loaded.names[pair[1]]}"
    return WhomToSwap(*pair, name, _choices(loaded, pair))


def _choices(loaded: LoadedPlan, pair: tuple[str, str]) -> list[tuple[str, str]]:
    """The other pairs with which both new pairs would be possible."""
    problem, held, found = loaded.problem, set(loaded.pairs), []
    for unit, village in loaded.pairs:
        crossed = ((pair[0], village), (unit, pair[1]))
        if unit == pair[0] or village == pair[1] or held & set(crossed):
            continue
        if all(may_pair(pair_results(*problem.pair(*one))) for one in crossed):
            found.append((f"{unit}/{village}", f"{loaded.names[unit]}—{loaded.names[village]}"))
    return sorted(found, key=lambda item: item[1])


@dataclass(frozen=True, slots=True)
class GoalLine:
    label: str
    step: GoalStep
    unit: str


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """One plan that could come of it, as a card to pick."""

    fingerprint: str
    label: str
    hint: str
    text: str
    weight: Weight
    changed: int
    steps: list[Step]
    goals: list[GoalLine]
    same: int


def outcome_shown(loaded: LoadedPlan, option: Option) -> OutcomeShown:
    price = option.price
    touched = [goal for goal in price.goals if goal.gain or goal.name == "score"]
    return OutcomeShown(
        option.fingerprint,
        OUTCOME_LABELS[option.key],
        HINTS[option.key],
        gain_text(_gains(price)),
        weight_of(_gains(price)),
        price.pairs_changed,
        steps_of(price.moves, loaded.names),
        [GoalLine(goal_label(goal.name), goal, goal_unit(goal.name)) for goal in touched],
        len(price.goals) - len(touched),
    )


def _gains(price: Price) -> list[tuple[str, int]]:
    return [(goal.name, goal.gain) for goal in price.goals]


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """The change in words, and its outcomes side by side."""

    title: str
    outcomes: list[OutcomeShown]
    refusal: str


def shown(loaded: LoadedPlan, proposed: Proposed) -> ChangeShown:
    outcomes = [outcome_shown(loaded, option) for option in proposed.options]
    return ChangeShown(title_of(loaded, proposed.change), outcomes, proposed.refusal)


def title_of(loaded: LoadedPlan, change: Change) -> str:
    unit, village = loaded.names[change.pair[0]], loaded.names[change.pair[1]]
    if change.other is not None:
        other, there = loaded.names[change.other[0]], loaded.names[change.other[1]]
        return f"{unit}与{other}互换（{village}、{there}）"
    verbs = {"pin": "指定", "ban": "排除", "unpin": "取消指定", "unban": "取消排除"}
    return f"{verbs[change.kind]}：{unit}与{village}"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    made: PairAdjustment
    title: str
    price: str
    changed: int
    outcome: str


def history_line(made: PairAdjustment) -> HistoryLine:
    return HistoryLine(
        made,
        made.title,
        gain_text(made.gains),
        len(made.price.get("moves", [])),
        OUTCOME_LABELS.get(made.price.get("outcome", ""), ""),
    )
