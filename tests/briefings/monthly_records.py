"""A month that is asked of 松树村, with one answer, for the tests of every address."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.models import MonthlyReport
from lingyan.briefings.rules.monthly import Answer
from tests.briefings.monthly_scene import CODES, ITEMS
from tests.world import World

MONTH, DUE = date(2026, 2, 1), date(2026, 3, 5)


def monthly_records(world: World) -> dict[str, Any]:
    """Only 松树村 and 溪口村 owe it: the town to the south has none of it."""
    actions.set_form(world.county, ITEMS, actor=world.officer)
    period = actions.open_period(
        world.county, month=MONTH, due_on=DUE, towns=[world.north], actor=world.officer
    )
    report = MonthlyReport.objects.get(period=period, village=world.pine)
    said = {CODES[0]: Answer(number=60)}
    actions.fill_report(report, said, actor=world.pine_secretary)
    return {"monthly_period_id": period.pk, "monthly_report_id": report.pk}
