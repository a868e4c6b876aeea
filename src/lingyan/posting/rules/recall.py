"""On which grounds is somebody recalled, step by step by whom, and with what effects (2.10)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from lingyan.common.alerts import SEVERE_DAYS, WARN_DAYS
from lingyan.common.flow import Transition, fan_in
from lingyan.common.periods import add_days, add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import (
    ADMIN,
    LEADER,
    POSTED,
    STAFF,
    TOWN,
    UNIT,
    refuse_same_person,
)
from lingyan.posting.rules.recall_words import RecallState
from lingyan.posting.rules.words import RecallGround

VERIFY_DAYS = 15
WARN_MONTHS = (1, 3)
BAN_MONTHS = 24  # recall.ban_months
PROMOTION_BAN_MONTHS = 24  # recall.promotion_ban_months
UNIT_MINUS = 2  # recall.unit_minus, points
MASS_MIN = 60  # recall.mass_min, percent
TEXT_MAX = 2000

OPENERS = (*TOWN, *STAFF)
VERIFIERS = ("town_org", *STAFF)
PROPOSERS = ("town_secretary", *STAFF)


# --- grounds --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """One line of the table of 2.10. `private`: of health or discipline, so never in a list that
    leaves the house, a trace or a snapshot. `curable`: a warning may be enough, the first time.
    """

    code: RecallGround
    signal: str = ""
    curable: bool = True
    effects: bool = True
    private: bool = False

    @property
    def label(self) -> str:
        return self.code.label

    @property
    def public_label(self) -> str:
        return "（涉及健康或纪律，不列出）" if self.private else self.label


_G = RecallGround
GROUNDS: Mapping[str, Ground] = {
    one.code.value: one
    for one in (
        Ground(_G.RG01, "年度考核不称职，或两个季度得分低于 60；本人承办的问题严重超期"),
        Ground(_G.RG02, "一年内认定脱岗 3 次以上"),
        Ground(_G.RG03, "群众满意度低于县里规定的下限"),
        Ground(_G.RG04, "", curable=False),
        Ground(_G.RG05, "纪律处分或审查的事实（内容不显示）", curable=False, private=True),
        Ground(_G.RG06, "", curable=False),
        Ground(_G.RG07, "两次书面提醒"),
        Ground(_G.RG08, "连续 3 个月在村天数不足"),
        Ground(_G.RG09, "", curable=False, effects=False, private=True),
        Ground(_G.RG10, ""),
    )
}
GROUNDS_WITHOUT_EFFECTS = tuple(code for code, one in GROUNDS.items() if not one.effects)


# --- the way of a case ----------------------------------------------------------------------------

_UNDECIDED = ("signalled", "told", "heard", "verified")
RECALL_FLOW: tuple[Transition, ...] = (
    Transition("", "open", "signalled", OPENERS, "立案核实", "写明事实和来源；没有未办结的召回事项",
               "2.10"),
    Transition("signalled", "tell", "told", OPENERS, "告知本人", "写明要核实的事实", "2.10"),
    *fan_in(("told", "heard"),
            Transition("", "state", "heard", POSTED, "本人陈述", "本人自己写", "2.10")),
    *(Transition(state, "state", state, POSTED, "补充陈述", "本人自己写", "2.10")
      for state in ("verified", "warned", "proposed")),
    Transition("told", "hear", "heard", OPENERS, "记录当面陈述",
               "写明何时何地听取；本人不愿陈述的如实写明", "2.10"),
    Transition("heard", "verify", "verified", VERIFIERS, "核实属实",
               f"已听取本人陈述；立案后 {VERIFY_DAYS} 天以内", "2.10"),
    *fan_in(_UNDECIDED,
            Transition("", "drop", "dropped", VERIFIERS, "线索不成立", "写明核实情况", "2.10")),
    *(Transition(state, "opine", state, UNIT, "填写单位意见", "派出单位的意见", "2.10")
      for state in ("verified", "warned")),
    Transition("verified", "warn", "warned", STAFF, "提醒约谈",
               "初次、可以改正的；改进期 1 至 3 个月；办理人不是立案人", "2.10"),
    Transition("warned", "improve", "closed", STAFF, "已改进，办结", "写明改进情况", "2.10"),
    *fan_in(("verified", "warned"),
            Transition("", "propose", "proposed", PROPOSERS, "提出召回", "派出单位已有意见",
                       "2.10")),
    Transition("proposed", "decide", "decided", LEADER, "决定召回",
               "集体研究决定，附本人陈述；决定人不是经办人", "2.10"),
    Transition("proposed", "reject", "dropped", LEADER, "不予召回",
               "写明理由；决定人不是经办人", "2.10"),
    *(Transition(state, "deliver", state, STAFF, "送达本人", "写明送达日期和方式", "2.10")
      for state in ("decided", "replaced")),
    *(Transition(state, "talk", state, STAFF, "约谈派出单位负责人", "写明约谈情况", "2.10")
      for state in ("decided", "replaced")),
    Transition("decided", "replace", "replaced", (*STAFF, *ADMIN), "记为已补派",
               "接任者已发文派驻", "2.10"),
    Transition("replaced", "close", "closed", ADMIN, "办结归档",
               "决定已送达；派出单位负责人已约谈", "2.10"),
)  # fmt: skip
OPEN_STATES = tuple(
    state.value for state in RecallState if state not in (RecallState.CLOSED, RecallState.DROPPED)
)
# What the person learns: everything from the day of being told, but not who reported what.
SEEN_BY_THE_PERSON = (
    "tell", "state", "hear", "verify", "opine", "warn", "improve", "propose", "decide", "reject",
    "deliver", "drop", "close",
)  # fmt: skip
AUDIT_TEXTS = {
    "posting.recall.opened": "召回事项立案",
    "posting.recall.told": "告知本人核实事项",
    "posting.recall.stated": "本人陈述",
    "posting.recall.heard": "记录当面陈述",
    "posting.recall.verified": "核实属实",
    "posting.recall.dropped": "线索不成立",
    "posting.recall.opined": "派出单位填写意见",
    "posting.recall.warned": "提醒约谈",
    "posting.recall.improved": "已改进，办结",
    "posting.recall.proposed": "提出召回",
    "posting.recall.decided": "决定召回",
    "posting.recall.rejected": "不予召回",
    "posting.recall.delivered": "召回决定送达本人",
    "posting.recall.talked": "约谈派出单位负责人",
    "posting.recall.replaced": "召回后已补派",
    "posting.recall.closed": "召回事项办结归档",
    "posting.recall.exported": "导出召回台账",
    "posting.nominee.named": "派出单位推荐接任人选",
    "posting.replacement.proposed": "提出补派人选",
    "posting.replacement.approved": "同意补派人选",
    "posting.replacement.refused": "不同意补派人选",
    "posting.replacement.announced": "公示补派人选",
    "posting.replacement.issued": "发文补派",
    "posting.replacement.stopped": "撤回补派人选",
}


def label_of(act: str) -> str:
    return next((line.label for line in RECALL_FLOW if line.act == act), act)


# --- what must hold -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """What the steps of a case ask; what does not belong to one stays empty."""

    ground: str
    text: str
    today: date
    is_own: bool = False  # the actor is the person
    in_post: bool = True
    on: date | None = None
    opened_on: date | None = None
    has_unit: bool = False
    has_opinion: bool = False
    warned_before: bool = False
    months: int | None = None
    document_number: str = ""
    is_delivered: bool = False
    is_talked: bool = False
    is_filled: bool = False
    hand: str = ""
    makers: frozenset[str] = frozenset()


def refuse_recall_step(act: str, facts: RecallFacts) -> tuple[Refusal, ...]:
    """Everything that stands in the way of one step, beyond state and role. 依据：2.10、R-0-20。"""
    refusals = []
    if act in ASKS_FOR_TEXT and not facts.text.strip():
        refusals.append(Refusal("posting.recall.text_missing", f"“{label_of(act)}”须写明情况"))
    if len(facts.text) > TEXT_MAX:
        refusals.append(Refusal("posting.recall.text_long", f"最多写 {TEXT_MAX} 字"))
    if act == "state" and not facts.is_own:
        refusals.append(Refusal("posting.recall.not_own", "陈述由本人自己写"))
    refusals += _refuse_day(facts)
    if act in MORE:
        refusals += MORE[act](facts)
    return tuple(refusals)


def _refuse_day(facts: RecallFacts) -> list[Refusal]:
    if facts.on is None:
        return []
    if facts.on > facts.today:
        return [Refusal("posting.recall.day_in_future", "日期不能晚于今天")]
    if facts.opened_on is not None and facts.on < facts.opened_on:
        return [Refusal("posting.recall.day_before", f"日期不能早于立案的 {facts.opened_on}")]
    return []


def _open(facts: RecallFacts) -> list[Refusal]:
    refusals = []
    if facts.ground not in GROUNDS:
        refusals.append(Refusal("posting.recall.ground_missing", "请选择召回情形"))
    if not facts.in_post:
        refusals.append(Refusal("posting.recall.not_in_post", "该同志不在任，不能办理召回"))
    return refusals


def _warn(facts: RecallFacts) -> list[Refusal]:
    least, most = WARN_MONTHS
    refusals = []
    if not GROUNDS[facts.ground].curable:
        refusals.append(Refusal("posting.recall.not_curable", "这一情形不适用提醒约谈"))
    if facts.warned_before:
        refusals.append(
            Refusal("posting.recall.warned_before", "同一情形已经提醒过，只有初次可以提醒约谈")
        )
    if facts.months is not None and not least <= facts.months <= most:
        refusals.append(Refusal("posting.recall.warn_months", f"改进期为 {least} 至 {most} 个月"))
    return [*refusals, *refuse_same_person(facts.makers, facts.hand, act="提醒约谈")]


def _propose(facts: RecallFacts) -> list[Refusal]:
    if facts.has_unit and not facts.has_opinion:
        return [Refusal("posting.recall.opinion_missing", "派出单位还没有填写意见")]
    return []


def _decide(facts: RecallFacts) -> list[Refusal]:
    refusals = list(refuse_same_person(facts.makers, facts.hand, act="决定"))
    if not facts.document_number.strip():
        refusals.append(Refusal("posting.document_number_missing", "请填写文号"))
    return refusals


def _reject(facts: RecallFacts) -> list[Refusal]:
    return list(refuse_same_person(facts.makers, facts.hand, act="决定"))


def _replace(facts: RecallFacts) -> list[Refusal]:
    return [] if facts.is_filled else [Refusal("posting.recall.not_filled", "接任者还没有发文派驻")]


def _close(facts: RecallFacts) -> list[Refusal]:
    refusals = []
    if not facts.is_delivered:
        refusals.append(Refusal("posting.recall.not_delivered", "召回决定还没有送达本人"))
    if facts.has_unit and GROUNDS[facts.ground].effects and not facts.is_talked:
        refusals.append(Refusal("posting.recall.not_talked", "还没有约谈派出单位负责人"))
    return refusals


MORE: Mapping[str, Callable[[RecallFacts], list[Refusal]]] = {
    "open": _open, "warn": _warn, "propose": _propose, "decide": _decide, "reject": _reject,
    "replace": _replace, "close": _close,
}  # fmt: skip
ASKS_FOR_TEXT = frozenset(
    {"open", "tell", "state", "hear", "verify", "drop", "opine", "warn", "improve", "propose",
     "decide", "reject", "deliver", "talk"}
)  # fmt: skip


# --- limits and effects ---------------------------------------------------------------------------


def verify_due(opened_on: date) -> date:
    """依据：2.10 核实不超过 15 天；党内程序的期限不顺延（R-0-07）。"""
    return add_days(opened_on, VERIFY_DAYS)


def warn_until(warned_on: date, months: int) -> date:
    """The last day of the term for improvement (R-0-06)."""
    return add_months(warned_on, months)


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows a recall; `until` are the first days on which it no longer holds."""

    ban_until: date | None = None
    promotion_ban_until: date | None = None
    unit_minus: int = 0


