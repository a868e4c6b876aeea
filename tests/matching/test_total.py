"""Is the plan of mode total the best one, goal by goal, down to the lot?"""

from __future__ import annotations

import random
from array import array
from collections import Counter
from itertools import product

import networkx
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from lingyan_matching import (
    BadInstance,
    Person,
    Post,
    Problem,
    Unit,
    build,
    kernel,
    plan_from_json,
    plan_to_json,
    solve,
    verify,
)
from tests.matching.every_plan import best_plan, random_problem, shuffled


def rows_of(plan):
    return sorted((row.person, row.post) for row in plan.assignments)


def goals_of(plan):
    return {goal.name: goal.value for goal in plan.goals}


@pytest.mark.parametrize(
    ("people", "posts"), [(i, p) for i in range(4) for p in range(4) if i * p <= 6]
)
def test_every_small_graph_gets_its_best_plan(people, posts):
    for cells in product((None, 0, 1), repeat=people * posts):
        assert_best(small_problem(people, posts, cells, upper=1 + (posts == 2)))


def test_every_graph_of_three_by_three_gets_its_best_plan():
    for number, cells in enumerate(product((None, 1), repeat=9)):
        scored = [
            None if cell is None else (number * 7 + 3 * n) % 4 for n, cell in enumerate(cells)
        ]
        assert_best(small_problem(3, 3, scored))


def test_every_graph_of_three_by_three_with_a_unit_limit_gets_its_best_plan():
    for number, cells in enumerate(product((None, 1), repeat=9)):
        scored = [
            None if cell is None else (number * 5 + 2 * n) % 3 for n, cell in enumerate(cells)
        ]
        assert_best(small_problem(3, 3, scored, limit=1))


