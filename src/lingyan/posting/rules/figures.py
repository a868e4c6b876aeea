"""Who reads the figures of posting, and for whom does a record behind one open?"""

from __future__ import annotations

from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.posting.rules import honors, support

WRITERS = ("county_office",)  # who writes briefings reads figures and opens no record
OPENERS = (
    *STAFF, *LEADER, "county_agency_committee", "county_agri", "county_discipline", *TOWN,
    "town_leader", *UNIT, *VILLAGE, *POSTED, "upper_viewer",
)  # fmt: skip
READERS = (*OPENERS, "county_leader", *WRITERS)

# A family's difficulties, promotions and what people are given are read by fewer.
HELP_OPENERS = (*STAFF, *LEADER)
HELP_READERS = (*HELP_OPENERS, *WRITERS)
CAREER_OPENERS = honors.CAREER_READERS
CAREER_READERS = (*CAREER_OPENERS, *WRITERS)
HONOR_OPENERS = honors.READERS
HONOR_READERS = (*HONOR_OPENERS, "county_leader", "upper_viewer", *WRITERS)
SUPPORT_OPENERS = (*support.COUNTY, *TOWN, *UNIT)  # the posting's page
SUPPORT_READERS = (*support.READERS, *WRITERS)
