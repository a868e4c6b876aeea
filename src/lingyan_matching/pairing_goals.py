"""What does the county want from a pairing, written as one integer?

First the lower bounds of both sides, then villages that have a unit at all, class by class, then
the points, then the lot. Solver and checker both read it here, from the problem alone.

A village is worth more than all points together, a pair below a lower bound more than all villages
together. One more step per class is enough between the classes: the sets of villages that can be
covered together form a matroid, so the dearest come first without costing a later class anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lingyan_matching.lot import ticket
from lingyan_matching.plan import Assignment, Goal
from lingyan_matching.problem import Graph, Problem

GOALS = ("bounds", "villages", "score", "lot")
BITS_MAX = 40
NUMBER_MAX = 1 << 58


@dataclass(frozen=True)
class Worth:
    """How much each goal counts; `bits` of the lot, 0 without it; `top` bounds every number met."""

    score: int
    cover: Mapping[int, int]
    lower: int
    bits: int
    sign: int

    @property
    def top(self) -> int:
        """More than any sum of gains and profits that one path can meet."""
        return 8 * (self.lower + max(self.cover.values(), default=0))


@dataclass(frozen=True)
class Task:
    """A graph as a pairing task: how many pairs each node still takes, and what they are worth."""

    graph: Graph
    worth: Worth

    @cached_property
    def person_room(self) -> list[int]:
        """How many pairs each unit may still take: never more than it has open edges."""
        return _room(self.graph.room, self.graph.person_ptr)

    @cached_property
    def post_room(self) -> list[int]:
        """How many pairs each village may still take: never more than it has open edges."""
        return _room(self.graph.seats, self.graph.post_ptr)

    def person_gains(self, person: int) -> list[int]:
        """What the next pairs of a unit gain, pins counted already."""
        room = self.person_room[person]
        low = min(self.graph.person_lower[person], room)
        return [self.worth.lower] * low + [0] * (room - low)

    def post_gains(self, post: int) -> list[int]:
        """What the next pairs of a village gain, pins counted already."""
        room = self.post_room[post]
        low = min(self.graph.lower[post], room)
        gains = [self.worth.lower] * low + [0] * (room - low)
        if gains and post not in self.pinned_posts:
            gains[0] += self.worth.cover[self.graph.problem.posts[post].klass]
        return gains

    @cached_property
    def pinned_posts(self) -> frozenset[int]:
        """The villages that a pin covers."""
        return frozenset(post for _, post, _ in self.graph.pinned)

    def profit(self, edge: int) -> int:
        """What the points of an edge are worth, the lot left out."""
        return self.graph.edge_score[edge] * self.score_factor

    @property
    def score_factor(self) -> int:
        """What one point of score is worth."""
        return self.worth.sign * self.worth.score

    def ticket(self, edge: int, seed: int) -> int:
        """The lot of an edge: what it takes off the profit."""
        if not self.worth.bits:
            return 0
        problem = self.graph.problem
        person, post = self.graph.edge_person[edge], self.graph.edge_post[edge]
        return ticket(seed, problem.people[person].id, problem.posts[post].id, self.worth.bits)


def _room(bound: Sequence[int], ptr: Sequence[int]) -> list[int]:
    return [min(most, ptr[node + 1] - ptr[node]) for node, most in enumerate(bound)]


def task_of(graph: Graph, *, lot: bool) -> Task:
    """The task of a graph: most bits for the lot that keep all numbers within 58 bits."""
    plain = Task(graph, Worth(1, {}, 1, 0, 1))
    pairs = min(sum(plain.person_room), sum(plain.post_room))
    bits = 0
    if lot:
        room = NUMBER_MAX // max(1, _worth(graph, pairs, 0).top)
        bits = min(BITS_MAX, room.bit_length() - 1 - pairs.bit_length())
        bits = bits if bits > 0 else BITS_MAX
    return Task(graph, _worth(graph, pairs, bits))


def _worth(graph: Graph, pairs: int, bits: int) -> Worth:
    low, high = graph.score_span
    spread = max(0, high) - min(0, low)
    score = (pairs << bits) + 1 if bits else 1
    village = score * (pairs * spread + 2)
    classes = sorted({post.klass for post in graph.problem.posts}, reverse=True)
    return Worth(
        score,
        {klass: place * village for place, klass in enumerate(classes, start=1)},
        village * len(classes) * (len(graph.problem.posts) + 1),
        bits,
        -1 if graph.problem.sense == "min" else 1,
    )


def goal_values(problem: Problem, rows: Sequence[Assignment]) -> tuple[Goal, ...]:
    """What a pairing reaches, goal by goal; the certificate proves that none reaches more."""
    by_person, by_post = _loads(rows)
    wanted = [(post.lower, by_post.get(post.id, 0)) for post in problem.posts]
    wanted += [(person.lower, by_person.get(person.id, 0)) for person in problem.people]
    goals = []
    if any(lower for lower, _ in wanted):
        kept = sum(min(lower, load) for lower, load in wanted)
        goals.append(Goal("bounds", kept, sum(lower for lower, _ in wanted), "pairs"))
    for klass in sorted({post.klass for post in problem.posts}):
        villages = [post for post in problem.posts if post.klass == klass and post.upper]
        covered = sum(post.id in by_post for post in villages)
        goals.append(Goal(f"villages-{klass}", covered, len(villages), "villages"))
    score = sum(row.score for row in rows)
    goals.append(Goal("score", score, score, "cost" if problem.sense == "min" else "points"))
    return tuple(goals)


def _loads(rows: Sequence[Assignment]) -> tuple[dict[str, int], dict[str, int]]:
    by_person: dict[str, int] = {}
    by_post: dict[str, int] = {}
    for row in rows:
        by_person[row.person] = by_person.get(row.person, 0) + 1
        by_post[row.post] = by_post.get(row.post, 0) + 1
    return by_person, by_post
