"""Who competes for too few partners, so that the lower bounds of a pairing cannot all be kept?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lingyan_matching.problem import Graph, Pair
from lingyan_matching.said import Said


@dataclass(frozen=True, slots=True)
class Crowd:
    """Nodes of one side that want more pairs than the other side can give them.

    Counting proves it, after the pins: `wanted` is the sum of what their lower bounds still lack;
    `can_take` is, over their partners, the smaller of the room left and the eligible pairs with
    the crowd. `pins` are those that take up room of the partners.
    """

    side: str
    members: tuple[str, ...]
    partners: tuple[str, ...]
    wanted: int
    can_take: int
    pins: tuple[Pair, ...] = ()

    def sentence(self) -> str:
        """The crowd in plain words, pins first."""
        some, others = ("村", "单位") if self.side == "posts" else ("单位", "村")
        members, partners = "、".join(self.members), "、".join(self.partners)
        pinned = "、".join(f"“{person}”—“{post}”" for person, post in self.pins)
        start = f"人工指定 {pinned} 已占用名额。" if pinned else ""
        english = (
            f"{len(self.members)} {'villages' if self.side == 'posts' else 'units'} want at least "
            f"{self.wanted} more pairs, the {len(self.partners)} that may be paired with them can "
            f"take {self.can_take}: {', '.join(self.members)}; {', '.join(self.partners)}."
        )
        if not self.partners:
            return Said(
                f"{start}{members} 还至少要结对 {self.wanted} 次，但没有一个{others}符合条件。",
                english,
            )
        return Said(
            f"{start}下列 {len(self.members)} 个{some}还至少要结对 {self.wanted} 次，符合条件的 "
            f"{len(self.partners)} 个{others}合计最多承担 {self.can_take} 次："
            f"{some}（{members}）；{others}（{partners}）。",
            english,
        )

    def as_json(self) -> dict[str, object]:
        """The crowd for the certificate."""
        return {
            "side": self.side,
            "members": list(self.members),
            "partners": list(self.partners),
            "wanted": self.wanted,
            "can_take": self.can_take,
            "deficit": self.wanted - self.can_take,
        }


@dataclass(frozen=True, slots=True)
class _Side:
    """A graph seen from one of its sides."""

    name: str
    ids: list[str]
    partner_ids: list[str]
    node: Sequence[int]
    partner: Sequence[int]
    lower: Sequence[int]
    room: Sequence[int]


def sides_of(graph: Graph) -> tuple[_Side, _Side]:
    """The graph seen from its posts (villages) and from its people (units).

    Also pairs of nodes that pins have filled stand here: they are eligible, though nothing is left.
    """
    problem = graph.problem
    people, posts = ([row.id for row in rows] for rows in (problem.people, problem.posts))
    closed = {*problem.pins, *problem.bans}
    pairs = [
        (i, g)
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
        if not closed or (people[i], posts[g]) not in closed
    ]
    by_person, by_post = [i for i, _ in pairs], [g for _, g in pairs]
    return (
        _Side("posts", posts, people, by_post, by_person, graph.lower, graph.room),
        _Side("people", people, posts, by_person, by_post, graph.person_lower, graph.seats),
    )


def crowds(graph: Graph, edges: Sequence[int]) -> tuple[Crowd, ...]:
    """For each side of a best pairing: whose lower bounds cannot all be kept, and why."""
    people, posts = graph.edge_person, graph.edge_post
    if not _short(graph.lower, posts, edges) and not _short(graph.person_lower, people, edges):
        return ()
    by_post, by_person = sides_of(graph)
    found = (
        _crowd(graph, by_post, {(posts[edge], people[edge]) for edge in edges}),
        _crowd(graph, by_person, {(people[edge], posts[edge]) for edge in edges}),
    )
    return tuple(crowd for crowd in found if crowd is not None)


def _short(lower: Sequence[int], owner: Sequence[int], edges: Sequence[int]) -> bool:
    """Whether some node is paired less often than its lower bound asks."""
    load = Counter(owner[edge] for edge in edges)
    return any(load[node] < low for node, low in enumerate(lower))


def _crowd(graph: Graph, side: _Side, taken: set[tuple[int, int]]) -> Crowd | None:
    """Find the crowd of one side.

    1. Start from the nodes below their lower bound.
    2. Go on to every partner that could still be paired, and from there to all nodes that it is
       paired with: it is full, and none of them can spare it.
    3. The nodes met want more than their partners can take together.
    """
    load = [0] * len(side.ids)
    holders: dict[int, list[int]] = defaultdict(list)
    for node, partner in sorted(taken):
        load[node] += 1
        holders[partner].append(node)
    queue = [node for node, low in enumerate(side.lower) if load[node] < low]
    if not queue:
        return None
    open_partners: dict[int, list[int]] = defaultdict(list)
    for node, partner in zip(side.node, side.partner, strict=True):
        if (node, partner) not in taken:
            open_partners[node].append(partner)
    met, reached = set(queue), set[int]()
    while queue:
        for partner in open_partners[queue.pop()]:
            if partner not in reached:
                reached.add(partner)
                fresh = [node for node in holders[partner] if node not in met]
                met.update(fresh)
                queue += fresh
    return counted(graph, side, met)


def counted(graph: Graph, side: _Side, members: set[int]) -> Crowd:
    """Count what some nodes of a side still want, and what their partners can take."""
    shared: dict[int, int] = defaultdict(int)
    for node, partner in zip(side.node, side.partner, strict=True):
        if node in members:
            shared[partner] += 1
    names = {side.partner_ids[partner] for partner in shared}
    at = 0 if side.name == "posts" else 1
    return Crowd(
        side.name,
        tuple(side.ids[node] for node in sorted(members)),
        tuple(side.partner_ids[partner] for partner in sorted(shared)),
        sum(side.lower[node] for node in members),
        sum(min(side.room[partner], count) for partner, count in shared.items()),
        tuple(pin for pin in graph.problem.pins if pin[at] in names),
    )
