"""Mode C: the largest stable plan among ties, then the best total, then the lot."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from lingyan_matching import (
    BadInstance,
    Person,
    Plan,
    Post,
    Problem,
    Settings,
    best,
    build,
    solve,
    solver,
    verify,
)
from lingyan_matching.lot import ticket
from lingyan_matching.verify_stable import check_stable_best
from tests.matching.stable_cases import Pairs, Referee, every_graph, random_problem


def pairs_of(plan: Plan) -> Pairs:
    return frozenset((row.person, row.post) for row in plan.assignments)


def worth(problem: Problem, pairs: Pairs) -> tuple[int, int, int, int]:
    """Seats below lower bounds, size, score, lot: more is better."""
    sign = -1 if problem.sense == "min" else 1
    score = {
        (problem.people[i].id, problem.posts[g].id): sign * points
        for i, g, points in zip(
            problem.edge_person, problem.edge_post, problem.edge_score, strict=True
        )
    }
    kept = sum(min(post.lower, sum(g == post.id for _, g in pairs)) for post in problem.posts)
    lots = sum(ticket(1, *pair, 16) for pair in pairs if pair not in problem.pins)
    return kept, len(pairs), sum(score[pair] for pair in pairs), -lots


def check_best(problem: Problem) -> int:
    """The plan is the best of all weakly stable ones; return how many sizes there are."""
    plans = Referee(problem, None).stable()
    plan = solve(build(problem), mode="stable-best")
    verdict = verify(problem, plan)

    assert verdict.ok, verdict
    assert pairs_of(plan) in plans
    assert worth(problem, pairs_of(plan)) == max(worth(problem, other) for other in plans)
    return len({len(other) for other in plans})


def manlove() -> Problem:
    """Manlove, Irving, Iwama, Miyazaki, Morita 2002, the smallest case: m1 has two women, w1 a tie.

    {(m1, w1)} is stable, and so is {(m1, w2), (m2, w1)}: with ties the sizes differ.
    """
    return Problem(
        (Person("m1"), Person("m2")),
        (Post("w1"), Post("w2")),
        (),
        [0, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
        [1, 1, 1],
        [1, 1, 1],
    )


def test_manlove_2002_the_larger_of_two_stable_sizes_is_found() -> None:
    sizes = {len(plan) for plan in Referee(manlove(), None).stable()}

    plan = solve(build(manlove()), mode="stable-best")

    assert sizes == {1, 2}
    assert pairs_of(plan) == {("m1", "w2"), ("m2", "w1")}


def test_a_strict_list_beside_a_tie_still_allows_the_larger_plan() -> None:
    """The same with m1 strictly for w1: w1 is indifferent, so m2 may have her."""
    problem = replace(manlove(), edge_person_rank=[1, 2, 1])

    assert {len(plan) for plan in Referee(problem, None).stable()} == {1, 2}
    assert check_best(problem) == 2
    assert pairs_of(solve(build(problem), mode="stable-best")) == {("m1", "w2"), ("m2", "w1")}


def test_every_graph_up_to_three_by_three() -> None:
    for problem in every_graph(last_rank=2):
        check_best(problem)


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_random_cases_with_ties_seats_units_pins_and_bans(first: int) -> None:
    for number in range(first, first + 40):
        check_best(
            random_problem(
                number, 5 if number % 3 else 4, units=number % 2 == 0, marks=number % 5 == 0
            )
        )


def test_the_way_of_large_problems_leads_to_the_same_plans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Large models are relaxed first, and edges that cost too much are closed."""
    monkeypatch.setattr(solver, "RELAX_FROM_EDGES", 0)

    for number in range(120):
        check_best(random_problem(number, 5, units=number % 2 == 0, marks=number % 5 == 0))


def test_short_lists_with_many_ties_have_stable_plans_of_several_sizes() -> None:
    several = 0
    for number in range(40):
        rng = random.Random(number)
        edges = [(i, g) for g in range(5) for i in range(5) if rng.random() < 0.45]
        problem = Problem(
            tuple(Person(f"p{i}") for i in range(5)),
            tuple(Post(f"g{g}", rng.randint(0, 1)) for g in range(5)),
            (),
            [i for i, _ in edges],
            [g for _, g in edges],
            [rng.randint(0, 9) for _ in edges],
            [rng.randint(1, 3) for _ in edges],
            [rng.randint(1, 2) for _ in edges],
        )
        several += check_best(problem) > 1
    assert several > 5


def test_presolve_does_not_lose_the_best_plan() -> None:
    """With continuous columns in the model, HiGHS 1.15 called a worse lot optimal here."""
    check_best(random_problem(9, 5))


def test_a_plan_with_a_pair_that_blocks_is_refuted() -> None:
    problem = random_problem(3, 5)
    plan = solve(build(problem), mode="stable-best")
    fewer = replace(
        plan,
        assignments=plan.assignments[1:],
        goals=tuple(goal for goal in plan.goals if goal.name == "blocking_pairs"),
    )

    assert "不稳定" in str(check_stable_best(problem, fewer)[0])


