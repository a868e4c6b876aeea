"""Who sits where, if all that is given are three columns of numbers?

The way in for programs that hold large problems in arrays and want neither names nor a plan: one
seat for each post, no classes, no units. From the columns to the best assignment and the prices
that prove it; ``check_columns.py`` checks them without any of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lingyan_matching import table_kernel
from lingyan_matching.carrier import Carrier, choose, loops_on
from lingyan_matching.kernel import FREE
from lingyan_matching.problem.graph import row_starts
from lingyan_matching.problem.order import edge_order
from lingyan_matching.seating import (
    GUESS_FROM_ROWS,
    GUESS_FROM_SHARE,
    Market,
    seat_all,
)

TABLE_SHARE = 4
TABLE_PAIRS_MAX = 1 << 20


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


def seat_columns(columns: Columns, *, carrier: str = "auto") -> Seated:
    """The best assignment: most posts filled, then the greatest sum of scores.

    Small dense problems are seated on a table of all pairs (``table_kernel.py``); where that is too
    large, or too many rows would have to wait for a path, on the edges alone (``kernel.py``).
    """
    on = choose(carrier, edges=len(columns.score))
    parts = (on.given(column) for column in (columns.person, columns.post, columns.score))
    columns = Columns(columns.people, columns.posts, *parts)
    for column, size in ((columns.person, columns.people), (columns.post, columns.posts)):
        if len(column) != len(columns.score) or not on.kernel.within(column, size):
            raise ValueError("the columns differ in length, or a pair names somebody not there")
    found = on_table(columns, on) if is_dense(columns) else None
    return found or on_edges(columns, on)


def is_dense(columns: Columns) -> bool:
    """Whether the pairs fill a good part of a table that is not too large."""
    pairs, edges = columns.people * columns.posts, len(columns.score)
    return 0 < pairs <= min(TABLE_PAIRS_MAX, TABLE_SHARE * edges)


def on_table(columns: Columns, on: Carrier) -> Seated | None:
    """Seat the scarcer side on a table; None if too many would have to wait for a path.

    Where people are the rows, not to be used costs them what an empty seat costs, and prices move
    by that much.
    """
    by_post = columns.posts <= columns.people
    count, width = sorted((columns.people, columns.posts))
    sides = columns.post, columns.person
    patience = count // GUESS_FROM_SHARE if count >= GUESS_FROM_ROWS else count
    column_of, holder = on.filled(count, FREE), on.filled(width, FREE)
    value, price, sums = on.empty(count), on.filled(width, 0), on.filled(3, 0)
    loops = loops_on(on, table_kernel)
    waited = loops.seat_table(
        (*(sides if by_post else reversed(sides)), columns.score),
        width.bit_length(),
        patience,
        on.empty(count * width),
        (column_of, on.empty(count), value),
        (holder, price),
        (on.empty(width), on.empty(width), on.empty(width), on.empty(width)),
        sums,
    )
    if waited < 0 or waited > patience:
        return None
    best, empty, spent = on.ints(sums)
    if by_post:
        return Seated(holder, value, price, best, empty, spent)
    loops.raise_all(price, empty)
    loops.raise_all(value, -empty)
    return Seated(column_of, price, value, best, empty, spent)


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
