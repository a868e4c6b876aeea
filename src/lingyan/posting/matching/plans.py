"""How does the engine's plan become a stored plan with drafts, and come back for the workbench?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from lingyan.common import clock
from lingyan.common.packed import pack, unpack
from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import rules
from lingyan.posting.matching.figures import figures_of
from lingyan.posting.matching.gathering import Gathered, gather, village_key
from lingyan.posting.matching.snapshots import problem_of, snapshot_of
from lingyan.posting.models import Draft, Plan, Round
from lingyan.posting.problem import PostingProblem
from lingyan.posting.problem.bound_lines import bound_lines
from lingyan.posting.problem.towns import goals_of
from lingyan_matching import (
    Graph,
    Settings,
    Verdict,
    build,
    plan_from_json,
    plan_to_json,
    solve,
    verify,
)
from lingyan_matching import Plan as EnginePlan
from lingyan_matching.best import solve_best
from lingyan_matching.explain import by_solver

# The county default, and both ends of the stable plans beside it, so that stability has a price.
MODES = (
    Plan.Origin.TOTAL,
    Plan.Origin.STABLE_PEOPLE,
    Plan.Origin.STABLE_POSTS,
)
SECONDS_FOR_BEST = 120.0
"""After so long the solver stops looking for the largest stable plan; the best one found is it."""
VERIFIED_TEXT = "已逐项复核：资格、名额、目标和最优凭证均成立"
SOLVED_TEXT = (
    "已逐项复核：资格、名额和目标值均成立；凭证没有证满的部分，没有更好的方案是求解器的结论"
)
TIMED_TEXT = "已逐项复核：资格、名额和目标值均成立；求解到时限还没有证完，可能还有更好的方案"
PLANS_KEPT_READY = 6


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A stored plan ready to be read, explained and changed.

    `people` are by number and `villages` by the key they have in the instance, which is the first
    part of a post's id.
    """

    graph: Graph
    engine_plan: EnginePlan
    posting_problem: PostingProblem
    people: Mapping[str, Person]
    villages: Mapping[str, Place]

    def village_of(self, post: str) -> Place:
        return self.villages[split_post(post)[0]]


def split_post(post: str) -> tuple[str, str]:
    """Village key and role of a post's id."""
    village, _, role = post.rpartition("/")
    return village, role


# --- computing ----------------------------------------------------------------------------------


def solve_modes(problem: PostingProblem, *, seed: int) -> list[tuple[Plan.Origin, EnginePlan]]:
    """One plan for each mode that the county looks at; equal input gives equal plans."""
    graph = build(problem.problem)
    goals = {Plan.Origin.TOTAL: goals_of(problem)}
    return [
        (mode, solve(graph, mode=mode.value, seed=seed, goals=goals.get(mode))) for mode in MODES
    ]


def solve_largest_stable(loaded: LoadedPlan, *, seed: int) -> EnginePlan:
    """Mode C on the problem of a plan, as if nothing had been changed by hand."""
    graph = build(loaded.posting_problem.problem)
    return solve_best(graph, settings=Settings(), seed=seed, seconds_max=SECONDS_FOR_BEST)


def is_out_of_time(plan: EnginePlan) -> bool:
    """Whether the solver's time was over before it had proved a goal."""
    goals = plan.certificate.get("bound", [])
    return any(goal["proved_by"] == "time" for goal in goals)


