"""Who sits where, if all that is given are three columns of numbers?

The way in for programs that hold large problems in arrays and want neither names nor a plan: one
seat for each post, no classes, no units. From the columns to the best assignment and the prices
that prove it; ``check_columns.py`` checks them without any of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from lingyan_matching import table_kernel
from lingyan_matching.carrier import (
    ARRAYS_FROM_EDGES,
    COMPILED_NUMBER_MAX,
    Carrier,
    choose,
    loops_on,
    packed,
)
from lingyan_matching.kernel import FREE
from lingyan_matching.problem.graph import row_starts
from lingyan_matching.problem.order import edge_order
from lingyan_matching.seating import Market, seat_all, table_room
from lingyan_matching.table_kernel import GAVE_UP, is_dense


@dataclass(frozen=True, slots=True)
class Columns:
    """Eligible pairs as parallel columns: index of the person, index of the post, score.

    Plain lists, or NumPy arrays of 32 or 64 bits; each pair stands there once.
    """

    people: int
    posts: int
    person: Any
    post: Any
    score: Any


@dataclass(frozen=True, slots=True)
class Parts:
    """Several problems that know nothing of each other, one after another in three columns.

    ``people``, ``posts`` and ``pairs`` say where those of each part begin, and at last their
    number; the indexes in the columns count within the part.
    """

    people: Any
    posts: Any
    pairs: Any
    person: Any
    post: Any
    score: Any

    def part(self, number: int) -> Columns:
        pairs = slice(self.pairs[number], self.pairs[number + 1])
        sizes = (int(c[number + 1] - c[number]) for c in (self.people, self.posts))
        return Columns(*sizes, *(c[pairs] for c in (self.person, self.post, self.score)))


@dataclass(frozen=True, slots=True)
class Seated:
    """The post of every person (-1: none), and the prices that prove it.

    A pair costs what its score lacks of ``best``, an empty seat ``empty``, which is more than all
    pairs of a plan together. For every pair u + v <= cost, for every post u <= empty, for every
    person v <= 0; and ``spent`` on all pairs plus all empty seats is the sum of u and v.
    """

    post_of_person: Any
    u: Any
    v: Any
    best: int
    empty: int
    spent: int


@dataclass(frozen=True, slots=True)
class SeatedParts:
    """What was found for all parts, in the same order as their people and posts."""

    people: Any
    posts: Any
    post_of_person: Any
    u: Any
    v: Any
    best: Any
    empty: Any
    spent: Any

    def part(self, number: int) -> Seated:
        people = slice(self.people[number], self.people[number + 1])
        posts = slice(self.posts[number], self.posts[number + 1])
        sums = (int(column[number]) for column in (self.best, self.empty, self.spent))
        return Seated(self.post_of_person[people], self.u[posts], self.v[people], *sums)

    def __len__(self) -> int:
        return len(self.spent)

    def __iter__(self) -> Iterator[Seated]:
        return map(self.part, range(len(self)))


def seat_columns(columns: Columns, *, carrier: str = "auto") -> Seated:
    """The best assignment: most posts filled, then the greatest sum of scores."""
    starts = (0, columns.people), (0, columns.posts), (0, len(columns.score))
    parts = Parts(*starts, columns.person, columns.post, columns.score)
    return seat_parts(parts, carrier=carrier).part(0)


def seat_parts(parts: Parts, *, carrier: str = "auto") -> SeatedParts:
    """The best assignment of each part.

    Small dense parts are seated on a table of all pairs, all of them in one go
    (``table_kernel.py``); where that is too large, or too many rows would have to wait for a path,
    on the edges alone (``kernel.py``). Large columns that come as arrays are read where they are,
    also without a compiler: that takes longer than lists, and hardly any room.
    """
    on = carrier_for(parts, carrier)
    three = (parts.person, parts.post, parts.score)
    if len({len(column) for column in three}) > 1:
        raise ValueError("the columns differ in length")
    starts = (parts.people, parts.posts, parts.pairs)
    read = Parts(*map(on.column, starts), *map(on.given, three))
    found, waited = on_tables(read, on)
    for number, waits in enumerate(on.ints(waited)):
        if waits < 0:
            put_back(found, number, on_edges(checked(read.part(number), on), on))
    return found if on.name == "compiled" else like(parts.score, found)


def carrier_for(parts: Parts, name: str) -> Carrier:
    """What to run on; many pairs that come as arrays do not become lists."""
    on = choose(name, edges=len(parts.score))
    if on.name == "plain" and len(parts.score) >= ARRAYS_FROM_EDGES:
        return on if isinstance(parts.score, list) else packed()
    return on


def on_tables(parts: Parts, on: Carrier) -> tuple[SeatedParts, Any]:
    """Seat the parts on tables; how many rows of each had to wait, below 0 if it did not go."""
    starts = [on.ints(column) for column in (parts.people, parts.posts, parts.pairs)]
    people, posts, pairs = ([b - a for a, b in pairwise(column)] for column in starts)
    dense = [size for size in zip(people, posts, pairs, strict=True) if is_dense(*size)]
    waited = on.filled(len(pairs), GAVE_UP)
    found = SeatedParts(
        parts.people,
        parts.posts,
        on.filled(sum(people), FREE),
        *(on.empty(sum(sizes)) for sizes in (posts, people)),
        *(on.empty(len(pairs)) for _ in range(3)),
    )
    if dense:
        loops_on(on, table_kernel).seat_parts(
            (parts.person, parts.post, parts.score),
            (parts.people, parts.posts, parts.pairs),
            (found.post_of_person, found.u, found.v),
            (found.best, found.empty, found.spent),
            waited,
            table_room([size[:2] for size in dense], on),
        )
    return found, waited


def checked(columns: Columns, on: Carrier) -> Columns:
    """The columns, if they name nobody who is not there and their costs have room."""
    for column, size in ((columns.person, columns.people), (columns.post, columns.posts)):
        if not on.kernel.within(column, size):
            raise ValueError("a pair names somebody who is not there")
    low, high = on.span(columns.score)
    if on.name != "plain" and 8 * empty_price(high - low, columns) > COMPILED_NUMBER_MAX:
        raise ValueError("the scores lie too far apart for 64 bits; lists have room for them")
    return columns


def put_back(found: SeatedParts, number: int, seated: Seated) -> None:
    """Write what was found for one part among the others."""
    people = slice(found.people[number], found.people[number + 1])
    posts = slice(found.posts[number], found.posts[number + 1])
    found.post_of_person[people] = seated.post_of_person
    found.u[posts], found.v[people] = seated.u, seated.v
    found.best[number], found.empty[number] = seated.best, seated.empty
    found.spent[number] = seated.spent


def like(given: Any, found: SeatedParts) -> SeatedParts:
    """The same in arrays of NumPy, if such came in."""
    if not hasattr(given, "dtype"):
        return found
    import numpy

    return SeatedParts(*(numpy.asarray(getattr(found, field.name)) for field in fields(found)))


def on_edges(columns: Columns, on: Carrier) -> Seated:
    """Lay the pairs out by the scarcer side, and seat them by bids and shortest paths."""
    if columns.posts > columns.people:
        return turned(columns, on)
    market, best = market_of(columns, on)
    seating = seat_all(market, on)
    spent = on.kernel.sum_of_costs(market.cost, seating.edge_of_person)
    empty = empty_price(market.spread, columns)
    return Seated(seating.post_of_person, seating.u, seating.v, best, empty, spent)


def turned(columns: Columns, on: Carrier) -> Seated:
    """Fewer people than posts: let people look for posts, and move the prices over.

    Who is not used then pays what an empty seat costs; as many seats more stay empty as there are
    posts more than people, whatever is chosen.
    """
    other = Columns(columns.posts, columns.people, columns.post, columns.person, columns.score)
    found = on_edges(other, on)
    post_of = on.filled(columns.people, FREE)
    on.kernel.invert(found.post_of_person, post_of)
    loops = loops_on(on, table_kernel)
    loops.raise_all(found.u, -found.empty)
    loops.raise_all(found.v, found.empty)
    return Seated(post_of, found.v, found.u, found.best, found.empty, found.spent)


def empty_price(spread: int, columns: Columns) -> int:
    """What an empty seat costs, if scores lie so far apart."""
    return spread * max(columns.people, columns.posts) + 1


def market_of(columns: Columns, on: Carrier) -> tuple[Market, int]:
    """The pairs by post with what they cost, and the best score."""
    low, high = on.span(columns.score)
    empty = empty_price(high - low, columns)
    post_ptr, person, cost = laid_by_post(columns, high, high - low, on)
    tier_count = on.filled(2 * columns.posts, 0)
    ones, zeros = on.filled(columns.posts, 1), on.filled(columns.posts, 0)
    on.kernel.lay_tiers(post_ptr, ones, zeros, tier_count)
    market = Market(
        people=columns.people,
        post_ptr=post_ptr,
        person=person,
        cost=cost,
        tier_count=tier_count,
        tier_price=on.filled(2 * columns.posts, empty),
        top=on.filled(columns.posts, empty),
        unit_of=on.filled(columns.people, FREE),
        limit=(),
        spread=high - low,
    )
    return market, high


def laid_by_post(columns: Columns, best: int, spread: int, on: Carrier) -> tuple[Any, Any, Any]:
    """Where each post begins, and person and cost of every pair, by post and then person."""
    person, post, score = (columns.person, columns.post, columns.score)
    if not on.kernel.rising(person):
        order = edge_order(person, post, (columns.people, columns.posts), on)
        if order is not None:
            person, post, score = (on.picked(column, order) for column in (person, post, score))
    starts, count = row_starts(post, columns.posts, on), len(score)
    narrow = max(columns.people, spread)
    target, cost = on.empty(count, narrow), on.empty(count, narrow)
    fill = on.empty(columns.posts)
    on.kernel.lay_rows((post, person, score), best, starts, fill, target, cost)
    return starts, target, cost
