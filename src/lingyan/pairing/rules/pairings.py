"""Who moves a pair on from the proposal to its end, and what must hold (3.2)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel, VillageKind
from lingyan.directory.rules.hands import (
    LEADER,
    POSTED,
    STAFF,
    TOWN,
    UNIT,
    VILLAGE,
    refuse_same_person,
)
from lingyan.pairing.rules.points import UNIT_UPPER_MAX
from lingyan.pairing.rules.words import WAITING, PairingState, PairLevel

# A township is paired by exception (R-3-03): its Party secretary then speaks for it.
VILLAGE_SIDE = ("village_secretary", "town_secretary")
BOTH_SIDES = (*UNIT, *VILLAGE_SIDE)
PROPOSERS = (*STAFF, *LEADER)
READERS = (
    *PROPOSERS,
    Role.COUNTY_AGENCY_COMMITTEE.value,
    Role.COUNTY_AGRI.value,
    *TOWN,
    Role.TOWN_LEADER.value,
    *UNIT,
    *VILLAGE,
    *POSTED,
    Role.UPPER_VIEWER.value,
)
# A side may still say no until the county has approved what both have agreed to.
DECLINABLE = ("proposed", "unit_agreed", "village_agreed")
WAITING_STATES = tuple(state.value for state in PairingState if state in WAITING)

PAIRING_FLOW: tuple[Transition, ...] = (
    Transition("", "propose", "proposed", PROPOSERS, "提出结对",
               "一个单位最多 5 个村；一个村只有一个牵头单位", "R-3-03"),
    Transition("proposed", "agree_unit", "unit_agreed", UNIT, "单位同意结对", "", "VAL-14"),
    Transition("unit_agreed", "agree_village", "village_agreed", VILLAGE_SIDE, "村里同意结对",
               "村党组织会议已研究，写明会议日期", "VAL-14"),
    Transition("village_agreed", "approve", "approved", STAFF, "批准结对",
               "双方都已同意；看过结对分；提出人不是批准人", "VAL-14"),
    Transition("approved", "start", "active", (*BOTH_SIDES, *STAFF), "登记签约",
               "协议写明共建目标、年度计划、双方联系人和期限", "3.2"),
    *fan_in(DECLINABLE,
            Transition("", "decline", "declined", BOTH_SIDES, "不同意结对", "写明理由", "3.2")),
    *fan_in(WAITING_STATES,
            Transition("", "withdraw", "declined", STAFF, "撤回结对", "写明理由", "3.2")),
    Transition("active", "renew", "active", STAFF, "续签",
               "到期前 60 天起；年度考评已有", "3.2"),
    Transition("active", "end", "ended", STAFF, "到期结束",
               "期限已满；年度考评已有；不在承担整顿结对任务", "G-3"),
    Transition("active", "dissolve", "dissolved", LEADER, "解除结对",
               "写明理由，有文号；不在承担整顿结对任务", "G-3"),
)  # fmt: skip

TERM_MONTHS = 24  # pair.term_months
TERM_MONTHS_MAX = 60
RENEW_BEFORE_DAYS = 60  # as the look back on the year opens
ANSWER_DAYS = 10
SIGN_DAYS = 30

NO_CONSENT = Refusal("pairing.no_consent", "结对须双方确认（自愿双向）")
NOT_ASSESSED = Refusal("pairing.not_assessed", "年度考评还没有确认，确认以后再办理")


def _needs(text: str, code: str, sentence: str) -> tuple[Refusal, ...]:
    return () if text.strip() else (Refusal(code, sentence),)


def refuse_without_reason(text: str, label: str) -> tuple[Refusal, ...]:
    return _needs(text, "pairing.reason_missing", f"“{label}”须写明理由")


def refuse_day(
    on: date, *, today: date, since: date | None = None, what: str = "日期"
) -> tuple[Refusal, ...]:
    """A step was taken today or earlier, and not before what came before it."""
    if on > today:
        return (Refusal("pairing.day_in_future", f"{what}不能晚于今天"),)
    if since is not None and on < since:
        return (Refusal("pairing.day_before", f"{what}不能早于 {since}"),)
    return ()


# --- the proposal ---------------------------------------------------------------------------------


def level_of(place_level: str, village_kind: str) -> PairLevel | None:
    """层级 of the place: villages and communities are the rule, a township the exception (R-3-03).

    A county or a prefecture is nobody's partner.
    """
    if place_level == PlaceLevel.TOWNSHIP:
        return PairLevel.TOWNSHIP
    if place_level != PlaceLevel.VILLAGE:
        return None
    in_town = village_kind in (VillageKind.COMMUNITY, VillageKind.RELOCATION_COMMUNITY)
    return PairLevel.COMMUNITY if in_town else PairLevel.VILLAGE


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A pair as proposed, and what both sides have already."""

    level: PairLevel | None
    is_lead: bool
    is_own: bool = True
    same_county: bool = True
    unit_pairs: int = 0
    pair_held: bool = False
    village_lead: str = ""  # the unit that leads there now


