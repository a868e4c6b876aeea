"""Does every price equal the difference of two full solves?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from lingyan_matching import BadInstance, Person, Plan, Post, Problem, Unit, build, solve
from lingyan_matching.explain import Price, loss_if_withdrawn, prices
from lingyan_matching.problem import Graph
from lingyan_matching.residual import NotBestError, residual_of
from tests.matching.referee import best_goals, random_problem

Solved = tuple[Problem, Graph, Plan]


def solved(problem: Problem, **asked: object) -> Solved:
    graph = build(problem)
    return graph.problem, graph, solve(graph, **asked)


def all_prices(graph: Graph, plan: Plan) -> list[Price]:
    residual = residual_of(graph, plan)
    return [
        price
        for post in graph.problem.posts
        for price in prices(graph, plan, post.id, residual=residual)
    ]


def difference(before: tuple[int, ...] | None, after: tuple[int, ...] | None) -> tuple[int, ...]:
    assert before is not None
    assert after is not None
    return tuple(old - new for old, new in zip(before, after, strict=True))


def wide(amounts: tuple[int, ...], problem: Problem) -> tuple[int, ...]:
    """The goal of lower bounds is not named where nobody asks for any."""
    rows = (*problem.people, *problem.posts)
    return amounts if any(row.lower for row in rows) else (0, *amounts)


@pytest.mark.parametrize("block", range(5))
def test_a_price_is_what_the_exhaustive_referee_loses_when_the_pair_is_forced(block):
    for seed in range(150 * block, 150 * block + 150):
        problem, graph, plan = solved(random_problem(seed))
        best = best_goals(problem)
        for price in all_prices(graph, plan):
            forced = best_goals(problem, pins=[(price.person, price.post)])
            if price.regret is None:
                assert forced is None, (seed, price)
            else:
                amounts = wide(price.regret.amounts, problem)
                assert amounts == difference(best, forced), (seed, price)


@pytest.mark.parametrize("block", range(4))
def test_a_price_is_the_difference_of_two_full_solves_and_the_chain_leads_there(block):
    for seed in range(1000 + 50 * block, 1050 + 50 * block):
        problem, graph, plan = solved(random_problem(seed, people=9, posts=6))
        for price in all_prices(graph, plan):
            if price.regret is None:
                with pytest.raises(BadInstance):
                    solve(graph, pins=[(price.person, price.post)])
                continue
            forced = solve(graph, pins=[(price.person, price.post)])
            assert [goal.name for goal in plan.goals] == list(price.regret.names)
            sign = [-1 if problem.sense == "min" and g.name == "score" else 1 for g in plan.goals]
            lost = [
                s * (old.value - new.value)
                for s, old, new in zip(sign, plan.goals, forced.goals, strict=True)
            ]
            assert lost == list(price.regret.amounts), (seed, price)
            assert score_after(plan, price, problem) == forced.goal("score").value


def score_after(plan: Plan, price: Price, problem: Problem) -> int:
    """Carry out the chain of a price on the plan, check the bounds, and add the scores up."""
    pairs = {(row.person, row.post) for row in plan.assignments}
    for move in price.chain:
        pairs -= {(move.person, move.source)}
        pairs |= {(move.person, move.target)} if move.target else set()
    scores = {
        (problem.people[i].id, problem.posts[g].id): score
        for i, g, score in zip(
            problem.edge_person, problem.edge_post, problem.edge_score, strict=True
        )
    }
    assert (price.person, price.post) in pairs
    assert len({person for person, _ in pairs}) == len(pairs)
    for post in problem.posts:
        assert sum(at == post.id for _, at in pairs) <= post.upper
    for unit in problem.units:
        members = {person.id for person in problem.people if person.unit == unit.id}
        assert sum(person in members for person, _ in pairs) <= unit.limit
    return sum(scores[pair] for pair in pairs)


def test_a_price_of_a_pairing_is_what_the_referee_loses():
    for seed in range(200):
        problem, graph, plan = solved(random_problem(seed, pairing=True, people=4), mode="pairing")
        best = best_goals(problem, pairing=True)
        for price in all_prices(graph, plan):
            pair = (price.person, price.post)
            forced = best_goals(problem, pins=[pair], pairing=True)
            assert (price.regret is None) == (forced is None), (seed, price)
            if price.regret is not None:
                assert [goal.name for goal in plan.goals] == list(price.regret.names)
                assert wide(price.regret.amounts, problem) == difference(best, forced), (
                    seed,
                    price,
                )


def test_further_pins_bans_and_limits_of_the_run_are_respected():
    for seed in range(40):
        problem, graph, plan = solved(random_problem(seed, pinned=False))
        if len(plan.assignments) < 2:
            continue
        first, second = plan.assignments[:2]
        pins, bans = [(first.person, first.post)], [(second.person, second.post)]
        narrowed = solve(graph, pins=pins, bans=bans)
        best = best_goals(problem, pins=pins, bans=bans)
        for price in all_prices(graph, narrowed):
            assert (price.person, price.post) not in bans
            forced = best_goals(problem, pins=[*pins, (price.person, price.post)], bans=bans)
            assert (price.regret is None) == (forced is None)
            if price.regret is not None:
                assert wide(price.regret.amounts, problem) == difference(best, forced)


def test_changes_against_the_plan_in_force_are_priced_as_a_goal_of_their_own():
    for seed in range(40):
        _, graph, old = solved(random_problem(seed, pinned=False))
        if not old.assignments:
            continue
        bans = [(old.assignments[0].person, old.assignments[0].post)]
        for goals in (("seats", "changes", "score", "lot"), ("seats", "score", "changes", "lot")):
            plan = solve(graph, base_plan=old, goals=goals, bans=bans)
            for price in all_prices(graph, plan):
                if price.regret is None:
                    continue
                pins = [(price.person, price.post)]
                forced = solve(graph, base_plan=old, goals=goals, bans=bans, pins=pins)
                more = forced.goal("changes").value - plan.goal("changes").value
                assert price.regret.amount("changes") == more


def test_what_is_lost_when_somebody_withdraws_is_what_the_others_cannot_make_up():
    for seed in range(150):
        problem, graph, plan = solved(random_problem(seed, pinned=False))
        best = best_goals(problem)
        residual = residual_of(graph, plan)
        for person in problem.people:
            loss = loss_if_withdrawn(graph, plan, person.id, residual=residual)
            rest = best_goals(problem, bans=[(person.id, post.id) for post in problem.posts])
            assert wide(loss.amounts, problem) == difference(best, rest)


def test_the_price_names_who_moves_where():
    # Two villages; insisting on Zhao for the first one sends Qian to the second.
    problem = Problem(
        people=(Person("qian"), Person("zhao")),
        posts=(Post("v1"), Post("v2")),
        units=(),
        edge_person=(0, 1, 0, 1),
        edge_post=(0, 0, 1, 1),
        edge_score=(900, 800, 500, 600),
    )
    _, graph, plan = solved(problem)

    dearer = prices(graph, plan, "v1")[1]

    assert dearer.person == "zhao"
    assert dearer.regret.points == 900 + 600 - 800 - 500
    assert [move.to_json() for move in dearer.chain] == [
        {"person": "zhao", "from": "v2", "to": "v1"},
        {"person": "qian", "from": "v1", "to": "v2"},
    ]


def test_the_cheapest_comes_first_and_whom_no_price_can_get_comes_last():
    # Four want the first post; Zhao is needed where he was named, and Wang and Qian cost the same.
    problem = Problem(
        people=(Person("li"), Person("qian"), Person("wang"), Person("zhao")),
        posts=(Post("v1"), Post("v2")),
        units=(),
        edge_person=(0, 1, 2, 3, 3),
        edge_post=(0, 0, 0, 0, 1),
        edge_score=(900, 500, 500, 990, 100),
        pins=(("zhao", "v2"),),
    )
    _, graph, plan = solved(problem)

    found = prices(graph, plan, "v1")

    assert [price.person for price in found] == ["li", "qian", "wang", "zhao"]
    assert [price.held for price in found] == [True, False, False, False]
    assert found[3].regret is None


def test_a_full_unit_gives_up_somebody_else():
    problem = Problem(
        people=(Person("a", "bureau"), Person("b", "bureau"), Person("c")),
        posts=(Post("v1"), Post("v2")),
        units=(Unit("bureau", 1),),
        edge_person=(0, 1, 2),
        edge_post=(0, 1, 0),
        edge_score=(900, 100, 300),
    )
    _, graph, plan = solved(problem)

    assert [(row.person, row.post) for row in plan.assignments] == [("c", "v1"), ("b", "v2")]

    insisted = next(price for price in prices(graph, plan, "v1") if price.person == "a")

    assert insisted.regret.to_json() == {"class-1": 1, "score": -500}
    assert insisted.regret.text() == "第 1 类岗位少填 1 个，全县匹配度增加 500 分"
    assert {(m.person, m.source, m.target) for m in insisted.chain} == {
        ("a", None, "v1"),
        ("b", "v2", None),
        ("c", "v1", None),
    }


def test_a_plan_that_can_be_improved_has_no_prices():
    problem, graph, plan = solved(random_problem(3, pinned=False))
    worse = replace(plan, assignments=plan.assignments[1:])

    with pytest.raises(NotBestError):
        prices(graph, worse, problem.posts[0].id)


def test_an_unknown_post_is_named():
    _, graph, plan = solved(random_problem(3))

    with pytest.raises(KeyError, match="no post 'nowhere'"):
        prices(graph, plan, "nowhere")
