"""How fast is mode total beside ortools and sparse LAPJV, in the same run?

    python benchmarks/assignment_peers.py --python PATH [--city] [--province] [--square]

The peers run in a process of their own, with the Python that is given; it needs numpy, and ortools
or lapx or both (`python -m venv peers && peers/bin/pip install numpy ortools lapx`). The product
depends on neither: ortools and highspy cannot be loaded into one process, and lapx gives no prices.

    flow        ortools.graph.python.min_cost_flow, most pairs at the least cost: any shape
    assignment  ortools.graph.python.linear_sum_assignment: as many people as posts only
    lap sparse  lap.lapmod, Jonker and Volgenant on the eligible pairs: as many people as posts only
    lap dense   lap.lapjv on the matrix of all pairs: county and city only

Each side starts from the three columns of pairs and counts its model ("with model"); a peer that
was given its model beforehand is held against ours with everything ("alone"). Times are the best
of several runs, in milliseconds of the processor, with the lot off. Sizes are those of
``assignment.py``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

SPAN = 1001


# --- the peers, in a process of their own ---------------------------------------------------------


def flow_model(people, posts, person, post, score):
    import numpy
    from ortools.graph.python import min_cost_flow

    task = min_cost_flow.SimpleMinCostFlow()
    source, sink = people + posts, people + posts + 1
    one = numpy.ones
    task.add_arcs_with_capacity_and_unit_cost(
        person, people + post, one(len(score), dtype=numpy.int64), SPAN - score
    )
    for start, end, size in (
        (numpy.full(people, source), numpy.arange(people), people),
        (people + numpy.arange(posts), numpy.full(posts, sink), posts),
    ):
        task.add_arcs_with_capacity_and_unit_cost(
            start, end, one(size, dtype=numpy.int64), numpy.zeros(size, dtype=numpy.int64)
        )
    task.set_node_supply(source, min(people, posts))
    task.set_node_supply(sink, -min(people, posts))
    return task, min(people, posts)


def flow_solve(model) -> int:
    task, _ = model
    task.solve_max_flow_with_min_cost()
    return SPAN * task.maximum_flow() - task.optimal_cost()


def assignment_model(people, posts, person, post, score):
    from ortools.graph.python import linear_sum_assignment

    task = linear_sum_assignment.SimpleLinearSumAssignment()
    task.add_arcs_with_cost(person, post, SPAN - score)
    return task, people


def assignment_solve(model) -> int:
    task, size = model
    if task.solve() != task.OPTIMAL:
        return -1
    return SPAN * size - task.optimal_cost()


def sparse_model(people, posts, person, post, score):
    import numpy

    order = numpy.lexsort((post, person))
    starts = numpy.concatenate(([0], numpy.cumsum(numpy.bincount(person, minlength=people))))
    return people, (SPAN - score[order]).astype(float), starts, post[order]


def sparse_solve(model) -> int:
    import lap

    people, cost, starts, target = model
    found, _, _ = lap.lapmod(people, cost, starts, target)
    return round(SPAN * people - found)


def dense_model(people, posts, person, post, score):
    import numpy

    cost = numpy.full((posts, people), 10.0 * SPAN * posts)
    cost[post, person] = SPAN - score
    return cost


def dense_solve(cost) -> int:
    import lap

    _, column, _ = lap.lapjv(cost, extend_cost=cost.shape[0] != cost.shape[1])
    seated = (column >= 0).nonzero()[0]
    picked = cost[seated, column[seated]]
    picked = picked[picked <= SPAN]
    return round(SPAN * len(picked) - picked.sum())


PEERS = {
    "flow": ("ortools", flow_model, flow_solve),
    "assignment": ("ortools", assignment_model, assignment_solve),
    "lap sparse": ("lap", sparse_model, sparse_solve),
    "lap dense": ("lap", dense_model, dense_solve),
}


def run_as_peer(path: str, names: list[str], repeats: int) -> None:
    """Solve the columns of a file with each peer that is installed; times and scores as JSON."""
    import importlib.util

    import numpy

    data = numpy.load(path)
    people, posts = (int(size) for size in data["sizes"])
    given = people, posts, data["person"], data["post"], data["score"]
    answers = {}
    for name in names:
        package, build, solve = PEERS[name]
        if importlib.util.find_spec(package) is None:
            continue
        both, alone, score = float("inf"), float("inf"), 0
        for _ in range(repeats):
            started = process_time()
            model = build(*given)
            built = process_time()
            score = solve(model)
            solved = process_time()
            both, alone = min(both, solved - started), min(alone, solved - built)
        answers[name] = {"both": 1000 * both, "alone": 1000 * alone, "score": score}
    json.dump(answers, sys.stdout)


# --- ours -----------------------------------------------------------------------------------------


def report(name, problem, *, python: str, peers: list[str], repeats: int) -> None:
    """Print one size: ours, and each peer beside it."""
    import numpy
    from assignment import arrays, bare, best_of, score_of

    given = bare(problem)
    print(f"\n{name}: {given.people} people, {given.posts} posts, {len(given.score)} edges")
    arrays(given, "compiled")
    time, seated = best_of(3 * repeats, lambda: arrays(given, "compiled"))
    print(f"  arrays, compiled {time:10.3f} ms   with prices that prove it")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "columns.npz")
        numpy.savez(
            path,
            sizes=[given.people, given.posts],
            person=given.person,
            post=given.post,
            score=given.score,
        )
        command = [python, __file__, "--as-peer", str(path), "--repeats", str(repeats)]
        found = subprocess.run([*command, *peers], capture_output=True, text=True, check=False)
    if found.returncode:
        print(f"  the peers failed: {found.stderr.strip().splitlines()[-1:]}")
        return
    answers = json.loads(found.stdout)
    for peer in peers:
        if peer not in answers:
            print(f"  {peer:16} not installed there")
            continue
        row, score = answers[peer], score_of(seated)
        agrees = "same score" if row["score"] == score else f"score {row['score']}, ours {score}"
        print(
            f"  {peer:16} {row['both']:10.3f} ms   {row['both'] / time:6.1f} x with model, "
            f"{row['alone'] / time:6.1f} x alone   ({agrees})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    for name in ("city", "province", "square"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--as-peer", metavar="COLUMNS", help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=3, help=argparse.SUPPRESS)
    parser.add_argument("peers", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        run_as_peer(options.as_peer, options.peers, options.repeats)
        return
    from assignment import instance, sought_after, sparse_instance

    every = list(PEERS)
    for name, asked, problem, peers, repeats in (
        ("county", True, lambda: instance(300, 130, 65), ["flow", "lap dense"], 15),
        ("county, square", True, lambda: instance(130, 130, 65), every, 15),
        ("county, short", True, lambda: instance(100, 130, 65), ["flow", "lap dense"], 15),
        ("city", options.city, lambda: instance(5000, 2500, 60), ["flow"], 3),
        ("city, square", options.city, lambda: instance(2500, 2500, 60), every, 3),
        ("province", options.province, lambda: sparse_instance(40_000, 26_000, 60), ["flow"], 1),
        (
            "province, square",
            options.square,
            lambda: sparse_instance(26_000, 26_000, 60),
            ["assignment", "lap sparse"],
            4,
        ),
        (
            "province, square, sought after",
            options.square,
            lambda: sought_after(sparse_instance(26_000, 26_000, 60)),
            ["assignment"],
            4,
        ),
    ):
        if asked:
            report(name, problem(), python=options.python, peers=peers, repeats=repeats)


if __name__ == "__main__":
    main()
