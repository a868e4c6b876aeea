"""Who keeps in touch with whom, who owes how many visits, and what may be written of one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingyan.common.periods import Period, half_year_of, year_of
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.posting.rules.liaison_words import LiaisonKind, VisitSide

UNIT_VISITS_A_YEAR = 2  # unit.visit_per_year
AREA_VISITS_A_HALF_YEAR = 1
TEXT_MAX, WITH_MAX, REASON_MAX = 1000, 100, 200

COMMITTEE = (Role.COUNTY_AGENCY_COMMITTEE.value,)
TOWN_SIDE = (*TOWN, Role.TOWN_LEADER.value)
HOLDER_ROLE = {
    LiaisonKind.AREA: Role.COUNTY_ORG_LEADER,
    LiaisonKind.FIXED: Role.COUNTY_AGENCY_COMMITTEE,
}
SIDE_OF_ROLE: dict[str, VisitSide] = {
    **dict.fromkeys(STAFF, VisitSide.COUNTY),
    **dict.fromkeys(LEADER, VisitSide.COUNTY),
    **dict.fromkeys(COMMITTEE, VisitSide.FIXED),
    **dict.fromkeys(TOWN_SIDE, VisitSide.TOWN),
    **dict.fromkeys(UNIT, VisitSide.UNIT),
}
VISITORS = tuple(SIDE_OF_ROLE)
VISIT_READERS = (*VISITORS, *VILLAGE, *POSTED)
ASSIGNERS = STAFF

AUDIT_TEXTS = {
    "posting.liaison.assigned": "明确联系人",
    "posting.liaison.ended": "终止联系",
    "posting.visit.recorded": "登记走访谈心",
    "posting.visit.withdrawn": "撤回走访谈心记录",
}


# --- who keeps in touch -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiaisonFacts:
    kind: str
    holder_role: str
    since: date
    today: date
    holder_in_force: bool = True
    has_town: bool = False
    has_posting: bool = False
    taken_by: str = ""


def refuse_to_assign(facts: LiaisonFacts) -> tuple[Refusal, ...]:
    """部务会成员联系乡镇，机关党委委员定点走访派驻人员；一处同一时间一名联系人。

    依据：R-2-30。
    """
    refusals = []
    kind = LiaisonKind(facts.kind)
    if facts.holder_role != HOLDER_ROLE[kind]:
        who = HOLDER_ROLE[kind].label
        refusals.append(Refusal("posting.liaison_holder", f"{kind.label}由{who}承担"))
    if not facts.holder_in_force:
        refusals.append(Refusal("posting.liaison_holder_ended", "这个身份已经终止，请另选一位"))
    if kind is LiaisonKind.AREA and not facts.has_town:
        refusals.append(Refusal("posting.liaison_town_missing", "请选择联系的乡镇"))
    if kind is LiaisonKind.FIXED and not facts.has_posting:
        refusals.append(Refusal("posting.liaison_posting_missing", "请选择定点走访的派驻人员"))
    if facts.since > facts.today:
        refusals.append(Refusal("posting.day_in_future", "日期不能晚于今天"))
    if facts.taken_by:
        refusals.append(
            Refusal("posting.liaison_taken", f"现由{facts.taken_by}联系，请先终止再另行明确")
        )
    return tuple(refusals)


def refuse_to_end(*, ended: bool) -> tuple[Refusal, ...]:
    return (Refusal("posting.liaison_ended", "这项联系已经终止"),) if ended else ()


# --- one visit ----------------------------------------------------------------------------------


def side_of(role: str, *, is_contact: bool) -> VisitSide:
    """部务会成员走访自己联系的乡镇记为分片联系，其他时候记为县委组织部。"""
    side = SIDE_OF_ROLE[role]
    return VisitSide.AREA if role in LEADER and is_contact else side


@dataclass(frozen=True, slots=True)
class VisitFacts:
    role: str
    on: date
    today: date
    text: str
    came_on: date | None
    ended_on: date | None = None
    is_contact: bool = False
    is_twice: bool = False


def refuse_to_record(facts: VisitFacts) -> tuple[Refusal, ...]:
    """A day that has come, of the time in post; committee members visit whom they were given.

    依据：R-2-27、R-2-30、0.5（机关党委委员：定点走访的派驻人员）。
    """
    refusals = []
    if facts.on > facts.today:
        refusals.append(Refusal("posting.day_in_future", "日期不能晚于今天"))
    if facts.came_on is None or facts.on < facts.came_on:
        refusals.append(Refusal("posting.visit_before_arrival", "这一天该同志还没有到岗"))
    if facts.ended_on and facts.on >= facts.ended_on:
        refusals.append(Refusal("posting.visit_after_end", "这一天派驻已经结束"))
    if not facts.text.strip():
        refusals.append(Refusal("posting.visit_text_missing", "请写看了什么、谈了什么"))
    if facts.role in COMMITTEE and not facts.is_contact:
        refusals.append(
            Refusal("posting.visit_not_assigned", "该同志不是您定点走访的对象，请联系县委组织部")
        )
    if facts.is_twice:
        refusals.append(Refusal("posting.visit_twice", "您这一天已经登记过同样的走访谈心"))
    return tuple(refusals)


def refuse_to_withdraw(*, reason: str, is_maker: bool, withdrawn: str) -> tuple[Refusal, ...]:
    """Nothing is deleted: the maker takes it back with a reason. 依据：R-0-18。"""
    if withdrawn:
        return (Refusal("posting.visit_withdrawn", "这条记录已经撤回"),)
    refusals = []
    if not is_maker:
        refusals.append(Refusal("posting.visit_not_own", "只有登记人可以撤回"))
    if not reason.strip():
        refusals.append(Refusal("posting.visit_reason_missing", "请写明撤回的理由"))
    return tuple(refusals)


def refuse_to_raise(*, withdrawn: str, side: str, role: str) -> tuple[Refusal, ...]:
    """What was raised is taken down by the side that was there. 依据：R-2-27。"""
    refusals = []
    if withdrawn:
        refusals.append(Refusal("posting.visit_withdrawn", "这条记录已经撤回"))
    mine = SIDE_OF_ROLE.get(role)
    if mine != side and not (role in LEADER and side == VisitSide.AREA):
        refusals.append(Refusal("posting.visit_other_side", "由登记这次走访谈心的一方登记"))
    return tuple(refusals)


# --- how many are owed --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitOwed:
    """So many visits of one side to one village within a period."""

    side: VisitSide
    period: Period
    needed: int

    @property
    def due_on(self) -> date:
        return self.period.last_day


USUAL = {VisitSide.UNIT: UNIT_VISITS_A_YEAR, VisitSide.AREA: AREA_VISITS_A_HALF_YEAR}


def owed(side: VisitSide, day: date, stays: Iterable[Period], full: int | None = None) -> VisitOwed:
    """Unit leaders twice a year, area contacts once in half a year, or as the county has set it.

    依据：R-2-27。设计默认：该年（半年）里在岗不满一半时间的，单位按一次，分片联系不作要求。
    """
    period = period_of(side, day)
    full = USUAL[side] if full is None else full
    part = min(full, 1) if side is VisitSide.UNIT else 0
    days = _days_within(stays, period)
    half = (period.until - period.since).days
    return VisitOwed(side, period, (full if 2 * days >= half else part) if days else 0)


def period_of(side: VisitSide, day: date) -> Period:
    return year_of(day) if side is VisitSide.UNIT else half_year_of(day)


def _days_within(stays: Iterable[Period], period: Period) -> int:
    """On how many days of the period was anybody there, first to last."""
    inside = [
        (max(one.since, period.since), min(one.until, period.until))
        for one in stays
        if one.since < period.until and one.until > period.since
    ]
    if not inside:
        return 0
    return (max(until for _, until in inside) - min(since for since, _ in inside)).days
