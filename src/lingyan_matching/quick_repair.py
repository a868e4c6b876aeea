"""What does one change of a plan move, at the size of a province?

The residual graph of ``residual.py`` can be changed step by step; here one change is read off a
book of prices (``price_book.py``), which stays as it is: one search, and one walk back. Lots are
not drawn on the way, so it serves plans whose goals do not ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lingyan_matching.changes import Admit, Ban, Change, Pin, Withdraw
from lingyan_matching.price_book import PriceBook
from lingyan_matching.price_kernel import HUB
from lingyan_matching.problem import Pair, edge_between

Step = tuple[int, int, int, int]
"""From one node to another a person goes along an edge; -1 is the hub, nobody and no edge."""
NONE = -1


@dataclass(frozen=True, slots=True)
class Way:
    """What a change loses, all goals in one integer, and the post (or -1) of whoever moves."""

    loss: int
    posts: Mapping[int, int]


def way_of(book: PriceBook, change: Change) -> Way | None:
    """The way that a change takes; None if the book cannot say."""
    graph, goals = book.graph, book.plan.settings.goals
    person = graph.person_index.get(getattr(change, "person", ""))
    if goals[-1:] in ((), ("lot",)) or person is None or graph.room[person] <= 0:
        return None
    if isinstance(change, Withdraw):
        return _withdrawn(book, person)
    post = graph.post_index.get(getattr(change, "post", ""))
    match change:
        case Pin() if post is not None:
            return _pinned(book, person, post)
        case Ban() if post is not None:
            return _banned(book, person, post)
        case Admit() if post is not None:
            return _admitted(book, person, post, change)
    return None


def rows_after(book: PriceBook, way: Way) -> tuple[list[Pair], list[Pair]]:
    """The pairs that a way gives up, and those that it makes."""
    people, posts, graph = book.problem.people, book.problem.posts, book.graph
    gone, made = [], []
    for person, post in way.posts.items():
        if book.held[person] != NONE:
            gone.append((people[person].id, posts[graph.edge_post[book.held[person]]].id))
        if post != NONE:
            made.append((people[person].id, posts[post].id))
    return gone, made


# --- the kinds of change -------------------------------------------------------------------------


def _pinned(book: PriceBook, person: int, post: int) -> Way | None:
    """Force an open pair into the plan: a round trip through it."""
    edge = edge_between(book.graph.edge_person, book.graph.post_ptr, person, post)
    if edge is None:
        return None
    if book.held[person] == edge:
        return Way(0, {})
    way = _round_trip(book, person, post, int(book.slack[edge]))
    return way if way.loss < book.lift // 2 else None


def _admitted(book: PriceBook, person: int, post: int, change: Admit) -> Way | None:
    """Allow a new pair; it is taken if that is better."""
    low, high = book.graph.score_span
    graph = book.graph
    known = edge_between(graph.edge_person, graph.post_ptr, person, post)
    banned = (change.person, change.post) in book.problem.bans
    if known is not None or banned or not low <= change.score <= high or graph.seats[post] <= 0:
        return None
    tariff = book.worth.tariff
    cost = tariff.sign * (tariff.best - change.score) * tariff.score_weight
    if (change.person, change.post) not in book.plan.settings.base:
        cost += tariff.change_weight
    slack = int(book.person_price[person]) + cost - int(book.level[post])
    way = _round_trip(book, person, post, slack)
    return way if way.loss < 0 else Way(0, {})


def _round_trip(book: PriceBook, person: int, post: int, slack: int) -> Way:
    """From a post to a person, and back along a pair of this slack."""
    start = _place_of(book, person)
    reached = start == HUB or book.level[start] < book.lift // 2
    radius = int(book.exits[post]) if reached else book.far
    book.search_from(post, radius)
    distance = book.distance(start, radius)
    if distance + slack >= book.lift // 2:
        return Way(distance + slack, {})
    steps = _steps(book, post, start, near=distance < radius)
    return Way(distance + slack, {**_moves(book, steps), person: post})


def _withdrawn(book: PriceBook, person: int) -> Way:
    """Let somebody leave the pool: his seat is filled again from where his place is free."""
    if book.held[person] == NONE:
        return Way(0, {})
    post, unit = _seat_of(book, person), _unit_of(book, person)
    loss = int(book.person_price[person])
    if unit == HUB:
        return Way(loss, {**_moves(book, _from_hub(book, post)), person: NONE})
    radius = int(book.exits[unit])
    book.search_from(unit, radius)
    far = book.distance(post, radius)
    steps = _steps(book, unit, post, near=far < radius)
    return Way(loss - int(book.level[unit]) + far, {**_moves(book, steps), person: NONE})


def _banned(book: PriceBook, person: int, post: int) -> Way | None:
    """Part a pair: the person goes to the best place that is left, and the seat is filled again."""
    edge = edge_between(book.graph.edge_person, book.graph.post_ptr, person, post)
    if edge is None:
        return None
    if book.held[person] != edge:
        return Way(0, {})
    radius, first = _way_out(book, person)
    book.search_from_person(person, radius)
    far = book.distance(post, radius)
    if far < radius:
        steps = _walk_back(book, book.search[4], post, person=person)
    else:
        rest = [] if first[3] == HUB else _to_hub(book, first[3])
        steps = [first, *_without_loops([*rest, *_from_hub(book, post)])]
    return Way(far, {person: NONE, **_moves(book, steps)})


def _way_out(book: PriceBook, person: int) -> tuple[int, Step]:
    """The cheapest way of a seated person to the hub, and its first step."""
    graph, post, unit = book.graph, _seat_of(book, person), _unit_of(book, person)
    loss = int(book.person_price[person])
    if unit != HUB:
        loss += int(book.exits[unit]) - int(book.level[unit])
    ways = [(loss, (post, person, NONE, unit))]
    for k in range(graph.person_ptr[person], graph.person_ptr[person + 1]):
        edge = graph.person_edge[k]
        node = graph.edge_post[edge]
        if node != post:
            loss = int(book.slack[edge]) + int(book.exits[node])
            ways.append((loss, (post, person, edge, node)))
    return min(ways)


# --- ways as steps -------------------------------------------------------------------------------


def _seat_of(book: PriceBook, person: int) -> int:
    return book.graph.edge_post[book.held[person]]


def _unit_of(book: PriceBook, person: int) -> int:
    """The node of a person's unit if that is full, else the hub."""
    unit = book.full_unit[person]
    return HUB if unit == NONE else len(book.graph.seats) + unit


