"""Needs and portraits become the engine's problem: by columns, but as if pair by pair."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from lingyan.posting.problem import (
    PostingProblem,
    VillageNeed,
    build_posting,
    explanation,
    filling_class,
    filling_label,
    from_snapshot,
    names_of,
    post_id,
    snapshot,
    snapshot_digest,
)
from lingyan.posting.problem.standing import Standings
from lingyan.posting.problem.supply import supplies
from lingyan.posting.rules import Outcome, PersonFacts, VillageFacts, mask_of
from lingyan_matching import build, canonical, solve, verify
from tests.posting.round_maker import a_round


@pytest.fixture(scope="module", params=[1, 2, 3])
def problem(request: pytest.FixtureRequest) -> PostingProblem:
    return build_posting(*a_round(12, 40, members=2, seed=request.param))


def test_the_masks_say_what_the_rules_say_pair_by_pair(problem: PostingProblem) -> None:
    for place in problem.posts:
        for person in problem.people:
            results = problem.results(person.id, place.id)
            assert mask_of(results) == problem.mask(person.id, place.id)
            warned = {line.rule for line in results if line.outcome == Outcome.WARN}
            failed = set(problem.failed_rules(person.id, place.id))
            assert set(problem.warning_rules(person.id, place.id)) - failed == warned


def test_the_columns_give_the_fit_pair_by_pair(problem: PostingProblem) -> None:
    edges = problem.problem
    pairs = list(zip(edges.edge_person, edges.edge_post, edges.edge_score, strict=True))

    eligible = sum(not mask for masks in problem.masks for mask in masks)
    assert len(pairs) == eligible > 0
    for person, post, score in pairs:
        parts = problem.parts(problem.people[person].id, problem.posts[post].id)
        assert parts.total == score


def test_ranks_travel_with_the_pairs(problem: PostingProblem) -> None:
    edges = problem.problem
    assert edges.edge_person_rank is not None
    assert edges.edge_post_rank is not None
    for number, (person, post) in enumerate(zip(edges.edge_person, edges.edge_post, strict=True)):
        rank = explanation(problem, None, edges.people[person].id, edges.posts[post].id)["rank"]
        assert edges.edge_person_rank[number] == (rank["wish_rank"] or 0)
        assert edges.edge_post_rank[number] == (rank["wanted_rank"] or 0)


def test_the_order_of_rows_changes_nothing() -> None:
    needs, people, settings = a_round(8, 25)
    draw = random.Random(4)
    first = build_posting(needs, people, settings)

    draw.shuffle(needs)
    draw.shuffle(people)
    again = build_posting(needs, people, settings)

    assert again.problem == first.problem == canonical(first.problem)
    assert again.masks == first.masks


def test_a_plan_of_the_problem_proves_itself(problem: PostingProblem) -> None:
    plan = solve(build(problem.problem), carrier="plain")

    assert verify(problem.problem, plan).ok


@pytest.mark.parametrize(
    ("priority", "role", "klass", "label"),
    [
        (1, "first_secretary", 1, "第一书记（优先级 1）"),
        (3, "first_secretary", 3, "第一书记（优先级 3）"),
        (1, "member", 4, "工作队员（优先级 1）"),
        (3, "member", 6, "工作队员（优先级 3）"),
    ],
)
def test_first_secretaries_are_filled_before_members_each_by_priority(
    priority: int, role: str, klass: int, label: str
) -> None:
    """matching-design 1.4."""
    assert filling_class(priority, role) == klass
    assert filling_label(klass) == label


def test_a_first_secretary_of_the_last_class_comes_before_a_member_of_the_first() -> None:
    needs = [
        VillageNeed(VillageFacts("a", "甲村"), klass=1, first_secretaries=0, members=1),
        VillageNeed(VillageFacts("b", "乙村"), klass=3),
    ]
    _, people, settings = a_round(1, 1)
    alone = replace(people[0], facts=PersonFacts("x", "李甲一"))
    problem = build_posting(needs, [alone], replace(settings, rules=()))

    plan = solve(build(problem.problem), carrier="plain")

    assert [row.post for row in plan.assignments] == ["b/first_secretary"]


def test_the_engine_s_classes_are_said_in_words() -> None:
    problem = build_posting(*a_round(2, 3))
    engine = {"text_zh": "第 4 类岗位少填 1 个。"}

    said = explanation(problem, engine, problem.people[0].id, problem.posts[0].id)

    assert said["text_zh"].endswith("工作队员（优先级 1）岗位少填 1 个。")


def test_a_post_without_seats_is_no_post() -> None:
    needs, people, settings = a_round(3, 5)
    bare = [replace(need, first_secretaries=0, members=0) for need in needs]

    problem = build_posting(bare, people, settings)

    assert problem.posts == ()
    assert problem.problem.posts == ()


def test_only_ranked_pairs_if_the_county_wants_so() -> None:
    """cfg match.allow_unranked."""
    needs, people, settings = a_round(6, 20)
    strict = build_posting(needs, people, replace(settings, allow_unranked=False))

    ranks = strict.problem.edge_person_rank
    assert ranks is not None
    assert all(ranks)


def test_a_rule_that_was_not_checked_puts_nobody_out_and_is_listed() -> None:
    needs, people, settings = a_round(6, 20)
    strangers = [replace(one, facts=replace(one.facts, political_status=None)) for one in people]

    checked = build_posting(needs, strangers, settings)
    unchecked = build_posting(needs, strangers, replace(settings, unchecked=("R04",)))

    post = next(place.id for place in checked.posts if place.role == "first_secretary")
    assert all("R04" in checked.failed_rules(one.id, post) for one in people)
    assert not any("R04" in unchecked.failed_rules(one.id, post) for one in people)
    assert [rule.code for rule in unchecked.unchecked] == ["R04"]


def test_what_lifting_a_rule_would_open_is_what_it_alone_puts_out(problem: PostingProblem) -> None:
    found = problem.liftable()

    assert not {"R07", "R09"} & set(found)
    for code, pairs in found.items():
        for pair in pairs:
            assert problem.failed_rules(*pair) == (code,)


# --- explanations -------------------------------------------------------------------------------


def test_an_explanation_takes_the_fit_apart_and_adds_up(problem: PostingProblem) -> None:
    for person in problem.people[:10]:
        for place in problem.posts[:6]:
            said = explanation(problem, None, person.id, place.id)
            fit, weights = said["fit"], said["fit"]["weights"]

            total = sum(weights[name] * points for name, points in fit["parts"].items()) // 100
            assert fit["total"] == total
            won = sum(line["won"] for line in fit["needs"])
            assert 0 <= fit["parts"]["cover"] - won <= len(fit["needs"])
            assert all(line["lost"] >= 0 for line in fit["needs"])


def test_an_explanation_names_what_puts_the_pair_out(problem: PostingProblem) -> None:
    for person in problem.people:
        place = problem.posts[0]
        failed = problem.failed_rules(person.id, place.id)
        said = explanation(problem, None, person.id, place.id)
        out = [line for line in said["eligibility"] if line["result"] in ("fail", "unknown")]
        assert bool(out) == bool(failed)
        assert ("硬性条件通过" in said["text_zh"]) == (not failed)


def test_an_explanation_takes_in_what_the_engine_says() -> None:
    problem = build_posting(*a_round(4, 10))
    pair = problem.people[0].id, problem.posts[0].id
    engine = {
        "plan": "p1",
        "rank": {"of_person": 3},
        "text_zh": "另有人选。",
        "regret": {"score": 5},
    }

    said = explanation(problem, engine, *pair)

    assert said["plan"] == "p1"
    assert said["rank"]["of_person"] == 3
    assert said["regret"] == {"score": 5}
    assert said["text_zh"].endswith("另有人选。")


def test_the_needs_that_could_bring_points_bring_them_when_they_are_met() -> None:
    """matching-design 3.7: levels raised as stated, the round built again."""
    needs, people, settings = a_round(4, 10)
    problem = build_posting(needs, people, settings)
    found = 0
    for candidate in problem.people:
        for place in problem.posts:
            before = problem.parts(candidate.id, place.id).total
            for line in supplies(problem, candidate.id, place.id):
                raised = replace(candidate, levels={**candidate.levels, line.dim: line.needed})
                others = [one for one in people if one.id != candidate.id]
                again = build_posting(needs, [*others, raised], settings)
                assert again.parts(candidate.id, place.id).total - before == line.points > 0
                found += 1
    assert found > 20


@pytest.mark.parametrize(
    ("levels", "wanted", "said"),
    [(0, 1, "可由这些需求项补"), (0, 999, "不够"), (4, 5, "没有可补的需求项")],
)
def test_a_change_says_whether_the_needs_can_bring_it(levels: int, wanted: int, said: str) -> None:
    needs, people, settings = a_round(2, 3)
    everything = {line.capability: levels for need in needs for line in need.profile}
    problem = build_posting(
        needs, [replace(one, levels=dict(everything)) for one in people], settings
    )
    pair = problem.people[0].id, problem.posts[0].id
    change = {"kind": "fit", "need": wanted, "text": "提高。"}

    one = explanation(problem, {"counterfactual": [change]}, *pair, assigned=False)

    assert said in one["counterfactual"][0]["supply_text"]
    assert one["text_zh"].endswith(one["counterfactual"][0]["supply_text"])
    kept = explanation(problem, {"counterfactual": [change]}, *pair)
    assert kept["counterfactual"] == [change]


def test_the_standing_counts_who_scores_better(problem: PostingProblem) -> None:
    edges = problem.problem
    pairs = list(zip(edges.edge_person, edges.edge_post, edges.edge_score, strict=True))
    standings = Standings(problem)

    for person, post, score in pairs[::5]:
        ids = problem.people[person].id, problem.posts[post].id
        at_post = [points for _, g, points in pairs if g == post]
        at_person = [points for i, _, points in pairs if i == person]
        assert standings.of(*ids, score) == (
            1 + sum(points > score for points in at_post),
            1 + sum(points > score for points in at_person),
        )
        assert standings.counts(*ids) == (len(at_post), len(at_person))


def test_the_runner_up_is_the_best_who_was_sent_nowhere() -> None:
    problem = build_posting(*a_round(3, 12))
    post = problem.posts[0].id
    everybody = {one.id for one in problem.people}
    eligible = problem.eligible_people(post)

    best = Standings(problem).runner_up(post, seated=())
    assert best is not None
    assert best[1] == max(problem.parts(one, post).total for one in eligible)
    assert Standings(problem).runner_up(post, seated=everybody) is None


def test_names_speak_of_people_and_posts() -> None:
    problem = build_posting(*a_round(2, 3))

    names = names_of(problem)

    assert names["p000"].startswith("李0（单位")
    assert names[problem.posts[0].id] in {"村0第一书记", "村0工作队员", "村1第一书记"}


# --- snapshots ----------------------------------------------------------------------------------


def test_a_snapshot_gives_the_same_problem_again(problem: PostingProblem) -> None:
    stored = json.loads(json.dumps(snapshot(problem), ensure_ascii=False))

    again = from_snapshot(stored)

    assert again.problem == problem.problem
    assert again.masks == problem.masks
    assert again.warned == problem.warned
    assert snapshot_digest(snapshot(again)) == snapshot_digest(stored)


def test_a_snapshot_holds_no_health_and_no_discipline() -> None:
    needs, people, settings = a_round(3, 4)
    ill = replace(
        people[0],
        facts=replace(people[0].facts, health="unfit", discipline="under_investigation"),
    )

    stored = snapshot(build_posting(needs, [ill, *people[1:]], settings))
    text = json.dumps([stored["people"], stored["needs"]])

    for word in ("unfit", "under_investigation", "sanction_until", '"health"', '"discipline"'):
        assert word not in text
    assert '"R07": "fail", "R09": "fail"' in text


def test_a_soft_health_rule_stays_soft_in_a_snapshot() -> None:
    needs, people, settings = a_round(3, 4)
    soft = tuple(
        replace(rule, effect="warn") if rule.code == "R07" else rule for rule in settings.rules
    )
    ill = replace(people[0], facts=replace(people[0].facts, health="unfit"))
    problem = build_posting(needs, [ill], replace(settings, rules=soft))

    again = from_snapshot(snapshot(problem))

    assert "R07" in problem.warning_rules("p000", problem.posts[0].id)
    assert again.warned == problem.warned


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lingyan\.posting/1"):
        from_snapshot({"format": "lingyan.plan/1"})


def test_ids_of_posts_name_village_and_role() -> None:
    assert post_id("511722223208", "member") == "511722223208/member"


def test_a_person_without_a_unit_is_called_by_name_alone() -> None:
    needs, people, settings = a_round(1, 1)
    alone = replace(people[0], facts=PersonFacts("x", "李甲一"))

    assert build_posting(needs, [alone], settings).people[0].label == "李甲一"
