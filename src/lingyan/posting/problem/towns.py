"""How many people may each township get in all, its villages taken together?"""

from __future__ import annotations

from dataclasses import replace

from lingyan.posting.problem.build import PostingProblem
from lingyan_matching import Bound


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
