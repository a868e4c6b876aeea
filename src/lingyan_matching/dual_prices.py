"""By which prices can it be checked, without the solver, that its plan is best?

A solver leaves a price for every row of its model without whole numbers (LP duals), as floats. Any
prices of 0 or more prove a bound (`relaxation.py`), so they are clipped at 0 and written as whole
parts of one: exactly feasible, whatever the rounding was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from lingyan_matching import solver
from lingyan_matching.problem import Graph
from lingyan_matching.relaxation import Floors, Key, Relaxation
from lingyan_matching.solver import Answer, Level, Model, duals_of
from lingyan_matching.verify_bound import Task

SCALES = (1, 12, 1 << 24)
"""Whole prices where they do, as many solvers' duals are; else finer parts."""
BESIDE_WEIGHT = 1 << 24
"""What a step of the last goal is worth in tickets, where both are asked for at once."""


def claims_of(
    task: Task, model: Model, reached: Sequence[tuple[Level, Answer]], graph: Graph
) -> list[dict[str, Any]]:
    """What the certificate says of each goal, in order; the last answer is the plan that is taken.

    `model` has no rows of goals yet: each gets the floor that the checker will hold it to. A plan
    of its own is named for a goal only where the one that is taken gave something up. In a large
    model rows of goals make the solver slow a hundred times where it asks for the lot: this is
    asked for beside the last goal, if that is proved to the point, and else not at all.
    """
    relaxation, floors, bare = task.relaxation, dict[str, int](), model.copied()
    chosen = [[relaxation.number_of[graph.ids(edge)] for edge in one.edges] for _, one in reached]
    claims: list[dict[str, Any]] = []
    before: Level | None = None
    for goal, (level, answer), found in zip(task.goals, reached, chosen, strict=True):
        witness = max(chosen[-1], found, key=partial(relaxation.reached, goal.name))
        best = relaxation.reached(goal.name, witness)
        asked: tuple[Model, Level | None] | None = (model, None)
        if goal.name == "lot" and model.edges >= solver.RELAX_FROM_EDGES:
            asked = (bare, before) if before else None
        priced = prices_for(asked, relaxation, level, floors, best)
        by = "solver" if answer.proved else "time"
        claims.append(task.claim(goal, priced, floors, rows=chosen[-1], witness=witness, by=by))
        floors[goal.name] = floor = task.floor(goal, best)
        model.row([*level.terms.items()], float(floor), float("inf"), ("goal", goal.name))
        before = level if claims[-1]["exact"] == [floor * priced[0], priced[0]] else None
    return claims


def prices_for(
    asked: tuple[Model, Level | None] | None,
    relaxation: Relaxation,
    level: Level,
    floors: Floors,
    best: int,
) -> tuple[int, dict[Key, int]]:
    """The scale and the prices that prove the least bound of a goal; stops once it is `best`.

    1. Try without any, and with each scarce seat at what its best edge brings.
    2. Else ask the solver for the prices of the model without whole numbers.
    """
    tried: list[tuple[int, dict[Key, int]]] = [(1, {}), (1, _scarce_seats(relaxation, level.name))]
    for scale, prices in tried:
        if relaxation.most(level.name, prices, scale, floors) // scale <= best:
            return scale, prices
    if asked is None:
        return tried[0]
    known = {*relaxation.limit_keys, *(("goal", goal) for goal in floors)}
    duals = {key: value for key, value in _duals(*asked, level).items() if key in known}
    for scale in SCALES:
        rounded = {key: round(value * scale) for key, value in duals.items()}
        tried.append((scale, {key: price for key, price in rounded.items() if price > 0}))
        if relaxation.most(level.name, tried[-1][1], scale, floors) // scale <= best:
            return tried[-1]
    return min(
        tried, key=lambda one: Fraction(relaxation.most(level.name, one[1], one[0], floors), one[0])
    )


def _duals(model: Model, beside: Level | None, level: Level) -> dict[Key, float]:
    if beside is None:
        return duals_of(model, level)
    terms = {column: BESIDE_WEIGHT * value for column, value in beside.terms.items()}
    for column, value in level.terms.items():
        terms[column] = terms.get(column, 0.0) + value
    duals = duals_of(model, replace(level, terms=terms))
    return {**duals, ("goal", beside.name): float(BESIDE_WEIGHT)}


def _scarce_seats(relaxation: Relaxation, name: str) -> dict[Key, int]:
    """Each seat that several people could have, at what the best of them would bring there."""
    weight, found = relaxation.weight(name), {}
    for key, (own, room) in relaxation.limits.items():
        worth = max((weight[number] for number in own), default=0)
        if key[0] == "post" and len(own) > room and worth > 0:
            found[key] = worth
    return found
