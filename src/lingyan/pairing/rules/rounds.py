"""How does a round of pairing go on, what may be stated, and what refuses an act?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lingyan.common.choices import Choice
from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT, VILLAGE, refuse_same_person
from lingyan.pairing.rules.points import (
    UNIT_LOWER,
    UNIT_UPPER,
    UNIT_UPPER_MAX,
    VILLAGE_LOWER,
    VILLAGE_UPPER,
    Answer,
    PairWeights,
    Resource,
)

THING = "pairing.round"
ROUND_VERSION = "2026.1"
LEVEL_MAX = 4
VILLAGE_UPPER_MAX = 5
REASON_MAX = 200


class PairRoundState(Choice):
    """结对批次的状态。"""

    COLLECTING = "collecting", "征集意愿"
    COMPUTED = "computed", "已出方案"
    DECIDED = "decided", "已决定"
    CANCELLED = "cancelled", "已取消"


class Side(Choice):
    UNIT = "unit", "单位"
    VILLAGE = "village", "村"


class FixKind(Choice):
    """征集时由县里定下的。"""

    PIN = "pin", "指定"
    BAN = "ban", "排除"


RUNNING = (PairRoundState.COLLECTING, PairRoundState.COMPUTED)
UNIT_WRITERS = (*UNIT, *STAFF)
VILLAGE_WRITERS = (*VILLAGE, *TOWN, *STAFF)

PAIR_ROUND_FLOW: tuple[Transition, ...] = (
    Transition("collecting", "compute", "computed", STAFF, "计算方案",
               "两方各有参加的；不要求人人都已填报", "R-3-01"),
    Transition("computed", "compute", "computed", STAFF, "重新计算",
               "两方各有参加的", "R-3-01"),
    Transition("computed", "adjust", "computed", STAFF, "人工调整",
               "先显示代价，写明理由", "R-3-02"),
    Transition("computed", "reopen", "collecting", (*STAFF, *LEADER), "退回征集",
               "写明理由", "R-3-02"),
    Transition("computed", "decide", "decided", LEADER, "决定方案",
               "方案复核通过；决定人不是经办人；没有一对已被拒绝", "R-0-20"),
    Transition("collecting", "cancel", "cancelled", STAFF, "取消批次", "写明理由"),
    Transition("computed", "cancel", "cancelled", STAFF, "取消批次", "写明理由"),
)  # fmt: skip

AUDIT_TEXTS = {
    "pairing.round.opened": "启动结对批次",
    "pairing.round.units_added": "单位加入结对批次",
    "pairing.round.units_removed": "单位移出结对批次",
    "pairing.round.villages_added": "村加入结对批次",
    "pairing.round.villages_removed": "村移出结对批次",
    "pairing.round.matrix_set": "设置行业相关",
    "pairing.round.fixed": "登记指定或排除",
    "pairing.round.unfixed": "撤销指定或排除",
    "pairing.round.computation_requested": "发起结对方案计算",
    "pairing.round.computed": "算出结对方案",
    "pairing.round.adjusted": "调整结对方案",
    "pairing.round.adjustment_undone": "撤回结对方案的调整",
    "pairing.round.reopened": "结对批次退回征集",
    "pairing.round.decided": "决定结对方案",
    "pairing.round.cancelled": "取消结对批次",
    "pairing.round.exported": "导出结对批次的数据",
    "pairing.plan.adjusted": "人工调整结对方案",
    "pairing.plan.exported": "导出结对方案",
    "pairing.unit_statement.saved": "单位填报结对情况",
    "pairing.village_statement.saved": "村填报结对情况",
    "pairing.answers.saved": "填报结对意愿",
}


# --- what is frozen when a round opens ----------------------------------------------------------

# A unit takes so many villages from that many people on.
SIZE_STEPS: tuple[tuple[int, int], ...] = ((0, 1), (30, 2), (80, 3))
WEIGHT_LABELS: Mapping[str, str] = {
    "near": "地域相邻",
    "related": "行业相关",
    "complement": "优势相补",
    "consent": "自愿双向",
}
RENEWAL_MAX = 1000


def round_settings(
    *,
    weights: PairWeights | None = None,
    steps: Sequence[tuple[int, int]] = SIZE_STEPS,
    matrix: Iterable[tuple[str, str, int]] = (),
) -> dict[str, Any]:
    """What a round freezes: the weights, the bounds by size of a unit, and the county's matrix."""
    return {
        "version": ROUND_VERSION,
        "weights": asdict(weights or PairWeights()),
        "steps": [list(step) for step in steps],
        "matrix": sorted([sector, industry, points] for sector, industry, points in matrix),
    }


