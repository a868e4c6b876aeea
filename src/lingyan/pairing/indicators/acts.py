"""How many activities were held, and how many members of the units came to the villages?"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.pairing.indicators.pairs import of_pairing, place_text
from lingyan.pairing.models import PairActivity
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries.activities import search_q
from lingyan.pairing.queries.year import held_activities
from lingyan.pairing.rules.activities import READERS as OPENERS
from lingyan.pairing.rules.claims import Sums
from lingyan.platform.indicators.definitions import (
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery, Records

of_acts = partial(of_pairing, openers=OPENERS)
HEADS = ("日期", "类别", "地点", "方式", "做了什么")
ORDER = ("-day",)
PLACE = "pairings__village"  # it lies where its pairs lie, often in several villages


def _record(one: PairActivity) -> Record:
    return Record(
        "pairing.PairActivity", str(one.pk), one.place.path if one.place else one.county.path,
        (one.day, one.get_kind_display(), place_text(one.place) if one.place else one.venue,
         one.get_mode_display(), one.summary[:60]),
        reverse("activity_detail", args=[one.pk]),
    )  # fmt: skip


def _attended(one: Any) -> Record:
    cells = (
        one.day, one.get_kind_display(), place_text(one.place), one.get_mode_display(),
        one.members_there,
    )  # fmt: skip
    url = reverse("activity_detail", args=[one.pk])
    return Record(
        "pairing.PairActivity", str(one.pk), one.place.path, cells, url, part=one.members_there
    )


def _with_places(rows: QuerySet[Any], asked: Question) -> QuerySet[Any]:
    return rows.select_related("place__parent", "county")


def _source(records: Records) -> FromQuery:
    return FromQuery(
        records, _record, ORDER, PLACE, is_shared=True, shown=_with_places, search=search_q
    )


def _services(asked: Question) -> QuerySet[PairActivity]:
    return queries.services(asked.scope, asked.period)


def _shares(asked: Question) -> list[str]:
    """What stands beside the number: the part of this area, and what would be counted again."""
    return told_shares(queries.activity_sums(asked.scope, _services(asked)), "场(次)")


def told_shares(sums: Sums, unit: str) -> list[str]:
    def told(value: Decimal) -> str:
        if unit == "元":
            return f"{value:,.2f} 元"
        return f"{value.quantize(Decimal('0.01')).normalize():f} {unit}"

    notes = []
    if sums.share != sums.total:
        notes.append(f"其中本范围的份额 {told(sums.share)}，其余是别的单位或村一起做的。")
    if sums.overlap:
        notes.append(f"几方共同的只算一次；各自报的相加，会多算 {told(sums.overlap)}。")
    return notes


INDICATORS = (
    of_acts(
        code="P-3-HELD", name="开展的联建活动", unit="场(次)", rule="R-3-05",
        basis="已开展的各类活动，几对结对共同的一场只算一场",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER, heads=HEADS,
        source=_source(lambda asked: held_activities(asked.scope, asked.period)),
    ),
    of_acts(
        code="IND-3-03", rows=("X12",), name="技术培训、普法宣传、义诊服务等活动", unit="场(次)",
        basis="已开展的技术培训、普法宣传、义诊服务和其他服务，几对结对共同的一场只算一场",
        rule="R-3-05", kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER, heads=HEADS,
        source=_source(_services), notes=_shares,
    ),
    of_acts(
        code="IND-3-04", rows=("X13",), name="机关党员到村参与", unit="人(次)", rule="R-3-05",
        basis="已开展的线下、线上线下结合活动中，单位党员到村到场的人次；线上参加的不计",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        heads=("日期", "类别", "地点", "方式", "到场党员"),
        source=FromQuery(
            lambda asked: queries.with_members(asked.scope, asked.period), _attended, ORDER,
            PLACE, added="members_there", is_shared=True, shown=_with_places, search=search_q,
        ),
    ),
)  # fmt: skip
