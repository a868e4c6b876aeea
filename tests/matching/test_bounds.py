"""Do bounds over several posts or people hold, and is the plan under them proved the best one?"""

from __future__ import annotations

import json
import random
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256

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
    parse_instance,
    plan_from_json,
    plan_to_json,
    snapshot_sha256,
    solve,
    to_json,
    verify,
)
from lingyan_matching.changes import RefusedChangeError, Withdraw, solve_task, task_after
from lingyan_matching.explain import explain, loss_if_withdrawn, prices
from lingyan_matching.infeasible import why_empty
from lingyan_matching.price_book import PriceBook
from lingyan_matching.problem import holds
from lingyan_matching.repair import graph_after, repairs, whatif
from lingyan_matching.residual import NotBestError, residual_of
from lingyan_matching.said import english_of
from lingyan_matching.trees import Crossing, trees_of
from lingyan_matching.verify_hall import check_hall
from tests.matching.referee import best_goals, random_bounds, random_problem
from tests.matching.test_explain import all_explanations, check_flip, check_that_no_score_helps
from tests.matching.test_repair import every_change, rows_of

pytestmark = pytest.mark.pure


def bounded(seed: int, **asked: object) -> Problem | None:
    """A random problem with random bounds; None where a pin goes over one of them."""
    problem = random_problem(seed, **asked)
    problem = replace(problem, bounds=random_bounds(seed, problem))
    if isinstance(trees_of(problem), Crossing):
        return None
    over = [b for b in problem.bounds if b.upper == 0 and any(holds(b, p) for p in problem.pins)]
    return None if over else build(problem).problem


def values(plan: Plan, problem: Problem) -> tuple[int, ...]:
    """The goals as the referee counts them."""
    sign = -1 if problem.sense == "min" else 1
    found = {g.name: sign * g.value if g.name == "score" else g.value for g in plan.goals}
    return tuple(found.values()) if "lower" in found else (0, *found.values())


@pytest.mark.parametrize("block", range(4))
def test_the_plan_is_what_trying_everything_finds_and_is_proved(block):
    seen = 0
    for seed in range(100 * block, 100 * block + 100):
        problem = bounded(seed)
        if problem is None:
            continue
        plan = solve(build(problem), seed=1 + seed % 3)
        assert values(plan, problem) == best_goals(problem), seed
        verdict = verify(problem, plan)
        assert verdict.ok, (seed, verdict)
        seen += 1
    assert seen > 60


def orders(problem: Problem, dice: random.Random) -> tuple[str, ...]:
    """Some goals of a problem in some order; the lot stands last or nowhere."""
    lower = any(row.lower for row in (*problem.posts, *problem.bounds))
    names = [f"class-{klass}" for klass in sorted({post.klass for post in problem.posts})]
    names = [*names, "score", *(["lower"] if lower else [])]
    picked = dice.sample(names, dice.randint(1, len(names)))
    return (*picked, "lot") if dice.random() < 0.7 else tuple(picked)


@pytest.mark.parametrize("with_bounds", [False, True])
def test_goals_count_in_whatever_order_they_are_asked_for(with_bounds):
    for seed in range(150):
        problem = bounded(seed) if with_bounds else build(random_problem(seed)).problem
        if problem is None:
            continue
        goals = orders(problem, random.Random(seed))
        plan = solve(build(problem), goals=goals)
        asked = [name for name in goals if name != "lot"]
        assert [goal.name for goal in plan.goals] == asked
        sign = -1 if problem.sense == "min" else 1
        reached = [sign * g.value if g.name == "score" else g.value for g in plan.goals]
        best = best_goals(problem, asked=[*asked, *([] if "score" in asked else ["score"])])
        assert tuple(reached) == best[: len(asked)], (seed, goals)
        verdict = verify(problem, plan)
        assert verdict.ok, (seed, verdict)


