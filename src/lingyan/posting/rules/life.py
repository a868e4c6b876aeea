"""Who moves a posting on from appointment to its end, and what must hold (2.6)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import (
    ADMIN,
    HAND_OVER,
    LEADER,
    STAFF,
    TOWN,
    UNIT,
    VILLAGE,
)
from lingyan.posting.rules.words import IN_POST, POST_HELD, PostingState

_S = PostingState
AT_WORK = (_S.ACTIVE.value, _S.EXTENDED.value)
HELD = tuple(state.value for state in PostingState if state in POST_HELD)
POSTED_NOW = tuple(state.value for state in PostingState if state in IN_POST)
RECALLABLE = tuple(state for state in POSTED_NOW if state != _S.RECALL_PENDING)
RECALL_PROPOSERS = (*STAFF, "town_secretary")

POSTING_FLOW: tuple[Transition, ...] = (
    Transition("", "appoint", "appointed", ADMIN, "选派", "批次已发文，有文号", "2.6"),
    Transition("appointed", "train", "trained", STAFF, "登记岗前培训", "培训不少于 16 学时", "2.6"),
    Transition("trained", "arrive", "active", TOWN, "确认到岗",
               "人身意外伤害保险覆盖整个任期，党组织关系已开始转接", "2.6"),
    *fan_in(AT_WORK,
            Transition("", "leave", "on_leave", (*TOWN, *STAFF), "请假离村",
                       "请假已批准，已到请假第一天", "R-2-23")),
    Transition("on_leave", "return", "active", (*TOWN, "village_secretary", "village_org"),
               "销假", "本人已返岗", "R-2-23"),
    *fan_in((*AT_WORK, "on_leave"),
            Transition("", "suspend", "suspended", STAFF, "暂停履职",
                       "写明原因（健康、接受调查），明确代理人", "2.6")),
    Transition("suspended", "resume", "active", STAFF, "恢复履职", "写明依据", "2.6"),
    *fan_in(("active", "term_appraised"),
            Transition("", "extend", "extended", LEADER, "延期",
                       "写明理由和新的期满日；经办人不是决定人", "2.6")),
    Transition("extended", "continue", "active", (*STAFF, *TOWN), "延期已到位",
               "本人、单位和村都已知悉", "2.6"),
    *fan_in(RECALLABLE,
            Transition("", "propose_recall", "recall_pending", RECALL_PROPOSERS, "提出召回",
                       "已核实，本人已陈述，单位已有意见", "2.10")),
    Transition("recall_pending", "recall", "recalled", LEADER, "决定召回",
               "集体研究决定，附本人陈述", "2.10"),
    Transition("recall_pending", "drop_recall", "active", (*LEADER, *STAFF), "不予召回",
               "写明理由", "2.10"),
    *fan_in(AT_WORK,
            Transition("", "appraise_term", "term_appraised", (*STAFF, *UNIT), "期满考察",
                       "任期届满，或距届满不超过 60 天", "2.6")),
    Transition("term_appraised", "hand_over", "handed_over", HAND_OVER, "办理交接",
               "期满考察已办；接任者已到任，交接期已满；写明交接清单；村不在软弱涣散整顿中",
               "R-2-04"),
    Transition("handed_over", "complete", "completed", ADMIN, "期满离任",
               "交接已办；村不在软弱涣散整顿中", "2.6"),
    *fan_in(HELD,
            Transition("", "transfer", "transferred", LEADER, "调整到其他村",
                       "写明理由，有文号；经办人不是决定人；原村不在软弱涣散整顿中", "2.6")),
    *fan_in(POSTED_NOW,
            Transition("", "cease", "ceased", STAFF, "终止派驻",
                       "去世、被羁押或被开除等，当日办理，有文件", "2.6")),
)  # fmt: skip


# After the hand-over the person's account keeps the village until the posting is completed, so that
# the last month can be confirmed; when it loses the village, the table of gates says (G-28).
CLOSES_ACCOUNT = ("cease",)


# --- what must hold -------------------------------------------------------------------------------

PRETRAIN_HOURS = 16  # post.pretrain_hours
APPRAISE_BEFORE_DAYS = 60
CLOSE_DAYS = 7
REPLACE_DAYS = 15  # recall.replace_days, working days
PROPOSAL_OPEN = Refusal("posting.proposal_open", "已有一项等待决定的事项，请先等它办结")
PROPOSERS = STAFF


def _needs(text: str, code: str, sentence: str) -> tuple[Refusal, ...]:
    return () if text.strip() else (Refusal(code, sentence),)


def refuse_day(on: date, *, today: date, since: date | None = None) -> tuple[Refusal, ...]:
    """A step was taken today or earlier, and not before what came before it."""
    if on > today:
        return (Refusal("posting.day_in_future", "日期不能晚于今天"),)
    if since is not None and on < since:
        return (Refusal("posting.day_before", f"日期不能早于 {since}"),)
    return ()


def refuse_to_train(
    *, hours: int, on: date, today: date, least: int = PRETRAIN_HOURS
) -> tuple[Refusal, ...]:
    """依据：2.6 岗前培训不少于 16 学时，或县定学时（post.pretrain_hours）。"""
    refusals = list(refuse_day(on, today=today))
    if hours < least:
        refusals.append(
            Refusal(
                "posting.training_too_short",
                f"岗前培训不少于 {least} 学时，现为 {hours} 学时",
            )
        )
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    on: date
    today: date
    since: date
    party_relation_on: date | None
    is_insured: bool
    is_exam_overdue: bool = False
    let_through: frozenset[str] = frozenset()  # gates opened for this posting (G-18)


def refuse_to_arrive(facts: ArrivalFacts) -> tuple[Refusal, ...]:
    """Insured for the term, no examination owed, the Party relation begun. 依据：2.6、G-18。

    县委组织部管理员写明理由，可以先到岗，15 天内补办。
    """
    refusals = list(refuse_day(facts.on, today=facts.today, since=facts.since))
    refusals += gates.refusals(
        "posting.posting.arrive",
        {Fact.UNINSURED: not facts.is_insured, Fact.EXAM_OVERDUE: facts.is_exam_overdue},
        let_through=facts.let_through,
    )
    if facts.party_relation_on is None:
        refusals.append(Refusal("posting.party_relation_missing", "请填写党组织关系开始转接的日期"))
    elif facts.party_relation_on > facts.today:
        refusals.append(Refusal("posting.day_in_future", "党组织关系转接日期不能晚于今天"))
    return tuple(refusals)


def warn_uninsured(*, is_insured: bool) -> tuple[Refusal, ...]:
    """Somebody at work without insurance for a part of the term: allowed, and said. 依据：G-18。"""
    return gates.warnings("posting.posting.at_work", {Fact.UNINSURED: not is_insured})


def warn_exam(*, is_overdue: bool) -> tuple[Refusal, ...]:
    """Somebody at work who owes an examination: allowed, and said. 依据：G-18、2.11。"""
    return gates.warnings("posting.posting.at_work", {Fact.EXAM_OVERDUE: is_overdue})


def refuse_to_suspend(*, text: str, has_substitute: bool, is_self: bool) -> tuple[Refusal, ...]:
    """依据：2.6 暂停履职（健康、接受调查）须明确代理人。"""
    refusals = list(_needs(text, "posting.reason_missing", "暂停履职须写明原因"))
    if not has_substitute:
        refusals.append(Refusal("posting.substitute_missing", "请写明由谁代理"))
    if is_self:
        refusals.append(Refusal("posting.substitute_self", "代理人不能是本人"))
    return tuple(refusals)


def refuse_without_text(text: str, label: str) -> tuple[Refusal, ...]:
    return _needs(text, "posting.reason_missing", f"“{label}”须写明依据和情况")


def refuse_to_appraise_term(*, planned_until: date, today: date) -> tuple[Refusal, ...]:
    """The planned end is reached, or 60 days or less away. 依据：2.6。"""
    opens_on = planned_until - timedelta(days=APPRAISE_BEFORE_DAYS)
    if today >= opens_on:
        return ()
    return (
        Refusal(
            "posting.term_not_near",
            f"距任期届满超过 {APPRAISE_BEFORE_DAYS} 天，{opens_on} 起可以办理期满考察",
        ),
    )


def refuse_to_cease(*, text: str, document_number: str) -> tuple[Refusal, ...]:
    """At once and by a document; G-1 holds nobody back here. 依据：2.6、G-1 但书。"""
    return (
        *_needs(text, "posting.reason_missing", "终止派驻须写明原因"),
        *_needs(document_number, "posting.document_number_missing", "请填写文号"),
    )


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """An extension or a transfer as proposed; what does not belong to it stays empty."""

    act: str
    text: str
    planned_until: date
    new_until: date | None = None
    same_village: bool = False
    has_village: bool = False
    document_number: str = ""
    village_bound: bool = False
    proposal_open: bool = False


def refuse_to_propose(facts: ProposalFacts) -> tuple[Refusal, ...]:
    """依据：2.6 延期、调整须有理由；调整另受 G-1 约束。"""
    refusals = list(_needs(facts.text, "posting.reason_missing", "请写明理由"))
    if facts.proposal_open:
        refusals.append(PROPOSAL_OPEN)
    if facts.act == "extend" and (
        facts.new_until is None or facts.new_until <= facts.planned_until
    ):
        last = facts.planned_until - timedelta(days=1)
        refusals.append(Refusal("posting.extension_day", f"新的任期最后一天应晚于现在的 {last}"))
    if facts.act == "transfer":
        refusals += _refuse_transfer(facts)
    return tuple(refusals)


def _refuse_transfer(facts: ProposalFacts) -> list[Refusal]:
    refusals = list(_needs(facts.document_number, "posting.document_number_missing", "请填写文号"))
    if not facts.has_village:
        refusals.append(Refusal("posting.village_missing", "请选择调往的村"))
    if facts.same_village:
        refusals.append(Refusal("posting.same_village", "调往的村就是现在的村"))
    return [*refusals, *refuse_bound("transfer", bound=facts.village_bound)]


def refuse_bound(
    act: str, *, bound: bool, let_through: frozenset[str] = frozenset()
) -> tuple[Refusal, ...]:
    """依据：G-1 村党组织在软弱涣散整顿中，干部不撤回、工作不脱钩。"""
    return gates.refusals(
        f"posting.posting.{act}", {Fact.RECT_OPEN: bound}, let_through=let_through
    )


WITHDRAWALS = ("hand_over", "complete", "transfer")


def held_back(*, bound: bool) -> tuple[Refusal, ...]:
    """Why nobody may be withdrawn, once for all the acts that the gate holds; for the page."""
    return tuple(
        dict.fromkeys(one for act in WITHDRAWALS for one in refuse_bound(act, bound=bound))
    )


def ends_access(act: str) -> bool:
    """Whether the person's role in the village ends with this act. 依据：G-28。"""
    return bool(gates.triggered(f"posting.posting.{act}", {Fact.WORK_OVER: True}))


