"""Do the prices of a solver's plan prove what they say, and is what they leave open told?"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from lingyan_matching import (
    Bound,
    Person,
    Plan,
    Post,
    Problem,
    best,
    build,
    dual_prices,
    plan_from_json,
    plan_to_json,
    solve,
    solver,
    verify,
)
from lingyan_matching.lot import SOLVER_BITS, ticket, tickets
from lingyan_matching.problem import holds
from lingyan_matching.relaxation import Relaxation
from lingyan_matching.said import english_of
from lingyan_matching.verify_stable import blocking_pairs
from tests.matching import referee, stable_cases
from tests.matching.every_plan import every_plan
from tests.matching.stable_cases import Referee
from tests.matching.test_bounds import CROSSING, bounded, crossing, two_villages

pytestmark = pytest.mark.pure

GOALS = ("lower", "class-1", "seats", "changes", "score", "lot")
Path = tuple[Any, ...]


def open_rows(relaxation: Relaxation, plan: Iterable[tuple[str, str]]) -> list[int]:
    pins = set(relaxation.problem.pins)
    return [relaxation.number_of[pair] for pair in plan if pair not in pins]


def random_prices(dice: random.Random, relaxation: Relaxation, floors: Iterable[str]) -> dict:
    known = [*sorted(relaxation.limit_keys), *(("goal", name) for name in floors)]
    widest = dice.choice([1, 5, 3000])
    return {key: dice.randint(0, widest) for key in known if dice.random() < 0.5}


def assert_no_plan_passes(
    dice: random.Random, relaxation: Relaxation, plans: list[list[int]]
) -> None:
    """Under any prices no plan that keeps the floors reaches more than what they prove."""
    for name in GOALS:
        earlier = dice.sample([one for one in GOALS if one != name], dice.randint(0, 2))
        floors = {one: relaxation.reached(one, dice.choice(plans)) for one in earlier}
        reached = [
            relaxation.reached(name, plan)
            for plan in plans
            if all(relaxation.reached(one, plan) >= least for one, least in floors.items())
        ]
        for scale in (1, 7):
            prices = random_prices(dice, relaxation, floors)
            proved = relaxation.most(name, prices, scale, floors)
            assert proved >= scale * max(reached, default=-(10**9)), (name, prices)


def test_whatever_the_prices_are_no_stable_plan_passes_what_they_prove():
    for seed in range(120):
        problem = stable_cases.random_problem(seed, 4, units=seed % 2 == 0, marks=seed % 3 == 0)
        if seed % 4 == 0 and not problem.pins:
            problem = replace(problem, bounds=(two_people(problem), two_posts(problem)))
        relaxation = Relaxation(problem, seed=1, base=(), stable=True)
        plans = [open_rows(relaxation, plan) for plan in stable_under(problem)]
        assert_no_plan_passes(random.Random(seed), relaxation, plans)


def two_people(problem: Problem) -> Bound:
    return Bound("people", tuple(one.id for one in problem.people[:2]), None, 0, 1)


def two_posts(problem: Problem) -> Bound:
    return Bound("posts", None, tuple(one.id for one in problem.posts[:2]), 0, 1)


def stable_under(problem: Problem) -> list[Any]:
    """All stable plans; under bounds what the checker of stability, tested by itself, says."""
    if not problem.bounds:
        return Referee(problem, None).stable()
    upper = [bound for bound in problem.bounds if bound.upper is not None]
    return [
        plan
        for plan in Referee(problem, None).plans()
        if all(sum(holds(bound, pair) for pair in plan) <= bound.upper for bound in upper)
        and not blocking_pairs(problem, plan)
    ]


def test_whatever_the_prices_are_no_plan_passes_what_they_prove():
    for seed in range(90):
        problem = bounded(seed, people=4) or build(referee.random_problem(seed)).problem
        if seed % 2 and not problem.pins:
            problem = replace(problem, bounds=crossing(seed, problem))
        base = [(problem.people[0].id, post.id) for post in problem.posts]
        relaxation = Relaxation(problem, seed=1, base=base, stable=False)
        plans = [open_rows(relaxation, rows) for rows in map(list, every_plan(problem))]
        plans = [rows for rows in plans if relaxation.is_plan(rows)]
        assert_no_plan_passes(random.Random(seed), relaxation, plans)


def test_nearly_all_small_plans_are_proved_whole_and_the_rest_says_how_far():
    ends: Counter[str] = Counter()
    for seed in range(60):
        problem = stable_cases.random_problem(seed, 5, units=seed % 2 == 0)
        plan = solve(build(problem), mode="stable-best")
        verdict = verify(problem, plan)
        assert verdict.ok, verdict
        still_open = [goal for goal in plan.goals if goal.proved == "solver" and goal.gap_permille]
        ends["open" if verdict.unchecked else "proved"] += 1
        if not verdict.unchecked:
            assert {goal.proved for goal in plan.goals} == {"optimal"}
            assert not any("凭证证明" in note for note in plan.notes)
        for goal in still_open:
            assert any(f"千分之 {goal.gap_permille}" in line for line in verdict.unchecked)
            assert any(f"千分之 {goal.gap_permille}" in note for note in plan.notes)
    assert ends["proved"] > 50
    assert ends["open"] > 2


# --- one plan with an open goal, one with another plan for a slack --------------------------------


@cache
def stable_and_open() -> tuple[Problem, Plan]:
    """Stable plans of a tied round in which the prices leave the score open."""
    for seed in range(60):
        problem = stable_cases.random_problem(seed, 5)
        plan = solve(build(problem), mode="stable-best")
        score = plan.goal("score")
        if problem.sense == "max" and score is not None and score.proved == "solver":
            return problem, plan
    raise AssertionError


def slack_with_witness() -> tuple[Problem, Plan]:
    """Two villages under crossing bounds; points are given up to stay with the plan in force."""
    problem = two_villages(*CROSSING[0])
    away = [("赵一", "甲村/第一书记"), ("李四", "甲村/第一书记")]
    base = solve(build(problem), bans=away)
    goals = ("seats", "score~20%", "changes", "lot")
    return problem, solve(build(problem), base_plan=base, goals=goals)


def costs_and_pins() -> tuple[Problem, Plan]:
    problem = replace(two_villages(*CROSSING[2]), sense="min", pins=(("孙三", "乙村/队员"),))
    return problem, solve(build(problem))


CASES = {"open": stable_and_open, "witness": slack_with_witness, "costs": costs_and_pins}


def test_the_cases_are_what_they_are_named_for():
    _, plan = stable_and_open()
    assert {claim["proved_by"] for claim in plan.certificate["bound"]} == {"prices", "solver"}

    problem, plan = slack_with_witness()
    claim = next(one for one in plan.certificate["bound"] if one["goal"] == "score")
    assert claim["best"] > claim["value"]
    assert len(claim["witness"]) == len(plan.assignments)
    assert plan.goal("score").bound == claim["best"]
    assert verify(problem, plan).unchecked == ()

    problem, plan = costs_and_pins()
    score = plan.goal("score")
    assert score.proved == "optimal"
    assert score.value == min(
        sum(score_of(problem, pair) for pair in rows)
        for rows in map(list, every_plan(problem))
        if len(rows) == len(plan.assignments)
        and all(
            b.upper is None or sum(holds(b, p) for p in rows) <= b.upper for b in problem.bounds
        )
    )


def score_of(problem: Problem, pair: tuple[str, str]) -> int:
    columns = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    return next(
        score for i, g, score in columns if (problem.people[i].id, problem.posts[g].id) == pair
    )


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        if isinstance(one, dict | list) and one:
            yield from leaves(one, (*path, key))
        else:
            yield (*path, key)


def changed(plan: Plan, path: Path, to: Callable[[Any], Any]) -> Plan:
    certificate = deepcopy(json.loads(json.dumps(plan.certificate)))
    *way, last = path
    holder = certificate
    for step in way:
        holder = holder[step]
    holder[last] = to(holder[last])
    return replace(plan, certificate=certificate)


def other_than(value: Any) -> Any:
    return f"{value}x" if isinstance(value, str) else 1 if isinstance(value, list) else value + 1


@pytest.mark.parametrize("case", CASES)
def test_every_leaf_of_the_certificate_is_held_against_the_problem(case: str):
    """A price is the only thing that may differ: others that prove the same are a proof as well."""
    problem, plan = CASES[case]()
    paths = list(leaves(plan.certificate))
    unnoticed = [path for path in paths if verify(problem, changed(plan, path, other_than)).ok]

    assert verify(problem, plan).ok
    assert len(paths) > 30
    assert all(path[2] == "prices" for path in unnoticed), unnoticed
    assert len(unnoticed) < sum("prices" in path for path in paths) / 2


@pytest.mark.parametrize("case", CASES)
def test_a_plan_and_its_file_prove_the_same(case: str):
    problem, plan = CASES[case]()
    read = plan_from_json(json.loads(json.dumps(plan_to_json(plan, problem))))

    assert verify(problem, read) == verify(problem, plan)


@pytest.mark.parametrize(
    "price",
    [
        ["post", "nowhere", 1],
        ["goal", "score", 1],
        ["post", 1],
        ["post", "甲村/队员", -1],
        ["post", "甲村/队员", 1.0],
        ["post", "甲村/队员", True],
        ["pair", "赵一", "甲村/队员", 1],
        [["post"], "甲村/队员", 1],
    ],
)
def test_a_price_is_a_whole_number_of_0_or_more_of_a_limit_that_there_is(price: list[Any]):
    problem = two_villages(*CROSSING[0])
    plan = solve(build(problem))

    forged = changed(plan, ("bound", 0, "prices"), lambda prices: [*prices, price])

    assert not verify(problem, forged).ok


@pytest.mark.parametrize("scale", [0, -1, 1.0, True, None])
def test_the_scale_is_a_whole_number_above_0(scale: Any):
    problem = two_villages(*CROSSING[0])
    plan = solve(build(problem))

    assert not verify(problem, changed(plan, ("bound", 0, "exact", 1), lambda _: scale)).ok


def claim_of(plan: Plan, goal: str) -> int:
    return next(n for n, one in enumerate(plan.certificate["bound"]) if one["goal"] == goal)


def test_nobody_passes_the_word_of_a_solver_off_as_a_proof():
    problem, plan = stable_and_open()
    number = claim_of(plan, "score")
    claimed = changed(plan, ("bound", number, "proved_by"), lambda _: "prices")
    goals = [replace(g, proved="optimal") if g.name == "score" else g for g in plan.goals]

    assert "的 proved_by 为 prices" in (verify(problem, claimed).violation or "")
    assert "证明情况不属实" in (verify(problem, replace(plan, goals=tuple(goals))).violation or "")


@pytest.mark.parametrize(
    "witness",
    [
        [],
        [["赵一", "甲村/队员"], ["赵一", "乙村/队员"]],
        [["赵一", "甲村/队员"], ["赵一", "甲村/队员"]],
        [["赵一", "甲村/第一书记"], ["钱二", "甲村/队员"]],
        [["nobody", "甲村/队员"]],
        [["赵一"]],
    ],
)
def test_a_best_that_is_given_up_from_is_reached_by_a_plan(witness: list[list[str]]):
    problem, plan = slack_with_witness()
    path = ("bound", claim_of(plan, "score"), "witness")

    assert not verify(problem, changed(plan, path, lambda _: witness)).ok


def test_a_goal_that_nobody_proved_in_time_says_what_may_still_be(
    monkeypatch: pytest.MonkeyPatch,
):
    problem, _ = stable_and_open()
    improve = best.improve
    monkeypatch.setattr(best, "improve", lambda *a, **k: replace(improve(*a, **k), proved=False))
    plan = solve(build(problem), mode="stable-best")
    verdict = verify(problem, plan)
    score, claim = plan.goal("score"), plan.certificate["bound"][claim_of(plan, "score")]

    assert verdict.ok, verdict
    assert (score.proved, score.bound) == ("gap", claim["proves"])
    assert score.bound > score.value
    assert any("可能还有更好的方案" in line for line in verdict.unchecked)
    assert any("something better may exist" in english_of(note) for note in plan.notes)
    kept = replace(plan, goals=tuple(replace(g, proved="solver") for g in plan.goals))
    assert not verify(problem, kept).ok


def test_what_is_open_is_told_in_both_languages_with_its_numbers():
    problem, plan = stable_and_open()
    claim = plan.certificate["bound"][claim_of(plan, "score")]
    line = next(one for one in verify(problem, plan).unchecked if "总匹配度" in one)
    chinese, english = line.split(" / ")

    for words in (f"求得 {claim['best']}", f"至多 {claim['proves']}", "只由求解器证明"):
        assert words in chinese
    for words in (f"score: {claim['best']} found", f"at most {claim['proves']}", "solver only"):
        assert words in english
    note = next(one for one in plan.notes if "总匹配度" in one)
    assert note == f"{chinese}。"
    assert english_of(note) == f"{english}."


def test_costs_that_are_open_are_at_least_what_is_proved():
    for seed in range(200):
        problem = stable_cases.random_problem(seed, 5)
        if problem.sense == "max":
            continue
        plan = solve(build(problem), mode="stable-best")
        claim = plan.certificate["bound"][claim_of(plan, "score")]
        if claim["proved_by"] == "solver":
            assert claim["proves"] < claim["best"]
            lines = verify(problem, plan).unchecked
            assert any(f"至少 {claim['proves']}" in line for line in lines)
            return
    raise AssertionError


def test_a_goal_after_an_open_one_is_proved_while_that_one_stays():
    """The lot, say: with the score as it is, no other plan wins it."""
    for seed in range(120):
        problem = stable_cases.random_problem(seed, 5, units=seed % 2 == 0)
        plan = solve(build(problem), mode="stable-best")
        proved = [claim["proved_by"] for claim in plan.certificate["bound"]]
        if proved[-2:] == ["solver", "prices"]:
            lines = verify(problem, plan).checked
            assert "前面的目标保持不变时，没有更好的方案：并列时的抽签" in lines[-1]
            assert "没有更好的方案：配备的岗位 /" in lines[-2]
            return
    raise AssertionError


def test_a_pin_that_changes_something_counts_as_a_change():
    problem = replace(two_villages(*CROSSING[0]), pins=(("赵一", "甲村/第一书记"),))
    base = solve(build(replace(problem, pins=())), bans=[("赵一", "甲村/第一书记")])
    plan = solve(build(problem), base_plan=base, goals=("seats", "changes", "score", "lot"))
    changes = plan.goal("changes")

    assert changes.value == changes.bound > 0
    assert plan.certificate["bound"][claim_of(plan, "changes")]["best"] == changes.value
    assert verify(problem, plan).ok


@pytest.mark.parametrize("case", CASES)
def test_the_lot_is_the_sum_of_the_tickets_that_anybody_can_draw(case: str):
    _, plan = CASES[case]()
    drawn = tickets(1, [(r.person, r.post) for r in plan.assignments if not r.pinned], SOLVER_BITS)

    assert plan.certificate["bound"][-1]["goal"] == "lot"
    assert plan.certificate["bound"][-1]["value"] == -sum(drawn)


@pytest.mark.parametrize("case", CASES)
def test_only_limits_with_a_price_are_written(case: str):
    _, plan = CASES[case]()

    assert all(line[-1] > 0 for one in plan.certificate["bound"] for line in one["prices"])


def test_the_lot_of_a_large_round_is_asked_for_beside_the_last_goal_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(solver, "RELAX_FROM_EDGES", 0)
    asked: Counter[str] = Counter()
    for seed in range(60):
        problem = stable_cases.random_problem(seed, 5)
        plan = solve(build(problem), mode="stable-best")
        *_, score, lot = plan.certificate["bound"]
        beside = ["goal", "score", dual_prices.BESIDE_WEIGHT * lot["exact"][1]] in lot["prices"]
        asked["beside" if beside else "by itself" if not lot["prices"] else "otherwise"] += 1
        if score["exact"][0] % score["exact"][1]:
            assert lot["prices"] == []
        assert verify(problem, plan).ok
    assert asked["beside"] > 5


def test_seats_that_are_short_of_people_need_no_solver():
    """Three posts, one person: the person alone proves that one seat is all."""
    problem = Problem(
        (Person("a"),), tuple(Post(f"g{n}") for n in range(3)), (), [0] * 3, range(3), [1, 2, 3],
        [1] * 3, [1] * 3,
    )  # fmt: skip
    plan = solve(build(problem), mode="stable-best")

    assert [claim["prices"] for claim in plan.certificate["bound"][:2]] == [[], []]
    assert plan.goal("score").value == 3
    assert verify(problem, plan).unchecked == ()


def test_what_a_solver_calls_best_against_its_own_bound_is_not_said_to_be_proved():
    """Scores of a thousand million and one less are the same to it, within its tolerance."""
    problem = Problem(
        (Person("2"), Person("张"), Person("10")),
        (Post("2", 2, 2), Post("é", 2, 2)),
        (),
        (2, 0, 1),
        (0, 1, 0),
        (10**9, 10**9 - 1, 10**9),
        bounds=(Bound("both", ("2", "10"), ("é",)), Bound("one", None, ("2", "é"), 0, 1)),
    )

    plan = solve(build(problem), seed=4)

    claim = plan.certificate["bound"][-1]
    best = min(ticket(4, name, "2", SOLVER_BITS) for name in ("张", "10"))
    assert claim["goal"] == "lot"
    assert claim["proved_by"] == "time" or -claim["value"] == best
    assert verify(problem, plan).ok
