"""2.2, 2.3, R-2-20, 2.6: who moves what on, and everything that refuses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.common.flow import Transition, find_transition, open_acts, refuse_act
from lingyan.common.refusals import Refusal
from lingyan.posting import rules
from lingyan.posting.rules import (
    ROUND_FLOW,
    DecisionFacts,
    HealthCheckFacts,
    IssueFacts,
    ManualChange,
    Ranked,
    check_pair,
)
from tests.posting.rule_cases import PERSON, TERM, VILLAGE

TODAY = date(2026, 6, 24)
GOOD = tuple(check_pair(PERSON, VILLAGE, "first_secretary", TERM))
BROKEN = tuple(
    check_pair(replace(PERSON, home_villages=("罗盘",)), VILLAGE, "first_secretary", TERM)
)
UNFIT = tuple(check_pair(replace(PERSON, health="unfit"), VILLAGE, "first_secretary", TERM))
WARNED = tuple(
    check_pair(replace(PERSON, home_towns=("龙泉土家族乡",)), VILLAGE, "first_secretary", TERM)
)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code for refusal in refusals]


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", rules.STATES_OF_FLOW.values(), ids=list(rules.STATES_OF_FLOW))
def test_a_table_speaks_only_of_known_states_and_says_each_act_once(
    flow: tuple[Any, tuple[Transition, ...]],
) -> None:
    states, table = flow
    known = {"", *(state.value for state in states)}

    assert {line.before for line in table} | {line.after for line in table} <= known
    assert len({(line.before, line.act) for line in table}) == len(table)
    assert all(line.roles and line.label for line in table)


def test_a_round_goes_its_way_step_by_step() -> None:
    """R-2-20."""
    way = ["lock_needs", "open_wishes", "open_intentions", "compute", "adjust", "deliberate"]
    state = "open"
    for act in [*way, "announce", "issue"]:
        line = find_transition(ROUND_FLOW, state=state, act=act)
        assert line is not None, (state, act)
        state = line.after

    assert state == "issued"


@pytest.mark.parametrize(
    ("state", "act", "role", "code"),
    [
        ("open", "compute", "county_org_staff", "round.wrong_state"),
        ("announced", "adjust", "county_org_staff", "round.wrong_state"),
        ("issued", "cancel", "county_org_admin", "round.wrong_state"),
        ("computed", "issue", "county_org_admin", "round.wrong_state"),
        ("computed", "deliberate", "county_org_staff", "round.wrong_role"),
        ("announced", "issue", "county_org_staff", "round.wrong_role"),
        ("open", "cancel", "county_org_staff", "round.wrong_role"),
        ("open", "lock_needs", "town_org", "round.wrong_role"),
    ],
)
def test_a_wrong_state_or_role_is_refused(state: str, act: str, role: str, code: str) -> None:
    assert codes(refuse_act(ROUND_FLOW, state=state, act=act, role=role, thing="round")) == [code]


def test_the_right_role_in_the_right_state_may_act() -> None:
    assert (
        refuse_act(
            ROUND_FLOW, state="announced", act="issue", role="county_org_admin", thing="round"
        )
        == ()
    )
    labels = [
        line.label for line in open_acts(ROUND_FLOW, state="computed", role="county_org_leader")
    ]
    assert labels == ["部务会研究"]


def test_any_state_before_issuing_may_be_cancelled_with_a_reason() -> None:
    for state in rules.BEFORE_ISSUE:
        assert find_transition(ROUND_FLOW, state=state, act="cancel") is not None
    assert codes(rules.refuse_to_cancel(" ")) == ["posting.reason_missing"]
    assert rules.refuse_to_cancel("合并到下一批次") == ()


# --- health check -------------------------------------------------------------------------------

ALL_SCORED = dict.fromkeys((item.value for item in rules.CheckItem), 1)
CHECK = HealthCheckFacts(
    scores=ALL_SCORED | {"I2": 2},
    first_secretaries=1,
    members=2,
    profile_capabilities=1,
    opinions=frozenset({"county_org_staff", "county_agri"}),
    types_confirmed=True,
)


def test_a_complete_health_check_passes_every_gate() -> None:
    assert rules.refuse_to_submit_health_check(CHECK) == ()
    assert rules.refuse_to_confirm_health_check(CHECK) == ()
    assert rules.refuse_to_issue_need_list(CHECK) == ()
    assert rules.refuse_to_return_health_check("请补充佐证") == ()


def test_an_incomplete_health_check_is_refused_with_every_reason() -> None:
    """R-2-09 and the guard of need_list_issued."""
    bare = HealthCheckFacts(scores={"T1": 5, "T2": 1})

    assert codes(rules.refuse_to_submit_health_check(bare)) == [
        "posting.health_check_incomplete",
        "posting.health_check_score",
    ]
    assert codes(rules.refuse_to_confirm_health_check(bare)) == [
        "posting.opinion_missing",
        "posting.opinion_missing",
        "posting.types_not_confirmed",
    ]
    assert codes(rules.refuse_to_issue_need_list(replace(bare, scores={"T1": 1}))) == [
        "posting.no_need",
        "posting.headcount_missing",
        "posting.profile_missing",
    ]
    assert codes(rules.refuse_to_issue_need_list(replace(CHECK, first_secretaries=2))) == [
        "posting.two_first_secretaries"
    ]
    assert codes(rules.refuse_to_return_health_check("")) == ["posting.reason_missing"]


# --- pool ---------------------------------------------------------------------------------------


def test_who_recommended_does_not_review() -> None:
    """R-0-20."""
    assert rules.refuse_to_review_pool_entry(recommender="甲", actor="乙") == ()
    assert codes(rules.refuse_to_review_pool_entry(recommender="甲", actor="甲")) == [
        "directory.same_person"
    ]


def test_the_pool_asks_for_a_portrait_and_a_reason_to_leave() -> None:
    assert rules.refuse_to_admit(portrait_lines=1) == ()
    assert codes(rules.refuse_to_admit(portrait_lines=0)) == ["posting.portrait_missing"]
    assert rules.refuse_to_remove("health") == ()
    assert codes(rules.refuse_to_remove("想回去")) == ["posting.removal_reason"]


# --- round --------------------------------------------------------------------------------------


def test_needs_are_locked_when_all_are_issued() -> None:
    assert rules.refuse_to_lock_needs(need_lists=3, unconfirmed=[]) == ()
    assert codes(rules.refuse_to_lock_needs(need_lists=0, unconfirmed=[])) == [
        "posting.no_need_lists"
    ]
    (refusal,) = rules.refuse_to_lock_needs(need_lists=7, unconfirmed=list("甲乙丙丁戊己"))
    assert refusal.code == "posting.need_list_not_confirmed"
    assert "等 6 个" in refusal.text


def test_wishes_open_when_there_are_candidates() -> None:
    assert rules.refuse_to_open_wishes(candidates=1) == ()
    assert codes(rules.refuse_to_open_wishes(candidates=0)) == ["posting.no_candidates"]


FIVE = [Ranked(f"v{n}", f"村{n}", n, results=GOOD) for n in range(1, 6)]


def test_five_eligible_villages_may_be_ranked_and_ties_too() -> None:
    assert rules.refuse_to_submit_wishes(FIVE) == ()
    assert rules.refuse_to_submit_intentions([replace(line, rank=1) for line in FIVE]) == ()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "posting.ranking_empty"),
        ([*FIVE, Ranked("v6", "村6", 5)], "posting.ranking_too_long"),
        ([FIVE[0], replace(FIVE[0], rank=2)], "posting.ranked_twice"),
        ([replace(FIVE[0], rank=0)], "posting.rank_out_of_range"),
        ([replace(FIVE[0], rank=6)], "posting.rank_out_of_range"),
        ([replace(FIVE[0], in_round=False)], "posting.not_in_round"),
        ([replace(FIVE[0], results=BROKEN)], "posting.not_eligible"),
    ],
)
def test_a_ranking_that_breaks_the_rules_is_refused(lines: list[Ranked], code: str) -> None:
    """R-2-20."""
    assert codes(rules.refuse_to_submit_wishes(lines)) == [code]
    assert codes(rules.refuse_to_submit_intentions(lines)) == [code]


def test_a_refused_ranking_does_not_tell_about_health() -> None:
    (refusal,) = rules.refuse_to_submit_intentions([replace(FIVE[0], results=UNFIT)])

    assert refusal.text == "村1：不符合条件"


def test_the_unit_confirms_and_does_not_reorder() -> None:
    def refuse(submitted: list[str], confirmed: list[str], *, same: bool) -> list[str]:
        return codes(
            rules.refuse_to_confirm_wishes(
                order_submitted=submitted, order_confirmed=confirmed, same_unit=same
            )
        )

    assert refuse(["甲", "乙"], ["甲", "乙"], same=True) == []
    assert refuse(["甲", "乙"], ["乙", "甲"], same=True) == ["posting.order_changed"]
    assert refuse(["甲"], ["甲"], same=False) == ["posting.other_unit"]
    assert codes(rules.refuse_to_return_wishes("")) == ["posting.reason_missing"]


def test_intentions_wait_for_the_units_unless_the_county_says_why_not() -> None:
    assert rules.refuse_to_open_intentions(unconfirmed=[]) == ()
    assert rules.refuse_to_open_intentions(unconfirmed=["李甲一"], waive_reason="单位逾期") == ()
    assert codes(rules.refuse_to_open_intentions(unconfirmed=["李甲一"])) == [
        "posting.wishes_not_confirmed"
    ]


def test_a_plan_needs_posts_and_people() -> None:
    assert rules.refuse_to_compute(posts=1, people=1) == ()
    assert codes(rules.refuse_to_compute(posts=0, people=0)) == [
        "posting.no_posts",
        "posting.no_candidates",
    ]


CHANGE = ManualChange("李甲一", "罗盘村", GOOD, reason="熟悉该村")


def test_a_change_by_hand_with_a_reason_stands() -> None:
    assert rules.refuse_to_adjust([CHANGE]) == ()
    signed = replace(CHANGE, results=WARNED, decided_by="张乙一", decided_on=TODAY)
    assert rules.refuse_to_adjust([signed]) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(CHANGE, reason=""), "posting.reason_missing"),
        (replace(CHANGE, results=BROKEN), "posting.rule_broken"),
        (
            replace(CHANGE, results=BROKEN, decided_by="张乙一", decided_on=TODAY),
            "posting.rule_broken",
        ),
        (replace(CHANGE, results=WARNED), "posting.warning_not_signed"),
        (replace(CHANGE, results=WARNED, decided_by="张乙一"), "posting.warning_not_signed"),
        (replace(CHANGE, seats_free=False), "posting.post_full"),
        (replace(CHANGE, person_free=False), "posting.person_has_post"),
    ],
)
def test_a_change_by_hand_never_breaks_a_hard_rule(change: ManualChange, code: str) -> None:
    """matching-design 1.1, G-30."""
    assert codes(rules.refuse_to_adjust([change])) == [code]


def test_a_broken_rule_does_not_tell_about_health() -> None:
    (refusal,) = rules.refuse_to_adjust([replace(CHANGE, results=UNFIT)])

    assert "R07/R09 不符合条件" in refusal.text
    assert "健康" not in refusal.text


DECISION = DecisionFacts("同意", date(2026, 6, 12), TODAY, actor="部长", makers=frozenset({"科员"}))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"decision": " "}, ["posting.decision_missing"]),
        ({"decided_on": None}, ["posting.decision_date_missing"]),
        ({"decided_on": date(2026, 6, 25)}, ["posting.decision_in_future"]),
        ({"broken": ("李甲一—罗盘村",)}, ["posting.rule_broken"]),
        ({"actor": "科员"}, ["directory.same_person"]),
    ],
)
def test_a_person_decides_and_not_the_one_who_made_the_plan(
    changes: dict[str, Any], found: list[str]
) -> None:
    """R-2-20, R-0-20."""
    assert codes(rules.refuse_to_deliberate(replace(DECISION, **changes))) == found


@pytest.mark.parametrize(
    ("decided", "starts_on", "assignments", "found"),
    [
        (True, TODAY, 3, []),
        (False, TODAY, 3, ["posting.decision_missing"]),
        (True, date(2026, 6, 23), 3, ["posting.notice_backdated"]),
        (True, TODAY, 0, ["posting.plan_empty"]),
    ],
)
def test_a_notice_follows_the_decision(
    decided: bool, starts_on: date, assignments: int, found: list[str]
) -> None:
    refusals = rules.refuse_to_announce(
        decided=decided, starts_on=starts_on, today=TODAY, assignments=assignments
    )

    assert codes(refusals) == found


ISSUE = IssueFacts(
    notice_complete_on=date(2026, 6, 23),
    today=TODAY,
    document_no="宣组发〔2026〕8号",
    starts_on=date(2026, 7, 1),
    actor="管理员",
    makers=frozenset({"科员"}),
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"notice_complete_on": None}, ["posting.notice_missing"]),
        # A.5: complete at the end of the 23rd, so the 24th is the first day.
        ({"today": date(2026, 6, 23)}, ["posting.notice_running"]),
        ({"open_objections": 1}, ["posting.objection_open"]),
        ({"document_no": ""}, ["posting.document_number_missing"]),
        ({"starts_on": None}, ["posting.start_missing"]),
        ({"broken": ("李甲一—罗盘村",)}, ["posting.rule_broken"]),
        ({"already_posted": ("李甲一",)}, ["posting.person_has_post"]),
        ({"actor": "科员"}, ["directory.same_person"]),
    ],
)
def test_issuing_waits_for_the_notice_and_looks_at_the_rules_again(
    changes: dict[str, Any], found: list[str]
) -> None:
    """R-2-20, R-0-09, R-0-20, G-30."""
    assert codes(rules.refuse_to_issue(replace(ISSUE, **changes))) == found


def test_sending_back_needs_a_reason() -> None:
    assert rules.refuse_to_send_back("有异议") == ()
    assert codes(rules.refuse_to_send_back("")) == ["posting.reason_missing"]
