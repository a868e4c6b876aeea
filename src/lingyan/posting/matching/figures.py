"""What stands beside a stored plan: how good is it at a glance?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lingyan.posting import rules
from lingyan.posting.problem import PostingProblem
from lingyan.posting.problem.bound_lines import bound_lines
from lingyan.posting.problem.figures import figures
from lingyan_matching import Plan as EnginePlan


def figures_of(
    problem: PostingProblem, plan: EnginePlan, bounds: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The counts of the plan, seats by class, and how many bring the main capability (R-2-20).

    `bounds` are those of the plan where somebody has worked out what each costs.
    """
    main_of, main_met = _main_capability(problem, plan)
    return {
        **figures(problem, plan),
        "classes": _classes(problem, plan),
        "main_of": main_of,
        "main_met": main_met,
        "ties_left": plan.ties_left,
        "stable_unique": bool(plan.certificate.get("stable", {}).get("unique")),
        "bounds": bound_lines(problem, plan, priced=False) if bounds is None else bounds,
        "unchecked": [rule.code for rule in problem.unchecked],
    }


def _classes(problem: PostingProblem, plan: EnginePlan) -> list[dict[str, int]]:
    """Seats and people by priority class, first class first."""
    klass = {post.id: post.klass for post in problem.problem.posts}
    seats: Counter[int] = Counter()
    for post in problem.problem.posts:
        seats[post.klass] += post.upper
    filled = Counter(klass[row.post] for row in plan.assignments)
    return [
        {"class": number, "seats": seats[number], "filled": filled[number]}
        for number in sorted(seats)
    ]


def _main_capability(problem: PostingProblem, plan: EnginePlan) -> tuple[int, int]:
    """People sent to villages whose type names a main capability; those who have it (IND-2-09)."""
    of = met = 0
    for row in plan.assignments:
        candidate, need, _ = problem.pair(row.person, row.post)
        mains = [rules.MAIN_OF_TYPE[kind] for kind in need.types if kind in rules.MAIN_OF_TYPE]
        of += bool(mains)
        met += any(candidate.levels.get(main, 0) >= rules.MAIN_LEVEL for main in mains)
    return of, met
