"""A recall of long ago, of 李甲一 in 松树村, with the case and a replacement under way."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.posting.models import Posting, RecallCase, RecallStep, Replacement, Round
from tests.world import World

LEFT = date(2023, 3, 1)


def recall_records(world: World, round: Round) -> dict[str, Any]:
    """Written straight into the tables: of health, so that it is held against nobody."""
    vacated = Posting.objects.create(
        person=world.li, village=world.pine, unit=world.finance, kind="team_member",
        origin="new", state="recalled", document_number="山组发(2022)1号",
        since=date(2022, 3, 1), planned_until=date(2024, 3, 1), until=LEFT,
        created_at=clock.now(),
    )  # fmt: skip
    case = RecallCase.objects.create(
        posting=vacated, ground="RG09", source="request", state="decided", opened_on=LEFT,
        told_on=LEFT, decided_on=LEFT, document_number="山组发(2023)1号",
    )  # fmt: skip
    RecallStep.objects.create(
        case=case, act="tell", on=LEFT, text="因病", made_by_name="陈乙一", made_at=clock.now()
    )
    replacement = Replacement.objects.create(
        posting=vacated, person=world.sun, plan_id=round.chosen_plan_id, fit=500, is_first=True,
        state="announced", proposed_by_name="陈乙一", proposed_on=LEFT, announced_on=LEFT,
        notice_ends_on=LEFT,
    )  # fmt: skip
    return {"case_id": case.pk, "replacement_id": replacement.pk, "vacated_id": vacated.pk}
