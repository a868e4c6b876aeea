"""Who takes down what is said against an announced name, and who settles it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, refuse_same_person
from lingyan.posting.rules.processes import BEFORE_ISSUE
from lingyan.posting.rules.words import ObjectionState, RoundState

RECORDERS = STAFF
HANDLERS = (*STAFF, *LEADER)
TAKEN_DOWN_IN = (RoundState.ANNOUNCED,)

NOTICE_OBJECTION_FLOW: tuple[Transition, ...] = (
    Transition("", "record", "open", RECORDERS, "登记异议", "批次在公示", "R-2-20"),
    Transition("open", "reject", "rejected", HANDLERS, "异议不成立",
               "写明核查情况；办结人不是登记人，也没有经办方案", "R-2-20"),
    Transition("open", "accept", "accepted", HANDLERS, "异议成立",
               "写明核查情况；办结人不是登记人，也没有经办方案", "R-2-20"),
)  # fmt: skip
ACT_OF_OUTCOME = {ObjectionState.REJECTED: "reject", ObjectionState.ACCEPTED: "accept"}


def refuse_to_record_objection(
    *, role: str, round_state: str, raised_on: date, announced_on: date | None, today: date,
    text: str, on_the_list: bool,
) -> tuple[Refusal, ...]:  # fmt: skip
    """Said during the notice, about somebody on the list (or the list), in writing.

    依据：R-2-20 announced。匿名的也要登记，异议人可以不填。
    """
    refusals = []
    if role not in RECORDERS:
        refusals.append(Refusal("posting.wrong_role", "公示异议由县委组织部登记"))
    if round_state not in TAKEN_DOWN_IN or announced_on is None:
        refusals.append(Refusal("posting.no_notice_now", "批次不在公示，不能登记公示异议"))
    elif not announced_on <= raised_on <= today:
        refusals.append(
            Refusal("posting.objection_day", f"提出日期应在 {announced_on} 至 {today} 之间")
        )
    if not on_the_list:
        refusals.append(Refusal("posting.not_on_the_notice", "公示名单里没有这一条"))
    if not text.strip():
        refusals.append(Refusal("posting.objection_text_missing", "请写明异议内容"))
    return tuple(refusals)


def refuse_to_settle_objection(
    *, round_state: str, text: str, recorder: str, makers: Iterable[str], actor: str
) -> tuple[Refusal, ...]:
    """Looked into by somebody else than who took it down or made the plan. 依据：R-0-20。"""
    refusals = []
    if round_state not in BEFORE_ISSUE:
        refusals.append(Refusal("posting.round_over", "批次已结束，不能再办理公示异议"))
    if not text.strip():
        refusals.append(
            Refusal("posting.outcome_missing", "请写明核查情况和处理意见，会答复异议人")
        )
    refusals += refuse_same_person(frozenset({recorder, *makers}), actor, act="办结")
    return tuple(refusals)
