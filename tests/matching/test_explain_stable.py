"""What stands between a pair of the largest stable plan, where ties are nobody's claim?"""

from __future__ import annotations

import pytest

from lingyan_matching import Person, Post, Problem, build, explain, solve, ticket


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_tie_that_the_largest_stable_plan_used_is_what_stands_between(seed: int) -> None:
    # The post wants both alike, whatever the lot says; only with b elsewhere both can be placed.
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 1),
        edge_post=(0, 0, 1),
        edge_score=(5, 5, 5),
        edge_person_rank=(1, 1, 2),
        edge_post_rank=(1, 1, 1),
    )
    graph = build(problem)
    plan = solve(graph, mode="stable-best", seed=seed)
    assert [(row.person, row.post) for row in plan.assignments] == [("a", "v"), ("b", "w")]

    (change,) = explain(graph, plan, "b", "v").counterfactual

    assert (change.kind, change.need) == ("rank", 1)
    assert "现第 1，同名次不算超过" in change.text
    assert "抽签" not in change.text


def test_without_places_the_largest_stable_plan_compares_scores_and_draws_no_lot() -> None:
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"),),
        units=(),
        edge_person=(0, 1),
        edge_post=(0, 0),
        edge_score=(7, 5),
    )
    graph = build(problem)

    (best,) = explain(graph, solve(graph, mode="stable-best"), "b", "v").counterfactual
    (drawn,) = explain(graph, solve(graph, mode="stable-people"), "b", "v").counterfactual

    assert "未填名次，按匹配度 7 分，同分不算超过" in best.text
    assert "未填名次，按匹配度 7 分，同分由抽签定" in drawn.text


@pytest.mark.parametrize("seed", range(1, 7))
def test_where_a_tie_was_drawn_the_team_is_named_in_the_order_of_the_lot(seed: int) -> None:
    people = ("a", "b", "c")
    problem = Problem(
        people=tuple(map(Person, people)),
        posts=(Post("v", upper=2),),
        units=(),
        edge_person=(0, 1, 2),
        edge_post=(0, 0, 0),
        edge_score=(5, 5, 5),
        edge_person_rank=(1, 1, 1),
        edge_post_rank=(1, 1, 1),
    )
    graph = build(problem)
    plan = solve(graph, mode="stable-people", seed=seed)
    first, second, third = sorted(people, key=lambda person: ticket(seed, person, "v"))
    assert {row.person for row in plan.assignments} == {first, second}

    (change,) = explain(graph, plan, third, "v").counterfactual

    assert f"{first}、{second}；" in change.text


def test_whom_or_what_nobody_knows_is_named() -> None:
    graph = build(Problem((Person("a"),), (Post("v"),), (), (0,), (0,), (5,)))
    plan = solve(graph)

    with pytest.raises(KeyError, match="no person 'nobody'"):
        explain(graph, plan, "nobody", "v")
    with pytest.raises(KeyError, match="no post 'nowhere'"):
        explain(graph, plan, "a", "nowhere")
