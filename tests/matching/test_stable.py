"""Mode B: stable plans from either end, and the check that needs no solver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingyan_matching import (
    Assignment,
    BadInstance,
    Person,
    Plan,
    Post,
    Problem,
    Unit,
    build,
    canonical,
    solve,
    verify,
)
from lingyan_matching.stable import short_posts
from lingyan_matching.verify_stable import (
    blocking_pairs,
    check_stable,
    closed_chain,
    look,
    rotation_towards_people,
    rotation_towards_posts,
)
from tests.matching.every_plan import stable_goals
from tests.matching.stable_cases import Pairs, Referee, every_graph, random_problem

ROTATION = {"people": rotation_towards_people, "posts": rotation_towards_posts}


def pairs_of(plan: Plan) -> Pairs:
    return frozenset((row.person, row.post) for row in plan.assignments)


def stable(problem: Problem, side: str, **options: object) -> Pairs:
    plan = solve(build(problem), mode=f"stable-{side}", **options)  # type: ignore[arg-type]
    assert verify(problem, plan).ok, verify(problem, plan)
    return pairs_of(plan)


def market(
    people: Mapping[str, Sequence[str]],
    posts: Mapping[str, Sequence[str]],
    seats: Mapping[str, int] | None = None,
) -> Problem:
    """A problem from two tables of strict wishes; only pairs that both name are eligible."""
    names, places = list(people), list(posts)
    pairs = [(i, g) for i in names for g in people[i] if i in posts[g]]
    return Problem(
        tuple(Person(i) for i in names),
        tuple(Post(g, 0, (seats or {}).get(g, 1)) for g in places),
        (),
        [names.index(i) for i, _ in pairs],
        [places.index(g) for _, g in pairs],
        [0] * len(pairs),
        [people[i].index(g) + 1 for i, g in pairs],
        [posts[g].index(i) + 1 for i, g in pairs],
    )


def lists(text: str) -> dict[str, list[str]]:
    """ "a: x y; b: y x" as a table of wishes."""
    rows = (row.split(":") for row in text.split(";"))
    return {owner.strip(): wishes.split() for owner, wishes in rows}


# --- worked examples -----------------------------------------------------------------------------

GALE_SHAPLEY_1 = market(
    lists("alpha: A B C; beta: B C A; gamma: C A B"),
    lists("A: beta gamma alpha; B: gamma alpha beta; C: alpha beta gamma"),
)
GALE_SHAPLEY_2 = market(
    lists("alpha: A B C D; beta: A D C B; gamma: B A C D; delta: D B C A"),
    lists(
        "A: delta gamma alpha beta; B: beta delta alpha gamma;"
        "C: delta alpha beta gamma; D: gamma beta alpha delta"
    ),
)
IRVING_LEATHER = market(
    lists("m1: w1 w2 w3 w4; m2: w2 w1 w4 w3; m3: w3 w4 w1 w2; m4: w4 w3 w2 w1"),
    lists("w1: m4 m3 m2 m1; w2: m3 m4 m1 m2; w3: m2 m1 m4 m3; w4: m1 m2 m3 m4"),
)


def test_gale_and_shapley_1962_example_1_everyone_on_one_side_gets_the_first_wish() -> None:
    people = {("alpha", "A"), ("beta", "B"), ("gamma", "C")}
    posts = {("alpha", "C"), ("beta", "A"), ("gamma", "B")}
    second = {("alpha", "B"), ("beta", "C"), ("gamma", "A")}

    assert stable(GALE_SHAPLEY_1, "people") == people
    assert stable(GALE_SHAPLEY_1, "posts") == posts
    assert set(Referee(GALE_SHAPLEY_1, 1).stable()) == {*map(frozenset, (people, posts, second))}


def test_gale_and_shapley_1962_example_2_has_one_stable_plan_and_says_so() -> None:
    plan = solve(build(GALE_SHAPLEY_2), mode="stable-people")

    assert pairs_of(plan) == {("alpha", "C"), ("beta", "D"), ("gamma", "A"), ("delta", "B")}
    assert plan.certificate["stable"]["unique"] is True
    assert any("稳定方案唯一" in note for note in plan.notes)


def test_irving_and_leather_1986_four_by_four_has_ten_stable_plans_linked_by_rotations() -> None:
    problem = canonical(IRVING_LEATHER)
    plans = Referee(problem, 1).stable()
    best = stable(problem, "people")

    assert len(plans) == 10
    assert best == {(f"m{n}", f"w{n}") for n in range(1, 5)}
    assert stable(problem, "posts") == {(f"m{n}", f"w{5 - n}") for n in range(1, 5)}
    for plan in plans:
        view = look(problem, plan, seed=1)
        assert (rotation_towards_people(view) == ()) == (plan == best)


def test_the_residency_match_leaves_sunny_and_mercy_out_in_every_stable_plan() -> None:
    """The worked example of the National Resident Matching Program, after Roth (1984)."""
    problem = market(
        lists(
            "Arthur: City; Sunny: City Mercy; Joseph: City General Mercy;"
            "Latha: Mercy City General; Darrius: City Mercy General"
        ),
        lists(
            "Mercy: Darrius Joseph; City: Darrius Arthur Sunny Latha Joseph;"
            "General: Darrius Arthur Joseph Latha"
        ),
        {"Mercy": 2, "City": 2, "General": 2},
    )
    expected = {
        ("Arthur", "City"),
        ("Darrius", "City"),
        ("Joseph", "General"),
        ("Latha", "General"),
    }

    plan = solve(build(problem), mode="stable-posts")

    assert pairs_of(plan) == stable(problem, "people") == expected
    short = short_posts(problem, plan.assignments)
    assert [(post.post, post.filled, post.upper) for post in short] == [("Mercy", 0, 2)]
    assert any("“Mercy”都只能到 0 人" in note for note in plan.notes)


# --- all small cases -----------------------------------------------------------------------------


def check_both_ends(problem: Problem) -> None:
    """Both ends are the best for their side, and only they pass the check."""
    referee = Referee(problem, 1)
    plans = referee.stable()
    graph = build(problem)
    for side in ("people", "posts"):
        plan = solve(graph, mode=f"stable-{side}")
        best = referee.best_for(side, plans)
        assert pairs_of(plan) == best
        assert check_stable(problem, plan)[0] is None
        assert plan.certificate["stable"]["unique"] is (len(plans) == 1)
        for other in plans:
            assert bool(ROTATION[side](look(problem, other, seed=1))) == (other != best)


def test_every_graph_up_to_three_by_three() -> None:
    for problem in every_graph(last_rank=3):
        check_both_ends(problem)


@pytest.mark.parametrize("seed", range(0, 2000, 250))
def test_two_thousand_random_cases_with_ties_seats_units_pins_and_bans(seed: int) -> None:
    for number in range(seed, seed + 250):
        check_both_ends(
            random_problem(
                number, 6, units=number % 2 == 0, marks=number % 5 == 0, strict=number % 4 != 0
            )
        )


@pytest.mark.parametrize("size", [3, 4])
def test_opposed_wishes_give_many_stable_plans_with_and_without_units(size: int) -> None:
    """Latin squares: what people like best, posts like least."""
    for number in range(30):
        rng = random.Random(number)
        order = rng.sample(range(size), size)
        edges = [(i, g) for g in range(size) for i in range(size)]
        wish = [(order[i] + g) % size + 1 for i, g in edges]
        problem = Problem(
            tuple(Person(f"p{i}", f"u{i % 2}") for i in range(size)),
            tuple(Post(f"g{g}") for g in range(size)),
            tuple(Unit(f"u{u}", rng.randint(1, 2)) for u in range(2)) if number % 2 else (),
            [i for i, _ in edges],
            [g for _, g in edges],
            [0] * len(edges),
            wish,
            [size + 1 - rank for rank in wish],
        )
        check_both_ends(problem)


def test_blocking_pairs_are_those_of_the_definition() -> None:
    for number in range(60):
        problem = random_problem(number, 4, units=number % 2 == 0, marks=number % 3 == 0)
        for seed in (None, 1):
            referee = Referee(problem, seed)
            for plan in list(referee.plans())[:20]:
                found = blocking_pairs(problem, plan, seed=seed)
                assert {(pair.person, pair.post) for pair in found} == set(referee.blocking(plan))


# --- properties ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_each_person_is_at_least_as_well_off_as_in_any_stable_plan(seed: int, tied: bool) -> None:
    problem = random_problem(seed, 5, strict=not tied)
    referee = Referee(problem, 1)
    key = referee.keys[0]
    best = dict(stable(problem, "people"))

    for plan in referee.stable():
        for person, post in plan:
            assert key[person, best[person]] <= key[person, post]
        assert len(plan) == len(best)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(seed: int, rng: random.Random) -> None:
    problem = random_problem(seed, 6, units=True, marks=True)

    for mode in ("stable-people", "stable-posts"):
        first = solve(build(problem), mode=mode)
        second = solve(build(shuffled(problem, rng)), mode=mode)
        assert first.assignments == second.assignments
        assert first.certificate == second.certificate
        assert first.goals == second.goals


def shuffled(problem: Problem, rng: random.Random) -> Problem:
    """The same problem with all its lists in another order."""
    people, posts = list(problem.people), list(problem.posts)
    rng.shuffle(people)
    rng.shuffle(posts)
    order = list(range(len(problem.edge_post)))
    rng.shuffle(order)

    def picked(column: Sequence[int] | None) -> list[int] | None:
        return None if column is None else [column[edge] for edge in order]

    return replace(
        problem,
        people=tuple(people),
        posts=tuple(posts),
        units=tuple(reversed(problem.units)),
        edge_person=[people.index(problem.people[problem.edge_person[edge]]) for edge in order],
        edge_post=[posts.index(problem.posts[problem.edge_post[edge]]) for edge in order],
        edge_score=picked(problem.edge_score) or [],
        edge_person_rank=picked(problem.edge_person_rank),
        edge_post_rank=picked(problem.edge_post_rank),
        pins=tuple(reversed(problem.pins)),
        bans=tuple(reversed(problem.bans)),
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_another_stable_plan_is_refuted_as_the_best_one(seed: int) -> None:
    problem = random_problem(seed, 5, strict=True)
    plan = solve(build(problem), mode="stable-people")

    for other in Referee(problem, 1).plans():
        forged = with_pairs(problem, plan, other)
        assert verify(problem, forged).ok == (other == pairs_of(plan))


def with_pairs(problem: Problem, plan: Plan, pairs: Iterable[tuple[str, str]]) -> Plan:
    """A plan that claims other pairs: honest in every number, wrong in substance."""
    edges = zip(problem.edge_person, problem.edge_post, count(), strict=False)
    number_of = {(problem.people[i].id, problem.posts[g].id): edge for i, g, edge in edges}
    ranks = problem.edge_person_rank or [], problem.edge_post_rank or []
    rows = tuple(
        Assignment(
            *pair,
            problem.edge_score[number_of[pair]],
            *(side[number_of[pair]] or None if side else None for side in ranks),
            pair in problem.pins,
        )
        for pair in sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    )
    claim = {**plan.certificate["stable"], "seats_filled": len(rows)}
    return replace(
        plan,
        assignments=rows,
        goals=stable_goals(problem, rows),
        certificate={**plan.certificate, "stable": claim},
    )


def test_both_carriers_give_the_same_plan() -> None:
    for number in range(25):
        graph = build(random_problem(number, 6, units=number % 2 == 0, marks=number % 3 == 0))
        for mode in ("stable-people", "stable-posts"):
            lists, arrays = (solve(graph, mode=mode, carrier=c) for c in ("plain", "compiled"))
            assert (lists.carrier, arrays.carrier) == ("plain", "compiled")
            assert lists.assignments == arrays.assignments
            assert lists.certificate == arrays.certificate
            assert lists.notes == arrays.notes


# --- what is said, and what is refused -----------------------------------------------------------


def test_a_false_claim_of_uniqueness_is_refuted() -> None:
    plan = solve(build(GALE_SHAPLEY_1), mode="stable-people")
    claim = {**plan.certificate["stable"], "unique": True}

    verdict = verify(GALE_SHAPLEY_1, plan, {**plan.certificate, "stable": claim})

    assert not verdict.ok
    assert "还有对岗位一方更好的稳定方案" in (verdict.violation or "")


@pytest.mark.parametrize(
    ("name", "value"), [("optimal_for", "posts"), ("blocking_pairs", 1), ("seats_filled", 2)]
)
def test_a_certificate_that_states_a_wrong_number_is_refuted(name: str, value: object) -> None:
    plan = solve(build(GALE_SHAPLEY_1), mode="stable-people")
    claim = {**plan.certificate["stable"], name: value}

    assert not verify(GALE_SHAPLEY_1, plan, {**plan.certificate, "stable": claim}).ok


def test_a_goal_with_a_wrong_number_is_refuted() -> None:
    plan = solve(build(GALE_SHAPLEY_1), mode="stable-people")
    goals = tuple(replace(goal, value=goal.value + 1) for goal in plan.goals)

    assert check_stable(GALE_SHAPLEY_1, replace(plan, goals=goals))[0] is not None


@pytest.mark.parametrize("mode", ["stable-people", "stable-posts", "stable-best"])
def test_whatever_a_goal_states_of_itself_is_held_against_the_problem(mode: str) -> None:
    plan = solve(build(GALE_SHAPLEY_1), mode=mode)
    assert verify(GALE_SHAPLEY_1, plan).ok
    first, *rest = plan.goals
    for other in (
        replace(first, bound=first.bound + 1),
        replace(first, name="class-9"),
        replace(first, unit="people"),
        replace(first, proved="somehow"),
        replace(first, gap_permille=1),
    ):
        assert not verify(GALE_SHAPLEY_1, replace(plan, goals=(other, *rest))).ok, other
    assert not verify(GALE_SHAPLEY_1, replace(plan, goals=tuple(rest))).ok
    assert not verify(GALE_SHAPLEY_1, replace(plan, goals=(first, *plan.goals))).ok


def test_a_unit_that_is_full_sends_those_with_the_higher_wish() -> None:
    problem = Problem(
        (Person("a", "unit"), Person("b", "unit"), Person("c")),
        (Post("x"), Post("y")),
        (Unit("unit", 1),),
        [0, 1, 2],
        [0, 1, 1],
        [10, 900, 1],
        [1, 2, 1],
        [1, 1, 2],
    )

    plan = solve(build(problem), mode="stable-people")

    assert pairs_of(plan) == {("a", "x"), ("c", "y")}
    assert any("派出单位名额不够时" in note for note in plan.notes)
    assert not any("如实填报" in note for note in plan.notes)


def test_truth_is_praised_only_where_people_apply_with_strict_lists() -> None:
    people = solve(build(GALE_SHAPLEY_1), mode="stable-people")
    posts = solve(build(GALE_SHAPLEY_1), mode="stable-posts")
    tied = replace(GALE_SHAPLEY_1, edge_person_rank=[1] * len(GALE_SHAPLEY_1.edge_post))

    assert any("如实填报志愿最有利" in note for note in people.notes)
    assert not any("如实填报" in note for note in posts.notes)
    assert any("抽签" in note for note in solve(build(tied), mode="stable-people").notes)


def test_a_lower_bound_that_is_missed_is_stated_and_points_to_mode_total() -> None:
    problem = Problem(
        (Person("a"),), (Post("x"), Post("y", 1)), (), [0, 0], [0, 1], [0, 0], [1, 2], [1, 1]
    )

    plan = solve(build(problem), mode="stable-people")

    assert pairs_of(plan) == {("a", "x")}
    goal = plan.goal("lower")
    assert goal is not None
    assert (goal.value, goal.bound) == (0, 1)
    assert any("“y”缺 1 人" in note and "total" in note for note in plan.notes)


def test_a_person_with_several_posts_is_refused() -> None:
    problem = replace(GALE_SHAPLEY_1, people=(Person("alpha", upper=2), *map(Person, "bc")))

    with pytest.raises(BadInstance, match="至多一岗"):
        solve(build(problem), mode="stable-people")


def test_pins_and_bans_of_a_run_are_kept_and_checked() -> None:
    plan = solve(
        build(GALE_SHAPLEY_1),
        mode="stable-people",
        pins=[("alpha", "B")],
        bans=[("gamma", "C")],
    )

    assert ("alpha", "B") in pairs_of(plan)
    assert ("gamma", "C") not in pairs_of(plan)
    assert verify(GALE_SHAPLEY_1, plan).ok


def test_chains_that_end_hold_no_cycle() -> None:
    assert closed_chain({1: 2, 2: 3, 4: 2}) == ()
    assert closed_chain({1: 2, 2: 3, 3: 2}) == (2, 3)


def test_an_empty_problem_has_an_empty_plan() -> None:
    problem = Problem((), (Post("x"),), (), [], [], [])

    assert stable(problem, "people") == frozenset()
