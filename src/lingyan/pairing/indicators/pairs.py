"""How many units and villages are paired, and which pairs are a demonstration site?"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse

from lingyan.directory import search
from lingyan.pairing.models import DemoSite, Pairing
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.rules.figures import GROUP, OPENERS, READERS
from lingyan.platform.indicators.definitions import Indicator, Measure, PeriodKind, Record
from lingyan.platform.indicators.sources import FromQuery

of_pairing = partial(Indicator, group=GROUP, readers=READERS, openers=OPENERS, is_good_high=True)
HEADS = ("单位", "村", "开始日期", "牵头或参与")
ORDER = ("village__path", "-is_lead")


def place_text(one: Any) -> str:
    return f"{one.parent or ''}{one}"


def _record(one: Pairing, counts: str = "") -> Record:
    return Record(
        "pairing.Pairing", str(one.pk), one.village.path,
        (str(one.unit), place_text(one.village), one.since or "",
         "牵头" if one.is_lead else "参与"),
        reverse("pairing_detail", args=[one.pk]),
        counts=counts,
    )  # fmt: skip


def _site(one: DemoSite) -> Record:
    return Record(
        "pairing.DemoSite", str(one.pk), one.county.path,
        (one.named_on, one.name, one.zone, one.document_number),
        reverse("site_detail", args=[one.pk]),
    )  # fmt: skip


def search_q(text: str) -> Q:
    return search.of_units_q(text, "unit") | search.of_villages_q(text, "village")


def _site_search(text: str) -> Q:
    return Q(name__prefix=text)


INDICATORS = (
    of_pairing(
        code="IND-3-01", rows=("X08",), name="结对的单位", unit="个", rule="R-3-03",
        basis="统计日有共建中结对的单位党组织，一个单位与几个村结对只算一个",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, heads=HEADS,
        source=FromQuery(
            lambda asked: queries.pairs_on(asked.scope, asked.on),
            lambda one: _record(one, str(one.unit_id)),
            ("unit__name", "village__path"), "village", counted="unit", search=search_q,
        ),
    ),
    of_pairing(
        code="IND-3-02", rows=("X09",), name="结对的村", unit="个", rule="R-3-03",
        basis="统计日有共建中结对、结对时属乡村振兴任务重的村和社区党组织，一个村只算一个",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, heads=HEADS,
        source=FromQuery(
            lambda asked: queries.pairs_of_key_villages(asked.scope, asked.on),
            lambda one: _record(one, str(one.village_id)),
            ORDER, "village", counted="village", search=search_q,
        ),
    ),
    of_pairing(
        code="P-3-PAIRS", name="结对", unit="对", rule="R-3-03",
        basis="统计日共建中的结对，一个单位和一个村是一对",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, heads=HEADS,
        source=FromQuery(
            lambda asked: queries.pairs_on(asked.scope, asked.on), _record,
            ORDER, "village", search=search_q,
        ),
    ),
    of_pairing(
        code="IND-3-08", name="结对共建示范点", unit="个", rule="R-3-07",
        basis="统计日已命名、没有取消的示范点",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER,
        heads=("命名日期", "名称", "重点区域", "文号"),
        source=FromQuery(
            lambda asked: queries.sites_on(asked.scope, asked.on).select_related("county"),
            _site, ("-named_on", "name"), "pairings__village", is_shared=True,
            search=_site_search,
        ),
    ),
)  # fmt: skip
