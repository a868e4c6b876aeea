"""Is the price of a pair in a stable plan what making the plan again with a pin shows?"""

from __future__ import annotations

import pytest

from lingyan_matching import (
    BadInstance,
    Person,
    Plan,
    Post,
    Problem,
    build,
    explain,
    prices,
    solve,
    verify,
)
from lingyan_matching.problem import Graph
from lingyan_matching.residual import problem_of
from lingyan_matching.stable import only_stable
from lingyan_matching.stable_prices import StableBook, blocking_text
from lingyan_matching.verify_stable import blocking_pairs
from tests.matching.stable_cases import random_problem

MODES_B = ("stable-people", "stable-posts")


def assert_price_is_what_a_pin_shows(graph: Graph, plan: Plan, post_id: str) -> int:
    """Each price of a post against a solve with a pin; how many blocking pairs there were."""
    problem, seen = problem_of(graph, plan), 0
    seed = None if plan.mode == "stable-best" else plan.seed
    before = {(row.person, row.post) for row in plan.assignments}
    asked = {"mode": plan.mode, "seed": plan.seed, "bans": plan.settings.bans}
    for price in prices(graph, plan, post_id):
        pin = (price.person, price.post)
        assert price.held == (pin in before)
        pins = {*plan.settings.pins, pin} - {*graph.problem.pins}
        try:
            again = solve(graph, pins=pins, **asked)
        except BadInstance:
            assert price.regret is None, pin
            continue
        assert price.regret is not None, pin
        rows = {(row.person, row.post) for row in again.assignments}
        if price.held:
            assert price.regret.is_nothing
            continue
        blocking = [(pair.person, pair.post) for pair in blocking_pairs(problem, rows, seed=seed)]
        assert sorted(price.blocking) == sorted(blocking), pin
        assert price.regret.amount("blocking_pairs") == len(blocking)
        after = before
        for move in price.chain:
            after = after - {(move.person, move.source)}
            after |= {(move.person, move.target)} if move.target else set()
        assert after == rows
        sign = -1 if problem.sense == "min" else 1
        lost = sum(row.score for row in plan.assignments)
        lost -= sum(row.score for row in again.assignments)
        assert price.regret.points == sign * lost
        for goal in plan.goals:
            if goal.name.startswith(("class-", "lower")):
                then = again.goal(goal.name)
                assert then is not None
                assert price.regret.amount(goal.name) == goal.value - then.value
        seen += len(blocking)
    return seen


@pytest.mark.parametrize("mode", MODES_B)
def test_a_price_is_what_solving_again_with_a_pin_shows(mode: str) -> None:
    seen = 0
    for seed in range(160):
        graph = build(random_problem(seed, units=seed % 2 == 0, marks=seed % 4 < 2))
        plan = solve(graph, mode=mode, seed=2)
        for post in graph.problem.posts:
            seen += assert_price_is_what_a_pin_shows(graph, plan, post.id)
    assert seen > 200


def test_the_largest_stable_plan_is_solved_again_for_each_pair() -> None:
    for seed in range(16):
        graph = build(random_problem(seed, units=seed % 2 == 0, marks=seed % 4 < 2))
        plan = solve(graph, mode="stable-best")
        assert StableBook(graph, plan).asks_solver
        assert_price_is_what_a_pin_shows(graph, plan, graph.problem.posts[0].id)


def test_pins_and_bans_of_the_run_stay() -> None:
    mode, narrowed = "stable-people", 0
    for seed in range(60):
        graph = build(random_problem(seed, units=True))
        free = solve(graph, mode=mode)
        if len(free.assignments) < 2:
            continue
        first, second = free.assignments[:2]
        bans = [(first.person, first.post)]
        plan = solve(graph, mode=mode, bans=bans, pins=[(second.person, second.post)])
        narrowed += 1
        for post in graph.problem.posts:
            assert_price_is_what_a_pin_shows(graph, plan, post.id)
            assert (first.person, first.post) not in {
                (price.person, price.post) for price in prices(graph, plan, post.id)
            }
    assert narrowed > 20


def two_villages() -> Graph:
    # Both people want v most, and both villages want li most.
    problem = Problem(
        people=(Person("li"), Person("wang")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0, 1),
        edge_post=(0, 0, 1, 1),
        edge_score=(900, 700, 800, 300),
        edge_person_rank=(1, 1, 2, 2),
        edge_post_rank=(1, 2, 1, 2),
    )
    return build(problem)


