"""How good is a plan at a glance: posts filled, choices met, needs covered?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lingyan.posting import rules
from lingyan.posting.problem import PostingProblem
from lingyan_matching import Plan as EnginePlan


def figures_of(problem: PostingProblem, plan: EnginePlan) -> dict[str, Any]:
    """The figures beside a plan; counts with their wholes, so that shares can be read."""
    seats = sum(post.upper for post in problem.problem.posts)
    main_of, main_met = _main_capability(problem, plan)
    return {
        "seats": seats,
        "filled": len(plan.assignments),
        "people": len(problem.people),
        "unused": len(problem.people) - len({row.person for row in plan.assignments}),
        "villages": len(problem.needs),
        "villages_empty": _villages_empty(problem, plan),
        "classes": _classes(problem, plan),
        "fit_total": sum(row.score for row in plan.assignments),
        "fit_mean": _mean([row.score for row in plan.assignments]),
        "cover_mean": _mean(
            [problem.parts(row.person, row.post).cover for row in plan.assignments]
        ),
        "main_of": main_of,
        "main_met": main_met,
        "market": _market(problem, plan),
        "blocking": len(plan.blocking),
        "ties_left": plan.ties_left,
        "unchecked": [rule.code for rule in problem.unchecked],
    }


def _mean(values: list[int]) -> int:
    """Whole points, half up; nothing gives nothing."""
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else 0


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


def _villages_empty(problem: PostingProblem, plan: EnginePlan) -> int:
    """Villages that ask for somebody and get nobody."""
    asked = {post.village for post in problem.problem.posts if post.upper}
    village = {post.id: post.village for post in problem.problem.posts}
    return len(asked - {village[row.post] for row in plan.assignments})


def _main_capability(problem: PostingProblem, plan: EnginePlan) -> tuple[int, int]:
    """People sent to villages whose type names a main capability; those who have it (R-2-10)."""
    of = met = 0
    for row in plan.assignments:
        candidate, need, _ = problem.pair(row.person, row.post)
        mains = [rules.MAIN_OF_TYPE[kind] for kind in need.types if kind in rules.MAIN_OF_TYPE]
        of += bool(mains)
        met += any(candidate.levels.get(main, 0) for main in mains)
    return of, met


def _market(problem: PostingProblem, plan: EnginePlan) -> dict[str, int]:
    """The five figures of a two-sided market: choices met, both sides taking part, posts filled."""
    wished = [one for one in problem.people if one.wishes]
    ranks = [row.person_rank for row in plan.assignments if row.person_rank]
    posts = {post.village for post in problem.problem.posts}
    return {
        "listed": len(wished),
        "first": sum(rank == 1 for rank in ranks),
        "top_three": sum(rank <= 3 for rank in ranks),
        "wanted_villages": sum(bool(need.intentions) for need in problem.needs if need.id in posts),
        "asking_villages": len(posts),
    }
