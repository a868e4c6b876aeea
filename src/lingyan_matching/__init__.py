"""Which person goes to which post, why, and how can somebody else check it?

The engine of Lingyan: pure Python, importable alone. Every function here imports what it needs
when it is called, so that a small command starts fast.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
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
    Bound,
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
from lingyan_matching.verify import Verdict, verify

if TYPE_CHECKING:
    from lingyan_matching.compare import Comparison, MarketFigures
    from lingyan_matching.explain import Explanation, Price
    from lingyan_matching.infeasible import Shortage
    from lingyan_matching.repair import Change, Delta

__all__ = [
    "MODES",
    "Assignment",
    "BadInstance",
    "BadPlan",
    "Blocking",
    "Bound",
    "Goal",
    "Graph",
    "InstanceError",
    "Person",
    "Plan",
    "Post",
    "Problem",
    "Settings",
    "Unit",
    "Verdict",
    "build",
    "canonical",
    "check_problem",
    "compare",
    "explain",
    "load_instance",
    "load_plan",
    "market",
    "only_stable",
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
    """The best plan in one of MODES; further pins, bans and limits are kept in its settings.

    `pins` and `bans` are pairs of ids (person, post); `limits` gives units, by id, another number
    of people. `goals` are words in the order in which they count (docs/plan-format.md); the modes
    stable-people and stable-posts have none and pass over them. `base_plan` is the plan in force,
    from which changes are counted. Of equally good plans the lot of `seed` takes one.

    Raises BadInstance where pins, bans, limits or goals cannot hold, ValueError for an unknown mode
    or carrier. That the problem itself is well formed `parse_instance` or `check_problem` have
    seen to.
    """
    settings = Settings(
        pins=tuple(sorted(set(pins))),
        bans=tuple(sorted(set(bans))),
        limits=tuple(sorted((limits or {}).items())),
        goals=tuple(goals or ()),
        base=tuple((row.person, row.post) for row in base_plan.assignments) if base_plan else (),
    )
    options: dict[str, Any] = {"settings": settings, "seed": seed, "carrier": carrier}
    plan: Plan
    if mode == "total":
        plan = _module("total").solve_total(graph, **options)
    elif mode in ("stable-people", "stable-posts"):
        side = mode.removeprefix("stable-")
        plan = _module("stable").solve_stable(graph, side=side, **options)
    elif mode == "stable-best":
        plan = _module("best").solve_best(graph, **options)
    elif mode == "pairing":
        plan = _module("flow").solve_pairing(graph, **options)
    else:
        raise ValueError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    return plan


def explain(graph: Graph, plan: Plan, person_id: str, post_id: str, **options: Any) -> Explanation:
    """Why this person is, or is not, at this post: standing, price, alternatives, what would flip.

    `names` (id → word) makes it readable. Raises KeyError for an id that is not there.
    """
    found: Explanation = _module("explain").explain(graph, plan, person_id, post_id, **options)
    return found


def prices(graph: Graph, plan: Plan, post_id: str, **options: Any) -> list[Price]:
    """What insisting on each eligible person for this post would cost, goal by goal.

    Cheapest first; a price without `regret` cannot be had. Raises KeyError for an unknown post.
    """
    found: list[Price] = _module("explain").prices(graph, plan, post_id, **options)
    return found


def whatif(graph: Graph, plan: Plan, change: Change, **options: Any) -> Delta:
    """What a change after the plan would move, and what every goal would gain or lose by it.

    The changes are Pin, Ban, Unpin, Withdraw, Swap and Admit of `lingyan_matching.changes`. One
    that cannot be made, also of an unknown id, raises nothing: it has a `refusal` in words.
    """
    found: Delta = _module("repair").whatif(graph, plan, change, **options)
    return found


def why_empty(graph: Graph, plan: Plan, post_id: str | None = None, **options: Any) -> Shortage:
    """Which posts compete for too few people, so that this one, or any, stays empty.

    `lift` (rule → pairs that it alone puts out) asks what lifting each rule would add; `names`
    (id → word) makes the text readable. Raises KeyError for an unknown post.
    """
    found: Shortage = _module("infeasible").why_empty(graph, plan, post_id, **options)
    return found


def compare(graph: Graph, a: Plan, b: Plan) -> Comparison:
    """Two plans side by side, on the same problem; either may be made by hand."""
    found: Comparison = _module("compare").compare(graph, a, b)
    return found


def market(graph: Graph, plan: Plan) -> MarketFigures:
    """The five market figures of a plan, each as so many of so many."""
    found: MarketFigures = _module("compare").market(graph, plan)
    return found


def only_stable(graph: Graph, plan: Plan) -> bool:
    """Whether there is just one stable plan under the settings of this one."""
    found: bool = _module("stable").only_stable(graph, plan)
    return found


def load_plan(path: str | Path) -> Plan:
    """The plan in a file, plain or gzip; BadPlan says which field cannot be read."""
    return read_plan(path)[0]


def _module(name: str) -> Any:
    return import_module(f"lingyan_matching.{name}")


class _Package(ModuleType):
    """Keeps functions in place: importing the module ``explain`` must not hide ``explain``."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and callable(self.__dict__.get(name))):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
