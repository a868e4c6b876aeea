"""3.2, R-3-03, VAL-14 and G-3: what each step of a pair asks, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lingyan.common.flow import open_acts, refuse_act
from lingyan.common.refusals import Refusal
from lingyan.pairing.rules import pairings as rules
from lingyan.pairing.rules.agreement import AgreementFacts, agreement_text
from lingyan.pairing.rules.pairings import PAIRING_FLOW, Agreement
from lingyan.pairing.rules.words import PAIR_HELD, Goal, PairingState, PairLevel

TODAY = date(2026, 3, 2)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    return [one.code.removeprefix("pairing.") for one in refusals]


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "state", "acts"),
    [
        ("unit_party_admin", "proposed", {"agree_unit", "decline"}),
        ("unit_leader", "unit_agreed", {"decline"}),
        ("unit_party_admin", "village_agreed", {"decline"}),
        ("unit_party_admin", "approved", {"start"}),
        ("unit_party_admin", "active", set()),
        ("village_secretary", "proposed", {"decline"}),
        ("village_secretary", "unit_agreed", {"agree_village", "decline"}),
        ("village_secretary", "approved", {"start"}),
        ("county_org_staff", "proposed", {"withdraw"}),
        ("county_org_staff", "village_agreed", {"approve", "withdraw"}),
        ("county_org_staff", "approved", {"start", "withdraw"}),
        ("county_org_staff", "active", {"renew", "end"}),
        ("county_org_leader", "active", {"dissolve"}),
        ("county_org_leader", "village_agreed", set()),
        ("town_org", "unit_agreed", set()),
        ("county_org_admin", "dissolved", set()),
        ("unit_party_admin", "declined", set()),
    ],
)
def test_who_may_do_what_in_which_state(role: str, state: str, acts: set[str]) -> None:
    assert {line.act for line in open_acts(PAIRING_FLOW, state=state, role=role)} == acts


def test_every_state_is_reached_and_those_that_end_are_left_by_nothing() -> None:
    assert {line.after for line in PAIRING_FLOW} == {state.value for state in PairingState}
    assert {line.before for line in PAIRING_FLOW} - {""} == {state.value for state in PAIR_HELD}


def test_the_village_may_not_agree_before_the_unit() -> None:
    refused = refuse_act(
        PAIRING_FLOW, state="proposed", act="agree_village", role="village_secretary",
        thing="pairing.pairing",
    )  # fmt: skip

    assert codes(refused) == ["pairing.wrong_state"]


@pytest.mark.parametrize(
    ("role", "level", "refused"),
    [
        ("village_secretary", PairLevel.VILLAGE, False),
        ("village_secretary", PairLevel.COMMUNITY, False),
        ("village_secretary", PairLevel.TOWNSHIP, True),
        ("town_secretary", PairLevel.TOWNSHIP, False),
        ("town_secretary", PairLevel.VILLAGE, True),
        ("unit_party_admin", PairLevel.VILLAGE, False),
    ],
)
def test_a_village_is_answered_for_by_its_own_secretary(
    role: str, level: PairLevel, refused: bool
) -> None:
    found = rules.refuse_side("agree_village", level=level, role=role)

    assert bool(found) is refused


# --- the proposal (R-3-03) ------------------------------------------------------------------------

FINE = rules.ProposalFacts(level=PairLevel.VILLAGE, is_lead=True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"unit_pairs": 4}, None),
        ({"unit_pairs": 5}, "unit_full"),
        ({"village_lead": "县财政局"}, "lead_taken"),
        ({"village_lead": "县财政局", "is_lead": False}, None),
        ({"pair_held": True}, "pair_held"),
        ({"level": None}, "place_level"),
        ({"same_county": False}, "counties_differ"),
        ({"is_own": False}, "other_county"),
    ],
)
def test_what_refuses_a_proposal(changed: dict[str, object], code: str | None) -> None:
    assert codes(rules.refuse_to_propose(replace(FINE, **changed))) == ([code] if code else [])


@pytest.mark.parametrize(
    ("level", "kind", "expected"),
    [
        ("village", "admin_village", PairLevel.VILLAGE),
        ("village", "community", PairLevel.COMMUNITY),
        ("village", "relocation_community", PairLevel.COMMUNITY),
        ("village", "", PairLevel.VILLAGE),
        ("township", "", PairLevel.TOWNSHIP),
        ("county", "", None),
    ],
)
def test_the_level_of_a_place(level: str, kind: str, expected: PairLevel | None) -> None:
    assert rules.level_of(level, kind) == expected


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (rules.RepairFacts(is_left=True, is_option=True, is_first=True), []),
        (rules.RepairFacts(is_left=True, is_option=True, is_first=False), ["reason_missing"]),
        (rules.RepairFacts(is_left=True, is_option=True, is_first=False, text="更近"), []),
        (rules.RepairFacts(is_left=True, is_option=False, is_first=False), ["not_an_option"]),
        (rules.RepairFacts(is_left=False, is_option=True, is_first=True), ["not_left"]),
    ],
)
def test_what_refuses_a_repair(facts: rules.RepairFacts, found: list[str]) -> None:
    assert codes(rules.refuse_to_repair(facts)) == found


# --- agreeing and approving (VAL-14) --------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (TODAY, []),
        (date(2026, 2, 1), []),
        (date(2026, 3, 3), ["day_in_future"]),
        (None, ["meeting_missing"]),
    ],
)
def test_the_village_agrees_after_its_meeting(on: date | None, found: list[str]) -> None:
    assert codes(rules.refuse_meeting(on, today=TODAY)) == found


SEEN = rules.ApprovalFacts(
    unit_agreed=True, village_agreed=True, points=640, points_seen=640, unit_pairs=1, hand="2",
    makers=frozenset({"1"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"unit_agreed": False}, ["no_consent"]),
        ({"village_agreed": False}, ["no_consent"]),
        ({"points_seen": 655}, ["points_not_seen"]),
        ({"points_seen": None}, ["points_not_seen"]),
        ({"points": None, "points_seen": None}, []),
        ({"unit_pairs": 5}, []),
        ({"unit_pairs": 6}, ["unit_full"]),
        ({"hand": "1"}, ["directory.same_person"]),
    ],
)
def test_what_refuses_an_approval(changed: dict[str, object], found: list[str]) -> None:
    assert codes(rules.refuse_to_approve(replace(SEEN, **changed))) == found


def test_the_words_of_val_14() -> None:
    assert rules.NO_CONSENT.text == "结对须双方确认（自愿双向）"


# --- the agreement --------------------------------------------------------------------------------

WHOLE = Agreement(("organization",), "每季度一次联席会议", "郑乙九", "宋乙八")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"goals": ()}, ["goals_missing"]),
        ({"plan_text": " "}, ["plan_missing"]),
        ({"unit_contact": ""}, ["contact_missing"]),
        ({"village_contact": ""}, ["contact_missing"]),
        ({"term_months": 0}, ["term_length"]),
        ({"term_months": 60}, []),
        ({"term_months": 61}, ["term_length"]),
    ],
)
def test_what_an_agreement_holds(changed: dict[str, object], found: list[str]) -> None:
    assert codes(rules.refuse_agreement(replace(WHOLE, **changed))) == found


def test_the_agreement_says_goals_plan_contacts_and_term() -> None:
    text = agreement_text(
        AgreementFacts(
            "县财政局", "北山镇松树村", True, ("development", "organization"),
            "三月开会\n\n六月培训", "郑乙九", "宋乙八", 24, "1号", TODAY, date(2028, 3, 1),
        )
    )  # fmt: skip

    articles = {one.heading: one.lines for one in text.articles}
    assert [line[:4] for line in articles["一、共建目标"]] == ["组织共建", "发展共谋"]
    assert articles["二、年度计划"] == ("三月开会", "六月培训")
    assert articles["五、联系人"] == ("甲方联系人：郑乙九；乙方联系人：宋乙八。",)
    assert articles["六、期限"] == ("期限 24 个月，自 2026 年 3 月 2 日起至 2028 年 3 月 1 日止。",)
    assert {goal.value for goal in Goal} == set(_goal_codes())


def _goal_codes() -> list[str]:
    from lingyan.pairing.rules.agreement import GOAL_TEXTS

    return [str(code) for code in GOAL_TEXTS]


# --- going on, or coming to an end (G-3) ----------------------------------------------------------

END = date(2026, 6, 1)
NEAR = rules.EndFacts(today=date(2026, 4, 2), planned_until=END)
OVER = rules.EndFacts(today=END, planned_until=END)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (NEAR, []),
        (replace(NEAR, today=date(2026, 4, 1)), ["term_not_near"]),
        (replace(NEAR, is_assessed=False), ["not_assessed"]),
        (replace(NEAR, is_bound=True), []),
        (replace(NEAR, term_months=0), ["term_length"]),
    ],
)
def test_what_refuses_a_renewal(facts: rules.EndFacts, found: list[str]) -> None:
    assert codes(rules.refuse_to_renew(facts)) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (OVER, []),
        (replace(OVER, today=END - timedelta(days=1)), ["term_not_over"]),
        (replace(OVER, is_assessed=False), ["not_assessed"]),
        (replace(OVER, is_bound=True), ["village_bound"]),
    ],
)
def test_what_refuses_an_end(facts: rules.EndFacts, found: list[str]) -> None:
    assert codes(rules.refuse_to_end(facts)) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"is_assessed": False}, []),
        ({"text": " "}, ["reason_missing"]),
        ({"document_number": ""}, ["document_number_missing"]),
        ({"is_bound": True}, ["village_bound"]),
    ],
)
def test_what_refuses_a_dissolution(changed: dict[str, object], found: list[str]) -> None:
    facts = replace(NEAR, text="机构改革", document_number="8号")

    assert codes(rules.refuse_to_dissolve(replace(facts, **changed))) == found


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2026, 1, 5), date(2028, 1, 5), []),
        (date(2026, 3, 3), date(2028, 1, 5), ["day_in_future"]),
        (date(2026, 1, 5), date(2026, 1, 5), ["term_crossed"]),
        (date(2024, 1, 5), TODAY, ["term_past"]),
    ],
)
def test_what_refuses_a_pair_of_before(since: date, until: date, found: list[str]) -> None:
    assert codes(rules.refuse_to_register(rules.Term(since, until), today=TODAY)) == found


# --- what is due ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "act", "on"),
    [
        ("proposed", "agree_unit", date(2026, 3, 12)),
        ("unit_agreed", "agree_village", date(2026, 3, 12)),
        ("village_agreed", "approve", date(2026, 3, 12)),
        ("approved", "start", date(2026, 4, 1)),
        ("active", "renew", date(2026, 5, 31)),
        ("ended", None, None),
        ("declined", None, None),
    ],
)
def test_the_next_step_and_its_last_day(state: str, act: str | None, on: date | None) -> None:
    due = rules.next_due(state, level="village", state_since=TODAY, planned_until=END)

    assert (due and (due.act, due.on)) == (act and (act, on))


def test_of_a_township_the_town_owes_the_answer() -> None:
    town, village = (
        rules.next_due("unit_agreed", level=level, state_since=TODAY, planned_until=None)
        for level in ("township", "village")
    )

    assert town is not None
    assert village is not None
    assert (town.roles, village.roles) == (("town_secretary",), ("village_secretary",))


@pytest.mark.parametrize(
    ("until", "months", "expected"),
    [
        (date(2028, 1, 5), 24, date(2026, 1, 5)),
        (date(2029, 1, 5), 12, date(2028, 1, 5)),
        (None, 24, date(2026, 1, 5)),
    ],
)
def test_a_renewed_term_begins_where_the_old_one_ends(
    until: date | None, months: int, expected: date
) -> None:
    assert rules.term_since(date(2026, 1, 5), until, months) == expected