def test_a_price_under_bounds_is_the_difference_of_two_full_solves():
    for seed in range(90):
        problem = bounded(seed)
        if problem is None:
            continue
        graph = build(problem)
        plan, best = solve(graph), best_goals(problem)
        residual = residual_of(graph, plan)
        for post in problem.posts:
            for price in prices(graph, plan, post.id, residual=residual):
                forced = best_goals(problem, pins=[(price.person, price.post)])
                assert (price.regret is None) == (forced is None), (seed, price)
                if price.regret is not None:
                    lost = tuple(a - b for a, b in zip(best, forced, strict=True))
                    amounts = price.regret.amounts
                    wide = amounts if "lower" in price.regret.names else (0, *amounts)
                    assert wide == lost, (seed, price)


def test_a_change_under_bounds_gives_the_plan_that_solving_again_gives():
    for seed in range(40):
        problem = bounded(seed)
        if problem is None:
            continue
        graph, goals = build(problem), orders(problem, random.Random(seed))
        plan = solve(graph, goals=(*(name for name in goals if name != "lot"), "lot"))
        residual = residual_of(graph, plan, lots=True)
        for change in every_change(graph, plan, random.Random(seed)):
            delta = whatif(graph, plan, change, residual=residual)
            try:
                after = solve_task(task_after(graph, plan, change), plan)
            except (RefusedChangeError, BadInstance):
                assert delta.refusal is not None, (seed, change)
                continue
            assert delta.refusal is None, (seed, change)
            assert delta.rows == rows_of(after), (seed, change)
            assert [goal.after for goal in delta.goals] == [goal.value for goal in after.goals]


def test_the_smallest_change_flips_the_answer_under_bounds_too():
    kinds = Counter()
    for seed in range(50):
        problem = bounded(seed)
        if problem is None:
            continue
        graph = build(problem)
        plan = solve(graph)
        for facts in all_explanations(graph, plan):
            change = facts.counterfactual[0]
            kinds[change.kind] += 1
            if change.kind == "fit":
                check_flip(graph, plan, facts)
            elif change.kind == "fill":
                check_that_no_score_helps(graph, plan, facts)
    assert kinds["fit"] > 50
    assert kinds["fill"] > 50


# --- what is no tree, and what is not asked of other modes ------------------------------


def two_villages(*bounds: Bound) -> Problem:
    """Two villages of one township with two posts each, four people of two units, all eligible."""
    posts = ("甲村/第一书记", "甲村/队员", "乙村/第一书记", "乙村/队员")
    people = ("赵一", "钱二", "孙三", "李四")
    return Problem(
        tuple(Person(name, "教育局" if name in "赵一钱二" else "农业局") for name in people),
        tuple(Post(name, klass=1 + n % 2, village=name[:2]) for n, name in enumerate(posts)),
        (Unit("教育局", 2), Unit("农业局", 2)),
        [i for i in range(4) for _ in posts],
        [g for _ in people for g in range(4)],
        [100 * (1 + (i + g) % 4) + i for i in range(4) for g in range(4)],
        bounds=bounds,
    )


FIRST, SECOND, MEMBERS = (
    Bound("甲村合计", None, ("甲村/第一书记", "甲村/队员"), 0, 1),
    Bound("乙村合计", None, ("乙村/第一书记", "乙村/队员"), 0, 1),
    Bound("队员合计", None, ("甲村/队员", "乙村/队员"), 0, 1),
)


CROSSING = [
    (FIRST, MEMBERS),
    (Bound("新人", ("钱二", "孙三"), None, 1, 1),),
    (Bound("教育局在甲村", ("赵一", "钱二"), ("甲村/第一书记", "甲村/队员"), 0, 1),),
]


@pytest.mark.parametrize(
    ("bounds", "words", "english"),
    [
        (CROSSING[0], "“甲村合计”与“队员合计”部分重叠", "neither holds the other"),
        (CROSSING[1], "“农业局”与“新人”部分重叠", '"农业局" and "新人" overlap'),
        (CROSSING[2], "“教育局在甲村”同时限定", "picks people and posts at once"),
    ],
)
def test_bounds_that_form_no_tree_are_named_and_left_to_the_solver(bounds, words, english):
    problem = two_villages(*bounds)
    found = trees_of(build(problem).problem)
    assert isinstance(found, Crossing)
    assert words in found.text()
    assert english in found.text_en()

    plan = solve(build(problem))

    assert values(plan, problem) == best_goals(problem)
    verdict = verify(problem, plan)
    assert verdict.ok, verdict
    assert "线性规划对偶凭证成立" in verdict.checked[-1]
    assert verdict.unchecked == ()
    assert any(words in note for note in plan.notes)


