"""How fast is mode total, beside scipy on the same instance in the same run?

    python benchmarks/assignment.py [--city] [--province] [--square] [--dense] [--nation]
                                   [--memory]

County: 130 posts, 300 people, about 20,000 and 39,000 edges. City: 2,500 x 5,000, province:
26,000 x 40,000, 60 eligible posts for each person. Scores are drawn evenly, or "sought after":
how good the person is and a little taste of the post, so that everybody wants the same people.

Times are the best of several runs, in milliseconds of the processor (nothing here has a second
thread, so other programs on the machine count little), with the lot off unless it is named.

    arrays     from the three columns of pairs to optimum and certificate and back to columns, as
               scipy does (``lingyan_matching.columns``)
    seating    the same without the model (pairs laid out by post), to be held against scipy
               without its matrix
    core       build and solve: people, posts, ids and the rows of a plan as well
    with lot   core, and ties decided by the lot
    plan       everything: with the lot and the snapshot's SHA-256
    check      the certificate of "arrays" checked from the columns, by NumPy alone
    verify     the whole verifier on a plan: also names, snapshot, goals, lot and every row

scipy starts from the same three columns: "dense" is linear_sum_assignment with its matrix, "sparse"
is min_weight_full_bipartite_matching with its matrix (only where every post can be filled),
"turned" the same from the side of fewer people than posts. A pass is one sum over the three
columns. --nation seats 2,800 counties, in columns of 32 bits, in one call (``seat_parts``) and one
by one. --memory prints the peak (VmHWM) of fresh processes that read the province from a file, as
columns of 32 bits, and do nothing, load the compiler, solve it here compiled or plain, or let scipy
do it.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy

from lingyan_matching import Person, Plan, Post, Problem, build, solve, verify
from lingyan_matching.carrier import arrays as on_arrays
from lingyan_matching.carrier import choose
from lingyan_matching.check_columns import check_columns
from lingyan_matching.columns import Columns, Parts, Seated, market_of, seat_columns, seat_parts
from lingyan_matching.seating import seat_all

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


def bare(problem: Problem, kind: str = "int64") -> Columns:
    """The three columns of a problem as arrays."""
    parts = (numpy.frombuffer(column, dtype=numpy.int64).astype(kind) for column in edges(problem))
    return Columns(len(problem.people), len(problem.posts), *parts)


def arrays(columns: Columns, carrier: str) -> Seated:
    """Optimum and certificate, on columns alone, as scipy works."""
    return seat_columns(columns, carrier=carrier)


def score_of(seated: Seated) -> int:
    return seated.best * int((seated.post_of_person >= 0).sum()) - seated.spent


def ours(problem: Problem, carrier: str) -> Plan:
    """Graph, optimum, certificate and rows; the name of the snapshot and the lot are left out."""
    graph = build(problem, carrier=carrier)
    graph.memo["snapshot"] = "0" * 64
    return solve(graph, carrier=carrier, goals=CORE)


def whole(problem: Problem, carrier: str) -> Plan:
    return solve(build(problem, carrier=carrier), carrier=carrier)


def with_lot(problem: Problem, carrier: str) -> Plan:
    graph = build(problem, carrier=carrier)
    graph.memo["snapshot"] = "0" * 64
    return solve(graph, carrier=carrier)


def dense_model(columns: Columns):
    """The matrix of all pairs; pairs that are not eligible get a price of their own."""
    cost = numpy.full((columns.posts, columns.people), 10.0 * SPAN * columns.posts)
    cost[columns.post, columns.person] = SPAN - columns.score
    return cost


def dense_solve(cost) -> int:
    from scipy.optimize import linear_sum_assignment

    rows, found = linear_sum_assignment(cost)
    values = cost[rows, found]
    values = values[values <= SPAN]
    return int(SPAN * len(values) - values.sum())


def sparse_model(columns: Columns):
    """The eligible pairs alone."""
    from scipy.sparse import csr_array

    shape = (columns.posts, columns.people)
    return csr_array((SPAN + 1.0 - columns.score, (columns.post, columns.person)), shape=shape)


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
        started = process_time()
        answer = task()
        best = min(best, 1000 * (process_time() - started))
    return best, answer


def one_pass(columns: Columns) -> float:
    """One plain pass over the three columns, as a yardstick."""
    three = (columns.person, columns.post, columns.score)
    return best_of(9, lambda: [column.sum() for column in three])[0]


def report(name: str, problem: Problem, *, plain: bool, peers: tuple[str, ...], repeats: int):
    """Print one block: our times, those of the peers, and the ratios."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"\n{name}: {len(problem.people)} people, {len(problem.posts)} posts, "
          f"{len(problem.edge_score)} edges (load {load})")  # fmt: skip
    times, given, on = {}, bare(problem), choose("compiled", edges=0)
    whole(problem, "compiled")
    market, _ = market_of(given, on)
    times["seating, compiled"], _ = best_of(repeats, lambda: seat_all(market, on))
    times["arrays, compiled"], seated = best_of(repeats, lambda: arrays(given, "compiled"))
    times["check"], wrong = best_of(repeats, lambda: check_columns(given, seated))
    assert wrong is None, wrong
    times["core, compiled"], plan = best_of(repeats, lambda: ours(problem, "compiled"))
    times["with lot, compiled"], _ = best_of(repeats, lambda: with_lot(problem, "compiled"))
    times["plan, compiled"], full = best_of(repeats, lambda: whole(problem, "compiled"))
    if plain:
        times["core, plain"], _ = best_of(repeats, lambda: ours(problem, "plain"))
        times["plan, plain"], _ = best_of(repeats, lambda: whole(problem, "plain"))
    times["verify"], verdict = best_of(2, lambda: verify(problem, full))
    assert verdict.ok, verdict.violation
    assert plan.goal("score").value == score_of(seated)
    single = one_pass(given)
    for label, time in times.items():
        print(f"  {label:20} {time:10.3f} ms   {time / single:8.1f} passes")
    lot = times["with lot, compiled"] / times["core, compiled"] - 1
    print(f"  the lot costs {lot:.2f} of a core more")
    for peer in peers:
        compare(peer, given, times, score_of(seated), max(3, repeats // 3))


def compare(peer: str, given: Columns, times: dict[str, float], score: int, repeats: int) -> None:
    """Print a peer with its model against "arrays", and without it against "seating"."""
    build_model, solve_model = PEERS[peer]
    cost = build_model(given)
    alone, value = best_of(repeats, lambda: solve_model(cost))
    both, _ = best_of(repeats, lambda: solve_model(build_model(given)))
    agrees = "same score" if value == score else f"score {value}, ours {score}"
    print(f"  scipy, {peer:13} {both:10.3f} ms   {both / times['arrays, compiled']:8.1f} x arrays,"
          f" {both / times['core, compiled']:.1f} x core,"
          f" {alone / times['seating, compiled']:.1f} x seating without models"
          f"   ({agrees})")  # fmt: skip


def turned_model(columns: Columns):
    """The eligible pairs from the side of the people, where there are fewer of them than posts."""
    other = Columns(columns.posts, columns.people, columns.post, columns.person, columns.score)
    return sparse_model(other)


PEERS = {
    "dense": (dense_model, dense_solve),
    "sparse": (sparse_model, sparse_solve),
    "turned": (turned_model, sparse_solve),
}


def memory() -> None:
    """Print the peak memory of fresh processes that solve the same province, read from a file."""
    problem = sparse_instance(40_000, 26_000, 60)
    with TemporaryDirectory() as folder:
        path = Path(folder, "columns.npy")
        given = bare(problem, "int32")
        numpy.save(path, [given.person, given.post, given.score])
        peaks, times = {}, {}
        for solver in SOLVERS:
            command = [sys.executable, __file__, "--alone", solver, "--columns", str(path)]
            told = [
                subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
                for _ in range(3)
            ]
            peaks[solver] = min(int(kilobytes) for kilobytes, _, _ in told) / 1024
            times[solver] = min(float(seconds) for _, seconds, _ in told)
            print(f"  peak of a process, {solver:9} {peaks[solver]:6.0f} MB "
                  f"{peaks[solver] / peaks['nothing']:5.2f} x nothing, "
                  f"{times[solver]:7.2f} s, score {told[0][2]}")  # fmt: skip
    for solver in ("plain", "compiled"):
        print(f"  {solver} / scipy: memory {peaks[solver] / peaks['sparse']:.2f}, "
              f"time {times[solver] / times['sparse']:.2f}")  # fmt: skip


SOLVERS = ("nothing", "compiler", "compiled", "plain", "sparse")


def alone(solver: str, path: str) -> None:
    """Solve the province in this process; print its peak memory in kB, the seconds and the score.

    The kernel of Linux notes the peak per program (VmHWM); ru_maxrss would start at the parent's.
    """
    given, score = Columns(40_000, 26_000, *numpy.load(path)), 0
    started = process_time()
    if solver == "compiler":
        choose("compiled", edges=0)
    elif solver in ("compiled", "plain"):
        score = score_of(arrays(given, solver))
    elif solver == "sparse":
        score = sparse_solve(sparse_model(given))
    took = process_time() - started
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    print(peak, took, score)


def nation() -> None:
    """2,800 counties of 64 or 65 posts each, 180,000 posts; scipy takes one after another."""
    counties = []
    for number in range(2800):
        posts = 64 + (number % 7 < 2)
        counties.append(bare(instance(posts * 20 // 13, posts, 60, seed=number), "int32"))
    parts = Parts(
        *(numpy.cumsum([0, *sizes]) for sizes in zip(*map(sizes_of, counties), strict=True)),
        *(numpy.concatenate(columns) for columns in zip(*map(three_of, counties), strict=True)),
    )
    print(f"\nnation: {parts.posts[-1]} posts in {len(counties)} counties, "
          f"{parts.pairs[-1]} edges")  # fmt: skip
    time, mine = best_of(9, lambda: seat_parts(parts, carrier="compiled"))
    print(f"  parts, compiled      {time:10.1f} ms")
    single, _ = best_of(3, lambda: [arrays(county, "compiled") for county in counties])
    print(f"  one by one, compiled {single:10.1f} ms")
    for peer in ("dense", "sparse"):
        build_model, solve_model = PEERS[peer]
        both, theirs = best_of(3, lambda: [solve_model(build_model(c)) for c in counties])  # noqa: B023
        same = "same scores" if [score_of(one) for one in mine] == theirs else "scores differ"
        print(f"  scipy, {peer:13} {both:10.1f} ms   {both / time:8.1f} x parts, "
              f"{both / single:.1f} x one by one   ({same})")  # fmt: skip


def sizes_of(columns: Columns) -> tuple[int, int, int]:
    return columns.people, columns.posts, len(columns.score)


def three_of(columns: Columns):
    return columns.person, columns.post, columns.score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("city", "province", "square", "dense", "nation", "memory"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--alone", choices=SOLVERS, help=argparse.SUPPRESS)
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
        short = sparse_instance(20_000, 26_000, 60)
        report("province, short", short, plain=False, peers=("turned",), repeats=3)
    if asked.square:
        square = sparse_instance(26_000, 26_000, 60)
        report("province, square", square, plain=False, peers=("sparse",), repeats=1)
    if asked.nation:
        nation()
    if asked.memory:
        memory()


def counties() -> None:
    both = ("dense", "sparse")
    for degree in (66, 130):
        county = instance(300, 130, degree)
        report("county", county, plain=True, peers=both, repeats=40)
        report("county, sought after", sought_after(county), plain=True, peers=both, repeats=15)
    short = instance(110, 130, 130)
    report("county, short of people", short, plain=True, peers=("dense",), repeats=40)


def cities() -> None:
    city = sparse_instance(5000, 2500, 60)
    report("city", city, plain=True, peers=("dense", "sparse"), repeats=5)
    report("city, sought after", sought_after(city), plain=True, peers=("sparse",), repeats=5)
    short, square = sparse_instance(2000, 2500, 60), sparse_instance(2500, 2500, 60)
    report("city, short", short, plain=True, peers=("dense",), repeats=3)
    report("city, square", square, plain=True, peers=("sparse",), repeats=3)


if __name__ == "__main__":
    main()
