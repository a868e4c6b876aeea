"""What does a choice of edges look like as a plan?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from lingyan_matching.plan import CERTIFICATE, CHECKER_VERSION, Assignment, Goal, Settings
from lingyan_matching.problem import (
    BadInstance,
    Graph,
    InstanceError,
    Problem,
    build,
    holds,
    with_marks,
)
from lingyan_matching.said import Said


def marked(graph: Graph, settings: Settings) -> Graph:
    """The graph under the further pins, bans and limits of a run."""
    problem = marked_problem(graph.problem, settings)
    return graph if problem is graph.problem else build(problem)


def marked_problem(problem: Problem, settings: Settings) -> Problem:
    """The problem under the further pins, bans and limits of a run."""
    return with_marks(problem, pins=settings.pins, bans=settings.bans, limits=dict(settings.limits))


def assignments_of(graph: Graph, edges: Iterable[int]) -> tuple[Assignment, ...]:
    """The chosen open edges and all pins, by post and then person."""
    problem = graph.problem
    pinned = [assignment(problem, problem, edge, pinned=True) for _, _, edge in graph.pinned]
    # Edges are numbered by post and then person, and these by their ids.
    people, posts, score_of = problem.people, problem.posts, graph.edge_score
    chosen = sorted(edges)
    wishes, wanted = graph.edge_person_rank, graph.edge_post_rank
    rows = [
        Assignment(
            people[person].id,
            posts[post].id,
            score_of[edge],
            None if wishes is None else wishes[edge] or None,
            None if wanted is None else wanted[edge] or None,
        )
        for edge, person, post in zip(
            chosen,
            map(graph.edge_person.__getitem__, chosen),
            map(graph.edge_post.__getitem__, chosen),
            strict=True,
        )
    ]
    if not pinned:
        return tuple(rows)
    return tuple(sorted([*pinned, *rows], key=attrgetter("post", "person")))


def assignment(
    problem: Problem, columns: Problem | Graph, edge: int, *, pinned: bool
) -> Assignment:
    """One row, from an edge of the problem or of its graph."""
    return Assignment(
        problem.people[columns.edge_person[edge]].id,
        problem.posts[columns.edge_post[edge]].id,
        columns.edge_score[edge],
        rank(columns.edge_person_rank, edge),
        rank(columns.edge_post_rank, edge),
        pinned,
    )


def rank(column: Sequence[int] | None, edge: int) -> int | None:
    """The preference class of an edge; 0 in a column means that it was not mentioned."""
    return None if column is None else column[edge] or None


def seats_filled(rows: Iterable[Assignment]) -> dict[str, int]:
    """How many people each post gets; posts that get none are absent."""
    return Counter(map(attrgetter("post"), rows))


def filling_goals(problem: Problem, rows: Sequence[Assignment]) -> list[Goal]:
    """Seats below lower bounds and seats by class, stated as mode total states them."""
    filled = seats_filled(rows)
    goals = []
    lows = [(filled.get(post.id, 0), post.lower) for post in problem.posts if post.lower]
    pairs = [(row.person, row.post) for row in rows] if problem.bounds else []
    lows += [(sum(holds(b, pair) for pair in pairs), b.lower) for b in problem.bounds if b.lower]
    if lows:
        kept = sum(min(have, low) for have, low in lows)
        goals.append(Goal("lower", kept, sum(low for _, low in lows), "seats"))
    value: dict[int, int] = {}
    bound: dict[int, int] = {}
    for post in problem.posts:
        value[post.klass] = value.get(post.klass, 0) + filled.get(post.id, 0)
        bound[post.klass] = bound.get(post.klass, 0) + post.upper
    goals += [
        Goal(f"class-{klass}", value[klass], bound[klass], "seats") for klass in sorted(value)
    ]
    return goals


def short_bounds(problem: Problem, rows: Iterable[Assignment]) -> tuple[str, ...]:
    """What the lower bounds over several posts or people miss, in words."""
    pairs, said = [(row.person, row.post) for row in rows], []
    for bound in problem.bounds:
        count = sum(holds(bound, pair) for pair in pairs)
        if count < bound.lower:
            note = Said(f"总量“{bound.id}”的下限是 {bound.lower}，只能安排 {count}。")
            note.english = (
                f'the bound "{bound.id}" asks for {bound.lower}, only {count} can be arranged.'
            )
            said.append(note)
    return tuple(said)


def score_unit(problem: Problem) -> str:
    """What the scores of a problem count."""
    return "cost" if problem.sense == "min" else "points"


def refuse_second_posts(problem: Problem, mode: str) -> None:
    """Where each person takes one post at most, a person with another bound is a mistake."""
    errors = [
        InstanceError(
            f"people[{number}]",
            f"“{person.id}”的上下限为 {person.lower} 到 {person.upper}，{mode} 方式每人至多一岗",
            "请把下限改为 0、上限改为 1，或改用 pairing 方式",
            f'"{person.id}" has bounds {person.lower} to {person.upper}, but in mode {mode} '
            "a person takes one post at most",
            "write lower 0 and upper 1, or use mode pairing",
        )
        for number, person in enumerate(problem.people)
        if person.lower > 0 or person.upper > 1
    ]
    if errors:
        raise BadInstance(errors)


def refuse_bounds(problem: Problem, mode: str) -> None:
    """A pairing has bounds of its two sides, and none over several of them."""
    if problem.bounds:
        bound = problem.bounds[0].id
        raise BadInstance(
            [
                InstanceError(
                    "bounds",
                    f"{mode} 方式没有“{bound}”这样的总量上下限",
                    "请在每个单位、每个村上写上下限，或去掉 bounds",
                    f'mode {mode} knows no bounds such as "{bound}"',
                    "write bounds on each unit and village, or take these away",
                )
            ]
        )


def certificate_of(kind: str, sha256: str, **parts: Any) -> Mapping[str, Any]:
    """The frame that every certificate shares."""
    return {
        "format": CERTIFICATE,
        "snapshot_sha256": sha256,
        "kind": kind,
        "checker_version": CHECKER_VERSION,
        **parts,
    }
