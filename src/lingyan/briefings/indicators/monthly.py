"""How many reports are in, and what do the locked ones say to each item that a county asks?"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.briefings.models import MonthlyAnswer, MonthlyItem, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules.monthly import OVERSEERS, READERS, STEM
from lingyan.briefings.rules.monthly_words import ItemKind, ItemTime
from lingyan.common import clock
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery, Records

GROUP = "村月报"
ORDER = ("village__path", "-month")


def _where(village: Any) -> str:
    return f"{village.parent or ''}{village}"


def _report(one: MonthlyReport) -> Record:
    said = one.first_submitted_on or "没有报"
    return Record(
        "briefings.MonthlyReport", str(one.pk), one.village.path,
        (_where(one.village), one.period.title, one.due_on, said),
        reverse("monthly_report", args=[one.pk]),
    )  # fmt: skip


def _due(asked: Question) -> QuerySet[MonthlyReport]:
    return queries.list_due(asked.scope, asked.period, asked.on, today=clock.today())


HEADS = ("村", "月份", "期限", "首次提交")

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        code="P-28-INTIME", name="村月报按期报送率", unit="%",
        basis="统计期内到期的村月报（免报的不算）中，首次提交不晚于期限的；期限当天还没有过完的，报了才算",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE,
        source=FromQuery(
            _due, _report, ORDER, "village", done=lambda _: queries.IN_TIME,
            search=queries.search_q,
        ),
        heads=HEADS, group=GROUP, rule="M28", readers=OVERSEERS, openers=OVERSEERS,
        is_good_high=True,
    ),
    Indicator(
        code="P-28-LOCKED", name="锁定的村月报", unit="份",
        basis="整月在统计期内、县里已锁定的村月报；更正后只算新的一份",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.list_locked(asked.scope, asked.period), _report, ORDER,
            "village", search=queries.search_q,
        ),
        heads=HEADS, group=GROUP, rule="M28", readers=OVERSEERS, openers=OVERSEERS,
        is_good_high=True,
    ),
)  # fmt: skip


# --- what a county asks ---------------------------------------------------------------------------


def defined(code: str) -> list[Indicator]:
    """The items of all counties, or the one with this code; each belongs to its county."""
    if code and not code.startswith(STEM):
        return []
    return [_indicator(one) for one in queries.newest_items(code)]


def _indicator(item: MonthlyItem) -> Indicator:
    is_so = item.kind == ItemKind.YES_NO
    is_month = item.time == ItemTime.OF_MONTH and not is_so
    return Indicator(
        code=item.code, name=f"{item.name}（是的村）" if is_so else item.name,
        unit="个" if is_so else item.unit, basis=_basis(is_so=is_so, is_month=is_month),
        kind=PeriodKind.OF_PERIOD if is_month else PeriodKind.OF_DAY,
        measure=Measure.NUMBER if is_so else Measure.TOTAL,
        source=FromQuery(
            _of_months(item.code) if is_month else _at_end(item.code, is_so=is_so),
            _answer, ORDER, "village", added="" if is_so else "number",
            search=queries.search_q,
        ),
        heads=("村", "月份", "填报"), group=GROUP, rule="M28", readers=READERS,
        openers=READERS, within=item.form.county.path,
    )  # fmt: skip


def _basis(*, is_so: bool, is_month: bool) -> str:
    if is_month:
        return "整月在统计期内、已锁定的村月报所填的数相加"
    if is_so:
        return "统计日以前最近一个已锁定月份填“是”的村"
    return "各村统计日以前最近一个已锁定月份的月末数相加"


def _of_months(code: str) -> Records:
    def records(asked: Question) -> QuerySet[Any]:
        return queries.answers_of_months(asked.scope, code, asked.period)

    return records


def _at_end(code: str, *, is_so: bool) -> Records:
    def records(asked: Question) -> QuerySet[Any]:
        found = queries.answers_at_end(asked.scope, code, asked.on)
        return found.filter(is_so=True) if is_so else found

    return records


def _answer(one: MonthlyAnswer) -> Record:
    month = f"{one.month.year}年{one.month.month}月"
    said = "是" if one.number is None else one.number
    return Record(
        "briefings.MonthlyAnswer", str(one.pk), one.village.path,
        (_where(one.village), month, said),
        reverse("monthly_report", args=[one.report_id]),
        part=1 if one.number is None else one.number,
    )  # fmt: skip
