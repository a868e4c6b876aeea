"""In which order does each side want the other?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lingyan_matching import rank_kernel
from lingyan_matching.carrier import Carrier, loops_on
from lingyan_matching.lot import FULL_BITS, tickets
from lingyan_matching.problem import Graph, tickets_of


@dataclass(frozen=True, slots=True)
class Ranking:
    """One strict order per owner, on a carrier; `tied` if the lot had to decide anywhere.

    The edges of owner `o` stand in `order[ptr[o]:ptr[o + 1]]`, best first; `place` says where.
    """

    ptr: Any
    order: Any
    place: Any
    tied: bool


def preference_classes(graph: Graph, ranks: Sequence[int] | None, carrier: Carrier) -> Any:
    """Number the wishes of one side, 1 best: ranks as given, then the unmentioned by score.

    Equal numbers are a tie; numbers of different edges can be compared across the whole side.
    """
    found = carrier.filled(len(graph.edge_score), 0)
    sign = -1 if graph.problem.sense == "min" else 1
    scores, given = carrier.column(graph.edge_score), carrier.column(ranks or ())
    loops_on(carrier, rank_kernel).wish_classes(scores, given, sign, found)
    return found


def largest_key(graph: Graph) -> int:
    """More than any number met in sorting wishes: it tells whether 64 bits are enough."""
    scores = graph.edge_score or (0,)
    last = max(max(ranks or (0,)) for ranks in (graph.edge_person_rank, graph.edge_post_rank))
    owners = max(len(graph.room), len(graph.seats), 1)
    return (owners + 1) * (max(scores) - min(scores) + last + 2) * (len(graph.edge_score) + 1)


def gain(graph: Graph, edge: int) -> int:
    """The score of an open edge, counted so that more is better."""
    score = graph.edge_score[edge]
    return -score if graph.problem.sense == "min" else score


def lots_of(graph: Graph, edges: Sequence[int], *, seed: int) -> Mapping[int, int] | Sequence[int]:
    """The published lots of open edges, by their numbers; the lower one goes first.

    Where most edges are asked for, both sides draw from the same.
    """
    if 2 * len(edges) >= len(graph.edge_post):
        return tickets_of(graph, seed)
    drawn = tickets(seed, map(graph.ids, edges), FULL_BITS)
    return dict(zip(edges, drawn, strict=True))


def rank_people(graph: Graph, classes: Any, *, seed: int, carrier: Carrier) -> Ranking:
    """Every person's strict order of posts."""
    return _rank(graph, (graph.person_ptr, graph.edge_person), classes, seed, carrier)


def rank_posts(graph: Graph, classes: Any, *, seed: int, carrier: Carrier) -> Ranking:
    """Every post's strict order of people."""
    return _rank(graph, (graph.post_ptr, graph.edge_post), classes, seed, carrier)


def _rank(
    graph: Graph,
    rows: tuple[Sequence[int], Sequence[int]],
    classes: Any,
    seed: int,
    carrier: Carrier,
) -> Ranking:
    """Sort the edges of all owners at once by class; where classes are equal, draw the lot."""
    loops, count = loops_on(carrier, rank_kernel), len(graph.edge_score)
    ptr, owner = carrier.column(rows[0]), carrier.column(rows[1])
    keys, order, place = (carrier.filled(count, 0) for _ in range(3))
    loops.sort_keys(owner, classes, keys)
    keys.sort()
    ties = loops.read_keys(keys, owner, ptr, order, place)
    if ties:
        packed = [0] * count
        for key in carrier.ints(keys):
            packed[key % count] = key // count
        order = carrier.column(sort_drawing_ties(graph, carrier.ints(order), packed, seed=seed))
        for at, edge in enumerate(carrier.ints(order)):
            place[edge] = at - rows[0][rows[1][edge]]
    return Ranking(ptr, order, place, bool(ties))


def sort_drawing_ties(
    graph: Graph, edges: Sequence[int], key: Sequence[int], *, seed: int
) -> list[int]:
    """Sort edges by key; equal ones by the lot, which is drawn for them only."""
    order = sorted(edges, key=key.__getitem__)
    keys = [key[edge] for edge in order]
    new = [at for at, (own, before) in enumerate(pairwise(keys), start=1) if own != before]
    runs = [run for run in pairwise([0, *new, len(order)]) if run[1] - run[0] > 1]
    lots = lots_of(graph, [edge for run in runs for edge in order[slice(*run)]], seed=seed)
    for run in runs:
        order[slice(*run)] = sorted(order[slice(*run)], key=lots.__getitem__)
    return order


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """The order of a unit that cannot send everybody: higher wish first, then score, then lot.

    `of[person]` is the unit, or -1 where its limit can never bind. `key[edge]`, a column on a
    carrier, is the place of an edge among all edges of people under a limit, or -1; `edge` is its
    inverse; `ptr` gives each unit room for one entry per edge.
    """

    of: list[int]
    ptr: list[int]
    key: Any
    edge: list[int]


def order_units(graph: Graph, classes: Any, *, seed: int, carrier: Carrier) -> UnitOrder:
    """Bring the edges of people with a unit limit into one order, the same as each person's own."""
    unit_of = binding_units(graph)
    ptr, count = [0] * (len(graph.limit) + 1), len(graph.edge_person)
    if max(unit_of, default=-1) < 0:
        return UnitOrder(unit_of, ptr, carrier.filled(count, -1), [])
    limited = [edge for edge, i in enumerate(graph.edge_person) if unit_of[i] >= 0]
    order = sort_drawing_ties(graph, limited, carrier.ints(classes), seed=seed)
    key = [-1] * count
    for place, edge in enumerate(order):
        key[edge] = place
        ptr[unit_of[graph.edge_person[edge]] + 1] += 1
    for unit in range(len(graph.limit)):
        ptr[unit + 1] += ptr[unit]
    return UnitOrder(unit_of, ptr, carrier.column(key), order)


def binding_units(graph: Graph) -> list[int]:
    """The unit of each person, or -1 if it may send all of its people who can go anywhere."""
    if not graph.limit:
        return [-1] * len(graph.room)
    people = [0] * len(graph.limit)
    for person, unit in enumerate(graph.unit_of):
        if unit >= 0 and graph.person_ptr[person] < graph.person_ptr[person + 1]:
            people[unit] += 1
    return [
        unit if unit >= 0 and graph.limit[unit] < people[unit] else -1 for unit in graph.unit_of
    ]
