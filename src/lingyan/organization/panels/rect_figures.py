"""Which figures does rectification have, and how is each counted from the rows it shows (4.6)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lingyan.common.choices import Choice
from lingyan.organization.queries import rect_figures as queries
from lingyan.organization.queries.rect_figures import AsOf, Row
from lingyan.organization.rules.acceptance import SHOWN_FROM
from lingyan.organization.rules.visits import percent
from lingyan.platform.accounts.actor import Scope


class Counted(Choice):
    NUMBER = "number", "计数"
    SHARE = "share", "占比"
    MEAN = "mean", "平均"


@dataclass(frozen=True, slots=True)
class Figure:
    code: str
    rule: str
    name: str
    unit: str
    how: Counted
    basis: str
    heads: tuple[str, ...]
    rows: Callable[[Scope, AsOf], list[Row]]
    shown_from: int = 0  # fewer than that together, and the share is not told (7.7)

    def value(self, rows: Sequence[Row]) -> str:
        """The figure of these rows, as it is read."""
        part, of = sum(one.part for one in rows), sum(one.of for one in rows)
        if self.how == Counted.NUMBER:
            return str(part)
        if not of:
            return "—"
        if of < self.shown_from:
            return "样本不足"
        if self.how == Counted.SHARE:
            return percent(part, of).rstrip("%")
        return str((Decimal(part) / of).quantize(Decimal("0.1"), ROUND_HALF_UP))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "open", "IND-4-01", "在整顿的村", "个", Counted.NUMBER,
        "统计日县委已确定整顿、还没有销号的村；反弹的算到新事项立项为止，以后由新事项计",
        ("村", "状态", "整顿期限"), queries.open_cases,
    ),
    Figure(
        "cleared", "IND-4-02", "销号率", "%", Counted.SHARE,
        "今年以来在整顿名单上的事项中，到统计日已销号的占比",
        ("村", "县委决定日期", "销号日期"), queries.clearings,
    ),
    Figure(
        "visits", "IND-4-03", "月度督查完成率", "%", Counted.SHARE,
        "今年以来每个村每个应督查的月，有一次以上县级领导到村督查的占比；没有过完的月不算欠",
        ("村", "月份", "联村领导", "督查"), queries.visited_months,
    ),
    Figure(
        "months", "IND-4-04", "平均整顿时间", "个月", Counted.MEAN,
        "今年以来销号的村，从开始整顿到销号的整月数，取平均",
        ("村", "开始整顿", "销号", "整月"), queries.durations,
    ),
    Figure(
        "satisfaction", "IND-4-05", "群众满意度", "%", Counted.SHARE,
        "今年以来有结论的验收，满意和基本满意的票除以有效票",
        ("村", "验收", "结论日期", "有效票", "满意度", "结论"), queries.votes,
        shown_from=SHOWN_FROM,
    ),
    Figure(
        "relapses", "IND-4-06", "反弹的村", "个", Counted.NUMBER,
        "今年以来认定反弹的事项", ("村", "认定日期", "情况"), queries.relapses,
    ),
    Figure(
        "four", "IND-4-07", "“四个一”到位率", "%", Counted.SHARE,
        "统计日在整顿的村，县级领导、乡镇领导、第一书记、结对单位都到位的占比",
        ("村", "还缺"), queries.four_ones,
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Figure] = {one.code: one for one in FIGURES}
