"""Is every forged plan refuted, and does the first violated line say why?"""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from lingyan_matching import (
    BadInstance,
    Bound,
    Person,
    Plan,
    Post,
    Problem,
    Unit,
    build,
    snapshot_sha256,
    solve,
    verify,
)
from lingyan_matching.edge_pass import ArrayPass, edge_pass
from lingyan_matching.plan import Assignment, Blocking, Settings
from tests.matching.every_plan import pairs_of, random_problem

SOURCE = Path(solve.__globals__["__file__"]).with_name("verify.py")


def market():
    """Five people, four posts with one group of two seats, a unit, a lower bound, a pin, a ban."""
    scores = {
        ("a", "v1"): 90, ("a", "v2"): 80, ("b", "v1"): 85, ("b", "v2"): 60, ("c", "v2"): 70,
        ("c", "v3"): 50, ("d", "v3"): 65, ("d", "v4"): 40, ("e", "v4"): 75, ("e", "v1"): 99,
        ("f", "v3"): 10,
    }  # fmt: skip
    people, posts = "abcdef", ("v1", "v2", "v3", "v4")
    return Problem(
        tuple(Person(name, "u" if name in "abe" else None) for name in people),
        (Post("v1"), Post("v2", 0, 1, 2), Post("v3", 1, 2, 3), Post("v4", 0, 1, 1)),
        (Unit("u", 2),),
        [people.index(person) for person, _ in scores],
        [posts.index(post) for _, post in scores],
        list(scores.values()),
        edge_person_rank=[1 + n % 3 for n in range(len(scores))],
        edge_post_rank=[n % 2 for n in range(len(scores))],
        pins=(("e", "v4"),),
        bans=(("f", "v3"),),
    )


@pytest.fixture
def problem() -> Problem:
    return market()


@pytest.fixture
def plan(problem: Problem) -> Plan:
    return solve(build(problem))


def rows(plan, *pairs):
    """The plan with other pairs, as honest about scores as the problem is."""
    given = market()
    names = pairs_of(given)
    made = []
    for person, post in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        edge = names.index((person, post)) if (person, post) in names else 0
        made.append(
            Assignment(
                person,
                post,
                given.edge_score[edge],
                given.edge_person_rank[edge] or None,
                given.edge_post_rank[edge] or None,
                (person, post) in given.pins,
            )
        )
    return replace(plan, assignments=tuple(made))


def with_goals(plan, **values):
    """The plan with other goal values; the bound of the score is the score itself."""
    goals = []
    for goal in plan.goals:
        value = values.get(goal.name.replace("-", "_"), goal.value)
        bound = value if goal.name == "score" else goal.bound
        goals.append(replace(goal, value=value, bound=bound))
    return replace(plan, goals=tuple(goals))


def with_level(plan, change):
    certificate = deepcopy(dict(plan.certificate))
    change(certificate["levels"][0])
    return replace(plan, certificate=certificate)


def test_an_honest_plan_is_proved_and_says_what_was_checked(problem, plan):
    verdict = verify(problem, plan)

    assert [(row.person, row.post) for row in plan.assignments] == [
        ("a", "v1"), ("c", "v2"), ("d", "v3"), ("e", "v4"),
    ]  # fmt: skip
    assert verdict.ok
    assert verdict.violation is None
    assert (
        "岗位配备、总匹配度、并列时的抽签 / proved optimal: seats, score, lot"
        in verdict.checked[-1]
    )


def swapped(plan):
    return rows(plan, ("c", "v3"), ("d", "v3"), ("b", "v1"), ("e", "v4"))


