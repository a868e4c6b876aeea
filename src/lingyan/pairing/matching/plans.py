"""How does the engine's plan become a stored plan with its pairs, and come back to be looked at?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db.models import Max

from lingyan.common import clock
from lingyan.common.packed import pack, unpack
from lingyan.common.shelf import Shelf
from lingyan.pairing.matching.gathering import gather
from lingyan.pairing.matching.hands import Hand, Pair, hand_of
from lingyan.pairing.models import PairDraft, PairPlan, PairRound
from lingyan.pairing.problem import PairingProblem
from lingyan.pairing.problem.document import figures
from lingyan.pairing.problem.reasons import names_of
from lingyan.pairing.problem.snapshot import from_snapshot, snapshot
from lingyan.pairing.queries.rounds import list_adjustments
from lingyan.pairing.rules import pair_results
from lingyan.platform.accounts.actor import Actor
from lingyan_matching import Graph, build, plan_from_json, plan_to_json, verify
from lingyan_matching import Plan as EnginePlan
from lingyan_matching import solve as engine_solve

MODE = "pairing"
VERIFIED_TEXT = "已逐项复核：上下限、意愿、目标和最优凭证均成立"
GRAPHS, LOADED = Shelf(4), Shelf(8)


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A stored plan ready to be read, explained and changed. Ids are those of unit and village."""

    id: UUID
    graph: Graph
    engine_plan: EnginePlan
    problem: PairingProblem
    names: Mapping[str, str]
    hand: Hand

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return rows_of(self.engine_plan)

    @property
    def asked(self) -> frozenset[Pair]:
        """The pairs that people asked for; others may be pinned for the engine only, to stay."""
        return frozenset(self.graph.problem.pins) | self.hand.pins

    def knows(self, unit: str, village: str) -> bool:
        return unit in self.problem.unit_number and village in self.problem.village_number


def rows_of(plan: EnginePlan) -> tuple[Pair, ...]:
    return tuple((row.person, row.post) for row in plan.assignments)


def solve(problem: PairingProblem, *, seed: int) -> EnginePlan:
    """The best pairing; equal input and seed give the equal plan."""
    return engine_solve(build(problem.problem), mode=MODE, seed=seed)


# --- storing ------------------------------------------------------------------------------------


def store_plan(
    round: PairRound,
    engine_plan: EnginePlan,
    problem: PairingProblem,
    *,
    origin: PairPlan.Origin,
    actor: Actor,
    base: PairPlan | None = None,
) -> PairPlan:
    """Keep a plan with its snapshot, its certificate and its pairs. Call it inside an action.

    It is checked here by counting, without the solver; what that says is stored beside it.
    """
    verdict = verify(problem.problem, engine_plan)
    plan = PairPlan.objects.create(
        round=round,
        origin=origin,
        base=base,
        number=_next_number(round),
        snapshot=bytes(base.snapshot) if base else pack(snapshot(problem)),
        snapshot_sha256=engine_plan.snapshot_sha256,
        result=pack(plan_to_json(engine_plan)),
        figures=figures(problem, engine_plan) | {"short": _short(engine_plan)},
        verified=verdict.ok,
        verdict_text=(VERIFIED_TEXT if verdict.ok else verdict.violation or "")[:200],
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    PairDraft.objects.bulk_create(_drafts(plan, engine_plan, problem), batch_size=500)
    return plan


def _short(plan: EnginePlan) -> int:
    """How many pairs the lower numbers of both sides still ask for."""
    return sum(goal.bound - goal.value for goal in plan.goals if goal.name == "bounds")


def _next_number(round: PairRound) -> int:
    last: int | None = round.plans.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _drafts(plan: PairPlan, engine_plan: EnginePlan, problem: PairingProblem) -> list[PairDraft]:
    return [
        PairDraft(
            plan=plan,
            unit_id=UUID(row.person),
            village_id=UUID(row.post),
            points=row.score,
            parts=asdict(problem.parts(row.person, row.post)),
            pinned=row.pinned,
        )
        for row in engine_plan.assignments
    ]


# --- reading back -------------------------------------------------------------------------------


def plan_ready(plan: PairPlan) -> LoadedPlan:
    """The plan for whoever looks: a stored plan never changes, so it is unpacked once."""
    return LOADED.get(plan.pk, lambda: load_plan(plan))


def load_plan(plan: PairPlan) -> LoadedPlan:
    stored = PairPlan.objects.only("snapshot", "snapshot_sha256", "result").get(pk=plan.pk)
    packed = bytes(stored.snapshot)
    problem, graph = GRAPHS.get(packed, lambda: _graph(packed))
    engine_plan = plan_from_json(unpack(bytes(stored.result)))
    hand = hand_of(list_adjustments(plan))
    return LoadedPlan(plan.pk, graph, engine_plan, problem, names_of(problem), hand)


def _graph(packed: bytes) -> tuple[PairingProblem, Graph]:
    problem = from_snapshot(unpack(packed))
    return problem, build(problem.problem)


# --- checking again -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BrokenPair:
    """A pair of a plan that is no longer possible by what has been said since."""

    unit: str
    village: str
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.unit}—{self.village}（{'；'.join(self.reasons)}）"


def recheck(plan: PairPlan) -> tuple[BrokenPair, ...]:
    """Which pairs of a plan does a refusal, a ban or a withdrawal of today put out?"""
    loaded, now = plan_ready(plan), gather(plan.round)
    broken = []
    for unit, village in loaded.pairs:
        reasons = _failures(now, unit, village)
        if reasons:
            broken.append(BrokenPair(loaded.names[unit], loaded.names[village], reasons))
    return tuple(broken)


def _failures(now: PairingProblem, unit: str, village: str) -> tuple[str, ...]:
    if unit not in now.unit_number or village not in now.village_number:
        return ("已不在批次里",)
    return tuple(one.text for one in pair_results(*now.pair(unit, village)) if not one.passed)
