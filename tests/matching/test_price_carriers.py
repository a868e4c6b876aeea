"""Are prices, changes and stable prices the same on both carriers, bit by bit?"""

from __future__ import annotations

import random

from lingyan_matching import build, solve
from lingyan_matching.price_book import PriceBook
from lingyan_matching.quick_repair import way_of
from lingyan_matching.stable_prices import StableBook
from tests.matching import stable_cases
from tests.matching.referee import random_problem
from tests.matching.test_price_book import NO_LOT, every_change

CARRIERS = ("plain", "compiled")


def test_all_prices_and_all_changes_are_the_same_on_both_carriers() -> None:
    dice = random.Random(4)
    for seed in range(80):
        size = {"people": 9, "posts": 6} if seed % 2 else {}
        graph = build(random_problem(seed, **size))
        plan = solve(graph, goals=NO_LOT)
        plain, compiled = (PriceBook(graph, plan, carrier=name) for name in CARRIERS)

        assert [book.on.name for book in (plain, compiled)] == list(CARRIERS)
        assert plain.losses() == compiled.on.ints(compiled.losses())
        for post in graph.problem.posts:
            assert plain.of_post(post.id) == compiled.of_post(post.id)
        for change in every_change(graph.problem, dice):
            assert way_of(plain, change) == way_of(compiled, change)


def test_prices_of_stable_plans_are_the_same_on_both_carriers() -> None:
    for seed in range(20):
        graph = build(stable_cases.random_problem(seed, units=True, marks=True))
        for mode in ("stable-people", "stable-posts"):
            plan = solve(graph, mode=mode)
            plain, compiled = (StableBook(graph, plan, carrier=name) for name in CARRIERS)
            for post in graph.problem.posts:
                assert plain.of_post(post.id) == compiled.of_post(post.id)
