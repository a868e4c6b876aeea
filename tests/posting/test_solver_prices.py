"""What does a change cost in a plan that only a solver could find: asked, worked out, kept?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, TestCase

from lingyan.common.refusals import Refused
from lingyan.platform.jobs.models import Job
from lingyan.posting import matching
from lingyan.posting.actions import adjustments
from lingyan.posting.matching import pricing
from lingyan.posting.models import Plan, PlanQuestion
from lingyan.posting.panels.workbench.words import regret_text
from lingyan_matching import BadInstance, solve
from lingyan_matching.explain import by_solver
from lingyan_matching.explain_solved import SolverBook
from lingyan_matching.repair import whatif
from lingyan_matching.stable_prices import StableBook
from tests.posting.scene import Scene, codes
from tests.posting.test_round_bounds import computed
from tests.posting.test_workbench_pages import officer_of_another_county
from tests.posting.workbench_scene import (
    REASON,
    address,
    change_address,
    loaded,
    rows,
    somebody_else,
)

SLACK = {"goal_order": "score", "score_slack": 20}


@pytest.fixture
def plan(scene: Scene) -> Plan:
    plan = computed(scene, **SLACK)
    assert by_solver(loaded(plan).engine_plan)
    return plan


@pytest.fixture
def officer(scene: Scene) -> Client:
    client: Client = scene.world.client(scene.world.officer)
    return client


def best_stable(scene: Scene) -> Plan:
    """The plan of mode stable-best beside those of a round, stored as one of them."""
    base = computed(scene)
    ready = loaded(base)
    return matching.store_plan(
        base.round,
        solve(ready.graph, mode="stable-best", seed=base.round.seed),
        origin=Plan.Origin.STABLE_BEST,
        actor=scene.world.officer,
        posting_problem=ready.posting_problem,
    )


def work(client: Client, plan: Plan, key: str, **headers: str) -> Any:
    """Ask as a page does, and let the queue of the tests do the work at once."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(address("plan_price", plan), {"ask": key}, headers=headers)


def test_a_page_does_not_wait_and_one_click_brings_the_price(plan: Plan, officer: Client) -> None:
    ready = loaded(plan)
    post = next(iter(rows(plan).values()))
    other = somebody_else(plan, post)
    village, role = matching.split_post(post)
    page = address("workbench_pair", plan, village, role, other)

    before = officer.get(page).text
    assert "算一算代价" in before
    assert PlanQuestion.objects.count() == 0
    answer = work(officer, plan, f"pair|{other}|{post}")
    assert answer.url == page
    after = officer.get(page).text

    price = SolverBook(ready.graph, ready.engine_plan).price(other, post)
    assert price.regret is not None
    assert regret_text(price.regret) in after
    assert "算一算代价" not in after
    assert "没有一个能说定的分数" in after
    assert work(officer, plan, f"pair|{other}|{post}").url == page
    assert Job.objects.filter(title__startswith="计算代价").count() == 1


def test_who_is_sent_has_the_next_best_on_both_sides_and_the_loss(
    plan: Plan, officer: Client
) -> None:
    ready, (person, post) = loaded(plan), next(iter(rows(plan).items()))
    village, role = matching.split_post(post)
    work(officer, plan, f"pair|{person}|{post}")
    text = officer.get(address("workbench_pair", plan, village, role, person)).text

    loss = whatif(ready.graph, ready.engine_plan, pricing.Withdraw(person)).regret
    assert loss is not None
    assert f"若这位退出：{regret_text(loss)}" in text
    assert "此岗的次优人选" in text
    assert "这位的次优去处" in text
    assert f"{person}" in officer.get(address("workbench_person", plan, person)).text


@pytest.mark.parametrize("stable", [False, True])
def test_prices_of_a_post_are_the_difference_of_two_full_solves(
    scene: Scene, officer: Client, stable: bool
) -> None:
    plan = best_stable(scene) if stable else computed(scene, **SLACK)
    ready = loaded(plan)
    post = next(iter(rows(plan).values()))
    village, role = matching.split_post(post)
    page = address("workbench_prices", plan, village, role)
    assert "算一算坚持派其他人选的代价" in officer.get(page).text

    work(officer, plan, f"post||{post}")
    text = officer.get(page).text

    settings, seen = ready.engine_plan.settings, 0
    for person in ready.posting_problem.eligible_people(post):
        if (person, post) in pricing.rows_of(ready.engine_plan):
            continue
        try:
            again = solve(
                ready.graph, mode=ready.engine_plan.mode, seed=ready.engine_plan.seed,
                pins=[(person, post)], goals=settings.goals,
            )  # fmt: skip
        except BadInstance:
            continue
        seen += 1
        lost = ready.engine_plan.goal("score").value - again.goal("score").value
        book = (StableBook if stable else SolverBook)(ready.graph, ready.engine_plan)
        price = book.price(person, post)
        assert price.regret.points == lost
        assert regret_text(price.regret) in text
    assert seen


