"""What has been checked again of a plan, in words that need no training?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.posting.matching import LoadedPlan
from lingyan.posting.problem.price_words import goal_label

PROVED = Shelf(12)


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
    carrier: str
    engine_version: str
    seed: int
    mode: str
    snapshot: str


def proof_of(plan_id: UUID, loaded: LoadedPlan) -> Proof:
    """The check is run when the page is opened, once in this process for each plan."""
    return PROVED.get(plan_id, lambda: _proof(loaded))


def _proof(loaded: LoadedPlan) -> Proof:
    plan = loaded.engine_plan
    verdict = engine.verify(loaded.graph.problem, plan)
    return Proof(
        verdict.ok,
        (verdict.violation or "").split(" / ")[0],
        tuple(line.split(" / ")[0] for line in verdict.checked),
        tuple(
            GoalProof(
                goal_label(goal.name),
                goal.value,
                goal.bound,
                goal.proved == "optimal",
            )
            for goal in plan.goals
        ),
        plan.notes,
        plan.carrier,
        plan.engine_version,
        plan.seed,
        plan.mode,
        plan.snapshot_sha256,
    )
