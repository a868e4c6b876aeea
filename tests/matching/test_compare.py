"""Are two plans laid side by side without a slip?"""

from __future__ import annotations

import json
from dataclasses import replace

from lingyan_matching import Goal, Person, Plan, Post, Problem, Unit, build, solve
from lingyan_matching.compare import Share, compare, market
from lingyan_matching.problem import Graph
from tests.matching.referee import random_problem


def three_villages() -> Graph:
    """Two of the three have a wish list; the best total is not what they would choose."""
    return build(
        Problem(
            people=(Person("li", "u1"), Person("wang", "u1"), Person("zhao")),
            posts=(Post("v1", village="luo"), Post("v2", village="pan"), Post("v3", village="shi")),
            units=(Unit("u1", 2),),
            edge_person=(0, 1, 0, 1, 2),
            edge_post=(0, 0, 1, 1, 1),
            edge_score=(900, 600, 700, 800, 100),
            edge_person_rank=(2, 1, 1, 2, 0),
            edge_post_rank=(2, 1, 1, 2, 0),
        )
    )


def both(graph: Graph) -> tuple[Plan, Plan]:
    return solve(graph), solve(graph, mode="stable-people")


def test_the_goals_stand_side_by_side_also_where_only_one_plan_states_them():
    graph = three_villages()
    total, stable = both(graph)

    other = replace(stable, goals=(Goal("seats", 2, 2, "seats"), Goal("score", 1300, 1300, "")))

    found = {goal.name: (goal.a, goal.b) for goal in compare(graph, total, other).goals}

    assert found == {"class-1": (2, None), "score": (1700, 1300), "seats": (None, 2)}


def test_villages_are_better_worse_or_equal_seats_first_and_then_scores():
    graph = three_villages()
    total, stable = both(graph)

    comparison = compare(graph, total, stable)

    assert [(v.village, v.filled, v.score, v.verdict) for v in comparison.villages] == [
        ("luo", (1, 1), (900, 600), "worse"),
        ("pan", (1, 1), (800, 700), "worse"),
        ("shi", (0, 0), (0, 0), "equal"),
    ]
    assert compare(graph, stable, total).count("better") == 2
    fewer = replace(total, assignments=total.assignments[1:])
    assert compare(graph, fewer, total).count("better") == 1


def test_costs_make_a_village_better_when_they_fall():
    problem = replace(three_villages().problem, sense="min")
    graph = build(problem)
    total, stable = both(graph)

    verdicts = {v.village: v.verdict for v in compare(graph, total, stable).villages}

    assert set(verdicts.values()) <= {"worse", "equal"}


def test_people_moved_wishes_blocking_pairs_empty_posts_and_units_are_listed():
    graph = three_villages()
    total, stable = both(graph)

    comparison = compare(graph, total, stable)

    assert [move.to_json() for move in comparison.moves] == [
        {"person": "li", "from": "v1", "to": "v2"},
        {"person": "wang", "from": "v2", "to": "v1"},
    ]
    assert comparison.people_moved == 2
    assert comparison.wish_ranks == ({2: 2}, {1: 2})
    assert comparison.blocking == ((("wang", "v1"), ("li", "v2")), ())
    assert [load.to_json() for load in comparison.empty] == [
        {"id": "v3", "bound": 1, "a": 1, "b": 1}
    ]
    assert [load.to_json() for load in comparison.units] == [
        {"id": "u1", "bound": 2, "a": 2, "b": 2}
    ]
    assert comparison.text() == (
        "与甲方案相比，乙方案调动 2 人；0 个村更好，2 个村变差，1 个村不变；"
        "空缺岗位 1 → 1，不稳定互选 2 → 0 对。"
    )


def test_the_five_market_figures():
    graph = three_villages()
    total, stable = both(graph)

    figures = market(graph, stable)

    assert figures.to_json() == {
        "first_choice": {"part": 2, "whole": 2, "permille": 1000},
        "top_three": {"part": 2, "whole": 2, "permille": 1000},
        "people_taking_part": {"part": 2, "whole": 3, "permille": 666},
        "posts_taking_part": {"part": 2, "whole": 3, "permille": 666},
        "seats_filled": {"part": 2, "whole": 3, "permille": 666},
    }
    assert market(graph, total).first_choice == Share(0, 2)
    assert figures.text() == (
        "第一志愿满足率 100.0%（2/2），前三志愿满足率 100.0%（2/2），人选参与率 66.6%（2/3），"
        "岗位参与率 66.6%（2/3），岗位到位率 66.6%（2/3）。"
    )


def test_without_wishes_the_shares_are_of_nothing():
    graph = build(Problem((Person("a"),), (Post("v"),), (), (0,), (0,), (5,)))

    figures = market(graph, solve(graph))

    assert figures.first_choice.permille is None
    assert figures.first_choice.text() == "无"


def test_a_plan_beside_itself_has_no_difference():
    for seed in range(40):
        graph = build(random_problem(seed))
        plan = solve(graph)
        comparison = compare(graph, plan, plan)
        assert comparison.moves == ()
        assert comparison.count("equal") == len(comparison.villages)
        assert all(goal.a == goal.b for goal in comparison.goals)


def test_two_plans_mirror_each_other_and_are_plain_json():
    for seed in range(60):
        graph = build(random_problem(seed, pinned=False))
        a, b = solve(graph), solve(graph, mode="stable-posts")
        there, back = compare(graph, a, b), compare(graph, b, a)
        assert there.count("better") == back.count("worse")
        assert there.people_moved == back.people_moved
        assert there.market == back.market[::-1]
        assert there.blocking[1] == ()
        data = json.loads(json.dumps(there.to_json()))
        assert data["people_moved"] == there.people_moved


def test_pairings_are_compared_without_blocking_pairs():
    graph = build(random_problem(4, pairing=True, people=5, posts=4))
    plan = solve(graph, mode="pairing")

    assert compare(graph, plan, plan).blocking == ((), ())


def test_a_unit_of_two_villages_is_a_pairing_too():
    problem = Problem(
        people=(Person("bureau", upper=2), Person("school")),
        posts=(Post("pine"), Post("brook")),
        units=(),
        edge_person=(0, 0, 1),
        edge_post=(0, 1, 1),
        edge_score=(5, 1, 9),
    )
    graph = build(problem)
    plan = solve(graph, mode="pairing")
    fewer = replace(plan, assignments=plan.assignments[:1])

    assert compare(graph, plan, fewer).blocking == ((), ())