FORGERIES = {
    "a worse plan": lambda plan: rows(plan, ("a", "v2"), ("d", "v3"), ("e", "v4")),
    "a worse plan with honest goals": lambda plan: with_goals(
        swapped(plan), class_2=0, class_3=2, score=85 + 50 + 65 + 75
    ),
    "an equally filled but lower plan": lambda plan: with_goals(
        rows(plan, ("b", "v1"), ("c", "v2"), ("d", "v3"), ("e", "v4")), score=85 + 70 + 65 + 75
    ),
    "a dropped row": lambda plan: replace(plan, assignments=plan.assignments[1:]),
    "a dropped row with honest goals": lambda plan: with_goals(
        replace(plan, assignments=plan.assignments[1:]), class_1=1, score=70 + 65 + 75
    ),
    "a repeated row": lambda plan: replace(
        plan, assignments=(plan.assignments[0], *plan.assignments)
    ),
    "rows in another order": lambda plan: replace(plan, assignments=plan.assignments[::-1]),
    "a score": lambda plan: replace(
        plan, assignments=(replace(plan.assignments[0], score=86), *plan.assignments[1:])
    ),
    "a rank": lambda plan: replace(
        plan, assignments=(replace(plan.assignments[0], person_rank=9), *plan.assignments[1:])
    ),
    "a pin that is none": lambda plan: replace(
        plan, assignments=(replace(plan.assignments[0], pinned=True), *plan.assignments[1:])
    ),
    "a goal": lambda plan: with_goals(plan, score=plan.goal("score").value + 1),
    "a bound": lambda plan: replace(plan, goals=(replace(plan.goals[0], bound=0), *plan.goals[1:])),
    "a goal left out": lambda plan: replace(plan, goals=plan.goals[1:]),
    "a snapshot": lambda plan: replace(plan, snapshot_sha256="0" * 64),
    "an ineligible pair": lambda plan: rows(plan, ("d", "v1"), ("c", "v2"), ("e", "v4")),
    "an unknown person": lambda plan: rows(plan, ("z", "v1"), ("e", "v4")),
    "a banned pair": lambda plan: rows(plan, ("f", "v3"), ("e", "v4")),
    "a person twice": lambda plan: rows(plan, ("b", "v1"), ("b", "v2"), ("e", "v4")),
    "a post over its seats": lambda plan: rows(plan, ("a", "v2"), ("c", "v2"), ("e", "v4")),
    "a unit over its limit": lambda plan: rows(
        plan, ("a", "v2"), ("b", "v1"), ("d", "v3"), ("e", "v4")
    ),
    "a pin that is broken": lambda plan: rows(plan, ("b", "v1"), ("c", "v2"), ("d", "v4")),
    "a dual of a post": lambda plan: with_level(plan, lambda level: raise_by_one(level["u"])),
    "a dual of a person": lambda plan: with_level(plan, lambda level: raise_by_one(level["v"], 1)),
    "a dual of a unit": lambda plan: with_level(plan, lambda level: raise_by_one(level["pi"])),
    "a lowered dual": lambda plan: with_level(plan, lambda level: raise_by_one(level["u"], 0, -1)),
    "a positive dual": lambda plan: with_level(plan, lambda level: level["v"].__setitem__(5, 1)),
    "a dual that is no integer": lambda plan: with_level(
        plan, lambda level: level["v"].__setitem__(5, -0.5)
    ),
    "a dual too many": lambda plan: with_level(plan, lambda level: level["v"].append(0)),
    "no duals": lambda plan: with_level(plan, lambda level: level.pop("u")),
    "a scale": lambda plan: with_level(plan, lambda level: level.update(scale=1)),
    "bits": lambda plan: with_level(plan, lambda level: level.update(bits=0)),
    "prices longer than can be written": lambda plan: with_level(
        plan, lambda level: level["pi"].__setitem__(0, -9 * 10**4299)
    ),
    "both sums": lambda plan: with_level(plan, lambda level: level.update(primal=0, dual=0)),
    "no level": lambda plan: replace(plan, certificate={**plan.certificate, "levels": []}),
    "levels of another shape": lambda plan: replace(
        plan, certificate={**plan.certificate, "levels": [7]}
    ),
    "another kind": lambda plan: replace(plan, certificate={**plan.certificate, "kind": "bound"}),
    "goals it does not cover": lambda plan: replace(
        plan, certificate={**plan.certificate, "covers": ["seats"]}
    ),
    "goals it covers that are no list": lambda plan: replace(
        plan, certificate={**plan.certificate, "covers": 3}
    ),
    "a stable plan without a stable certificate": lambda plan: replace(plan, mode="stable-people"),
    "a stable certificate of another shape": lambda plan: replace(
        plan, mode="stable-posts", certificate={**plan.certificate, "stable": 3}
    ),
    "another snapshot in the certificate": lambda plan: replace(
        plan, certificate={**plan.certificate, "snapshot_sha256": "0" * 64}
    ),
    "the certificate of another plan": lambda plan: replace(
        plan, certificate={**plan.certificate, "plan": "0" * 16}
    ),
    "an empty certificate": lambda plan: replace(plan, certificate={}),
    "another seed": lambda plan: replace(plan, seed=plan.seed + 1),
    "another order of goals": lambda plan: replace(
        plan, settings=replace(plan.settings, goals=("score", "seats", "lot"))
    ),
    "no goals": lambda plan: replace(plan, settings=Settings()),
    "an unknown limit": lambda plan: replace(
        plan, settings=replace(plan.settings, limits=(("x", 3),))
    ),
    "another limit": lambda plan: replace(
        plan, settings=replace(plan.settings, limits=(("u", 3),))
    ),
    "another ban": lambda plan: replace(plan, settings=replace(plan.settings, bans=(("c", "v2"),))),
    "a pin that cannot hold": lambda plan: replace(
        plan, settings=replace(plan.settings, pins=(("d", "v1"),))
    ),
    "another mode": lambda plan: replace(plan, mode="cover"),
    "a mode of which no certificate is known": lambda plan: replace(
        plan, mode="cover", certificate={**plan.certificate, "kind": None}
    ),
    "a list of pairs that block": lambda plan: replace(plan, blocking=(Blocking("a", "v2", 1, 2),)),
}


