"""Who may join a round, who may object to a pair, and what refuses an act of a round?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, TOWN, UNIT
from lingyan.posting.rules.eligibility import DEFAULT_RULES, Effect, RuleSetting
from lingyan.posting.rules.processes import (
    NOTICE_DAYS,
    OVERLAP_DAYS,
    TERM_MONTHS_MIN,
)
from lingyan.posting.rules.words import GoalOrder, RoundState

RULE_VERSION = "2026.1"
DEFAULT_WEIGHTS: Mapping[str, int] = {
    "cover": 60,
    "lead": 15,
    "near": 5,
    "wish": 10,
    "wanted": 10,
}
FIT_PARTS: Mapping[str, str] = {
    "cover": "需求匹配",
    "lead": "领导经历",
    "near": "地域",
    "wish": "本人志愿",
    "wanted": "村镇意向",
}

# Villages come and go until needs are locked; people until they begin to write their wishes.
VILLAGES_JOIN_IN = (RoundState.OPEN,)
PEOPLE_JOIN_IN = (RoundState.OPEN, RoundState.DEMAND_CLOSED)
# Before and while wishes are written an empty list is one that is still being written.
WISHES_WRITTEN_IN = (*PEOPLE_JOIN_IN, RoundState.CANDIDATE_RANKING)
BEFORE_DECISION = (
    RoundState.OPEN,
    RoundState.DEMAND_CLOSED,
    RoundState.CANDIDATE_RANKING,
    RoundState.VILLAGE_RANKING,
    RoundState.COMPUTED,
    RoundState.ADJUSTED,
)
BEFORE_PLAN = BEFORE_DECISION[:4]
WITHDRAW_IN = (*BEFORE_DECISION, RoundState.DELIBERATED, RoundState.ANNOUNCED)
NOTICE_SHOWN_IN = (RoundState.ANNOUNCED, RoundState.ISSUED)


TOWN_PEOPLE_MAX = 999
SLACK_MAX = 20


def round_settings(
    *,
    weights: Mapping[str, int] = DEFAULT_WEIGHTS,
    effects: Mapping[str, str] | None = None,
    parameters: Mapping[str, Mapping[str, int]] | None = None,
    own_town_blocks: bool = False,
    unit_limit: int | None = None,
    town_min: int | None = None,
    town_max: int | None = None,
    goal_order: str = GoalOrder.SEATS.value,
    score_slack: int | None = None,
    notice_days: int = NOTICE_DAYS,
    overlap_days: int = OVERLAP_DAYS,
    term_months_min: int = TERM_MONTHS_MIN,
    allow_unranked: bool = True,
) -> dict[str, Any]:
    """What is frozen when a round opens: version, weights, each hard rule with its parameters.

    `parameters` are those that the county has set, by rule; the others are the usual ones.
    """
    rules: dict[str, dict[str, Any]] = {
        rule.code: {
            "effect": (effects or {}).get(rule.code, rule.effect),
            "parameters": {**rule.parameters, **(parameters or {}).get(rule.code, {})},
            "roles": sorted(rule.roles),
        }
        for rule in DEFAULT_RULES
    }
    rules["R02"]["parameters"]["own_town_blocks"] = int(own_town_blocks)
    return {
        "version": RULE_VERSION,
        "weights": dict(weights),
        "rules": rules,
        "unit_limit": unit_limit,
        "town_min": town_min,
        "town_max": town_max,
        "goal_order": goal_order,
        "score_slack": score_slack,
        "notice_days": notice_days,
        "overlap_days": overlap_days,
        "term_months_min": term_months_min,
        "allow_unranked": allow_unranked,
    }


def rules_adjustable() -> tuple[RuleSetting, ...]:
    """The rules for which a county may choose between block, warn and off (1.1)."""
    return tuple(rule for rule in DEFAULT_RULES if Effect.WARN in rule.effects_allowed)


def refuse_to_open_round(
    *,
    name: str,
    name_taken: bool,
    starts_on: date,
    today: date,
    months: int,
    weights: Mapping[str, int],
    bounds: Sequence[Refusal] = (),
    months_min: int = TERM_MONTHS_MIN,
) -> tuple[Refusal, ...]:
    """A name of its own, a start that lies ahead, a full term. 依据：R-2-04、R-2-20。"""
    refusals = []
    if not name.strip():
        refusals.append(Refusal("posting.round_name_missing", "请填写批次名称"))
    if name_taken:
        refusals.append(Refusal("posting.round_name_taken", f"已有名为“{name}”的批次"))
    if starts_on < today:
        refusals.append(Refusal("posting.round_starts_in_past", "拟派驻起始日不能早于今天"))
    if months < months_min:
        refusals.append(Refusal("posting.term_too_short", f"任期不少于 {months_min} 个月"))
    if sum(weights.values()) != 100 or min(weights.values()) < 0:
        refusals.append(
            Refusal(
                "posting.weights_not_100",
                f"五项权重之和应为 100，现为 {sum(weights.values())}",
            )
        )
    return (*refusals, *bounds)


def refuse_bounds(settings: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """A township may not need more people than it may have; only a score can be given up in part.

    依据：matching-design 1.3、1.4。
    """
    refusals = []
    low, high = settings.get("town_min") or 0, settings.get("town_max")
    if high is not None and low > high:
        refusals.append(
            Refusal("posting.town_bounds_crossed", f"每个乡镇至少 {low} 人，大于至多 {high} 人")
        )
    if settings.get("score_slack") and settings.get("goal_order") != GoalOrder.SCORE:
        refusals.append(
            Refusal("posting.slack_without_score", "只有先看匹配度时，才填匹配度可让出百分之几")
        )
    return tuple(refusals)


def refuse_to_change_villages(
    *, state: str, busy: Sequence[str] = (), chosen: int = 1
) -> tuple[Refusal, ...]:
    """Villages join before needs are locked, each one running round. 依据：R-2-02、R-2-20。"""
    refusals = []
    if state not in VILLAGES_JOIN_IN:
        refusals.append(Refusal("posting.villages_fixed", "需求已锁定，不能再增减批次里的村"))
    if not chosen:
        refusals.append(Refusal("posting.nothing_chosen", "没有选中可以加入的村"))
    if busy:
        refusals.append(Refusal("posting.village_in_other_round", f"已在其他批次里：{_some(busy)}"))
    return tuple(refusals)


def refuse_to_change_people(
    *, state: str, busy: Sequence[str] = (), chosen: int = 1
) -> tuple[Refusal, ...]:
    """People join before wishes are written, each one running round. 依据：R-2-18、R-2-20。"""
    refusals = []
    if state not in PEOPLE_JOIN_IN:
        refusals.append(Refusal("posting.people_fixed", "已开始填报志愿，不能再增减批次人选"))
    if not chosen:
        refusals.append(Refusal("posting.nothing_chosen", "没有选中可以加入的在库人选"))
    if busy:
        refusals.append(Refusal("posting.person_in_other_round", f"已在其他批次里：{_some(busy)}"))
    return tuple(refusals)


def refuse_to_withdraw(*, state: str, withdrawn: bool, reason: str) -> tuple[Refusal, ...]:
    """A person leaves a round that is under way, once and with a reason."""
    refusals = []
    if state not in WITHDRAW_IN:
        refusals.append(Refusal("posting.round_over", "批次已结束，不能再退出"))
    if withdrawn:
        refusals.append(Refusal("posting.already_withdrawn", "该同志已退出本批次"))
    if not reason.strip():
        refusals.append(Refusal("posting.reason_missing", "退出批次须写明理由"))
    return tuple(refusals)


def refuse_to_write_wishes(
    *, round_state: str, list_state: str, withdrawn: bool, own: bool
) -> tuple[Refusal, ...]:
    """Wishes are one's own, and open until they are submitted. 依据：R-2-20 candidate_ranking。"""
    refusals = []
    if not own:
        refusals.append(Refusal("posting.wishes_not_own", "只能填报本人的志愿"))
    if withdrawn:
        refusals.append(Refusal("posting.already_withdrawn", "您已退出本批次"))
    if round_state != RoundState.CANDIDATE_RANKING:
        refusals.append(Refusal("posting.wishes_closed", "现在不是填报志愿的时间，志愿不能改动"))
    elif list_state not in ("draft", "returned"):
        refusals.append(Refusal("posting.wishes_submitted", "志愿已提交，单位退回后才能改动"))
    return tuple(refusals)


