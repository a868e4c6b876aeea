"""Which person goes to which post, why, and how can somebody else check it?

The engine of Lingyan: pure Python, importable alone. Every function here imports what it needs
when it is called, so that a small command starts fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lingyan_matching.lot import ticket
from lingyan_matching.plan import (
    Assignment,
    BadPlan,
    Blocking,
    Goal,
    Plan,
    Settings,
    plan_from_json,
    plan_to_json,
    read_plan,
    write_plan,
)
from lingyan_matching.problem import (
    BadInstance,
    Graph,
    InstanceError,
    Pair,
    Person,
    Post,
    Problem,
    Unit,
    build,
    canonical,
    check_problem,
    load_instance,
    parse_instance,
    snapshot_sha256,
    to_json,
)

if TYPE_CHECKING:
    from lingyan_matching.verify import Verdict

__all__ = [
    "MODES",
    "Assignment",
    "BadInstance",
    "BadPlan",
    "Blocking",
    "Goal",
    "Graph",
    "InstanceError",
    "Person",
    "Plan",
    "Post",
    "Problem",
    "Settings",
    "Unit",
    "build",
    "canonical",
    "check_problem",
    "compare",
    "explain",
    "load_instance",
    "load_plan",
    "market",
    "parse_instance",
    "plan_from_json",
    "plan_to_json",
    "prices",
    "read_plan",
    "snapshot_sha256",
    "solve",
    "ticket",
    "to_json",
    "verify",
    "whatif",
    "why_empty",
    "write_plan",
]

MODES = ("total", "stable-people", "stable-posts", "stable-best", "pairing")


def solve(
    graph: Graph,
    *,
    mode: str = "total",
    pins: Iterable[Pair] = (),
    bans: Iterable[Pair] = (),
    limits: Mapping[str, int] | None = None,
    seed: int = 1,
    base_plan: Plan | None = None,
    goals: Sequence[str] | None = None,
    carrier: str = "auto",
) -> Plan:
    """The best plan in one of MODES; further pins, bans and limits are kept in its settings."""
    settings = Settings(
        pins=tuple(sorted(set(pins))),
        bans=tuple(sorted(set(bans))),
        limits=tuple(sorted((limits or {}).items())),
        goals=tuple(goals or ()),
        base=tuple((row.person, row.post) for row in base_plan.assignments) if base_plan else (),
    )
    if mode == "total":
        from lingyan_matching import total

        return total.solve_total(graph, settings=settings, seed=seed, carrier=carrier)
    if mode in ("stable-people", "stable-posts"):
        from lingyan_matching import stable

        return stable.solve_stable(
            graph, side=mode.removeprefix("stable-"), settings=settings, seed=seed, carrier=carrier
        )
    if mode == "stable-best":
        from lingyan_matching import best

        return best.solve_best(graph, settings=settings, seed=seed, carrier=carrier)
    if mode == "pairing":
        from lingyan_matching import flow

        return flow.solve_pairing(graph, settings=settings, seed=seed, carrier=carrier)
    raise ValueError(f"mode {mode!r} is not one of {', '.join(MODES)}")


def verify(problem: Problem, plan: Plan, certificate: Mapping[str, Any] | None = None) -> Verdict:
    """Check a plan and its certificate against the problem, without any solver."""
    from lingyan_matching.verify import verify as check

    return check(problem, plan, certificate)


def explain(graph: Graph, plan: Plan, person_id: str, post_id: str) -> Any:
    """Why this person is, or is not, at this post."""
    from lingyan_matching import explain as module

    return module.explain(graph, plan, person_id, post_id)


def prices(graph: Graph, plan: Plan, post_id: str) -> Any:
    """What insisting on each other person for this post would cost, goal by goal."""
    from lingyan_matching import explain as module

    return module.prices(graph, plan, post_id)


def whatif(graph: Graph, plan: Plan, change: Any) -> Any:
    """What a change after the plan would move."""
    from lingyan_matching import repair

    return repair.whatif(graph, plan, change)


def why_empty(graph: Graph, plan: Plan, post_id: str | None = None) -> Any:
    """Which posts compete for too few people, so that this one, or any, stays empty."""
    from lingyan_matching import infeasible

    return infeasible.why_empty(graph, plan, post_id)


def compare(graph: Graph, a: Plan, b: Plan) -> Any:
    """Two plans side by side, on the same problem."""
    from lingyan_matching import compare as module

    return module.compare(graph, a, b)


def market(graph: Graph, plan: Plan) -> Any:
    """The five market figures of a plan."""
    from lingyan_matching import compare as module

    return module.market(graph, plan)


def load_plan(path: str | Path) -> Plan:
    """The plan in a file, plain or gzip."""
    return read_plan(path)[0]
