"""The rules of a round, case by case; the forbidden side as long as the allowed one."""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.common.refusals import Refusal
from lingyan.posting.rules import BEFORE_ISSUE, DEFAULT_RULES, RoundState
from lingyan.posting.rules import rounds as rules

TODAY = date(2026, 3, 2)
LONG = [f"村{number}" for number in range(7)]


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code for refusal in refusals]


def test_the_frozen_settings_hold_every_hard_rule() -> None:
    frozen = rules.round_settings(effects={"R06": "block"}, notice_days=7)

    assert set(frozen["rules"]) == {rule.code for rule in DEFAULT_RULES}
    assert frozen["rules"]["R06"]["effect"] == "block"
    assert frozen["rules"]["R02"]["parameters"] == {"own_town_blocks": 0}
    assert (frozen["notice_days"], frozen["unit_limit"]) == (7, None)
    assert sum(frozen["weights"].values()) == 100
    said = {
        "unit_limit": 3, "town_min": 1, "town_max": 5, "goal_order": "score", "score_slack": 2,
        "notice_days": 8, "overlap_days": 9, "term_months_min": 30, "allow_unranked": False,
    }  # fmt: skip
    frozen = rules.round_settings(**said)  # type: ignore[arg-type]  # of a table
    assert said.items() <= frozen.items()
    assert frozen.keys() == {*said, "version", "weights", "rules"}


def test_the_county_chooses_only_where_the_design_lets_it() -> None:
    """matching-design 1.1: R05-R08 and R10-R12; R09 and the refusals always block."""
    adjustable = {rule.code for rule in rules.rules_adjustable()}

    assert adjustable == {"R05", "R06", "R07", "R08", "R10", "R11", "R12"}


@pytest.mark.parametrize("state", list(RoundState))
def test_villages_join_while_the_round_is_open(state: RoundState) -> None:
    refusals = rules.refuse_to_change_villages(state=state)

    assert codes(refusals) == ([] if state == "open" else ["posting.villages_fixed"])


@pytest.mark.parametrize("state", list(RoundState))
def test_people_join_until_wishes_are_written(state: RoundState) -> None:
    refusals = rules.refuse_to_change_people(state=state)

    allowed = state in ("open", "demand_closed")
    assert codes(refusals) == ([] if allowed else ["posting.people_fixed"])


@pytest.mark.parametrize("refuse", [rules.refuse_to_change_villages, rules.refuse_to_change_people])
def test_a_long_list_of_names_is_cut_and_counted(refuse: object) -> None:
    (refusal,) = refuse(state="open", busy=LONG)  # type: ignore[operator]  # a rule

    assert "村0、村1、村2、村3、村4等 7 个" in refusal.text
    assert codes(refuse(state="open", chosen=0)) == ["posting.nothing_chosen"]  # type: ignore[operator]


@pytest.mark.parametrize("state", list(RoundState))
def test_people_withdraw_while_the_round_runs(state: RoundState) -> None:
    refusals = rules.refuse_to_withdraw(state=state, withdrawn=False, reason="调动")

    assert codes(refusals) == ([] if state in BEFORE_ISSUE else ["posting.round_over"])


def test_a_withdrawal_says_every_reason_against_it() -> None:
    refusals = rules.refuse_to_withdraw(state="issued", withdrawn=True, reason=" ")

    assert codes(refusals) == [
        "posting.round_over",
        "posting.already_withdrawn",
        "posting.reason_missing",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"list_state": "returned"}, []),
        ({"own": False}, ["posting.wishes_not_own"]),
        ({"withdrawn": True}, ["posting.already_withdrawn"]),
        ({"list_state": "submitted"}, ["posting.wishes_submitted"]),
        ({"list_state": "confirmed"}, ["posting.wishes_submitted"]),
        ({"round_state": "village_ranking"}, ["posting.wishes_closed"]),
        (
            {"round_state": "demand_closed", "own": False, "withdrawn": True},
            ["posting.wishes_not_own", "posting.already_withdrawn", "posting.wishes_closed"],
        ),
    ],
)
def test_wishes_are_written_by_oneself_and_in_time(given: dict, expected: list[str]) -> None:
    facts = {
        "round_state": "candidate_ranking",
        "list_state": "draft",
        "withdrawn": False,
        "own": True,
        **given,
    }

    assert codes(rules.refuse_to_write_wishes(**facts)) == expected


