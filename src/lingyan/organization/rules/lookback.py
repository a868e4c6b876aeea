"""What is looked at after a term change, until when is a problem mended, and how (1.8)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules import EndReason
from lingyan.directory.rules.hands import LEADER, STAFF, refuse_same_person
from lingyan.organization.rules.term_settings import DEFAULTS
from lingyan.organization.rules.term_words import (
    Body,
    ItemResult,
    LookBackItem,
    MendOutcome,
    MendState,
    body_of,
)

L = LookBackItem
CHECKERS = ("town_org", *STAFF)
STRICT = frozenset({L.LB01, L.LB11})  # of a person: acted on or exempted within thirty days

MEND_FLOW: tuple[Transition, ...] = (
    Transition("", "find", "open", CHECKERS, "登记问题", "写明情况、责任人", "1.8"),
    Transition("open", "mend", "mended", ("town_org", "village_secretary"), "报整改",
               "写明怎样整改；涉及职务的按任免或罢免程序", "R-1-32"),
    Transition("open", "exempt", "exempted", LEADER, "批准不追究",
               "只限资格条件和近亲属回避两项；写明理由和文号", "R-1-32"),
    Transition("mended", "verify", "closed", STAFF, "核实销号", "报整改的人不是核实人", "R-0-20"),
    Transition("mended", "return", "open", STAFF, "退回整改", "写明理由", "1.8"),
)  # fmt: skip

# How a post ends by each measure; what is corrected ends none.
END_OF = {
    MendOutcome.REMOVED: EndReason.REMOVED,
    MendOutcome.RESIGNED: EndReason.RESIGNED,
    MendOutcome.RECALLED: EndReason.RECALLED,
    MendOutcome.ENDED: EndReason.OTHER,
}
OF_PARTY = (MendOutcome.REMOVED, MendOutcome.RESIGNED)
OF_COMMITTEE = (MendOutcome.RESIGNED, MendOutcome.RECALLED, MendOutcome.ENDED)


def mend_due(item: str, *, found_on: date, mend_days: int = DEFAULTS.mend_days) -> date:
    """依据：R-1-32 资格条件和近亲属回避三十日内办理，其他九十日内。"""
    days = DEFAULTS.strict_mend_days if item in STRICT else mend_days
    return found_on + timedelta(days=days)


def refuse_check(
    item: str, *, result: str, evidence: str, owner: str, names_person: bool
) -> tuple[Refusal, ...]:
    """依据：1.8 每项有结论、佐证、责任人；资格条件和近亲属回避的问题要落到人。"""
    refusals = []
    if result != ItemResult.NOT_APPLICABLE and not evidence.strip():
        refusals.append(Refusal("organization.lookback.evidence", "请写明检查情况和佐证"))
    if result == ItemResult.PROBLEM and not owner.strip():
        refusals.append(Refusal("organization.lookback.owner", "存在问题的，请写明责任人"))
    if result == ItemResult.PROBLEM and item in STRICT and not names_person:
        refusals.append(Refusal("organization.lookback.person", "这一项的问题请选出涉及的村干部"))
    if item == L.LB01 and result == ItemResult.NOT_APPLICABLE:
        refusals.append(
            Refusal("organization.lookback.always", "资格条件复核每个村都要做，不能填“不涉及”")
        )
    return tuple(refusals)


def refuse_to_mend(
    item: str, *, outcome: str, text: str, post: str, on: date, found_on: date, today: date
) -> tuple[Refusal, ...]:
    """依据：R-1-32 党内职务由任免机关免职；村民委员会职务由本人辞职或依法罢免，不能直接免职。"""
    refusals = []
    if not text.strip():
        refusals.append(Refusal("organization.lookback.text", "请写明怎样整改"))
    if on > today or on < found_on:
        refusals.append(Refusal("organization.lookback.day", f"整改日期应在 {found_on} 至今天之间"))
    if outcome not in outcomes_for(item, post):
        measures = "、".join(one.label for one in outcomes_for(item, post))
        refusals.append(
            Refusal("organization.lookback.outcome", f"这个问题的整改方式应是：{measures}")
        )
    return tuple(refusals)


def outcomes_for(item: str, post: str) -> tuple[MendOutcome, ...]:
    """How a problem may be mended: a post is touched only by the two items that name a person."""
    if item not in STRICT or not post:
        return (MendOutcome.CORRECTED,)
    return (
        MendOutcome.CORRECTED, *(OF_PARTY if body_of(post) is Body.PARTY else OF_COMMITTEE)
    )  # fmt: skip


def refuse_without_number(outcome: str, number: str) -> tuple[Refusal, ...]:
    """Removal is by a document."""
    if outcome == MendOutcome.REMOVED and not number.strip():
        return (Refusal("organization.document_missing", "请填写文号"),)
    return ()


def refuse_mend_exemption(item: str, *, reason: str, document_number: str) -> tuple[Refusal, ...]:
    refusals = []
    if item not in STRICT:
        refusals.append(
            Refusal("organization.lookback.no_exemption", "这一项不能批准不追究，请整改")
        )
    if not reason.strip():
        refusals.append(Refusal("organization.reason_missing", "请写明理由"))
    if not document_number.strip():
        refusals.append(Refusal("organization.document_missing", "请填写文号"))
    return tuple(refusals)


def refuse_to_verify(*, mended_by: str, hand: str) -> tuple[Refusal, ...]:
    return refuse_same_person(frozenset({mended_by} - {""}), hand, act="核实")


@dataclass(frozen=True, slots=True)
class Checked:
    """One item as it stands."""

    item: str
    result: str = ""
    mend: str = ""


def refuse_to_finish(checked: Sequence[Checked]) -> tuple[Refusal, ...]:
    """Each of the fourteen has a result before the look-back is over."""
    answered = {one.item for one in checked if one.result}
    missing = [one.label for one in LookBackItem if one not in answered]
    if missing:
        return (Refusal("organization.lookback.unanswered", f"还没有检查：{'、'.join(missing)}"),)
    return ()


def refuse_to_close(checked: Sequence[Checked]) -> tuple[Refusal, ...]:
    """依据：1.7 回头看的问题全部销号才能归档。"""
    left = [
        LookBackItem(one.item).label
        for one in checked
        if one.mend in (MendState.OPEN, MendState.MENDED)
    ]
    if left:
        return (Refusal("organization.lookback.open", f"还有问题没有销号：{'、'.join(left)}"),)
    return ()


AUDIT_TEXTS = {
    "organization.lookback.checked": "登记回头看检查结论",
    "organization.lookback.mended": "报回头看问题整改",
    "organization.lookback.exempted": "批准回头看问题不追究",
    "organization.lookback.closed": "核实回头看问题销号",
    "organization.lookback.returned": "退回回头看问题整改",
}
