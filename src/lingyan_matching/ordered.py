"""Which plan is best where bounds hold over several posts, or goals stand in another order?

Mode total with its usual goals needs no weights but those of seats, because seats that can be
filled together form a matroid. Bounds over several posts break that, and so does any other order of
goals; so here each goal weighs more than all later ones together, the lot included, and whole
numbers of any size hold the sum.

Every bound is one more node through which its pairs flow. Without these nodes the kernel finds the
best plan; then the bounds are laid one after another, and what flows through a node beyond its room
is led around on shortest paths. So few bounds that bind cost few paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter_ns
from typing import Any

from lingyan_matching.carrier import Carrier, plain
from lingyan_matching.chosen import assignments_of, certificate_of, short_bounds
from lingyan_matching.draw import draw_of
from lingyan_matching.goals import Asked, asked_goals
from lingyan_matching.plan import Plan, Settings
from lingyan_matching.problem import Graph, edge_between
from lingyan_matching.residual import Residual, edge_gains
from lingyan_matching.scale import Scale
from lingyan_matching.seating import Market, Seating, seat_all
from lingyan_matching.total import goal_values


def solve_ordered(graph: Graph, *, settings: Settings, seed: int, snapshot: str) -> Plan:
    """The best plan by goals in any order and under bounds that form trees.

    1. Write all goals and the lot as one integer.
    2. Seat everybody as well as can be without the bounds over several posts or people.
    3. Lay these bounds, the widest first, and lead around what is too much.
    4. Write the plan; the prices of the nodes prove it.
    """
    started = perf_counter_ns()
    problem, asked = graph.problem, asked_goals(graph.problem, settings.goals)
    bits = draw_of(len(problem.people)).bits if settings.goals[-1] == "lot" else 0
    scale = Scale.of(problem, [goal.name for goal in asked], lot_bits=bits)
    gains = edge_gains(problem, scale, settings.base, seed=seed, bits=bits)
    carrier = plain()
    built = perf_counter_ns()
    market, shift = market_of_gains(graph, scale, gains, carrier)
    seating = seat_all(market, carrier).listed(carrier)
    residual = residual_of_seating(graph, scale, gains, seating, shift)
    lay_bounds(residual)
    solved = perf_counter_ns()
    edges = [_edge(graph, pair) for pair in residual.taken - residual.frozen]
    assignments = assignments_of(graph, edges)
    level = level_of(residual, asked, bits)
    certificate = certificate_of("dual", snapshot, covers=list(settings.goals), levels=[level])
    done = perf_counter_ns()
    return Plan(
        mode="total",
        seed=seed,
        snapshot_sha256=snapshot,
        assignments=assignments,
        goals=goal_values(problem, assignments, settings),
        certificate=certificate,
        carrier=carrier.name,
        elapsed_ms={
            "build": (built - started) // 1_000_000,
            "solve": (solved - built) // 1_000_000,
            "certify": (done - solved) // 1_000_000,
        },
        ties_left=len(graph.edge_person).bit_length() + 1 > bits,
        settings=settings,
        notes=short_bounds(problem, assignments),
    )


def _edge(graph: Graph, pair: tuple[int, int]) -> int:
    edge = edge_between(graph.edge_person, graph.post_ptr, *pair)
    assert edge is not None
    return edge


# --- without the bounds --------------------------------------------------------------------------


def market_of_gains(
    graph: Graph, scale: Scale, gains: Mapping[tuple[int, int], int], carrier: Carrier
) -> tuple[Market, int]:
    """The task of the kernel: what each edge falls short of the best one, and empty seats.

    A seat that stays empty loses the shift, which is what the best edge brings, and its own worth.
    """
    pairs = zip(graph.edge_person, graph.edge_post, strict=True)
    own = [gains[pair] for pair in pairs]
    shift = max(own, default=0)
    classes = [scale.worth(f"class-{post.klass}") for post in graph.problem.posts]
    below, post_ptr = scale.worth("lower"), carrier.column(graph.post_ptr)
    tier_count = carrier.filled(2 * len(classes), 0)
    carrier.kernel.lay_tiers(
        post_ptr, carrier.column(graph.seats), carrier.column(graph.lower), tier_count
    )
    market = Market(
        people=len(graph.problem.people),
        post_ptr=post_ptr,
        person=carrier.column(graph.edge_person),
        cost=carrier.column([shift - gain for gain in own]),
        tier_count=tier_count,
        tier_price=carrier.column(
            [shift + worth + more for worth in classes for more in (below, 0)]
        ),
        top=carrier.column([shift + worth + below for worth in classes]),
        unit_of=graph.unit_of,
        limit=graph.limit,
    )
    return market, shift


def residual_of_seating(
    graph: Graph,
    scale: Scale,
    gains: dict[tuple[int, int], int],
    seating: Seating,
    shift: int,
) -> Residual:
    """The residual graph of what the kernel found, settled by its prices, the bounds open.

    A person without room is priced so that nothing ever comes from there, and a post that could
    take more, if there were anybody, at what its next seat is worth.
    """
    pins = [(person, post) for person, post, _ in graph.pinned]
    seated = [(i, g) for i, g in enumerate(seating.post_of_person) if g >= 0]
    residual = Residual(graph.problem, scale, gains, taken=[*seated, *pins], frozen=pins)
    residual.loosen()
    unit = [-price for price in seating.pi]
    far = 2 * max(1, *map(abs, [shift, *seating.u, *seating.v, *unit]))
    post = [price - shift for price in seating.u]
    for node, price in enumerate(post):
        if residual.load[node] < residual.room[node]:
            post[node] = max(price, residual.worth_of_next(node))
    person = [
        unit[graph.unit_of[i]] - own if graph.unit_of[i] >= 0 else -own
        for i, own in enumerate(seating.v)
    ]
    person = [own if graph.room[i] > 0 else far + own for i, own in enumerate(person)]
    start = [*post, *person, *unit, *[0] * (len(graph.problem.bounds) + 1)]
    for node in residual.downwards():
        start[node] = start[residual.above[node]]
    residual.settle(start)
    return residual


def lay_bounds(residual: Residual) -> None:
    """Lay the bounds one after another; under each the plan stays the best one."""
    for node in residual.downwards():
        bound = residual.problem.bounds[node - residual.first_bound]
        residual.tighten(node, room=residual.room_of(bound), lower=bound.lower)


# --- the proof -----------------------------------------------------------------------------------


def level_of(residual: Residual, asked: Sequence[Asked], bits: int) -> dict[str, Any]:
    """The prices of all nodes, each against the one above it, and both sums.

    Written as costs, like those of other plans: what a pair brings stands below 0, a price below 0
    is that of somebody who is wanted more than once.
    """
    first, unit, bound = residual.first_person, residual.first_unit, residual.first_bound
    price = own_prices(residual)
    worth = -residual.worth()
    return {
        "goal": ", ".join(goal.name for goal in asked),
        "scale": residual.scale.weights[-1],
        "bits": bits,
        "u": price[:first],
        "v": price[first:unit],
        "pi": price[unit:bound],
        "bounds": price[bound:],
        "primal": worth,
        "dual": worth,
    }


def own_prices(residual: Residual) -> list[int]:
    """What each node adds to the price of the one above it; people without room add nothing.

    Whoever has a seat is as dear as that seat allows, for nothing else leads there.
    """
    price, first = list(residual.price), residual.first_person
    frozen = {first + person for person, _ in residual.frozen}
    for person, post in residual.taken - residual.frozen:
        price[first + person] = price[post] + residual.gains[person, post]
    found = []
    for node, above in enumerate(residual.above):
        own = price[node] - price[above]
        closed = residual.room[node] == 0 and node in residual.people
        found.append(0 if node in frozen or closed else own if residual.takes[node] else -own)
    return found