def refuse_closed_wishes(*, round_state: str) -> tuple[Refusal, ...]:
    """A unit confirms while wishes are written, and until the plan is computed."""
    if round_state in (RoundState.CANDIDATE_RANKING, RoundState.VILLAGE_RANKING):
        return ()
    return (Refusal("posting.wishes_closed", "现在不是确认志愿的时间"),)


def refuse_to_write_intentions(*, round_state: str) -> tuple[Refusal, ...]:
    """依据：R-2-20 village_ranking。"""
    if round_state == RoundState.VILLAGE_RANKING:
        return ()
    return (Refusal("posting.intentions_closed", "现在不是提出意向的时间，意向不能改动"),)


@dataclass(frozen=True, slots=True)
class ObjectionKind:
    """Who enters which refusal, while the round is in which states, and as which hard rule."""

    rule: str
    roles: tuple[str, ...]
    states: tuple[str, ...]
    what: str


# matching-design 1.1: R13 to R17 are said by people, each in writing and with a reason.
OBJECTIONS: Mapping[str, ObjectionKind] = {
    "village_veto": ObjectionKind("R13", TOWN, (RoundState.VILLAGE_RANKING,), "登记村不接收"),
    "person_refusal": ObjectionKind(
        "R14", ("candidate",), (RoundState.CANDIDATE_RANKING,), "登记本人不去"
    ),
    "unit_town": ObjectionKind("R15", (*UNIT, *STAFF), BEFORE_PLAN, "登记单位与乡镇回避"),
    "county_ban": ObjectionKind("R16", STAFF, BEFORE_DECISION, "登记人工排除"),
    "business": ObjectionKind("R17", STAFF, BEFORE_DECISION, "登记公务回避"),
}


