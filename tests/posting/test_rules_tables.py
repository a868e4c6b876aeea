"""R-2-20 and 2.2 to 2.6, line by line: from which state, by which act, to which, and by whom."""

from __future__ import annotations

import pytest

from lingyan.posting.rules import processes as rules
from lingyan.posting.rules.assessments import NEED_LIST_FLOW
from lingyan.posting.rules.leave import LEAVE_FLOW
from lingyan.posting.rules.life import DUE_OF_STATE
from lingyan.posting.rules.notices import NOTICE_OBJECTION_FLOW
from lingyan.posting.rules.presence import ABSENCE_FLOW
from lingyan.posting.rules.support import PAYMENT_FLOW

WHO = {
    "县委组织部": ("county_org_staff", "county_org_admin"),
    "县委组织部管理员": ("county_org_admin",),
    "部领导": ("county_org_leader",),
    "乡镇": ("town_org", "town_secretary"),
    "单位": ("unit_party_admin", "unit_leader"),
    "本人": ("candidate",),
    "村镇和县委组织部": (
        "village_secretary", "town_org", "town_secretary", "county_org_staff", "county_org_admin",
    ),
    "乡镇和村": ("town_org", "town_secretary", "village_secretary", "village_org"),
    "县委组织部和乡镇": ("county_org_staff", "county_org_admin", "town_org", "town_secretary"),
    "县委组织部和乡镇书记": ("county_org_staff", "county_org_admin", "town_secretary"),
    "部领导和县委组织部": ("county_org_leader", "county_org_staff", "county_org_admin"),
    "县委组织部和单位": (
        "county_org_staff", "county_org_admin", "unit_party_admin", "unit_leader",
    ),
    "驻村同志和乡镇": ("first_secretary", "team_member", "town_org", "town_secretary"),
    "乡镇和县委组织部": ("town_org", "town_secretary", "county_org_staff", "county_org_admin"),
    "乡镇、县委组织部和机关党委": (
        "town_org", "town_secretary", "county_org_staff", "county_org_admin",
        "county_agency_committee",
    ),
    "财政和县委组织部管理员": ("county_finance", "county_org_admin"),
    "县委组织部和部领导": ("county_org_staff", "county_org_admin", "county_org_leader"),
}  # fmt: skip
TABLES = {
    "health_check": """
        draft submit submitted 乡镇
        submitted return draft 县委组织部
        submitted start_review joint_review 县委组织部
        joint_review return draft 县委组织部
        joint_review confirm confirmed 县委组织部
        confirmed issue_need_list need_list_issued 县委组织部
        need_list_issued supersede superseded 县委组织部
    """,
    "pool_entry": """
        recommended review reviewed 县委组织部
        reviewed admit in_pool 县委组织部
        in_pool select selected 县委组织部管理员
        selected return returned 县委组织部
        returned review reviewed 县委组织部
        recommended remove removed 县委组织部
        reviewed remove removed 县委组织部
        in_pool remove removed 县委组织部
        returned remove removed 县委组织部
    """,
    "round": """
        open lock_needs demand_closed 县委组织部
        demand_closed open_wishes candidate_ranking 县委组织部
        candidate_ranking open_intentions village_ranking 县委组织部
        village_ranking compute computed 县委组织部
        computed compute computed 县委组织部
        adjusted compute computed 县委组织部
        computed adjust adjusted 县委组织部
        adjusted adjust adjusted 县委组织部
        computed deliberate deliberated 部领导
        adjusted deliberate deliberated 部领导
        deliberated send_back adjusted 部领导
        announced send_back adjusted 部领导
        deliberated announce announced 县委组织部
        announced issue issued 县委组织部管理员
        open cancel cancelled 县委组织部管理员
        demand_closed cancel cancelled 县委组织部管理员
        candidate_ranking cancel cancelled 县委组织部管理员
        village_ranking cancel cancelled 县委组织部管理员
        computed cancel cancelled 县委组织部管理员
        adjusted cancel cancelled 县委组织部管理员
        deliberated cancel cancelled 县委组织部管理员
        announced cancel cancelled 县委组织部管理员
    """,
    "wish_list": """
        draft submit submitted 本人
        returned submit submitted 本人
        submitted confirm confirmed 单位
        submitted return returned 单位
    """,
    "posting": """
        - appoint appointed 县委组织部管理员
        appointed train trained 县委组织部
        trained arrive active 乡镇
        term_appraised hand_over handed_over 村镇和县委组织部
        active leave on_leave 乡镇和县委组织部
        extended leave on_leave 乡镇和县委组织部
        on_leave return active 乡镇和村
        active suspend suspended 县委组织部
        extended suspend suspended 县委组织部
        on_leave suspend suspended 县委组织部
        suspended resume active 县委组织部
        active extend extended 部领导
        term_appraised extend extended 部领导
        extended continue active 县委组织部和乡镇
        active propose_recall recall_pending 县委组织部和乡镇书记
        on_leave propose_recall recall_pending 县委组织部和乡镇书记
        suspended propose_recall recall_pending 县委组织部和乡镇书记
        extended propose_recall recall_pending 县委组织部和乡镇书记
        term_appraised propose_recall recall_pending 县委组织部和乡镇书记
        recall_pending recall recalled 部领导
        recall_pending drop_recall active 部领导和县委组织部
        active appraise_term term_appraised 县委组织部和单位
        extended appraise_term term_appraised 县委组织部和单位
        appointed transfer transferred 部领导
        trained transfer transferred 部领导
        active transfer transferred 部领导
        on_leave transfer transferred 部领导
        suspended transfer transferred 部领导
        extended transfer transferred 部领导
        recall_pending transfer transferred 部领导
        term_appraised transfer transferred 部领导
        active cease ceased 县委组织部
        on_leave cease ceased 县委组织部
        suspended cease ceased 县委组织部
        extended cease ceased 县委组织部
        recall_pending cease ceased 县委组织部
        term_appraised cease ceased 县委组织部
        handed_over complete completed 县委组织部管理员
    """,
    "leave": """
        - ask asked 驻村同志和乡镇
        asked approve approved 乡镇和县委组织部
        asked refuse refused 乡镇和县委组织部
        asked withdraw withdrawn 驻村同志和乡镇
        approved withdraw withdrawn 驻村同志和乡镇
        approved return back 乡镇和村
    """,
    "absence": """
        - find found 乡镇、县委组织部和机关党委
        found uphold upheld 乡镇和县委组织部
        found drop dropped 乡镇和县委组织部
    """,
    "notice_objection": """
        - record open 县委组织部
        open reject rejected 县委组织部和部领导
        open accept accepted 县委组织部和部领导
    """,
    "payment": """
        - make made 县委组织部
        made check checked 县委组织部和部领导
        made return returned 县委组织部和部领导
        checked pay paid 财政和县委组织部管理员
        checked return returned 财政和县委组织部管理员
    """,
    "need_list": """
        confirmed change confirmed 县委组织部
        confirmed issue issued 县委组织部
        issued supersede superseded 县委组织部
    """,
}
FLOWS = {name: table for name, (_, table) in rules.STATES_OF_FLOW.items()} | {
    "need_list": NEED_LIST_FLOW,
    "notice_objection": NOTICE_OBJECTION_FLOW,
    "leave": LEAVE_FLOW,
    "absence": ABSENCE_FLOW,
    "payment": PAYMENT_FLOW,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_process_has_exactly_the_lines_of_its_table(name: str) -> None:
    expected = {
        ("" if before == "-" else before, act, after, WHO[who])
        for before, act, after, who in map(str.split, TABLES[name].strip().splitlines())
    }

    found = [(line.before, line.act, line.after, line.roles) for line in FLOWS[name]]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_every_process_has_a_table() -> None:
    assert set(TABLES) == set(FLOWS)


@pytest.mark.parametrize("name", FLOWS)
def test_a_line_says_what_the_button_says_and_what_must_hold(name: str) -> None:
    for line in FLOWS[name]:
        assert line.label
        assert all(isinstance(text, str) for text in (line.label, line.holds, line.number))
        assert not line.label.startswith(("R-", "2."))
        assert "，" not in line.label, "that is what must hold"
        if name not in {"health_check", "pool_entry", "round", "wish_list"}:
            assert line.number
        # Four eyes on money are a rule of their own.
        beginnings = ("R-2-", "2.", "R-0-20") if name == "payment" else ("R-2-", "2.")
        assert line.number == "" or line.number.startswith(beginnings)


def test_what_is_due_next_is_an_act_of_the_table() -> None:
    """补派 takes up the place, not the posting that has ended."""
    acts = {line.act for line in FLOWS["posting"]}
    for act, label, roles, _ in DUE_OF_STATE.values():
        assert act in acts | {"replace"}
        assert label
        assert roles
