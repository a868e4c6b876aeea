"""What does 组织联建 show on the page of a village (一村一档) and of a unit (一单位一档)?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.directory.models import Place, Unit
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.rules.pairings import READERS, last_day
from lingyan.pairing.rules.words import PairingState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.templatetags.ui import TONE_OF_STATE, day

SHOWN = 8
LABELS = dict(PairingState.choices())


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """Which units are paired with the village, and which were."""
    if actor.role not in READERS:
        return []
    found = queries.list_pairings_of_village(actor.scope, village)
    rows = _rows(queries.known_on(found, on), on, lambda one: str(one.unit))
    return [Panel("结对单位", rows, "没有结对单位。", reverse("pairing_list"), "结对名册")]


def of_unit(unit: Unit, actor: Actor, on: date) -> list[Panel]:
    """Which villages the unit is paired with, and was."""
    if actor.role not in READERS:
        return []
    found = queries.list_pairings_of_unit(actor.scope, unit)
    rows = _rows(
        queries.known_on(found, on), on, lambda one: f"{one.village.parent or ''}{one.village}"
    )
    return [Panel("结对的村", rows, "没有结对的村。", reverse("pairing_list"), "结对名册")]


def _rows(
    pairings: QuerySet[Pairing], on: date, name: Callable[[Pairing], str]
) -> tuple[PanelRow, ...]:
    shown = list(pairings[:SHOWN])
    codes = values_on(shown, "state", on)
    return tuple(
        PanelRow(
            name(one),
            _detail(one, on),
            reverse("pairing_detail", args=[one.pk]),
            LABELS.get(codes[one.pk], codes[one.pk]),
            TONE_OF_STATE.get(codes[one.pk], ""),
        )
        for one in shown
    )


def _detail(one: Pairing, on: date) -> str:
    part = "牵头" if one.is_lead else "协助"
    if one.since is None or one.since > on or one.planned_until is None:
        return part
    ended = one.until is not None and one.until <= on
    end = f"{day(one.until)} 结束" if ended else f"期限到 {day(last_day(one.planned_until))}"
    return f"{part} · {day(one.since)} 起，{end}"