def refuse_to_object(
    *, kind: str, role: str, round_state: str, reason: str, complete: bool, known: bool
) -> tuple[Refusal, ...]:
    """A refusal comes from the side it belongs to, in time, about a pair, with a reason."""
    says = OBJECTIONS[kind]
    refusals: list[Refusal] = []
    if role not in says.roles:
        refusals.append(Refusal("posting.objection_wrong_role", f"您的角色不能{says.what}"))
    if round_state not in says.states:
        refusals.append(Refusal("posting.objection_closed", f"批次现在的状态下不能{says.what}"))
    if not complete:
        refusals.append(Refusal("posting.objection_incomplete", "请选明是谁、哪个村或乡镇"))
    if known:
        refusals.append(Refusal("posting.objection_known", "这一条已经登记过"))
    if not reason.strip():
        refusals.append(Refusal("posting.reason_missing", f"{says.what}须写明理由"))
    return tuple(refusals)


def refuse_to_lift_objection(
    *, kind: str, role: str, round_state: str, reason: str
) -> tuple[Refusal, ...]:
    """It is taken back by the side that said it, while it could still be said."""
    return refuse_to_object(
        kind=kind, role=role, round_state=round_state, reason=reason, complete=True, known=False
    )


def refuse_to_choose_plan(
    *, same_round: bool, verified: bool, already: bool, reason: str
) -> tuple[Refusal, ...]:
    """Another plan of the round becomes the one that is deliberated. 依据：R-2-20 adjusted。"""
    refusals = []
    if not same_round:
        refusals.append(Refusal("posting.plan_of_other_round", "这个方案不属于本批次"))
    if not verified:
        refusals.append(Refusal("posting.plan_not_verified", "这个方案没有通过复核，不能采用"))
    if already:
        refusals.append(Refusal("posting.plan_chosen", "现在采用的就是这个方案"))
    if not reason.strip():
        refusals.append(Refusal("posting.reason_missing", "改用方案须写明理由"))
    return tuple(refusals)


def refuse_second_stable_best(*, there: str) -> tuple[Refusal, ...]:
    """On one set of data it is computed once: it would come out the same."""
    if not there:
        return ()
    return (Refusal("posting.plan_already_there", f"这份数据上已经算过：{there}"),)


def refuse_other_data(*, same: bool) -> tuple[Refusal, ...]:
    """Only plans on one set of data can stand side by side."""
    if same:
        return ()
    text = "计算期间改用了另一份数据上的方案，请重新发起"
    return (Refusal("posting.plan_of_other_data", text),)


def refuse_unverified_plan(*, verified: bool) -> tuple[Refusal, ...]:
    """What the independent check refuted is never decided on."""
    if verified:
        return ()
    return (Refusal("posting.plan_not_verified", "采用的方案没有通过复核，请重新计算"),)


def _some(names: Sequence[str], most: int = 5) -> str:
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等 {len(names)} 个"
