"""Which reports are due when, and what does a period's diary say when it is put together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from lingyan.common.periods import (
    ONE_DAY,
    Period,
    half_year_of,
    month_of,
    quarter_of,
    year_of,
)
from lingyan.common.refusals import Refusal
from lingyan.posting.rules.diary_words import Duty, ReportKind

REMARK_MAX = 1000
# 依据：R-2-25 次月 5 日、次季度首月 10 日、1 月 20 日前；上半年述职 7 月 20 日前（设计默认）。
DUE_DAY = {
    ReportKind.MONTH: 5,
    ReportKind.QUARTER: 10,
    ReportKind.HALF_YEAR: 20,
    ReportKind.YEAR: 20,
}
READ_BY = {
    ReportKind.MONTH: "村党组织、乡镇党委",
    ReportKind.QUARTER: "乡镇党委",
    ReportKind.HALF_YEAR: "县委组织部",
    ReportKind.YEAR: "县委组织部",
}
TITLES = {
    ReportKind.MONTH: "工作纪实",
    ReportKind.QUARTER: "报告",
    ReportKind.HALF_YEAR: "述职报告",
    ReportKind.YEAR: "年度述职报告",
}
PERIOD_OF: dict[ReportKind, Callable[[date], Period]] = {
    ReportKind.MONTH: month_of,
    ReportKind.QUARTER: quarter_of,
    ReportKind.HALF_YEAR: half_year_of,
    ReportKind.YEAR: year_of,
}

AUDIT_TEXTS = {
    "posting.report.confirmed": "确认报告",
    "posting.report.corrected": "重新确认报告（更正）",
}


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report of one posting: of which period, and by which day it is to be confirmed."""

    kind: ReportKind
    period: Period
    due_on: date

    @property
    def key(self) -> tuple[str, date]:
        return self.kind.value, self.period.since

    @property
    def title(self) -> str:
        return f"{period_text(self.kind, self.period)}{TITLES[self.kind]}"


def period_text(kind: ReportKind, period: Period) -> str:
    """2026年2月, 2026年一季度, 2026年上半年, 2026年."""
    first = period.since
    if kind is ReportKind.MONTH:
        return f"{first.year}年{first.month}月"
    if kind is ReportKind.QUARTER:
        return f"{first.year}年{'一二三四'[(first.month - 1) // 3]}季度"
    if kind is ReportKind.HALF_YEAR:
        return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
    return f"{first.year}年"


def report_of(kind: ReportKind, day: date) -> DueReport:
    """The report in whose period the day lies."""
    period = PERIOD_OF[kind](day)
    return DueReport(kind, period, period.until + timedelta(days=DUE_DAY[kind] - 1))


def ended_reports(
    since: date, until: date | None, *, today: date, kinds: Iterable[ReportKind] = ReportKind
) -> list[DueReport]:
    """Every report whose period has ended while the posting ran in it, the oldest first."""
    end = min(until, today) if until else today
    found = []
    for kind in kinds:
        day = since
        while day < end:
            one = report_of(kind, day)
            if one.period.until <= today:
                found.append(one)
            day = one.period.until
    return sorted(found, key=lambda one: (one.due_on, one.period.since))


# --- putting it together ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as a report needs it."""

    day: date
    duty: str
    text: str
    with_whom: str = ""
    need: str = ""
    households: int = 0
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a report says: figures by name, entries by duty, and one sentence over all."""

    figures: dict[str, int]
    by_duty: dict[str, int]
    by_month: dict[str, int]
    sections: dict[str, list[str]] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        told = self.figures
        days = told.get("on_site_days")
        parts = [
            _count_of_entries(told),
            f"驻村 {days} 天" if days is not None else "",
            f"走访 {told['households']} 户次" if told["households"] else "",
            f"发现问题 {told['problems_found']} 个" if told["problems_found"] else "",
            f"解决问题 {told['problems_solved']} 个" if told["problems_solved"] else "",
        ]
        return "，".join(part for part in parts if part) + "。"


def _count_of_entries(told: dict[str, int]) -> str:
    if not told["entries"]:
        return "没有日志"
    return f"写日志 {told['entries']} 条，涉及 {told['days']} 天"


def compile_report(
    lines: Sequence[Line],
    *,
    problems_found: int,
    problems_solved: int,
    problems_open: int,
    on_site_days: int | None = None,
    with_lines: bool = True,
) -> Compiled:
    """The records put together, nothing typed again. 依据：R-2-25。

    A monthly record tells every entry; the longer reports count, and tell those that answer a need.
    """
    figures = {
        "entries": len(lines),
        "days": len({one.day for one in lines}),
        "households": sum(one.households for one in lines),
        "photos": sum(one.photos for one in lines),
        "problems_found": problems_found,
        "problems_solved": problems_solved,
        "problems_open": problems_open,
    }
    if on_site_days is not None:
        figures["on_site_days"] = on_site_days
    told = [one for one in lines if with_lines or one.need]
    return Compiled(
        figures=figures,
        by_duty=dict(Counter(one.duty for one in lines)),
        by_month=dict(Counter(f"{one.day:%Y-%m}" for one in lines)),
        sections={
            duty.value: [_told(one) for one in told if one.duty == duty.value] for duty in Duty
        },
    )


def _told(one: Line) -> str:
    beside = [
        f"与{one.with_whom}" if one.with_whom else "",
        f"走访 {one.households} 户" if one.households else "",
        f"对应需求：{one.need}" if one.need else "",
    ]
    more = "，".join(part for part in beside if part)
    return f"{one.day.month}月{one.day.day}日 {one.text}" + (f"（{more}）" if more else "")


def clipped(period: Period, since: date, until: date | None) -> Period:
    """The part of the period in which the posting ran."""
    return Period(max(period.since, since), min(period.until, until) if until else period.until)


def refuse_to_confirm(
    due: DueReport,
    *,
    today: date,
    since: date,
    until: date | None,
    is_own: bool,
    remark: str,
    changed: bool,
) -> tuple[Refusal, ...]:
    """Only the person confirms, once the period is over; a remark is optional. 依据：R-2-25。"""
    refusals = []
    if not is_own:
        refusals.append(Refusal("posting.report.not_own", "报告由本人确认"))
    if due.period.until > today:
        last = due.period.until - ONE_DAY
        refusals.append(Refusal("posting.report.not_over", f"{last} 过后才能确认这份报告"))
    if since >= due.period.until or (until and until <= due.period.since):
        refusals.append(Refusal("posting.report.outside_term", "这段时间不在您的派驻期内"))
    if len(remark) > REMARK_MAX:
        refusals.append(Refusal("posting.report.remark_long", f"说明最多 {REMARK_MAX} 字"))
    if not changed:
        refusals.append(
            Refusal("posting.report.nothing_new", "报告已经确认，之后没有新的记录，不用再确认")
        )
    return tuple(refusals)
