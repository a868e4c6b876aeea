"""Which figures does pairing have, from which records, and how are these counted?

A figure is a function of the rows that it shows: the page, the list behind it and the file all come
from the same query, and another count of the rows gives the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from lingyan.common.money import show_wan
from lingyan.common.wording import approximately
from lingyan.directory import search
from lingyan.pairing.models import PairActivity, PairFundEntry
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries import pair_problems as problem_queries
from lingyan.pairing.queries import year
from lingyan.pairing.rules.claims import Sums
from lingyan.pairing.rules.figures import AsOf
from lingyan.pairing.rules.ledger_words import FundStage
from lingyan.pairing.rules.words import FiveOne
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
    measure: Callable[[QuerySet[Any], AsOf], Value]
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
    dress: Callable[[Sequence[Any], AsOf], None] | None = None  # what a row shows beside its own
    most_of_a_row: int = 0  # of a rate: how much each row could add

    def value(self, scope: Scope, on: AsOf) -> Value:
        return self.measure(self.records(scope, on), on)

    def of_sums(self, sums: Sums) -> Value:
        return sums.total if self.is_money else int(sums.total)

    def recount(self, rows: Sequence[Any], on: AsOf | None = None) -> Value:
        """The figure again, from the rows that stand there."""
        if self.dress is not None and on is not None:
            self.dress(rows, on)
        weights = [self.weigh(one) for one in rows]
        if self.most_of_a_row:
            done = sum(one for one in weights if isinstance(one, int))
            return rate(done, self.most_of_a_row * len(weights))
        if weights and isinstance(weights[0], str):
            return len(set(weights))
        return sum((one for one in weights if not isinstance(one, str)), 0)

    def shown(self, value: Value) -> str:
        return show_wan(Decimal(value)) if self.is_money else f"{value:,}"

    def written(self, value: Value) -> str:
        """As a text has it, and true of the value (R-0-17): 183个, but 560余场."""
        if self.is_of_a_day:
            return f"{value}{self.unit}"
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


def _count(rows: QuerySet[Any], _: AsOf) -> Value:
    return rows.order_by().count()


def _present(rows: QuerySet[Any], _: AsOf) -> Value:
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
        records=_money(stage), measure=lambda rows, _: queries.total_of(rows),
        heads=LINE_HEADS, row=_line_row,
        weigh=lambda one: one.amount, order=("-happened_on",), is_money=True,
        search=_line_search, page=_fund_page, sums=_money_sums(stage),
    )  # fmt: skip


def rate(done: int, of: int) -> Decimal:
    """A part of a hundred, one digit, half up (R-0-16)."""
    if not of:
        return Decimal("0.0")
    return (Decimal(100 * done) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _dress_five(rows: Sequence[Any], on: AsOf) -> None:
    done = year.five_ones([one.pk for one in rows], on.on.year)
    for one in rows:
        one.done = done.get(one.pk, frozenset())


def _five_row(one: Any) -> tuple[Any, ...]:
    missing = "、".join(item.label for item in FiveOne if item not in one.done)
    return (str(one.unit), _place(one.village), f"{len(one.done)}/{len(FiveOne)}", missing)


def _dress_kept(rows: Sequence[Any], on: AsOf) -> None:
    kept = year.kept_up(rows, on.on.year, on.on)
    keys = [one.pk for one in rows]
    projects = set(
        year.projects_in(keys, on.on.year).order_by().values_list("pairing_id", flat=True)
    )
    for one in rows:
        held = kept.get(one.pk)
        one.meetings = (held.meetings_held, held.meetings_due) if held else (0, 0)
        one.visits = (held.visits_made, held.visits_due) if held else (0, 0)
        one.has_project = one.pk in projects


def _is_kept(one: Any) -> int:
    """All three: meetings due held, visits due made, a project (IND-3-09)."""
    met, visited = one.meetings[0] >= one.meetings[1], one.visits[0] >= one.visits[1]
    return int(met and visited and one.has_project)


def _kept_row(one: Any) -> tuple[Any, ...]:
    return (
        str(one.unit), _place(one.village), "{}/{}".format(*one.meetings),
        "{}/{}".format(*one.visits), "有" if one.has_project else "没有",
    )  # fmt: skip


def _rate_of(
    dress: Callable[[Sequence[Any], AsOf], None], weigh: Callable[[Any], int], most: int
) -> Callable[[QuerySet[Any], AsOf], Value]:
    def measure(rows: QuerySet[Any], on: AsOf) -> Value:
        found = list(rows.order_by("pk"))
        dress(found, on)
        return rate(sum(weigh(one) for one in found), most * len(found))

    return measure


def _five_done(one: Any) -> int:
    return len(one.done)


# --- the figures ---------------------------------------------------------------------------------

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        code="units", rule="X08", name="结对的单位", unit="个",
        basis="统计日有共建中结对的单位党组织，一个单位与几个村结对只算一个",
        records=lambda scope, on: queries.pairs_on(scope, on.on),
        measure=lambda rows, _: queries.count_of(rows, "unit"),
        heads=PAIR_HEADS, row=_pair_row, weigh=lambda one: str(one.unit_id),
        order=("unit__name", "village__path"), is_of_a_day=True,
        search=_pair_search, page=_pair_page,
    ),
    Indicator(
        code="villages", rule="X09", name="结对的村", unit="个",
        basis="统计日有共建中结对、结对时属乡村振兴任务重的村和社区党组织，一个村只算一个",
        records=lambda scope, on: queries.pairs_of_key_villages(scope, on.on),
        measure=lambda rows, _: queries.count_of(rows, "village"),
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
        sums=lambda scope, on: queries.activity_sums(scope, queries.services(scope, on.period)),
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
        code="five_ones", rule="X11", name="五个一完成率", unit="%",
        basis="统计日共建中的结对，当年五个一做了几项，除以应做的项数",
        records=lambda scope, on: queries.pairs_on(scope, on.on),
        measure=_rate_of(_dress_five, _five_done, len(FiveOne)),
        heads=("单位", "村", "做了几项", "还差"), row=_five_row, weigh=_five_done,
        order=("village__path", "-is_lead"), is_of_a_day=True,
        search=_pair_search, page=_pair_page, dress=_dress_five, most_of_a_row=len(FiveOne),
    ),
    Indicator(
        code="kept", rule="X30", name="联席会议、定期互访、项目化推进落实率", unit="%",
        basis="统计日共建中的结对，当年到期的联席会议开了、走访做了、有共建项目，三样都落实的占比",
        records=lambda scope, on: queries.pairs_on(scope, on.on),
        measure=_rate_of(_dress_kept, _is_kept, 1),
        heads=("单位", "村", "联席会议", "到村走访", "共建项目"), row=_kept_row, weigh=_is_kept,
        order=("village__path", "-is_lead"), is_of_a_day=True,
        search=_pair_search, page=_pair_page, dress=_dress_kept, most_of_a_row=1,
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
