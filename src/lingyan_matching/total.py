"""Mode A, the county default: which plan fills most, by class, and then fits best in total?

Seats that are left empty pay a price by class, high enough that no sum of scores can outbid a
seat; so one cheapest assignment answers all goals, and its prices are the certificate. Priority
classes need no larger weights than that: the sets of seats that can be filled together form a
matroid, so the most expensive seats come first without costing a later class anything.

The lot is drawn afterwards, only among the plans that are equally good (``draw.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from operator import attrgetter
from time import perf_counter_ns
from typing import Any

from lingyan_matching.carrier import Carrier, choose
from lingyan_matching.chosen import (
    assignments_of,
    certificate_of,
    filling_goals,
    marked,
    refuse_second_posts,
    score_unit,
)
from lingyan_matching.draw import Draw, draw_lots
from lingyan_matching.goals import is_plain, names_of_goals, needs_solver
from lingyan_matching.plan import Assignment, Goal, Plan, Settings
from lingyan_matching.problem import (
    Graph,
    Pair,
    Problem,
    edge_between,
    snapshot_of,
)
from lingyan_matching.seating import Market, Seating, seat_all

GOALS = ("seats", "score", "lot")
GOALS_WITH_BASE = ("seats", "changes", "score", "lot")


# --- what is minimised -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tariff:
    """How goals become one cost: what an edge costs and what an empty seat pays.

    ``best`` is the best score; an edge costs ``(sign * (best - score)) * score_weight``, and
    ``change_weight`` more if it is not in the plan in force. An empty seat pays ``seat[class]``,
    one below the lower bound ``lower[class]``; neighbouring prices lie further apart than all
    scores and changes together.
    """

    best: int
    sign: int
    score_weight: int
    change_weight: int
    spread: int
    gap: int
    seat: Mapping[int, int]
    lower: Mapping[int, int]


def tariff_of(graph: Graph, goals: Sequence[str]) -> Tariff:
    """The tariff of a problem; the checker computes the same from the same words."""
    problem, (low, high) = graph.problem, graph.score_span
    spread, people = high - low, len(problem.people)
    score_weight, change_weight = 1, 0
    if "changes" in goals and goals.index("changes") < goals.index("score"):
        change_weight = people * spread + 1
    elif "changes" in goals:
        score_weight, change_weight = people + 1, 1
    spread = spread * score_weight + change_weight
    gap = people * spread + 1
    classes = sorted({post.klass for post in problem.posts})
    count = len(classes)
    return Tariff(
        best=low if problem.sense == "min" else high,
        sign=-1 if problem.sense == "min" else 1,
        score_weight=score_weight,
        change_weight=change_weight,
        spread=spread,
        gap=gap,
        seat={klass: (count - place) * gap for place, klass in enumerate(classes)},
        lower={klass: (2 * count - place) * gap for place, klass in enumerate(classes)},
    )


def goals_of(settings: Settings) -> tuple[str, ...]:
    """The goals in order: as asked, or the default with or without a plan in force."""
    return settings.goals or (GOALS_WITH_BASE if settings.base else GOALS)


def market_of(graph: Graph, tariff: Tariff, settings: Settings, carrier: Carrier) -> Market:
    """The task of a graph. No post has more seats than eligible people."""
    classes = [post.klass for post in graph.problem.posts]
    pairs = {klass: (tariff.lower[klass], tariff.seat[klass]) for klass in tariff.seat}
    post_ptr = carrier.column(graph.post_ptr)
    tier_count = carrier.filled(2 * len(classes), 0)
    carrier.kernel.lay_tiers(
        post_ptr, carrier.column(graph.seats), carrier.column(graph.lower), tier_count
    )
    return Market(
        people=len(graph.problem.people),
        post_ptr=post_ptr,
        person=carrier.column(graph.edge_person),
        cost=edge_costs(graph, tariff, settings, carrier),
        tier_count=tier_count,
        tier_price=carrier.column([price for klass in classes for price in pairs[klass]]),
        top=carrier.column([pairs[klass][0] for klass in classes]),
        unit_of=graph.unit_of,
        limit=graph.limit,
        spread=tariff.spread,
    )


def edge_costs(graph: Graph, tariff: Tariff, settings: Settings, carrier: Carrier) -> Any:
    """What each open edge costs."""
    cost = carrier.filled(len(graph.edge_score), 0)
    carrier.kernel.edge_costs(carrier.column(graph.edge_score), tariff.best, tariff.sign, cost)
    if not tariff.change_weight:
        return cost
    changed = [points * tariff.score_weight + tariff.change_weight for points in carrier.ints(cost)]
    for edge in edges_of(graph, settings.base):
        changed[edge] -= tariff.change_weight
    return carrier.column(changed)


def edges_of(graph: Graph, pairs: Sequence[Pair]) -> list[int]:
    """The open edges among some pairs."""
    found = []
    for name, post_name in pairs:
        person, post = graph.person_index.get(name), graph.post_index.get(post_name)
        if person is not None and post is not None:
            edge = edge_between(graph.edge_person, graph.post_ptr, person, post)
            if edge is not None:
                found.append(edge)
    return found


# --- the plan ----------------------------------------------------------------------------------


def solve_total(graph: Graph, *, settings: Settings, seed: int, carrier: str = "auto") -> Plan:
    """The best plan by the goals in order, with its certificate.

    1. Add the pins, bans and limits of the settings.
    2. Seat everybody as cheaply as possible; the prices prove it.
    3. Draw lots among the plans that are equally good.
    4. Write the plan with the goals reached and the certificate.
    """
    started = perf_counter_ns()
    goals = goals_of(settings)
    settings = replace(settings, goals=goals)
    applied = marked(graph, settings)
    refuse_second_posts(applied.problem, "total")
    if applied.problem.bounds or not is_plain(goals):
        return _elsewhere(applied, settings, seed=seed, snapshot=snapshot_of(graph))
    tariff = tariff_of(applied, goals)
    chosen = choose(
        carrier,
        edges=len(applied.edge_person),
        number_max=8 * max(tariff.lower.values(), default=0),
    )
    built = perf_counter_ns()
    market = market_of(applied, tariff, settings, chosen)
    seating, draw = seat_all(market, chosen).listed(chosen), Draw(0, 0, 1)
    if goals[-1] == "lot":
        seating, draw = draw_lots(market, seating, applied, seed, chosen)
    solved = perf_counter_ns()
    edges = [edge for edge in seating.edge_of_person if edge >= 0]
    assignments = assignments_of(applied, edges)
    snapshot = snapshot_of(graph)
    level = level_of(applied, market, seating, draw, carrier=chosen)
    certificate = certificate_of(
        "dual", snapshot, covers=list(goals), levels=[{"goal": ", ".join(goals), **level}]
    )
    done = perf_counter_ns()
    return Plan(
        mode="total",
        seed=seed,
        snapshot_sha256=snapshot,
        assignments=assignments,
        goals=goal_values(applied.problem, assignments, settings),
        certificate=certificate,
        carrier=chosen.name,
        elapsed_ms={
            "build": (built - started) // 1_000_000,
            "solve": (solved - built) // 1_000_000,
            "certify": (done - solved) // 1_000_000,
        },
        ties_left=goals[-1] != "lot" or len(applied.edge_person).bit_length() + 1 > draw.bits,
        settings=settings,
    )


def _elsewhere(applied: Graph, settings: Settings, *, seed: int, snapshot: str) -> Plan:
    """Bounds over several posts and goals in another order are not for the kernel alone."""
    name, function = "ordered", "solve_ordered"
    if needs_solver(applied.problem, settings.goals):
        name, function = "solver_total", "solve_by_solver"
    solve = getattr(import_module(f"lingyan_matching.{name}"), function)
    found: Plan = solve(applied, settings=settings, seed=seed, snapshot=snapshot)
    return found


def goal_values(
    problem: Problem, assignments: Sequence[Assignment], settings: Settings
) -> tuple[Goal, ...]:
    """What a plan reaches, goal by goal; the certificate proves that no plan reaches more."""
    known = {goal.name: goal for goal in filling_goals(problem, assignments)}
    base = set(settings.base)
    changes = sum((row.person, row.post) not in base for row in assignments)
    known["changes"] = Goal("changes", changes, changes, "people")
    score = sum(map(attrgetter("score"), assignments))
    known["score"] = Goal("score", score, score, score_unit(problem))
    return tuple(known[name] for name in names_of_goals(problem, settings.goals))


def level_of(
    graph: Graph, market: Market, seating: Seating, draw: Draw, *, carrier: Carrier
) -> dict[str, Any]:
    """The prices and both sums; equal sums prove that nothing is cheaper."""
    u, v, pi = seating.u, seating.v, seating.pi
    edges = [edge for edge in seating.edge_of_person if edge >= 0]
    dual = sum(v) + sum(price * limit for price, limit in zip(pi, graph.limit, strict=True))
    primal = draw.spent + draw.scale * sum(carrier.ints(carrier.picked(market.cost, edges)))
    filled = Counter(seating.post_of_person)
    counts, empties = carrier.ints(market.tier_count), carrier.ints(market.tier_price)
    for post, price in enumerate(u):
        left = filled[post]
        for tier in (2 * post, 2 * post + 1):
            count = counts[tier]
            if not count:
                continue
            paid = draw.scale * empties[tier]
            dual += count * (price if price < paid else paid)  # noqa: FURB136 - three times as quick
            if left < count:
                primal += paid * (count - left)
            left = left - count if left > count else 0
    return {
        "scale": draw.scale,
        "bits": draw.bits,
        "u": u,
        "v": v,
        "pi": pi,
        "primal": primal,
        "dual": dual,
    }
