"""What does rectification show on the page of a village (一村一档)?"""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE
from lingyan.organization.queries import rectification as queries
from lingyan.organization.rules.rectification_words import RectState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.templatetags.ui import TONE_OF_STATE

READERS = (*STAFF, *LEADER, *TOWN, *VILLAGE, Role.COUNTY_LEADER, Role.TOWN_LEADER)


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """Its cases up to that day, each in the state of that day."""
    if village.level != PlaceLevel.VILLAGE or actor.role not in READERS:
        return []
    cases = list(
        queries.list_cases(actor.scope)
        .filter(village=village, opened_on__lte=on)
        .order_by("-year", "-serial")
    )
    if not cases:
        return []
    states, codes = values_on(cases, "state", on), queries.codes_of(cases)
    rows = tuple(
        PanelRow(
            f"整顿{case.number}", codes.get(case.pk, ""),
            reverse("rect_case_detail", args=[case.pk]),
            RectState(states[case.pk]).label, TONE_OF_STATE.get(states[case.pk], ""),
        )
        for case in cases
    )  # fmt: skip
    return [Panel("软弱涣散整顿", rows, "没有整顿事项。", reverse("rect_case_list"), "整顿台账")]
