"""松树村 under rectification, for the pages of every role."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.organization.models import RectificationCase
from tests.world import World

STARTED = date(2026, 3, 2)


def rect_records(world: World) -> dict[str, Any]:
    """Written straight into the tables."""
    case = RectificationCase.objects.create(
        county=world.county, village=world.pine, year=2026, serial=1, state="rectifying",
        state_since=STARTED, opened_on=date(2026, 1, 15), decided_on=date(2026, 2, 10),
        document_number="山委〔2026〕3号", identify_mode="direct", started_on=STARTED,
        due_on=date(2026, 9, 2), made_by_name="高乙六",
    )  # fmt: skip
    case.situations.create(
        code="W07", evidence="村务公开栏半年没有更新", confirmed_by_name="高乙六",
        confirmed_on=date(2026, 1, 15),
    )  # fmt: skip
    asked = case.consultations.create(
        department="agriculture", asked_on=date(2026, 1, 20), due_on=date(2026, 1, 30)
    )
    problem = case.problems.create(
        situation="W07", description="公开栏半年没有更新", measure="每月公开", owner="宋乙八",
        due_on=date(2026, 6, 30), made_by_name="高乙六", made_on=date(2026, 2, 20),
    )  # fmt: skip
    case.supports.create(
        kind="S2", name="包丁三", user_id=world.north_org.user_id, since=STARTED,
        made_by_name="陈乙一",
    )  # fmt: skip
    return {
        "rect_case_id": case.pk,
        "rect_consultation_id": asked.pk,
        "rect_problem_id": problem.pk,
    }
