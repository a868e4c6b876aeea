"""What are the cheapest ways from one node of a graph to all others, asked again and again?

Dijkstra over arcs with prices under which none is cheaper than 0. Where one node leads almost
everywhere, as the hub of a plan does, its own tree tells how every way over it goes on; then a
search from elsewhere ends as soon as it has come to the hub, which is near (matching-design 3.7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

FAR = 1 << 1000
"""Farther than any sum of costs."""

Arcs = Sequence[Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Tree:
    """The cheapest ways from one node: true cost of each node reached, and the node before it."""

    source: int
    cost: dict[int, int]
    before: dict[int, int]

    def path(self, target: int) -> list[int]:
        """The nodes from the source to the target."""
        nodes = [target]
        while nodes[-1] != self.source:
            nodes.append(self.before[nodes[-1]])
        return nodes[::-1]


def grow(source: int, price: Sequence[int], arcs: Arcs, leaves: range) -> Tree:
    """Grow a tree of cheapest ways from one node to every other.

    Leaves are entered only from other nodes: once all those are done, nothing changes.
    """
    reached = [FAR] * len(arcs)
    reached[source] = 0
    before, heap, done = {source: source}, [(0, source)], [False] * len(arcs)
    others = len(arcs) - len(leaves)
    while heap and others:
        distance, node = heappop(heap)
        if done[node]:
            continue
        done[node] = True
        if node not in leaves:
            others -= 1
        base = distance + price[node]
        for target, cost in arcs[node].items():
            reach = base + cost - price[target]
            if reach < reached[target]:
                reached[target] = reach
                before[target] = node
                heappush(heap, (reach, target))
    origin = price[source]
    return Tree(source, {node: reached[node] + price[node] - origin for node in before}, before)


Reach = tuple[dict[int, int], dict[int, int]]
"""How far each node lies by priced arcs, and the node before it."""


def grow_to(source: int, target: int, price: Sequence[int], arcs: Arcs) -> tuple[Reach, int | None]:
    """Search until the target is the nearest; its priced length is None if there is no way."""
    reached, before, done = {source: 0}, {source: source}, set[int]()
    heap = [(0, source)]
    while heap:
        distance, node = heappop(heap)
        if node == target:
            return (reached, before), distance
        if node in done:
            continue
        done.add(node)
        base = distance + price[node]
        for end, cost in arcs[node].items():
            reach = base + cost - price[end]
            if reach < reached.get(end, FAR):
                reached[end] = reach
                before[end] = node
                heappush(heap, (reach, end))
    return (reached, before), None


def way_to(way: Reach, target: int) -> list[int]:
    """The nodes from the source of a search to the target."""
    nodes = [target]
    while way[1][nodes[-1]] != nodes[-1]:
        nodes.append(way[1][nodes[-1]])
    return nodes[::-1]


def lifted(price: Sequence[int], way: Reach, most: int) -> list[int]:
    """Prices after a search: each node rises by how far it lies, at most by so much."""
    known = way[0]
    return [own + min(known.get(node, most), most) for node, own in enumerate(price)]


def raised(price: Sequence[int], way: Tree) -> list[int]:
    """Prices by which all of a tree costs nothing; what it does not reach is lifted alike."""
    origin = price[way.source]
    farthest = max(cost + origin - price[node] for node, cost in way.cost.items())
    return [
        price[node] + farthest if (cost := way.cost.get(node)) is None else cost + origin
        for node in range(len(price))
    ]


class Ways:
    """All cheapest ways of a graph that does not change, for many questions."""

    def __init__(self, hub: int, price: Sequence[int], arcs: Arcs, leaves: range) -> None:
        self.hub, self.arcs = hub, arcs
        self.around = grow(hub, price, arcs, leaves)
        self.price = raised(price, self.around)
        self._last: Tree | None = None
        self._near: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}

    def tree(self, source: int, *, back: Ways | None = None) -> Tree:
        """The cheapest ways from one node; questions about one node often follow each other.

        1. Search until the hub is the nearest; no arc is longer than the way to it known so far.
           The same ways run backwards (`back`), where somebody has them, tell its length at once.
        2. From the hub on everything that it reaches lies at the same priced distance: its own
           tree is the rest. What it does not reach is searched to the end.
        """
        if source == self.hub:
            return self.around
        if self._last is None or self._last.source != source:
            cost = None if back is None else back.around.cost.get(source)
            length = None if cost is None else cost + self.price[source] - self.price[self.hub]
            self._last = self._searched(source, FAR if length is None else length + 1)
        return self._last

    def _searched(self, source: int, bound: int) -> Tree:
        reached, before, done = {source: 0}, {source: source}, set[int]()
        heap, known = [(0, source)], self.around.cost
        while heap:
            distance, node = heappop(heap)
            if node in done or (distance >= bound and node in known):
                continue
            done.add(node)
            near, stray = self._arcs_of(node)
            for length, target in near:
                reach = distance + length
                if reach >= bound:
                    break
                if reach < reached.get(target, FAR):
                    reached[target] = reach
                    before[target] = node
                    heappush(heap, (reach, target))
                    if target == self.hub:
                        bound = reach
            for length, target in stray:
                reach = distance + length
                if reach < reached.get(target, FAR):
                    reached[target] = reach
                    before[target] = node
                    heappush(heap, (reach, target))
        return self._joined(source, {node: reached[node] for node in done}, before, bound)

    def _arcs_of(self, node: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The arcs of a node by their priced length: to what the hub reaches, and to the rest."""
        if node not in self._near:
            price, known = self.price, self.around.cost
            own = price[node]
            arcs = [(cost + own - price[end], end) for end, cost in self.arcs[node].items()]
            near = sorted(arc for arc in arcs if arc[1] in known)
            self._near[node] = near, [arc for arc in arcs if arc[1] not in known]
        return self._near[node]

    def _joined(
        self, source: int, found: Mapping[int, int], before: Mapping[int, int], bound: int
    ) -> Tree:
        """The ways found, and for all other nodes those over the hub."""
        price, hub = self.price, self.hub
        origin = price[source]
        own = {node: length + price[node] - origin for node, length in found.items()}
        if bound == FAR:
            return Tree(source, own, {node: before[node] for node in found})
        first = bound + price[hub] - origin
        cost = {node: first + rest for node, rest in self.around.cost.items()}
        entries = {**self.around.before, **{node: before[node] for node in found}}
        return Tree(source, {**cost, **own, hub: first}, {**entries, hub: before[hub]})