def refuse_to_propose(facts: ProposalFacts) -> tuple[Refusal, ...]:
    """依据：R-3-03 一个单位最多 5 个村，一个村一个牵头单位，其余为协助单位。"""
    refusals = []
    if not facts.is_own:
        refusals.append(Refusal("pairing.other_county", "这个单位或村不在您的管辖范围内"))
    if not facts.same_county:
        refusals.append(Refusal("pairing.counties_differ", "单位和村不在同一个县"))
    if facts.level is None:
        refusals.append(Refusal("pairing.place_level", "结对的一方应是村、社区或乡镇"))
    if facts.pair_held:
        refusals.append(Refusal("pairing.pair_held", "该单位与该村已有结对"))
    if facts.unit_pairs >= UNIT_UPPER_MAX:
        refusals.append(unit_full(facts.unit_pairs))
    if facts.is_lead and facts.village_lead:
        refusals.append(
            Refusal(
                "pairing.lead_taken",
                f"该村已有牵头结对单位：{facts.village_lead}；可以作为协助单位结对",
            )
        )
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class RepairFacts:
    """A unit chosen to follow in a village whose lead pair has ended."""

    is_left: bool
    is_option: bool
    is_first: bool
    text: str = ""


def refuse_to_repair(facts: RepairFacts) -> tuple[Refusal, ...]:
    """依据：3.2、matching-design（最少变动）：不选首选须写明理由。"""
    if not facts.is_left:
        return (Refusal("pairing.not_left", "这个村已经有牵头结对单位，不需要补结"),)
    if not facts.is_option:
        return (Refusal("pairing.not_an_option", "请从列出的单位里选一个"),)
    if not facts.is_first:
        return _needs(facts.text, "pairing.reason_missing", "不选首选单位的，须写明理由")
    return ()


def unit_full(pairs: int) -> Refusal:
    return Refusal(
        "pairing.unit_full", f"一个单位最多结对 {UNIT_UPPER_MAX} 个村，该单位已有 {pairs} 个"
    )


# --- both sides, and the county -------------------------------------------------------------------


def refuse_side(act: str, *, level: str, role: str) -> tuple[Refusal, ...]:
    """Whoever answers for a village is its own secretary, not that of the town above it."""
    if role not in VILLAGE_SIDE or role == SPEAKER[PairLevel(level)]:
        return ()
    return (Refusal("pairing.pairing.wrong_role", f"您的角色不能“{label_of(act)}”"),)


def levels_of(role: str) -> tuple[str, ...]:
    """The levels for which this role answers."""
    return tuple(level.value for level, speaker in SPEAKER.items() if speaker == role)


SPEAKER = {
    PairLevel.VILLAGE: "village_secretary",
    PairLevel.COMMUNITY: "village_secretary",
    PairLevel.TOWNSHIP: "town_secretary",
}


