"""Work in the background that a token has started: named by it, and no wider than it."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.common import clock
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import actor_key, find_actor
from lingyan.platform.accounts.actor import NOTHING, Actor, Scope
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs import registry
from lingyan.platform.jobs.models import Job
from tests.api.programs import data, program
from tests.platform.sheets import sent, workbook
from tests.posting.scene import TODAY, Scene
from tests.world import World


@pytest.mark.walled
def test_the_job_and_its_traces_name_the_token(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with clock.at(TODAY):
        round = Scene(world).asked()
        with django_capture_on_commit_callbacks(execute=True):
            answer = program(world.officer).post(f"/rounds/{round.pk}/steps/compute")

        job = data(answer)["job"]
        assert job["through"] == "令牌“试验程序”"
        page = world.client(world.officer).get(f"/jobs/{job['id']}/")
    assert Job.objects.get(pk=job["id"]).state == Job.State.DONE
    assert page.status_code == 302
    computed = AuditEntry.objects.filter(action="posting.round.computed").latest("number")
    assert "令牌“试验程序”" in computed.actor_scope
    assert computed.actor_name == world.officer.name


def test_the_page_of_a_job_says_by_what_it_was_started(world: World) -> None:
    job = Job.objects.create(
        title="检查人选", created_by_id=world.officer.user_id, created_at=clock.now(),
        through="令牌“报表程序”",
    )  # fmt: skip
    client = world.client(world.officer)

    assert "由令牌“报表程序”" in client.get(f"/jobs/{job.pk}/").content.decode()
    Job.objects.filter(pk=job.pk).update(through="")
    assert "，由" not in client.get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.walled
def test_a_token_for_one_town_works_in_the_background_in_that_town_only(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    seen: list[Actor] = []

    def look(*, actor: Actor, report: Any, **arguments: Any) -> str:
        seen.append(actor)
        return "/"

    monkeypatch.setitem(registry.KINDS, "exchange.check", look)
    run = sent("people", workbook(("姓名", "单位"), [("吴甲八", "县财政局")]), world.officer)
    run.scope_path = world.north.path
    run.save(update_fields=["scope_path"])
    caller = program(world.officer, place=world.north)
    with django_capture_on_commit_callbacks(execute=True):
        answer = caller.post(f"/imports/{run.pk}/recheck")

    assert answer.status_code == 202, answer.content
    [actor] = seen
    assert actor.scope == Scope(place_paths=(world.north.path,))
    assert actor.acting_as == "县委组织部工作人员 · 北山镇 · 令牌“试验程序”"


def test_a_role_that_has_moved_meanwhile_leaves_the_work_nothing(world: World) -> None:
    key = {**actor_key(world.officer), "narrowed_to": world.north.path, "place_name": "北山镇"}
    assert find_actor(key).scope == Scope(place_paths=(world.north.path,))
    neighbour = world.elsewhere.parent

    RoleAssignment.objects.filter(user_id=world.officer.user_id).update(place=neighbour)

    assert find_actor(key).scope == NOTHING
