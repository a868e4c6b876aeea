"""Is the largest stable plan computed when asked for, and is it a plan like the others?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.common.workbook import read_workbook
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.models import Job
from lingyan.posting import matching
from lingyan.posting.actions import plans
from lingyan.posting.matching import plans as stored
from lingyan.posting.matching import pricing
from lingyan.posting.models import Plan, Round
from lingyan.posting.panels.workbench.comparison import best_text
from lingyan_matching import solve
from tests.posting.scene import Scene, again, codes
from tests.posting.test_round_plans import compute
from tests.posting.test_solver_prices import work
from tests.posting.test_workbench_pages import officer_of_another_county
from tests.posting.workbench_scene import (
    REASON,
    address,
    change_address,
    chosen,
    loaded,
    rows,
    somebody_else,
)


@pytest.fixture
def plan(scene: Scene) -> Plan:
    return chosen(scene.computed())


@pytest.fixture
def officer(scene: Scene) -> Client:
    client: Client = scene.world.client(scene.world.officer)
    return client


def asked_for(client: Client, round: Round) -> Any:
    """Press the button, and let the queue of the tests do the work at once."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(reverse("round_stable_best", args=[round.pk]))


def heads(sheet: Any) -> set[str]:
    return {str(cell) for row in sheet.rows[:3] for cell in row}


def best_of(round: Round) -> Plan:
    return round.plans.get(origin=Plan.Origin.STABLE_BEST)


