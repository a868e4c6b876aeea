"""A request to take many rows out, for the tests of every address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lingyan.common import clock
from lingyan.platform.exchange.models import ExportRequest
from tests.world import World


def export_records(world: World) -> dict[str, Any]:
    asked = ExportRequest.objects.create(
        kind="units", purpose="年度核对", row_count=501, state="approved",
        asked_by_id=world.officer.user_id, asked_by_name=world.officer.name,
        asked_role=world.officer.role, asked_at=clock.now(), scope_path=world.county.path,
        decided_by_name=world.admin.name, decided_at=clock.now(),
        until=clock.today() + timedelta(days=7),
    )  # fmt: skip
    return {"asked_id": asked.pk}
