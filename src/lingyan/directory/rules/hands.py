"""Which roles act for which side, and whose hands may not check what they made?"""

from __future__ import annotations

from lingyan.common.refusals import Refusal

STAFF = ("county_org_staff", "county_org_admin")
ADMIN = ("county_org_admin",)
LEADER = ("county_org_leader",)
TOWN = ("town_org", "town_secretary")
UNIT = ("unit_party_admin", "unit_leader")
CANDIDATE = ("candidate",)
HAND_OVER = ("village_secretary", *TOWN, *STAFF)
POSTED = ("first_secretary", "team_member")
VILLAGE = ("village_secretary", "village_org")


def refuse_same_person(makers: frozenset[str], actor: str, *, act: str) -> tuple[Refusal, ...]:
    """The person who entered a record may not approve it. 依据：R-0-20。"""
    if actor in makers:
        return (Refusal("directory.same_person", f"经办人不能{act}自己经办的事项"),)
    return ()
