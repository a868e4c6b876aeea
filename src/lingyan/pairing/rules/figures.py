"""Who reads the figures of pairing, and from when on are they counted?"""

from __future__ import annotations

from datetime import date

from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE

BEGINNING = date(2000, 1, 1)
GROUP = "组织联建"
OPENERS = (
    *STAFF, *LEADER, "county_agency_committee", "county_agri", "county_finance", *TOWN,
    "town_leader", *UNIT, *VILLAGE, *POSTED, "upper_viewer",
)  # fmt: skip
READERS = (*OPENERS, "county_office")  # who reads figures only opens no record