def raise_by_one(column, place=0, step=1):
    column[place] += step


def has_chinese(text):
    return any("一" <= sign <= "鿿" for sign in text)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_plan_is_refuted_with_a_line_in_both_languages(problem, plan, name):
    forged = FORGERIES[name](plan)
    assert forged != plan

    verdict = verify(problem, forged)

    assert not verdict.ok
    chinese, _, english = verdict.violation.partition(" / ")
    assert has_chinese(chinese)
    assert english
    assert not has_chinese(english)
    assert " / " not in english


def test_the_line_names_whom_it_concerns(problem, plan):
    lines = {
        "a banned pair": "“f”不能安排到“v3”",
        "a person twice": "人选“b”安排了 2 项，超过上限 1",
        "a post over its seats": "岗位“v2”安排了 2 项，超过上限 1",
        "a unit over its limit": "单位“u”安排了 3 项，超过上限 2",
        "a pin that is broken": "人工指定“e”到“v4”没有照办",
        "a dual of a post": "的费用低于影子价格之和",
        "an equally filled but lower plan": "没有证明最优",
        "a dropped row with honest goals": "没有证明最优",
    }
    for name, line in lines.items():
        assert line in verify(problem, FORGERIES[name](plan)).violation


def test_another_problem_refutes_the_plan(problem, plan):
    for other in (
        replace(problem, edge_score=[*problem.edge_score[:-1], 11]),
        replace(problem, bans=()),
        replace(problem, units=(Unit("u", 3),)),
    ):
        assert "快照" in verify(other, plan).violation


def test_a_problem_that_contradicts_itself_refutes_every_plan(problem, plan):
    broken = replace(problem, people=(*problem.people, problem.people[0]))

    chinese, _, english = verify(broken, plan).violation.partition(" / ")
    assert "题目本身有误" in chinese
    assert english
    assert not has_chinese(english)


def test_a_certificate_given_apart_counts(problem, plan):
    bare = replace(plan, certificate={})

    assert not verify(problem, bare).ok
    assert verify(problem, bare, plan.certificate).ok


def test_no_other_plan_of_a_random_problem_passes_with_the_certificate_of_the_best():
    rng = random.Random(17)
    tried = 0
    while tried < 150:
        problem = random_problem(rng, size=4)
        plan = solve(build(problem))
        free = [(row.person, row.post) for row in plan.assignments if not row.pinned]
        if not free:
            continue
        tried += 1
        other = solve(build(problem), bans=free[:1])
        forged = replace(plan, assignments=other.assignments, goals=other.goals)
        assert not verify(problem, forged).ok, problem


def test_any_dual_that_is_raised_or_lowered_where_it_counts_is_refuted():
    rng = random.Random(23)
    for _ in range(60):
        problem = random_problem(rng, size=4)
        plan = solve(build(problem))
        assert verify(problem, plan).ok
        for name in ("v", "pi"):
            for place in range(len(plan.certificate["levels"][0][name])):
                forged = with_level(
                    plan, lambda level, n=name, p=place: raise_by_one(level[n], p, -1)
                )
                verdict = verify(problem, forged)
                worth_nothing = name == "pi" and limit_of(problem, plan, place) == 0
                assert not verdict.ok or worth_nothing


