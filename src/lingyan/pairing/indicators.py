"""Which figures does pairing have, from which records, and how are these counted?

A figure is a function of the rows that it shows: the page, the list behind it and the file all come
from the same query, and another count of the rows gives the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from lingyan.common.money import show_wan
from lingyan.common.wording import approximately
from lingyan.directory import search
from lingyan.pairing.models import PairActivity, PairFundEntry
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries import pair_problems as problem_queries
from lingyan.pairing.rules.claims import Sums
from lingyan.pairing.rules.figures import AsOf
from lingyan.pairing.rules.ledger_words import FundStage
from lingyan.platform.accounts.actor import Scope

Value = Decimal | int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: which records, how they are counted, how a row is shown."""

    code: str
    name: str
    unit: str
    basis: str  # what counts, in a sentence
    records: Callable[[Scope, AsOf], QuerySet[Any]]
    measure: Callable[[QuerySet[Any]], Value]
    heads: tuple[str, ...]
    row: Callable[[Any], tuple[Any, ...]]
    weigh: Callable[[Any], Value | str]  # what one row adds; a text where rows may name one thing
    order: tuple[str, ...]
    is_of_a_day: bool = False
    is_money: bool = False
    rule: str = ""
    search: Callable[[str], Q] | None = None
    page: Callable[[Any], str] | None = None
    sums: Callable[[Scope, AsOf], Sums] | None = None
    sorts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def value(self, scope: Scope, on: AsOf) -> Value:
        return self.measure(self.records(scope, on))

    def recount(self, rows: Sequence[Any]) -> Value:
        """The figure again, from the rows that stand there."""
        weights = [self.weigh(one) for one in rows]
        if weights and isinstance(weights[0], str):
            return len(set(weights))
        return sum((one for one in weights if not isinstance(one, str)), 0)

    def shown(self, value: Value) -> str:
        return show_wan(Decimal(value)) if self.is_money else f"{value:,}"

    def written(self, value: Value) -> str:
        """As a text has it, and true of the value (R-0-17)."""
        return approximately(value, "元" if self.is_money else self.unit)


# --- how rows are shown --------------------------------------------------------------------------


def _place(one: Any) -> str:
    return f"{one.parent or ''}{one}"


def _pair_row(one: Any) -> tuple[Any, ...]:
    return (str(one.unit), _place(one.village), one.since, "牵头" if one.is_lead else "参与")


def _pair_page(one: Any) -> str:
    return f"{reverse('pairing_detail', args=[one.pk])}"


def _pair_search(text: str) -> Q:
    return search.of_units_q(text, "unit") | search.of_villages_q(text, "village")


PAIR_HEADS = ("单位", "村", "开始日期", "牵头或参与")


def _activity_row(one: PairActivity) -> tuple[Any, ...]:
    where = _place(one.place) if one.place else one.venue
    return (one.day, one.get_kind_display(), where, one.get_mode_display(), one.summary[:60])


def _attended_row(one: Any) -> tuple[Any, ...]:
    where = _place(one.place) if one.place else one.venue
    return (one.day, one.get_kind_display(), where, one.get_mode_display(), one.present)


def _activity_search(text: str) -> Q:
    return search.of_villages_q(text, "place")


def _count(rows: QuerySet[Any]) -> Value:
    return rows.order_by().count()


def _present(rows: QuerySet[Any]) -> Value:
    total: int | None = rows.order_by().aggregate(total=Sum("present"))["total"]
    return total or 0


def _line_row(one: PairFundEntry) -> tuple[Any, ...]:
    fund = one.fund
    shared = f"{fund.claimants} 方共同" if fund.claimants > 1 else ""
    return (
        one.happened_on, _place(fund.village), fund.project, fund.get_source_display(),
        one.amount, one.text or shared,
    )  # fmt: skip


def _line_search(text: str) -> Q:
    return search.of_villages_q(text, "fund__village") | Q(fund__project__prefix=text)


LINE_HEADS = ("日期", "村", "项目", "来源", "金额（元）", "说明")


def _problem_row(one: Any) -> tuple[Any, ...]:
    shared = f"{one.claimants} 方共同" if one.claimants > 1 else ""
    return (one.solved_on, _place(one.village), one.get_kind_display(), one.text[:60], shared)


def _site_row(one: Any) -> tuple[Any, ...]:
    return (one.named_on, one.name, one.zone, one.document_number)


def _money(stage: FundStage) -> Callable[[Scope, AsOf], QuerySet[Any]]:
    return lambda scope, on: queries.lines_in(scope, on.period, stage)


def _money_sums(stage: FundStage) -> Callable[[Scope, AsOf], Sums]:
    return lambda scope, on: queries.fund_sums(scope, on.period, stage)