def small_problem(people, posts, cells, *, upper=1, limit=None):
    edges = [(n // posts, n % posts, score) for n, score in enumerate(cells) if score is not None]
    units = (Unit("u", limit),) if limit is not None else ()
    return Problem(
        tuple(Person(f"p{n}", "u" if units and n < 2 else None) for n in range(people)),
        tuple(Post(f"g{n}", 0, upper, 1 + n % 2) for n in range(posts)),
        units,
        *([edge[place] for edge in edges] for place in range(3)),
    )


def assert_best(problem):
    plan = solve(build(problem))
    assert rows_of(plan) == best_plan(problem), problem
    level = plan.certificate["levels"][0]
    assert level["primal"] == level["dual"], problem


def test_two_thousand_random_problems_get_their_best_plan_and_are_proved():
    rng = random.Random(20260123)
    for number in range(2000):
        problem = random_problem(rng, size=6 if number % 10 == 0 else 5)
        plan = solve(build(problem), seed=number)
        assert rows_of(plan) == best_plan(problem, seed=number), problem
        verdict = verify(problem, plan)
        assert verdict.ok, (verdict, problem)


def test_fewest_changes_count_where_they_stand_in_the_order_of_goals():
    rng = random.Random(7)
    for number in range(200):
        problem = random_problem(rng, size=4)
        graph = build(problem)
        base = solve(graph, seed=number + 1)
        for goals in (("seats", "changes", "score", "lot"), ("seats", "score", "changes", "lot")):
            plan = solve(graph, base_plan=base, goals=goals, seed=number)
            expected = best_plan(problem, goals=goals, base=frozenset(rows_of(base)), seed=number)
            assert rows_of(plan) == expected
            assert verify(problem, plan).ok


def test_a_repair_keeps_whom_it_can():
    graph = build(line_of(5))
    base = solve(graph)

    plan = solve(graph, bans=[rows_of(base)[0]], base_plan=base)

    assert plan.settings.goals == ("seats", "changes", "score", "lot")
    assert goals_of(plan)["changes"] == len(set(rows_of(plan)) - set(rows_of(base)))
    assert verify(line_of(5), plan).ok


def line_of(count):
    """Person n can go to posts n and n + 1."""
    edges = [(n, p) for n in range(count) for p in (n, n + 1) if p < count]
    return Problem(
        tuple(Person(f"p{n}") for n in range(count)),
        tuple(Post(f"g{n}") for n in range(count)),
        (),
        [edge[0] for edge in edges],
        [edge[1] for edge in edges],
        [10 * (edge[0] == edge[1]) for edge in edges],
    )


@pytest.mark.parametrize("shape", [(40, 60), (60, 40), (50, 50)])
def test_dense_problems_agree_with_scipy(shape):
    generator = numpy.random.default_rng(sum(shape))
    scores = generator.integers(0, 1001, size=shape)
    problem = Problem(
        tuple(Person(f"p{n:03d}") for n in range(shape[0])),
        tuple(Post(f"g{n:03d}") for n in range(shape[1])),
        (),
        [n // shape[1] for n in range(scores.size)],
        [n % shape[1] for n in range(scores.size)],
        [int(score) for score in scores.ravel()],
    )

    plan = solve(build(problem))

    rows, columns = linear_sum_assignment(scores, maximize=True)
    assert goals_of(plan)["score"] == scores[rows, columns].sum()
    assert verify(problem, plan).ok


@pytest.mark.parametrize(("hopeless", "best"), [(0, 1000), (2, 1000), (0, 1 << 38)])
@pytest.mark.parametrize("carrier", ["plain", "compiled"])
def test_large_squares_are_settled_from_an_auction_and_from_scratch_if_it_misleads(
    hopeless, best, carrier
):
    size, rng = 520, random.Random(hopeless)
    pairs = {(n, (n + step) % size) for n in range(size) for step in rng.sample(range(size), 6)}
    pairs |= {(n, n) for n in range(size)}
    if hopeless:
        pairs = {(i, p) for i, p in pairs if i >= hopeless or p == 7}
    person, post = zip(*sorted(pairs), strict=True)
    score = [rng.randint(0, best) for _ in person]
    problem = Problem(
        tuple(Person(f"p{n:03d}") for n in range(size)),
        tuple(Post(f"g{n:03d}") for n in range(size)),
        (),
        person,
        post,
        score,
    )

    plan = solve(build(problem), carrier=carrier)

    matrix = numpy.full((size, size), -(best * 1000))
    matrix[person, post] = score
    found = matrix[linear_sum_assignment(matrix, maximize=True)]
    assert goals_of(plan) == {
        "class-1": (found >= 0).sum(),
        "score": found[found >= 0].sum(),
    }
    assert verify(problem, plan).ok


@pytest.mark.parametrize(("seats", "most"), [(1, 26), (10, 260)])
def test_the_seats_of_an_auction_are_kept_so_that_few_wait(seats, most, monkeypatch):
    size, dice = 520, random.Random(seats)
    posts, waited = size // seats, []
    pairs = {(n, dice.randrange(posts)) for n in range(size) for _ in range(12)}
    person, post = zip(*sorted(pairs | {(n, n % posts) for n in range(size)}), strict=True)
    quality = [dice.randrange(950) for _ in range(size)]
    problem = Problem(
        tuple(Person(f"p{n:03d}") for n in range(size)),
        tuple(Post(f"g{n:03d}", upper=seats) for n in range(posts)),
        (),
        person,
        post,
        [quality[i] + dice.randrange(50) for i in person],
    )
    seat_row = kernel.seat_row
    monkeypatch.setattr(kernel, "seat_row", lambda *given: waited.append(1) or seat_row(*given))

    plan = solve(build(problem), carrier="plain", goals=("seats", "score"))

    assert len(waited) < most
    assert verify(problem, plan).ok
    compiled = solve(build(problem), carrier="compiled", goals=("seats", "score"))
    assert plan.assignments == compiled.assignments
    assert plan.certificate == compiled.certificate


@pytest.mark.parametrize("noise", [1000, 30])
def test_a_large_dense_square_is_settled_on_a_table_alike_on_both_carriers(noise):
    size, dice = 510, numpy.random.default_rng(noise)
    quality = dice.integers(0, 1001 - noise, size)
    scores = quality[:, None] + dice.integers(0, noise + 1, (size, size))
    scores[dice.random((size, size)) < 0.4] = -1
    scores[range(size), range(size)] = 0
    person, post = (scores >= 0).nonzero()
    columns = (c.tolist() for c in (person, post, scores[person, post]))
    problem = Problem(
        tuple(Person(f"p{n:03d}") for n in range(size)),
        tuple(Post(f"g{n:03d}") for n in range(size)),
        (),
        *columns,
    )

    plans = [solve(build(problem), carrier=name) for name in ("plain", "compiled")]

    scores[scores < 0] = -(10**6)
    assert goals_of(plans[0])["score"] == scores[linear_sum_assignment(-scores)].sum()
    assert plans[0].assignments == plans[1].assignments
    assert plans[0].certificate == plans[1].certificate
    assert verify(problem, plans[0]).ok


@pytest.mark.parametrize("seed", range(4))
def test_units_quotas_and_lower_bounds_agree_with_a_general_flow(seed):
    problem = county(random.Random(seed), people=45, posts=25 if seed % 2 else 15, units=12)

    plan = solve(build(problem))

    assert goals_of(plan)["score"] - flow_bonus(problem, plan) == -flow_cost(problem)
    assert verify(problem, plan).ok


def county(rng, *, people, posts, units):
    edges = [(i, p) for i in range(people) for p in range(posts) if rng.random() < 0.25]
    return Problem(
        tuple(Person(f"p{n:03d}", f"u{rng.randrange(units):02d}") for n in range(people)),
        tuple(Post(f"g{n:03d}", rng.randint(0, 1), 2, 1 + n % 3) for n in range(posts)),
        tuple(Unit(f"u{n:02d}", rng.randint(1, 3)) for n in range(units)),
        array("q", [edge[0] for edge in edges]),
        array("q", [edge[1] for edge in edges]),
        array("q", [rng.randint(0, 40) for _ in edges]),
    )


WEIGHT = 100_000


def bonus_of(post, tier):
    """What a seat is worth to the referee: below the lower bound first, then by class."""
    return WEIGHT * ((9 if tier == "lower" else 4) - post.klass)


def flow_bonus(problem, plan):
    """The worth of the filled seats, negative as in the cost of the flow."""
    filled = Counter(row.post for row in plan.assignments)
    total = 0
    for post in problem.posts:
        low = min(filled[post.id], post.lower)
        total += low * bonus_of(post, "lower") + (filled[post.id] - low) * bonus_of(post, "seat")
    return -total


def flow_cost(problem):
    """The least cost of a flow from the units to the seats, by networkx."""
    flow = networkx.DiGraph()
    for unit in problem.units:
        flow.add_edge("start", ("unit", unit.id), capacity=unit.limit, weight=0)
    for person in problem.people:
        flow.add_edge(("unit", person.unit), person.id, capacity=1, weight=0)
    for i, p, score in zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True):
        flow.add_edge(problem.people[i].id, problem.posts[p].id, capacity=1, weight=-score)
    for post in problem.posts:
        for tier, seats in (("lower", post.lower), ("seat", post.upper - post.lower)):
            flow.add_edge(post.id, (post.id, tier), capacity=seats, weight=-bonus_of(post, tier))
            flow.add_edge((post.id, tier), "end", capacity=seats, weight=0)
    flow.add_edge("start", "end", capacity=10**6, weight=0)
    flow.nodes["start"]["demand"], flow.nodes["end"]["demand"] = -1000, 1000
    return networkx.min_cost_flow_cost(flow)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_the_input(rng):
    problem = random_problem(rng, size=5)
    plan, other = solve(build(problem)), solve(build(shuffled(rng, problem)))

    for field in ("assignments", "goals", "certificate", "snapshot_sha256"):
        assert getattr(plan, field) == getattr(other, field)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 10**6))
