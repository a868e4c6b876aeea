"""What stands between a pair of the largest stable plan, where ties are nobody's claim?"""

from __future__ import annotations

import pytest

from lingyan_matching import Person, Post, Problem, build, explain, solve


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