def test_what_insisting_costs_is_said_in_words() -> None:
    graph = two_villages()
    plan = solve(graph, mode="stable-people")
    assert [(row.person, row.post) for row in plan.assignments] == [("li", "v"), ("wang", "w")]

    held, dearer = prices(graph, plan, "v")
    told = explain(graph, plan, "wang", "v", names={"li": "李甲"}, book=StableBook(graph, plan))

    assert (held.person, held.held, dearer.person) == ("li", True, "wang")
    assert dearer.to_json() == {
        "person": "wang",
        "post": "v",
        "fit": 700,
        "held": False,
        "regret": {"class-1": 0, "blocking_pairs": 1, "score": -300},
        "chain": [
            {"person": "wang", "from": "w", "to": "v"},
            {"person": "li", "from": "v", "to": "w"},
        ],
        "blocking": [["li", "v"]],
    }
    assert (
        "若坚持派wang到v：不稳定互选增加 1 对，全县匹配度增加 300 分。"
        "这 1 对更愿意选对方，却不能如愿：李甲与v。连带调动：wang：w → v；李甲：v → w。"
    ) in told.text_zh
    assert told.regret == dearer.regret
    assert told.chain == dearer.chain
    assert blocking_text((), {}) == ""


@pytest.mark.parametrize("mode", MODES_B)
def test_who_leaves_costs_what_the_plan_without_the_person_lacks(mode: str) -> None:
    graph = two_villages()
    plan = solve(graph, mode=mode)

    told = explain(graph, plan, "li", "v", names={"li": "李甲"}, book=StableBook(graph, plan))

    assert told.loss_if_withdrawn is not None
    assert told.loss_if_withdrawn.to_json() == {"class-1": 1, "blocking_pairs": 0, "score": 500}
    assert f"若李甲退出：{told.loss_if_withdrawn.text()}。" in told.text_zh
    assert explain(graph, plan, "li", "v").loss_if_withdrawn is None
    book = StableBook(graph, plan)
    assert explain(graph, plan, "wang", "v", book=book).loss_if_withdrawn is None


def test_without_a_book_an_explanation_does_not_make_the_plan_again() -> None:
    graph = two_villages()

    told = explain(graph, solve(graph, mode="stable-people"), "wang", "v")

    assert told.regret is None
    assert "若坚持" not in told.text_zh


def test_a_pair_of_the_plan_costs_nothing_and_an_unknown_post_is_named() -> None:
    graph = two_villages()
    plan = solve(graph, mode="stable-people")
    assert not StableBook(graph, plan).asks_solver

    told = explain(graph, plan, "li", "v", book=StableBook(graph, plan))

    held = StableBook(graph, plan).price("li", "v")
    assert (held.score, held.held) == (900, True)
    assert told.regret is not None
    assert told.regret.is_nothing
    assert "若坚持" not in told.text_zh
    with pytest.raises(KeyError, match="no post 'nowhere'"):
        prices(graph, plan, "nowhere")


def test_whether_there_is_only_one_stable_plan_is_known_for_every_plan() -> None:
    answers = set()
    for seed in range(80):
        graph = build(random_problem(seed, strict=seed % 2 == 0, marks=True))
        plans = {mode: solve(graph, mode=mode) for mode in (*MODES_B, "total")}
        ends = [plans[mode].assignments for mode in MODES_B]
        alone = ends[0] == ends[1]
        answers.add(alone)
        assert {only_stable(graph, plan) for plan in plans.values()} == {alone}
        assert all(verify(graph.problem, plans[mode]).ok for mode in MODES_B)
    assert answers == {True}
    crossed = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0, 1),
        edge_post=(0, 0, 1, 1),
        edge_score=(0, 0, 0, 0),
        edge_person_rank=(1, 2, 2, 1),
        edge_post_rank=(2, 1, 1, 2),
    )
    graph = build(crossed)
    assert not any(only_stable(graph, solve(graph, mode=mode)) for mode in (*MODES_B, "total"))
    pinned = solve(graph, pins=[("a", "v")])
    assert only_stable(graph, pinned)
