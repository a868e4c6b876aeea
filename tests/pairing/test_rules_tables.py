"""3.2 to 3.4, line by line: from which state, by which act, to which, by whom, by which rule."""

from __future__ import annotations

import pytest

from lingyan.pairing.rules.activities import ACTIVITY_FLOW
from lingyan.pairing.rules.assessments import ASSESSMENT_FLOW
from lingyan.pairing.rules.pair_problems import PAIR_PROBLEM_FLOW
from lingyan.pairing.rules.pairings import PAIRING_FLOW
from lingyan.pairing.rules.rounds import PAIR_ROUND_FLOW

WHO = {
    "单位": ("unit_party_admin", "unit_leader"),
    "村": ("village_secretary", "village_org"),
    "村书记": ("village_secretary",),
    "驻村": ("first_secretary", "team_member"),
    "乡镇": ("town_org", "town_secretary"),
    "乡镇书记": ("town_secretary",),
    "县": ("county_org_staff", "county_org_admin"),
    "部领导": ("county_org_leader",),
}
TABLES = {
    "pairing": """
        - propose proposed 县、部领导 R-3-03
        proposed agree_unit unit_agreed 单位 VAL-14
        unit_agreed agree_village village_agreed 村书记、乡镇书记 VAL-14
        village_agreed approve approved 县 VAL-14
        approved start active 单位、村书记、乡镇书记、县 3.2
        proposed decline declined 单位、村书记、乡镇书记 3.2
        unit_agreed decline declined 单位、村书记、乡镇书记 3.2
        village_agreed decline declined 单位、村书记、乡镇书记 3.2
        proposed withdraw declined 县 3.2
        unit_agreed withdraw declined 县 3.2
        village_agreed withdraw declined 县 3.2
        approved withdraw declined 县 3.2
        active renew active 县 3.2
        active end ended 县 G-3
        active dissolve dissolved 部领导 G-3
    """,
    "pair_round": """
        collecting compute computed 县 R-3-01
        computed compute computed 县 R-3-01
        computed adjust computed 县 R-3-02
        computed reopen collecting 县、部领导 R-3-02
        computed decide decided 部领导 R-0-20
        collecting cancel cancelled 县
        computed cancel cancelled 县
    """,
    "activity": """
        - plan planned 单位、村 R-3-05
        - enter held 单位、村 R-3-05
        planned hold held 单位、村 R-3-05
        planned correct planned 单位、村 R-0-18
        held correct held 单位、村 R-0-18
        planned cancel cancelled 单位、村 R-0-18
        held cancel cancelled 单位、村 R-0-18
        held check held 乡镇、县 6.2
    """,
    "problem": """
        - raise raised 村、单位、驻村、乡镇、县 3.4
        raised accept accepted 单位、驻村 3.4
        accepted begin solving 单位、驻村 3.4
        solving begin solving 单位、驻村 3.4
        accepted finish handled 单位、驻村 3.4
        solving finish handled 单位、驻村 3.4
        handled confirm solved 村 3.4
        handled reopen solving 村 3.4
        raised transfer transferred 单位、驻村、乡镇、县 3.4
        accepted transfer transferred 单位、驻村、乡镇、县 3.4
        solving transfer transferred 单位、驻村、乡镇、县 3.4
        raised void voided 村、县 R-0-18
        accepted void voided 村、县 R-0-18
    """,
    "assessment": """
        - evaluate evaluated 村、乡镇 R-3-06
        returned evaluate evaluated 村、乡镇 R-3-06
        evaluated return returned 县 R-3-06
        evaluated confirm confirmed 县 R-3-06
    """,
}
FLOWS = {
    "pairing": PAIRING_FLOW,
    "pair_round": PAIR_ROUND_FLOW,
    "activity": ACTIVITY_FLOW,
    "problem": PAIR_PROBLEM_FLOW,
    "assessment": ASSESSMENT_FLOW,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_process_has_exactly_the_lines_of_its_table(name: str) -> None:
    expected = []
    for line in TABLES[name].strip().splitlines():
        before, act, after, who, *number = line.split()
        roles = tuple(role for part in who.split("、") for role in WHO[part])
        expected.append((before.strip("-"), act, after, roles, "".join(number)))

    found = [
        (line.before, line.act, line.after, tuple(line.roles), line.number) for line in FLOWS[name]
    ]

    assert found == expected


@pytest.mark.parametrize("name", FLOWS)
def test_a_line_says_what_the_button_says(name: str) -> None:
    assert all(line.label for line in FLOWS[name])