def test_the_solver_finds_what_trying_everything_finds_under_any_bounds():
    seen = 0
    for seed in range(60):
        problem = random_problem(seed)
        problem = replace(problem, bounds=crossing(seed, problem))
        if not isinstance(trees_of(build(problem).problem), Crossing):
            continue
        plan = solve(build(problem), seed=2)
        assert values(plan, problem) == best_goals(problem), seed
        assert verify(problem, plan).ok, seed
        assert {goal.proved for goal in plan.goals} <= {"optimal", "solver"}
        seen += 1
    assert seen > 25


def crossing(seed: int, problem: Problem) -> tuple[Bound, ...]:
    """Bounds over some people and some posts at once, of whom no pin is one too many."""
    dice, bounds = random.Random(seed), []
    for number in range(2):
        people = [person.id for person in problem.people]
        posts = [post.id for post in problem.posts]
        low, pins = dice.randint(0, 1), len(problem.pins)
        picked = tuple(dice.sample(people, dice.randint(1, len(people))))
        at = tuple(dice.sample(posts, dice.randint(1, len(posts))))
        bounds.append(Bound(f"x{number}", picked, at, low, low + pins + dice.randint(0, 1)))
    return tuple(bounds)


def test_a_goal_is_given_up_as_far_as_was_allowed_and_no_farther():
    for seed in range(25):
        problem = build(random_problem(seed, pinned=False)).problem
        base = solve(build(problem), seed=5, goals=("score", "lot"))
        exact = solve(build(problem), base_plan=base, goals=("seats", "score", "changes"))
        for slack in ("score~10%", "score~3"):
            goals = ("seats", slack, "changes", "lot")
            plan = solve(build(problem), base_plan=base, goals=goals)
            best = exact.goal("score").value
            given = abs(best) * 10 // 100 if slack.endswith("%") else 3
            assert abs(best - plan.goal("score").value) <= given, (seed, slack)
            assert plan.goal("score").bound == best
            assert plan.goal("changes").value <= exact.goal("changes").value
            verdict = verify(problem, plan)
            assert verdict.ok, (seed, slack, verdict)


def test_a_slack_that_is_overdrawn_is_refuted():
    problem = two_villages()
    base = solve(build(problem), goals=("score", "lot"), pins=[("李四", "乙村/第一书记")])
    wide = ("seats", "score~40%", "changes")
    plan = solve(build(problem), goals=wide, base_plan=base)
    narrow = ("seats", "score~1%", "changes")
    overdrawn = replace(
        plan,
        settings=replace(plan.settings, goals=narrow),
        certificate={**plan.certificate, "covers": list(narrow)},
    )
    goals = [replace(g, bound=g.bound + 100) if g.name == "score" else g for g in plan.goals]

    assert verify(problem, plan).ok
    assert "超出了允许放宽的范围" in (verify(problem, overdrawn).violation or "")
    assert not verify(problem, replace(plan, goals=tuple(goals))).ok
    assert not verify(problem, replace(plan, ties_left=False)).ok


def test_a_proof_cannot_be_passed_off_as_the_word_of_a_solver():
    problem = two_villages(FIRST, SECOND)
    plan = solve(build(problem))
    claims = [{"goal": g.name, "best": g.value, "value": g.value} for g in plan.goals]
    lazy = {**plan.certificate, "kind": "bound", "bound": claims}

    assert "应为 dual" in (verify(problem, replace(plan, certificate=lazy)).violation or "")


def test_pairings_know_no_bounds_but_those_of_both_sides():
    with pytest.raises(BadInstance, match="没有“甲村合计”这样的总量上下限"):
        solve(build(two_villages(FIRST)), mode="pairing")


def test_a_village_and_its_township_bind_together():
    every = tuple(post.id for post in two_villages().posts)
    problem = two_villages(FIRST, SECOND, Bound("全镇", None, every, 0, 2))

    plan = solve(build(problem))

    posts = [row.post for row in plan.assignments]
    assert posts == ["乙村/第一书记", "甲村/第一书记"]
    assert verify(problem, plan).ok


