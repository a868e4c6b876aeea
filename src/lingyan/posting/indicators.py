"""The indicators of posting (2.12): which records, how they are counted, what a row shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.directory.models import Place
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery
from lingyan.posting.models import Posting
from lingyan.posting.queries import figures as queries
from lingyan.posting.queries.postings import search_q
from lingyan.posting.rules.figures import OPENERS, READERS

GROUP = "精准选派"
POSTING_HEADS = ("姓名", "村", "类别", "派出单位", "派驻日期")
POSTING_ORDER = ("village__path", "kind", "person__number")


# --- who was posted -------------------------------------------------------------------------------


def _place(one: Place) -> str:
    return f"{one.parent or ''}{one}"


def _posting(one: Posting, counts: str = "") -> Record:
    return Record(
        "posting.Posting", str(one.pk), one.village.path,
        (one.person.name, _place(one.village), one.get_kind_display(), str(one.unit or ""),
         one.since),
        reverse("posting_detail", args=[one.pk]),
        counts=counts,
    )  # fmt: skip


KEYS: Mapping[str, Callable[[Posting], object]] = {
    "person": lambda one: one.person_id,
    "village": lambda one: one.village_id,
    "village__parent": lambda one: one.village.parent_id,
}


def _of_postings(
    records: Callable[[Question], QuerySet[Posting]], counted: str = "person"
) -> FromQuery:
    """Distinct people, villages or towns of postings."""
    key = KEYS[counted]

    def record(one: Posting) -> Record:
        return _posting(one, str(key(one)))

    return FromQuery(records, record, POSTING_ORDER, "village", counted=counted, search=search_q)


def _newly_sent(asked: Question) -> QuerySet[Posting]:
    return queries.newly_sent(asked.scope, asked.period, asked.on)


def _in_post(asked: Question) -> QuerySet[Posting]:
    return queries.of_party(queries.in_post_on(asked.scope, asked.on))


POSTINGS = (
    Indicator(
        code="IND-2-01", rows=("X01",), name="新选派的第一书记", unit="人",
        basis="统计期内开始派驻的第一书记，来源是新选派或补派；调整、延期的不算，一人只算一次",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER, source=_of_postings(_newly_sent),
        heads=POSTING_HEADS, group=GROUP, rule="2.12", readers=READERS, openers=OPENERS,
    ),
    Indicator(
        code="IND-2-06", rows=("T06",), name="选派到乡村振兴一线的党员干部", unit="人",
        basis="统计日在任的第一书记、工作队员和帮扶干部中的党员，一人只算一次",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, source=_of_postings(_in_post),
        heads=POSTING_HEADS, group=GROUP, rule="2.12", readers=READERS, openers=OPENERS,
        is_good_high=True,
    ),
)  # fmt: skip

INDICATORS: tuple[Indicator, ...] = POSTINGS
