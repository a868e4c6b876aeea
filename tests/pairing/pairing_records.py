"""A pair at work, and one whose village waits for another unit."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.pairing.scene import paired
from tests.world import World


def pairing_records(world: World) -> dict[str, Any]:
    """Written straight into the tables."""
    pairing = paired(world, points=640, parts={"near": 1000, "related": 500})
    left = paired(
        world, unit=world.school, village=world.stone, state="dissolved",
        until=date(2026, 2, 1), end_reason="单位撤并", agreement_number="山联建（2026）2号",
    )  # fmt: skip
    return {"pairing_id": pairing.pk, "left_pairing_id": left.pk}