def test_more_people_from_a_unit_than_the_scores_would_send():
    problem = two_villages(
        Bound("全县", None, None, 0, 2),
        Bound("农业局至少", ("孙三", "李四"), None, 2, None),
    )

    plan = solve(build(problem))

    assert sorted(row.person for row in plan.assignments) == ["孙三", "李四"]
    assert plan.goal("lower").value == 2
    assert verify(problem, plan).ok


def test_a_pin_uses_up_its_bounds_and_one_too_many_is_refused():
    problem = two_villages(FIRST, SECOND)
    pins = [("赵一", "甲村/队员")]

    plan = solve(build(problem), pins=pins)

    assert [row.post for row in plan.assignments] == ["乙村/第一书记", "甲村/队员"]
    assert verify(problem, plan).ok
    with pytest.raises(BadInstance, match="总量“甲村合计”只能有 1 项"):
        solve(build(problem), pins=[*pins, ("钱二", "甲村/第一书记")])


# --- forgeries ------------------------------


def forged(plan: Plan, **level: object) -> Plan:
    certificate = deepcopy(dict(plan.certificate))
    certificate["levels"][0].update(level)
    return replace(plan, certificate=certificate)


def test_a_plan_that_goes_over_a_bound_is_refuted():
    problem = two_villages(FIRST, SECOND)
    free = solve(build(two_villages()))

    verdict = verify(problem, replace(free, snapshot_sha256=snapshot_sha256(problem)))
    assert not verdict.ok
    certificate = {**free.certificate, "snapshot_sha256": snapshot_sha256(problem)}
    verdict = verify(problem, replace(free, snapshot_sha256=snapshot_sha256(problem)), certificate)

    assert "总量“甲村合计”安排了 2 项，超过上限 1" in (verdict.violation or "")


@pytest.mark.parametrize("name", ["u", "v", "pi", "bounds"])
@pytest.mark.parametrize("step", [-(10**30), 10**30])
def test_no_price_can_be_changed_much(name, step):
    problem = two_villages(FIRST, SECOND, Bound("钱二", ("钱二",), None, 0, 1))
    plan = solve(build(problem))
    prices = [price + step for price in plan.certificate["levels"][0][name]]

    assert verify(problem, plan).ok
    assert not verify(problem, forged(plan, **{name: prices})).ok


@pytest.mark.parametrize(
    "level",
    [
        {"bounds": [0]},
        {"bounds": [0.0, 0.0]},
        {"bounds": None},
        {"primal": 0},
        {"dual": 0},
        {"bits": 39},
        {"scale": 1},
        {"goal": "score"},
    ],
)
def test_what_the_certificate_says_of_itself_must_be_so(level):
    problem = two_villages(FIRST, SECOND)
    plan = solve(build(problem))

    assert not verify(problem, forged(plan, **level)).ok


def test_a_worse_plan_is_not_proved_by_the_prices_of_the_best():
    problem = two_villages(FIRST, SECOND)
    plan = solve(build(problem))
    worse = solve(build(problem), bans=[(plan.assignments[0].person, plan.assignments[0].post)])
    kept = replace(worse, settings=plan.settings, certificate=plan.certificate)

    verdict = verify(problem, kept)

    assert "没有证明最优" in (verdict.violation or "")


def test_goals_in_another_order_than_was_proved_are_refuted():
    problem = two_villages(FIRST, SECOND)
    plan = solve(build(problem), goals=("score", "class-1", "class-2", "lot"))
    swapped = ("class-1", "score", "class-2", "lot")

    settings = replace(plan.settings, goals=swapped)
    goals = tuple(plan.goal(name) for name in swapped[:3])

    assert verify(problem, plan).ok
    assert not verify(problem, replace(plan, settings=settings, goals=goals)).ok
    assert not verify(problem, replace(plan, ties_left=not plan.ties_left)).ok


# --- files ------------------------------


def test_an_instance_with_bounds_is_version_2_and_is_read_back():
    problem = build(two_villages(FIRST, SECOND)).problem
    data = to_json(problem)

    assert data["format"] == "lingyan.instance/2"
    assert to_json(parse_instance(data)) == data
    assert snapshot_sha256(parse_instance(data)) == snapshot_sha256(problem)
    assert to_json(two_villages())["format"] == "lingyan.instance/1"


