"""Who can still go where, once pins and bans are taken out?"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingyan_matching.carrier import Carrier, choose
from lingyan_matching.lot import FULL_BITS, tickets
from lingyan_matching.problem.checking import check_marks
from lingyan_matching.problem.form import BadInstance, Pair, Problem
from lingyan_matching.problem.order import canonical_on, picked, picked_rank, snapshot_sha256


@dataclass(frozen=True, slots=True)
class Graph:
    """The open part of a canonical problem: what is left to decide after pins and bans.

    The edge columns hold only open edges (not banned, and of people who have room left), sorted by
    post and then person; edge ``e`` of post ``p`` has ``post_ptr[p] <= e < post_ptr[p + 1]``, and
    ``person_edge[person_ptr[i]:person_ptr[i + 1]]`` are the numbers of the edges of person ``i``.
    ``seats``, ``lower``, ``room``, ``person_lower`` and ``limit`` are what pins have left over.
    ``pinned`` holds (person, post, edge number in ``problem``) of every pin, and ``score_span`` the
    least and the greatest score of all edges of the problem.
    """

    problem: Problem
    person_index: Mapping[str, int]
    post_index: Mapping[str, int]
    unit_index: Mapping[str, int]
    edge_person: array[int]
    edge_post: array[int]
    edge_score: array[int]
    edge_person_rank: array[int] | None
    edge_post_rank: array[int] | None
    post_ptr: array[int]
    person_ptr: array[int]
    person_edge: array[int]
    seats: array[int]
    lower: array[int]
    room: array[int]
    person_lower: array[int]
    unit_of: array[int]
    limit: array[int]
    pinned: tuple[tuple[int, int, int], ...]
    score_span: tuple[int, int]
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def ids(self, edge: int) -> Pair:
        """The names of the two that an open edge joins."""
        problem = self.problem
        return problem.people[self.edge_person[edge]].id, problem.posts[self.edge_post[edge]].id


def snapshot_of(graph: Graph) -> str:
    """The snapshot of the problem of a graph, computed once."""
    if "snapshot" not in graph.memo:
        graph.memo["snapshot"] = snapshot_sha256(graph.problem)
    snapshot: str = graph.memo["snapshot"]
    return snapshot


def tickets_of(graph: Graph, seed: int) -> array[int]:
    """The full tickets of all open edges, drawn once."""
    if graph.memo.get("tickets", (None,))[0] != seed:
        people = [person.id for person in graph.problem.people]
        posts = [post.id for post in graph.problem.posts]
        ends = zip(graph.edge_person, graph.edge_post, strict=True)
        drawn = tickets(seed, ((people[i], posts[g]) for i, g in ends), FULL_BITS)
        graph.memo["tickets"] = seed, array("Q", drawn)
    found: array[int] = graph.memo["tickets"][1]
    return found


def build(problem: Problem, *, carrier: str = "auto") -> Graph:
    """Lay a problem out as a graph.

    1. Bring it into canonical order and check pins and bans.
    2. Take pins out: they use up seats, lower bounds, the person and the unit.
    3. Keep the open edges and index them from both sides.
    """
    on = choose(carrier, edges=len(problem.edge_score))
    problem = canonical_on(problem, on)
    if errors := check_marks(problem):
        raise BadInstance(errors)
    left = _Left(problem)
    pinned = tuple(left.take(*pin) for pin in problem.pins)
    closed = {(left.person_index[ban[0]], left.post_index[ban[1]]) for ban in problem.bans}
    closed.update((person, post) for person, post, _ in pinned)
    columns = _open_columns(problem, left.room, closed, on)
    person, post = on.column(columns[0]), on.column(columns[1])
    score = on.column(problem.edge_score)
    return Graph(
        problem=problem,
        person_index=left.person_index,
        post_index=left.post_index,
        unit_index=left.unit_index,
        edge_person=columns[0],
        edge_post=columns[1],
        edge_score=columns[2],
        edge_person_rank=columns[3],
        edge_post_rank=columns[4],
        post_ptr=on.packed(row_starts(post, len(problem.posts), on)),
        person_ptr=on.packed(row_starts(person, len(problem.people), on)),
        person_edge=on.packed(on.order(person, len(problem.people))),
        seats=left.seats,
        lower=left.lower,
        room=left.room,
        person_lower=left.person_lower,
        unit_of=left.unit_of,
        limit=left.limit,
        pinned=pinned,
        score_span=on.span(score),
    )


class _Left:
    """What is left of everybody's bounds while pins are taken out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.person_index = {person.id: number for number, person in enumerate(problem.people)}
        self.post_index = {post.id: number for number, post in enumerate(problem.posts)}
        self.unit_index = {unit.id: number for number, unit in enumerate(problem.units)}
        self.unit_of = array("q", (-1,)) * len(problem.people)
        if problem.units:
            units = [self.unit_index.get(person.unit or "", -1) for person in problem.people]
            self.unit_of = array("q", units)
        self.seats = array("q", [post.upper for post in problem.posts])
        self.lower = array("q", [post.lower for post in problem.posts])
        self.room = array("q", [person.upper for person in problem.people])
        self.person_lower = array("q", [person.lower for person in problem.people])
        self.limit = array("q", [unit.limit for unit in problem.units])

    def take(self, person_id: str, post_id: str) -> tuple[int, int, int]:
        """Take one pin out; its person, post and edge."""
        person, post = self.person_index[person_id], self.post_index[post_id]
        self.seats[post] -= 1
        self.lower[post] = max(0, self.lower[post] - 1)
        self.room[person] -= 1
        self.person_lower[person] = max(0, self.person_lower[person] - 1)
        if self.unit_of[person] >= 0:
            self.limit[self.unit_of[person]] -= 1
        posts, people = self.problem.edge_post, self.problem.edge_person
        start, end = bisect_left(posts, post), bisect_right(posts, post)
        return person, post, bisect_left(people, person, start, end)


def _open_columns(
    problem: Problem, room: array[int], closed: set[tuple[int, int]], carrier: Carrier
) -> tuple[array[int], array[int], array[int], array[int] | None, array[int] | None]:
    """The columns without closed pairs and without people who have no room."""
    keep = None
    if closed or (room and min(room) <= 0):
        pairs = zip(problem.edge_person, problem.edge_post, strict=True)
        keep = [
            number for number, pair in enumerate(pairs) if room[pair[0]] > 0 and pair not in closed
        ]
    return (
        picked(problem.edge_person, keep, carrier),
        picked(problem.edge_post, keep, carrier),
        picked(problem.edge_score, keep, carrier),
        picked_rank(problem.edge_person_rank, keep, carrier),
        picked_rank(problem.edge_post_rank, keep, carrier),
    )


def row_starts(column: Any, rows: int, carrier: Carrier) -> Any:
    """Where each row begins if the column is sorted, and at the end its length."""
    starts = carrier.filled(rows + 1, 0)
    carrier.kernel.count_rows(column, starts)
    return starts


def edge_between(
    edge_person: Sequence[int], post_ptr: Sequence[int], person: int, post: int
) -> int | None:
    """The number of the edge between a person and a post, if there is one."""
    end = post_ptr[post + 1]
    place = bisect_left(edge_person, person, post_ptr[post], end)
    return place if place < end and edge_person[place] == person else None
