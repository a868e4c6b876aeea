"""Which sums did the pairs bring, and which problems did they solve?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.urls import reverse

from lingyan.directory import search
from lingyan.pairing.indicators.acts import told_shares
from lingyan.pairing.indicators.pairs import of_pairing, place_text
from lingyan.pairing.models import FundClaim, PairFundEntry, PairProblem
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries import pair_problems
from lingyan.pairing.rules.claims import distinct_solved
from lingyan.pairing.rules.ledger_words import FundStage
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    Parts,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery

FUND_HEADS = ("日期", "村", "项目", "来源", "金额（元）", "说明")


# --- sums -----------------------------------------------------------------------------------------


def _line(one: PairFundEntry) -> Record:
    fund = one.fund
    shared = f"{fund.claimants} 方共同" if fund.claimants > 1 else ""
    return Record(
        "pairing.PairFundEntry", str(one.pk), fund.village.path,
        (one.happened_on, place_text(fund.village), fund.project, fund.get_source_display(),
         one.amount, one.text or shared),
        reverse("pair_fund_detail", args=[fund.pk]),
        part=one.amount,
    )  # fmt: skip


def _line_search(text: str) -> Q:
    return search.of_villages_q(text, "fund__village") | Q(fund__project__prefix=text)


@dataclass(frozen=True, slots=True)
class Lines(FromQuery):
    """Lines of sums: each is of every place whose pairs had a part in the sum."""

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        found: dict[str, Parts] = {}
        for length in {len(path) for path in paths}:
            found |= self._read(question, length)[1]
        return {path: found[path] for path in paths if path in found}

    def with_places(
        self, question: Question, paths: Sequence[str]
    ) -> tuple[Parts, dict[str, Parts]]:
        lengths = {len(path) for path in paths}
        if len(lengths) != 1:
            return self.parts(question), self.parts_by(question, paths)
        whole, found = self._read(question, lengths.pop())
        return whole, {path: found[path] for path in paths if path in found}

    def _read(self, question: Question, length: int) -> tuple[Parts, dict[str, Parts]]:
        """All together, each line once, and what belongs to each place."""
        lines = self.records(question).order_by()
        single, shared = lines.filter(fund__claimants=1), lines.filter(fund__claimants__gt=1)
        path_of = Substr("fund__village__path", 1, length)
        grouped = single.annotate(path=path_of).values("path").annotate(**SUMS)
        found = defaultdict(Parts, {one["path"]: _parts(one) for one in grouped})
        sums = {one["fund"]: _parts(one) for one in shared.values("fund").annotate(**SUMS)}
        whole = sum((*found.values(), *sums.values()), Parts())
        for fund, path in _claimed(length) if sums else ():
            found[path] += sums.get(fund, Parts())
        return whole, {path: parts for path, parts in found.items() if parts != Parts()}


SUMS = {"part": Sum("amount"), "of": Count("pk")}


def _parts(one: dict[str, Any]) -> Parts:
    return Parts(Fraction(one["part"] or 0), one["of"])


def _claimed(length: int) -> QuerySet[FundClaim, tuple[Any, str]]:
    """Of each sum that several brought, the places whose pairs had a part, each once."""
    claims = FundClaim.objects.filter(dropped="", fund__claimants__gt=1).order_by()
    rows = claims.annotate(path=Substr("village__path", 1, length))
    return rows.values_list("fund", "path").distinct()


def _of_money(
    code: str, name: str, stage: FundStage, basis: str, rows: tuple[str, ...] = ()
) -> Indicator:
    return of_pairing(
        code=code, rows=rows, name=name, unit="元", basis=basis, rule="3.4",
        kind=PeriodKind.OF_PERIOD, measure=Measure.TOTAL, heads=FUND_HEADS,
        source=Lines(
            lambda asked: queries.lines_in(asked.scope, asked.period, stage), _line,
            ("-happened_on",), "fund__village", added="amount", search=_line_search,
        ),
        notes=lambda asked: told_shares(
            queries.fund_sums(asked.scope, asked.period, stage), "元"
        ),
    )  # fmt: skip


# --- problems -------------------------------------------------------------------------------------


def _problem(one: PairProblem) -> Record:
    shared = f"{one.claimants} 方共同" if one.claimants > 1 else ""
    return Record(
        "pairing.PairProblem", str(one.pk), one.village.path,
        (one.solved_on or "", place_text(one.village), one.get_kind_display(), one.text[:60],
         shared),
        reverse("pair_problem_detail", args=[one.pk]),
    )  # fmt: skip


def _about_problems(asked: Question) -> list[str]:
    """The part of this area, and what first secretaries solved besides: each thing once."""
    sums = queries.problem_sums(asked.scope, asked.period)
    notes = told_shares(sums, "个")
    both = queries.found_and_solved(asked.scope, asked.period)
    if both["found"]:
        total = distinct_solved(int(sums.total), both["found"], both["joined"])
        notes.append(
            f"第一书记另外发现并解决 {both['found']} 个，其中同一件事 {both['joined']} 个只算一次，"
            f"联建和第一书记一共解决 {total} 个。"
        )
    return notes


INDICATORS = (
    _of_money("IND-3-05", "帮助协调项目资金", FundStage.ARRIVED,
              "协调到位的金额；几方共同协调的一笔只计一次，冲销的减去", ("X14",)),
    _of_money("P-3-COMMITTED", "协议（意向）资金", FundStage.COMMITTED, "协议或意向的金额"),
    _of_money("P-3-PAID", "拨付资金", FundStage.SPENT, "已经拨付的金额"),
    of_pairing(
        code="IND-3-06", rows=("X15",), name="解决道路、饮水、网络等实际问题", unit="个",
        basis="村和受益群众都确认解决的问题，几方共同解决的一件只算一件", rule="3.4",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        heads=("解决日期", "村", "类别", "问题", "说明"),
        source=FromQuery(
            lambda asked: queries.solved(asked.scope, asked.period), _problem,
            ("-solved_on",), "village", search=pair_problems.search_q,
        ),
        notes=_about_problems,
    ),
)  # fmt: skip