def test_the_order_of_bounds_and_of_their_names_does_not_matter():
    problem = two_villages(FIRST, SECOND)
    turned = replace(
        problem, bounds=tuple(replace(b, posts=b.posts[::-1]) for b in problem.bounds[::-1])
    )

    assert snapshot_sha256(turned) == snapshot_sha256(problem)
    assert solve(build(turned)).certificate == solve(build(problem)).certificate


def test_villages_and_units_stand_for_their_posts_and_people():
    data = to_json(two_villages())
    data["format"] = "lingyan.instance/2"
    data["bounds"] = [
        {"id": "镇", "villages": ["甲村", "乙村"], "upper": 3},
        {"id": "系统", "units": ["农业局"], "people": ["赵一"], "lower": 1},
    ]

    town, branch = parse_instance(data).bounds

    assert town == Bound("镇", None, tuple(sorted(p["id"] for p in data["posts"])), 0, 3)
    assert branch == Bound("系统", tuple(sorted(["赵一", "孙三", "李四"])), None, 1, None)


@pytest.mark.parametrize(
    ("bound", "where", "what"),
    [
        ({"id": "a", "villages": ["丙村"]}, "bounds[0].villages[0]", "没有名为“丙村”的村"),
        ({"id": "a", "units": ["丙局"]}, "bounds[0].units[0]", "没有名为“丙局”的单位"),
        ({"id": "a", "posts": ["丙"]}, "bounds[0].posts", "未知的岗位“丙”"),
        ({"id": "a", "people": ["丙"]}, "bounds[0].people", "未知的人选“丙”"),
        ({"id": "a", "people": "赵一"}, "bounds[0].people", "不是列表"),
        ({"id": "a", "lower": 2, "upper": 1}, "bounds[0].lower", "大于上限"),
        ({"id": "a", "upper": -1}, "bounds[0].upper", "不是 0 到"),
        ({"posts": []}, "bounds[0].id", "缺少"),
        ("a", "bounds[0]", "不是对象"),
    ],
)
def test_a_wrong_bound_is_refused_where_it_stands(bound, where, what):
    data = {**to_json(two_villages()), "format": "lingyan.instance/2", "bounds": [bound]}

    with pytest.raises(BadInstance) as refused:
        parse_instance(data)

    assert refused.value.errors[0].where == where
    assert what in refused.value.errors[0].what
    assert refused.value.errors[0].what_en


def test_version_1_has_no_bounds_and_a_bound_has_one_name():
    data = {**to_json(two_villages(FIRST)), "format": "lingyan.instance/1"}
    twice = to_json(two_villages(FIRST, FIRST))

    for wrong, where in ((data, "bounds"), (twice, "bounds[1].id")):
        with pytest.raises(BadInstance) as refused:
            parse_instance(wrong)
        assert refused.value.errors[0].where == where


def test_a_plan_file_holds_its_bounds_and_is_proved_from_itself():
    problem = build(two_villages(FIRST, SECOND)).problem
    data = plan_to_json(solve(build(problem)), problem)

    assert verify(parse_instance(data["instance"]), plan_from_json(data)).ok


def test_every_carrier_gives_the_same_plan_and_certificate():
    problem = two_villages(FIRST, SECOND)

    plain, compiled = (solve(build(problem), carrier=name) for name in ("plain", "compiled"))

    assert (plain.assignments, plain.certificate) == (compiled.assignments, compiled.certificate)


# --- reasons ------------------------------


def test_a_price_of_a_plan_by_the_solver_is_the_difference_of_two_full_solves():
    problem = two_villages(*CROSSING[2])
    graph = build(problem)
    plan, best = solve(graph), best_goals(problem)

    for post in problem.posts:
        for price in prices(graph, plan, post.id):
            forced = best_goals(problem, pins=[(price.person, price.post)])
            assert price.regret is not None
            lost = tuple(a - b for a, b in zip(best, forced, strict=True))
            assert (0, *price.regret.amounts) == lost, price