def store_plan(
    round: Round,
    engine_plan: EnginePlan,
    *,
    origin: Plan.Origin,
    actor: Actor,
    base: Plan | None = None,
    posting_problem: PostingProblem | None = None,
    bounds: list[dict[str, Any]] | None = None,
    same_as: Iterable[Plan] = (),
) -> Plan:
    """Keep a plan with its snapshot, its certificate and its drafts. Call it inside an action.

    A plan that was changed by hand stands on the snapshot of its `base`; a computed one brings
    its own problem, and what each bound costs it. `same_as` are plans with the same rows.
    """
    assert base is not None or posting_problem is not None, "a plan needs its snapshot"
    problem = posting_problem or _ready_problem(base)
    verdict = verify(problem.problem, engine_plan)
    plan = Plan.objects.create(
        round=round,
        origin=origin,
        base=base,
        number=_next_number(round),
        snapshot=bytes(base.snapshot) if base else snapshot_of(problem),
        snapshot_sha256=engine_plan.snapshot_sha256,
        result=pack(plan_to_json(engine_plan)),
        figures=figures_of(problem, engine_plan, bounds)
        | {"same_as": [str(one) for one in same_as], "out_of_time": is_out_of_time(engine_plan)},
        verified=verdict.ok,
        verdict_text=(_verified(verdict, engine_plan) if verdict.ok else verdict.violation or "")[
            :200
        ],
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    Draft.objects.bulk_create(_drafts(plan, engine_plan), batch_size=500)
    return plan


def price_bounds(problem: PostingProblem, plan: EnginePlan) -> list[dict[str, Any]]:
    """What each bound costs a plan; what a solver found takes it seconds to find again."""
    return bound_lines(problem, plan, priced=not by_solver(plan))


def _verified(verdict: Verdict, plan: EnginePlan) -> str:
    if is_out_of_time(plan):
        return TIMED_TEXT
    return SOLVED_TEXT if verdict.unchecked else VERIFIED_TEXT


def _next_number(round: Round) -> int:
    last: int | None = round.plans.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _drafts(plan: Plan, engine_plan: EnginePlan) -> list[Draft]:
    numbers = [row.person for row in engine_plan.assignments]
    people = dict(Person.objects.filter(number__in=numbers).values_list("number", "pk"))
    drafts = []
    for row in engine_plan.assignments:
        village, role = split_post(row.post)
        drafts.append(
            Draft(
                plan=plan,
                person_id=people[row.person],
                village_id=UUID(village),
                role=role,
                fit=row.score,
                wish_rank=row.person_rank,
                intention_rank=row.post_rank,
                pinned=row.pinned,
            )
        )
    return drafts


# --- reading back -------------------------------------------------------------------------------


def load_plan(plan: Plan) -> LoadedPlan:
    """The plan as the engine gave it, on the problem as it was; the graph is kept ready."""
    problem, graph, engine_plan = _ready(plan.pk)
    return LoadedPlan(
        graph,
        engine_plan,
        problem,
        _people(problem),
        _villages(problem),
    )


@lru_cache(maxsize=PLANS_KEPT_READY)
def _ready(plan_id: UUID) -> tuple[PostingProblem, Graph, EnginePlan]:
    """Plans never change once stored, so what was unpacked stays true."""
    stored = Plan.objects.only("base_id", "snapshot_sha256", "snapshot", "result").get(pk=plan_id)
    problem, graph = _ready_graph(bytes(stored.snapshot))
    return problem, graph, plan_from_json(unpack(bytes(stored.result)))


@lru_cache(maxsize=PLANS_KEPT_READY)
def _ready_graph(snapshot: bytes) -> tuple[PostingProblem, Graph]:
    """Plans on one snapshot, such as before and after a change by hand, share one graph."""
    problem = problem_of(snapshot)
    return problem, build(problem.problem)


def _ready_problem(base: Plan | None) -> PostingProblem:
    assert base is not None
    return _ready(base.pk)[0]


def _people(problem: PostingProblem) -> dict[str, Person]:
    numbers = [candidate.id for candidate in problem.people]
    found = Person.objects.filter(number__in=numbers).select_related("unit")
    return {person.number: person for person in found}


def _villages(problem: PostingProblem) -> dict[str, Place]:
    ids = [UUID(need.id) for need in problem.needs]
    found = Place.objects.filter(pk__in=ids).select_related("parent")
    return {village_key(place.pk): place for place in found}


# --- checking again -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BrokenDraft:
    """A draft that the registers of today no longer allow, with the rules that say so."""

    person: str
    village: str
    role: str
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.person}—{self.village}（{'；'.join(self.reasons)}）"


def recheck(plan: Plan, *, as_of: date | None = None) -> tuple[BrokenDraft, ...]:
    """Which drafts break a hard rule by the registers as they are now (G-30)?"""
    drafts = list(
        Draft.objects.filter(plan=plan)
        .select_related("person", "village")
        .order_by("village__path", "role", "pk")
    )
    now = gather(
        plan.round,
        as_of=as_of or clock.today(),
        people=Q(person_id__in=[draft.person_id for draft in drafts]),
        villages=Q(village_id__in={draft.village_id for draft in drafts}),
    )
    checked = ((draft, _failures(now, draft)) for draft in drafts)
    return tuple(
        BrokenDraft(
            draft.person.name,
            draft.village.short_name,
            rules.Role(draft.role).label,
            reasons,
        )
        for draft, reasons in checked
        if reasons
    )


def _failures(now: Gathered, draft: Draft) -> tuple[str, ...]:
    candidate = now.candidate(draft.person.number)
    need = now.need(village_key(draft.village_id))
    if candidate is None:
        return ("已退出本批次",)
    if need is None or not need.seats(draft.role)[1]:
        return ("村里已没有这个岗位",)
    return public_failures(now.results(candidate, need, draft.role))


def public_failures(results: Iterable[rules.RuleResult]) -> tuple[str, ...]:
    """What stands in the way, in words that everybody may read."""
    return tuple(result.public().text for result in results if result.is_out)
