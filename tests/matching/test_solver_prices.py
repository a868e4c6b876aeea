"""Is a price in a plan by the solver the difference of two full solves, and is time out told?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lingyan_matching import BadInstance, Bound, Person, Plan, Post, Problem, build, explain, solve
from lingyan_matching.changes import Ban, Withdraw
from lingyan_matching.explain import by_solver, cheapest_first
from lingyan_matching.explain_solved import SolverBook
from lingyan_matching.problem import Graph, Pair
from lingyan_matching.repair import whatif
from lingyan_matching.stable_prices import StableBook
from tests.matching import stable_cases
from tests.matching.test_bounds import crossing, random_problem

pytestmark = pytest.mark.pure

SLACKS = ("score~10%", "score~3")


def asked(seed: int) -> dict[str, object]:
    """A slack in two of three cases: in the score, or in the seats."""
    if seed % 3 == 0:
        return {}
    if seed % 3 == 1:
        return {"goals": (SLACKS[seed % 2], "seats", "lot")}
    return {"goals": ("seats", SLACKS[seed % 2], "changes", "lot")}


def plans(count: int) -> Iterator[tuple[Graph, Plan, dict[str, object]]]:
    """Small random rounds under crossing bounds, with slack, pins and bans, that need a solver."""
    for seed in range(count):
        problem = random_problem(seed, pinned=seed % 2 == 0)
        problem = replace(problem, bounds=crossing(seed, problem)) if seed % 4 else problem
        graph, options = build(problem), {"seed": 3, **asked(seed)}
        try:
            plan = solve(graph, **options)
        except BadInstance:
            continue
        if by_solver(plan) and plan.assignments:
            yield graph, plan, options


def one_of_a_unit_in_a_town(seed: int) -> Problem:
    """Ten people and five posts, everybody eligible; bounds that cross each other."""
    dice = random.Random(seed)
    people, posts = [f"p{n}" for n in range(10)], [f"g{n}" for n in range(5)]
    pairs = [(i, g) for g in range(5) for i in range(10)]
    bounds = tuple(
        Bound(f"{unit}-{town}", tuple(people[unit::3]), tuple(posts[town::2]), 0, 1)
        for unit in range(3)
        for town in range(2)
    )
    return Problem(
        tuple(Person(name) for name in people),
        tuple(Post(name, klass=1 + n % 2) for n, name in enumerate(posts)),
        (),
        [i for i, _ in pairs],
        [g for _, g in pairs],
        [dice.randint(0, 300) for _ in pairs],
        bounds=bounds,
    )


def pairs_of(plan: Plan) -> set[Pair]:
    return {(row.person, row.post) for row in plan.assignments}


def lost(plan: Plan, after: Plan, problem: Problem) -> tuple[int, ...]:
    """What is lost from one full solve to another, goal by goal."""
    costs = {"changes"} | ({"score"} if problem.sense == "min" else set())
    values = {goal.name: goal.value for goal in after.goals}
    return tuple(
        (values[goal.name] - goal.value) * (1 if goal.name in costs else -1) for goal in plan.goals
    )


def test_every_price_is_the_difference_of_two_full_solves() -> None:
    seen = {"price": 0, "none": 0, "slack": 0, "crossing": 0}
    for graph, plan, options in plans(34):
        book = SolverBook(graph, plan)
        seen["slack" if "goals" in options else "crossing"] += 1
        for pair in book.open_pairs():
            price = book.price(*pair)
            pins = {*plan.settings.pins, pair} - {*graph.problem.pins}
            try:
                again = solve(graph, pins=pins, **options)
            except BadInstance:
                assert price.regret is None, pair
                seen["none"] += 1
                continue
            assert price.proved
            assert price.regret is not None, pair
            if price.held:
                assert price.regret.is_nothing
                continue
            assert price.regret.amounts == lost(plan, again, graph.problem), pair
            after = pairs_of(plan)
            for move in price.chain:
                after -= {(move.person, move.source)}
                after |= {(move.person, move.target)} if move.target else set()
            assert after == pairs_of(again)
            seen["price"] += 1
    assert min(seen.values()) > 4, seen


def test_a_withdrawal_and_a_ban_are_the_difference_of_two_full_solves_too() -> None:
    for graph, plan, _ in plans(14):
        book = SolverBook(graph, plan)
        for row in plan.assignments:
            without = whatif(graph, plan, Withdraw(row.person))
            assert book.withdrawal(row.person).regret == without.regret
            if not row.pinned:
                banned = whatif(graph, plan, Ban(row.person, row.post))
                assert book.without((row.person, row.post)).regret == banned.regret


def test_the_smallest_change_flips_the_answer_and_one_point_less_does_not() -> None:
    kinds = set()
    for graph, plan, options in plans(24):
        for pair in SolverBook(graph, plan).open_pairs():
            said = explain(graph, plan, *pair)
            (change,) = said.counterfactual
            kinds.add(change.kind)
            assert (change.kind == "slack") <= ("goals" in options)
            if change.kind != "fit":
                continue
            assert change.need is not None
            for need, flips in ((change.need, True), (change.need - 1, False)):
                better = -need if said.assigned else need
                after = solve(build(rescored(graph.problem, pair, better)), **options)
                assert (pair in pairs_of(after)) == (said.assigned != flips), (pair, need)
    assert {"fit", "fill", "bound", "slack", "pin"} <= kinds, kinds


def rescored(problem: Problem, pair: Pair, better: int) -> Problem:
    change = -better if problem.sense == "min" else better
    named = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    scores = [
        score + change if (problem.people[i].id, problem.posts[g].id) == pair else score
        for i, g, score in named
    ]
    return replace(problem, edge_score=scores)


def test_the_cheapest_are_found_without_asking_for_all() -> None:
    left = 0
    for seed in range(2):
        graph = build(one_of_a_unit_in_a_town(seed))
        plan = solve(graph)
        assert by_solver(plan)
        book = SolverBook(graph, plan)
        for post in graph.problem.posts:
            mine = [pair for pair in book.open_pairs() if pair[1] == post.id]
            every = sorted((book.price(*pair) for pair in mine), key=cheapest_first)
            few = sorted(book.in_turn(mine, enough=2), key=cheapest_first)
            assert few[:2] == every[:2]
            left += len(every) - len(few)
            for price in every:
                least = book.at_least((price.person, price.post))
                if price.regret is not None:
                    assert least <= price.regret.amounts[: len(least)]
    assert left > 5


def test_a_solver_that_runs_out_of_time_proves_nothing_and_says_so() -> None:
    graph = build(one_of_a_unit_in_a_town(1))
    plan = solve(graph, goals=("score~10%", "seats", "lot"))
    hurried = SolverBook(graph, plan, seconds_max=0.0)
    found = [hurried.price(*pair) for pair in hurried.open_pairs()]

    unproved = [price for price in found if not price.proved]
    assert unproved
    assert all(price.to_json()["proved"] is False for price in unproved)
    assert (
        "proved"
        not in SolverBook(graph, plan).price(unproved[0].person, unproved[0].post).to_json()
    )


def test_of_a_stable_plan_a_withdrawal_is_solved_again_in_its_mode() -> None:
    for seed in range(8):
        graph = build(stable_cases.random_problem(seed, units=seed % 2 == 0, marks=seed % 4 < 2))
        for mode in ("stable-best", "stable-people"):
            plan = solve(graph, mode=mode)
            book = StableBook(graph, plan)
            for row in plan.assignments[:2]:
                after = whatif(graph, plan, Withdraw(row.person))
                told = {goal.name: goal.before - goal.after for goal in after.goals}
                found = book.withdrawal(row.person)
                for name in found.names:
                    if name.startswith("class-"):
                        assert found.amount(name) == told[name]
                sign = -1 if graph.problem.sense == "min" else 1
                assert found.points == sign * told["score"]
