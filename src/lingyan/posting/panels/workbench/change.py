"""What does a change by hand ask for, and how is its price laid out before anybody confirms?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from lingyan.posting import rules
from lingyan.posting.actions.adjustments import Proposed
from lingyan.posting.matching import LoadedPlan, pricing
from lingyan.posting.matching.pricing import Change, GoalStep, Option, Pair, names_ready
from lingyan.posting.models import Adjustment
from lingyan.posting.panels.workbench.reasons import is_known, swap_choices
from lingyan.posting.panels.workbench.words import Step, Weight, chain, price_text, price_weight
from lingyan.posting.problem.price_words import goal_label, stored_people_moved, stored_price_text

OUTCOME_LABELS = {
    pricing.FEWEST: ("变动最少", "尽量不动别人，再看匹配度"),
    pricing.BEST: ("全县最优", "在已有的指定和排除之下重新统筹"),
}


# --- what the address asks for ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhomToSwap:
    """A swap of which only one side is known yet."""

    person: str
    name: str
    post: str
    choices: list[tuple[str, str]]


def asked_change(loaded: LoadedPlan, asked: Mapping[str, str]) -> Change | WhomToSwap | None:
    """The change in the address; None if it speaks of something that is not in this plan."""
    kind, pair = asked.get("kind", ""), (asked.get("person", ""), asked.get("post", ""))
    if kind == "withdraw":
        return pricing.Withdraw(pair[0]) if pair[0] in loaded.people else None
    if kind == "swap":
        return _swap(loaded, pair[0], asked.get("other", ""))
    make = OF_PAIR.get(kind)
    return make(loaded, pair) if make and is_known(loaded, pair) else None


OF_PAIR: Mapping[str, Callable[[LoadedPlan, Pair], Change]] = {
    "pin": lambda _, pair: pricing.Pin(*pair),
    "ban": lambda _, pair: pricing.Ban(*pair),
    "unpin": lambda _, pair: pricing.Unpin(*pair),
    "unban": lambda loaded, pair: pricing.Admit(*pair, _fit(loaded, pair)),
}


def _fit(loaded: LoadedPlan, pair: Pair) -> int:
    return loaded.posting_problem.parts(*pair).total


def _swap(loaded: LoadedPlan, first: str, second: str) -> Change | WhomToSwap | None:
    held = dict(pricing.rows_of(loaded.engine_plan))
    if first not in held:
        return None
    if second in held:
        return pricing.Swap(first, second)
    names = names_ready(loaded)
    return WhomToSwap(first, names[first], names[held[first]], swap_choices(loaded, first))


# --- the price laid out -------------------------------------------------------------------------


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
    people: int
    steps: list[Step]
    goals: list[GoalLine]
    same: int


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """The change in words, what the rules say of it today, and its outcomes side by side."""

    kind: str
    title: str
    outcomes: list[OutcomeShown]
    rules: list[tuple[str, list[rules.RuleResult]]]
    refusal: str
    warned: bool
    out: bool


def shown(loaded: LoadedPlan, change: Change, proposed: Proposed) -> ChangeShown:
    names = names_ready(loaded)
    lines = [
        (f"{names[person]} → {names[post]}", [one for one in results if _matters(one)])
        for (person, post), results in proposed.results.items()
    ]
    return ChangeShown(
        type(change).__name__.lower(),
        title_of(loaded, change),
        [_outcome(loaded, option) for option in proposed.options],
        lines,
        proposed.refusal,
        proposed.warned,
        any(one.is_out for results in proposed.results.values() for one in results),
    )


def _matters(result: rules.RuleResult) -> bool:
    return result.is_out or result.outcome == rules.Outcome.WARN


def title_of(loaded: LoadedPlan, change: Change) -> str:
    names = names_ready(loaded)
    if isinstance(change, pricing.Withdraw):
        return f"{names[change.person]}退出本批次"
    if isinstance(change, pricing.Swap):
        held = dict(pricing.rows_of(loaded.engine_plan))
        first, second = names[change.first], names[change.second]
        posts = f"{names[held[change.first]]}、{names[held[change.second]]}"
        return f"{first}与{second}互换岗位（{posts}）"
    verb = {
        pricing.Pin: "指定{person}到{post}",
        pricing.Ban: "{post}不派{person}",
        pricing.Unpin: "取消指定：{person}到{post}",
        pricing.Admit: "取消排除：{person}到{post}",
    }[type(change)]
    return verb.format(person=names[change.person], post=names[change.post])


def _outcome(loaded: LoadedPlan, option: Option) -> OutcomeShown:
    label, hint = OUTCOME_LABELS[option.key]
    price = option.price
    touched = [goal for goal in price.goals if goal.gain or goal.name == "score"]
    return OutcomeShown(
        option.fingerprint,
        label,
        hint,
        price_text(price),
        price_weight(price),
        price.people_moved,
        chain(price.moves, names_ready(loaded)),
        [_goal_line(goal) for goal in touched],
        len(price.goals) - len(touched),
    )


def _goal_line(goal: GoalStep) -> GoalLine:
    return GoalLine(goal_label(goal.name), goal, "分" if goal.name == "score" else "个")


# --- what has been changed so far ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryLine:
    made: Adjustment
    title: str
    price: str
    people: int
    outcome: str
    village_id: UUID | None


def history_line(loaded: LoadedPlan, made: Adjustment) -> HistoryLine:
    return HistoryLine(
        made,
        _history_title(loaded, made),
        stored_price_text(made.price),
        stored_people_moved(made.price),
        OUTCOME_LABELS.get(made.price.get("outcome", ""), ("", ""))[0],
        made.village_id,
    )


def _history_title(loaded: LoadedPlan, made: Adjustment) -> str:
    person = made.person.name
    if made.other_person:
        return f"{person}与{made.other_person.name}互换"
    names = names_ready(loaded)
    post = names.get(f"{made.village_id}/{made.role}", "") if made.village_id else ""
    return f"{made.get_kind_display()}：{person}{' — ' + post if post else ''}"
