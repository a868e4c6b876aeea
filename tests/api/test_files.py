"""What programs take out: templates, what was sent in, plans, the notice, the history."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from lingyan.common import clock
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.models import Job
from tests.api.programs import data, program
from tests.platform.sheets import sent, workbook
from tests.posting.scene import TODAY, Scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Any:
    with clock.at(TODAY):
        yield Scene(world)


def sheets(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    names = list(book.sheetnames)
    book.close()
    return names


def last_action() -> str:
    return AuditEntry.objects.latest("number").action


def test_a_template_is_given_to_those_who_may_send_it_in(world: World) -> None:
    given = program(world.officer).get("/sheets/people/template")

    assert "人选" in sheets(given.content)
    assert program(world.leader).get("/sheets/people/template").status_code == 404


def test_what_was_sent_in_is_given_back_and_checked_again(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    file = workbook(("姓名", "单位"), [("吴甲八", "县财政局")])
    run = sent("people", file, world.officer)
    mine, other = program(world.officer), program(world.stranger)

    assert mine.get(f"/imports/{run.pk}/file").content == file
    assert last_action() == "exchange.import.file_read"
    assert other.get(f"/imports/{run.pk}/file").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert mine.post(f"/imports/{run.pk}/recheck").status_code == 202
    assert data(mine.get(f"/imports/{run.pk}"))["state"] == "checked"


def test_a_plan_goes_out_as_a_workbook_and_as_a_document(world: World, scene: Scene) -> None:
    round = scene.computed()
    county, plan = program(world.officer), f"/plans/{round.chosen_plan_id}"

    assert len(sheets(county.get(f"{plan}/workbook").content)) > 3
    assert last_action() == "posting.plan.exported"
    document = json.loads(county.get(f"{plan}/document").content)
    assert document["assignments"]
    assert program(world.unit_admin).get(f"{plan}/document").status_code == 403
    for book in ("needs", "people"):
        assert sheets(county.get(f"/rounds/{round.pk}/workbooks/{book}").content)
    assert county.get(f"/rounds/{round.pk}/workbooks/wages").status_code == 422
    assert program(world.north_org).get(f"/rounds/{round.pk}/workbooks/people").status_code == 403


def test_the_notice_is_told_once_it_stands(world: World, scene: Scene) -> None:
    round = scene.decided()
    town = program(world.north_org)
    assert town.get(f"/rounds/{round.pk}/notice").status_code == 404
    from lingyan.posting.actions import plans

    plans.announce_round(round, actor=world.officer)
    notice = data(town.get(f"/rounds/{round.pk}/notice"))

    assert notice["announced_on"] == TODAY.isoformat()
    assert {"李甲一", "松树村"} <= {one["name"] for one in notice["lines"]} | {
        one["village"] for one in notice["lines"]
    }
    assert program(world.stranger).get(f"/rounds/{round.pk}/notice").status_code == 404


def test_a_collector_reads_the_history_on_from_where_it_stood(world: World) -> None:
    program(world.admin).patch(f"/units/{world.finance.pk}", {"sector": "财政"})
    collector = program(world.audit_admin)

    first = data(collector.get("/history?sort=number&kind=acts"))["items"]
    changed = next(one for one in first if one["action"] == "directory.unit.changed")
    assert changed["action_text"]
    assert "财政" in changed["changes"]
    after = max(one["number"] for one in first)
    rest = data(collector.get(f"/history?sort=number&after_number={after}"))["items"]
    # Taking the history away is an act too.
    assert {one["action"] for one in rest} == {"audit.history.exported"}
    assert data(collector.get("/history/anchors"))[0]["last_number"] >= after
    assert program(world.admin).get("/history").status_code == 403


def test_the_history_is_checked_in_the_background(world: World) -> None:
    answer = program(world.audit_admin).post("/history/check")

    assert answer.status_code == 202
    assert Job.objects.get(pk=data(answer)["id"]).title == "核对操作留痕"
