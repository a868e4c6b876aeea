"""While a plan is being computed: does the round say so, and does a second press start nothing?"""

from __future__ import annotations

import pytest
from django.urls import reverse

from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.actions import end_interrupted_jobs
from lingyan.platform.jobs.models import Job
from lingyan.posting.actions import plans
from lingyan.posting.models import Round
from tests.posting.scene import Scene, again


@pytest.fixture
def asked(scene: Scene) -> Round:
    return scene.asked()


def queued(scene: Scene, round: Round) -> Job:
    """Tests run jobs when the transaction commits, which it never does here: it stays queued."""
    job = plans.request_plans(round, actor=scene.world.officer)
    assert job.state == Job.State.WAITING
    return job


def page_of(scene: Scene, round: Round, who: str = "officer") -> str:
    client = scene.world.client(getattr(scene.world, who))
    text: str = client.get(reverse("round_detail", args=[round.pk])).text
    return text


def test_the_round_shows_it_and_offers_no_second_one(scene: Scene, asked: Round) -> None:
    assert reverse("round_compute", args=[asked.pk]) in page_of(scene, asked)

    job = queued(scene, asked)

    text = page_of(scene, asked)
    assert "正在计算方案" in text
    assert reverse("job", args=[job.pk]) in text
    assert reverse("round_compute", args=[asked.pk]) not in text


def test_the_progress_is_shown(scene: Scene, asked: Round) -> None:
    job = queued(scene, asked)
    Job.objects.filter(pk=job.pk).update(
        state="running", progress_percent=30, message="正在为 5 个岗位求解"
    )

    text = page_of(scene, asked)

    assert "正在为 5 个岗位求解" in text
    assert "30%" in text


@pytest.mark.walled
def test_a_colleague_sees_it_and_finds_no_link_to_a_page_that_is_not_theirs(
    scene: Scene, asked: Round
) -> None:
    job = queued(scene, asked)

    text = page_of(scene, asked, "second_officer")

    assert "正在计算方案" in text
    assert reverse("job", args=[job.pk]) not in text


def test_pressed_twice_it_is_the_same_job(scene: Scene, asked: Round) -> None:
    first = queued(scene, asked)
    client = scene.world.client(scene.world.officer)

    answer = client.post(reverse("round_compute", args=[asked.pk]))

    assert answer["Location"] == reverse("job", args=[first.pk])
    assert Job.objects.count() == 1
    asked_for = AuditEntry.objects.filter(action="posting.round.computation_requested")
    assert asked_for.count() == 1


@pytest.mark.walled
def test_a_colleague_who_presses_is_led_back_to_the_round(scene: Scene, asked: Round) -> None:
    queued(scene, asked)
    client = scene.world.client(scene.world.second_officer)

    answer = client.post(reverse("round_compute", args=[asked.pk]))

    assert answer["Location"] == reverse("round_detail", args=[asked.pk])
    assert Job.objects.count() == 1


@pytest.mark.parametrize("state", ["done", "failed"])
def test_once_it_has_ended_it_may_be_started_again(scene: Scene, asked: Round, state: str) -> None:
    job = queued(scene, asked)
    Job.objects.filter(pk=job.pk).update(state=state)

    assert reverse("round_compute", args=[asked.pk]) in page_of(scene, asked)
    assert plans.request_plans(again(asked), actor=scene.world.officer).pk != job.pk


def test_one_that_came_to_nothing_is_told_until_the_next_begins(scene: Scene, asked: Round) -> None:
    """Whoever left the page of the job must not wait for plans that never come."""
    told = "没有完成：作业中断，没有留下任何改动"
    queued(scene, asked)
    assert told not in page_of(scene, asked)

    Job.objects.update(state="running")
    assert end_interrupted_jobs() == 1

    assert told in page_of(scene, asked)
    assert told in page_of(scene, asked, "leader")
    assert told not in page_of(scene, asked, "north_org")
    queued(scene, again(asked))
    assert told not in page_of(scene, asked)


def test_the_page_of_the_step_shows_it_too(scene: Scene, asked: Round) -> None:
    queued(scene, asked)
    client = scene.world.client(scene.world.officer)

    text = client.get(reverse("round_compute", args=[asked.pk])).text

    assert "方案正在计算" in text
    assert '<button class="btn pri">计算方案' not in text