def limit_of(problem, plan, place):
    """What pins have left of the limit of a unit."""
    unit = sorted(problem.units, key=lambda unit: unit.id)[place]
    unit_of = {person.id: person.unit for person in problem.people}
    return unit.limit - sum(unit_of[person] == unit.id for person, _ in problem.pins)


def test_a_certificate_of_plain_values_survives_a_file(problem, plan):
    again = json.loads(json.dumps(plan.certificate))

    assert isinstance(again, Mapping)
    assert verify(problem, plan, again).ok


@pytest.fixture
def on_arrays(monkeypatch):
    """Verify twice: as the reference does, and with every pass over the edges on arrays."""

    def both(problem, plan):
        plain = verify(problem, plan)
        with monkeypatch.context() as patch:
            patch.setattr("lingyan_matching.carrier.ARRAYS_FROM_EDGES", 0)
            assert isinstance(edge_pass(problem), ArrayPass)
            return plain, verify(problem, plan)

    return both


@pytest.mark.parametrize("name", ["honest", *FORGERIES])
def test_arrays_give_the_same_verdict_word_for_word(problem, plan, on_arrays, name):
    plain, quick = on_arrays(problem, FORGERIES.get(name, replace)(plan))

    assert quick == plain


def test_arrays_give_the_same_verdict_on_random_plans_honest_and_forged():
    rng = random.Random(29)
    for _ in range(120):
        problem = random_problem(rng, size=5)
        plan = solve(build(problem), seed=rng.randint(1, 3))
        base = replace(plan, seed=plan.seed + 1)
        forged = [plan, base, solve(build(problem), base_plan=base)]
        for name in ("u", "v", "pi"):
            for place in range(len(plan.certificate["levels"][0][name])):
                step = rng.choice([-1, 1, 10**9, 1 << 62])
                forged.append(
                    with_level(plan, lambda level, a=(name, place, step): bump(level, *a))
                )
        for one in forged:
            assert verdict_on(problem, one, 0) == verdict_on(problem, one, 10**9)


def bump(level, name, place, step):
    level[name][place] += step


def verdict_on(problem, plan, arrays_from):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lingyan_matching.carrier.ARRAYS_FROM_EDGES", arrays_from)
        return verify(problem, plan)


def test_a_pair_that_stands_twice_is_found_on_arrays_too(problem, plan, on_arrays):
    twice = replace(
        problem,
        edge_person=[*problem.edge_person, problem.edge_person[0]],
        edge_post=[*problem.edge_post, problem.edge_post[0]],
        edge_score=[*problem.edge_score, 1],
        edge_person_rank=None,
        edge_post_rank=None,
    )
    plain, quick = on_arrays(twice, plan)

    assert "重复" in quick.violation
    assert quick == plain


def test_the_pass_over_the_edges_loads_no_solver_either():
    tree = ast.parse(SOURCE.with_name("edge_pass.py").read_text())
    imported = {
        (node.module.rpartition(".")[2], alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lingyan_matching")
        for alias in node.names
    }

    assert imported == {
        ("carrier", "Carrier"), ("carrier", "to_sort"), ("problem", "Pair"), ("problem", "Problem"),
    }  # fmt: skip


def test_the_checker_is_the_standard_library_and_no_solver():
    allowed = {"edge_pass", "goals", "lot", "plan", "problem", "scale", "trees"}
    allowed |= {"relaxation", "said", "verify_bound"}
    others = ("verify_ordered.py", "goals.py", "trees.py", "scale.py")
    others = (*others, "verify_bound.py", "relaxation.py", "said.py")
    sources = [SOURCE, *map(SOURCE.with_name, others)]
    for node in (node for path in sources for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lingyan_matching"):
            assert node.module.rpartition(".")[2] in allowed
        elif isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= {"re", "json"}


@pytest.mark.parametrize("mode", ["stable-people", "stable-best"])
def test_a_pair_that_would_rather_have_each_other_is_named_in_both_languages(mode):
    wishes = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0, 1),
        edge_post=(0, 0, 1, 1),
        edge_score=(5, 5, 5, 5),
        edge_person_rank=(1, 2, 2, 1),
        edge_post_rank=(1, 2, 2, 1),
    )
    good = solve(build(wishes), mode=mode)
    crossed = (replace(good.assignments[0], post="w"), replace(good.assignments[1], post="v"))
    rows = tuple(
        replace(row, person_rank=2, post_rank=2)
        for row in sorted(crossed, key=lambda row: (row.post, row.person))
    )

    chinese, _, english = verify(wishes, replace(good, assignments=rows)).violation.partition(" / ")

    assert has_chinese(chinese)
    assert english
    assert not has_chinese(english)
    assert " / " not in english


