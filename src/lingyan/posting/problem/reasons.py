"""What does the engine say of everybody: of who is sent, and of who is left and why?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lingyan.posting.problem.build import PostingProblem, post_id
from lingyan.posting.problem.supply import FIT_SPAN
from lingyan_matching import Graph, Plan
from lingyan_matching.explain import explain
from lingyan_matching.residual import Residual

Pair = tuple[str, str]


def best_posts(problem: PostingProblem) -> dict[str, tuple[int, str]]:
    """Person → the greatest fit and its post, of those who are eligible anywhere."""
    best: dict[int, tuple[int, int]] = {}
    edges = problem.problem
    for person, post, score in zip(
        edges.edge_person, edges.edge_post, edges.edge_score, strict=True
    ):
        if person not in best or score > best[person][0]:
            best[person] = score, post
    return {
        problem.people[person].id: (score, problem.posts[post].id)
        for person, (score, post) in best.items()
    }


def pairs_left(problem: PostingProblem, plan: Plan) -> list[Pair]:
    """Everybody who is not sent, with the post to ask about.

    The one that fits best; whoever is eligible nowhere is asked about the first wish, else about
    the first post.
    """
    seated, best = {row.person for row in plan.assignments}, best_posts(problem)
    left = [candidate for candidate in problem.people if candidate.id not in seated]
    asked = {one.id: best[one.id][1] if one.id in best else _wished(problem, one) for one in left}
    return [(person, post) for person, post in asked.items() if post]


def _wished(problem: PostingProblem, candidate: Any) -> str:
    known = problem.post_number
    for wish in sorted(candidate.wishes or (), key=lambda wish: wish.rank):
        roles = [wish.role] if wish.role else ["first_secretary", "member"]
        for role in roles:
            if (post := post_id(wish.village, role)) in known:
                return post
    return problem.posts[0].id if problem.posts else ""


def pairs_told(problem: PostingProblem, plan: Plan) -> list[Pair]:
    """The pairs that a plan explains: every assignment, then everybody who is left."""
    return [(row.person, row.post) for row in plan.assignments] + pairs_left(problem, plan)


def reasons_of_all(
    problem: PostingProblem,
    graph: Graph,
    plan: Plan,
    *,
    names: Mapping[str, str],
    residual: Residual,
) -> dict[Pair, dict[str, Any]]:
    """Of each assignment the next best, its price and what would flip it; of whom is left likewise.

    Whoever is left is asked about post by post: one search answers for all who want the same.
    """
    seated = {(row.person, row.post) for row in plan.assignments}
    said = {}
    for pair in sorted(pairs_told(problem, plan), key=lambda pair: pair[::-1]):
        said[pair] = explain(
            graph,
            plan,
            *pair,
            names=names,
            residual=residual,
            span=FIT_SPAN,
            brief=pair not in seated,
        ).to_json()
    return said
