"""Who sits where at the least cost, and which prices prove it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lingyan_matching import table_kernel
from lingyan_matching.carrier import Carrier, loops_on
from lingyan_matching.kernel import FREE
from lingyan_matching.table_kernel import NONE, Room, is_dense

BIDS_PER_ROW = 8
AUCTION_FROM_ROWS = 500
AUCTION_BIDS_PER_ROW = 100
AUCTION_KEYS = 8
AUCTION_BITS = 46
AUCTION_FINE = 10
GUESS_FROM_ROWS = 100
GUESS_FROM_SHARE = 8
NO_COST = 1 << 60


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
    person: Any
    cost: Any
    tier_count: Any
    tier_price: Any
    top: Any
    unit_of: Sequence[int]
    limit: Sequence[int]
    spread: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """What the kernel is asked: see there for edges, rows and columns.

    ``single`` says that every column has one place and that the rows of a list stand together:
    then prices can be guessed.
    """

    edges: tuple[Any, Any, Any]
    row_list: Any
    out: Any
    slots: Any
    unit_of: Any
    limit: Sequence[int]
    single: bool


@dataclass(frozen=True, slots=True)
class Seating:
    """The edge and the post of every person (-1: none); prices of posts, people and units."""

    edge_of_person: Any
    post_of_person: Any
    u: Any
    v: Any
    pi: Any

    def listed(self, carrier: Carrier) -> Seating:
        """The same as Python integers."""
        columns = (self.edge_of_person, self.post_of_person, self.u, self.v, self.pi)
        return Seating(*(carrier.ints(column) for column in columns))


def seat_all(market: Market, carrier: Carrier) -> Seating:
    """Find the cheapest assignment and its prices, working from the scarcer side.

    1. Fewer seats than people: seats are the rows.
    2. Otherwise people are the rows. Units cannot be seen from there, so a result that sends
       more people than a unit gives is thrown away and seats are the rows after all.
    """
    seats = carrier.total(market.tier_count)
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
    task = Task(
        edges=(market.post_ptr, market.person, market.cost),
        row_list=row_list,
        out=out,
        slots=carrier.counting(people + 1),
        unit_of=carrier.column(market.unit_of),
        limit=market.limit,
        single=True,
    )
    tight = seats == people >= AUCTION_FROM_ROWS and not market.limit
    column_of, price = run_kernel(carrier, task, spread=market.spread if tight else 0)
    seated = carrier.filled(people, FREE), carrier.filled(people, FREE)
    kernel.place_people(row_list, column_of, True, market.post_ptr, market.person, seated)
    v, pi = price[:people], price[people:]
    u = post_prices(market, seated, v, carrier)
    if market.limit:
        v = carrier.column(
            [
                own - (int(pi[unit]) if unit >= 0 else 0)
                for own, unit in zip(carrier.ints(v), market.unit_of, strict=True)
            ]
        )
    return Seating(*seated, u, v, pi)


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
        posts_of_edges(market.post_ptr, edge_count, carrier),
        market.cost,
        market.tier_count,
        market.tier_price,
        edges,
    )
    row_list, out = carrier.counting(people), carrier.filled(people, 0)
    tiers = len(market.tier_count)
    slots = carrier.filled(tiers + 1, 0)
    kernel.add_up(market.tier_count, slots)
    task = Task(
        edges=edges,
        row_list=row_list,
        out=out,
        slots=slots,
        unit_of=carrier.filled(tiers, FREE),
        limit=(),
        single=False,
    )
    column_of, price = run_kernel(carrier, task, spread=0)
    seated = carrier.filled(people, FREE), carrier.filled(people, FREE)
    kernel.place_people(row_list, column_of, False, market.post_ptr, market.person, seated)
    v = carrier.filled(people, 0)
    kernel.row_prices(edges, out, price, v)
    u = post_prices(market, seated, v, carrier)
    return Seating(*seated, u, v, carrier.filled(len(market.limit), 0))


def posts_of_edges(post_ptr: Any, edges: int, carrier: Carrier) -> Any:
    """The post of each edge, or the list of each edge."""
    found = carrier.filled(edges, 0)
    carrier.kernel.lists_of_edges(post_ptr, found)
    return found


def run_kernel(carrier: Carrier, task: Task, *, spread: int) -> tuple[Any, Any]:
    """Hand a task to the kernel; the column of every row, the price of columns and units.

    1. With a spread of costs given every column will be needed. Then a small dense task is seated
       on a table; for others an auction finds prices to start from, which are good only if no
       column stays free in the end.
    2. Otherwise rows bid from prices of 0, which settles most of them where tastes differ.
    3. Where everybody wants the same columns most rows would have to wait for long paths: then
       prices are guessed instead, as if there were no units, and mended.
    4. If that sends more than a unit gives, the paths are walked from prices of 0 after all.
    """
    rows = len(task.row_list)
    found = run_on_table(carrier, task, spread) if spread else None
    if found is None and spread:
        found = run_once(carrier, task, spread=spread)
    if found is None:
        large = task.single and rows >= GUESS_FROM_ROWS
        patience = rows // GUESS_FROM_SHARE if large else rows
        found = run_once(carrier, task, patience=patience)
    if found is None:
        found = run_guessed(carrier, task)
    if found is None:
        found = run_once(carrier, task)
    assert found is not None
    return found


def run_on_table(carrier: Carrier, task: Task, spread: int) -> tuple[Any, Any] | None:
    """Seat a small dense task on a table of all pairs; None if that does not go.

    Each list has one row there, and all rows pay the same for opting out.
    """
    ptr, target, cost = task.edges
    rows, width, (low, out) = len(task.row_list), len(task.slots) - 1, carrier.span(task.out)
    shift = width.bit_length()
    if not is_dense(rows, width, len(cost)) or low < out or spread >= NONE >> (2 * shift + 6):
        return None
    if len(ptr) - 1 != rows or carrier.ints(task.row_list) != list(range(rows)):
        return None
    score, room = carrier.empty(len(cost)), table_room([(width, rows)], carrier)
    carrier.kernel.edge_costs(cost, 0, 1, score)
    pairs = posts_of_edges(ptr, len(target), carrier), target, score
    loops = loops_on(carrier, table_kernel)
    waited, _ = loops.seat_table(pairs, 0, out, (rows, width, shift), room)
    return (room[1][0], room[2][1]) if waited >= 0 else None


def table_room(sizes: Sequence[tuple[int, int]], carrier: Carrier) -> Room:
    """Room for the largest of several tables, whichever side of each the rows are."""
    empty, area = carrier.empty, max(one * other for one, other in sizes)
    rows, width = max(map(min, sizes)), max(map(max, sizes))
    search = (empty(width), empty(width), empty(width), empty(width))
    by_row = (empty(rows), empty(rows), empty(rows))
    return empty(area), by_row, (empty(width), empty(width)), search


def run_once(
    carrier: Carrier, task: Task, *, spread: int = 0, patience: int | None = None
) -> tuple[Any, Any] | None:
    """Run the kernel once; None if the auction has misled it, or if patience has ended."""
    rows, columns, units, search = laid_out(carrier, task)
    count = len(task.row_list)
    patience = count if patience is None else patience
    if spread:
        budget, lists = AUCTION_BIDS_PER_ROW * count, len(task.edges[0]) - 1
        # Rows that read one list outbid each other step by step: small steps would take too long.
        fine = AUCTION_FINE if lists == count else 0
        known = carrier.filled(max(AUCTION_KEYS * lists, 1 << fine), FREE)
        drop = max(0, spread.bit_length() + count.bit_length() + fine - AUCTION_BITS)
        carrier.kernel.bid(task.edges, rows, columns, search[6], known, (drop, fine), budget)
    waited = carrier.kernel.assign(
        task.edges, rows, columns, units, search, BIDS_PER_ROW * count, patience
    )
    if waited > patience or (spread and 0 in carrier.ints(columns[2])):
        return None
    return rows[2], columns[4]


def run_guessed(carrier: Carrier, task: Task) -> tuple[Any, Any] | None:
    """Run the kernel from guessed prices; None if a unit then gives more than its limit.

    As many columns as there are rows can be needed, so the threshold of the guess is what the
    last of these offers at best.
    """
    kernel, count, width = carrier.kernel, len(task.row_list), len(task.slots) - 1
    free = replace(task, unit_of=carrier.filled(width, FREE), limit=())
    rows, columns, units, search = laid_out(carrier, free)
    least = carrier.filled(width, NO_COST)
    kernel.least_costs(task.edges, task.row_list, least)
    kernel.guess_prices(least, carrier.nth(least, min(count, width) - 1), columns[4])
    waited = kernel.assign(task.edges, rows, columns, units, search, BIDS_PER_ROW * count, count)
    if kernel.count_unpaid(columns):
        inverse = inverse_of(carrier, task)
        kernel.release_columns(task.edges, inverse, rows, columns, search, waited)
    if not task.limit:
        return rows[2], columns[4]
    used = zip(task.unit_of, carrier.ints(columns[2]), strict=True)
    sent = Counter(unit for unit, seated in used if seated)
    if any(sent[unit] > limit for unit, limit in enumerate(task.limit)):
        return None
    price = carrier.filled(width + len(task.limit), 0)
    price[:width] = columns[4]
    return rows[2], price


def inverse_of(carrier: Carrier, task: Task) -> tuple[Any, Any, Any, Any]:
    """The edges of each column, the list of each edge, and the rows that read each list."""
    ptr, target, _ = task.edges
    width, lists = len(task.slots) - 1, len(ptr) - 1
    starts, edge_at = carrier.filled(width + 1, 0), carrier.filled(len(target), 0)
    carrier.kernel.transpose(target, starts, edge_at, carrier.filled(width, 0))
    first_row = carrier.filled(lists + 1, 0)
    carrier.kernel.count_rows(task.row_list, first_row)
    return starts, edge_at, posts_of_edges(ptr, len(target), carrier), first_row


def laid_out(carrier: Carrier, task: Task) -> tuple[Any, Any, Any, Any]:
    """The rows, columns, units and scratch space of the kernel, before anybody is seated."""
    fill, column = carrier.filled, carrier.column
    count, width, units = len(task.row_list), len(task.slots) - 1, len(task.limit)
    nodes = width + units
    members = members_of(task.unit_of, units)
    return (
        (task.row_list, task.out, fill(count, FREE), fill(count, FREE)),
        (
            task.slots,
            fill(int(task.slots[-1]), FREE),
            fill(width, 0),
            task.unit_of,
            fill(nodes, 0),
        ),
        (column(task.limit), fill(units, 0), column(members[0]), column(members[1])),
        (*(fill(nodes, 0) for _ in range(6)), fill(count, 0), fill(4, 0)),
    )


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


def post_prices(market: Market, seated: tuple[Any, Any], price: Any, carrier: Carrier) -> Any:
    """The price of each post: what its cheapest person costs, at most its dearest seat."""
    found = carrier.filled(len(market.top), 0)
    edges = (market.post_ptr, market.person, market.cost)
    known = carrier.filled(len(market.top), 0)
    carrier.kernel.post_prices(edges, seated, market.top, price, known, found)
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