def test_it_is_computed_with_a_click_and_stands_beside_the_others(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    link = reverse("round_stable_best", args=[plan.round_id])
    page = reverse("round_detail", args=[plan.round_id])
    assert link in officer.get(page).text
    assert link in officer.get(address("plan_compare", plan)).text
    asking = officer.get(link).text
    assert f"最多 {matching.SECONDS_FOR_BEST:.0f} 秒" in asking
    assert "不能取消" in asking

    asked_for(officer, plan.round)

    job = Job.objects.get(title__startswith="再算")
    assert job.state == Job.State.DONE, job.message
    best, round = best_of(plan.round), again(plan.round)
    assert round.chosen_plan_id == plan.pk
    assert best.verified
    assert best.snapshot_sha256 == plan.snapshot_sha256
    ready = loaded(plan)
    again_solved = solve(ready.graph, mode="stable-best", seed=round.seed)
    assert set(rows(best).items()) == set(pricing.rows_of(again_solved))
    stable = round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    assert job.result_url == address("plan_compare_with", best, stable.pk)
    assert link not in officer.get(page).text
    assert AuditEntry.objects.filter(action="posting.plan.stable_best_kept").count() == 1
    for other in round.plans.exclude(pk=best.pk):
        assert officer.get(address("plan_compare_with", other, best.pk)).status_code == 200


def test_it_says_whether_it_is_the_stable_plan_that_was_there(plan: Plan, officer: Client) -> None:
    asked_for(officer, plan.round)
    best = best_of(plan.round)
    ends = plan.round.plans.filter(origin__in=(Plan.Origin.STABLE_PEOPLE, Plan.Origin.STABLE_POSTS))
    twins = [str(one) for one in ends if rows(one) == rows(best)]

    assert best.figures["same_as"] == twins
    page = officer.get(reverse("round_detail", args=[plan.round_id])).text
    for end in ends:
        assert (f"与{end}相同" in page) == (str(end) in twins)
        text = officer.get(address("plan_compare_with", best, end.pk)).text
        assert "<b>稳定且配得最多：</b>" in text
        assert ("两个方案相同。</p>" in text) == (str(end) in twins)


@pytest.mark.parametrize(
    ("filled", "points", "moved", "said"),
    [
        (1, -5, 2, "并列里还能多配 1 人"),
        (0, 7, 2, "不能配得更多，但匹配度合计多 7 分"),
        (0, 0, 2, "只是同样好的另一种安排"),
        (0, 0, 0, "两个方案相同"),
    ],
)
def test_what_it_brings_is_told_against_the_stable_plan(
    filled: int, points: int, moved: int, said: str
) -> None:
    end = Plan(origin=Plan.Origin.STABLE_POSTS, figures={"filled": 4, "fit_total": 900})
    figures = {"filled": 4 + filled, "fit_total": 900 + points}
    best = Plan(origin=Plan.Origin.STABLE_BEST, figures=figures)
    for pair in ((best, end), (end, best)):
        assert said in best_text(*pair, people_moved=moved)
    assert not best_text(best, Plan(origin=Plan.Origin.TOTAL), people_moved=moved)


def test_it_is_adopted_changed_with_its_price_printed_and_exported(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    asked_for(officer, plan.round)
    best = best_of(plan.round)
    plans.choose_plan(plan.round, best, reason="按双向选择", actor=scene.world.officer)
    post = next(iter(rows(best).values()))
    other = somebody_else(best, post)
    page = change_address(best, kind="pin", person=other, post=post)
    work(officer, best, f"change|pin|{other}|{post}")
    option = pricing.options_of(best.pk, loaded(best), pricing.Pin(other, post))[-1]

    given = officer.post(page, {"outcome": option.fingerprint, "reason": REASON.reason})

    assert given.status_code == 302
    after = Plan.objects.get(base=best)
    assert after.verified
    assert loaded(after).engine_plan.mode == "stable-best"
    assert rows(after)[other] == post
    for name in ("plan_print", "plan_workbook", "plan_json", "plan_verification", "workbench"):
        assert officer.get(address(name, best)).status_code == 200, name
    own = read_workbook(officer.get(address("plan_workbook", best)).content, filename="a.xlsx")
    beside = read_workbook(officer.get(address("plan_workbook", plan)).content, filename="a.xlsx")
    assert "本方案" in heads(own.sheets["方案对比"])
    assert "稳定且配得最多" in heads(beside.sheets["方案对比"])
    assert "算一算代价" in str(own.sheets["汇总指标"].rows)
    assert "算一算代价" in officer.get(address("plan_json", best)).json()["remarks"][0]
    assert "算一算代价" not in str(beside.sheets["汇总指标"].rows)
    assert officer.get(address("plan_json", plan)).json()["remarks"] == []
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    assert "就能看到" in officer.get(address("plan_json", stable)).json()["remarks"][0]


def test_it_stays_when_the_plans_are_computed_again(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    asked_for(officer, plan.round)
    best = best_of(plan.round)

    plans.compute_plans(
        actor=scene.world.officer, report=lambda percent, text: None, round_id=str(plan.round_id)
    )

    assert best_of(plan.round) == best
    assert again(plan.round).plans.count() == 4
    assert "稳定且配得最多" in officer.get(address("plan_compare", plan)).text


def test_once_is_enough_and_only_staff_ask_in_time(scene: Scene, officer: Client) -> None:
    round = scene.asked()
    with pytest.raises(Refused) as refused:
        plans.request_stable_best(round, actor=scene.world.officer)
    assert codes(refused) == ["posting.round.wrong_state"]
    round = compute(scene, round)
    leader = scene.world.client(scene.world.leader)
    link = reverse("round_stable_best", args=[round.pk])
    assert link not in leader.get(reverse("round_detail", args=[round.pk])).text
    assert leader.post(link).status_code == 403
    assert scene.world.client(officer_of_another_county(scene)).post(link).status_code == 404
    first = plans.request_stable_best(round, actor=scene.world.officer)
    assert plans.request_stable_best(again(round), actor=scene.world.officer) == first
    Job.objects.filter(pk=first.pk).update(state=Job.State.FAILED)

    asked_for(officer, round)

    with pytest.raises(Refused) as refused:
        plans.request_stable_best(again(round), actor=scene.world.officer)
    assert codes(refused) == ["posting.plan_already_there"]


def test_a_plan_on_other_data_meanwhile_is_not_set_beside(scene: Scene, plan: Plan) -> None:
    ready = loaded(plan)
    made = matching.solve_largest_stable(ready, seed=plan.round.seed)
    Plan.objects.filter(pk=plan.pk).update(snapshot_sha256="other")
    with pytest.raises(Refused) as refused:
        plans.keep_stable_best(again(plan.round), ready, made, actor=scene.world.officer)
    assert codes(refused) == ["posting.plan_of_other_data"]


def test_a_plan_that_ran_out_of_time_says_so(
    plan: Plan, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "is_out_of_time", lambda plan: True)
    asked_for(officer, plan.round)
    best = best_of(plan.round)
    assert best.verdict_text == stored.TIMED_TEXT
    assert "到时限没有证完" in officer.get(reverse("round_detail", args=[plan.round_id])).text
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    text = officer.get(address("plan_compare_with", best, stable.pk)).text
    assert "求解到时限还没有证完" in text
