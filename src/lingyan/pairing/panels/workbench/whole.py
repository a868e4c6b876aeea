"""The plan as a whole: is it proved, who is left and why, and how do two plans differ?"""

from __future__ import annotations

from dataclasses import dataclass

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.pairing.matching import LoadedPlan
from lingyan.pairing.matching.pricing import GoalStep, price_between
from lingyan.pairing.panels.workbench.reasons import Step, Weight, steps_of, weight_of
from lingyan.pairing.problem.words import (
    Short,
    gain_text,
    goal_label,
    goal_unit,
    hall_texts,
    shorts_of,
    unknown_towns,
)

PROVED, LEFT = Shelf(8), Shelf(8)


# --- checked again ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoalProof:
    name: str
    value: int
    bound: int
    is_optimal: bool


@dataclass(frozen=True, slots=True)
class Proof:
    ok: bool
    violation: str
    lines: tuple[str, ...]
    goals: tuple[GoalProof, ...]
    notes: tuple[str, ...]
    engine_version: str
    seed: int
    snapshot: str


def proof_of(loaded: LoadedPlan) -> Proof:
    """Checked when the page is opened, without the solver; once in this process for each plan."""
    return PROVED.get(loaded.id, lambda: _proof(loaded))


def _proof(loaded: LoadedPlan) -> Proof:
    plan = loaded.engine_plan
    verdict = engine.verify(loaded.graph.problem, plan)
    return Proof(
        verdict.ok,
        (verdict.violation or "").split(" / ")[0],
        tuple(line.split(" / ")[0] for line in verdict.checked),
        tuple(
            GoalProof(goal_label(goal.name), goal.value, goal.bound, goal.proved == "optimal")
            for goal in plan.goals
        ),
        plan.notes,
        plan.engine_version,
        plan.seed,
        plan.snapshot_sha256,
    )


# --- who is left --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Left:
    """Those below their lower number or without any pair, and what proves that it must be so."""

    villages: list[Short]
    units: list[Short]
    crowds: list[str]
    no_town: list[str]

    def reason(self, key: str) -> str:
        found = next((one for one in (*self.villages, *self.units) if one.id == key), None)
        return found.reason if found else ""


def left_of(loaded: LoadedPlan) -> Left:
    return LEFT.get(loaded.id, lambda: _left(loaded))


def _left(loaded: LoadedPlan) -> Left:
    shorts = shorts_of(loaded.problem, loaded.engine_plan)
    return Left(
        [one for one in shorts if one.side == "village"],
        [one for one in shorts if one.side == "unit"],
        hall_texts(loaded.engine_plan, loaded.names),
        unknown_towns(loaded.problem),
    )


# --- two plans ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoalLine:
    label: str
    step: GoalStep
    unit: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What the second plan has more or less than the first, and which pairs differ."""

    goals: list[GoalLine]
    text: str
    weight: Weight
    steps: list[Step]
    same: int


def compared(a: LoadedPlan, b: LoadedPlan) -> Compared:
    price = price_between(a.engine_plan, b.engine_plan)
    gains = [(goal.name, goal.gain) for goal in price.goals]
    return Compared(
        [GoalLine(goal_label(goal.name), goal, goal_unit(goal.name)) for goal in price.goals],
        gain_text(gains),
        weight_of(gains),
        steps_of(price.moves, a.names),
        len(set(a.pairs) & set(b.pairs)),
    )
