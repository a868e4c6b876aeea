"""What do the edges of a problem say to a checker, all in one pass?

Plain Python is the reference; NumPy, where the problem is large and it is installed, answers the
same questions on columns. Nothing here solves anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from lingyan_matching.carrier import Carrier, to_sort
from lingyan_matching.problem import Pair, Problem

NUMBER_MAX = 1 << 60
EDGES_AT_ONCE = 1 << 16

Rate = tuple[int, int]
"""What a point of score costs: how many scales, and the scale."""


class EdgePass(Protocol):
    """The edges of a problem; an edge is its number, a pair is a person and a post by index."""

    def among(self, pairs: Iterable[Pair]) -> list[int]:
        """The edges between these people and posts, in order; unknown names belong to none."""

    def opened(self, shut: Sequence[bool], bans: Iterable[Pair]) -> EdgePass:
        """Only the edges of people who are not shut, without the banned pairs."""

    def degrees(self) -> Mapping[int, int]:
        """How many edges each post has."""

    def span(self) -> tuple[int, int]:
        """The least and the greatest score; 0 and 0 without an edge."""

    def below(
        self, post_price: Sequence[int], person_price: Sequence[int], best: int, rate: Rate
    ) -> Iterator[tuple[int, int]]:
        """Edges with their price, where it is above what the score lacks of the best one."""


def edge_pass(problem: Problem) -> EdgePass:
    """The edges of a problem, ready to be asked."""
    on = to_sort(len(problem.edge_score))
    return PlainPass(problem) if on.name == "plain" else ArrayPass(problem, on)


class _Names:
    """Pairs of names as pairs of indexes."""

    def __init__(self, problem: Problem) -> None:
        self.person = {person.id: number for number, person in enumerate(problem.people)}
        self.post = {post.id: number for number, post in enumerate(problem.posts)}

    def keys(self, pairs: Iterable[Pair]) -> set[int]:
        """One number for each pair whose names are known: post * people + person."""
        width = len(self.person)
        return {
            self.post[post] * width + self.person[person]
            for person, post in pairs
            if person in self.person and post in self.post
        }


def near_prices(
    edges: tuple[Any, Any, Any], prices: tuple[Any, Any], *, best: int, weight: int, slack: int
) -> Any:
    """The places of NumPy columns where price of person and post reach the cost, or nearly.

    An edge costs ``weight * (best - score)``. This is the one look at every edge that a proof by
    prices needs; so many edges at once that nothing but the columns leaves the cache.
    """
    import numpy

    person, post, score = edges
    asked, other = (numpy.empty(EDGES_AT_ONCE, dtype=numpy.int64) for _ in range(2))
    floor, found = weight * best - slack, []
    for start in range(0, len(score), EDGES_AT_ONCE):
        part = slice(start, start + EDGES_AT_ONCE)
        points = score[part]
        one, two = asked[: len(points)], other[: len(points)]
        # "wrap" is the quickest way to look prices up; whoever asks has seen to the range.
        numpy.take(prices[0], person[part], out=one, mode="wrap")
        numpy.take(prices[1], post[part], out=two, mode="wrap")
        one += two
        one += points if weight == 1 else weight * points
        if one.max(initial=floor - 1) >= floor:
            found.append((one >= floor).nonzero()[0] + start)
    return numpy.concatenate(found) if found else numpy.empty(0, dtype=numpy.int64)


class PlainPass:
    """The reference: lists and loops."""

    def __init__(self, problem: Problem, kept: Sequence[int] | None = None) -> None:
        self.problem = problem
        self.names = _Names(problem)
        self.kept = range(len(problem.edge_score)) if kept is None else kept

    def among(self, pairs: Iterable[Pair]) -> list[int]:
        wanted = self.names.keys(pairs)
        return [edge for edge, _, key in self._keyed() if key in wanted] if wanted else []

    def _keyed(self) -> Iterator[tuple[int, int, int]]:
        """Each edge with its person and the key of its pair."""
        problem, width = self.problem, len(self.problem.people)
        persons, posts = problem.edge_person, problem.edge_post
        return ((edge, persons[edge], posts[edge] * width + persons[edge]) for edge in self.kept)

    def opened(self, shut: Sequence[bool], bans: Iterable[Pair]) -> EdgePass:
        banned = self.names.keys(bans)
        if not banned and not any(shut):
            return self
        kept = [
            edge for edge, person, key in self._keyed() if not shut[person] and key not in banned
        ]
        return PlainPass(self.problem, kept)

    def degrees(self) -> Mapping[int, int]:
        return Counter(self.problem.edge_post[edge] for edge in self.kept)

    def span(self) -> tuple[int, int]:
        scores = [self.problem.edge_score[edge] for edge in self.kept]
        return min(scores, default=0), max(scores, default=0)

    def below(
        self, post_price: Sequence[int], person_price: Sequence[int], best: int, rate: Rate
    ) -> Iterator[tuple[int, int]]:
        problem = self.problem
        persons, posts, scores = problem.edge_person, problem.edge_post, problem.edge_score
        for edge in self.kept:
            price = post_price[posts[edge]] + person_price[persons[edge]]
            if price > abs(best - scores[edge]) * rate[0] * rate[1]:
                yield edge, price


class ArrayPass:
    """The same on columns of 64 bits; where a number could be longer, the reference answers."""

    def __init__(self, problem: Problem, on: Carrier, kept: Any = None) -> None:
        self.problem, self.on, self.kept = problem, on, kept
        self.names = _Names(problem)
        columns = (problem.edge_person, problem.edge_post, problem.edge_score)
        self.person, self.post, self.score = (self._part(on.column(column)) for column in columns)

    def _part(self, column: Any) -> Any:
        return column if self.kept is None else column[self.kept]

    def _edges(self, mask: Any) -> Any:
        places = mask.nonzero()[0]
        return places if self.kept is None else self.kept[places]

    def _holds(self, pairs: Iterable[Pair]) -> Any:
        """Whether each edge joins one of these pairs: one look for each post of a person."""
        people = len(self.problem.people)
        posts_of: dict[int, list[int]] = {}
        for key in sorted(self.names.keys(pairs)):
            posts_of.setdefault(key % people, []).append(key // people)
        found = self.post < 0
        for layer in range(max(map(len, posts_of.values()), default=0)):
            wanted = [-1] * people
            for person, posts in posts_of.items():
                if layer < len(posts):
                    wanted[person] = posts[layer]
            found |= self.on.column(wanted)[self.person] == self.post
        return found

    def among(self, pairs: Iterable[Pair]) -> list[int]:
        return self.on.ints(self._edges(self._holds(pairs)))

    def opened(self, shut: Sequence[bool], bans: Iterable[Pair]) -> EdgePass:
        banned = list(bans)
        if not banned and not any(shut):
            return self
        closed = self.on.column([int(one) for one in shut])[self.person] == 1
        return ArrayPass(self.problem, self.on, self._edges(~(closed | self._holds(banned))))

    def degrees(self) -> Mapping[int, int]:
        posts, counts = self.on.counted(self.post)
        return dict(zip(posts, counts, strict=True))

    def span(self) -> tuple[int, int]:
        return self.on.span(self.score)

    def below(
        self, post_price: Sequence[int], person_price: Sequence[int], best: int, rate: Rate
    ) -> Iterator[tuple[int, int]]:
        points, scale = rate
        whole_post = [price // scale for price in post_price]
        whole_person = [price // scale for price in person_price]
        low, high = self.on.span(self.score)
        widest = points * max(abs(best - low), abs(best - high), abs(best))
        if max(widest, scale, *map(abs, whole_post), *map(abs, whole_person)) > NUMBER_MAX:
            kept = None if self.kept is None else self.on.ints(self.kept)
            return PlainPass(self.problem, kept).below(post_price, person_price, best, rate)
        near = near_prices(
            (self.person, self.post, self.score),
            (self.on.column(whole_person), self.on.column(whole_post)),
            best=best,
            weight=points if best >= high else -points,
            slack=1,
        )
        edges = near if self.kept is None else self.kept[near]
        return self._exactly(self.on.ints(edges), post_price, person_price, (best, points * scale))

    def _exactly(
        self,
        edges: Iterable[int],
        post_price: Sequence[int],
        person_price: Sequence[int],
        cost: tuple[int, int],
    ) -> Iterator[tuple[int, int]]:
        """Those of a few edges whose price is really above their cost, in integers of any size."""
        problem, (best, weight) = self.problem, cost
        for edge in edges:
            price = post_price[problem.edge_post[edge]] + person_price[problem.edge_person[edge]]
            if price > abs(best - problem.edge_score[edge]) * weight:
                yield edge, price
