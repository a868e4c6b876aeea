"""How long do the reasons of one post take, with the price of insisting on everybody else?

    python benchmarks/reasons.py [--posts 130] [--people 300] [--province]

County size on the plain carrier, in milliseconds of the processor. The peer is what one would do
without prices: solve the county again with scipy once for every other candidate of the post.
"Book" is the table of all prices of the plan, on either carrier. --province: 26,000 posts, 40,000
people, about 60 eligible posts for each person, the lot off; one post, and one change of the plan,
each against solving again.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

from lingyan_matching import Graph, Person, Plan, Post, Problem, Unit, build, solve
from lingyan_matching.changes import Ban, Change, Pin, Withdraw, solve_task, task_after
from lingyan_matching.explain import explain, prices
from lingyan_matching.price_book import PriceBook
from lingyan_matching.repair import whatif
from lingyan_matching.residual import Residual, residual_of

TARGET_MS = 20


def county(people: int, posts: int, *, seed: int = 1) -> Problem:
    """A county in which about half of all pairs are eligible and some units are full."""
    dice = random.Random(seed)
    pairs = [(i, g) for g in range(posts) for i in range(people) if dice.random() < 0.5]
    return Problem(
        people=tuple(Person(f"p{i:05}", f"u{i % 40:03}") for i in range(people)),
        posts=tuple(Post(f"g{g:05}", klass=1 + g % 3) for g in range(posts)),
        units=tuple(Unit(f"u{u:03}", max(1, posts // 30)) for u in range(40)),
        edge_person=[i for i, _ in pairs],
        edge_post=[g for _, g in pairs],
        edge_score=[dice.randint(250, 950) for _ in pairs],
    )


def milliseconds(task: Callable[[], object]) -> float:
    started = time.process_time()
    task()
    return 1000 * (time.process_time() - started)


def repeated(task: Callable[[], object]) -> list[float]:
    return [milliseconds(task) for _ in range(7)]


def show(what: str, times: Sequence[float], remark: str = "") -> None:
    least, median, worst = min(times), statistics.median(times), max(times)
    print(f"{what:28} least {least:6.2f}  median {median:6.2f}  worst {worst:6.2f} ms   {remark}")


def solved_again(problem: Problem, post: int) -> float:
    """The time scipy takes to price a post by solving once for each candidate (unit limits off)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    people, posts = len(problem.people), len(problem.posts)
    score = np.full((posts, people), -(10.0**9))
    score[list(problem.edge_post), list(problem.edge_person)] = problem.edge_score
    candidates = [
        i for i, g in zip(problem.edge_person, problem.edge_post, strict=True) if g == post
    ]

    def price_all() -> None:
        for person in candidates:
            forced = score.copy()
            forced[post] = -(10.0**9)
            forced[post, person] = 10.0**9
            linear_sum_assignment(-forced)

    return milliseconds(price_all)


def show_book(graph: Graph, plan: Plan, carrier: str) -> PriceBook:
    """The time to prepare a book of prices, and to write all of them."""
    PriceBook(graph, plan, carrier=carrier).losses()  # the first call loads compiled code
    show(f"book, {carrier}", repeated(lambda: PriceBook(graph, plan, carrier=carrier)))
    book = PriceBook(graph, plan, carrier=carrier)
    show(f"all prices, {carrier}", repeated(book.losses), f"{len(graph.edge_score)} pairs")
    return book


def province() -> None:
    """Prices of a post, and changes of the plan, at the size of a province."""
    from assignment import sought_after, sparse_instance

    even = sparse_instance(40_000, 26_000, 60)
    for name, problem in (("even", even), ("sought after", sought_after(even))):
        graph = build(problem, carrier="compiled")
        plan = solve(graph, goals=("seats", "score"), carrier="compiled")
        print(f"province, scores {name}: {len(graph.edge_score)} pairs")
        book = show_book(graph, plan, "compiled")
        posts = [post.id for post in graph.problem.posts[::26]]
        book.of_post(posts[0])
        show("one post", [milliseconds(partial(book.of_post, post)) for post in posts])
        show_repairs(graph, plan, book)


def show_repairs(graph: Graph, plan: Plan, book: PriceBook) -> None:
    """One change at a time; a few of each kind are solved again, and must reach the same."""
    dice = random.Random(1)
    rows = dice.sample(plan.assignments, 200)
    edges = dice.sample(range(len(graph.edge_score)), 200)
    kinds: dict[str, list[Change]] = {
        "withdrawal": [Withdraw(row.person) for row in rows],
        "ban": [Ban(row.person, row.post) for row in rows],
        "pin": [Pin(*graph.ids(edge)) for edge in edges],
    }
    for kind, changes in kinds.items():
        whatif(graph, plan, changes[0], book=book)
        show(
            f"one {kind}",
            [milliseconds(lambda c=c: whatif(graph, plan, c, book=book)) for c in changes],
        )
        for change in changes[:2]:
            delta = whatif(graph, plan, change, book=book)
            after = solve_task(task_after(graph, plan, change), plan)
            same = [goal.after for goal in delta.goals] == [goal.value for goal in after.goals]
            print(f"  solved again: {'the same goals' if same else 'OTHER GOALS'}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=130)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--province", action="store_true")
    asked = parser.parse_args(arguments)
    graph = build(county(asked.people, asked.posts))
    problem, posts = graph.problem, asked.posts
    plan = solve(graph, carrier="plain")
    sample = [post.id for post in problem.posts[:: max(1, posts // 20)]]

    def one_post(residual: Residual | None = None) -> list[float]:
        return [
            milliseconds(lambda p=post: prices(graph, plan, p, residual=residual))
            for post in sample
        ]

    cold, warm = one_post(), one_post(residual_of(graph, plan))
    show("one post, nothing prepared", cold, f"target {TARGET_MS} ms")
    show("one post, prices settled", warm, f"whole county {posts * statistics.mean(warm):.0f} ms")
    show("settling, without the lot", repeated(lambda: residual_of(graph, plan)))
    show("settling, with the lot", repeated(lambda: residual_of(graph, plan, lots=True)))
    drawn = residual_of(graph, plan, lots=True)
    rows = plan.assignments[:: max(1, len(plan.assignments) // 20)]
    full = [
        milliseconds(lambda r=row: explain(graph, plan, r.person, r.post, residual=drawn))
        for row in rows
    ]
    show("one whole explanation", full)
    change = Withdraw(plan.assignments[0].person)
    again = repeated(lambda: solve_task(task_after(graph, plan, change), plan))
    show("what a withdrawal moves", repeated(lambda: whatif(graph, plan, change, residual=drawn)))
    show("the same, solved again", again)
    for name in ("plain", "compiled"):
        show_book(graph, plan, name)
    peer = solved_again(problem, len(problem.posts) // 2)
    print(f"peer: scipy, one solve for each candidate   {peer:9.2f} ms", end="")
    print(f"  = {peer / statistics.median(cold):.1f} times as long")
    if asked.province:
        province()


if __name__ == "__main__":
    main()