def upper_of_size(headcount: int | None, steps: Sequence[Sequence[int]] = SIZE_STEPS) -> int:
    """How many villages a unit of this size takes at most; of unknown size the usual number.

    依据：R-3-03。
    """
    if headcount is None:
        return UNIT_UPPER
    fitting = [upper for least, upper in steps if headcount >= least]
    return max(fitting, default=UNIT_LOWER)


# --- what the needs of a village say of the five resources --------------------------------------

RESOURCES_OF_ITEM: Mapping[str, tuple[Resource, ...]] = {
    "T1": (Resource.TALENT,),
    "T2": (Resource.TALENT,),
    "T3": (Resource.VENUE,),
    "T4": (Resource.TALENT,),
    "T5": (Resource.TALENT,),
    "I1": (Resource.FUND,),
    "I2": (Resource.TECHNOLOGY,),
    "I3": (Resource.TALENT,),
    "I4": (Resource.INFORMATION,),
    "I5": (Resource.FUND,),
    "I6": (Resource.TECHNOLOGY, Resource.INFORMATION),
    "G1": (Resource.TALENT,),
    "G2": (Resource.INFORMATION,),
    "G3": (Resource.VENUE,),
    "G4": (Resource.TALENT,),
    "G5": (Resource.VENUE, Resource.FUND),
}
RESOURCES_OF_DOMAIN: Mapping[str, tuple[Resource, ...]] = {
    "team": (Resource.TALENT,),
    "industry": (Resource.TECHNOLOGY,),
    "governance": (Resource.VENUE,),
}


