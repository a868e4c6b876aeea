"""Do the bounds of townships and the order of goals hold, and is it said what they cost?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.posting import matching
from lingyan.posting.matching import pricing
from lingyan.posting.models import Plan, Round
from lingyan.posting.problem.price_words import gain_text
from lingyan_matching import build, solve
from tests.posting.scene import Scene, again, codes
from tests.posting.test_round_plans import compute
from tests.posting.test_round_workbooks import same_plan
from tests.posting.test_workbench_pages import every_page

SETTINGS: tuple[dict[str, Any], ...] = (
    {"goal_order": "priority", "town_max": 2, "unit_limit": 2},
    {"goal_order": "score", "town_min": 4},
    {"goal_order": "score", "score_slack": 20, "town_max": 2},
)


def computed(scene: Scene, **settings: Any) -> Plan:
    """The plan of a round that was opened with these settings."""
    round = scene.asked()
    Round.objects.filter(pk=round.pk).update(settings={**round.settings, **settings})
    plan = compute(scene, again(round)).chosen_plan
    assert plan is not None
    assert plan.verified, plan.verdict_text
    return plan


def towns_of(plan: Plan) -> Counter[str]:
    return Counter(draft.village.parent.name for draft in plan.drafts.select_related("village"))


def test_no_township_gets_more_than_it_may_and_each_bound_has_its_price(scene: Scene) -> None:
    plan = computed(scene, town_max=2)

    assert max(towns_of(plan).values()) == 2
    assert all(one.verified for one in plan.round.plans.all())
    assert {max(towns_of(one).values()) for one in plan.round.plans.all()} == {2}
    given = matching.load_plan(plan)
    problem = given.posting_problem.problem
    towns, together = plan.figures["bounds"][:2], plan.figures["bounds"][2:]
    assert [line["kind"] for line in together] == ["all"] * (sum(one["binds"] for one in towns) > 1)
    for line in towns:
        left = tuple(bound for bound in problem.bounds if bound.id != line["name"])
        free = solve(build(replace(problem, bounds=left)), seed=plan.round.seed)
        gained = len(free.assignments) - plan.figures["filled"]
        assert line["binds"] == (line["arranged"] == 2)
        if line["binds"]:
            assert sum(line["price"]["classes"].values()) == gained
            score = sum(row.score for row in free.assignments)
            assert line["price"]["points"] == score - plan.figures["fit_total"]
    assert [line["kind"] for line in towns] == ["town", "town"]
    free = solve(build(replace(problem, bounds=())), seed=plan.round.seed)
    for line in together:
        assert sum(line["price"]["classes"].values()) == len(free.assignments) - len(
            plan.drafts.all()
        )


def test_the_page_of_the_plan_says_what_each_bound_costs(scene: Scene) -> None:
    plan = computed(scene, town_max=2, goal_order="priority")
    client = scene.world.client(scene.world.officer)

    text = client.get(reverse("plan_detail", args=[plan.pk])).text
    of_round = client.get(reverse("round_detail", args=[plan.round_id])).text
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    beside = client.get(reverse("plan_detail", args=[stable.pk])).text

    (dear,) = [one for one in plan.figures["bounds"] if one.get("name") == "北山镇合计"]
    price = {int(klass): gain for klass, gain in dear["price"]["classes"].items()}
    assert gain_text(price, dear["price"]["points"]) in text
    assert "先把优先级高的村配齐" in text
    assert "至多 2 人" in of_round
    assert "代价见计算得到的统筹方案" in beside
    assert "先把优先级高的村配齐" not in beside


def test_a_township_that_lacks_people_is_told(scene: Scene) -> None:
    plan = computed(scene, town_min=4)

    towns = [line for line in plan.figures["bounds"] if line["kind"] == "town"]
    missing = {line["name"]: line["missing"] for line in towns}
    text = scene.world.client(scene.world.officer).get(reverse("plan_detail", args=[plan.pk])).text
    assert sum(missing.values()) > 0
    assert f"差 {max(missing.values())} 人" in text


def test_a_round_without_bounds_says_nothing_of_them(scene: Scene) -> None:
    plan = computed(scene)

    text = scene.world.client(scene.world.officer).get(reverse("plan_detail", args=[plan.pk])).text
    assert plan.figures["bounds"] == []
    assert "上下限" not in text
    assert "目标次序" not in text


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_workbench_works_under_them(scene: Scene, settings: dict[str, Any]) -> None:
    plan = computed(scene, **settings)
    client = scene.world.client(scene.world.officer)
    for page in every_page(scene, plan):
        assert client.get(page).status_code == 200, page
    ready = matching.load_plan(plan)
    before = {row.person: row.post for row in ready.engine_plan.assignments}
    for person in before:
        (*_, best) = pricing.options_of(plan.pk, ready, pricing.Withdraw(person))
        assert person not in dict(best.rows)


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_workbooks_carry_them_to_the_command_line(
    scene: Scene, tmp_path: Path, settings: dict[str, Any]
) -> None:
    round = scene.asked()
    Round.objects.filter(pk=round.pk).update(settings={**round.settings, **settings})

    same_plan(scene, again(round), tmp_path)


@pytest.mark.parametrize(
    ("settings", "goals"),
    [
        ({}, ("seats", "score", "lot")),
        (
            {"goal_order": "priority"},
            ("class-1", "class-2", "class-5", "class-3", "score", "lot"),
        ),
        (
            {"goal_order": "score", "score_slack": 5},
            ("score~5%", "class-1", "class-2", "class-3", "class-5", "lot"),
        ),
    ],
)
def test_the_goals_stand_in_the_order_of_the_round(
    scene: Scene, settings: dict[str, Any], goals: tuple[str, ...]
) -> None:
    plan = computed(scene, **settings)

    engine_plan = matching.load_plan(plan).engine_plan
    assert engine_plan.settings.goals == goals
    claims = engine_plan.certificate.get("bound", ())
    assert bool(claims) == bool(settings.get("score_slack"))
    left_open = any(claim["proved_by"] != "prices" for claim in claims)
    assert ("求解器的结论" in plan.verdict_text) == left_open


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"town_min": 3, "town_max": 2}, "posting.town_bounds_crossed"),
        ({"score_slack": 2}, "posting.slack_without_score"),
        ({"score_slack": 2, "goal_order": "priority"}, "posting.slack_without_score"),
    ],
)
def test_bounds_that_cannot_be_are_refused(
    scene: Scene, settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        scene.opened(**settings)

    assert codes(refused) == [code]
    assert not Round.objects.exists()


def test_the_form_takes_them_and_says_beside_the_field_what_is_wrong(scene: Scene) -> None:
    client = scene.world.client(scene.world.officer)
    page = client.get(reverse("round_open"))
    given = {
        field.name: field.value() for field in page.context["form"] if field.value() is not None
    }
    crossed = {**given, "name": "甲", "town_min": 3, "town_max": 2}

    wrong = client.post(reverse("round_open"), crossed)
    client.post(reverse("round_open"), {**crossed, "town_max": 6, "goal_order": "score",
                                        "score_slack": 2})  # fmt: skip

    assert wrong.status_code == 422
    assert "每个乡镇至少 3 人，大于至多 2 人" in wrong.text
    assert '<details class="advanced" id="bounds" open>' in wrong.text
    settings = Round.objects.get(name="甲").settings
    assert (settings["town_min"], settings["town_max"]) == (3, 6)
    assert (settings["goal_order"], settings["score_slack"]) == ("score", 2)