@pytest.mark.parametrize("state", list(RoundState))
def test_units_confirm_while_choices_are_made(state: RoundState) -> None:
    allowed = state in ("candidate_ranking", "village_ranking")

    assert codes(rules.refuse_closed_wishes(round_state=state)) == (
        [] if allowed else ["posting.wishes_closed"]
    )


@pytest.mark.parametrize("state", list(RoundState))
def test_towns_rank_when_they_are_asked(state: RoundState) -> None:
    expected = [] if state == "village_ranking" else ["posting.intentions_closed"]

    assert codes(rules.refuse_to_write_intentions(round_state=state)) == expected


@pytest.mark.parametrize(
    ("kind", "role", "state"),
    [
        ("village_veto", "town_org", "village_ranking"),
        ("person_refusal", "candidate", "candidate_ranking"),
        ("unit_town", "unit_party_admin", "village_ranking"),
        ("unit_town", "county_org_staff", "open"),
        ("county_ban", "county_org_staff", "adjusted"),
        ("business", "county_org_admin", "computed"),
    ],
)
def test_each_side_refuses_in_its_time(kind: str, role: str, state: str) -> None:
    said = {"kind": kind, "reason": "理由", "complete": True, "known": False}

    assert rules.refuse_to_object(role=role, round_state=state, **said) == ()
    assert codes(rules.refuse_to_object(role="villager", round_state=state, **said)) == [
        "posting.objection_wrong_role"
    ]
    assert codes(rules.refuse_to_object(role=role, round_state="deliberated", **said)) == [
        "posting.objection_closed"
    ]


def test_a_refusal_is_complete_new_and_has_a_reason() -> None:
    refusals = rules.refuse_to_object(
        kind="county_ban",
        role="county_org_staff",
        round_state="open",
        reason="",
        complete=False,
        known=True,
    )

    assert codes(refusals) == [
        "posting.objection_incomplete",
        "posting.objection_known",
        "posting.reason_missing",
    ]


def test_it_is_taken_back_by_the_same_side_with_a_reason() -> None:
    said = {"kind": "business", "round_state": "open"}

    assert rules.refuse_to_lift_objection(role="county_org_staff", reason="已了结", **said) == ()
    assert codes(rules.refuse_to_lift_objection(role="town_org", reason="", **said)) == [
        "posting.objection_wrong_role",
        "posting.reason_missing",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"same_round": False}, ["posting.plan_of_other_round"]),
        ({"verified": False}, ["posting.plan_not_verified"]),
        ({"already": True}, ["posting.plan_chosen"]),
        ({"reason": " "}, ["posting.reason_missing"]),
    ],
)
def test_another_plan_is_chosen_only_if_it_is_verified(given: dict, expected: list[str]) -> None:
    facts = {"same_round": True, "verified": True, "already": False, "reason": "理由", **given}

    assert codes(rules.refuse_to_choose_plan(**facts)) == expected


def test_what_the_check_refuted_is_not_decided_on() -> None:
    assert rules.refuse_unverified_plan(verified=True) == ()
    assert codes(rules.refuse_unverified_plan(verified=False)) == ["posting.plan_not_verified"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"starts_on": TODAY}, []),
        ({"months": 24}, []),
        ({"name": ""}, ["posting.round_name_missing"]),
        ({"name_taken": True}, ["posting.round_name_taken"]),
        ({"starts_on": date(2026, 3, 1)}, ["posting.round_starts_in_past"]),
        ({"months": 23}, ["posting.term_too_short"]),
        ({"weights": {"cover": 101, "lead": -1}}, ["posting.weights_not_100"]),
        ({"weights": {"cover": 99}}, ["posting.weights_not_100"]),
    ],
)
def test_a_round_opens_with_a_name_a_start_a_term_and_weights(
    given: dict, expected: list[str]
) -> None:
    facts = {
        "name": "甲",
        "name_taken": False,
        "starts_on": date(2026, 4, 1),
        "today": TODAY,
        "months": 36,
        "weights": rules.DEFAULT_WEIGHTS,
        **given,
    }

    assert codes(rules.refuse_to_open_round(**facts)) == expected
