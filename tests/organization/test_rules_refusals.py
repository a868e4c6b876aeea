"""Every reason against a step of a rectification, a look-back or a reserve, each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.common.refusals import Refusal
from lingyan.organization.rules import follow_up, lookback, reserve, screening
from lingyan.organization.rules import rect_problems as problems
from lingyan.organization.rules import rectification_steps as steps
from lingyan.organization.rules.rectification_words import CheckupTopic, Opinion
from lingyan.organization.rules.screening import Finding

TODAY = date(2026, 3, 20)
EARLIER, LATER = date(2026, 3, 1), date(2026, 4, 1)
LONG = "长" * 4001


def codes(refusals: Iterable[Refusal]) -> str:
    return " ".join(one.code.removeprefix("organization.") for one in refusals)


VISIT = {
    "state": "following", "due_on": EARLIER, "visited_on": TODAY, "today": TODAY,
    "is_made": False, "text": "班子运转正常",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"visited_on": EARLIER}, ""),
        ({"state": "closed"}, "followup.state"),
        ({"is_made": True}, "followup.made_already"),
        ({"visited_on": LATER}, "followup.to_come"),
        ({"visited_on": date(2026, 2, 28)}, "followup.too_early"),
        ({"text": " "}, "followup.text"),
    ],
)
def test_a_visit_after_the_village_was_cleared(said: dict[str, Any], found: str) -> None:
    """4.5: at 3 and 6 months."""
    assert codes(follow_up.refuse_visit(**{**VISIT, **said})) == found


@pytest.mark.parametrize(
    ("visited", "found"),
    [
        ([TODAY, LATER], ""), ([TODAY, None], "还有 1 次"), ([None, None], "还有 2 次"),
        ([], "还有 0 次"),
    ],
)  # fmt: skip
def test_a_case_is_closed_after_both_visits(visited: list[date | None], found: str) -> None:
    assert found in "".join(one.text for one in follow_up.refuse_to_close(visited))
    assert bool(found) == bool(follow_up.refuse_to_close(visited))


@pytest.mark.parametrize(
    ("role", "state", "has_child", "found"),
    [
        ("county_org_leader", "reopened", False, ""),
        ("county_org_admin", "reopened", False, "rect.child_role"),
        ("county_org_leader", "following", False, "rect.not_relapsed"),
        ("county_org_leader", "reopened", True, "rect.child_exists"),
    ],
)
def test_a_relapse_is_taken_up_once(role: str, state: str, has_child: bool, found: str) -> None:
    said = follow_up.refuse_child(role=role, state=state, has_child=has_child)
    assert codes(said) == found


@pytest.mark.parametrize(
    ("number", "on", "found"),
    [
        ("县委〔2026〕3号", TODAY, ""),
        ("县委〔2026〕3号", EARLIER, ""),
        (" ", TODAY, "rect.document"),
        ("县委〔2026〕3号", LATER, "rect.decided_on"),
        ("县委〔2026〕3号", date(2026, 2, 28), "rect.decided_on"),
    ],
)
def test_the_county_decides_with_a_number_after_the_relapse(
    number: str, on: date, found: str
) -> None:
    said = follow_up.refuse_decision(
        document_number=number, decided_on=on, today=TODAY, since=EARLIER
    )
    assert codes(said) == found
    assert codes(follow_up.refuse_relapse(" ")) == "followup.relapse_text"
    assert not follow_up.refuse_relapse("村务公开中断")


STEP = problems.StepFacts("rectifying", TODAY, False, "已改", "换会计", "王甲二", TODAY)


@pytest.mark.parametrize(
    ("act", "said", "found"),
    [
        ("begin", {"text": ""}, ""),
        ("finish", {"measure": "", "owner": "", "due_on": None, "is_own_work": True}, ""),
        ("finish", {"case_state": "cleared"}, "rectproblem.not_under_way"),
        ("verify", {"is_own_work": True}, "rectproblem.own_work"),
        ("verify", {"text": " "}, "rectproblem.text"),
        ("begin", {"measure": " "}, "rectproblem.measure"),
        ("begin", {"owner": " "}, "rectproblem.owner"),
        ("begin", {"due_on": EARLIER}, "rectproblem.due_on"),
        ("begin", {"due_on": None}, "rectproblem.due_on"),
    ],
)
def test_a_step_of_a_problem(act: str, said: dict[str, Any], found: str) -> None:
    """4.4."""
    assert codes(problems.refuse_step(act, replace(STEP, **said))) == found


def test_the_usual_day_of_a_problem_lies_within_the_term_of_the_rectification() -> None:
    assert problems.usual_due(TODAY, None) == date(2026, 4, 20)
    assert problems.usual_due(TODAY, LATER) == LATER
    assert problems.usual_due(TODAY, EARLIER) == TODAY


SEEN = dict.fromkeys(CheckupTopic, "看过")
CHECKUP = problems.CheckupFacts("rectifying", EARLIER, TODAY, TODAY, False, SEEN, {})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"on": EARLIER}, ""),
        ({"case_state": "cleared"}, "checkup.not_under_way"),
        ({"on": LATER}, "checkup.to_come"),
        ({"on": date(2026, 2, 28)}, "checkup.too_early"),
        ({"started_on": None}, "checkup.too_early"),
        ({"is_twice": True}, "checkup.twice"),
        ({"seen": {**SEEN, CheckupTopic.GOVERN: " "}}, "checkup.topics"),
        ({"findings": {CheckupTopic.GOVERN: [str(n) for n in range(100)]}}, "checkup.too_many"),
        ({"findings": {CheckupTopic.GOVERN: [LONG]}}, "checkup.long"),
    ],
)
def test_a_monthly_checkup(said: dict[str, Any], found: str) -> None:
    """R-4-09."""
    assert codes(problems.refuse_checkup(replace(CHECKUP, **said))) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"until": TODAY}, ""),
        ({"since": None}, "rectreport.outside"),
        ({"since": LATER}, "rectreport.outside"),
        ({"until": EARLIER}, "rectreport.outside"),
        ({"month": LATER}, "rectreport.outside"),
        ({"is_twice": True}, "rectreport.twice"),
        ({"text": " "}, "rectreport.text"),
    ],
)
def test_a_monthly_report_of_the_township(said: dict[str, Any], found: str) -> None:
    """R-4-05."""
    asked = {
        "month": EARLIER, "text": "已配齐班子", "since": date(2026, 1, 5), "until": None,
        "today": TODAY, "is_twice": False, **said,
    }  # fmt: skip
    assert codes(problems.refuse_report(**asked)) == found


ANSWER = steps.AnswerFacts(
    "county_org_staff", "audit", False, Opinion.AGREE, "账目混乱", TODAY, EARLIER, TODAY
)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"role": "county_discipline", "department": "discipline"}, ""),
        ({"role": "county_discipline"}, "rect.not_your_department"),
        ({"role": "dept_staff", "in_unit": True}, ""),
        ({"role": "dept_staff"}, "rect.not_your_department"),
        ({"is_decided": True}, "rect.consulted_already"),
        ({"opinion": "perhaps"}, "rect.opinion"),
        ({"text": ""}, "rect.opinion_text"),
        ({"opinion": Opinion.AGAINST, "text": ""}, "rect.opinion_text"),
        ({"text": LONG}, "rect.text_long"),
        ({"on": LATER}, "rect.answered_on"),
        ({"on": date(2026, 2, 28)}, "rect.answered_on"),
    ],
)
def test_an_answer_of_a_department(said: dict[str, Any], found: str) -> None:
    """R-4-02."""
    assert codes(steps.refuse_answer(replace(ANSWER, **said))) == found


PLANNED = steps.ProblemFacts(
    "town_org", "confirmed", "W01", ["W01"], "班子缺额", "补选", "王甲二", TODAY, TODAY
)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"role": "village_secretary"}, "rect.wrong_role"),
        ({"state": "planned"}, "rect.plan_closed"),
        ({"situation": "W02"}, "rect.problem_situation"),
        ({"description": " "}, "rect.problem_words"),
        ({"measure": " "}, "rect.problem_words"),
        ({"owner": " "}, "rect.problem_words"),
        ({"due_on": EARLIER}, "rect.problem_due"),
        ({"due_on": None}, "rect.problem_due"),
    ],
)
def test_a_problem_of_the_plan(said: dict[str, Any], found: str) -> None:
    """4.4, 4.5."""
    assert codes(steps.refuse_problem(replace(PLANNED, **said))) == found


SUPPORT = steps.SupportFacts("county_org_admin", "S1", is_open=True, has_account=True)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"role": "village_secretary"}, "rect.support_role"),
        ({"is_open": False}, "rect.support_closed"),
        ({"has_account": False}, "rect.no_leader"),
        ({"same_again": True}, "rect.support_same"),
    ],
)
def test_one_of_the_four_who_help(said: dict[str, Any], found: str) -> None:
    """R-4-03."""
    assert codes(steps.refuse_support(replace(SUPPORT, **said))) == found


@pytest.mark.parametrize(
    ("findings", "known", "found"),
    [
        ([("W01", "看过台账")], [], ""),
        ([], [], "screening.nothing"),
        ([("W99", "看过台账")], [], "screening.code"),
        ([("W01", "看过台账"), ("W01", "看过台账")], [], "screening.twice"),
        ([("W01", "看过台账")], ["W01"], "screening.twice"),
        ([("W01", " ")], [], "screening.evidence"),
        ([("W01", LONG)], [], "screening.long"),
    ],
)
def test_the_situations_of_a_village(
    findings: list[tuple[str, str]], known: list[str], found: str
) -> None:
    """R-4-01."""
    said = screening.refuse_findings([Finding(*one) for one in findings], known=known)
    assert codes(said) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"signals": 2}, "screening.answer"),
        ({"signals": 2, "text": "已核实"}, ""),
        ({"role": "village_secretary"}, "screening.wrong_role"),
        ({"is_open": True}, "screening.under_way"),
        ({"text": LONG}, "screening.long"),
    ],
)
def test_a_village_without_situations(said: dict[str, Any], found: str) -> None:
    asked = {"role": "town_org", "text": "", "signals": 0, "is_open": False, **said}
    assert codes(screening.refuse_to_pass(**asked)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"known": True}, "reserve.known"),
        ({"is_village": False}, "reserve.place"),
        ({"inside": False}, "reserve.outside"),
        ({"found_on": LATER}, "reserve.day"),
    ],
)
def test_somebody_is_found_for_the_reserve(said: dict[str, Any], found: str) -> None:
    """R-1-40."""
    facts = replace(reserve.FindFacts(TODAY, TODAY), **said)
    assert codes(reserve.refuse_to_find(facts)) == found


@pytest.mark.parametrize(
    ("on", "text", "found"),
    [
        (TODAY, "跟班学习", ""),
        (EARLIER, "跟班学习", ""),
        (LATER, "跟班学习", "reserve.day"),
        (date(2026, 2, 28), "跟班学习", "reserve.day"),
        (TODAY, " ", "reserve.text"),
    ],
)
def test_a_step_of_the_reserve(on: date, text: str, found: str) -> None:
    said = reserve.refuse_step("train", text=text, on=on, found_on=EARLIER, today=TODAY)
    assert codes(said) == found


MENDED = {
    "outcome": "corrected", "text": "已补公示", "post": "", "on": TODAY, "found_on": EARLIER,
    "today": TODAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "said", "found"),
    [
        ("lb05", {}, ""),
        ("lb05", {"text": " "}, "lookback.text"),
        ("lb05", {"on": LATER}, "lookback.day"),
        ("lb05", {"on": date(2026, 2, 28)}, "lookback.day"),
        ("lb05", {"outcome": "removed"}, "lookback.outcome"),
        ("lb01", {"outcome": "removed", "post": "party_deputy"}, ""),
        # 1.8: who was elected by the villagers resigns or is recalled, nobody removes him.
        ("lb01", {"outcome": "removed", "post": "vc_member"}, "lookback.outcome"),
    ],
)
def test_a_problem_of_the_look_back_is_mended(item: str, said: dict[str, Any], found: str) -> None:
    """R-1-32."""
    assert codes(lookback.refuse_to_mend(item, **{**MENDED, **said})) == found


@pytest.mark.parametrize(
    ("item", "reason", "number", "found"),
    [
        ("lb01", "任职前已说明", "县委〔2026〕3号", ""),
        ("lb05", "任职前已说明", "县委〔2026〕3号", "lookback.no_exemption"),
        ("lb01", " ", "县委〔2026〕3号", "reason_missing"),
        ("lb01", "任职前已说明", " ", "document_missing"),
    ],
)
def test_a_problem_of_the_look_back_is_let_be(
    item: str, reason: str, number: str, found: str
) -> None:
    said = lookback.refuse_mend_exemption(item, reason=reason, document_number=number)
    assert codes(said) == found
    assert codes(lookback.refuse_without_number("removed", " ")) == "document_missing"
    assert not lookback.refuse_without_number("removed", "县委〔2026〕3号")
    assert not lookback.refuse_without_number("corrected", "")