def test_a_plan_survives_json_and_keeps_every_bound(rng, seed):
    problem = random_problem(rng, size=5)
    plan = plan_from_json(plan_to_json(solve(build(problem), seed=seed), problem))

    assert verify(problem, plan).ok
    assert max(Counter(row.person for row in plan.assignments).values(), default=1) == 1
    assert set(problem.pins) <= set(rows_of(plan))
    assert not set(problem.bans) & set(rows_of(plan))


def test_scores_of_any_size_never_outbid_a_seat_or_an_earlier_class():
    problem = Problem(
        (Person("p0"),),
        (Post("g0", klass=2), Post("g1", klass=1)),
        (),
        [0, 0],
        [0, 1],
        [10**9, -(10**9)],
    )

    assert rows_of(solve(build(problem))) == [("p0", "g1")]


def test_a_lower_bound_comes_before_a_class():
    problem = Problem(
        (Person("p0"),), (Post("g0", klass=1), Post("g1", 1, 1, 3)), (), [0, 0], [0, 1], [9, 0]
    )
    plan = solve(build(problem))

    assert rows_of(plan) == [("p0", "g1")]
    assert [(goal.name, goal.value, goal.bound) for goal in plan.goals][:2] == [
        ("lower", 1, 1),
        ("class-1", 0, 1),
    ]