def test_a_plan_by_the_solver_is_explained_by_solving_again():
    problem = two_villages(*CROSSING[0], Bound("无人", ("李四",), None, 0, 0))
    graph = build(problem)
    plan = solve(graph, bans=[("钱二", "甲村/队员")])
    row = plan.assignments[0]

    held = explain(graph, plan, row.person, row.post, names={row.person: "某人"})
    others = [explain(graph, plan, p.id, "甲村/队员") for p in problem.people]

    assert held.assigned
    assert held.loss_if_withdrawn == loss_if_withdrawn(graph, plan, row.person)
    assert held.text_zh.startswith(f"某人派到{row.post}。若某人退出：")
    texts = {one.person: one.text_zh for one in others}
    assert "没有名额" in texts["李四"]
    assert "已人工排除" in texts["钱二"]
    assert "若坚持派" in texts["赵一"] + texts["孙三"]
    with pytest.raises(KeyError):
        prices(graph, plan, "丙村")


def test_where_the_score_is_no_goal_no_score_flips_the_answer():
    problem = two_villages(FIRST)
    graph = build(problem)
    plan = solve(graph, goals=("class-1", "lot"))
    held = {(row.person, row.post) for row in plan.assignments}

    for pair in [(i.id, g.id) for i in problem.people for g in problem.posts]:
        said = explain(graph, plan, *pair)
        assert said.assigned == (pair in held)
        assert said.score is not None
        assert "没有匹配度" in said.text_zh
    assert residual_of(graph, plan).scale.names == ("class-1",)


def test_a_repair_keeps_the_bounds_and_the_order_of_the_goals():
    for seed in range(40):
        problem = bounded(seed, pinned=False)
        graph = build(problem)
        plan = solve(graph, goals=("score", "seats", "lot") if seed % 2 else None)
        if not plan.assignments:
            continue
        change = Withdraw(plan.assignments[0].person)
        found = repairs(graph, plan, change)
        after = graph_after(graph, plan, change)
        fewest, best = found[0].plan.settings.goals, found[-1].plan.settings.goals
        if seed % 2:
            assert fewest == ("changes", "score", "seats", "lot")
            assert best in (fewest, ("score", "changes", "seats", "lot"))
        for repair in found:
            verdict = verify(after.problem, repair.plan)
            assert verdict.ok, (seed, verdict)


def test_a_book_of_prices_says_that_it_knows_no_bounds():
    problem = two_villages(FIRST)
    graph = build(problem)

    with pytest.raises(NotBestError):
        PriceBook(graph, solve(graph))


# --- shortages ------------------------------


def most_filled(problem: Problem, posts: tuple[str, ...]) -> int:
    """How many seats of these posts can be filled at most, by trying everything."""
    alone = [replace(post, klass=1 if post.id in posts else 2, lower=0) for post in problem.posts]
    bounds = tuple(replace(bound, lower=0) for bound in problem.bounds)
    return best_goals(replace(problem, posts=tuple(alone), bounds=bounds), asked=["class-1"])[0]


def test_every_empty_seat_has_a_reason_that_counting_confirms():
    kinds = Counter()
    for seed in range(200):
        problem = bounded(seed)
        if problem is None or "class-1" not in {f"class-{p.klass}" for p in problem.posts}:
            continue
        plan = solve(build(problem))
        found = why_empty(build(problem), plan)
        filled = Counter(row.post for row in plan.assignments)
        empty = {post.id for post in problem.posts if filled[post.id] < post.upper}
        told = {post for one in found.sets for post in one.posts}
        blocked = {post for bound in found.full_bounds for post in bound.posts}
        assert empty <= told | blocked | set(found.fillable), (seed, found)
        for one in found.sets:
            assert one.deficit > 0, (seed, one)
            assert most_filled(problem, one.posts) <= one.supply, (seed, one)
        for bound in found.full_bounds:
            (given,) = [b for b in problem.bounds if b.id == bound.bound]
            pairs = [(row.person, row.post) for row in plan.assignments]
            assert sum(holds(given, pair) for pair in pairs) == given.upper == bound.upper
            assert bound.bound in found.text_zh
        hall = found.to_json()["hall"]
        assert check_hall(problem, plan, hall) is None, (seed, hall)
        kinds.update(sets=len(found.sets), bounds=len(found.full_bounds))
    assert min(kinds.values()) > 20


