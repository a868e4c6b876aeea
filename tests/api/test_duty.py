"""The daily life of a posting for programs: the same acts, refusals and secrets as on the pages."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.posting.models import AppraisalCycle, AppraisalEntry, DiaryEntry, Posting, RecallCase
from tests.api.programs import data, program
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.world import World

ENTRY = {"happened_on": "2026-03-05", "duty": "D5", "text": "代办高龄补贴"}


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        duty = on_duty(world)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        yield duty


def test_an_entry_is_written_once_and_read_by_the_town(duty: Duty) -> None:
    phone, town = program(duty.actor), program(duty.world.north_org)
    number = str(uuid.uuid4())

    first = phone.post("/diary", {**ENTRY, "number": number})
    again = phone.post("/diary", {**ENTRY, "number": number})
    refused = phone.post("/diary", {**ENTRY, "happened_on": "2026-03-06"})

    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert data(first)["id"] == data(again)["id"]
    assert refused.status_code == 409
    assert DiaryEntry.objects.count() == 1
    told = data(town.get(f"/diary?posting={duty.posting.pk}&since=2026-03-01"))
    assert [(one["person"], one["text"]) for one in told["items"]] == [("李甲一", "代办高龄补贴")]
    assert data(program(duty.world.south_org).get("/diary"))["items"] == []
    assert town.post("/diary", ENTRY).status_code == 403


def test_leave_is_asked_granted_and_ended_and_its_reason_stays_with_its_readers(
    duty: Duty,
) -> None:
    world = duty.world
    phone, town, village = (
        program(duty.actor), program(world.north_org), program(world.pine_secretary),
    )  # fmt: skip
    asked = phone.post(
        f"/postings/{duty.posting.pk}/leave",
        {"kind": "personal", "since": "2026-03-05", "last_day": "2026-03-05", "reason": "家事"},
        Idempotency_Key="leave-1",
    )
    assert asked.status_code == 201, asked.content
    where = f"/leave/{data(asked)['id']}"
    assert data(town.post(f"{where}/decide", {"outcome": "approve"}))["state"] == "approved"
    assert data(village.post(f"{where}/return", {"back_on": "2026-03-05"}))["state"] == "back"

    [seen] = data(village.get("/leave"))["items"]
    [own] = data(phone.get("/leave"))["items"]
    assert (seen["reason"], own["reason"]) == (None, "家事")


def test_a_month_a_problem_and_a_difficulty(duty: Duty) -> None:
    world = duty.world
    phone, town, village = (
        program(duty.actor), program(world.north_org), program(world.pine_secretary),
    )  # fmt: skip
    month = village.post(
        f"/postings/{duty.posting.pk}/presence-months", {"month": "2026-02-09", "days": 0}
    )
    assert month.status_code == 201, month.content
    assert data(town.get("/presence-months"))["items"][0]["month"] == "2026-02-01"

    found = phone.post("/problems", {
        "text": "水管冻裂", "found_on": "2026-03-05", "owner": "town", "due_on": "2026-03-20",
    })  # fmt: skip
    steps = f"/problems/{data(found)['id']}/steps"
    assert data(town.post(steps, {"act": "handle", "text": "换了"}))["state"] == "handled"
    assert data(phone.post(steps, {"act": "confirm"}))["state"] == "solved"

    raised = data(phone.post("/help-requests", {"kind": "housing", "text": "宿舍漏雨"}))
    steps = f"/help-requests/{raised['id']}/steps"
    accepted = town.post(steps, {"act": "accept", "due_on": "2026-03-20"})
    assert data(accepted)["state"] == "accepted", accepted.content
    assert program(world.unit_admin).post(steps, {"act": "begin", "text": "试"}).status_code == 404
    assert village.get("/help-requests").status_code == 403


def test_visits_support_results_and_recalls_as_far_as_the_role_reads(duty: Duty) -> None:
    world = duty.world
    unit, village, phone = (
        program(world.unit_admin), program(world.pine_secretary), program(duty.actor),
    )  # fmt: skip
    made = unit.post(
        f"/postings/{duty.posting.pk}/visits",
        {"happened_on": "2026-03-05", "text": "看了茶园", "by_head": True},
    )
    assert made.status_code == 201, made.content
    assert data(made)["side"] == "unit"
    assert data(village.get("/visits"))["items"][0]["text"] is None

    items = data(unit.get(f"/postings/{duty.posting.pk}/support?year=2026"))["items"]
    assert {one["item"] for one in items} >= {"health_exam", "accident_ins"}
    cycle = AppraisalCycle.objects.create(
        county=world.county, kind="annual", name="2025 年度考核", since=date(2025, 1, 1),
        until=date(2026, 1, 1), due_on=date(2026, 1, 20), state="deliberated",
        created_at=clock.now(),
    )  # fmt: skip
    AppraisalEntry.objects.create(cycle=cycle, posting=duty.posting, grade="competent")
    county = program(world.officer)
    assert data(county.get("/appraisal-results"))["items"] == []
    AppraisalCycle.objects.update(state="notified")
    assert data(phone.get("/appraisal-results"))["items"][0]["grade"] == "competent"

    RecallCase.objects.create(
        posting=duty.posting, ground="RG05", source="report", state="signalled", opened_on=TODAY
    )
    [case] = data(county.get("/recalls"))["items"]
    assert "ground" not in case
    assert data(phone.get("/recalls"))["items"] == [], "not told yet"
    assert village.get("/recalls").status_code == 403


def test_a_program_that_only_reads_writes_nothing(duty: Duty) -> None:
    reader = program(duty.actor, access="read")

    assert reader.get("/diary").status_code == 200
    assert reader.post("/diary", ENTRY).status_code == 403
    assert not DiaryEntry.objects.exists()