def refuse_meeting(
    on: date | None, *, today: date, proposed_on: date | None = None
) -> tuple[Refusal, ...]:
    """依据：3.2 村党组织会议研究以后才算村里同意。"""
    if on is None:
        return (Refusal("pairing.meeting_missing", "请填写村党组织会议的日期"),)
    return refuse_day(on, today=today, since=proposed_on, what="会议日期")


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """What the county has before it; `points_seen` is the figure that the approver was shown."""

    unit_agreed: bool
    village_agreed: bool
    points: int | None
    points_seen: int | None
    unit_pairs: int  # this one included
    hand: str = ""
    makers: frozenset[str] = frozenset()


def refuse_to_approve(facts: ApprovalFacts) -> tuple[Refusal, ...]:
    """依据：VAL-14、3.2 批准以前看过结对分；R-0-20 提出人不是批准人；R-3-03。"""
    refusals = list(refuse_same_person(facts.makers, facts.hand, act="批准"))
    if not (facts.unit_agreed and facts.village_agreed):
        refusals.append(NO_CONSENT)
    if facts.points != facts.points_seen:
        refusals.append(
            Refusal("pairing.points_not_seen", "结对分与您看到的不一致，请刷新，看过再批准")
        )
    if facts.unit_pairs > UNIT_UPPER_MAX:
        refusals.append(unit_full(facts.unit_pairs - 1))
    return tuple(refusals)


# --- the agreement --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """共建协议: what both sides put into it (3.2)."""

    goals: tuple[str, ...] = ()
    plan_text: str = ""
    unit_contact: str = ""
    village_contact: str = ""
    term_months: int = TERM_MONTHS
    number: str = ""


def refuse_agreement(agreement: Agreement) -> tuple[Refusal, ...]:
    """依据：3.2 协议须有共建目标、年度计划、联系人、期限（默认 24 个月）。"""
    refusals: list[Refusal] = []
    if not agreement.goals:
        refusals.append(Refusal("pairing.goals_missing", "请至少选一项共建目标"))
    refusals += _needs(agreement.plan_text, "pairing.plan_missing", "请写年度计划")
    refusals += _needs(agreement.unit_contact, "pairing.contact_missing", "请填写单位联系人")
    refusals += _needs(agreement.village_contact, "pairing.contact_missing", "请填写村联系人")
    refusals += refuse_term(agreement.term_months)
    return tuple(refusals)


def refuse_term(months: int) -> tuple[Refusal, ...]:
    if 1 <= months <= TERM_MONTHS_MAX:
        return ()
    return (Refusal("pairing.term_length", f"期限应为 1 至 {TERM_MONTHS_MAX} 个月，现为 {months}"),)


@dataclass(frozen=True, slots=True)
class Term:
    """From the first day to the first day without."""

    since: date
    until: date


def refuse_to_register(term: Term, *, today: date) -> tuple[Refusal, ...]:
    """A pair of before, taken over from the old list: begun, and not over yet."""
    refusals = list(refuse_day(term.since, today=today, what="开始日期"))
    if term.until <= term.since:
        refusals.append(Refusal("pairing.term_crossed", "期限最后一天不能早于开始日期"))
    elif term.until <= today:
        refusals.append(Refusal("pairing.term_past", "期限已过，不是正在共建的结对"))
    return tuple(refusals)


# --- going on, or coming to an end ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What ending, renewing or dissolving hangs on."""

    today: date
    planned_until: date
    is_assessed: bool = True
    is_bound: bool = False
    text: str = ""
    document_number: str = ""
    term_months: int = TERM_MONTHS


def refuse_to_renew(facts: EndFacts) -> tuple[Refusal, ...]:
    """依据：3.2 续签以前有年度考评；到期前 60 天起办理。"""
    refusals = list(refuse_term(facts.term_months))
    opens_on = facts.planned_until - timedelta(days=RENEW_BEFORE_DAYS)
    if facts.today < opens_on:
        refusals.append(
            Refusal(
                "pairing.term_not_near",
                f"距到期超过 {RENEW_BEFORE_DAYS} 天，{opens_on} 起可以续签",
            )
        )
    if not facts.is_assessed:
        refusals.append(NOT_ASSESSED)
    return tuple(refusals)


