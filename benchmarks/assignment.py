"""How fast is mode total, beside scipy on the same instance in the same run?

    python benchmarks/assignment.py [--city] [--province] [--square] [--dense] [--memory]

County: 130 posts, 300 people, about 20,000 and 39,000 edges. City: 2,500 x 5,000, province:
26,000 x 40,000, 60 eligible posts for each person. Scores are drawn evenly, or "sought after":
how good the person is and a little taste of the post, so that everybody wants the same people.

Times are the best of several runs, in milliseconds. "arrays" goes from the three edge columns to
optimum and certificate and back to columns, as scipy does, with the lot off; "seating" is the same
without the model (sorting the edges), to be held against scipy without its matrix. "core" has
people, posts, ids and the rows of a plan as well; "plan" is everything, with the lot and the
snapshot's SHA-256. scipy starts from the same three columns: "dense" is linear_sum_assignment with
its matrix, "sparse" is min_weight_full_bipartite_matching with its matrix (only where every post
can be filled). A pass is one sum over the three edge columns. --memory prints the peak of a process
that solves the province, and of one that lets scipy do it.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy

from lingyan_matching import Person, Plan, Post, Problem, build, solve, verify
from lingyan_matching.carrier import arrays as on_arrays
from lingyan_matching.carrier import choose
from lingyan_matching.problem import edge_order, row_starts
from lingyan_matching.seating import Market, seat_all

SPAN = 1001
CORE = ("seats", "score")


def instance(people: int, posts: int, degree: int, *, seed: int = 1) -> Problem:
    """Each person may go to so many posts; scores 0 to 1000."""
    generator = numpy.random.default_rng(seed)
    chosen = numpy.argpartition(generator.random((people, posts)), degree - 1)[:, :degree]
    return columns(
        people,
        posts,
        numpy.repeat(numpy.arange(people), degree),
        numpy.sort(chosen, axis=1).ravel(),
        generator.integers(0, SPAN, people * degree),
    )


def sparse_instance(people: int, posts: int, degree: int, *, seed: int = 1) -> Problem:
    """The same without a matrix of all pairs, for the large sizes; repeated pairs are dropped."""
    generator = numpy.random.default_rng(seed)
    person = numpy.repeat(numpy.arange(people), degree)
    pairs = numpy.unique(person * posts + generator.integers(0, posts, people * degree))
    return columns(
        people, posts, pairs // posts, pairs % posts, generator.integers(0, SPAN, len(pairs))
    )


def sought_after(problem: Problem, *, noise: int = 50, seed: int = 1) -> Problem:
    """The same pairs, with scores that hang on the person and a little on the post."""
    generator = numpy.random.default_rng(seed)
    person, post, score = (numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem))
    quality = generator.integers(0, SPAN - noise, len(problem.people))
    score = quality[person] + generator.integers(0, noise + 1, len(person))
    return columns(len(problem.people), len(problem.posts), person, post, score)


def columns(people: int, posts: int, person, post, score) -> Problem:
    packed = on_arrays().packed
    return Problem(
        tuple(Person(f"p{n:06d}") for n in range(people)),
        tuple(Post(f"g{n:06d}", klass=1) for n in range(posts)),
        (),
        *(packed(column.astype(numpy.int64)) for column in (person, post, score)),
    )


def market_of(problem: Problem, carrier: str) -> Market:
    """The model: from edge columns to rows of edges and their costs."""
    on = choose(carrier, edges=0)
    people, posts = len(problem.people), len(problem.posts)
    person, post, score = (on.column(column) for column in edges(problem))
    order = edge_order(person, post, (people, posts), on)
    if order is not None:
        person, post, score = (on.picked(column, order) for column in (person, post, score))
    cost, empty = on.filled(len(score), 0), SPAN * people + 1
    on.kernel.edge_costs(score, SPAN, 1, cost)
    post_ptr, tier_count = row_starts(post, posts, on), on.filled(2 * posts, 0)
    on.kernel.lay_tiers(post_ptr, on.filled(posts, 1), on.filled(posts, 0), tier_count)
    return Market(
        people=people,
        post_ptr=post_ptr,
        post_of_edge=post,
        person=person,
        cost=cost,
        tier_count=tier_count,
        tier_price=on.filled(2 * posts, empty),
        top=on.filled(posts, empty),
        unit_of=on.filled(people, -1),
        limit=(),
        spread=SPAN,
    )


def seated(market: Market, carrier: str) -> int:
    """The optimum of a model, proved by its prices."""
    on = choose(carrier, edges=0)
    seating = seat_all(market, on)
    edge_of = on.column(seating.edge_of_person)
    chosen = edge_of[edge_of >= 0]
    spent, empty = on.total(on.picked(market.cost, chosen)), int(market.top[0])
    vacant = on.total(market.tier_count) - len(chosen)
    asked = int((on.column(seating.u) * market.tier_count[1::2]).sum())
    assert spent + empty * vacant == asked + on.total(seating.v)
    return SPAN * len(chosen) - spent


def arrays(problem: Problem, carrier: str) -> int:
    """From edge columns to optimum and certificate, on columns alone, as scipy works."""
    return seated(market_of(problem, carrier), carrier)


def ours(problem: Problem, carrier: str) -> Plan:
    """Graph, optimum, certificate and rows; the name of the snapshot and the lot are left out."""
    graph = build(problem, carrier=carrier)
    graph.memo["snapshot"] = "0" * 64
    return solve(graph, carrier=carrier, goals=CORE)


def whole(problem: Problem, carrier: str) -> Plan:
    return solve(build(problem, carrier=carrier), carrier=carrier)


def dense_model(problem: Problem):
    """The matrix of all pairs; pairs that are not eligible get a price of their own."""
    person, post, score = (numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem))
    cost = numpy.full((len(problem.posts), len(problem.people)), 10.0 * SPAN * len(problem.posts))
    cost[post, person] = SPAN - score
    return cost


def dense_solve(cost) -> int:
    from scipy.optimize import linear_sum_assignment

    rows, found = linear_sum_assignment(cost)
    values = cost[rows, found]
    values = values[values <= SPAN]
    return int(SPAN * len(values) - values.sum())


def sparse_model(problem: Problem):
    """The eligible pairs alone."""
    from scipy.sparse import csr_array

    person, post, score = (numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem))
    shape = (len(problem.posts), len(problem.people))
    return csr_array((SPAN + 1.0 - score, (post, person)), shape=shape)


def sparse_solve(cost) -> int:
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, found = min_weight_full_bipartite_matching(cost)
    return int((SPAN + 1) * len(rows) - cost[rows, found].sum())


def edges(problem: Problem):
    return problem.edge_person, problem.edge_post, problem.edge_score


def best_of(repeats: int, task: Callable[[], object]) -> tuple[float, object]:
    """The best time in milliseconds and the last answer."""
    best, answer = float("inf"), None
    gc.collect()  # once: each collection would leave the next run a cold cache
    for _ in range(repeats):
        started = perf_counter()
        answer = task()
        best = min(best, 1000 * (perf_counter() - started))
    return best, answer


def one_pass(problem: Problem) -> float:
    """One plain pass over the edge columns, as a yardstick."""
    three = [numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem)]
    return best_of(9, lambda: [column.sum() for column in three])[0]


def report(name: str, problem: Problem, *, plain: bool, peers: tuple[str, ...], repeats: int):
    """Print one block: our times, those of the peers, and the ratios."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"\n{name}: {len(problem.people)} people, {len(problem.posts)} posts, "
          f"{len(problem.edge_score)} edges (load {load})")  # fmt: skip
    times = {}
    whole(problem, "compiled")
    market = market_of(problem, "compiled")
    times["seating, compiled"], _ = best_of(repeats, lambda: seated(market, "compiled"))
    times["arrays, compiled"], _ = best_of(repeats, lambda: arrays(problem, "compiled"))
    times["core, compiled"], plan = best_of(repeats, lambda: ours(problem, "compiled"))
    times["plan, compiled"], full = best_of(repeats, lambda: whole(problem, "compiled"))
    if plain:
        times["core, plain"], _ = best_of(repeats, lambda: ours(problem, "plain"))
        times["plan, plain"], _ = best_of(repeats, lambda: whole(problem, "plain"))
    times["verify"], verdict = best_of(2, lambda: verify(problem, full))
    assert verdict.ok, verdict.violation
    single = one_pass(problem)
    for label, time in times.items():
        print(f"  {label:20} {time:10.2f} ms   {time / single:8.0f} passes")
    for peer in peers:
        compare(peer, problem, times, plan.goal("score").value, max(1, repeats // 3))


def compare(peer: str, problem: Problem, times: dict[str, float], score: int, repeats: int) -> None:
    """Print a peer with its model against "arrays", and without it against "seating"."""
    build_model, solve_model = PEERS[peer]
    cost = build_model(problem)
    alone, value = best_of(repeats, lambda: solve_model(cost))
    both, _ = best_of(repeats, lambda: solve_model(build_model(problem)))
    agrees = "same score" if value == score else f"score {value}, ours {score}"
    print(f"  scipy, {peer:13} {both:10.2f} ms   {both / times['arrays, compiled']:8.1f} x arrays,"
          f" {alone / times['seating, compiled']:.1f} x seating without models"
          f"   ({agrees})")  # fmt: skip


PEERS = {"dense": (dense_model, dense_solve), "sparse": (sparse_model, sparse_solve)}


def memory() -> None:
    """Print the peak memory of two processes that solve the same province, read from a file."""
    problem = sparse_instance(40_000, 26_000, 60)
    peaks = {}
    with TemporaryDirectory() as folder:
        path = Path(folder, "columns.npy")
        numpy.save(path, [numpy.frombuffer(column, numpy.int64) for column in edges(problem)])
        for solver in ("nothing", "arrays", "sparse"):
            command = [sys.executable, __file__, "--alone", solver, "--columns", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peaks[solver] = int(done.stdout) / 1024
            print(f"  peak of a process, {solver}: {peaks[solver]:.0f} MB")
    print(f"  ours / scipy: {peaks['arrays'] / peaks['sparse']:.2f}")


def alone(solver: str, path: str) -> None:
    """Solve the province in this process and print its peak memory in kB."""
    problem = columns(40_000, 26_000, *numpy.load(path, mmap_mode="r"))
    if solver == "arrays":
        arrays(problem, "compiled")
    elif solver == "sparse":
        sparse_solve(sparse_model(problem))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("city", "province", "square", "dense", "memory"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--alone", choices=["nothing", "arrays", "sparse"], help=argparse.SUPPRESS)
    parser.add_argument("--columns", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone, asked.columns)
        return
    counties()
    if asked.city:
        cities()
    if asked.dense:
        both = ("dense", "sparse")
        report("dense", instance(800, 800, 800), plain=True, peers=both, repeats=1)
    if asked.province:
        province = sparse_instance(40_000, 26_000, 60)
        report("province", province, plain=False, peers=("sparse",), repeats=3)
    if asked.square:
        square = sparse_instance(26_000, 26_000, 60)
        report("province, square", square, plain=False, peers=("sparse",), repeats=1)
    if asked.memory:
        memory()


def counties() -> None:
    both = ("dense", "sparse")
    for degree in (66, 130):
        county = instance(300, 130, degree)
        report("county", county, plain=True, peers=both, repeats=15)
        report("county, sought after", sought_after(county), plain=True, peers=both, repeats=15)
    short = instance(110, 130, 130)
    report("county, short of people", short, plain=True, peers=("dense",), repeats=9)


def cities() -> None:
    city = sparse_instance(5000, 2500, 60)
    report("city", city, plain=True, peers=("dense", "sparse"), repeats=5)
    report("city, sought after", sought_after(city), plain=True, peers=("sparse",), repeats=5)
    short, square = sparse_instance(2000, 2500, 60), sparse_instance(2500, 2500, 60)
    report("city, short", short, plain=True, peers=("dense",), repeats=3)
    report("city, square", square, plain=True, peers=("sparse",), repeats=3)


if __name__ == "__main__":
    main()