# --- what is due, by whom, until when -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LifeFacts:
    """What the due date of the next step hangs on."""

    state: str
    since: date
    planned_until: date
    state_since: date | None = None
    leave_until: date | None = None
    handover_until: date | None = None  # the successor is there; the overlap ends
    replace_by: date | None = None  # for a posting that ended early and has no successor
    village_bound: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    act: str
    label: str
    roles: tuple[str, ...]
    on: date


def next_due(facts: LifeFacts) -> Due | None:
    """The next step that somebody owes, and its last day (2.6); nothing while all is in course.

    依据：2.6 各步骤；R-2-23 销假；G-1 届满而村在整顿中的，先决定延期；终止、召回后按期补派。
    """
    followed = facts.handover_until is not None and facts.state == _S.TERM_APPRAISED
    line = _HAND_OVER if followed else DUE_OF_STATE.get(facts.state)
    if line is None:
        return None
    act, label, roles, day = line
    if facts.village_bound and act in END_OF_TERM:
        act, label, roles = "extend", "决定延期（村在整顿中，不能撤回）", STAFF
    if (facts.village_bound and act == "complete") or (on := day(facts)) is None:
        return None
    return Due(act, label, roles, on)


def last_day(until: date) -> date:
    """The last day of a period whose end is exclusive, as people write it."""
    return until - timedelta(days=1)


