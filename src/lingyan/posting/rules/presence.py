"""What counts as being in the village, how many days make a month, and who is where today?

Presence comes from facts of the work and from the leave ledger (R-2-21). Nobody has to sign in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lingyan.common.flow import Transition
from lingyan.common.periods import ONE_DAY, Period, add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, TOWN, VILLAGE, refuse_same_person
from lingyan.posting.rules.life_words import Whereabouts

MONTH_DAYS = 20  # post.month_days
AUDIT_TEXTS = {
    "posting.outside.imported": "导入外部在村记录",
    "posting.sign_in.made": "定位登记",
}


@dataclass(frozen=True, slots=True)
class PresenceFact:
    """One thing that happened in the village on a day: an entry, a visit, a meeting, a request."""

    posting_id: UUID
    on: date
    kind: str  # Chinese, such as 驻村日志
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """Days of approved leave; an errand that the township ordered counts as work."""

    period: Period
    is_errand: bool


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The days of one month: what counts, and where the records contradict each other."""

    fact_days: frozenset[date]
    errand_days: frozenset[date]
    leave_days: frozenset[date]

    @property
    def clashes(self) -> tuple[date, ...]:
        """Days with work in the village in the middle of a leave: somebody should look."""
        return tuple(sorted(self.fact_days & self.leave_days))

    @property
    def on_site(self) -> frozenset[date]:
        return (self.fact_days | self.errand_days) - self.leave_days

    @property
    def count(self) -> int:
        return len(self.on_site)

    @property
    def is_enough(self) -> bool:
        return self.count >= MONTH_DAYS


def month_figures(
    days_of_facts: Iterable[date], away: Iterable[Away], period: Period
) -> MonthFigures:
    """Work facts and errands count, days of leave do not. 依据：R-2-21。"""
    errands: set[date] = set()
    leave: set[date] = set()
    for one in away:
        (errands if one.is_errand else leave).update(_days(one.period, period))
    facts = frozenset(day for day in days_of_facts if day in period)
    return MonthFigures(facts, frozenset(errands - leave), frozenset(leave))


def _days(period: Period, within: Period) -> Iterator[date]:
    day, until = max(period.since, within.since), min(period.until, within.until)
    while day < until:
        yield day
        day += ONE_DAY


def whereabouts(*, has_fact: bool, away: Sequence[Away]) -> Whereabouts:
    """One of four, out of facts; no record today is never an absence. 依据：R-2-29。"""
    if has_fact:
        return Whereabouts.IN_VILLAGE
    if any(not one.is_errand for one in away):
        return Whereabouts.ON_LEAVE
    return Whereabouts.ERRAND if away else Whereabouts.NO_RECORD


# --- the month, confirmed by the village ----------------------------------------------------------

CONFIRMERS = VILLAGE


def confirm_due(month: date) -> date:
    """依据：R-2-25 次月 5 日前。"""
    return add_months(month, 1).replace(day=5)


@dataclass(frozen=True, slots=True)
class ConfirmFacts:
    month: Period
    today: date
    days_by_facts: int
    days: int
    text: str
    arrived_on: date | None
    ended_on: date | None = None
    is_confirmed: bool = False


def refuse_to_confirm(facts: ConfirmFacts) -> tuple[Refusal, ...]:
    """Once, after the month; another number than the records have needs words. 依据：R-2-21。"""
    refusals = []
    if facts.today < facts.month.until:
        refusals.append(Refusal("posting.month_not_over", "这个月还没有过完，下月 1 日起确认"))
    if facts.is_confirmed:
        refusals.append(Refusal("posting.month_confirmed", "这个月已经确认过"))
    longest = days_in_post(facts.month, facts.arrived_on, facts.ended_on)
    if not longest:
        refusals.append(Refusal("posting.month_not_in_post", "这个月不在岗，不用确认"))
    elif facts.days > longest:
        refusals.append(
            Refusal("posting.month_too_many", f"这个月在岗只有 {longest} 天，请核对天数")
        )
    if facts.days != facts.days_by_facts and not facts.text.strip():
        refusals.append(
            Refusal(
                "posting.month_text_missing",
                f"与记录的 {facts.days_by_facts} 天不一致，请写明情况",
            )
        )
    return tuple(refusals)


def days_in_post(month: Period, arrived_on: date | None, ended_on: date | None) -> int:
    if arrived_on is None:
        return 0
    until = min(month.until, ended_on) if ended_on else month.until
    return max((until - max(month.since, arrived_on)).days, 0)


# --- absence found without leave ------------------------------------------------------------------

FINDERS = (*TOWN, *STAFF, "county_agency_committee")
UPHOLDERS = (*TOWN, *STAFF)
ABSENCE_FLOW: tuple[Transition, ...] = (
    Transition("", "find", "found", FINDERS, "登记脱岗", "当天没有请假、没有在村记录", "R-2-24"),
    Transition("found", "uphold", "upheld", UPHOLDERS, "认定脱岗",
               "本人已说明；认定人不是登记人", "R-2-24"),
    Transition("found", "drop", "dropped", UPHOLDERS, "不认定",
               "写明核实情况；认定人不是登记人", "R-2-24"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    on: date
    today: date
    text: str
    is_at_work: bool
    arrived_on: date | None
    is_on_leave: bool = False
    has_facts: bool = False
    is_found: bool = False


def refuse_to_find(facts: AbsenceFacts) -> tuple[Refusal, ...]:
    """A day at work, no leave, and nothing that shows the person in the village. 依据：R-2-24。"""
    refusals = []
    if not facts.is_at_work:
        refusals.append(Refusal("posting.absence_not_at_work", "该同志不在岗，不能登记脱岗"))
    if facts.on > facts.today:
        refusals.append(Refusal("posting.day_in_future", "日期不能晚于今天"))
    if facts.arrived_on is None or facts.on < facts.arrived_on:
        refusals.append(Refusal("posting.absence_before_arrival", "这一天还没有到岗"))
    if facts.is_on_leave:
        refusals.append(Refusal("posting.absence_on_leave", "这一天已批准请假"))
    if facts.has_facts:
        refusals.append(Refusal("posting.absence_has_facts", "这一天有在村工作记录，请先核对记录"))
    if facts.is_found:
        refusals.append(Refusal("posting.absence_twice", "这一天已经登记过"))
    if not facts.text.strip():
        refusals.append(Refusal("posting.absence_text_missing", "请写明怎样发现的"))
    return tuple(refusals)


def refuse_to_settle_absence(
    *, act: str, text: str, has_statement: bool, finder: str, actor: str
) -> tuple[Refusal, ...]:
    """The person is heard first, and another person decides. 依据：R-2-24、R-0-20。"""
    refusals = []
    if not text.strip():
        refusals.append(Refusal("posting.absence_answer_missing", "请写明核实情况"))
    if act == "uphold" and not has_statement:
        refusals.append(Refusal("posting.absence_not_heard", "本人还没有说明，先听取本人说明"))
    refusals += refuse_same_person(frozenset({finder}), actor, act="认定")
    return tuple(refusals)


def grade_ceiling(absences: int) -> str:
    """What upheld absences of one year leave possible at most. 依据：R-2-24。

    一次不能评优秀，两次最高基本称职，三次不称职并成为召回情形 RG02。
    """
    return ("excellent", "competent", "basic", "incompetent")[min(absences, 3)]
