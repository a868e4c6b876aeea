"""How fast is a pairing of 110 units and 183 villages, beside a flow solver and an LP solver?

    python benchmarks/pairing.py

All pairs are eligible; units take 1..3 villages, villages 1 unit or up to 2; scores 0 to 1000.
Times are the best of several runs, in milliseconds of the processor. Ours: task, optimum and the
prices that prove it, with the lot off and on; "plan" adds rows, notes and the snapshot. networkx:
network simplex with its graph. HiGHS: the LP with its model, through highspy. All must reach the
same worth.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from time import process_time

import highspy
import networkx
import numpy

from lingyan_matching import Person, Post, Problem, build, solve
from lingyan_matching.carrier import compiled, plain
from lingyan_matching.flow import pair
from lingyan_matching.pairing_goals import Task, task_of
from lingyan_matching.verify_flow import check_pairing, price_bound


def instance(units: int = 110, villages: int = 183, seed: int = 3) -> Problem:
    rng = random.Random(seed)
    edges = [(i, g) for g in range(villages) for i in range(units)]
    return Problem(
        tuple(Person(f"u{n:03}", None, 1, rng.randint(1, 3)) for n in range(units)),
        tuple(
            Post(f"v{n:03}", 1, 1 if rng.random() < 0.9 else 2, klass=rng.choice([1, 2, 2, 3, 3]))
            for n in range(villages)
        ),
        (),
        [i for i, _ in edges],
        [g for _, g in edges],
        [rng.randint(0, 1000) for _ in edges],
    )


def by_networkx(task: Task) -> int:
    flow = networkx.DiGraph()
    for side, rows in sides(task).items():
        for node, gains in rows:
            for place, gain in enumerate(gains):
                way = [("hub",), (side, node, place), (side, node)]
                if side == "village":
                    way.reverse()
                flow.add_edge(way[0], way[1], capacity=1, weight=-gain)
                flow.add_edge(way[1], way[2], capacity=1, weight=0)
    for edge, (i, g) in enumerate(zip(task.graph.edge_person, task.graph.edge_post, strict=True)):
        flow.add_edge(("unit", i), ("village", g), capacity=1, weight=-task.profit(edge))
    return -networkx.network_simplex(flow)[0]


def sides(task: Task) -> dict[str, list[tuple[int, list[int]]]]:
    graph = task.graph
    return {
        "unit": [(i, task.person_gains(i)) for i in range(len(graph.room))],
        "village": [(g, task.post_gains(g)) for g in range(len(graph.seats))],
    }


def by_highs(task: Task) -> int:
    """One column per pair and per seat; a row per node: its pairs are its seats."""
    graph = task.graph
    rows, cost, entries = [], [task.profit(edge) for edge in range(len(graph.edge_score))], []
    for side, owner in (("unit", graph.edge_person), ("village", graph.edge_post)):
        start = len(rows)
        entries += [(start + node, edge, 1.0) for edge, node in enumerate(owner)]
        for node, gains in sides(task)[side]:
            rows.append(node)
            for gain in gains:
                entries.append((start + node, len(cost), -1.0))
                cost.append(gain)
    entries.sort()
    solver, lp = highspy.Highs(), highspy.HighsLp()
    solver.setOptionValue("output_flag", False)
    lp.num_col_, lp.num_row_ = len(cost), len(rows)
    lp.col_cost_ = numpy.array(cost, dtype=float)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_, lp.col_upper_ = numpy.zeros(len(cost)), numpy.ones(len(cost))
    lp.row_lower_ = lp.row_upper_ = numpy.zeros(len(rows))
    counts = numpy.bincount([row for row, _, _ in entries], minlength=len(rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = numpy.concatenate(([0], numpy.cumsum(counts)))
    lp.a_matrix_.index_ = numpy.array([column for _, column, _ in entries])
    lp.a_matrix_.value_ = numpy.array([value for _, _, value in entries])
    solver.passModel(lp)
    solver.run()
    return round(solver.getInfo().objective_function_value)


def best_of(runs: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        started = process_time()
        work()
        times.append(1000 * (process_time() - started))
    return min(times)


def main() -> None:
    problem = instance()
    graph = build(problem)
    task = task_of(graph, lot=False)
    print(f"pairing, {len(problem.people)} x {len(problem.posts)}, milliseconds")
    print(f"  graph        {best_of(5, lambda: build(problem)):8.1f}  (on neither side below)")
    theirs = {
        "networkx": (best_of(1, lambda: by_networkx(task)), by_networkx(task)),
        "HiGHS LP": (best_of(3, lambda: by_highs(task)), by_highs(task)),
    }
    for name, (time, _) in theirs.items():
        print(f"  {name:12} {time:8.1f}")
    for carrier in (plain(), compiled()):
        for lot in (False, True):

            def core(lot: bool = lot, carrier=carrier) -> object:
                return pair(task_of(graph, lot=lot), carrier, seed=1)

            found, time = core(), best_of(7, core)
            ratios = ", ".join(
                f"{name} {other / time:.0f} x" for name, (other, _) in theirs.items()
            )
            print(f"  {carrier.name:8} {'lot' if lot else 'no lot':6} {time:5.1f}  {ratios}")
            if not lot:
                worth = price_bound(task, 1, found.post_price, found.person_price)
                for name, (_, value) in theirs.items():
                    near = abs(worth - value) <= 1e-9 * abs(worth)
                    print(f"    {name}: {'same worth' if near else 'ANOTHER WORTH'}")
        whole = best_of(
            5, lambda carrier=carrier: solve(graph, mode="pairing", carrier=carrier.name)
        )
        print(f"  {carrier.name:8} plan   {whole:5.1f}")
    plan = solve(graph, mode="pairing")
    print(f"  check        {best_of(3, lambda: check_pairing(problem, plan)):8.1f}")
    print(f"  proved: {check_pairing(problem, plan)[0] is None}")


if __name__ == "__main__":
    main()