def refuse_to_end(facts: EndFacts) -> tuple[Refusal, ...]:
    """依据：3.2 期限已满才到期结束；G-3 整顿中的不能结束。"""
    refusals = []
    if facts.today < facts.planned_until:
        refusals.append(
            Refusal(
                "pairing.term_not_over",
                f"期限到 {last_day(facts.planned_until)}，还没有满；提前结束须由部领导决定解除",
            )
        )
    if not facts.is_assessed:
        refusals.append(NOT_ASSESSED)
    return (*refusals, *_refuse_bound("end", facts))


def _refuse_bound(act: str, facts: EndFacts) -> tuple[Refusal, ...]:
    return gates.refusals(f"pairing.pairing.{act}", {Fact.UNIT_SERVES: facts.is_bound})


def refuse_to_dissolve(facts: EndFacts) -> tuple[Refusal, ...]:
    """依据：3.2 解除须有理由，由部领导决定；G-3。"""
    return (
        *refuse_without_reason(facts.text, "解除结对"),
        *_needs(facts.document_number, "pairing.document_number_missing", "请填写文号"),
        *_refuse_bound("dissolve", facts),
    )


# --- what is due, by whom, until when -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    act: str
    label: str
    roles: tuple[str, ...]
    on: date


def next_due(
    state: str, *, level: str, state_since: date, planned_until: date | None
) -> Due | None:
    """The next step that somebody owes, and its last day; nothing of a pair that has ended.

    Answers within ten days of being asked, the agreement within thirty of the approval, and what
    becomes of a pair by its last day (D).
    """
    if state == PairingState.ACTIVE:
        if planned_until is None:
            return None
        return Due("renew", "续签或到期结束", STAFF, last_day(planned_until))
    if state not in DUE_OF_STATE:
        return None
    act, label, roles, days = DUE_OF_STATE[state]
    speakers = {role for role in VILLAGE_SIDE if role != SPEAKER[PairLevel(level)]}
    roles = tuple(role for role in roles if role not in speakers)
    return Due(act, label, roles, state_since + timedelta(days=days))


DUE_OF_STATE = {
    "proposed": ("agree_unit", "单位答复", UNIT, ANSWER_DAYS),
    "unit_agreed": ("agree_village", "村里答复", VILLAGE_SIDE, ANSWER_DAYS),
    "village_agreed": ("approve", "批准结对", STAFF, ANSWER_DAYS),
    "approved": ("start", "签订协议", BOTH_SIDES, SIGN_DAYS),
}


def last_day(until: date) -> date:
    """The last day of a period whose end is exclusive, as people write it."""
    return until - timedelta(days=1)


def end_of_term(since: date, months: int) -> date:
    return add_months(since, months)


def term_since(since: date | None, planned_until: date | None, months: int) -> date | None:
    """The first day of the present term: a renewed pair began its term where the last one ended."""
    if since is None or planned_until is None or end_of_term(since, months) == planned_until:
        return since
    return add_months(planned_until, -months)


def roles_of(act: str) -> tuple[str, ...]:
    """Whoever the table names for an act, in whatever state."""
    lines = [line for line in PAIRING_FLOW if line.act == act]
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


def label_of(act: str) -> str:
    return next((line.label for line in PAIRING_FLOW if line.act == act), OTHER_ACTS.get(act, act))


OTHER_ACTS = {"draft": "填写协议"}
ACTS: Sequence[str] = tuple(dict.fromkeys(line.act for line in PAIRING_FLOW))

AUDIT_TEXTS = {
    "pairing.pairing.proposed": "提出结对",
    "pairing.pairing.registered": "登记已有结对",
    "pairing.pairing.unit_agreed": "单位同意结对",
    "pairing.pairing.village_agreed": "村里同意结对",
    "pairing.pairing.declined": "不同意结对",
    "pairing.pairing.withdrawn": "撤回结对",
    "pairing.pairing.approved": "批准结对",
    "pairing.pairing.drafted": "填写共建协议",
    "pairing.pairing.started": "登记签约，开始共建",
    "pairing.pairing.renewed": "续签共建协议",
    "pairing.pairing.ended": "结对到期结束",
    "pairing.pairing.dissolved": "解除结对",
}
