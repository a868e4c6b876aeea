"""Who asks for leave, who approves it, and what do the days add up to (2.7)?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.flow import Transition
from lingyan.common.periods import Period, year_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import POSTED, STAFF, TOWN, VILLAGE
from lingyan.posting.rules.life import AT_WORK
from lingyan.posting.rules.life_words import LeaveKind

TOWN_MAX_DAYS = 3  # leave.town_max_days
YEAR_MAX_DAYS = 30  # leave.year_max_days
AFTERWARDS_DAYS = 7  # how long after its first day a leave may still be asked for
ASKERS = (*POSTED, *TOWN)
DECIDERS = (*TOWN, *STAFF)
WELCOMERS = (*TOWN, *VILLAGE)
# 公出 is work ordered by the township; a statutory right of birth is nobody's reason to go.
NOT_IN_TOTAL = frozenset({LeaveKind.BUSINESS, LeaveKind.MATERNITY})
# 10.1: why somebody is away, and that it is an illness, is for those who decide.
REASON_READERS = frozenset((*TOWN, *STAFF, "county_org_leader"))

LEAVE_FLOW: tuple[Transition, ...] = (
    Transition("", "ask", "asked", ASKERS, "请假", "在岗，写明事由，日期不重叠", "R-2-23"),
    Transition("asked", "approve", "approved", DECIDERS, "批准",
               "3 天（或县定天数）以内乡镇党委批准，超过的县委组织部批准；审批人不是申请人",
               "R-2-23"),
    Transition("asked", "refuse", "refused", DECIDERS, "不批准", "写明意见", "R-2-23"),
    Transition("asked", "withdraw", "withdrawn", ASKERS, "撤回", "", "R-2-23"),
    Transition("approved", "withdraw", "withdrawn", ASKERS, "撤回", "请假还没有开始", "R-2-23"),
    Transition("approved", "return", "back", WELCOMERS, "销假", "本人已返岗", "R-2-23"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """One leave of the same person: asked, approved or ended."""

    kind: str
    period: Period


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    state: str
    since: date
    until: date
    reason: str
    today: date
    arrived_on: date | None
    planned_until: date
    others: Sequence[Taken] = ()
    absences: Sequence[date] = ()


def refuse_to_ask(facts: LeaveFacts) -> tuple[Refusal, ...]:
    """Somebody at work asks in writing for days that are still free. 依据：R-2-23。"""
    refusals = []
    if facts.state not in (*AT_WORK, "on_leave"):
        refusals.append(Refusal("posting.leave_not_at_work", "在岗的同志才能请假"))
    if facts.until <= facts.since:
        refusals.append(Refusal("posting.leave_order", "请假最后一天不能早于第一天"))
        return tuple(refusals)
    if facts.arrived_on is not None and facts.since < facts.arrived_on:
        refusals.append(
            Refusal("posting.leave_before_arrival", f"{facts.arrived_on} 才到岗，不能早于这一天")
        )
    if facts.since < facts.today - timedelta(days=AFTERWARDS_DAYS):
        refusals.append(Refusal("posting.leave_too_late", f"补办请假应在 {AFTERWARDS_DAYS} 天以内"))
    if facts.until > facts.planned_until:
        refusals.append(Refusal("posting.leave_after_term", "请假不能超出任期"))
    if not facts.reason.strip():
        refusals.append(Refusal("posting.leave_reason_missing", "请写明请假事由"))
    refusals += _refuse_overlap(facts)
    return tuple(refusals)


def _refuse_overlap(facts: LeaveFacts) -> list[Refusal]:
    refusals = [
        Refusal(
            "posting.leave_overlap",
            f"与 {one.period.since} 至 {one.period.last_day} 的请假重叠",
        )
        for one in facts.others
        if one.period.since < facts.until and facts.since < one.period.until
    ]
    refusals += [
        Refusal("posting.leave_on_absence", f"{day} 已登记脱岗，不能再补请假")
        for day in facts.absences
        if facts.since <= day < facts.until
    ]
    return refusals


def joined_days(period: Period, others: Iterable[Taken]) -> int:
    """Days away in one piece: leaves that follow each other without a day between count together.

    依据：R-2-23（D：前后相连的请假合并计算，不能拆开报批）。
    """
    since, until = period.since, period.until
    for one in sorted(others, key=lambda taken: taken.period.since, reverse=True):
        if one.period.until == since:
            since = one.period.since
    for one in sorted(others, key=lambda taken: taken.period.since):
        if one.period.since == until:
            until = one.period.until
    return (until - since).days


def deciders(days: int, most: int = TOWN_MAX_DAYS) -> tuple[str, ...]:
    """依据：R-2-23 三天（或县定天数）以内乡镇党委，超过的县委组织部。"""
    return TOWN if days <= most else STAFF


def refuse_to_approve(*, days: int, role: str, most: int = TOWN_MAX_DAYS) -> tuple[Refusal, ...]:
    """依据：R-2-23、VAL-12；天数由县定（leave.town_max_days）。"""
    if role in deciders(days, most):
        return ()
    if days > most:
        return (Refusal("posting.leave_county", f"请假超过{most}天须报县委组织部批准"),)
    return (Refusal("posting.leave_town", f"请假不超过{most}天的由乡镇党委批准"),)


def refuse_to_withdraw(*, since: date, today: date, is_approved: bool) -> tuple[Refusal, ...]:
    if is_approved and since <= today:
        return (Refusal("posting.leave_begun", "请假已经开始，回来后请销假"),)
    return ()


def refuse_to_return(*, back_on: date, since: date, today: date) -> tuple[Refusal, ...]:
    """依据：R-2-23 返岗须销假。"""
    if back_on > today:
        return (Refusal("posting.day_in_future", "返岗日期不能晚于今天"),)
    if back_on < since:
        return (Refusal("posting.leave_back_before", "返岗日期不能早于请假第一天"),)
    return ()


@dataclass(frozen=True, slots=True)
class YearOfLeave:
    """Days of one calendar year, by kind, and the total that counts."""

    by_kind: dict[str, int]
    total: int
    most: int = YEAR_MAX_DAYS

    @property
    def is_over(self) -> bool:
        """依据：R-2-23 全年累计超过 30 天（或县定天数）的，由派出单位更换人选（人来决定）。"""
        return self.total > self.most


def year_of_leave(taken: Iterable[Taken], year: int, most: int = YEAR_MAX_DAYS) -> YearOfLeave:
    whole = year_of(date(year, 1, 1))
    by_kind: dict[str, int] = {}
    for one in taken:
        since, until = max(one.period.since, whole.since), min(one.period.until, whole.until)
        if since < until:
            by_kind[one.kind] = by_kind.get(one.kind, 0) + (until - since).days
    total = sum(days for kind, days in by_kind.items() if kind not in NOT_IN_TOTAL)
    return YearOfLeave(by_kind, total, most)