def _fund_page(one: PairFundEntry) -> str:
    return reverse("pair_fund_detail", args=[one.fund_id])


def _of_money(code: str, name: str, stage: FundStage, basis: str, rule: str = "") -> Indicator:
    return Indicator(
        code=code, name=name, unit="万元", basis=basis, rule=rule,
        records=_money(stage), measure=queries.total_of, heads=LINE_HEADS, row=_line_row,
        weigh=lambda one: one.amount, order=("happened_on", "made_at"), is_money=True,
        search=_line_search, page=_fund_page, sums=_money_sums(stage),
    )  # fmt: skip


# --- the figures ---------------------------------------------------------------------------------

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        code="units", rule="X08", name="结对的单位", unit="个",
        basis="统计日有共建中结对的单位党组织，一个单位与几个村结对只算一个",
        records=lambda scope, on: queries.pairs_on(scope, on.on),
        measure=lambda rows: queries.count_of(rows, "unit"),
        heads=PAIR_HEADS, row=_pair_row, weigh=lambda one: str(one.unit_id),
        order=("unit__name", "village__path"), is_of_a_day=True,
        search=_pair_search, page=_pair_page,
    ),
    Indicator(
        code="villages", rule="X09", name="结对的村", unit="个",
        basis="统计日有共建中结对、结对时属乡村振兴任务重的村和社区党组织，一个村只算一个",
        records=lambda scope, on: queries.pairs_of_key_villages(scope, on.on),
        measure=lambda rows: queries.count_of(rows, "village"),
        heads=PAIR_HEADS, row=_pair_row, weigh=lambda one: str(one.village_id),
        order=("village__path", "-is_lead"), is_of_a_day=True,
        search=_pair_search, page=_pair_page,
    ),
    Indicator(
        code="pairs", rule="R-3-03", name="结对", unit="对",
        basis="统计日共建中的结对，一个单位和一个村是一对",
        records=lambda scope, on: queries.pairs_on(scope, on.on),
        measure=_count, heads=PAIR_HEADS, row=_pair_row, weigh=lambda _: 1,
        order=("village__path", "-is_lead"), is_of_a_day=True,
        search=_pair_search, page=_pair_page,
    ),
    Indicator(
        code="activities", rule="X12", name="技术培训、普法宣传、义诊服务等活动", unit="场(次)",
        basis="已开展的技术培训、普法宣传、义诊服务和其他服务，几对结对共同的一场只算一场",
        records=lambda scope, on: queries.services(scope, on.period),
        measure=_count, heads=("日期", "类别", "地点", "方式", "做了什么"), row=_activity_row,
        weigh=lambda _: 1, order=("-day",), search=_activity_search,
    ),
    Indicator(
        code="attendances", rule="X13", name="机关党员到村参与", unit="人(次)",
        basis="已开展的线下、线上线下结合活动中，单位党员到村到场的人次；线上参加的不计",
        records=lambda scope, on: queries.attended(scope, on.period),
        measure=_present, heads=("日期", "类别", "地点", "方式", "到场党员"), row=_attended_row,
        weigh=lambda one: one.present, order=("-day",), search=_activity_search,
    ),
    _of_money("arrived", "帮助协调项目资金", FundStage.ARRIVED,
              "协调到位的金额；几方共同协调的一笔只计一次，冲销的减去", "X14"),
    _of_money("committed", "协议（意向）资金", FundStage.COMMITTED, "协议或意向的金额"),
    _of_money("spent", "拨付资金", FundStage.SPENT, "已经拨付的金额"),
    Indicator(
        code="problems", rule="X15", name="解决道路、饮水、网络等实际问题", unit="个",
        basis="村和受益群众都确认解决的问题，几方共同解决的一件只算一件",
        records=lambda scope, on: queries.solved(scope, on.period),
        measure=_count, heads=("解决日期", "村", "类别", "问题", "说明"), row=_problem_row,
        weigh=lambda _: 1, order=("-solved_on",), search=problem_queries.search_q,
        page=lambda one: reverse("pair_problem_detail", args=[one.pk]),
        sums=lambda scope, on: queries.problem_sums(scope, on.period),
    ),
    Indicator(
        code="sites", rule="IND-3-08", name="结对共建示范点", unit="个",
        basis="统计日已命名、没有取消的示范点",
        records=lambda scope, on: queries.sites_on(scope, on.on),
        measure=_count, heads=("命名日期", "名称", "重点区域", "文号"), row=_site_row,
        weigh=lambda _: 1, order=("-named_on", "name"), is_of_a_day=True,
        search=lambda text: Q(name__prefix=text),
        page=lambda one: reverse("site_detail", args=[one.pk]),
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Indicator] = {one.code: one for one in INDICATORS}