def test_a_full_township_is_named_before_anybody_looks_for_people():
    problem = two_villages(FIRST, SECOND)

    found = why_empty(build(problem), solve(build(problem)))

    assert [bound.bound for bound in found.full_bounds] == ["乙村合计", "甲村合计"]
    assert not found.sets
    assert not found.is_nothing
    assert found.to_json()["full_bounds"][0]["seats"] == 1
    assert found.text_zh.splitlines()[1] == (
        "总量“甲村合计”的上限 1 已满，其中还有 1 个岗位空缺：甲村/队员；要填上，须先提高这个上限。"
    )


def test_a_branch_that_may_send_no_more_is_a_shortage_of_people():
    problem = two_villages(Bound("两局合计", ("赵一", "钱二", "孙三", "李四"), None, 0, 2))

    found = why_empty(build(problem), solve(build(problem)))

    (one,) = found.sets
    assert (one.seats, one.supply, one.full_units) == (4, 2, ())
    assert "受人选一侧的总量限制只能派 2 人" in found.text_zh


def test_under_bounds_that_cross_only_the_full_ones_are_named():
    problem = two_villages(*CROSSING[0])
    plan = solve(build(problem))

    found = why_empty(build(problem), plan)
    other = why_empty(build(problem), plan, "乙村/第一书记")

    assert {bound.bound for bound in found.full_bounds} == {"甲村合计", "队员合计"}
    assert "上限 1 已满" in found.text_zh
    assert found.text_zh.endswith("不能逐个清点缺人的岗位。")
    assert not other.full_bounds
    assert check_hall(problem, plan, []) is None
    assert "不能清点" in (check_hall(problem, plan, [{"posts": ["甲村/队员"]}]) or "")


def test_a_lower_bound_that_nobody_can_reach_is_noted():
    problem = two_villages(FIRST, Bound("全镇", None, None, 5, None))

    plan = solve(build(problem))

    assert plan.notes == ("总量“全镇”的下限是 5，只能安排 3。",)
    assert english_of(plan.notes[0]) == 'the bound "全镇" asks for 5, only 3 can be arranged.'


# --- who asks for none of this ------------------------------


def county(people: int = 90, posts: int = 40) -> Problem:
    """A round of the size of a small county by arithmetic alone: classes, units, wishes, ties."""
    pairs = [(i, g) for i in range(people) for g in range(posts) if (7 * i + 11 * g) % 5 < 3]
    return Problem(
        tuple(Person(f"p{i:03}", f"u{i % 12:02}") for i in range(people)),
        tuple(Post(f"g{g:03}", g % 3 // 2, 1 + g % 2, 1 + g % 3) for g in range(posts)),
        tuple(Unit(f"u{u:02}", 2 + u % 4) for u in range(12)),
        [i for i, _ in pairs],
        [g for _, g in pairs],
        [(37 * i * i + 91 * g + 13 * i * g) % 101 * 10 for i, g in pairs],
        [(i + g) % 4 for i, g in pairs],
        [(i * g) % 3 for i, g in pairs],
        pins=(("p000", "g000"),),
        bans=(("p001", "g003"),),
    )


DIGESTS = {
    "total": "87b5e212b8d3e871",
    "stable-people": "bd3e69bd2ab3f142",
    "repair": "ad2e219daabe5060",
}


@pytest.mark.parametrize("kind", DIGESTS)
def test_without_bounds_and_orders_the_file_is_what_it_was_before_there_were_any(kind):
    graph = build(county())
    mode = "total" if kind == "repair" else kind
    base = solve(graph, seed=3) if kind == "repair" else None
    plan = solve(graph, mode=mode, base_plan=base)
    document = plan_to_json(replace(plan, elapsed_ms={}, carrier=""), graph.problem)
    assert document["certificate"].pop("plan") == plan.id  # stands there since then

    text = json.dumps(document, ensure_ascii=False, sort_keys=True)

    assert sha256(text.encode()).hexdigest()[:16] == DIGESTS[kind]
