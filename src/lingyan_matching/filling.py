"""How many more seats can be filled, and who could give somebody up for an empty one?"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph
from lingyan_matching.residual import Residual
from lingyan_matching.scale import Scale


class Filling:
    """A plan as a flow in which only seats count, so that more of them can be filled."""

    def __init__(self, graph: Graph, plan: Plan) -> None:
        problem, pinned = graph.problem, set(graph.problem.pins)
        pairs = list(zip(graph.edge_person, graph.edge_post, strict=True))
        pins = [(person, post) for person, post, _ in graph.pinned]
        seated = [
            (graph.person_index[row.person], graph.post_index[row.post])
            for row in plan.assignments
            if (row.person, row.post) not in pinned
        ]
        gains = dict.fromkeys([*pairs, *pins], 0)
        scale = Scale((), ())
        self.flow = Residual(problem, scale, gains, taken=[*seated, *pins], frozen=pins)
        self.hopeless: set[int] = set()
        self.people_of: list[list[int]] = [[] for _ in problem.posts]
        for person, post in pairs:
            self.people_of[post].append(self.flow.first_person + person)

    def short(self, posts: Sequence[int] = ()) -> list[int]:
        """Those of the posts (of all, if none is named) that have empty seats and no full bound."""
        return [g for g in posts or range(len(self.people_of)) if not self.full(g)]

    def full(self, post: int) -> list[int]:
        """The post itself and the bounds above it, as far as they take no more."""
        flow, bounds = self.flow, self.flow.problem.bounds
        return [
            node
            for node in flow.line(post)
            if flow.load[node] >= flow.room[node]
            and (node < flow.first_bound or bounds[node - flow.first_bound].upper is not None)
        ]

    def fill(self, post: int) -> int:
        """Fill as many empty seats of a post as can be without emptying any other; say how many.

        Nodes that a search in vain has met stay hopeless: no later move ever touches them.
        """
        filled = 0
        while not self.full(post):
            toward = {} if post in self.hopeless else self._search([post], self.hopeless)
            if self.flow.hub not in toward:
                self.hopeless |= toward.keys()
                break
            path = [self.flow.hub]
            while path[-1] != post:
                path.append(toward[path[-1]])
            self.flow.push(path)
            filled += 1
        return filled

    def fill_all(self) -> int:
        """Fill every seat that can be filled; say how many that were."""
        return sum(self.fill(post) for post in self.short())

    def behind(self, posts: Iterable[int]) -> set[int]:
        """The posts that could give somebody up for these: none of them has anybody to spare."""
        return {node for node in self._search(posts) if node < self.flow.first_person}

    def _search(self, posts: Iterable[int], avoid: Container[int] = ()) -> dict[int, int]:
        """Go backwards from posts to whoever could fill them; each node found knows the next one.

        The hub stands for the pool: once it is found, somebody is free.
        """
        toward = {post: post for post in posts}
        waiting = list(toward)
        for node in waiting:
            for before in self._before(node):
                if before not in toward and before not in avoid:
                    toward[before] = node
                    waiting.append(before)
            if self.flow.hub in toward:
                break
        return toward

    def _before(self, node: int) -> Iterable[int]:
        arcs, flow = self.flow.arcs, self.flow
        if node < flow.first_person:
            return [person for person in self.people_of[node] if node in arcs[person]]
        if node < flow.first_unit:
            posts = [post for post in range(flow.first_person) if node in arcs[post]]
            sender = flow.sender[node - flow.first_person]
            return [*posts, sender] if node in arcs[sender] else posts
        below = [k for k in range(flow.first_person, flow.hub) if node in arcs[k]]
        return [*below, flow.hub] if node in arcs[flow.hub] else below