def _place_of(book: PriceBook, person: int) -> int:
    """The node from which alone a person can be set free."""
    return _seat_of(book, person) if book.held[person] != NONE else _unit_of(book, person)


def _moves(book: PriceBook, steps: Iterable[Step]) -> dict[int, int]:
    """The post that each person on the way has after it."""
    post = book.graph.edge_post
    return {who: NONE if edge == NONE else post[edge] for _, who, edge, _ in steps if who != NONE}


def _steps(book: PriceBook, start: int, end: int, *, near: bool) -> list[Step]:
    """The cheapest way between two nodes: found by the last search, or else over the hub."""
    if near:
        return [] if start == end else _walk_back(book, book.search[4], end, start=start)
    rest = [] if end == HUB else _from_hub(book, end)
    return _without_loops([*_to_hub(book, start), *rest])


def _from_hub(book: PriceBook, end: int) -> list[Step]:
    return _walk_back(book, book.forth[4], end, start=HUB)


def _walk_back(
    book: PriceBook, entry: Any, end: int, *, start: int | None = None, person: int | None = None
) -> list[Step]:
    """Follow the entries of a search back to the node, or the person, where it began."""
    steps, node = [], end
    while True:
        step = _step_into(book, node, int(entry[node]))
        steps.append(step)
        node = step[0]
        if person == step[1] if start is None else node == start:
            return steps[::-1]


def _step_into(book: PriceBook, node: int, over: int) -> Step:
    if over == HUB:
        return HUB, NONE, NONE, node
    if over < HUB:
        return _seat_of(book, -2 - over), -2 - over, NONE, node
    person = book.graph.edge_person[over]
    return _place_of(book, person), person, over, node


def _to_hub(book: PriceBook, start: int) -> list[Step]:
    """The cheapest way from a node to the hub."""
    steps, node = [], start
    while node != HUB:
        over = int(book.back[4][node])
        if over == HUB:
            step = (node, NONE, NONE, HUB)
        elif over < HUB:
            step = (node, -2 - over, NONE, _unit_of(book, -2 - over))
        else:
            step = (node, book.graph.edge_person[over], over, book.graph.edge_post[over])
        steps.append(step)
        node = step[3]
    return steps


def _without_loops(steps: list[Step]) -> list[Step]:
    """Cut out round trips: on a cheapest way they cost nothing."""
    kept: list[Step] = []
    passed = {steps[0][0]: 0} if steps else {}
    for step in steps:
        kept.append(step)
        if step[3] in passed:
            for gone in kept[passed[step[3]] :]:
                if gone[3] != step[3]:
                    passed.pop(gone[3], None)
            del kept[passed[step[3]] :]
        passed[step[3]] = len(kept)
    return kept
