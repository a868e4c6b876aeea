"""Who is stable with whom where a township or a branch of units takes only so many? (mode B)

Each side is one chooser under a tree of sets: a post within its township within the county, a
person within a unit within a branch. It goes through its edges in one published order (posts of the
first class first, then wishes, scores and the lot) and takes what every set has room for. Two such
choosers always have stable plans, and proposing from one end finds the best of them for that end
(Fleiner 2003). Without bounds over several posts or people ``deferred.py`` is faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lingyan_matching.carrier import Carrier
from lingyan_matching.preferences import sort_drawing_ties
from lingyan_matching.problem import BadInstance, Graph, InstanceError, Problem, holds
from lingyan_matching.trees import ROOT, Crossing, Trees, trees_of

NONE = -1
NO_END = 1 << 60


@dataclass(frozen=True, slots=True)
class Chooser:
    """One side: the sets of each person (or post), itself first and then outwards.

    A set takes `room` edges; `leaves` are the people (posts) in it; `key` is the place of each edge
    in the order of the side, and `own` are the edges of each person (post) in that order.
    """

    leaf_of: Sequence[int]
    sets_of: list[list[int]]
    room: list[int]
    leaves: list[list[int]]
    key: list[int]
    own: list[list[int]]


@dataclass(frozen=True, slots=True)
class Choosers:
    """Both sides of a problem with bounds."""

    people: Chooser
    posts: Chooser


def choosers_of(graph: Graph, classes: tuple[Any, Any], *, seed: int, carrier: Carrier) -> Choosers:
    """Both sides under their trees; `classes` are the wishes of people and of posts."""
    problem, trees = graph.problem, required_trees(graph.problem)
    classes = (carrier.ints(classes[0]), carrier.ints(classes[1]))
    pinned = [(problem.people[i].id, problem.posts[g].id) for i, g, _ in graph.pinned]
    rooms = [*graph.limit]
    for bound in problem.bounds:
        most = NO_END if bound.upper is None else bound.upper
        rooms.append(most - sum(holds(bound, pair) for pair in pinned))
    sides = (
        (graph.edge_person, [*graph.room], trees.above_person, classes[0]),
        (graph.edge_post, [*graph.seats], trees.above_post, by_class(graph, classes[1])),
    )
    found = []
    for leaf_of, room, above, ranked in sides:
        order = sort_drawing_ties(graph, range(len(leaf_of)), ranked, seed=seed)
        found.append(_chooser(leaf_of, room + rooms, above, trees, order))
    return Choosers(*found)


def by_class(graph: Graph, ranked: Sequence[int]) -> list[int]:
    """The wishes of posts, those of the first class first: a township fills its posts in order."""
    width = int(max(ranked, default=0)) + 1
    posts = graph.problem.posts
    return [
        posts[post].klass * width + int(rank)
        for post, rank in zip(graph.edge_post, ranked, strict=True)
    ]


def required_trees(problem: Problem) -> Trees:
    """The trees of a problem; where its bounds form none, only mode total has an answer."""
    trees = trees_of(problem)
    if isinstance(trees, Crossing):
        raise BadInstance(
            [
                InstanceError(
                    "bounds",
                    f"{trees.text()}，互选稳定和配对的方式都无法处理",
                    "请改用 total 方式，或调整 bounds",
                    f"{trees.text_en()}: no stable plan can be made under them",
                    "use mode total, or change the bounds",
                )
            ]
        )
    return trees


def _chooser(
    leaf_of: Sequence[int], room: list[int], above: list[int], trees: Trees, order: list[int]
) -> Chooser:
    """A side out of its leaves, the sets above them, and the order of its edges."""
    count, sets_of = len(above), list[list[int]]()
    leaves: list[list[int]] = [[] for _ in room]
    for leaf, first in enumerate(above):
        sets_of.append([leaf, *(count + number for number in outwards(first, trees))])
        for number in sets_of[leaf]:
            leaves[number].append(leaf)
    key, own = [0] * len(leaf_of), list[list[int]]([] for _ in above)
    for place, edge in enumerate(order):
        key[edge] = place
        own[leaf_of[edge]].append(edge)
    return Chooser(leaf_of, sets_of, room, leaves, key, own)


def outwards(first: int, trees: Trees) -> list[int]:
    """A set and all that hold it, from the inside out."""
    found = []
    while first != ROOT:
        found.append(first)
        first = trees.above_set[first]
    return found


def has_room(choosers: Choosers, edge: int) -> bool:
    """Whether all sets around an edge take anybody at all who is not pinned."""
    sides = (choosers.people, choosers.posts)
    return all(side.room[one] > 0 for side in sides for one in side.sets_of[side.leaf_of[edge]])


def propose_under_bounds(choosers: Choosers, *, side: str, fixed: int = NONE) -> list[int]:
    """Each person's edge or -1, the best stable plan for one side; a fixed edge stands outside.

    1. The side that proposes picks from all its edges; the other picks from what it is offered.
    2. Of the first full set around an offer, the last edge in the order of the side is turned down.
    3. Whatever is turned down makes room: the best edge that now fits is offered in its place.
    """
    people, posts = choosers.people, choosers.posts
    giver, taker = (people, posts) if side == "people" else (posts, people)
    offers, taken = _Picked(giver), _Picked(taker)
    gone = NONE
    if fixed != NONE:
        offers.count(fixed, 1)
        taken.count(fixed, 1)
        gone = people.leaf_of[fixed]
    closed = set() if gone == NONE else set(people.own[gone])
    waiting = _first_offers(giver, offers, closed)
    while waiting:
        edge = waiting.pop()
        out = taken.add(edge)
        if out != NONE:
            again = _next_offer(giver, offers, out, closed)
            if again != NONE:
                waiting.append(again)
    held = [NONE] * len(people.own)
    for edge in taken.edges:
        held[people.leaf_of[edge]] = edge
    if fixed != NONE:
        held[gone] = fixed
    return held


class _Picked:
    """What a side holds: how many edges each set has, and which of them can be turned down."""

    def __init__(self, chooser: Chooser) -> None:
        self.chooser = chooser
        self.used = [0] * len(chooser.room)
        self.at = [0] * len(chooser.own)
        self.edges = set[int]()
        self.inside: list[set[int]] = [set() for _ in chooser.room]

    def sets(self, edge: int) -> list[int]:
        return self.chooser.sets_of[self.chooser.leaf_of[edge]]

    def count(self, edge: int, step: int) -> None:
        for number in self.sets(edge):
            self.used[number] += step

    def full(self, edge: int) -> Iterable[int]:
        """The full sets around an edge, from the inside out."""
        return (one for one in self.sets(edge) if self.used[one] >= self.chooser.room[one])

    def fits(self, edge: int) -> bool:
        return next(iter(self.full(edge)), NONE) == NONE

    def add(self, edge: int) -> int:
        """Take an edge; the one that is turned down for it, perhaps itself, or -1."""
        tight = next(iter(self.full(edge)), NONE)
        if tight != NONE:
            out = max([edge, *self.inside[tight]], key=self.chooser.key.__getitem__)
            if out == edge:
                return edge
            self._move(out, -1)
        self._move(edge, 1)
        return NONE if tight == NONE else out

    def _move(self, edge: int, step: int) -> None:
        self.count(edge, step)
        change = set[int].add if step > 0 else set[int].discard
        change(self.edges, edge)
        for number in self.sets(edge):
            change(self.inside[number], edge)


def _first_offers(giver: Chooser, offers: _Picked, closed: set[int]) -> list[int]:
    """What the proposing side picks from everything, in its order."""
    found = []
    for edge in sorted(range(len(giver.key)), key=giver.key.__getitem__):
        if edge not in closed and offers.fits(edge):
            offers.count(edge, 1)
            offers.at[giver.leaf_of[edge]] += 1
            found.append(edge)
    return found


def _next_offer(giver: Chooser, offers: _Picked, out: int, closed: set[int]) -> int:
    """What is offered instead of an edge that was turned down, or -1.

    Only what a full set around it had kept out can come in now: the edges of a leaf are offered in
    order, so each leaf in the widest such set has one that is next.
    """
    widest = list(offers.full(out))[-1:]
    offers.count(out, -1)
    best = NONE
    for leaf in giver.leaves[widest[0]] if widest else ():
        own, at = giver.own[leaf], offers.at[leaf]
        while at < len(own) and own[at] in closed:
            at += 1
        offers.at[leaf] = at
        if (
            at < len(own)
            and (best == NONE or giver.key[own[at]] < giver.key[best])
            and offers.fits(own[at])
        ):
            best = own[at]
    if best != NONE:
        offers.count(best, 1)
        offers.at[giver.leaf_of[best]] += 1
    return best
