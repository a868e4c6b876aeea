"""In which order does each side want the other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from lingyan_matching.lot import tiebreak
from lingyan_matching.problem import Graph


@dataclass(frozen=True, slots=True)
class Ranking:
    """One strict order per owner: `order[ptr[o]:ptr[o + 1]]`, best first; `place` is its inverse."""

    ptr: Sequence[int]
    order: Sequence[int]
    place: Sequence[int]


def preference_classes(graph: Graph, ranks: Sequence[int] | None) -> list[int]:
    """Number the wishes of one side, 1 best: ranks as given, then the unmentioned by score.

    Equal numbers are a tie; numbers of different edges can be compared across the whole side.
    """
    scores = graph.edge_score
    if not scores:
        return []
    if graph.problem.sense == "min":
        best = min(scores)
        behind = [score - best + 1 for score in scores]
    else:
        best = max(scores)
        behind = [best - score + 1 for score in scores]
    if ranks is None:
        return behind
    last = max(ranks)
    return [rank or last + after for rank, after in zip(ranks, behind, strict=True)]


def gain(graph: Graph, edge: int) -> int:
    """The score of an open edge, counted so that more is better."""
    score = graph.edge_score[edge]
    return -score if graph.problem.sense == "min" else score


def lot_of(graph: Graph, edge: int, seed: int) -> int:
    """The published lot of an open edge; the lower one goes first."""
    problem = graph.problem
    person, post = graph.edge_person[edge], graph.edge_post[edge]
    return tiebreak(seed, problem.people[person].id, problem.posts[post].id)


def rank_people(graph: Graph, classes: Sequence[int], *, seed: int) -> Ranking:
    """Every person's strict order of posts."""
    return _rank(graph, graph.person_ptr, graph.edge_person, classes, seed)


def rank_posts(graph: Graph, classes: Sequence[int], *, seed: int) -> Ranking:
    """Every post's strict order of people."""
    return _rank(graph, graph.post_ptr, graph.edge_post, classes, seed)


def _rank(
    graph: Graph,
    ptr: Sequence[int],
    owner: Sequence[int],
    classes: Sequence[int],
    seed: int,
) -> Ranking:
    width = max(classes, default=0) + 1
    packed = [o * width + c for o, c in zip(owner, classes, strict=True)]
    order = sort_drawing_ties(graph, range(len(packed)), packed, seed=seed)
    place = [0] * len(order)
    for at, edge in enumerate(order):
        place[edge] = at - ptr[owner[edge]]
    return Ranking(list(ptr), order, place)


def sort_drawing_ties(
    graph: Graph, edges: Sequence[int], key: Sequence[int], *, seed: int
) -> list[int]:
    """Sort edges by key; equal ones by the lot, which is drawn for them only."""
    order = sorted(edges, key=key.__getitem__)
    if all(key[a] != key[b] for a, b in pairwise(order)):
        return order
    drawn: list[int] = []
    for _, run in groupby(order, key=key.__getitem__):
        tied = list(run)
        if len(tied) > 1:
            tied.sort(key=lambda edge: lot_of(graph, edge, seed))
        drawn += tied
    return drawn


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """The order of a unit that cannot send everybody: higher wish first, then score, then lot.

    `of[person]` is the unit, or -1 where its limit can never bind. `key[edge]` is the place of an
    edge among all edges of people under a limit, or -1; `edge` is its inverse; `ptr` gives each
    unit room for one entry per edge.
    """

    of: list[int]
    ptr: list[int]
    key: list[int]
    edge: list[int]


def order_units(graph: Graph, classes: Sequence[int], *, seed: int) -> UnitOrder:
    """Bring the edges of people with a unit limit into one order, the same as each person's own."""
    unit_of = binding_units(graph)
    limited = [edge for edge, i in enumerate(graph.edge_person) if unit_of[i] >= 0]
    order = sort_drawing_ties(graph, limited, classes, seed=seed)
    key = [-1] * len(graph.edge_person)
    ptr = [0] * (len(graph.limit) + 1)
    for place, edge in enumerate(order):
        key[edge] = place
        ptr[unit_of[graph.edge_person[edge]] + 1] += 1
    for unit in range(len(graph.limit)):
        ptr[unit + 1] += ptr[unit]
    return UnitOrder(unit_of, ptr, key, order)


def binding_units(graph: Graph) -> list[int]:
    """The unit of each person, or -1 if it may send all of its people who can go anywhere."""
    people = [0] * len(graph.limit)
    for person, unit in enumerate(graph.unit_of):
        if unit >= 0 and graph.person_ptr[person] < graph.person_ptr[person + 1]:
            people[unit] += 1
    return [
        unit if unit >= 0 and graph.limit[unit] < people[unit] else -1 for unit in graph.unit_of
    ]
