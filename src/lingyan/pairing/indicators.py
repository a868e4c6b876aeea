"""The indicators of pairing (3.6): which records, how they are counted, what a row shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from lingyan.directory import search
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.rules.figures import OPENERS, READERS
from lingyan.platform.indicators.definitions import Indicator, Measure, PeriodKind, Record
from lingyan.platform.indicators.sources import FromQuery

GROUP = "组织联建"


# --- pairs ----------------------------------------------------------------------------------------

PAIR_HEADS = ("单位", "村", "开始日期", "牵头或参与")
PAIR_ORDER = ("village__path", "-is_lead")


def _place(one: Any) -> str:
    return f"{one.parent or ''}{one}"


def _pair(one: Pairing, counts: str = "") -> Record:
    return Record(
        "pairing.Pairing", str(one.pk), one.village.path,
        (str(one.unit), _place(one.village), one.since or "", "牵头" if one.is_lead else "参与"),
        reverse("pairing_detail", args=[one.pk]),
        counts=counts,
    )  # fmt: skip


def _pair_search(text: str) -> Q:
    return search.of_units_q(text, "unit") | search.of_villages_q(text, "village")


PAIRS = (
    Indicator(
        code="IND-3-01", rows=("X08",), name="结对的单位", unit="个",
        basis="统计日有共建中结对的单位党组织，一个单位与几个村结对只算一个",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.pairs_on(asked.scope, asked.on),
            lambda one: _pair(one, str(one.unit_id)),
            ("unit__name", "village__path"), "village", counted="unit", search=_pair_search,
        ),
        heads=PAIR_HEADS, group=GROUP, rule="R-3-03", readers=READERS, openers=OPENERS,
        is_good_high=True,
    ),
    Indicator(
        code="IND-3-02", rows=("X09",), name="结对的村", unit="个",
        basis="统计日有共建中结对、结对时属乡村振兴任务重的村和社区党组织，一个村只算一个",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.pairs_of_key_villages(asked.scope, asked.on),
            lambda one: _pair(one, str(one.village_id)),
            PAIR_ORDER, "village", counted="village", search=_pair_search,
        ),
        heads=PAIR_HEADS, group=GROUP, rule="R-3-03", readers=READERS, openers=OPENERS,
        is_good_high=True,
    ),
    Indicator(
        code="P-3-PAIRS", name="结对", unit="对",
        basis="统计日共建中的结对，一个单位和一个村是一对",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.pairs_on(asked.scope, asked.on), _pair,
            PAIR_ORDER, "village", search=_pair_search,
        ),
        heads=PAIR_HEADS, group=GROUP, rule="R-3-03", readers=READERS, openers=OPENERS,
        is_good_high=True,
    ),
)  # fmt: skip

INDICATORS: tuple[Indicator, ...] = PAIRS
