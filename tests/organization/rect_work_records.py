"""An acceptance of 松树村 with its vote, and a visit that follows it, for every role."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.organization.models import RectificationCase
from tests.world import World


def rect_work_records(world: World) -> dict[str, Any]:
    """Written straight into the tables, beside the case of `rect_records`."""
    case = RectificationCase.objects.get(village=world.pine)
    inspection = case.inspections.create(opened_on=date(2026, 3, 5), made_by_name="陈乙一")
    vote = inspection.votes.create(households=120, issued=30, made_by_name="陈乙一")
    follow_up = case.follow_ups.create(months=3, due_on=date(2026, 6, 5))
    return {
        "rect_vote_id": vote.pk,
        "rect_follow_up_id": follow_up.pk,
    }