def test_a_change_tells_its_price_before_it_is_confirmed(plan: Plan, officer: Client) -> None:
    post = next(iter(rows(plan).values()))
    other = somebody_else(plan, post)
    page = change_address(plan, kind="pin", person=other, post=post)

    before = officer.get(page).text
    assert "算好再确认" in before
    assert "确认调整" not in before
    assert work(officer, plan, f"change|pin|{other}|{post}").url == page
    polled = officer.get(page, headers={"HX-Request": "true", "HX-Target": "asked-price"})
    assert polled.headers["HX-Refresh"] == "true"
    after = officer.get(page).text
    assert "确认调整" in after

    ready = loaded(plan)
    best = pricing.options_of(plan.pk, ready, pricing.Pin(other, post))[-1]
    kept = matching.questions.kept_options(plan.pk, ready, pricing.Pin(other, post))
    assert kept is not None
    assert kept[-1].fingerprint == best.fingerprint
    assert kept[-1].price == best.price
    assert best.fingerprint in after
    given = officer.post(page, {"outcome": best.fingerprint, "reason": REASON.reason})
    assert given.status_code == 302
    made = Plan.objects.get(base=plan)
    assert made.verified
    assert set(rows(made).items()) == set(best.rows)


def test_every_change_can_be_asked_for(plan: Plan, scene: Scene, officer: Client) -> None:
    (first, here), (second, there) = list(rows(plan).items())[:2]
    for key in (
        f"change|ban|{first}|{here}",
        f"change|withdraw|{first}|",
        f"change|swap|{first}|{second}",
        f"change|unban|{first}|{there}",
    ):
        page = work(officer, plan, key).url
        text = officer.get(page).text
        assert "确认调整" in text or "不能这样调整" in text, key


def test_what_is_not_in_the_plan_is_404_and_the_leader_asks_for_no_change(
    plan: Plan, scene: Scene, officer: Client
) -> None:
    person, post = next(iter(rows(plan).items()))
    for key in ("", "pair|x|y", "post||y", f"pair|{person}", "change|pin|x|y", "change|no|a|b"):
        assert work(officer, plan, key).status_code == 404, key
    leader = scene.world.client(scene.world.leader)
    assert work(leader, plan, f"change|ban|{person}|{post}").status_code == 404
    assert work(leader, plan, f"pair|{person}|{post}").status_code == 302
    outsider = scene.world.client(officer_of_another_county(scene))
    assert work(outsider, plan, f"pair|{person}|{post}").status_code == 404
    assert PlanQuestion.objects.count() == 1


def test_a_change_nobody_asked_the_price_of_cannot_be_confirmed(plan: Plan, scene: Scene) -> None:
    person, post = next(iter(rows(plan).items()))
    change = pricing.Ban(person, post)
    found = adjustments.propose(plan, loaded(plan), change)
    assert found.unasked
    with pytest.raises(Refused) as refused:
        adjustments.adjust_plan(
            plan, change, outcome="x", decision=REASON, actor=scene.world.officer
        )
    assert codes(refused) == ["posting.price_changed"]


def test_how_far_the_work_is_is_shown_and_who_lost_it_asks_again(
    plan: Plan, officer: Client
) -> None:
    person, post = next(iter(rows(plan).items()))
    village, role = matching.split_post(post)
    page = address("workbench_pair", plan, village, role, person)
    job = Job.objects.create(
        title="计算代价", state=Job.State.RUNNING, progress_percent=40, message="已算 4 个",
        created_at=plan.created_at,
    )  # fmt: skip
    PlanQuestion.objects.create(
        plan=plan, key=f"pair|{person}|{post}", job_id=job.pk, asked_at=plan.created_at
    )

    running = officer.get(page).text
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, message="作业中断")
    failed = officer.get(page).text

    assert 'aria-valuenow="40"' in running
    assert "已算 4 个" in running
    assert "上次没有算成：作业中断" in failed
    assert "算一算代价" in failed


def test_next_best_is_not_said_of_the_cheapest_of_some(
    plan: Plan, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, post = next(iter(rows(plan).items()))
    page = address("workbench_pair", plan, *matching.split_post(post), person)
    monkeypatch.setattr(matching.questions, "SECONDS_FOR_OTHERS", -1.0)

    work(officer, plan, f"pair|{person}|{post}")
    text = officer.get(page).text

    assert "已算过的人选里代价最小的" in text
    assert "此岗的次优人选" not in text


def test_an_answer_that_ran_out_of_time_says_so_and_goes_on(
    plan: Plan, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = next(iter(rows(plan).values()))
    village, role = matching.split_post(post)
    page = address("workbench_prices", plan, village, role)
    monkeypatch.setattr(matching.questions, "SECONDS_FOR_POST", -1.0)

    work(officer, plan, f"post||{post}")
    first = officer.get(page).text
    monkeypatch.setattr(matching.questions, "SECONDS_FOR_POST", 60.0)
    work(officer, plan, f"post||{post}")
    second = officer.get(page).text

    assert "到时限还没有算，代价不知道" in first
    assert "接着算其余人选" in first
    assert "到时限还没有算" not in second
