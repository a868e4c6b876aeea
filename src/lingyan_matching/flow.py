"""Which unit is paired with which village? (mode pairing)

Many to many: a unit takes several villages, a village perhaps several units, each between its
bounds, and no pair twice. One cheapest flow answers all goals; the prices of units and villages
prove it. If lower bounds cannot all be kept, the plan says who competes for too few partners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from lingyan_matching import pairing_kernel
from lingyan_matching.carrier import Carrier, choose, loops_on
from lingyan_matching.chosen import assignments_of, certificate_of, marked, refuse_bounds
from lingyan_matching.crowd import crowds
from lingyan_matching.pairing_goals import GOALS, Task, goal_values, task_of
from lingyan_matching.plan import Plan, Settings
from lingyan_matching.problem import BadInstance, Graph, InstanceError, snapshot_of


@dataclass(frozen=True, slots=True)
class Pairing:
    """The edges taken, and the prices of people (the units) and posts (the villages)."""

    edges: list[int]
    person_price: list[int]
    post_price: list[int]


def solve_pairing(graph: Graph, *, settings: Settings, seed: int, carrier: str = "auto") -> Plan:
    """The best pairing by the goals in order, with its certificate.

    1. Add the pins, bans and limits of the settings; write all goals as one integer.
    2. Find a best pairing and its prices (`pair`).
    3. Write the plan; name who competes where a lower bound is not kept.
    """
    started = perf_counter()
    goals = _goals_of(settings)
    settings = replace(settings, goals=goals)
    open_graph = marked(graph, settings)
    refuse_bounds(open_graph.problem, "pairing")
    _refuse_unit_limits(open_graph)
    task = task_of(open_graph, lot="lot" in goals)
    chosen = choose(carrier, edges=len(open_graph.edge_post), number_max=task.worth.top)
    built = perf_counter()
    pairing = pair(task, chosen, seed=seed)
    solved = perf_counter()
    rows = assignments_of(open_graph, pairing.edges)
    found = crowds(open_graph, pairing.edges)
    sha256 = snapshot_of(graph)
    certificate = certificate_of(
        "dual",
        sha256,
        covers=list(goals),
        levels=[_level(task, pairing, goals, seed)],
        hall=[crowd.as_json() for crowd in found],
    )
    return Plan(
        mode="pairing",
        seed=seed,
        snapshot_sha256=sha256,
        assignments=rows,
        goals=goal_values(open_graph.problem, rows),
        certificate=certificate,
        carrier=chosen.name,
        elapsed_ms={
            "build": round(1000 * (built - started)),
            "solve": round(1000 * (solved - built)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        ties_left=task.worth.bits < len(open_graph.edge_post).bit_length() + 1,
        settings=settings,
        notes=tuple(crowd.sentence() for crowd in found),
    )


def _level(task: Task, pairing: Pairing, goals: Sequence[str], seed: int) -> dict[str, object]:
    """The prices, and what they prove: the checker computes both sums from the problem."""
    worth = worth_of(task, pairing.edges, seed)
    return {
        "goal": ", ".join(goals),
        "scale": task.worth.score,
        "bits": task.worth.bits,
        "u": pairing.post_price,
        "v": pairing.person_price,
        "pi": [],
        "primal": worth,
        "dual": worth,
    }


def _goals_of(settings: Settings) -> tuple[str, ...]:
    goals = settings.goals or GOALS
    if goals not in (GOALS, GOALS[:-1]):
        raise BadInstance(
            [
                InstanceError(
                    "goals",
                    f"目标次序“{'、'.join(goals)}”不能用于结对",
                    f"请用 {'、'.join(GOALS)}，或去掉最后的 lot",
                    f"the order of goals {', '.join(goals)} cannot be used for pairing",
                    f"use {', '.join(GOALS)}, with or without lot at the end",
                )
            ]
        )
    return goals


def _refuse_unit_limits(graph: Graph) -> None:
    """In pairing the people are the units; a limit over several of them has no meaning here."""
    errors = [
        InstanceError(
            f"people[{person}].unit",
            f"“{graph.problem.people[person].id}”又归入有名额的单位，结对方式不支持",
            "结对中人选一栏就是单位：请用它自己的上下限，去掉 unit",
            f'"{graph.problem.people[person].id}" belongs to a unit with a limit, which mode '
            "pairing does not support",
            "in pairing the people are the units: use their own bounds and remove unit",
        )
        for person, unit in enumerate(graph.unit_of)
        if unit >= 0
    ]
    if errors:
        raise BadInstance(errors)


@dataclass(frozen=True, slots=True)
class Layout:
    """A task laid out on a carrier, with the side that has fewer seats as rows.

    Place `k` of the edge columns holds edge `edge_at[k]`; places stand row by row.
    """

    by_post: bool
    edge_at: Sequence[int]
    target: Any
    profit: Any
    row_of: Any
    row_ptr: Any
    row_gains: list[list[int]]
    column_gains: list[list[int]]
    top: int


def lay_out(task: Task, carrier: Carrier) -> Layout:
    """Choose the rows and bring the edges into their order; profits without the lot."""
    graph = task.graph
    column, fill = carrier.column, carrier.filled
    count = len(graph.edge_score)
    person, post, profit = column(graph.edge_person), column(graph.edge_post), fill(count, 0)
    carrier.kernel.edge_costs(column(graph.edge_score), 0, -task.score_factor, profit)
    person_gains = [task.person_gains(i) for i in range(len(graph.problem.people))]
    post_gains = [task.post_gains(g) for g in range(len(graph.problem.posts))]
    if sum(task.post_room) <= sum(task.person_room):
        return Layout(
            by_post=True,
            edge_at=range(count),
            target=person,
            profit=profit,
            row_of=post,
            row_ptr=column(graph.post_ptr),
            row_gains=post_gains,
            column_gains=person_gains,
            top=task.worth.top,
        )
    order = column(graph.person_edge)
    return Layout(
        by_post=False,
        edge_at=graph.person_edge,
        target=carrier.picked(post, order),
        profit=carrier.picked(profit, order),
        row_of=carrier.picked(person, order),
        row_ptr=column(graph.person_ptr),
        row_gains=person_gains,
        column_gains=post_gains,
        top=task.worth.top,
    )


def pair(task: Task, carrier: Carrier, *, seed: int) -> Pairing:
    """Find the best pairing.

    1. Find one with the lot left out.
    2. Only pairs that its prices leave open, and those it takes, can stand in a best pairing:
       draw their lots and take them off the profits; the lots of others cannot matter.
    3. Find the best pairing again; now it is the only one.
    """
    layout = lay_out(task, carrier)
    used, row_price, column_price = run_kernel(layout, carrier)
    if task.worth.bits:
        found = carrier.filled(len(layout.edge_at), 0)
        edges = (layout.target, layout.profit, used, layout.row_of)
        loops = loops_on(carrier, pairing_kernel)
        for k in carrier.ints(found[: loops.undecided(edges, row_price, column_price, found)]):
            layout.profit[k] -= task.ticket(layout.edge_at[k], seed)
        used, row_price, column_price = run_kernel(layout, carrier)
    found = carrier.filled(len(layout.edge_at), 0)
    places = carrier.ints(found[: loops_on(carrier, pairing_kernel).all_taken(used, found)])
    taken = [layout.edge_at[k] for k in places]
    prices = carrier.ints(row_price), carrier.ints(column_price)
    person_price, post_price = prices[::-1] if layout.by_post else prices
    return Pairing(sorted(taken), person_price, post_price)


def run_kernel(layout: Layout, carrier: Carrier) -> tuple[Any, Any, Any]:
    """Run the kernel: which places are taken, the prices of rows and of columns.

    A column that takes nothing has a price above every profit, so that no row waits for it.
    """
    column, fill = carrier.column, carrier.filled
    rows, columns, count = len(layout.row_gains), len(layout.column_gains), len(layout.edge_at)
    gain_ptr, gain = _flat(layout.row_gains)
    column_gain_ptr, column_gain = _flat(layout.column_gains)
    first = [-gains[0] if gains else layout.top for gains in layout.column_gains]
    used, row_price, column_price = fill(count, 0), fill(rows, 0), column(first)
    nodes = rows + columns
    loops_on(carrier, pairing_kernel).pair_all(
        (layout.target, layout.profit, used, layout.row_of, fill(count, 0)),
        (layout.row_ptr, column(gain_ptr), column(gain), row_price, fill(rows, 0)),
        (
            column(column_gain_ptr),
            column(column_gain),
            column_price,
            fill(columns, 0),
            fill(len(column_gain), 0),
        ),
        (*(fill(nodes, 0) for _ in range(5)), fill(5, 0)),
    )
    return used, row_price, column_price


def _flat(lists: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Lists one after another, and where each begins."""
    starts = [0]
    for values in lists:
        starts.append(starts[-1] + len(values))
    return starts, [value for values in lists for value in values]


def worth_of(task: Task, edges: Sequence[int], seed: int) -> int:
    """What a choice of open edges is worth, pins left out."""
    graph = task.graph
    person_load, post_load = [0] * len(graph.room), [0] * len(graph.seats)
    for edge in edges:
        person_load[graph.edge_person[edge]] += 1
        post_load[graph.edge_post[edge]] += 1
    return (
        sum(task.profit(edge) - task.ticket(edge, seed) for edge in edges)
        + sum(sum(task.person_gains(i)[:load]) for i, load in enumerate(person_load))
        + sum(sum(task.post_gains(g)[:load]) for g, load in enumerate(post_load))
    )
