"""Every reason against an honour, an objection of the notice and an insurance, each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from lingyan.common.refusals import Refusal
from lingyan.posting.rules import honors, notices, support

TODAY = date(2026, 3, 20)
EARLIER, LATER = date(2026, 3, 1), date(2026, 4, 1)


def codes(refusals: Iterable[Refusal]) -> str:
    return " ".join(one.code.removeprefix("posting.") for one in refusals)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"grants": False, "document_number": "", "answer": "名额已满"}, ""),
        ({"decided_on": LATER}, "day_in_future"),
        ({"document_number": " "}, "document_number_missing"),
        ({"grants": False}, "reason_missing"),
    ],
)
def test_an_honour_is_settled(said: dict[str, Any], found: str) -> None:
    asked = {
        "grants": True, "document_number": "县委〔2026〕3号", "decided_on": TODAY, "answer": "",
        "today": TODAY, **said,
    }  # fmt: skip
    assert codes(honors.refuse_to_settle(**asked)) == found


def test_an_honour_quotes_the_latest_appraisal_that_counts() -> None:
    bad = ("annual", "incompetent", date(2025, 12, 31))
    good = ("annual", "excellent", date(2024, 12, 31))
    assert honors.appraisal_text([bad, good]) == "2024 年度考核 优秀"
    assert honors.appraisal_text([bad]) == honors.appraisal_text([]) == ""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"raised_on": EARLIER}, ""),
        ({"role": "town_org"}, "wrong_role"),
        ({"round_state": "computed"}, "no_notice_now"),
        ({"announced_on": None}, "no_notice_now"),
        ({"raised_on": LATER}, "objection_day"),
        ({"raised_on": date(2026, 2, 28)}, "objection_day"),
        ({"on_the_list": False}, "not_on_the_notice"),
        ({"text": " "}, "objection_text_missing"),
    ],
)
def test_an_objection_is_taken_down_during_the_notice(said: dict[str, Any], found: str) -> None:
    """R-2-20."""
    asked = {
        "role": "county_org_staff", "round_state": "announced", "raised_on": TODAY,
        "announced_on": EARLIER, "today": TODAY, "text": "近亲属在该村任职", "on_the_list": True,
        **said,
    }  # fmt: skip
    assert codes(notices.refuse_to_record_objection(**asked)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, 0),
        ({"round_state": "issued"}, 1),
        ({"text": " "}, 1),
        ({"recorder": "b"}, 1),
        ({"makers": ["b"]}, 1),
    ],
)
def test_an_objection_is_settled_by_another_hand(said: dict[str, Any], found: int) -> None:
    """R-0-20."""
    asked = {
        "round_state": "announced", "text": "已核实", "recorder": "a", "makers": ["c"],
        "actor": "b", **said,
    }  # fmt: skip
    assert len(notices.refuse_to_settle_objection(**asked)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"number": " "}, "policy_number_missing"),
        ({"until": TODAY}, "policy_order"),
        ({"is_known": True}, "policy_known"),
    ],
)
def test_a_policy(said: dict[str, Any], found: str) -> None:
    facts = support.PolicyFacts(
        **{"number": "P1", "since": TODAY, "until": LATER, "is_known": False, **said}
    )
    assert codes(support.refuse_policy(facts)) == found


def test_the_insurance_waits_once_and_with_a_reason() -> None:
    """G-18."""

    def found(**said: Any) -> str:
        asked = {"is_insured": False, "insure_by": None, "reason": "保单在办", **said}
        return codes(support.refuse_to_waive(**asked))

    assert found() == ""
    assert found(is_insured=True) == "insurance_whole"
    assert found(insure_by=TODAY) == "insurance_waived"
    assert found(reason=" ") == "reason_missing"
    assert codes(support.refuse_to_void(void_reason="", reason="录错")) == ""
    assert codes(support.refuse_to_void(void_reason="录错", reason="录错")) == "already_void"
    assert codes(support.refuse_to_void(void_reason="", reason=" ")) == "reason_missing"


EXAM = {
    "item": "health_exam", "on": TODAY, "today": TODAY, "came_on": EARLIER, "until": None,
    "by_whom": "县人民医院",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ""),
        ({"item": "care_visit"}, ""),
        ({"item": "living"}, "support_item"),
        ({"on": LATER}, "day_in_future"),
        ({"on": EARLIER}, ""),
        ({"on": date(2026, 2, 28)}, "support_before_arrival"),
        # G-18: an examination may be made before the arrival, a visit may not.
        ({"came_on": None}, ""),
        ({"came_on": None, "item": "care_visit"}, "support_before_arrival"),
        ({"until": TODAY}, "support_after_end"),
        ({"until": date(2026, 3, 21)}, ""),
        ({"by_whom": " "}, "by_whom_missing"),
        ({"is_known": True}, "support_known"),
    ],
)
def test_an_examination_or_a_visit_is_recorded(said: dict[str, Any], found: str) -> None:
    assert codes(support.refuse_to_record(support.RecordFacts(**{**EXAM, **said}))) == found
