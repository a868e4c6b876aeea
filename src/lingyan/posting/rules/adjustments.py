"""What refuses a change by hand beyond the hard rules?"""

from __future__ import annotations

from collections.abc import Sequence

from lingyan.common import gates
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal


def refuse_outdated(*, chosen: str, is_chosen: bool) -> tuple[Refusal, ...]:
    """Only the plan in use is changed: two offices never work on two plans. 依据：R-2-20。"""
    if is_chosen:
        return ()
    text = (
        f"方案已经变了，现在采用的是{chosen}，请在新方案上再调整" if chosen else "还没有采用的方案"
    )
    return (Refusal("posting.plan_outdated", text),)


def refuse_other_price(*, shown: bool) -> tuple[Refusal, ...]:
    """What is confirmed must be what was shown."""
    if shown:
        return ()
    return (Refusal("posting.price_changed", "代价已有变化，请按现在显示的代价重新确认"),)


def refuse_impossible(text: str) -> tuple[Refusal, ...]:
    return (Refusal("posting.change_impossible", f"不能这样调整：{text}"),)


def refuse_unproved(*, proved: bool, text: str) -> tuple[Refusal, ...]:
    """A plan that the checker refutes is never stored. 依据：matching-design 4。"""
    if proved:
        return ()
    return (Refusal("posting.plan_not_verified", f"调整后的方案没有通过复核：{text}"),)


def refuse_without_reason(reason: str) -> tuple[Refusal, ...]:
    if reason.strip():
        return ()
    return (Refusal("posting.reason_missing", "撤回须写明理由"),)


def refuse_to_undo(*, has_base: bool, broken: Sequence[str]) -> tuple[Refusal, ...]:
    """There is a plan before, and it breaks no rule that the present one keeps. 依据：G-30。"""
    refusals = []
    if not has_base:
        refusals.append(Refusal("posting.nothing_to_undo", "这个方案不是调整出来的，没有可撤回的"))
    said = {Fact.RULE_BROKEN: f"退回后不符合硬性条件：{'、'.join(broken[:5])}"}
    facts = {Fact.RULE_BROKEN: bool(broken)}
    return (*refusals, *gates.refusals("posting.round.adjust", facts, said=said))
