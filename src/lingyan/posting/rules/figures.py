"""Who reads the figures of posting, and for whom does a record behind one open?"""

from __future__ import annotations

from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE

OPENERS = (
    *STAFF, *LEADER, "county_agency_committee", "county_agri", "county_discipline", *TOWN,
    "town_leader", *UNIT, *VILLAGE, *POSTED, "upper_viewer",
)  # fmt: skip
READERS = (*OPENERS, "county_leader", "county_office")  # these two open no record