def test_wrong_numbers_are_refuted() -> None:
    problem = random_problem(3, 5)
    plan = solve(build(problem), mode="stable-best")
    goals = tuple(
        replace(goal, value=goal.value + 1) if goal.name == "seats" else goal for goal in plan.goals
    )

    assert check_stable_best(problem, replace(plan, goals=goals))[0] is not None
    assert check_stable_best(problem, plan, {"stable": {"blocking_pairs": 3}})[0] is not None


def test_without_the_lot_the_plan_says_that_ties_are_left() -> None:
    graph = build(random_problem(4, 5))

    assert solve(graph, mode="stable-best", goals=("seats", "score")).ties_left
    assert not solve(graph, mode="stable-best").ties_left


def test_another_order_of_goals_is_refused() -> None:
    with pytest.raises(BadInstance, match="stable-best"):
        solve(build(manlove()), mode="stable-best", goals=("score", "seats"))


def test_a_lower_bound_that_no_stable_plan_keeps_is_stated() -> None:
    problem = Problem(
        (Person("a"),), (Post("x"), Post("y", 1)), (), [0, 0], [0, 1], [0, 0], [1, 2], [1, 1]
    )

    plan = solve(build(problem), mode="stable-best")

    goal = plan.goal("lower")
    assert goal is not None
    assert (goal.value, goal.bound) == (0, 1)
    assert any("“y”缺 1 人" in note for note in plan.notes)


def test_a_lower_bound_that_is_half_met_counts_what_it_has() -> None:
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v", 2, 2), Post("w", 1)),
        units=(),
        edge_person=(0, 1),
        edge_post=(0, 1),
        edge_score=(5, 5),
        edge_person_rank=(1, 1),
        edge_post_rank=(1, 1),
    )

    plan = solve(build(problem), mode="stable-best")

    assert (plan.goals[0].name, plan.goals[0].value, plan.goals[0].bound) == ("lower", 2, 3)
    assert len(plan.assignments) == 2
    assert verify(problem, plan).ok


def test_costs_are_counted_as_costs_and_the_cheaper_of_two_stable_plans_is_taken() -> None:
    # Both posts want both people alike, and so do they: every full plan is stable.
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0, 1),
        edge_post=(0, 0, 1, 1),
        edge_score=(5, 1, 2, 9),
        edge_person_rank=(1, 1, 1, 1),
        edge_post_rank=(1, 1, 1, 1),
        sense="min",
    )

    plan = solve(build(problem), mode="stable-best")

    assert [(row.person, row.post) for row in plan.assignments] == [("b", "v"), ("a", "w")]
    score = next(goal for goal in plan.goals if goal.name == "score")
    assert (score.value, score.bound, score.gap_permille) == (3, 3, 0)
    assert verify(problem, plan).ok


def test_seats_and_score_are_one_goal_only_where_one_number_can_hold_both() -> None:
    graph = build(manlove())
    model = best.stable_model(graph)

    def joined(score: float, start: list[int]) -> solver.Level | None:
        seats = solver.Level("seats", dict.fromkeys(range(3), 1.0), 2.0, lambda e: len([*e]))
        points = solver.Level("score", {0: score}, float("inf"), lambda e: int(score) * (0 in e))
        return best.joined([seats, points], start)

    assert len(model.upper) > 3
    both = joined(5.0, [0])
    assert both is not None
    assert both.reached([1, 2]) > both.reached([0]) > both.reached([1])
    assert both.terms == {0: 26.0, 1: 21.0, 2: 21.0}
    assert joined(5.0, [1, 2]) is None
    assert joined(1e9, [0]) is None


def test_scores_too_long_for_one_goal_are_reached_one_after_the_other() -> None:
    for seed in range(12):
        problem = random_problem(seed, units=True)
        wide = replace(problem, edge_score=[10**6 * score for score in problem.edge_score])

        check_best(wide)


def test_a_certificate_that_is_handed_in_by_itself_is_the_one_that_is_checked() -> None:
    problem = random_problem(3, 5)
    plan = solve(build(problem), mode="stable-best")
    claim = {**plan.certificate["stable"], "blocking_pairs": 3}

    verdict = verify(problem, plan, {**plan.certificate, "stable": claim})

    assert "blocking_pairs = 3" in (verdict.violation or "")


@pytest.mark.parametrize("seed", range(6))
def test_out_of_time_the_best_one_found_is_the_plan_and_says_so(seed: int) -> None:
    """With no time at all it is the better end of mode B, checked like any other."""
    rng = random.Random(seed)
    rows = sorted((g, i, rng.randint(0, 9), rng.randint(1, 2)) for i in range(8) for g in range(6))
    post, person, score, rank = zip(*rows, strict=True)
    people = tuple(Person(f"p{n}") for n in range(8))
    posts = tuple(Post(f"g{n}") for n in range(6))
    problem = Problem(people, posts, (), person, post, score, rank, rank)
    graph = build(problem)

    hurried = best.solve_best(graph, settings=Settings(), seed=1, seconds_max=0.0)
    plan = solve(graph, mode="stable-best")

    assert verify(problem, hurried).ok
    start = best.start_of(graph, seed=1)
    assert pairs_of(hurried) == {graph.ids(edge) for edge in start}
    assert len(plan.assignments) >= len(hurried.assignments)
    by = {claim["proved_by"] for claim in hurried.certificate["bound"]}
    assert "time" in by
    assert "time" not in {claim["proved_by"] for claim in plan.certificate["bound"]}
