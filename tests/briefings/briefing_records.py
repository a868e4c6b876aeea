"""A briefing that is being written, one that is issued, and a template, for every address."""

from __future__ import annotations

from typing import Any

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.actions.briefing_templates import make_template
from lingyan.common import clock
from tests.world import World

TEXT = "全县共有{IND-3-01|写法=准确}党组织与村结对。"


def briefing_records(world: World) -> dict[str, Any]:
    written = actions.Written(
        title="结对共建进展", text=TEXT, series="组工简报", issuer="山阳县委组织部",
        period="去年以来", on=clock.today(),
    )  # fmt: skip
    open_one = actions.draft_briefing(written, actor=world.officer)
    issued = actions.draft_briefing(written, actor=world.officer)
    for act, actor in (
        ("check", world.second_officer),
        ("review", world.admin),
        ("sign", world.leader),
        ("issue", world.officer),
    ):
        issued = actions.step_briefing(issued, act, actor=actor)
    template = make_template(
        name="结对月度简报", series="组工简报", title="结对共建进展", text=TEXT, actor=world.officer
    )
    return {
        "briefing_id": issued.pk,
        "open_briefing_id": open_one.pk,
        "briefing_template_id": template.pk,
        "position": 1,
    }