def test_a_lower_bound_that_nobody_can_meet_is_stated_and_the_plan_comes_back():
    problem = Problem((Person("p0"),), (Post("g0", 2, 3),), (), [0], [0], [5])
    plan = solve(build(problem))

    assert goals_of(plan) == {"lower": 1, "class-1": 1, "score": 5}
    assert plan.goal("lower").bound == 2
    assert verify(problem, plan).ok


def test_the_seed_decides_only_between_equally_good_plans():
    problem = small_problem(3, 3, [1] * 9)
    plans = {tuple(rows_of(solve(build(problem), seed=seed))) for seed in range(60)}

    assert len(plans) == 6


def test_without_the_lot_ties_are_said_to_be_left():
    plan = solve(build(small_problem(2, 2, [1] * 4)), goals=("seats", "score"))

    assert plan.ties_left
    assert plan.certificate["covers"] == ["seats", "score"]
    assert verify(small_problem(2, 2, [1] * 4), plan).ok


@pytest.mark.parametrize(
    ("goals", "what"),
    [
        (("lot",), "没有写目标"),
        (("seats", "class-1", "score"), "写了两次"),
        (("seats", "lot", "score"), "“lot”不认识"),
        (("seats", "score", "x"), "“x”不认识"),
        (("class-2", "score"), "“class-2”不认识"),
        (("score~1%%", "lot"), "不认识"),
        (("seats~1", "score"), "不能放宽"),
    ],
)
def test_an_order_of_goals_that_makes_no_sense_is_refused(goals, what):
    with pytest.raises(BadInstance, match=what):
        solve(build(small_problem(1, 1, [1])), goals=goals)


def test_people_with_bounds_of_their_own_are_sent_to_pairing():
    problem = Problem((Person("p0", upper=2),), (Post("g0"),), (), [0], [0], [1])

    with pytest.raises(BadInstance, match="pairing"):
        solve(build(problem))


def test_a_mode_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="cover"):
        solve(build(small_problem(1, 1, [1])), mode="cover")


def test_pins_bans_and_limits_of_a_run_are_kept_in_its_settings():
    problem = county(random.Random(5), people=20, posts=10, units=3)
    plan = solve(build(problem))
    pin, ban = rows_of(plan)[0], rows_of(plan)[1]

    other = solve(build(problem), pins=[pin], bans=[ban], limits={"u01": 0})

    assert pin in rows_of(other)
    assert ban not in rows_of(other)
    assert other.settings.limits == (("u01", 0),)
    assert verify(problem, other).ok


def test_limits_of_unknown_units_are_refused():
    with pytest.raises(BadInstance, match="没有名为“x”的单位"):
        solve(build(small_problem(1, 1, [1])), limits={"x": 1})


def test_a_person_without_room_is_left_out():
    problem = Problem(
        (Person("p0", upper=0), Person("p1")), (Post("g0"),), (), [0, 1], [0, 0], [9, 1]
    )
    plan = solve(build(problem))

    assert rows_of(plan) == [("p1", "g0")]
    assert verify(problem, plan).ok


def test_limits_below_the_pins_are_refused():
    with pytest.raises(BadInstance, match="单位“u”只能有 0 项"):
        solve(build(small_problem(1, 1, [1], limit=1)), pins=[("p0", "g0")], limits={"u": 0})
