"""Line by line: from which state, by which act, to which, by whom, by which rule?

Replacements (2.10), terms (1.4 to 1.8), rectification (4.4, 4.5), lists, reviews, tasks and talks
(13), briefings (9.4) and monthly reports.
"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.briefings import BRIEFING_FLOW
from lingyan.briefings.rules.monthly import MONTHLY_FLOW
from lingyan.organization.rules.agency_targets import TARGET_FLOW
from lingyan.organization.rules.duty_lists import DUTY_FLOW
from lingyan.organization.rules.lookback import MEND_FLOW
from lingyan.organization.rules.party_organizations import ORGANIZATION_FLOW
from lingyan.organization.rules.rect_problems import PROBLEM_FLOW
from lingyan.organization.rules.rectification import RECTIFICATION_FLOW
from lingyan.organization.rules.reserve import RESERVE_FLOW
from lingyan.organization.rules.reviews import REVIEW_FLOW
from lingyan.organization.rules.term_changes import TERM_CHANGE_FLOW
from lingyan.posting.rules.replacements import REPLACEMENT_FLOW
from lingyan.supervision.rules.interviews import INTERVIEW_FLOW
from lingyan.supervision.rules.tasks import TASK_FLOW

WHO = {
    "各方": """
        town_org town_secretary town_leader county_org_admin county_org_staff county_org_leader
        village_secretary village_org first_secretary team_member unit_party_admin unit_leader
    """,
    "乡镇": "town_org",
    "乡镇书记": "town_secretary",
    "乡镇长": "town_leader",
    "县": "county_org_admin county_org_staff",
    "县管理员": "county_org_admin",
    "县经办": "county_org_staff",
    "部领导": "county_org_leader",
    "村书记": "village_secretary",
    "村": "village_org",
    "一书": "first_secretary",
    "队员": "team_member",
    "单位": "unit_party_admin",
    "单位领导": "unit_leader",
    "联村": "county_leader",
    "纪委": "county_discipline",
    "部门": "dept_staff",
    "县委办": "county_office",
    "系统": "system",
}
TABLES = {
    "replacement": """
        - propose proposed 县 2.10
        proposed approve approved 部领导 R-0-20
        proposed refuse refused 部领导 R-0-20
        approved announce announced 县 R-2-20
        announced issue issued 县管理员 R-2-20、G-30
        proposed stop stopped 县 2.10
        approved stop stopped 县 2.10
        announced stop stopped 县 2.10
    """,
    "target": """
        - write draft 县 R-13-05
        draft write draft 县 R-13-05
        returned write draft 县 R-13-05
        draft submit submitted 县 R-13-05
        returned submit submitted 县 R-13-05
        submitted return returned 部领导 R-13-05
        submitted approve approved 部领导 R-13-05
    """,
    "duty": """
        - draft draft 乡镇、乡镇书记、村书记、村、单位、单位领导 R-13-03
        draft save draft 乡镇、乡镇书记、村书记、村、单位、单位领导 R-13-03
        returned save draft 乡镇、乡镇书记、村书记、村、单位、单位领导 R-13-03
        draft submit submitted 乡镇、乡镇书记、村书记、村、单位、单位领导 R-13-03
        returned submit submitted 乡镇、乡镇书记、村书记、村、单位、单位领导 R-13-03
        submitted return returned 乡镇书记、部领导 R-13-03
        submitted approve approved 乡镇书记、部领导 R-13-03
    """,
    "mend": """
        - find open 乡镇、县 1.8
        open mend mended 乡镇、村书记 R-1-32
        open exempt exempted 部领导 R-1-32
        mended verify closed 县 R-0-20
        mended return open 县 1.8
    """,
    "organization": """
        - prepare preparing 乡镇、县 1.4
        preparing approve active 乡镇书记、县、部领导 R-1-10至R-1-12
        active reorganize reorganizing 乡镇、县 1.4
        reorganizing restore active 乡镇书记、县、部领导 1.4
        reorganizing merge merged 乡镇书记、县、部领导 1.4、R-4-10
        reorganizing dissolve dissolved 乡镇书记、县、部领导 1.4、R-4-10
    """,
    "problem": """
        open begin doing 乡镇、乡镇书记、村书记、一书 4.4
        reopened begin doing 乡镇、乡镇书记、村书记、一书 4.4
        doing finish self_done 村书记、一书 4.4
        self_done verify verified 乡镇、乡镇书记 4.4
        self_done return doing 乡镇、乡镇书记 4.4
        verified reopen reopened 乡镇、乡镇书记、县 4.4
        verified close closed 系统 R-4-06
    """,
    "rectification": """
        - screen screened 乡镇、乡镇书记 R-4-01
        screened propose proposed 乡镇、乡镇书记 R-4-01
        screened withdraw not_listed 乡镇、乡镇书记 R-4-01
        proposed consult consulted 县 R-4-02
        consulted confirm confirmed 部领导 R-4-02
        consulted dismiss not_listed 部领导 R-4-02
        - reopen_child confirmed 部领导 4.5
        confirmed plan planned 乡镇书记 4.5
        planned start rectifying 县 R-4-03
        rectifying self_check self_checked 村书记、一书 4.5
        self_checked town_check town_checked 乡镇书记 4.5
        self_checked send_back rectifying 乡镇书记 4.5
        town_checked accept accepting 县 4.5
        accepting clear cleared 部领导 R-4-06
        accepting extend rectifying 部领导 4.5
        cleared follow following 乡镇、县 4.5
        following close closed 乡镇、县 4.5
        cleared relapse reopened 部领导 4.5
        following relapse reopened 部领导 4.5
    """,
    "reserve": """
        - find found 乡镇、县、村书记、村 R-1-40
        found confirm confirmed 乡镇、县 R-1-40
        confirmed train training 乡镇、县 R-1-40
        training train training 乡镇、县 R-1-40
        confirmed use used 乡镇、县 R-1-40
        training use used 乡镇、县 R-1-40
        found remove removed 乡镇、县 R-1-40
        confirmed remove removed 乡镇、县 R-1-40
        training remove removed 乡镇、县 R-1-40
    """,
    "review": """
        - open opened 乡镇、县 R-13-04
        opened report reported 乡镇、县 R-13-04
        reported evaluate evaluated 乡镇、县 R-13-04
        evaluated grade graded 部领导 R-13-04
        graded list_problems problems_listed 乡镇、县 R-13-04
        problems_listed rectify rectified 乡镇、县 R-13-04
        rectified archive archived 县 R-13-04
    """,
    "term_change": """
        - open preparing 乡镇 1.7
        preparing redraft preparing 乡镇 1.7
        preparing approve_plan preparing 乡镇书记 R-0-20
        preparing assess assessing 乡镇 1.7
        assessing propose - 乡镇、村书记 1.7
        reviewing propose - 乡镇、村书记 1.7
        assessing submit reviewing 乡镇、村书记 1.7
        reviewing confirm nominated 县 G-14
        nominated meet nominated 乡镇 R-1-26
        nominated elect elected 乡镇 R-1-26
        elected publish published 村书记、村 S08
        published approve_posts published 乡镇书记 1.7
        published file filed 县 1.7
        filed hand_over handed_over 乡镇 S08
        handed_over check handed_over 乡镇、县 1.8
        handed_over look_back looked_back 乡镇、县 1.8
        looked_back close closed 县 1.8
        nominated fail failed 乡镇 1.7
        elected fail failed 乡镇 1.7
        published fail failed 乡镇 1.7
        failed again nominated 乡镇 1.7
        failed replace reviewing 乡镇 D
        preparing reschedule - 乡镇书记 R-1-27
        assessing reschedule - 乡镇书记 R-1-27
        reviewing reschedule - 乡镇书记 R-1-27
        nominated reschedule - 乡镇书记 R-1-27
    """,
    "interview": """
        - plan planned 乡镇书记、部领导 R-13-02
        planned hold held 乡镇书记、县、部领导 R-13-02
        held improve improving 各方、纪委 R-13-02
        improving review reviewed 乡镇书记、县、部领导 R-13-02
        reviewed close closed 乡镇、县经办 R-13-02
        planned void void 县管理员 0.7
        held void void 县管理员 0.7
    """,
    "task": """
        - raise open 乡镇、乡镇书记、乡镇长、县、部领导 R-13-01
        open accept accepted 各方、联村、部门 R-13-01
        open escalate open - R-13-01
        accepted submit submitted 各方、联村、部门 R-13-01
        returned submit submitted 各方、联村、部门 R-13-01
        submitted verify verified 乡镇、乡镇书记、乡镇长、县、部领导 R-13-01
        submitted return returned 乡镇、乡镇书记、乡镇长、县、部领导 R-13-01
        verified close closed - R-13-01
        open void void 县管理员 0.7
        accepted void void 县管理员 0.7
        submitted void void 县管理员 0.7
        returned void void 县管理员 0.7
    """,
    "briefing": """
        - draft drafted 县、县委办 9.4
        drafted check data_checked 县、县委办 R-9-01、R-0-20
        data_checked check data_checked 县、县委办 R-9-01、R-0-20
        reviewed check data_checked 县、县委办 R-9-01、R-0-20
        signed check data_checked 县、县委办 R-9-01、R-0-20
        data_checked review reviewed 县管理员、部领导 R-0-20
        reviewed sign signed 部领导 R-9-02、R-0-20
        signed issue issued 县、县委办 G-24
        data_checked return drafted 县、部领导、县委办 R-9-02
        reviewed return drafted 县、部领导、县委办 R-9-02
        signed return drafted 县、部领导、县委办 R-9-02
        issued recall recalled 县管理员、部领导 9.4
        drafted void void 县、县委办 R-9-02
    """,
    "monthly": """
        - open draft 县 M28
        draft submit submitted 村书记、村 M28
        returned submit submitted 村书记、村 M28
        submitted take_back draft 村书记、村 M28
        submitted approve approved 乡镇、乡镇书记 R-0-20
        submitted return returned 乡镇、乡镇书记 0.7
        approved lock locked 县 R-0-20
        approved send_back returned 县 0.7
        draft excuse excused 县 M28
        returned excuse excused 县 M28
        excused ask_again draft 县 M28
        locked correct draft 县、村书记、村 R-0-18
        draft drop dropped 县、村书记、村 R-0-18
        returned drop dropped 县、村书记、村 R-0-18
        locked replace replaced - R-0-18
    """,
}
FLOWS = {
    "replacement": REPLACEMENT_FLOW,
    "target": TARGET_FLOW,
    "duty": DUTY_FLOW,
    "mend": MEND_FLOW,
    "organization": ORGANIZATION_FLOW,
    "problem": PROBLEM_FLOW,
    "rectification": RECTIFICATION_FLOW,
    "reserve": RESERVE_FLOW,
    "review": REVIEW_FLOW,
    "term_change": TERM_CHANGE_FLOW,
    "interview": INTERVIEW_FLOW,
    "task": TASK_FLOW,
    "briefing": BRIEFING_FLOW,
    "monthly": MONTHLY_FLOW,
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_process_has_exactly_the_lines_of_its_table(name: str) -> None:
    expected = []
    for line in TABLES[name].strip().splitlines():
        before, act, after, who, *number = line.split()
        roles = {role for part in who.split("、") if part != "-" for role in WHO[part].split()}
        expected.append((before.strip("-"), act, after.strip("-"), roles, "".join(number)))

    found = [
        (line.before, line.act, line.after, set(line.roles), line.number.replace(" ", ""))
        for line in FLOWS[name]
    ]

    assert found == expected


@pytest.mark.parametrize("name", FLOWS)
def test_a_line_says_what_the_button_says_and_what_must_hold(name: str) -> None:
    for line in FLOWS[name]:
        assert line.label
        assert isinstance(line.holds, str)
