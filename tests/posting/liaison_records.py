"""One record of each kind of keeping in touch, for the tests of every address."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.directory.models import RoleAssignment
from lingyan.posting.actions import liaison
from lingyan.posting.models import OutsideRecord, Posting
from tests.world import World


def liaison_records(world: World, at_work: Posting) -> dict[str, Any]:
    """A leader in touch with 南河镇, a visit of the town, and a record from another system."""
    holder = RoleAssignment.objects.get(user_id=world.leader.user_id)
    contact = liaison.assign_liaison(
        holder, kind="area", since=date(2026, 1, 5), town=world.south, actor=world.officer
    )
    visit = liaison.record_visit(
        at_work, form="both", happened_on=date(2026, 2, 26), text="周甲六说村里缺农技员",
        actor=world.south_org,
        raised={"about": "village", "text": "周甲六反映缺农技员", "owner": "town",
                "due_on": date(2026, 4, 1)},
    )  # fmt: skip
    OutsideRecord.objects.create(
        posting=at_work, happened_on=date(2026, 2, 25), system="县政务平台", external_id="ZW-1"
    )
    return {"liaison_id": contact.pk, "visit_id": visit.pk, "task": "months"}
