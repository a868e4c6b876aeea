"""Who sits where at the least cost, and which prices prove it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from lingyan_matching.carrier import Carrier
from lingyan_matching.kernel import FREE

BIDS_PER_ROW = 8
AUCTION_FROM_ROWS = 500
AUCTION_BIDS_PER_ROW = 100


@dataclass(frozen=True, slots=True)
class Market:
    """A cheapest-assignment task: edges by post, tiers of equal seats, people with units.

    Post ``p`` has two tiers: ``2 * p`` below its lower bound, ``2 * p + 1`` the other seats; tier
    ``t`` has ``tier_count[t]`` seats that pay ``tier_price[t]`` each if empty, the first one more.
    ``top`` is the highest price that a post can have, ``spread`` the greatest cost of an
    edge where an auction is worth while, else 0.
    """

    people: int
    post_ptr: Any
    post_of_edge: Any
    person: Any
    cost: Any
    tier_count: Any
    tier_price: Any
    top: Any
    unit_of: Sequence[int]
    limit: Sequence[int]
    spread: int = 0


@dataclass(frozen=True, slots=True)
class Seating:
    """The edge of every person (-1: none), and the prices of posts, people and units."""

    edge_of_person: Any
    u: Any
    v: Any
    pi: Any

    def listed(self, carrier: Carrier) -> Seating:
        """The same as Python integers."""
        columns = (self.edge_of_person, self.u, self.v, self.pi)
        return Seating(*(carrier.ints(column) for column in columns))


def seat_all(market: Market, carrier: Carrier) -> Seating:
    """Find the cheapest assignment and its prices, working from the scarcer side.

    1. Fewer seats than people: seats are the rows.
    2. Otherwise people are the rows. Units cannot be seen from there, so a result that sends
       more people than a unit gives is thrown away and seats are the rows after all.
    """
    seats = int(sum(market.tier_count))
    if seats > market.people:
        seating = seat_people(market, carrier)
        if within_limits(market, seating, carrier):
            return seating
    return seat_posts(market, seats, carrier)


def within_limits(market: Market, seating: Seating, carrier: Carrier) -> bool:
    """Whether no unit sends more than its limit."""
    edges = carrier.ints(seating.edge_of_person) if market.limit else []
    sent = Counter(
        unit for unit, edge in zip(market.unit_of, edges, strict=False) if unit >= 0 and edge >= 0
    )
    return all(sent[unit] <= limit for unit, limit in enumerate(market.limit))


def seat_posts(market: Market, seats: int, carrier: Carrier) -> Seating:
    """The assignment with one row per seat and one column per person."""
    kernel, people = carrier.kernel, market.people
    row_list, out = carrier.filled(seats, 0), carrier.filled(seats, 0)
    kernel.lay_seats(market.tier_count, market.tier_price, row_list, out)
    edges = (market.post_ptr, market.person, market.cost)
    column_of, price = run_kernel(
        carrier,
        edges=edges,
        row_list=row_list,
        out=out,
        slots=range(people + 1),
        unit_of=market.unit_of,
        limit=market.limit,
        spread=market.spread if seats == people >= AUCTION_FROM_ROWS and not market.limit else 0,
    )
    edge_of = carrier.filled(people, FREE)
    kernel.place_people(row_list, column_of, True, market.post_ptr, market.person, edge_of)
    v, pi = price[:people], price[people:]
    u = post_prices(market, v, carrier)
    if market.limit:
        v = carrier.column(
            [
                own - (int(pi[unit]) if unit >= 0 else 0)
                for own, unit in zip(carrier.ints(v), market.unit_of, strict=True)
            ]
        )
    return Seating(edge_of, u, v, pi)


def seat_people(market: Market, carrier: Carrier) -> Seating:
    """The assignment with one row per person and one column per tier of seats."""
    kernel, people, edge_count = carrier.kernel, market.people, len(market.person)
    starts, order = carrier.filled(people + 1, 0), carrier.filled(edge_count, 0)
    kernel.transpose(market.person, starts, order, carrier.filled(people, 0))
    edges = (
        carrier.filled(people + 1, 0),
        carrier.filled(2 * edge_count, 0),
        carrier.filled(2 * edge_count, 0),
    )
    kernel.split_by_person(
        (starts, order),
        market.post_of_edge,
        market.cost,
        market.tier_count,
        market.tier_price,
        edges,
    )
    row_list, out = carrier.column(range(people)), carrier.filled(people, 0)
    column_of, price = run_kernel(
        carrier,
        edges=edges,
        row_list=row_list,
        out=out,
        slots=[0, *accumulate(carrier.ints(market.tier_count))],
        unit_of=[FREE] * len(market.tier_count),
        limit=(),
    )
    edge_of, v = carrier.filled(people, FREE), carrier.filled(people, 0)
    kernel.place_people(row_list, column_of, False, market.post_ptr, market.person, edge_of)
    kernel.row_prices(edges, out, price, v)
    return Seating(
        edge_of, post_prices(market, v, carrier), v, carrier.filled(len(market.limit), 0)
    )


def run_kernel(carrier: Carrier, *, spread: int = 0, **task: Any) -> tuple[Any, Any]:
    """Hand a task to the kernel; the column of every row, the price of columns and units.

    With a spread of costs given, prices to start from are found by an auction. They are good only
    if no column stays free in the end; otherwise all is done once more without.
    """
    found = run_once(carrier, spread=spread, **task) if spread else None
    found = found or run_once(carrier, spread=0, **task)
    assert found is not None
    return found


def run_once(
    carrier: Carrier,
    *,
    edges: tuple[Any, Any, Any],
    row_list: Any,
    out: Any,
    slots: Sequence[int],
    unit_of: Sequence[int],
    limit: Sequence[int],
    spread: int,
) -> tuple[Any, Any] | None:
    """Lay out the columns of the kernel and run it; None if the auction has misled it."""
    fill, column = carrier.filled, carrier.column
    row_count, columns, units = len(row_list), len(slots) - 1, len(limit)
    nodes = columns + units
    rows = (row_list, out, fill(row_count, FREE), fill(row_count, FREE))
    seats = (
        column(slots),
        fill(slots[-1], FREE),
        fill(columns, 0),
        column(unit_of),
        fill(nodes, 0),
    )
    members = members_of(unit_of, units)
    unit_columns = (column(limit), fill(units, 0), column(members[0]), column(members[1]))
    scratch = (*(fill(nodes, 0) for _ in range(6)), fill(row_count, 0), fill(4, 0))
    waiting, budget = scratch[6], AUCTION_BIDS_PER_ROW * row_count
    if spread:
        carrier.kernel.bid(edges, rows, seats, waiting, max(1, spread >> 1), budget)
    carrier.kernel.assign(edges, rows, seats, unit_columns, scratch, BIDS_PER_ROW * row_count)
    if spread and 0 in carrier.ints(seats[2]):
        return None
    return rows[2], seats[4]


def members_of(unit_of: Sequence[int], units: int) -> tuple[list[int], list[int]]:
    """The people of each unit: where its list starts, and the lists one after another."""
    lists: list[list[int]] = [[] for _ in range(units)]
    if units:
        for person, unit in enumerate(unit_of):
            if unit >= 0:
                lists[unit].append(person)
    starts = [0]
    for people in lists:
        starts.append(starts[-1] + len(people))
    return starts, [person for people in lists for person in people]


def post_prices(market: Market, price: Any, carrier: Carrier) -> Any:
    """The price of each post: what its cheapest person costs, at most its dearest seat."""
    found = carrier.filled(len(market.top), 0)
    edges = (market.post_ptr, market.person, market.cost)
    carrier.kernel.row_prices(edges, market.top, price, found)
    return found


def person_prices(market: Market, seating: Seating) -> list[int]:
    """What a person costs a post: the own price and that of the unit."""
    v: list[int] = seating.v
    if not market.limit:
        return v
    return [
        own + (seating.pi[unit] if unit >= 0 else 0)
        for own, unit in zip(v, market.unit_of, strict=True)
    ]
