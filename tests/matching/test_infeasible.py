"""Is every empty seat explained by a set that anybody can count?"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from lingyan_matching import Person, Post, Problem, Unit, build, solve
from lingyan_matching.infeasible import PINS, Competition, why_empty
from lingyan_matching.verify_hall import check_hall
from tests.matching.referee import random_problem


def flat(seed: int) -> Problem:
    """A random problem in which every seat counts the same, so that only numbers matter."""
    return random_problem(seed, people=5, posts=5)


def empty_seats(problem: Problem) -> int:
    plan = solve(build(problem))
    return sum(post.upper for post in problem.posts) - len(plan.assignments)


def count_supply(problem: Problem, posts: set[str]) -> int:
    """Count by hand how many people can serve some posts: pins, bans and unit limits included."""
    pinned, bans = dict(problem.pins), set(problem.bans)
    unit_of = {person.id: person.unit for person in problem.people}
    room = {unit.id: unit.limit for unit in problem.units}
    for person in pinned:
        if unit_of[person] in room:
            room[unit_of[person]] -= 1
    free = {
        problem.people[i].id
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
        if problem.posts[g].id in posts
        and problem.people[i].id not in pinned
        and (problem.people[i].id, problem.posts[g].id) not in bans
    }
    of_unit = Counter(unit_of[person] for person in free)
    supply = sum(min(count, room.get(unit, count)) for unit, count in of_unit.items())
    return supply + sum(post in posts for post in pinned.values())


def deficit(problem: Problem, posts: set[str]) -> int:
    seats = sum(post.upper for post in problem.posts if post.id in posts)
    return seats - count_supply(problem, posts)


@pytest.mark.parametrize("block", range(4))
def test_the_sets_are_disjoint_true_and_explain_every_empty_seat(block):
    for seed in range(150 * block, 150 * block + 150):
        graph = build(flat(seed))
        problem, plan = graph.problem, solve(graph)
        shortage = why_empty(graph, plan)
        empty = sum(post.upper for post in problem.posts) - len(plan.assignments)
        assert sum(found.deficit for found in shortage.sets) == empty, seed
        assert not shortage.fillable
        for found in shortage.sets:
            assert found.supply == count_supply(problem, set(found.posts)), seed
            assert found.deficit == deficit(problem, set(found.posts)) > 0
        for one, other in combinations(shortage.sets, 2):
            assert not set(one.posts) & set(other.posts)
            assert not (set(one.people) - set(dict(problem.pins))) & set(other.people)


def test_every_set_is_counted_again_by_the_checker_and_any_other_is_refuted():
    refuted = 0
    for seed in range(300):
        graph = build(flat(seed))
        problem, plan = graph.problem, solve(graph)
        hall = [found.to_json() for found in why_empty(graph, plan).sets]
        assert check_hall(problem, plan, json.loads(json.dumps(hall))) is None, seed
        for claim in hall:
            refuted += 1
            others = [other for other in hall if other is not claim]
            assert check_hall(problem, plan, others)
            assert check_hall(problem, plan, [*hall, claim])
            assert check_hall(problem, plan, [*others, {**claim, "seats": claim["seats"] + 1}])
    assert refuted > 100


def test_no_post_of_a_set_can_be_left_out():
    for seed in range(300):
        graph = build(flat(seed))
        for found in why_empty(graph, solve(graph)).sets:
            for post in found.posts:
                assert deficit(graph.problem, set(found.posts) - {post}) < found.deficit


def test_one_post_is_explained_by_a_set_that_holds_it():
    for seed in range(300):
        graph = build(flat(seed))
        plan = solve(graph)
        filled = Counter(row.post for row in plan.assignments)
        for post in graph.problem.posts:
            shortage = why_empty(graph, plan, post.id)
            if filled[post.id] == post.upper:
                assert shortage.is_nothing
                assert shortage.text_zh == "没有空缺的岗位。"
            else:
                (holding,) = shortage.sets
                assert post.id in holding.posts
                assert holding.deficit == deficit(graph.problem, set(holding.posts)) > 0


def test_what_lifting_a_rule_adds_is_what_a_new_solve_fills():
    for seed in range(150):
        problem = build(flat(seed)).problem
        open_pairs = set(zip(problem.edge_person, problem.edge_post, strict=True))
        closed = [
            (person.id, post.id)
            for i, person in enumerate(problem.people)
            for g, post in enumerate(problem.posts)
            if (i, g) not in open_pairs
        ]
        rules = {"R10": closed[::2], "R11": closed[1::2], "R16": list(problem.bans)}
        graph = build(problem)
        plan = solve(graph)
        lifts = {lift.rule: lift for lift in why_empty(graph, plan, lift=rules).lifts}
        for rule, pairs in rules.items():
            if rule in lifts:
                after = empty_seats(lifted(problem, pairs))
                assert lifts[rule].seats_added == empty_seats(problem) - after, (seed, rule)
        if PINS in lifts:
            after = empty_seats(replace(problem, pins=()))
            assert lifts[PINS].seats_added == empty_seats(problem) - after


def lifted(problem: Problem, pairs: list[tuple[str, str]]) -> Problem:
    people = {person.id: i for i, person in enumerate(problem.people)}
    posts = {post.id: g for g, post in enumerate(problem.posts)}
    known = set(zip(problem.edge_person, problem.edge_post, strict=True))
    fresh = [(people[i], posts[g]) for i, g in pairs if (people[i], posts[g]) not in known]
    return replace(
        problem,
        edge_person=[*problem.edge_person, *(i for i, _ in fresh)],
        edge_post=[*problem.edge_post, *(g for _, g in fresh)],
        edge_score=[*problem.edge_score, *(0 for _ in fresh)],
        bans=tuple(ban for ban in problem.bans if ban not in pairs),
    )


def four_villages() -> Problem:
    """Four villages ask for seven people; five are eligible, and one elsewhere has many."""
    people = tuple(Person(f"p{i}") for i in range(8))
    posts = (
        Post("g1", upper=2, village="v1"),
        Post("g2", upper=2, village="v2"),
        Post("g3", upper=2, village="v3"),
        Post("g4", upper=1, village="v4"),
        Post("h", upper=2, village="w"),
    )
    pairs = [(i, g) for g in range(4) for i in range(5)] + [(i, 4) for i in range(5, 8)]
    return Problem(
        people=people,
        posts=posts,
        units=(),
        edge_person=tuple(i for i, _ in pairs),
        edge_post=tuple(g for _, g in pairs),
        edge_score=tuple(500 + i for i, _ in pairs),
    )


def test_the_shortage_is_told_in_plain_words():
    graph = build(four_villages())

    shortage = why_empty(
        graph,
        solve(graph),
        lift={"R10": [("p5", "g1"), ("p6", "g1"), ("p5", "g2")], "R11": []},
        names={"R10": "职级要求", "R11": "语言要求"},
    )

    assert [found.posts for found in shortage.sets] == [("g1", "g2", "g3", "g4")]
    lines = shortage.text_zh.splitlines()
    assert lines[0].startswith("下列 4 个村的 7 个岗位，全县只有 5 名人选合格：g1、g2、g3、g4；")
    assert lines[1] == "放开职级要求：增加 2 名合格人选，可多填 1 个岗位。"
    assert lines[2] == "放开语言要求：增加 0 名合格人选，可多填 0 个岗位。"
    data = json.loads(json.dumps(shortage.to_json()))
    assert data["hall"][0]["deficit"] == 2
    assert data["hall"][0]["full_units"] == []
    assert data["lifts"][0] == {"rule": "R10", "people_added": 2, "seats_added": 1}


def test_pins_that_take_the_people_away_are_named_first():
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 0, 1),
        edge_post=(0, 1, 1),
        edge_score=(5, 6, 7),
        pins=(("a", "w"),),
    )
    graph = build(problem)

    shortage = why_empty(graph, solve(graph))

    assert shortage.sets[0].pins == (("a", "w"),)
    assert not shortage.is_nothing
    assert shortage.text_zh.startswith("人工指定占用了这里合格的人选：a（指定在w）。")
    assert shortage.text_zh.endswith("放开全部人工指定：增加 1 名合格人选，可多填 1 个岗位。")


def test_a_full_unit_is_named_with_its_limit():
    problem = Problem(
        people=(Person("a", "u"), Person("b", "u"), Person("c", "u")),
        posts=(Post("v"), Post("w")),
        units=(Unit("u", 1),),
        edge_person=(0, 1, 2),
        edge_post=(0, 1, 1),
        edge_score=(5, 6, 7),
    )
    graph = build(problem)

    found = why_empty(graph, solve(graph)).sets

    assert len(found) == 1
    assert found[0].to_json()["full_units"] == [{"unit": "u", "limit": 1, "eligible": 3}]
    assert "受派出单位名额限制只能派 1 人" in found[0].text({})
    assert "单位财政局在此有 3 人合格，名额只能再派 1 人。" in found[0].text({"u": "财政局"})


def test_nobody_eligible_is_said_plainly():
    graph = build(Problem((Person("a"),), (Post("v"), Post("w", upper=2)), (), (0,), (0,), (5,)))

    shortage = why_empty(graph, solve(graph), "w")

    assert shortage.text_zh == "下列 1 个岗位组的 2 个岗位，没有一名人选合格：w。"


def test_long_lists_are_cut():
    many = tuple(Post(f"g{g:02}") for g in range(20))
    graph = build(Problem((), many, (), (), (), ()))

    shortage = why_empty(graph, solve(graph))

    assert len(shortage.sets) == 20
    assert " 等 20 个" in Competition(tuple(p.id for p in many), (), (), 20, 0).text({})


def test_a_stable_plan_may_leave_seats_that_could_be_filled():
    # b would fill w, but then a and v would rather have each other.
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v"), Post("w")),
        units=(),
        edge_person=(0, 1, 0),
        edge_post=(0, 0, 1),
        edge_score=(5, 6, 7),
        edge_person_rank=(1, 1, 2),
        edge_post_rank=(1, 2, 1),
    )
    graph = build(problem)
    plan = solve(graph, mode="stable-people")
    assert [(row.person, row.post) for row in plan.assignments] == [("a", "v")]

    shortage = why_empty(graph, plan)

    assert shortage.fillable == ("w",)
    assert not shortage.sets
    assert not shortage.is_nothing
    assert "有人可派而没有派：w" in shortage.text_zh


def test_an_unknown_post_is_named():
    graph = build(flat(1))

    with pytest.raises(KeyError, match="nowhere"):
        why_empty(graph, solve(graph), "nowhere")


def test_villages_that_no_unit_can_take_are_counted_in_a_pairing():
    problem = Problem(
        people=(Person("bureau", upper=1), Person("school", upper=2)),
        posts=(Post("v1"), Post("v2"), Post("v3"), Post("w")),
        units=(),
        edge_person=(0, 0, 1),
        edge_post=(0, 1, 3),
        edge_score=(5, 6, 7),
    )
    graph = build(problem)
    plan = solve(graph, mode="pairing")

    shortage = why_empty(graph, plan)

    assert sum(found.deficit for found in shortage.sets) == 2
    assert "下列 3 个村还至少要结对 3 次，符合条件的 1 个单位合计最多承担 1 次" in shortage.text_zh
    assert why_empty(graph, plan, "w").text_zh == "没有缺结对单位的村。"


def test_a_village_that_no_unit_fits_is_told_so():
    graph = build(Problem((Person("bureau"),), (Post("v1"), Post("v2")), (), (0,), (0,), (5,)))

    text = why_empty(graph, solve(graph, mode="pairing")).text_zh

    assert text == "下列 1 个村没有一个单位符合结对条件：v2。"


def test_pins_and_lone_villages_are_named_in_a_pairing():
    problem = Problem(
        people=(Person("bureau", upper=1),),
        posts=(Post("v1", upper=2), Post("v2"), Post("v3")),
        units=(),
        edge_person=(0, 0),
        edge_post=(0, 1),
        edge_score=(5, 6),
        pins=(("bureau", "v1"),),
    )
    graph = build(problem)
    plan = solve(graph, mode="pairing")

    text = why_empty(graph, plan, names={"bureau": "财政局"}).text_zh

    assert text.startswith("人工指定 财政局—v1 已占用名额。下列 2 个村")


def test_many_full_units_are_counted_and_not_all_listed():
    units = tuple(Unit(f"u{u:02}", 0) for u in range(15))
    people = tuple(Person(f"p{u:02}", f"u{u:02}") for u in range(15))
    every = tuple(range(15))
    graph = build(Problem(people, (Post("v", upper=15),), units, every, (0,) * 15, every))

    assert "名额不够的单位共 15 个。" in why_empty(graph, solve(graph)).text_zh