@dataclass(frozen=True, slots=True)
class Weight:
    """How heavy the effects are: numbers that a county may set (Appendix C)."""

    ban_months: int = BAN_MONTHS
    promotion_ban_months: int = PROMOTION_BAN_MONTHS
    unit_minus: int = UNIT_MINUS


def effects_of(
    ground: str, decided_on: date, *, has_unit: bool, weight: Weight = Weight()
) -> Effects:
    """依据：2.10 召回的影响，R-2-16；RG09（健康等原因）没有影响。月数和分数可由县定。"""
    if not GROUNDS[ground].effects:
        return Effects()
    return Effects(
        add_months(decided_on, weight.ban_months),
        add_months(decided_on, weight.promotion_ban_months),
        weight.unit_minus if has_unit else 0,
    )


# --- signals --------------------------------------------------------------------------------------

ABSENCES = 3
SHORT_MONTHS = 3
QUARTER_FLOOR = 60
WARNINGS = 2
OVERDUE_PROBLEMS = 3
SEVERE = timedelta(days=SEVERE_DAYS)
WARN_SOON = timedelta(days=WARN_DAYS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record behind a signal: what it says, of which day, and its page."""

    text: str
    on: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A fact that may be a ground. It opens nothing: a person reads the records and decides."""

    ground: str
    text: str
    records: tuple[Evidence, ...]

    @property
    def label(self) -> str:
        return GROUNDS[self.ground].label

    @property
    def last_on(self) -> date:
        return max(one.on for one in self.records)


@dataclass(frozen=True, slots=True)
class Month:
    """One whole month in post as the village confirmed it; approved leave is no absence."""

    first: date
    days: int
    leave_days: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Grade:
    """A final appraisal: of a year with its grade, or of a quarter with its score."""

    is_annual: bool
    is_quarterly: bool
    is_incompetent: bool
    score: Fraction
    evidence: Evidence
    satisfaction: Fraction | None = None  # of the valid ballots; None where too few were cast


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """The records of one posting that a signal may come from."""

    absences: Sequence[Evidence] = ()  # upheld, of one year
    months: Sequence[Month] = ()
    overdue: Sequence[Evidence] = ()  # the person's own problems, gravely overdue
    warnings: Sequence[Evidence] = ()  # of RG07
    grades: Sequence[Grade] = ()
    discipline: Evidence | None = None


def signals(facts: SignalFacts, *, month_days: int, mass_min: int = MASS_MIN) -> tuple[Signal, ...]:
    """What the records say, ground by ground. 依据：2.10 表“Auto signal”栏、G-16。"""
    found = [
        _incompetent(facts),
        _overdue(facts),
        _enough("RG02", facts.absences, ABSENCES, "今年认定脱岗 {} 次"),
        _unsatisfied(facts, mass_min),
        _enough("RG07", facts.warnings, WARNINGS, "书面提醒 {} 次"),
        _absent_months(facts, month_days),
    ]
    if facts.discipline is not None:
        text = "登记有处分或审查的事实，内容请到有权查看的地方核对"
        found.append(Signal("RG05", text, (facts.discipline,)))
    return tuple(one for one in found if one is not None)


def _enough(ground: str, records: Sequence[Evidence], least: int, text: str) -> Signal | None:
    if len(records) < least:
        return None
    return Signal(ground, text.format(len(records)), tuple(records))


def _overdue(facts: SignalFacts) -> Signal | None:
    return _enough("RG01", facts.overdue, OVERDUE_PROBLEMS, "本人承办的问题严重超期 {} 件")


def _incompetent(facts: SignalFacts) -> Signal | None:
    annual = [one.evidence for one in facts.grades if one.is_annual and one.is_incompetent]
    if annual:
        return Signal("RG01", "年度考核不称职", tuple(annual))
    low = [one.evidence for one in facts.grades if one.is_quarterly and one.score < QUARTER_FLOOR]
    return _enough("RG01", low, 2, f"{{}} 个季度得分低于 {QUARTER_FLOOR}")


def _unsatisfied(facts: SignalFacts, mass_min: int) -> Signal | None:
    """依据：2.10 RG03，满意度低于 60%（或县定数，recall.mass_min）；用整数比较（0.2）。"""
    rated = [
        (one.satisfaction, one.evidence) for one in facts.grades if one.satisfaction is not None
    ]
    low = [(rate, evidence) for rate, evidence in rated if rate * 100 < mass_min]
    if not low:
        return None
    least = min(rate for rate, _ in low)
    text = f"群众满意度 {float(least * 100):.1f}%"
    return Signal("RG03", text, tuple(evidence for _, evidence in low))


def _absent_months(facts: SignalFacts, month_days: int) -> Signal | None:
    """The latest run of months, one after the other, that are short of days."""
    run: list[Month] = []
    for month in sorted(facts.months, key=lambda one: one.first):
        if month.days + month.leave_days >= month_days:
            run = []
        elif run and add_months(run[-1].first, 1) != month.first:
            run = [month]
        else:
            run.append(month)
    if len(run) < SHORT_MONTHS:
        return None
    text = f"连续 {len(run)} 个月在村不足 {month_days} 天"
    return Signal("RG08", text, tuple(one.evidence for one in run))
