"""Who reads figures at all? Each indicator says which of them read it."""

from __future__ import annotations

from lingyan.directory.roles import Role

READERS: tuple[str, ...] = (
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_STAFF,
    Role.COUNTY_ORG_LEADER,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.COUNTY_LEADER,
    Role.COUNTY_AGRI,
    Role.COUNTY_FINANCE,
    Role.COUNTY_DISCIPLINE,
    Role.COUNTY_AUDIT,
    Role.COUNTY_OFFICE,
    Role.DEPT_STAFF,
    Role.TOWN_SECRETARY,
    Role.TOWN_LEADER,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
    Role.UNIT_LEADER,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    Role.FIRST_SECRETARY,
    Role.TEAM_MEMBER,
    Role.UPPER_VIEWER,
)
EXPORTERS: tuple[str, ...] = (
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_STAFF,
    Role.COUNTY_ORG_LEADER,
    Role.COUNTY_FINANCE,
    Role.TOWN_SECRETARY,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
    Role.UNIT_LEADER,
)
