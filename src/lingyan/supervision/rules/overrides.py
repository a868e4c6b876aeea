"""What is said of a gate that was opened for one record?"""

from __future__ import annotations

READERS = ("county_org_admin", "county_org_staff", "county_org_leader", "county_discipline",
           "town_org", "town_secretary")  # fmt: skip
AUDIT_TEXTS = {"supervision.gate.overridden": "关口放行"}