def _last_day(facts: LifeFacts) -> date:
    return last_day(facts.planned_until)


def _closing(facts: LifeFacts) -> date | None:
    return facts.state_since and facts.state_since + timedelta(days=CLOSE_DAYS)


END_OF_TERM = ("appraise_term", "hand_over")
_APPRAISE = ("appraise_term", "期满考察", STAFF, _last_day)
_REPLACE = ("replace", "补派接任者", STAFF, lambda facts: facts.replace_by)
_HAND_OVER = ("hand_over", "办理交接", HAND_OVER, lambda facts: facts.handover_until)
DueLine = tuple[str, str, tuple[str, ...], Callable[[LifeFacts], date | None]]
DUE_OF_STATE: Mapping[str, DueLine] = {
    "appointed": ("train", "登记岗前培训", STAFF, lambda facts: facts.since),
    "trained": ("arrive", "确认到岗", TOWN, lambda facts: facts.since),
    "on_leave": ("return", "销假", (*TOWN, *VILLAGE), lambda facts: facts.leave_until),
    "active": _APPRAISE,
    "extended": _APPRAISE,
    "suspended": _APPRAISE,
    "term_appraised": ("hand_over", "办理交接", HAND_OVER, _last_day),
    "handed_over": ("complete", "期满离任", ADMIN, _closing),
    "ceased": _REPLACE,
    "recalled": _REPLACE,
}
