"""Is the difference after a change exactly what solving again would give?"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from lingyan_matching import BadInstance, Person, Plan, Post, Problem, build, solve, verify
from lingyan_matching.changes import (
    Admit,
    Ban,
    Change,
    Pin,
    RefusedChangeError,
    Swap,
    Unpin,
    Withdraw,
    change_to_json,
    solve_task,
    task_after,
)
from lingyan_matching.problem import Graph
from lingyan_matching.regret import Regret
from lingyan_matching.repair import graph_after, repairs, whatif, within
from lingyan_matching.residual import residual_of
from tests.matching.referee import random_problem


def every_change(graph: Graph, plan: Plan, dice: random.Random) -> list[Change]:
    problem = graph.problem
    pairs = [
        (problem.people[i].id, problem.posts[g].id)
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
    ]
    everything = [(i.id, g.id) for i in problem.people for g in problem.posts]
    seated = [(row.person, row.post) for row in plan.assignments]
    changes: list[Change] = [Pin(*pair) for pair in pairs]
    changes += [Ban(*pair) for pair in pairs]
    changes += [Unpin(*pair) for pair in problem.pins]
    changes += [Withdraw(person.id) for person in problem.people]
    changes += [Swap(a, b) for (a, _), (b, _) in pairwise(seated) if a != b]
    changes += [Admit(*pair, dice.randint(0, 12)) for pair in everything if pair not in set(pairs)]
    changes += [Admit(*pair, 3) for pair in problem.bans]
    return changes


def rows_of(plan: Plan) -> tuple[tuple[str, str], ...]:
    return tuple((row.person, row.post) for row in plan.assignments)


@pytest.mark.parametrize("block", range(6))
def test_each_change_gives_the_plan_that_solving_again_gives(block):
    dice = random.Random(block)
    for seed in range(40 * block, 40 * block + 40):
        graph = build(random_problem(seed))
        plan = solve(graph, seed=1 + seed % 2)
        residual = residual_of(graph, plan, lots=True)
        for change in every_change(graph, plan, dice):
            delta = whatif(graph, plan, change, residual=residual)
            try:
                after = solve_task(task_after(graph, plan, change), plan)
            except (RefusedChangeError, BadInstance):
                assert delta.refusal is not None, change
                assert delta.rows == ()
                continue
            assert delta.refusal is None, change
            assert delta.rows == rows_of(after), (seed, change)
            assert [goal.after for goal in delta.goals] == [goal.value for goal in after.goals]
            assert {move.person for move in delta.moves} == {
                person for person, _ in set(rows_of(plan)) ^ set(delta.rows)
            }


def test_a_pairing_changes_exactly_too():
    dice = random.Random(1)
    for seed in range(60):
        graph = build(random_problem(seed, pairing=True, people=4, posts=3))
        plan = solve(graph, mode="pairing")
        for change in every_change(graph, plan, dice):
            delta = whatif(graph, plan, change)
            if delta.refusal is None:
                after = solve_task(task_after(graph, plan, change), plan)
                assert [goal.after for goal in delta.goals] == [g.value for g in after.goals]


def test_many_changes_in_a_row_keep_the_residual_graph_right():
    dice = random.Random(5)
    for seed in range(25):
        graph = build(random_problem(seed, people=9, posts=6, pinned=False))
        plan = solve(graph)
        for _ in range(6):
            change = dice.choice(every_change(graph, plan, dice))
            delta = whatif(graph, plan, change)
            if delta.refusal is not None:
                continue
            task = task_after(graph, plan, change)
            plan, graph = solve_task(task, plan), build(task.problem)
            assert rows_of(plan) == delta.rows


def test_a_stable_plan_is_solved_again_in_its_own_mode():
    for seed in range(30):
        graph = build(random_problem(seed, pinned=False))
        plan = solve(graph, mode="stable-people")
        for person in graph.problem.people:
            delta = whatif(graph, plan, Withdraw(person.id))

            after = solve_task(task_after(graph, plan, Withdraw(person.id)), plan)
            assert delta.rows == rows_of(after)
            assert [goal.after for goal in delta.goals] == [goal.value for goal in after.goals]
            seats = len(plan.assignments) - len(after.assignments)
            assert delta.regret.amount("seats") == seats
            points = sum(r.score for r in plan.assignments) - sum(
                r.score for r in after.assignments
            )
            assert delta.regret.points == (points if graph.problem.sense == "max" else -points)


def test_every_goal_has_words_for_both_directions():
    names = ("lower", "bounds", "class-2", "villages-3", "seats", "changes", "blocking_pairs")
    worse, better = Regret((*names, "score"), (1,) * 8), Regret((*names, "score"), (-2,) * 8, "min")

    assert worse.text() == (
        "下限少满足 1 人，下限少满足 1 对，第 2 类岗位少填 1 个，第 3 类村少覆盖 1 个，"
        "岗位共少填 1 个，与原方案相比多变动 1 项，不稳定互选增加 1 对，全县匹配度减少 1 分"
    )
    assert better.text() == (
        "下限多满足 2 人，下限多满足 2 对，第 2 类岗位多填 2 个，第 3 类村多覆盖 2 个，"
        "岗位共多填 2 个，与原方案相比少变动 2 项，不稳定互选减少 2 对，全县费用减少 2"
    )
    assert Regret(("villages-1", "score"), (0, 3)).text() == "全县结对分减少 3 分"


def test_a_plan_made_by_hand_is_solved_again():
    graph = build(random_problem(9, people=6, posts=5, pinned=False))
    plan = solve(graph)
    by_hand = replace(plan, assignments=plan.assignments[1:])
    change = Withdraw(plan.assignments[1].person)

    delta = whatif(graph, by_hand, change)

    assert delta.rows == whatif(graph, plan, change).rows
    assert (delta.base_plan, delta.change) == (by_hand.id, change)


def two_villages() -> Problem:
    return Problem(
        people=(Person("li"), Person("wang"), Person("zhao")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0, 1, 2),
        edge_post=(0, 0, 1, 1, 1),
        edge_score=(900, 700, 800, 500, 100),
    )


def test_the_difference_is_shown_before_anything_happens():
    graph = build(two_villages())
    plan = solve(graph)
    assert rows_of(plan) == (("wang", "v"), ("li", "w"))

    delta = whatif(graph, plan, Withdraw("li"))

    assert json.loads(json.dumps(delta.to_json())) == {
        "format": "lingyan.delta/1",
        "base_plan": plan.id,
        "change": {"kind": "withdraw", "person": "li"},
        "moves": [
            {"person": "li", "from": "w", "to": None},
            {"person": "zhao", "from": None, "to": "w"},
        ],
        "goals": [
            {"name": "class-1", "before": 2, "after": 2},
            {"name": "score", "before": 1500, "after": 800},
        ],
        "regret": {"class-1": 0, "score": 700},
        "refusal": None,
    }
    assert delta.text({"li": "李甲一"}) == (
        "变动 2 项：李甲一：w → 人才库；zhao：人才库 → w。全县匹配度减少 700 分。"
    )


def test_a_change_without_effect_says_so():
    graph = build(two_villages())

    delta = whatif(graph, solve(graph), Pin("li", "w"))

    assert delta.text({}) == "没有人变动。全县各项目标都不受影响。"


def test_what_makes_no_sense_is_refused_in_words():
    graph = build(replace(two_villages(), pins=(("li", "v"),), bans=(("wang", "w"),)))
    plan = solve(graph)

    def refusal(change: Change) -> str:
        delta = whatif(graph, plan, change)
        assert delta.text({}).startswith("不能这样改：")
        assert delta.to_json()["refusal"] == delta.refusal
        return delta.refusal or ""

    assert "不符合v的资格条件" in refusal(Pin("zhao", "v"))
    assert "已人工排除" in refusal(Pin("wang", "w"))
    assert "人工指定或名额冲突" in refusal(Pin("li", "w"))
    assert "没有人工指定" in refusal(Unpin("zhao", "w"))
    assert "不同岗位的两人" in refusal(Swap("li", "wang"))
    assert "本来就合格" in refusal(Admit("li", "w", 3))
    for nobody in (
        Pin("x", "w"),
        Ban("x", "w"),
        Withdraw("x"),
        Swap("li", "x"),
        Admit("x", "w", 3),
    ):
        assert refusal(nobody) == "没有名为“x”的人选"
    for nowhere in (Pin("li", "x"), Ban("li", "x"), Unpin("li", "x"), Admit("li", "x", 3)):
        assert refusal(nowhere) == "没有名为“x”的岗位"
    stable = solve(graph, mode="stable-people")
    assert whatif(graph, stable, Pin("li", "w")).refusal == (
        "人工指定“li”到“w”不成立：人选“li”只能有 1 项"
    )
    assert change_to_json(Swap("a", "b")) == {"kind": "swap", "first": "a", "second": "b"}


def test_a_pair_that_was_banned_and_never_eligible_can_be_admitted():
    problem = replace(two_villages(), bans=(("zhao", "v"),))
    graph = build(problem)
    assert ("zhao", "v") not in {graph.ids(edge) for edge in range(len(graph.edge_post))}

    delta = whatif(graph, solve(graph), Admit("zhao", "v", 10**6))

    assert ("zhao", "v") in delta.rows


def test_a_repair_changes_as_little_as_possible_first_and_scores_best_last():
    spread = 0
    for seed in range(60):
        graph = build(random_problem(seed, people=10, posts=8, pinned=False))
        plan = solve(graph)
        if not plan.assignments:
            continue
        change = Withdraw(plan.assignments[0].person)
        found = repairs(graph, plan, change)
        after = graph_after(graph, plan, change)
        again = solve_task(task_after(graph, plan, change), plan)
        assert found[-1].score == again.goal("score").value
        assert all(verify(after.problem, repair.plan).ok for repair in found)
        assert all(len(repair.plan.assignments) == len(again.assignments) for repair in found)
        sign = -1 if graph.problem.sense == "min" else 1
        for few, best in pairwise(found):
            assert few.changes < best.changes
            assert sign * few.score < sign * best.score
        spread = max(spread, len(found))
    assert spread > 1


def test_there_are_points_between_the_ends_and_slack_chooses_one():
    # Three villages whose people could each change for a gain of a different size.
    people = tuple(Person(f"p{i}") for i in range(8))
    posts = tuple(Post(f"g{g}") for g in range(4))
    pairs = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 0), (5, 1), (6, 2), (7, 3)]
    before = Problem(
        people=people,
        posts=posts,
        units=(),
        edge_person=[i for i, _ in pairs],
        edge_post=[g for _, g in pairs],
        edge_score=[500, 500, 500, 500, 10, 20, 30, 40],
    )
    plan = solve(build(before))
    now = build(replace(before, edge_score=[500, 500, 500, 500, 510, 540, 640, 900]))

    found = repairs(now, plan, Withdraw("p0"))

    assert [(repair.changes, repair.score) for repair in found] == [
        (1, 2010),
        (2, 2410),
        (3, 2550),
        (4, 2590),
    ]
    assert within(found, slack=0) is found[-1]
    assert within(found, slack=40).changes == 3
    assert within(found, slack=500).changes == 2
    assert found[0].to_json()["changes"] == 1
    assert len(repairs(now, plan, Withdraw("p0"), between=0)) == 2


def test_a_stable_plan_and_an_empty_one_have_just_one_repair():
    graph = build(random_problem(12, pinned=False))
    stable = solve(graph, mode="stable-people")

    found = repairs(graph, stable, Withdraw(stable.assignments[0].person))

    assert [repair.plan.mode for repair in found] == ["stable-people"]
    best = solve(graph, mode="stable-best", goals=("seats", "score"))
    (again,) = repairs(graph, best, Withdraw(best.assignments[0].person))
    assert again.plan.settings.goals == ("seats", "score")
    empty = build(Problem((Person("a"),), (Post("v"),), (), (), (), ()))
    assert len(repairs(empty, solve(empty), Withdraw("a"))) == 1


def test_a_repair_that_cannot_be_is_refused():
    graph = build(two_villages())

    with pytest.raises(RefusedChangeError, match="资格"):
        repairs(graph, solve(graph), Pin("zhao", "v"))
