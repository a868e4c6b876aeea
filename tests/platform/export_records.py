"""A request to take many rows out, and a clearing that waits, for the tests of every address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lingyan.common import clock
from lingyan.platform.exchange.models import Clearing, ExportRequest
from tests.world import World


def export_records(world: World) -> dict[str, Any]:
    asked = ExportRequest.objects.create(
        kind="units", purpose="年度核对", row_count=501, state="approved",
        asked_by_id=world.officer.user_id, asked_by_name=world.officer.name,
        asked_role=world.officer.role, asked_at=clock.now(), scope_path=world.county.path,
        decided_by_name=world.admin.name, decided_at=clock.now(),
        until=clock.today() + timedelta(days=7),
    )  # fmt: skip
    clearing = Clearing.objects.create(
        kind="imports", before=clock.today(), count=1, scope_path=world.county.path,
        proposed_by_id=world.leader.user_id, proposed_by_name=world.leader.name,
        proposed_at=clock.now(),
    )  # fmt: skip
    return {"asked_id": asked.pk, "clearing_id": clearing.pk, "kept": "imports"}