def needs_of_items(items: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Levels of the five resources out of a need list: (item, domain, severity); the worst counts.

    依据：R-3-01 COMPLEMENT。They are offered to the village, which may change them.
    """
    found: dict[str, int] = {}
    for item, domain, severity in items:
        for resource in RESOURCES_OF_ITEM.get(item) or RESOURCES_OF_DOMAIN.get(domain, ()):
            if severity:
                found[resource.value] = max(found.get(resource.value, 0), min(severity, LEVEL_MAX))
    return {one.value: found[one.value] for one in Resource if one.value in found}


# --- opening and taking part --------------------------------------------------------------------


def refuse_to_open(
    *, name: str, name_taken: bool, due_on: date | None, today: date
) -> tuple[Refusal, ...]:
    refusals = []
    if not name.strip():
        refusals.append(Refusal("pairing.round_name_missing", "请填写批次名称"))
    if name_taken:
        refusals.append(Refusal("pairing.round_name_taken", f"已有名为“{name}”的结对批次"))
    if due_on is not None and due_on < today:
        refusals.append(Refusal("pairing.round_due_in_past", "填报截止日期不能早于今天"))
    return tuple(refusals)


def refuse_to_change_parts(
    *, state: str, chosen: int, busy: Sequence[str] = ()
) -> tuple[Refusal, ...]:
    """Units and villages come and go while statements are collected, each in one running round."""
    refusals = list(refuse_after_collecting(state))
    if not chosen:
        refusals.append(Refusal("pairing.nothing_chosen", "没有选中可以办理的单位或村"))
    if busy:
        shown = "、".join(busy[:5])
        refusals.append(Refusal("pairing.in_other_round", f"已在进行中的结对批次里：{shown}"))
    return tuple(refusals)


def refuse_after_collecting(state: str) -> tuple[Refusal, ...]:
    if state == PairRoundState.COLLECTING:
        return ()
    return (Refusal("pairing.collecting_over", "不在征集意愿阶段，不能再改；县里退回征集后可以改"),)


# --- statements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """What one side has or needs: words, five levels, and how many pairs it takes."""

    words: tuple[str, ...]
    levels: Mapping[str, int]
    lower: int
    upper: int


def refuse_statement(said: Statement, *, most: int) -> tuple[Refusal, ...]:
    """Levels 0 to 4; bounds that do not cross and stay below what is allowed. 依据：R-3-03。"""
    refusals = []
    if any(not 0 <= level <= LEVEL_MAX for level in said.levels.values()):
        refusals.append(Refusal("pairing.level_out_of_range", "程度请填 0 至 4"))
    if said.lower < 0 or said.lower > said.upper:
        refusals.append(
            Refusal("pairing.bounds_crossed", f"最少 {said.lower} 大于最多 {said.upper}，无法满足")
        )
    if said.upper > most:
        refusals.append(Refusal("pairing.upper_too_high", f"最多不超过 {most}"))
    return tuple(refusals)


def statement_most(side: str) -> int:
    return UNIT_UPPER_MAX if side == Side.UNIT else VILLAGE_UPPER_MAX


def refuse_answer(*, answer: str, reason: str, name: str) -> tuple[Refusal, ...]:
    """A refusal excludes the pair, so it must say why. 依据：R-3-01、R-3-02。"""
    if answer == Answer.REFUSED and not reason.strip():
        return (Refusal("pairing.refusal_without_reason", f"不愿意与{name}结对的，请写明理由"),)
    return ()


def refuse_fix(
    *, state: str, reason: str, known: bool, refused: Sequence[str] = (), full: str = ""
) -> tuple[Refusal, ...]:
    """A pin or a ban needs its reason; a pair that a side refuses is never pinned."""
    refusals = list(refuse_after_collecting(state))
    if not reason.strip():
        refusals.append(Refusal("pairing.reason_missing", "请写明理由"))
    if known:
        refusals.append(Refusal("pairing.fix_known", "这一对已经登记过指定或排除"))
    if refused:
        refusals.append(
            Refusal("pairing.pin_refused", f"不能指定：{'；'.join(refused)}。结对须双方自愿")
        )
    if full:
        refusals.append(Refusal("pairing.pin_full", f"指定的已达上限：{full}"))
    return tuple(refusals)


# --- computing and deciding ---------------------------------------------------------------------


def refuse_to_compute(*, units: int, villages: int) -> tuple[Refusal, ...]:
    refusals = []
    if not units:
        refusals.append(Refusal("pairing.no_units", "批次里还没有单位"))
    if not villages:
        refusals.append(Refusal("pairing.no_villages", "批次里还没有村"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Who decides on what, by whose hands it was made, and what no longer holds."""

    decision: str
    decided_on: date
    today: date
    actor: str
    makers: frozenset[str]
    verified: bool
    broken: tuple[str, ...]


def refuse_to_decide(facts: DecisionFacts) -> tuple[Refusal, ...]:
    """A proved plan, other hands, no pair that a side has refused since. 依据：R-0-20、R-3-02。"""
    refusals = list(refuse_same_person(facts.makers, facts.actor, act="决定"))
    if not facts.decision.strip():
        refusals.append(Refusal("pairing.decision_missing", "请填写决定意见"))
    if facts.decided_on > facts.today:
        refusals.append(Refusal("pairing.day_in_future", "决定日期不能晚于今天"))
    if not facts.verified:
        refusals.append(
            Refusal("pairing.plan_not_verified", "方案没有通过复核，不能作出决定，请重新计算")
        )
    if facts.broken:
        shown = "、".join(facts.broken[:5])
        refusals.append(Refusal("pairing.pair_refused_since", f"方案里有不再成立的结对：{shown}"))
    return tuple(refusals)


def refuse_without_reason(reason: str) -> tuple[Refusal, ...]:
    if reason.strip():
        return ()
    return (Refusal("pairing.reason_missing", "请写明理由"),)


# --- changes by hand ----------------------------------------------------------------------------


def refuse_outdated(*, chosen: str, is_chosen: bool) -> tuple[Refusal, ...]:
    """Only the plan in use is changed: two offices never work on two plans."""
    if is_chosen:
        return ()
    text = f"现在采用的是{chosen}，请在那个方案上调整" if chosen else "还没有采用的方案"
    return (Refusal("pairing.plan_outdated", text),)


def refuse_other_price(*, shown: bool) -> tuple[Refusal, ...]:
    """What is confirmed must be what was shown."""
    if shown:
        return ()
    return (Refusal("pairing.price_changed", "代价已有变化，请按现在显示的代价重新确认"),)


def refuse_impossible(text: str) -> tuple[Refusal, ...]:
    return (Refusal("pairing.change_impossible", f"不能这样调整：{text}"),) if text else ()


def refuse_unproved(*, proved: bool, text: str) -> tuple[Refusal, ...]:
    if proved:
        return ()
    return (Refusal("pairing.plan_not_verified", f"调整后的方案没有通过复核：{text}"),)


def refuse_to_undo(*, has_base: bool) -> tuple[Refusal, ...]:
    if has_base:
        return ()
    return (Refusal("pairing.nothing_to_undo", "这个方案不是调整出来的，没有可撤回的"),)


__all__ = [
    "AUDIT_TEXTS",
    "PAIR_ROUND_FLOW",
    "RUNNING",
    "UNIT_WRITERS",
    "VILLAGE_LOWER",
    "VILLAGE_UPPER",
    "VILLAGE_WRITERS",
    "DecisionFacts",
    "FixKind",
    "PairRoundState",
    "Side",
    "Statement",
]
