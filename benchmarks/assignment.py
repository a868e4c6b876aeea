"""How fast is mode total, beside scipy on the same instance in the same run?

    python benchmarks/assignment.py [--city] [--province] [--square] [--dense]

County: 130 posts, 300 people, about 20,000 and 39,000 edges. City: 2,500 x 5,000, province:
26,000 x 40,000, 60 eligible posts for each person. Times are the best of several runs, in
milliseconds. "arrays" goes from the three edge columns to optimum and certificate and back to
columns, as scipy does, with the lot off; "core" has people, posts, ids and the rows of a plan as
well; "plan" is everything, with the lot and the snapshot's SHA-256. scipy starts from the same
three columns: "dense" is linear_sum_assignment with its matrix, "sparse" is
min_weight_full_bipartite_matching with its matrix (only where every post can be filled).
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from time import perf_counter

import numpy
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from lingyan_matching import Person, Plan, Post, Problem, build, solve, verify
from lingyan_matching.carrier import choose, compiled
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


def columns(people: int, posts: int, person, post, score) -> Problem:
    packed = compiled().packed
    return Problem(
        tuple(Person(f"p{n:06d}") for n in range(people)),
        tuple(Post(f"g{n:06d}", klass=1) for n in range(posts)),
        (),
        *(packed(column.astype(numpy.int64)) for column in (person, post, score)),
    )


def arrays(problem: Problem, carrier: str) -> int:
    """From edge columns to optimum and certificate, on columns alone, as scipy works."""
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
    market = Market(
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
    seating = seat_all(market, on)
    chosen = [edge for edge in on.ints(seating.edge_of_person) if edge >= 0]
    spent = sum(on.ints(on.picked(cost, chosen)))
    vacant = int(sum(tier_count)) - len(chosen)
    seats = on.ints(tier_count)[1::2]
    asked = sum(count * price for count, price in zip(seats, on.ints(seating.u), strict=True))
    assert spent + empty * vacant == asked + sum(on.ints(seating.v))
    return SPAN * len(chosen) - spent


def ours(problem: Problem, carrier: str) -> Plan:
    """Graph, optimum, certificate and rows; the name of the snapshot and the lot are left out."""
    graph = build(problem, carrier=carrier)
    graph.memo["snapshot"] = "0" * 64
    return solve(graph, carrier=carrier, goals=CORE)


def whole(problem: Problem, carrier: str) -> Plan:
    return solve(build(problem, carrier=carrier), carrier=carrier)


def dense(problem: Problem) -> int:
    """scipy on the matrix of all pairs; pairs that are not eligible get a price of their own."""
    person, post, score = (numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem))
    cost = numpy.full((len(problem.posts), len(problem.people)), 10.0 * SPAN * len(problem.posts))
    cost[post, person] = SPAN - score
    rows, found = linear_sum_assignment(cost)
    values = cost[rows, found]
    values = values[values <= SPAN]
    return int(SPAN * len(values) - values.sum())


def sparse(problem: Problem) -> int:
    """scipy on the eligible pairs alone."""
    person, post, score = (numpy.frombuffer(column, dtype=numpy.int64) for column in edges(problem))
    shape = (len(problem.posts), len(problem.people))
    cost = csr_array((SPAN + 1.0 - score, (post, person)), shape=shape)
    rows, found = min_weight_full_bipartite_matching(cost)
    return int((SPAN + 1) * len(rows) - cost[rows, found].sum())


def edges(problem: Problem):
    return problem.edge_person, problem.edge_post, problem.edge_score


def best_of(repeats: int, task: Callable[[], object]) -> tuple[float, object]:
    """The best time in milliseconds and the last answer."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        gc.collect()
        started = perf_counter()
        answer = task()
        best = min(best, 1000 * (perf_counter() - started))
    return best, answer


def one_pass(problem: Problem) -> float:
    """One plain pass over the edge columns, as a yardstick."""
    column = numpy.frombuffer(problem.edge_score, dtype=numpy.int64)
    return best_of(5, column.sum)[0]


def report(name: str, problem: Problem, *, plain: bool, peers: tuple[str, ...], repeats: int):
    """Print one block: our times, those of the peers, and the ratios."""
    print(f"\n{name}: {len(problem.people)} people, {len(problem.posts)} posts, "
          f"{len(problem.edge_score)} edges")  # fmt: skip
    times = {}
    whole(problem, "compiled")
    times["arrays, compiled"], _ = best_of(repeats, lambda: arrays(problem, "compiled"))
    times["core, compiled"], plan = best_of(repeats, lambda: ours(problem, "compiled"))
    times["plan, compiled"], full = best_of(repeats, lambda: whole(problem, "compiled"))
    if plain:
        times["core, plain"], _ = best_of(repeats, lambda: ours(problem, "plain"))
        times["plan, plain"], _ = best_of(repeats, lambda: whole(problem, "plain"))
    times["verify"], verdict = best_of(2, lambda: verify(problem, full))
    assert verdict.ok, verdict.violation
    score = plan.goal("score").value
    for label, time in times.items():
        print(f"  {label:20} {time:10.2f} ms")
    for peer in peers:
        time, value = best_of(max(1, repeats // 3), lambda solver=peer: PEERS[solver](problem))
        agrees = "same score" if value == score else f"score {value}, ours {score}"
        ratio = time / times["arrays, compiled"]
        print(f"  scipy, {peer:13} {time:10.2f} ms   {ratio:8.1f} x arrays, compiled   ({agrees})")


PEERS = {"dense": dense, "sparse": sparse}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("city", "province", "square", "dense"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    both = ("dense", "sparse")
    for degree in (66, 130):
        report("county", instance(300, 130, degree), plain=True, peers=both, repeats=15)
    report(
        "county, short of people", instance(110, 130, 130), plain=True, peers=("dense",), repeats=9
    )
    report("city", sparse_instance(5000, 2500, 60), plain=True, peers=both, repeats=3)
    if asked.city:
        report(
            "city, short", sparse_instance(2000, 2500, 60), plain=True, peers=("dense",), repeats=3
        )
        report(
            "city, square", sparse_instance(2500, 2500, 60), plain=True, peers=("dense",), repeats=3
        )
    if asked.dense:
        report("dense", instance(800, 800, 800), plain=True, peers=both, repeats=1)
    if asked.province:
        report(
            "province",
            sparse_instance(40_000, 26_000, 60),
            plain=False,
            peers=("sparse",),
            repeats=2,
        )
    if asked.square:
        report(
            "province, square",
            sparse_instance(26_000, 26_000, 60),
            plain=False,
            peers=("sparse",),
            repeats=1,
        )


if __name__ == "__main__":
    main()
