"""Pairing: many units and many villages under quotas, with a bound that proves the plan."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingyan_matching import (
    BadInstance,
    Person,
    Plan,
    Post,
    Problem,
    Unit,
    build,
    solve,
    ticket,
    verify,
)
from lingyan_matching.pairing_goals import BITS_MAX, Task, task_of
from lingyan_matching.said import english_of
from lingyan_matching.verify_flow import check_pairing, plan_worth

Pairs = frozenset[tuple[str, str]]


def random_pairing(seed: int, size: int = 3, *, marks: bool = False) -> Problem:
    """Units and villages with bounds that often contradict each other."""
    rng = random.Random(seed)

    def bounds() -> tuple[int, int]:
        upper = rng.randint(0, 3)
        return rng.randint(0, upper), upper

    units, villages = rng.randint(1, size), rng.randint(1, size)
    edges = [(i, g) for g in range(villages) for i in range(units) if rng.random() < 0.8]
    high = rng.choice([1, 3, 50, 10**9])
    people = tuple(Person(f"u{i}", None, *bounds()) for i in range(units))
    posts = tuple(Post(f"v{g}", *bounds(), klass=rng.randint(1, 3)) for g in range(villages))
    scores = [rng.randint(-high if seed % 3 == 0 else 0, high) for _ in edges]
    problem = Problem(
        people,
        posts,
        (),
        [i for i, _ in edges],
        [g for _, g in edges],
        scores,
        sense=rng.choice(["max", "min"]),
    )
    if not marks or not edges:
        return problem
    pin, ban = rng.choice(edges), rng.choice(edges)
    named = [(f"u{i}", f"v{g}") for i, g in (pin, ban)]
    if people[pin[0]].upper and posts[pin[1]].upper:
        problem = replace(problem, pins=(named[0],))
    return replace(problem, bans=(named[1],)) if named[1] not in problem.pins else problem


def goals_of(problem: Problem, pairs: Iterable[tuple[str, str]]) -> tuple[int, ...] | None:
    """The goals of a choice of pairs, more is better; None if it is not allowed."""
    pairs = set(pairs)
    units, villages = Counter(i for i, _ in pairs), Counter(g for _, g in pairs)
    nodes = [(units[i.id], i) for i in problem.people] + [
        (villages[g.id], g) for g in problem.posts
    ]
    if any(load > node.upper for load, node in nodes):
        return None
    if not set(problem.pins) <= pairs or set(problem.bans) & pairs:
        return None
    sign = -1 if problem.sense == "min" else 1
    score = sum(
        points
        for i, g, points in zip(
            problem.edge_person, problem.edge_post, problem.edge_score, strict=True
        )
        if (problem.people[i].id, problem.posts[g].id) in pairs
    )
    covered = [
        sum(villages[g.id] > 0 for g in problem.posts if g.klass == klass) for klass in (1, 2, 3)
    ]
    kept = sum(min(load, node.lower) for load, node in nodes)
    return kept, *covered, sign * score


def lots_of(problem: Problem, pairs: Iterable[tuple[str, str]]) -> int:
    bits = task_of(build(problem), lot=True).worth.bits
    return sum(ticket(1, *pair, bits) for pair in set(pairs) - set(problem.pins))


def pairs_of(plan: Plan) -> Pairs:
    return frozenset((row.person, row.post) for row in plan.assignments)


def all_choices(problem: Problem) -> Iterable[tuple[tuple[str, str], ...]]:
    names = [
        (problem.people[i].id, problem.posts[g].id)
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
    ]
    return (choice for n in range(len(names) + 1) for choice in combinations(names, n))


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_small_cases_against_every_choice_of_pairs(first: int) -> None:
    for number in range(first, first + 100):
        problem = random_pairing(number, marks=number % 4 == 0)
        plan = solve(build(problem), mode="pairing")

        best = max(
            (goals, -lots_of(problem, choice))
            for choice in all_choices(problem)
            if (goals := goals_of(problem, choice)) is not None
        )
        found = goals_of(problem, pairs_of(plan))
        assert (found, -lots_of(problem, pairs_of(plan))) == best
        assert verify(problem, plan).ok, verify(problem, plan)
        short = plan.goal("bounds")
        assert bool(plan.notes) == (short is not None and short.value < short.bound)


def referee_worth(task: Task) -> int:
    """The greatest worth without the lot, by a general network simplex (networkx)."""
    flow: Any = networkx.DiGraph()
    graph = task.graph
    for side, count, gains in (
        ("u", len(graph.room), task.person_gains),
        ("v", len(graph.seats), task.post_gains),
    ):
        for node in range(count):
            for place, gain in enumerate(gains(node)):
                way = [("hub",), (side, node, place), (side, node)]
                if side == "v":
                    way.reverse()
                flow.add_edge(way[0], way[1], capacity=1, weight=-gain)
                flow.add_edge(way[1], way[2], capacity=1, weight=0)
    for edge, (i, g) in enumerate(zip(graph.edge_person, graph.edge_post, strict=True)):
        flow.add_edge(("u", i), ("v", g), capacity=1, weight=-task.profit(edge))
    if not flow:
        return 0
    cost, _ = networkx.network_simplex(flow)
    return -int(cost)


def test_every_graph_up_to_three_by_three_against_a_general_flow_solver() -> None:
    goals = ("bounds", "villages", "score")
    for units, villages in product(range(1, 4), repeat=2):
        cells = [(i, g) for g in range(villages) for i in range(units)]
        for mask in range(1 << len(cells)):
            rng = random.Random(mask)
            edges = [cell for bit, cell in enumerate(cells) if mask >> bit & 1]
            bounds = [(rng.randint(0, 1), rng.randint(1, 2)) for _ in range(units + villages)]
            problem = Problem(
                tuple(Person(f"u{i}", None, *bounds[i]) for i in range(units)),
                tuple(
                    Post(f"v{g}", *bounds[units + g], klass=rng.randint(1, 2))
                    for g in range(villages)
                ),
                (),
                [i for i, _ in edges],
                [g for _, g in edges],
                [rng.randint(0, 3) for _ in edges],
            )
            plan = solve(build(problem), mode="pairing", goals=goals)
            task = task_of(build(problem), lot=False)
            assert plan_worth(task, plan) == referee_worth(task), problem
            assert verify(problem, plan).ok, problem


def test_larger_cases_against_a_general_flow_solver() -> None:
    for number in range(12):
        problem = random_pairing(number, 14, marks=number % 2 == 0)
        plan = solve(build(problem), mode="pairing", goals=("bounds", "villages", "score"))
        task = task_of(build(problem), lot=False)

        assert plan_worth(task, plan) == referee_worth(task)
        assert verify(problem, plan).ok


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(seed: int, rng: random.Random) -> None:
    problem = random_pairing(seed, 5, marks=True)
    people, posts = list(problem.people), list(problem.posts)
    order = list(range(len(problem.edge_post)))
    for rows in (people, posts, order):
        rng.shuffle(rows)
    other = replace(
        problem,
        people=tuple(people),
        posts=tuple(posts),
        edge_person=[people.index(problem.people[problem.edge_person[edge]]) for edge in order],
        edge_post=[posts.index(problem.posts[problem.edge_post[edge]]) for edge in order],
        edge_score=[problem.edge_score[edge] for edge in order],
    )

    first, second = (solve(build(case), mode="pairing") for case in (problem, other))

    assert first.assignments == second.assignments
    assert first.certificate == second.certificate
    assert verify(other, first).ok


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_any_other_choice_of_pairs_is_refuted(seed: int) -> None:
    problem = random_pairing(seed, 2)
    plan = solve(build(problem), mode="pairing")
    rows = {
        (row.person, row.post): row
        for pairs in all_choices(problem)
        if goals_of(problem, pairs) is not None
        for row in solve(build(problem), mode="pairing", pins=pairs).assignments
    }

    for pairs in all_choices(problem):
        forged = replace(
            plan,
            assignments=tuple(
                sorted(
                    (replace(rows[pair], pinned=False) for pair in pairs if pair in rows),
                    key=lambda row: (row.post, row.person),
                )
            ),
        )
        if set(pairs) != pairs_of(plan) and len(forged.assignments) == len(pairs):
            assert not verify(problem, forged).ok
            assert check_pairing(problem, forged)[0] is not None


def test_both_carriers_give_the_same_pairing() -> None:
    for number in range(30):
        graph = build(random_pairing(number, 8, marks=number % 2 == 0))
        lists, arrays = (solve(graph, mode="pairing", carrier=c) for c in ("plain", "compiled"))
        assert lists.assignments == arrays.assignments
        assert lists.certificate == arrays.certificate


# --- what is said, and what is refused -----------------------------------------------------------


def three_villages_one_unit() -> Problem:
    """Three villages want a unit each; two of them can have only unit a, which takes one."""
    return Problem(
        (Person("a", upper=1), Person("b", upper=2)),
        (Post("x", 1), Post("y", 1), Post("z", 1)),
        (),
        [0, 0, 1],
        [0, 1, 2],
        [10, 20, 30],
    )


def test_villages_that_compete_for_too_few_units_are_named() -> None:
    plan = solve(build(three_villages_one_unit()), mode="pairing")

    assert pairs_of(plan) == {("a", "y"), ("b", "z")}
    assert plan.notes == (
        (
            "下列 2 个村还至少要结对 2 次，符合条件的 1 个单位合计最多承担 1 次："
            "村（x、y）；单位（a）。"
        ),
    )
    assert english_of(plan.notes[0]) == (
        "2 villages want at least 2 more pairs, the 1 that may be paired with them can take 1: "
        "x, y; a."
    )
    assert plan.certificate["hall"] == [
        {
            "side": "posts",
            "members": ["x", "y"],
            "partners": ["a"],
            "wanted": 2,
            "can_take": 1,
            "deficit": 1,
        }
    ]


def test_a_village_that_no_unit_may_take_and_the_pins_in_the_way_are_named() -> None:
    problem = replace(three_villages_one_unit(), pins=(("a", "x"),))
    alone = Problem((Person("a"),), (Post("x", 1), Post("y")), (), [0], [1], [5])

    pinned = solve(build(problem), mode="pairing").notes
    nobody = solve(build(alone), mode="pairing").notes

    assert pinned[0].startswith("人工指定 “a”—“x” 已占用名额。")
    assert nobody == ("x 还至少要结对 1 次，但没有一个单位符合条件。",)


def test_a_unit_that_finds_too_few_villages_is_named() -> None:
    problem = Problem((Person("a", None, 2, 2),), (Post("x"),), (), [0], [0], [5])

    assert solve(build(problem), mode="pairing").notes == (
        "下列 1 个单位还至少要结对 2 次，符合条件的 1 个村合计最多承担 1 次：单位（a）；村（x）。",
    )


def test_a_village_of_an_earlier_class_comes_first_whatever_the_points() -> None:
    problem = Problem(
        (Person("a"),),
        (Post("weak", klass=1), Post("strong", klass=3)),
        (),
        [0, 0],
        [0, 1],
        [1, 1000],
    )

    plan = solve(build(problem), mode="pairing")

    assert pairs_of(plan) == {("a", "weak")}
    assert [(goal.name, goal.value, goal.bound) for goal in plan.goals] == [
        ("villages-1", 1, 1),
        ("villages-3", 0, 1),
        ("score", 1, 1),
    ]


@pytest.mark.parametrize(
    "certificate",
    [
        {},
        {"levels": []},
        {"levels": [3]},
        {"levels": [{"u": [1], "v": [1, 2]}]},
        {"levels": [{"u": ["1", "2", "3"], "v": [1, 2]}]},
    ],
)
def test_a_certificate_without_prices_proves_nothing(certificate: dict[str, Any]) -> None:
    problem = three_villages_one_unit()
    plan = solve(build(problem), mode="pairing")
    whole = {**plan.certificate, "levels": None, **certificate}

    assert "价格缺失" in str(verify(problem, plan, whole).violation)


def test_other_prices_prove_nothing() -> None:
    problem = three_villages_one_unit()
    plan = solve(build(problem), mode="pairing")
    level = plan.certificate["levels"][0]
    prices = [price + 1 for price in level["u"]]

    verdict = verify(problem, plan, {**plan.certificate, "levels": [{**level, "u": prices}]})

    assert "未证明最优" in str(verdict.violation)


@pytest.mark.parametrize(
    "change",
    [{"primal": 1}, {"dual": 1}, {"scale": 1}, {"bits": 1}, {"pi": [0]}],
)
def test_whatever_a_certificate_states_of_itself_is_computed_again(change: dict[str, Any]) -> None:
    problem = three_villages_one_unit()
    plan = solve(build(problem), mode="pairing")
    assert check_pairing(problem, plan)[0] is None
    level = {**plan.certificate["levels"][0], **change}
    other_levels = [[level], [*plan.certificate["levels"], level]]

    for levels in other_levels:
        forged = {**plan.certificate, "levels": levels}
        assert "凭证写的" in str(check_pairing(problem, plan, forged)[0])
    for part in ({"kind": "hall"}, {"covers": ["bounds"]}):
        assert check_pairing(problem, plan, {**plan.certificate, **part})[0] is not None


def test_a_crowd_that_does_not_count_up_is_refuted() -> None:
    problem = three_villages_one_unit()
    plan = solve(build(problem), mode="pairing")
    crowd = plan.certificate["hall"][0]

    for change in ({"wanted": 3}, {"members": ["x", "z"]}):
        hall = [{**crowd, **change}]
        assert not verify(problem, plan, {**plan.certificate, "hall": hall}).ok


def test_wrong_rows_and_goals_are_refuted() -> None:
    problem = three_villages_one_unit()
    plan = solve(build(problem), mode="pairing")
    first, *others = plan.assignments
    pinned = replace(problem, pins=(("a", "x"),))

    assert check_pairing(problem, replace(plan, goals=plan.goals[1:]))[0] is not None
    assert check_pairing(problem, replace(plan, assignments=(first, first)))[0] is not None
    assert check_pairing(pinned, plan)[0] is not None
    stranger = replace(first, person="b")
    assert check_pairing(problem, replace(plan, assignments=(stranger, *others)))[0] is not None
    both = (replace(first, post="x"), *plan.assignments)
    assert "上限" in str(check_pairing(problem, replace(plan, assignments=both))[0])


def test_a_limit_over_several_units_is_refused() -> None:
    problem = Problem((Person("a", "bureau"),), (Post("x"),), (Unit("bureau", 1),), [0], [0], [5])

    with pytest.raises(BadInstance, match="结对方式不支持"):
        solve(build(problem), mode="pairing")


def test_another_order_of_goals_is_refused() -> None:
    with pytest.raises(BadInstance, match="不能用于结对"):
        solve(build(three_villages_one_unit()), mode="pairing", goals=("score", "bounds"))


def test_numbers_beyond_64_bits_run_plain_and_keep_the_lot() -> None:
    problem = random_pairing(5, 3)
    huge = replace(problem, edge_score=[10**9 - edge for edge in range(len(problem.edge_post))])
    wide = replace(
        huge, posts=tuple(Post(f"v{n}", 0, 3, klass=1 + n % 9) for n in range(len(huge.posts)))
    )

    task = task_of(build(wide), lot=True)

    assert 0 < task.worth.bits <= BITS_MAX
    assert verify(wide, solve(build(wide), mode="pairing", carrier="compiled")).ok
