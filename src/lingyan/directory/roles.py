"""Which roles may a user hold? Where a role's scope lies, its assignment says (0.5)."""

from __future__ import annotations

from lingyan.common.choices import Choice


class Role(Choice):
    COUNTY_ORG_ADMIN = "county_org_admin", "县委组织部管理员"
    COUNTY_ORG_STAFF = "county_org_staff", "县委组织部工作人员"
    COUNTY_ORG_LEADER = "county_org_leader", "县委组织部部务会成员"
    COUNTY_AGENCY_COMMITTEE = "county_agency_committee", "机关党委委员"
    COUNTY_LEADER = "county_leader", "县级领导"
    COUNTY_AGRI = "county_agri", "县农业农村局"
    COUNTY_FINANCE = "county_finance", "县财政局"
    COUNTY_DISCIPLINE = "county_discipline", "县纪委监委"
    COUNTY_AUDIT = "county_audit", "县审计局"
    COUNTY_OFFICE = "county_office", "县委办/县政府办"
    DEPT_STAFF = "dept_staff", "县直部门工作人员"
    TOWN_SECRETARY = "town_secretary", "乡镇党委书记"
    TOWN_LEADER = "town_leader", "乡镇领导班子成员"
    TOWN_ORG = "town_org", "乡镇组织委员"
    TOWN_ACCOUNTANT = "town_accountant", "乡镇代理会计"
    TOWN_CASHIER = "town_cashier", "乡镇代管资金出纳"
    UNIT_PARTY_ADMIN = "unit_party_admin", "单位党组织管理员"
    UNIT_LEADER = "unit_leader", "单位主要负责人"
    CANDIDATE = "candidate", "人选"
    VILLAGE_SECRETARY = "village_secretary", "村党组织书记"
    VILLAGE_ORG = "village_org", "村党组织组织委员"
    VILLAGE_CASHIER = "village_cashier", "村报账员"
    VILLAGE_SUPERVISOR = "village_supervisor", "村务监督委员会主任"
    COOP_CHAIR = "coop_chair", "集体经济组织理事长"
    COOP_SUPERVISOR = "coop_supervisor", "监事会（监事）"
    FIRST_SECRETARY = "first_secretary", "驻村第一书记"
    TEAM_MEMBER = "team_member", "驻村工作队员"
    PARTY_MEMBER = "party_member", "党员"
    VILLAGER = "villager", "村民（群众）"
    UPPER_VIEWER = "upper_viewer", "上级查看"
    SYS_ADMIN = "sys_admin", "系统管理员"
    SEC_ADMIN = "sec_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


THREE_ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
OF_A_PERSON = frozenset({Role.CANDIDATE})
POSTED = frozenset({Role.FIRST_SECRETARY, Role.TEAM_MEMBER})
OF_A_UNIT = frozenset({Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER, Role.DEPT_STAFF})
OF_A_VILLAGE = frozenset(
    {
        Role.VILLAGE_SECRETARY,
        Role.VILLAGE_ORG,
        Role.VILLAGE_CASHIER,
        Role.VILLAGE_SUPERVISOR,
        Role.COOP_CHAIR,
        Role.COOP_SUPERVISOR,
        Role.FIRST_SECRETARY,
        Role.TEAM_MEMBER,
        Role.PARTY_MEMBER,
        Role.VILLAGER,
    }
)
OF_A_TOWN = frozenset({Role.TOWN_SECRETARY, Role.TOWN_ORG, Role.TOWN_ACCOUNTANT, Role.TOWN_CASHIER})

# Villages, towns or areas assigned to the person: several assignments are one scope (0.5).
OF_SEVERAL_PLACES = frozenset({Role.COUNTY_LEADER, Role.TOWN_LEADER})

# At which levels a role over a place may lie (0.5); a leader may answer for single villages.
WITHIN = ("county", "township", "village")
LEVELS: dict[Role, tuple[str, ...]] = {
    **dict.fromkeys(OF_A_VILLAGE, ("village",)),
    **dict.fromkeys(OF_A_TOWN, ("township",)),
    Role.TOWN_LEADER: ("township", "village"),
    Role.COUNTY_LEADER: WITHIN,
    Role.COUNTY_AGENCY_COMMITTEE: WITHIN,
    Role.UPPER_VIEWER: ("nation", "province", "prefecture", "county"),
    **dict.fromkeys(
        (
            Role.COUNTY_ORG_ADMIN,
            Role.COUNTY_ORG_STAFF,
            Role.COUNTY_ORG_LEADER,
            Role.COUNTY_AGRI,
            Role.COUNTY_FINANCE,
            Role.COUNTY_DISCIPLINE,
            Role.COUNTY_AUDIT,
            Role.COUNTY_OFFICE,
        ),
        ("county",),
    ),
}

# Which roles may grant which, always within the granter's own scope. The security administrator
# grants all; the system administrator only as long as none has been appointed.
OF_TOWNS_TO_GIVE = OF_A_VILLAGE - {Role.FIRST_SECRETARY, Role.TEAM_MEMBER}
MAY_GRANT: dict[str, frozenset[Role]] = {
    "system": frozenset(Role),
    Role.SEC_ADMIN: frozenset(Role),
    Role.SYS_ADMIN: frozenset(Role),
    Role.COUNTY_ORG_ADMIN: frozenset(Role)
    - THREE_ADMINISTRATORS
    - {Role.COUNTY_ORG_ADMIN, Role.UPPER_VIEWER},
    Role.TOWN_SECRETARY: OF_TOWNS_TO_GIVE,
    Role.TOWN_ORG: OF_TOWNS_TO_GIVE,
    Role.UNIT_PARTY_ADMIN: frozenset({Role.CANDIDATE, Role.DEPT_STAFF}),
}
INSTALLATION_GRANTERS = ("system", Role.SYS_ADMIN, Role.SEC_ADMIN)
LOCAL_GRANTERS = (
    Role.COUNTY_ORG_ADMIN,
    Role.TOWN_SECRETARY,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
)

# What belongs to the person, and the three administrators, cannot be handed to a delegate.
OWN = frozenset({Role.CANDIDATE, Role.PARTY_MEMBER, Role.VILLAGER})
NOT_HANDED_ON = THREE_ADMINISTRATORS | OWN
# The three administrators stand apart from the business: none of them holds one of these (10.2).
OF_BUSINESS = frozenset(Role) - THREE_ADMINISTRATORS - OWN
# Whoever lets one of these in again could act as the one who watches over him.
WATCHERS = frozenset({Role.SEC_ADMIN, Role.AUDIT_ADMIN})
