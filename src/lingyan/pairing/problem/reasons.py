"""What does the engine say of each pair, and of every unit and village that is left without one?"""

from __future__ import annotations

from typing import Any

from lingyan.pairing.problem.build import PairingProblem
from lingyan_matching import Graph, Plan
from lingyan_matching.explain import explain
from lingyan_matching.residual import Residual

Pair = tuple[str, str]
POINTS_SPAN = (0, 1000)
"""The least and the greatest points that there can be, the bonus for a pair to keep included."""


def best_pairs_left(problem: PairingProblem, plan: Plan) -> dict[tuple[str, str], Pair]:
    """Of every unit and every village without a pair (side, id): the one with the most points."""
    units = {row.person for row in plan.assignments}
    villages = {row.post for row in plan.assignments}
    edges, best = problem.problem, dict[tuple[str, str], tuple[int, Pair]]()
    for i, g, score in zip(edges.edge_person, edges.edge_post, edges.edge_score, strict=True):
        pair = problem.units[i].id, problem.villages[g].id
        for side, name, taken in (("unit", pair[0], units), ("village", pair[1], villages)):
            key = (side, name)
            if name not in taken and (key not in best or score > best[key][0]):
                best[key] = score, pair
    return {key: pair for key, (_, pair) in best.items()}


def pairs_told(problem: PairingProblem, plan: Plan) -> list[Pair]:
    """The pairs that a plan explains: all that are made, then what those without one would have."""
    made = [(row.person, row.post) for row in plan.assignments]
    return made + sorted(set(best_pairs_left(problem, plan).values()))


def names_of(problem: PairingProblem) -> dict[str, str]:
    """Words for the engine's ids."""
    names = {unit.id: unit.name for unit in problem.units}
    return names | {village.id: village.name for village in problem.villages}


def reasons_of_all(
    problem: PairingProblem, graph: Graph, plan: Plan, *, residual: Residual
) -> dict[Pair, dict[str, Any]]:
    """Of each pair the next best, its price and what would flip it; of whom is left likewise."""
    made, names = {(row.person, row.post) for row in plan.assignments}, names_of(problem)
    return {
        pair: explain(
            graph,
            plan,
            *pair,
            names=names,
            residual=residual,
            span=POINTS_SPAN,
            brief=pair not in made,
        ).to_json()
        for pair in sorted(pairs_told(problem, plan), key=lambda pair: pair[::-1])
    }
