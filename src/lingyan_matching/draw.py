"""Which of several equally good plans is taken? The one whose tickets have the least sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lingyan_matching.carrier import Carrier
from lingyan_matching.kernel import FREE
from lingyan_matching.lot import BITS, tickets
from lingyan_matching.problem import Graph, Pair, row_starts
from lingyan_matching.seating import Market, Seating, person_prices, seat_all


@dataclass(frozen=True, slots=True)
class Draw:
    """The numbers of the lot: bits of a ticket, the weight of a condition, the scale of costs.

    ``spent`` is the sum of the tickets of the plan, once it is drawn.
    """

    bits: int
    weight: int
    scale: int
    spent: int = 0


def draw_of(people: int) -> Draw:
    """The numbers of the lot for so many people.

    The weight is more than all tickets of a plan together. All prices of the draw lie within
    three weights of 0, so a scale of eight weights lets costs and tickets share one number, from
    which both can be read again.
    """
    bits = min(BITS, 57 - people.bit_length())
    weight = people * (1 << bits) + 1
    return Draw(bits, weight, 8 * weight)


def draw_lots(
    market: Market, first: Seating, graph: Graph, seed: int, carrier: Carrier
) -> tuple[Seating, Draw]:
    """Among all equally good plans take the one whose tickets have the least sum.

    1. By the prices found, a plan is best if and only if it uses tight edges only, fills the
       seats that pay more than the post's price and none that pay less, and uses everybody and
       every unit whose price is below 0.
    2. Give each tight edge its ticket, less one weight for each person or unit that has to be
       used; an empty seat that has to be filled pays one weight.
    3. Seat again on this smaller task. Some best plan meets all conditions, hence so does this
       one, and among those it has the least tickets.
    4. Join the prices: scale times the old ones plus the new ones. They prove both at once.
    """
    draw = draw_of(market.people)
    found, post = (carrier.empty(len(market.person)) for _ in range(2))
    edges = (market.post_ptr, market.person, market.cost)
    price = carrier.column(person_prices(market, first))
    count = carrier.kernel.tight_edges(edges, carrier.column(first.u), price, found, post)
    tight = carrier.ints(found[:count])
    drawn = tickets(seed, names_of(graph, tight), draw.bits)
    needed, person_of = needed_weights(market, first, draw), graph.edge_person
    face = face_market(
        market,
        first,
        tight=found[:count],
        post=post[:count],
        tickets=[own - needed[person_of[edge]] for own, edge in zip(drawn, tight, strict=True)],
        weight=draw.weight,
        carrier=carrier,
    )
    second = seat_all(face, carrier).listed(carrier)
    chosen = [edge for edge in second.edge_of_person if edge >= 0]
    seating = Seating(
        [tight[edge] if edge >= 0 else FREE for edge in second.edge_of_person],
        second.post_of_person,
        joined(first.u, second.u, draw, weight=0),
        joined(first.v, second.v, draw, weight=draw.weight),
        joined(first.pi, second.pi, draw, weight=draw.weight),
    )
    return seating, replace(draw, spent=sum(drawn[edge] for edge in chosen))


def names_of(graph: Graph, edges: Sequence[int]) -> Iterator[Pair]:
    """The names of the two that each edge joins."""
    people = [person.id for person in graph.problem.people]
    posts = [post.id for post in graph.problem.posts]
    person_of, post_of = graph.edge_person, graph.edge_post
    return ((people[person_of[edge]], posts[post_of[edge]]) for edge in edges)


def joined(first: list[int], second: list[int], draw: Draw, *, weight: int) -> list[int]:
    """Both prices in one number; whoever had to be used gives the weight back."""
    return [
        draw.scale * old + new + (weight if old < 0 else 0)
        for old, new in zip(first, second, strict=True)
    ]


def needed_weights(market: Market, first: Seating, draw: Draw) -> list[int]:
    """How much each person takes off a ticket: one weight for each condition it helps to meet."""
    needed = [draw.weight if price < 0 else 0 for price in first.v]
    if any(first.pi):
        for person, unit in enumerate(market.unit_of):
            if unit >= 0 and first.pi[unit] < 0:
                needed[person] += draw.weight
    return needed


def face_market(
    market: Market,
    first: Seating,
    *,
    tight: Any,
    post: Any,
    tickets: list[int],
    weight: int,
    carrier: Carrier,
) -> Market:
    """The task of the draw: tight edges with tickets, seats that must or may be filled."""
    own = [price for price in first.u for _ in range(2)]
    tiers = list(
        zip(own, carrier.ints(market.tier_price), carrier.ints(market.tier_count), strict=True)
    )
    return replace(
        market,
        post_ptr=row_starts(post, len(market.top), carrier),
        person=carrier.picked(market.person, tight),
        cost=carrier.column(tickets),
        tier_count=carrier.column(
            [count if empty >= price else 0 for price, empty, count in tiers]
        ),
        tier_price=carrier.column([weight if empty > price else 0 for price, empty, _ in tiers]),
        top=carrier.filled(len(market.top), weight),
        spread=0,
    )
