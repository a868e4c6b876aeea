"""A duty list, a review and a target of 松树村, 北山镇 and 县财政局, for every role."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.organization.models import AgencyTarget, DutyList, ReviewRound
from tests.world import World

OPENED = date(2026, 3, 2)


def review_records(world: World) -> dict[str, Any]:
    """Written straight into the tables."""
    duty = DutyList.objects.create(
        level="village", year=2026, place=world.pine, secretary="宋乙八", state="submitted",
        submitted_by_name="宋乙八", submitted_on=OPENED,
    )  # fmt: skip
    duty.items.create(
        number=1, topic="members", duty="落实发展党员计划", measure="按程序办理",
        due_on=date(2026, 12, 31),
    )  # fmt: skip
    round = ReviewRound.objects.create(
        level="village", year=2025, place=world.north, form="on_site", state="graded",
        opened_on=OPENED,
    )  # fmt: skip
    result = round.results.create(
        place=world.pine, name="宋乙八", reported_on=OPENED, good=20, fairly_good=5,
        grade="fairly_high", is_weak_development=False, graded_by_name="林乙四",
    )  # fmt: skip
    problem = result.problems.create(text="组织生活记录不全", due_on=date(2026, 6, 30))
    AgencyTarget.objects.create(unit=world.finance, year=2026, points={"duty": 1800})
    return {
        "duty_list_id": duty.pk,
        "review_round_id": round.pk,
        "review_result_id": result.pk,
        "review_problem_id": problem.pk,
    }