def test_settings_that_cannot_hold_are_refuted_in_both_languages(problem, plan):
    wrong = replace(plan, settings=replace(plan.settings, limits=(("u", -1),)))

    chinese, _, english = verify(problem, wrong).violation.partition(" / ")

    assert "设置有误" in chinese
    assert english
    assert not has_chinese(english)


@pytest.mark.parametrize("mode", ["total", "stable-people", "stable-best", "pairing"])
def test_what_counts_as_equal_in_python_is_another_number_in_json(problem, mode):
    """1.0 and true are not 1; all goals in an order of one's own are proved elsewhere."""
    given = replace(problem, units=())
    for goals in (None, ("lower", "class-1", "score", "lot")) if mode == "total" else (None,):
        plan = solve(build(given), mode=mode, goals=goals)
        certificate = json.loads(json.dumps(plan.certificate))
        assert verify(given, plan, certificate).ok
        found = 0
        for part in (certificate.get("stable", {}), *certificate.get("levels", [])):
            for name, value in part.items():
                if isinstance(value, int):
                    part[name] = int(value) if isinstance(value, bool) else float(value)
                    assert not verify(given, plan, certificate).ok, name
                    part[name], found = value, found + 1
        assert found


def test_below_a_limit_of_less_than_nothing_no_price_proves_a_worse_plan(problem, plan):
    """Such a limit would add to what every plan costs at least, as much as one likes."""
    empty = replace(problem, units=(*problem.units, Unit("nobody", 0)))
    best = solve(build(empty))
    worse = solve(build(empty), bans=[("a", "v1")])
    assert worse.goal("score").value < best.goal("score").value

    short = Settings(limits=(("nobody", -1),), goals=best.settings.goals)
    verdict = verify(empty, replace(worse, settings=short))

    assert "名额不是 0 到 1000000000 的整数" in verdict.violation
    for limit in (-1, 10**9 + 1, 1.5, True):
        with pytest.raises(BadInstance, match="名额不是 0 到"):
            solve(build(empty), limits={"nobody": limit})


@pytest.mark.parametrize("mode", ["total", "stable-people", "stable-posts", "stable-best"])
@pytest.mark.parametrize("bounds", [(), (Bound("b", None, ("v", "w"), 0, 2),)])
def test_whoever_may_have_two_posts_is_no_matter_for_a_proof_that_counts_one(mode, bounds):
    def given(person):
        return Problem((person,), (Post("v"), Post("w")), (), [0, 0], [0, 1], [9, 8], bounds=bounds)

    for person in (Person("a", upper=2), Person("a", lower=1)):
        plan, problem = solve(build(given(Person("a"))), mode=mode), given(person)
        named = snapshot_sha256(problem)
        forged = replace(
            plan,
            snapshot_sha256=named,
            certificate={**plan.certificate, "snapshot_sha256": named},
        )
        with pytest.raises(BadInstance):
            solve(build(problem), mode=mode)

        assert "每人至多一岗" in verify(problem, forged).violation


@pytest.mark.parametrize("mode", ["total", "stable-people", "stable-posts", "stable-best"])
def test_people_without_room_are_counted_by_nobody(mode):
    problem = Problem(
        (Person("a"), Person("gone", upper=0)), (Post("v"),), (), [0, 1], [0, 0], [5, 9]
    )

    plan = solve(build(problem), mode=mode)

    assert [row.person for row in plan.assignments] == ["a"]
    assert verify(problem, plan).ok


def test_a_mode_that_nobody_knows_is_refuted_whatever_its_certificate_is(problem, plan):
    certificate = {**plan.certificate, "kind": None}

    verdict = verify(problem, replace(plan, mode="other"), certificate)

    assert not verdict.ok
