"""How many people may each township get in all, and which goal comes first?"""

from __future__ import annotations

from dataclasses import replace

from lingyan.posting.problem.build import PRIORITIES, PostingProblem
from lingyan.posting.rules import GoalOrder
from lingyan_matching import Bound


def goals_of(problem: PostingProblem) -> tuple[str, ...] | None:
    """The goals of mode total as the round has ordered them; None for the county's usual order.

    依据：matching-design 1.4。优先级在前时，一级村的第一书记和队员先于二级村的第一书记。
    """
    settings, posts = problem.settings, problem.problem.posts
    bounds = problem.problem.bounds
    classes = {post.klass for post in posts}
    lower = any(post.lower for post in posts) or any(bound.lower for bound in bounds)
    if settings.goal_order == GoalOrder.SCORE:
        slack = f"~{settings.score_slack}%" if settings.score_slack else ""
        return (*(["lower"] if lower else []), f"score{slack}", *_classes(sorted(classes)), "lot")
    if settings.goal_order == GoalOrder.PRIORITY:
        order = sorted(classes, key=lambda klass: ((klass - 1) % PRIORITIES, klass))
        return (*(["lower"] if lower else []), *_classes(order), "score", "lot")
    return None


def _classes(order: list[int]) -> list[str]:
    return [f"class-{klass}" for klass in order]


def bounded(problem: PostingProblem) -> PostingProblem:
    """The problem under the bounds of townships that its settings ask for."""
    settings = problem.settings
    return under_town_bounds(problem, lower=settings.town_min, upper=settings.town_max)


def under_town_bounds(
    problem: PostingProblem, *, lower: int = 0, upper: int | None = None
) -> PostingProblem:
    """The problem in which each township gets so many people at least and at most.

    依据：matching-design 1.3，村合计、乡镇合计。村没有写乡镇的不计。
    """
    if not lower and upper is None:
        return problem
    posts: dict[str, list[str]] = {}
    for place in problem.posts:
        town = problem.needs[place.village].facts.town
        if town:
            posts.setdefault(town, []).append(place.id)
    bounds = tuple(
        Bound(f"{town}合计", None, tuple(ids), lower, upper) for town, ids in sorted(posts.items())
    )
    return replace(problem, problem=replace(problem.problem, bounds=bounds))
