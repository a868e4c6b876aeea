"""Every reason against a step of a talk or of a task, each by itself (R-13-01, R-13-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.common.refusals import Refusal
from lingyan.supervision.rules import interviews, tasks
from lingyan.supervision.rules.report import Share

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 20)
EARLIER, LATER = date(2026, 3, 1), date(2026, 4, 1)
SHORT, FULL = "长" * 500, "长" * 1000


def codes(refusals: Iterable[Refusal]) -> str:
    return " ".join(one.code.removeprefix("supervision.") for one in refusals)


PLAN = interviews.PlanFacts("county_org_leader", False, "连续两月未走访", "R-13-02", TODAY, TODAY)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"planned_on": LATER, "ground": SHORT}, ""),
        ({"role": "county_org_staff"}, "interview.not_decided"),
        ({"role": "town_secretary", "holds_village_post": True}, ""),
        ({"role": "town_secretary"}, "interview.not_of_village"),
        ({"is_self": True}, "interview.oneself"),
        ({"ground": " "}, "interview.ground_missing"),
        ({"rule": " "}, "interview.ground_missing"),
        ({"ground": f"{SHORT}。"}, "interview.text_long"),
        ({"planned_on": EARLIER}, "interview.day"),
    ],
)
def test_a_talk_is_decided(said: dict[str, Any], found: str) -> None:
    assert codes(interviews.refuse_to_plan(replace(PLAN, **said))) == found


HELD = interviews.StepFacts(
    TODAY, is_interviewer=True, text="已谈", statement="无意见", on=TODAY, decided_on=TODAY,
    held_on=TODAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("act", "said", "found"),
    [
        ("hold", {}, ""),
        ("hold", {"text": FULL, "decided_on": EARLIER}, ""),
        ("hold", {"decided_on": None}, ""),
        ("hold", {"is_interviewer": False}, "interview.not_interviewer"),
        ("hold", {"text": " "}, "interview.text_missing"),
        ("hold", {"text": f"{FULL}。"}, "interview.text_long"),
        ("hold", {"statement": " "}, "interview.statement_missing"),
        ("hold", {"on": None}, "interview.day"),
        ("hold", {"on": LATER}, "interview.day"),
        ("hold", {"on": EARLIER}, "interview.day"),
        ("improve", {"statement": "", "on": LATER}, ""),
        ("improve", {"is_interviewer": False, "is_person": True}, ""),
        ("improve", {"is_interviewer": False}, "interview.not_person"),
        ("improve", {"on": EARLIER}, "interview.day"),
        ("improve", {"on": None}, "interview.day"),
        ("improve", {"text": SHORT}, ""),
        ("improve", {"text": f"{SHORT}。"}, "interview.text_long"),
        ("review", {"held_on": EARLIER, "statement": ""}, ""),
        ("review", {"is_interviewer": False}, "interview.not_interviewer"),
        ("review", {"on": EARLIER}, "interview.day"),
        ("review", {"on": LATER}, "interview.day"),
        ("close", {"is_interviewer": False, "text": "", "on": None}, ""),
    ],
)
def test_a_step_of_a_talk(act: str, said: dict[str, Any], found: str) -> None:
    assert codes(interviews.refuse_step(act, replace(HELD, **said))) == found


def test_a_talk_is_looked_at_again_within_ninety_days() -> None:
    assert interviews.review_due(EARLIER) == date(2026, 5, 30)


@pytest.mark.parametrize(
    ("what", "due_on", "found"),
    [
        (SHORT, TODAY, ""),
        (" ", TODAY, "task.what_missing"),
        (f"{SHORT}。", TODAY, "task.text_long"),
        ("清理公示栏", EARLIER, "task.due_on"),
    ],
)
def test_a_task_is_given(what: str, due_on: date, found: str) -> None:
    assert codes(tasks.refuse_to_raise(what=what, due_on=due_on, today=TODAY)) == found


DONE = tasks.TaskFacts(is_owner=True, is_checker=True, text="已办", evidence="台账")
OWN = "/t/1/"


@pytest.mark.parametrize(
    ("act", "said", "found"),
    [
        ("accept", {"text": ""}, ""),
        ("accept", {"is_owner": False}, "task.not_yours"),
        ("submit", {"is_checker": False, "has_worked_on_it": True, "text": SHORT}, ""),
        ("submit", {"is_owner": False}, "task.not_yours"),
        ("submit", {"text": " "}, "task.text_missing"),
        ("submit", {"text": f"{SHORT}。"}, "task.text_long"),
        ("submit", {"evidence": SHORT}, ""),
        ("submit", {"evidence": f"{SHORT}。"}, "task.text_long"),
        ("submit", {"evidence": " "}, ""),
        ("submit", {"evidence": " ", "is_evidence_required": True}, "task.evidence_missing"),
        ("submit", {"is_evidence_required": True}, ""),
        ("submit", {"evidence": "", "photos": 1, "is_evidence_required": True}, ""),
        ("submit", {"evidence": "", "links": [OWN], "is_evidence_required": True}, ""),
        ("submit", {"links": [OWN] * 5}, ""),
        ("submit", {"links": [OWN] * 6}, "task.links_many"),
        ("submit", {"links": [OWN, "//elsewhere/"]}, "task.link_foreign"),
        ("submit", {"links": ["/" + "t" * 199]}, ""),
        ("submit", {"links": ["/" + "t" * 200]}, "task.link_foreign"),
        ("verify", {"is_owner": False, "text": ""}, ""),
        ("verify", {"has_worked_on_it": True}, "task.own_work"),
        ("verify", {"is_checker": False}, "task.not_checker"),
        ("return", {"has_worked_on_it": True}, "task.own_work"),
        ("return", {"is_checker": False}, "task.not_checker"),
        ("return", {"text": ""}, "task.text_missing"),
        ("void", {"is_owner": False, "is_checker": False}, ""),
        ("void", {"text": " "}, "task.text_missing"),
        ("void", {"text": f"{SHORT}。"}, "task.text_long"),
    ],
)
def test_a_step_of_a_task(act: str, said: dict[str, Any], found: str) -> None:
    assert codes(tasks.refuse_step(act, replace(DONE, **said))) == found


@pytest.mark.parametrize(
    ("state", "is_owner", "found"),
    [
        ("accepted", True, ""),
        ("returned", True, ""),
        ("open", True, "task.photo_late"),
        ("submitted", True, "task.photo_late"),
        ("accepted", False, "task.not_yours"),
    ],
)
def test_photos_are_the_owners_until_the_report(state: str, is_owner: bool, found: str) -> None:
    assert codes(tasks.refuse_photo_at(state=state, is_owner=is_owner)) == found


def test_whose_turn_it_is_at_each_level_and_who_is_above() -> None:
    assert {str(level): str(above) for level, above in tasks.ABOVE.items()} == {
        "village": "town", "town": "county", "unit": "county", "county": "county",
    }  # fmt: skip
    assert {str(level): roles for level, roles in tasks.OF_LEVEL.items()} == {
        "village": ("village_secretary", "village_org"),
        "town": ("town_org", "town_secretary", "town_leader"),
        "unit": ("unit_party_admin", "unit_leader", "dept_staff"),
        "county": ("county_org_staff", "county_org_admin", "county_org_leader"),
    }
    assert tasks.CHECK_ROLES["village"] == tasks.TOWN
    assert tasks.goes_up(level="town", has_person=False)
    assert tasks.goes_up(level="county", has_person=True)
    assert not tasks.goes_up(level="county", has_person=False)


def test_a_share_is_rounded_half_up_and_none_of_nothing() -> None:
    """R-0-16."""
    assert [Share(*one).text for one in ((1, 8), (1, 1), (0, 3), (0, 0))] == [
        "12.5%", "100.0%", "0.0%", "—",
    ]  # fmt: skip
    assert Share(1, 16).text == "6.3%"
