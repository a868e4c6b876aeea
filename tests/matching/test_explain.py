"""Are the reasons true: does the stated smallest change flip the answer, and one point less not?"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from lingyan_matching import Person, Plan, Post, Problem, Unit, build, solve
from lingyan_matching.explain import Explanation, explain
from lingyan_matching.problem import Graph
from lingyan_matching.residual import residual_of
from tests.matching.referee import best_goals, random_problem


def all_explanations(graph: Graph, plan: Plan) -> list[Explanation]:
    residual = residual_of(graph, plan, lots=True)
    return [
        explain(graph, plan, person.id, post.id, residual=residual)
        for person in graph.problem.people
        for post in graph.problem.posts
    ]


def seated_with(graph: Graph, plan: Plan, facts: Explanation, change: int) -> bool:
    """Whether the pair is together once its score has changed and all is solved again."""
    problem = graph.problem
    scores = list(problem.edge_score)
    for edge, (i, g) in enumerate(zip(problem.edge_person, problem.edge_post, strict=True)):
        if (problem.people[i].id, problem.posts[g].id) == (facts.person, facts.post):
            scores[edge] += change
    again = solve(build(replace(problem, edge_score=scores)), mode=plan.mode, seed=plan.seed)
    return (facts.person, facts.post) in {(row.person, row.post) for row in again.assignments}


def check_flip(graph: Graph, plan: Plan, facts: Explanation) -> None:
    need = facts.counterfactual[0].need
    sign = (1 if graph.problem.sense == "max" else -1) * (-1 if facts.assigned else 1)
    assert seated_with(graph, plan, facts, sign * need) is not facts.assigned, facts
    assert seated_with(graph, plan, facts, sign * (need - 1)) is facts.assigned, facts


@pytest.mark.parametrize("block", range(6))
def test_the_smallest_change_flips_the_answer_and_one_point_less_does_not(block):
    seen: Counter[str] = Counter()
    for seed in range(80 * block, 80 * block + 80):
        graph = build(random_problem(seed))
        plan = solve(graph, seed=seed % 3)
        for facts in all_explanations(graph, plan):
            kind = facts.counterfactual[0].kind
            seen[kind] += 1
            if kind == "fit":
                check_flip(graph, plan, facts)
            if kind == "fill":
                check_that_no_score_helps(graph, plan, facts)
    assert seen["fit"] > 50
    assert set(seen) <= {"fit", "fill", "rule", "ban", "pin", "bound"}


def check_that_no_score_helps(graph: Graph, plan: Plan, facts: Explanation) -> None:
    change = 100_000 if graph.problem.sense == "max" else -100_000
    if facts.assigned:
        change = -change
    assert seated_with(graph, plan, facts, change) is facts.assigned


def test_larger_problems_flip_exactly_too():
    for seed in range(30):
        graph = build(random_problem(seed, people=12, posts=8))
        plan = solve(graph)
        for facts in all_explanations(graph, plan)[::5]:
            if facts.counterfactual[0].kind == "fit":
                check_flip(graph, plan, facts)


def test_pairings_flip_exactly_too():
    for seed in range(60):
        graph = build(random_problem(seed, pairing=True))
        plan = solve(graph, mode="pairing")
        for facts in all_explanations(graph, plan):
            if facts.counterfactual[0].kind == "fit":
                check_flip(graph, plan, facts)


def test_a_tie_is_said_to_be_one_and_one_point_decides_it():
    graph = build(
        Problem(
            people=(Person("a"), Person("b")),
            posts=(Post("v"),),
            units=(),
            edge_person=(0, 1),
            edge_post=(0, 0),
            edge_score=(700, 700),
        )
    )
    plan = solve(graph)
    loser = ({"a", "b"} - {row.person for row in plan.assignments}).pop()

    facts = explain(graph, plan, loser, "v")

    assert facts.regret.is_nothing
    assert facts.counterfactual[0].need == 1
    assert "同样好的方案" in facts.counterfactual[0].text
    assert "抽签" in facts.text_zh


def test_where_the_lot_would_decide_after_the_change_it_is_said():
    said = set()
    for seed in range(4):
        graph = build(
            Problem(
                people=(Person("a"), Person("b")),
                posts=(Post("v"),),
                units=(),
                edge_person=(0, 1),
                edge_post=(0, 0),
                edge_score=(700, 690),
            )
        )
        change = explain(graph, solve(graph, seed=seed), "b", "v").counterfactual[0]
        said.add((change.need, "届时两个方案同样好" in change.text))
    assert said == {(10, True), (11, False)}


def test_a_score_that_cannot_be_is_not_asked_for():
    graph = build(
        Problem(
            people=(Person("a"), Person("b")),
            posts=(Post("v"), Post("w")),
            units=(),
            edge_person=(0, 1, 0, 1),
            edge_post=(0, 0, 1, 1),
            edge_score=(900, 800, 200, 800),
        )
    )
    plan = solve(graph)

    free, held = explain(graph, plan, "b", "v"), explain(graph, plan, "b", "w")
    bounded, kept = (
        explain(graph, plan, "b", post, span=(0, 1000)).counterfactual[0] for post in ("v", "w")
    )

    assert "由 800 到 1500" in free.counterfactual[0].text
    assert held.counterfactual[0].kind == "fit"
    assert (bounded.kind, bounded.need) == ("limit", free.counterfactual[0].need)
    assert "现为 800，最高 1000：只提高匹配度不能改变结果" in bounded.text
    assert kept == held.counterfactual[0]


def test_a_brief_answer_leaves_the_alternatives_out_and_nothing_else():
    graph = build(random_problem(8, people=9, posts=6))
    plan = solve(graph)
    for whole in all_explanations(graph, plan):
        brief = explain(graph, plan, whole.person, whole.post, brief=True)
        assert brief.other_people == brief.other_posts == ()
        assert (brief.regret, brief.chain) == (whole.regret, whole.chain)
        assert brief.counterfactual == whole.counterfactual


def test_a_plan_without_a_lot_is_explained_too():
    graph = build(random_problem(27, people=6, posts=5, pinned=False))
    plan = solve(graph, goals=("seats", "score"))

    for facts in all_explanations(graph, plan):
        if facts.counterfactual[0].kind == "fit":
            sign = (1 if graph.problem.sense == "max" else -1) * (-1 if facts.assigned else 1)
            need = facts.counterfactual[0].need
            assert seated_with(graph, plan, facts, sign * need) is not facts.assigned


def test_standing_counts_both_sides_and_equal_scores_share_a_place():
    graph = build(
        Problem(
            people=(Person("a"), Person("b"), Person("c")),
            posts=(Post("v"), Post("w")),
            units=(),
            edge_person=(0, 1, 2, 0),
            edge_post=(0, 0, 0, 1),
            edge_score=(700, 700, 900, 800),
            edge_person_rank=(2, 0, 1, 1),
            edge_post_rank=(3, 1, 2, 1),
        )
    )
    standing = explain(graph, solve(graph), "a", "v").standing

    assert standing.to_json() == {
        "of_person": 2,
        "of_post": 2,
        "eligible_for_post": 3,
        "eligible_for_person": 2,
        "wish_rank": 2,
        "wanted_rank": 3,
    }


def test_standing_is_what_counting_by_hand_gives():
    for seed in range(60):
        graph = build(random_problem(seed, pinned=False))
        problem = graph.problem
        sign = -1 if problem.sense == "min" else 1
        scores = {
            (problem.people[i].id, problem.posts[g].id): sign * score
            for i, g, score in zip(
                problem.edge_person, problem.edge_post, problem.edge_score, strict=True
            )
            if (problem.people[i].id, problem.posts[g].id) not in problem.bans
        }
        for facts in all_explanations(graph, solve(graph)):
            own = scores.get((facts.person, facts.post))
            of_post = [score for (_, g), score in scores.items() if g == facts.post]
            of_person = [score for (i, _), score in scores.items() if i == facts.person]
            ranks = None, None
            if own is not None:
                ranks = tuple(1 + sum(s > own for s in side) for side in (of_post, of_person))
            standing = facts.standing
            assert (standing.of_person, standing.of_post) == ranks
            assert standing.eligible_for_post == len(of_post)
            assert standing.eligible_for_person == len(of_person)


def test_an_assignment_names_the_next_best_on_both_sides_and_what_a_withdrawal_would_cost():
    graph = build(
        Problem(
            people=(Person("li"), Person("wang")),
            posts=(Post("v"), Post("w")),
            units=(),
            edge_person=(0, 1, 0),
            edge_post=(0, 0, 1),
            edge_score=(900, 850, 300),
        )
    )
    plan = solve(graph)

    facts = explain(graph, plan, "wang", "v", names={"wang": "王甲一", "v": "罗盘村", "li": "李"})

    assert facts.assigned
    assert facts.other_people[0].person == "li"
    assert facts.other_people[0].regret.to_json() == {"class-1": 1, "score": 250}
    assert facts.loss_if_withdrawn.to_json() == {"class-1": 1, "score": 250}
    assert facts.counterfactual[0].kind == "fill"
    assert facts.text_zh.startswith("王甲一派到罗盘村。该岗位有 2 名合格人选，其匹配度排第 2；")
    assert "此岗的次优人选是李，若坚持改派：第 1 类岗位少填 1 个" in facts.text_zh


def test_who_is_not_eligible_banned_or_pinned_is_told_so():
    problem = Problem(
        people=(Person("a"), Person("b"), Person("c")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 1),
        edge_post=(0, 0, 1),
        edge_score=(5, 6, 7),
        pins=(("b", "v"),),
        bans=(("b", "w"),),
    )
    graph = build(problem)
    plan = solve(graph)

    def kind(person: str, post: str) -> str:
        return explain(graph, plan, person, post).counterfactual[0].kind

    assert kind("c", "v") == "rule"
    assert kind("b", "w") == "ban"
    assert kind("b", "v") == "pin"
    assert kind("a", "v") == "pin"
    assert not explain(graph, plan, "c", "v").eligible


def test_a_unit_without_a_place_is_a_bound_and_not_a_pin():
    problem = Problem(
        people=(Person("a", "u"),),
        posts=(Post("v"),),
        units=(Unit("u", 0),),
        edge_person=(0,),
        edge_post=(0,),
        edge_score=(5,),
    )
    graph = build(problem)

    facts = explain(graph, solve(graph), "a", "v")

    assert facts.counterfactual[0].kind == "bound"
    assert facts.regret is None


def test_the_explanation_is_plain_json():
    graph = build(random_problem(5))
    plan = solve(graph)

    for facts in all_explanations(graph, plan):
        data = json.loads(json.dumps(facts.to_json(), ensure_ascii=False))
        assert data["format"] == "lingyan.explanation/1"
        assert data["text_zh"]


def test_the_price_in_an_explanation_of_either_side_is_the_same():
    for seed in range(80):
        graph = build(random_problem(seed))
        plan = solve(graph)
        problem = graph.problem
        best = best_goals(problem)
        for facts in all_explanations(graph, plan):
            for price in (*facts.other_people, *facts.other_posts):
                forced = best_goals(problem, pins=[(price.person, price.post)])
                lost = [old - new for old, new in zip(best, forced, strict=True)]
                assert list(price.regret.amounts) == lost[-len(price.regret.amounts) :]


# --- stable plans ------------------------------------------------------------------------------


def ranked(seed: int) -> Problem:
    problem = random_problem(seed, pinned=seed % 2 == 0)
    wishes = [(edge * 7 + seed) % 4 for edge in range(len(problem.edge_score))]
    wanted = [(edge * 5 + seed) % 5 for edge in range(len(problem.edge_score))]
    return replace(problem, edge_person_rank=wishes, edge_post_rank=wanted)


@pytest.mark.parametrize("mode", ["stable-people", "stable-posts"])
def test_a_stable_plan_says_for_every_pair_apart_what_stands_between(mode):
    seen: Counter[str] = Counter()
    for seed in range(80):
        graph = build(ranked(seed))
        plan = solve(graph, mode=mode)
        for person in graph.problem.people:
            for post in graph.problem.posts:
                facts = explain(graph, plan, person.id, post.id)
                seen.update(change.kind for change in facts.counterfactual)
                assert facts.text_zh
                assert bool(facts.counterfactual) or facts.assigned
    assert {"rank", "wish", "unit", "rule", "ban", "pin"} <= set(seen)


def test_the_largest_stable_plan_is_explained_with_ties_left_open():
    for seed in (2, 5, 9):
        graph = build(ranked(seed))
        plan = solve(graph, mode="stable-best")
        for person in graph.problem.people:
            for post in graph.problem.posts:
                facts = explain(graph, plan, person.id, post.id)
                assert facts.assigned or facts.counterfactual


def test_a_post_names_the_people_it_prefers_and_the_place_to_be_passed():
    problem = Problem(
        people=(Person("a"), Person("b"), Person("c")),
        posts=(Post("v", upper=2),),
        units=(),
        edge_person=(0, 1, 2),
        edge_post=(0, 0, 0),
        edge_score=(5, 6, 7),
        edge_person_rank=(1, 1, 1),
        edge_post_rank=(1, 2, 3),
    )
    graph = build(problem)
    plan = solve(graph, mode="stable-people")

    facts = explain(graph, plan, "c", "v", names={"v": "罗盘村"})

    assert facts.counterfactual[0].kind == "rank"
    assert facts.counterfactual[0].need == 2
    assert "罗盘村更愿意要这 2 人：a、b" in facts.text_zh

    ahead = replace(problem, edge_post_rank=(1, 3, 2))
    again = solve(build(ahead), mode="stable-people")
    assert ("c", "v") in {(row.person, row.post) for row in again.assignments}


def test_a_person_who_has_something_better_is_told_what():
    problem = Problem(
        people=(Person("a"),),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 0),
        edge_post=(0, 1),
        edge_score=(5, 6),
        edge_person_rank=(2, 1),
        edge_post_rank=(1, 1),
    )
    graph = build(problem)

    facts = explain(graph, solve(graph, mode="stable-people"), "a", "v")

    assert facts.counterfactual[0].kind == "wish"
    assert "更愿意去现在的w" in facts.text_zh
