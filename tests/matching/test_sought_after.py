"""Is the plan still best where every post wants the same people?"""

from __future__ import annotations

import random
from array import array
from dataclasses import replace

import numpy
import pytest
from scipy.optimize import linear_sum_assignment

from lingyan_matching import Person, Post, Problem, Unit, build, seating, solve, verify


def county(seed, *, people=180, posts=120, noise=40, upper=1, limit=None, klasses=1):
    """A score is how good a person is, and a little taste of the post."""
    dice = random.Random(seed)
    quality = [dice.randint(0, 1000 - noise) for _ in range(people)]
    edges = [
        (i, p, quality[i] + dice.randint(0, noise))
        for i in range(people)
        for p in range(posts)
        if dice.random() < 0.4
    ]
    units = () if limit is None else tuple(Unit(f"u{n}", limit) for n in range(6))
    return Problem(
        tuple(Person(f"p{n:03d}", f"u{n % 6}" if units else None) for n in range(people)),
        tuple(Post(f"g{n:03d}", n % 3 == 0, upper, 1 + n % klasses) for n in range(posts)),
        units,
        *(array("q", column) for column in zip(*edges, strict=True)),
    )


def best_score(problem):
    """What scipy finds where every seat can be filled."""
    seats = [number for number, post in enumerate(problem.posts) for _ in range(post.upper)]
    points = numpy.full((len(problem.posts), len(problem.people)), -(10.0**6))
    points[problem.edge_post, problem.edge_person] = problem.edge_score
    rows, columns = linear_sum_assignment(points[seats], maximize=True)
    return int(points[seats][rows, columns].sum())


@pytest.fixture
def guesses(monkeypatch):
    """Whether guessed prices were used, and whether they held."""
    found = []
    real = seating.run_guessed

    def noted(carrier, task):
        found.append(real(carrier, task) is not None)
        return real(carrier, task)

    monkeypatch.setattr(seating, "run_guessed", noted)
    return found


@pytest.mark.parametrize("carrier", ["plain", "compiled"])
@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"noise": 200},
        {"noise": 5},
        {"upper": 2, "posts": 60, "klasses": 3},
        {"people": 125},
        {"limit": 25},
    ],
)
def test_guessed_prices_lead_to_the_best_plan(guesses, shape, carrier):
    problem = county(3, **shape)

    plan = solve(build(problem), carrier=carrier)

    assert plan.goal("score").value == best_score(problem)
    assert verify(problem, plan).ok
    assert guesses[0]


def test_a_guess_that_sends_more_than_a_unit_gives_is_thrown_away(guesses, monkeypatch):
    problem = county(4, limit=19)

    plan = solve(build(problem))

    assert guesses[0] is False
    assert verify(problem, plan).ok
    monkeypatch.setattr(seating, "GUESS_FROM_ROWS", 10**9)
    patient = solve(build(problem))
    assert patient.assignments == plan.assignments
    assert patient.certificate == plan.certificate


def test_plans_do_not_depend_on_how_prices_were_found(guesses, monkeypatch):
    problems = [county(seed, noise=60, klasses=2, upper=1 + seed % 2) for seed in range(5)]
    guessed = [solve(build(problem)) for problem in problems]
    monkeypatch.setattr(seating, "GUESS_FROM_ROWS", 10**9)
    patient = [solve(build(problem)) for problem in problems]

    assert [plan.assignments for plan in guessed] == [plan.assignments for plan in patient]
    assert [plan.goals for plan in guessed] == [plan.goals for plan in patient]
    assert guesses


def test_columns_that_a_wrong_guess_left_unpaid_are_released(guesses, monkeypatch):
    problem = county(6, noise=150)
    right = solve(build(problem))
    monkeypatch.setattr("lingyan_matching.carrier.PlainCarrier.nth", lambda *_: 10**6)

    plan = solve(build(problem))

    assert guesses
    assert plan.assignments == right.assignments
    assert verify(problem, plan).ok


def test_the_carriers_agree_where_prices_were_guessed(guesses):
    for seed in range(4):
        problem = county(seed, noise=30, limit=30)
        plans = [solve(build(problem, carrier=c), carrier=c) for c in ("plain", "compiled")]
        assert plans[0].certificate == plans[1].certificate
        assert plans[0] == replace(plans[1], carrier="plain", elapsed_ms=plans[0].elapsed_ms)
    assert guesses
