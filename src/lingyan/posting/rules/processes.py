"""Who moves a health check, a pool entry, a round and a posting on, and what refuses it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import (
    ADMIN,
    CANDIDATE,
    LEADER,
    STAFF,
    TOWN,
    UNIT,
    refuse_same_person,
)
from lingyan.posting.rules.eligibility import Outcome, RuleResult, public_results
from lingyan.posting.rules.life import POSTING_FLOW, refuse_bound
from lingyan.posting.rules.words import (
    CheckItem,
    HealthCheckState,
    PoolState,
    PostingState,
    RemovalReason,
    RoundState,
    WishListState,
)

RANKED_MAX = 5
NOTICE_DAYS = 5
SEVERITY_NEEDED = 2
OVERLAP_DAYS = 7

HEALTH_CHECK_FLOW: tuple[Transition, ...] = (
    Transition("draft", "submit", "submitted", TOWN, "提交", "16 项都已打分"),
    Transition("submitted", "return", "draft", STAFF, "退回修改", "写明理由"),
    Transition("submitted", "start_review", "joint_review", STAFF, "送部门会商"),
    Transition("joint_review", "return", "draft", STAFF, "退回修改", "写明理由"),
    Transition("joint_review", "confirm", "confirmed", STAFF, "确认",
               "组织部、农业农村局都已填写会商意见，村类型已确认"),
    Transition("confirmed", "issue_need_list", "need_list_issued", STAFF, "下达需求清单",
               "至少一项需求程度达到 2，已写明需要的人数和能力"),
    Transition("need_list_issued", "supersede", "superseded", STAFF, "以新的体检更新",
               "同村有更新的已确认体检"),
)  # fmt: skip

POOL_FLOW: tuple[Transition, ...] = (
    Transition("recommended", "review", "reviewed", STAFF, "审核", "推荐人与审核人不是同一人"),
    Transition("reviewed", "admit", "in_pool", STAFF, "入库", "能力画像已填写"),
    Transition("in_pool", "select", "selected", ADMIN, "选派", "已有派驻"),
    Transition("selected", "return", "returned", STAFF, "期满返回", "派驻已结束"),
    Transition("returned", "review", "reviewed", STAFF, "重新审核"),
    *fan_in(("recommended", "reviewed", "in_pool", "returned"),
            Transition("", "remove", "removed", STAFF, "出库",
                       "写明原因：处分、健康、岗位变动或本人申请")),
)  # fmt: skip

BEFORE_ISSUE = (
    "open", "demand_closed", "candidate_ranking", "village_ranking", "computed", "adjusted",
    "deliberated", "announced",
)  # fmt: skip
ROUND_FLOW: tuple[Transition, ...] = (
    Transition("open", "lock_needs", "demand_closed", STAFF, "锁定需求", "需求清单全部已下达",
               "R-2-20"),
    Transition("demand_closed", "open_wishes", "candidate_ranking", STAFF, "开始填报志愿",
               "批次里有人选", "R-2-20"),
    Transition("candidate_ranking", "open_intentions", "village_ranking", STAFF,
               "开始乡镇提意向", "志愿表都已由单位确认，或注明不再等待", "R-2-20"),
    *(Transition(before, "compute", "computed", STAFF, "计算方案",
                 "有岗位，有人选；数据在计算时封存", "R-2-20")
      for before in ("village_ranking", "computed", "adjusted")),
    *(Transition(before, "adjust", "adjusted", STAFF, "调整方案",
                 "写明理由；硬性条件仍然成立", "R-2-20") for before in ("computed", "adjusted")),
    *(Transition(before, "deliberate", "deliberated", LEADER, "部务会研究",
                 "由人作出决定；审批人不是经办人", "R-2-20")
      for before in ("computed", "adjusted")),
    *(Transition(before, "send_back", "adjusted", LEADER, "退回调整", "写明理由", "R-2-20")
      for before in ("deliberated", "announced")),
    Transition("deliberated", "announce", "announced", STAFF, "公示",
               "部务会已作出决定；公示 5 个工作日", "R-2-20"),
    Transition("announced", "issue", "issued", ADMIN, "发文派驻",
               "公示期满，没有未办结的异议；有文号；硬性条件仍然成立", "R-2-20"),
    *fan_in(BEFORE_ISSUE, Transition("", "cancel", "cancelled", ADMIN, "取消批次", "写明理由")),
)  # fmt: skip

WISH_LIST_FLOW: tuple[Transition, ...] = (
    Transition("draft", "submit", "submitted", CANDIDATE, "提交志愿", "最多 5 个村，都符合条件"),
    Transition(
        "returned",
        "submit",
        "submitted",
        CANDIDATE,
        "重新提交",
        "最多 5 个村，都符合条件",
    ),
    Transition("submitted", "confirm", "confirmed", UNIT, "单位确认", "不改变顺序"),
    Transition("submitted", "return", "returned", UNIT, "退回", "写明理由"),
)

STATES_OF_FLOW: Mapping[str, tuple[type, tuple[Transition, ...]]] = {
    "health_check": (HealthCheckState, HEALTH_CHECK_FLOW),
    "pool_entry": (PoolState, POOL_FLOW),
    "round": (RoundState, ROUND_FLOW),
    "wish_list": (WishListState, WISH_LIST_FLOW),
    "posting": (PostingState, POSTING_FLOW),
}


def _reason_missing(reason: str, act: str) -> tuple[Refusal, ...]:
    if reason.strip():
        return ()
    return (Refusal("posting.reason_missing", f"{act}须写明理由"),)


# --- health check -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HealthCheckFacts:
    """Scores by item id, and what stands in the head of the need list."""

    scores: Mapping[str, int]
    first_secretaries: int = 0
    members: int = 0
    profile_capabilities: int = 0
    opinions: frozenset[str] = frozenset()
    types_confirmed: bool = False
    weak_without_secretary: bool = False  # 软弱涣散村, and no first secretary is in post there


REVIEWING = {"county_org_staff": "县委组织部", "county_agri": "县农业农村局"}


def refuse_to_submit_health_check(facts: HealthCheckFacts) -> tuple[Refusal, ...]:
    """Every one of the 16 items has a score from 0 to 4. 依据：R-2-09。"""
    missing = [item.label for item in CheckItem if item not in facts.scores]
    wrong = [CheckItem(item).label for item, score in facts.scores.items() if not 0 <= score <= 4]
    refusals = []
    if missing:
        refusals.append(
            Refusal(
                "posting.health_check_incomplete",
                f"还有未打分的项：{'、'.join(missing)}",
            )
        )
    if wrong:
        refusals.append(
            Refusal("posting.health_check_score", f"分值应为 0 至 4：{'、'.join(wrong)}")
        )
    return tuple(refusals)


def refuse_to_return_health_check(reason: str) -> tuple[Refusal, ...]:
    return _reason_missing(reason, "退回")


def refuse_to_confirm_health_check(facts: HealthCheckFacts) -> tuple[Refusal, ...]:
    """Both departments gave their opinion and the county settled the types. 依据：2.2。"""
    refusals = [
        Refusal("posting.opinion_missing", f"{label}尚未填写会商意见")
        for role, label in REVIEWING.items()
        if role not in facts.opinions
    ]
    if not facts.types_confirmed:
        refusals.append(Refusal("posting.types_not_confirmed", "村类型尚未确认"))
    return tuple(refusals)


def refuse_to_issue_need_list(facts: HealthCheckFacts) -> tuple[Refusal, ...]:
    """At least one item ≥2, a person profile, a first secretary where there must be one.

    依据：2.2 need_list_issued；R-2-01（党组织软弱涣散村全部选派第一书记）。
    """
    refusals = []
    if max(facts.scores.values(), default=0) < SEVERITY_NEEDED:
        refusals.append(Refusal("posting.no_need", "没有一项需求程度达到 2，不能下达需求清单"))
    if facts.first_secretaries + facts.members < 1:
        refusals.append(Refusal("posting.headcount_missing", "未写明需要的第一书记或队员人数"))
    if facts.first_secretaries > 1:
        refusals.append(Refusal("posting.two_first_secretaries", "一个村只能有一名第一书记"))
    if facts.weak_without_secretary and not facts.first_secretaries:
        refusals.append(
            Refusal(
                "posting.weak_village_without_secretary",
                "软弱涣散村都要有第一书记，现在没有在岗的，请把第一书记名额改为 1 名",
            )
        )
    if facts.profile_capabilities < 1:
        refusals.append(Refusal("posting.profile_missing", "未写明需要的能力和权重"))
    return tuple(refusals)


# --- pool ---------------------------------------------------------------------------------------


def refuse_to_review_pool_entry(*, recommender: str, actor: str) -> tuple[Refusal, ...]:
    """依据：R-0-20。"""
    return refuse_same_person(frozenset({recommender}), actor, act="审核")


def refuse_to_admit(*, portrait_lines: int) -> tuple[Refusal, ...]:
    if portrait_lines:
        return ()
    return (Refusal("posting.portrait_missing", "能力画像还没有内容，不能入库"),)


def refuse_to_remove(reason: str) -> tuple[Refusal, ...]:
    """依据：2.3 出库原因。"""
    if reason in set(RemovalReason):
        return ()
    labels = "、".join(label for _, label in RemovalReason.choices())
    return (Refusal("posting.removal_reason", f"出库须写明原因：{labels}"),)


# --- round --------------------------------------------------------------------------------------


def refuse_to_lock_needs(*, need_lists: int, unconfirmed: Sequence[str]) -> tuple[Refusal, ...]:
    """All need lists of the round are issued. 依据：R-2-20 demand_closed。"""
    if not need_lists:
        return (Refusal("posting.no_need_lists", "批次里还没有需求清单"),)
    if unconfirmed:
        return (
            Refusal(
                "posting.need_list_not_confirmed",
                f"以下村的需求清单尚未下达：{_some(unconfirmed)}",
            ),
        )
    return ()


def refuse_to_open_wishes(*, candidates: int) -> tuple[Refusal, ...]:
    if candidates:
        return ()
    return (Refusal("posting.no_candidates", "批次里还没有人选"),)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a list of wishes or intentions; equal ranks are a tie."""

    id: str
    name: str
    rank: int
    in_round: bool = True
    results: tuple[RuleResult, ...] = ()


def _refuse_ranking(lines: Sequence[Ranked], *, what: str) -> list[Refusal]:
    refusals = []
    if not lines:
        refusals.append(Refusal("posting.ranking_empty", f"还没有填写{what}"))
    if len(lines) > RANKED_MAX:
        refusals.append(
            Refusal(
                "posting.ranking_too_long",
                f"最多填 {RANKED_MAX} 个{what}，现有 {len(lines)} 个",
            )
        )
    names = [line.name for line in lines]
    ids = [line.id for line in lines]
    if repeated := [name for place, name in enumerate(names) if ids[place] in ids[:place]]:
        refusals.append(Refusal("posting.ranked_twice", f"{what}填了两次：{_some(repeated)}"))
    if wrong := [line.name for line in lines if not 1 <= line.rank <= RANKED_MAX]:
        refusals.append(
            Refusal(
                "posting.rank_out_of_range",
                f"顺序应为 1 至 {RANKED_MAX}：{_some(wrong)}",
            )
        )
    if outside := [line.name for line in lines if not line.in_round]:
        refusals.append(Refusal("posting.not_in_round", f"不在本批次里：{_some(outside)}"))
    for line in lines:
        failed = [result.text for result in public_results(line.results) if result.is_out]
        if failed:
            refusals.append(Refusal("posting.not_eligible", f"{line.name}：{'；'.join(failed)}"))
    return refusals


def refuse_to_submit_wishes(lines: Sequence[Ranked]) -> tuple[Refusal, ...]:
    """A candidate ranks at most five villages, each eligible. 依据：R-2-20。"""
    return tuple(_refuse_ranking(lines, what="志愿"))


def refuse_to_submit_intentions(lines: Sequence[Ranked]) -> tuple[Refusal, ...]:
    """A township ranks at most five candidates per post. 依据：R-2-20。"""
    return tuple(_refuse_ranking(lines, what="意向"))


def refuse_to_confirm_wishes(
    *, order_submitted: Sequence[str], order_confirmed: Sequence[str], same_unit: bool
) -> tuple[Refusal, ...]:
    """The unit confirms, it does not change the order. 依据：R-2-20。"""
    refusals = []
    if not same_unit:
        refusals.append(Refusal("posting.other_unit", "只能确认本单位人选的志愿"))
    if list(order_submitted) != list(order_confirmed):
        refusals.append(Refusal("posting.order_changed", "单位只能确认或退回，不能改变志愿顺序"))
    return tuple(refusals)


def refuse_to_return_wishes(reason: str) -> tuple[Refusal, ...]:
    return _reason_missing(reason, "退回志愿")


def refuse_to_open_intentions(
    *, unconfirmed: Sequence[str], waive_reason: str = ""
) -> tuple[Refusal, ...]:
    """Submitted lists wait for their unit, unless the county notes why it no longer waits."""
    if unconfirmed and not waive_reason.strip():
        return (
            Refusal(
                "posting.wishes_not_confirmed",
                f"以下人选的志愿单位尚未确认：{_some(unconfirmed)}；不再等待的，请写明理由",
            ),
        )
    return ()


def refuse_to_compute(*, posts: int, people: int) -> tuple[Refusal, ...]:
    refusals = []
    if posts < 1:
        refusals.append(Refusal("posting.no_posts", "批次里没有岗位"))
    if people < 1:
        refusals.append(Refusal("posting.no_candidates", "批次里没有人选"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class ManualChange:
    """A pin or a swap: the pair it makes, what the rules say of it, and who wants it why."""

    person: str
    village: str
    results: tuple[RuleResult, ...]
    reason: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    seats_free: bool = True
    person_free: bool = True


def refuse_to_adjust(changes: Sequence[ManualChange]) -> tuple[Refusal, ...]:
    """A pin or swap may overrule a warning with a named, dated reason, never a failed rule.

    依据：R-2-20 adjusted、matching-design 1.1、G-30。
    """
    refusals: list[Refusal] = []
    for change in changes:
        refusals += _refuse_change(change)
    return tuple(dict.fromkeys(refusals))


def _refuse_change(change: ManualChange) -> list[Refusal]:
    pair = f"{change.person}—{change.village}"
    refusals = list(_reason_missing(change.reason, "调整"))
    refusals += _refuse_failed("posting.round.adjust", pair, change.results)
    warned = any(result.outcome == Outcome.WARN for result in change.results)
    if warned and not (change.decided_by and change.decided_on):
        refusals.append(
            Refusal("posting.warning_not_signed", f"{pair}有提醒项，须写明由谁、何日决定")
        )
    if not change.seats_free:
        refusals.append(Refusal("posting.post_full", f"{change.village}的岗位已满"))
    if not change.person_free:
        refusals.append(Refusal("posting.person_has_post", f"{change.person}在方案里已有岗位"))
    return refusals


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """部务会研究: what was decided, by whom, and who had worked on the plan."""

    decision: str
    decided_on: date | None
    today: date
    actor: str
    makers: frozenset[str] = frozenset()
    broken: tuple[str, ...] = ()


def refuse_to_deliberate(facts: DecisionFacts) -> tuple[Refusal, ...]:
    """A person decides, and not the one who made the plan. 依据：R-2-20、R-0-20。"""
    refusals = []
    if not facts.decision.strip():
        refusals.append(Refusal("posting.decision_missing", "请记录部务会的决定"))
    if facts.decided_on is None:
        refusals.append(Refusal("posting.decision_date_missing", "请填写研究日期"))
    elif facts.decided_on > facts.today:
        refusals.append(Refusal("posting.decision_in_future", "研究日期不能晚于今天"))
    refusals += _refuse_broken("posting.round.deliberate", facts.broken)
    refusals += refuse_same_person(facts.makers, facts.actor, act="审批")
    return tuple(refusals)


def _refuse_broken(act: str, broken: Sequence[str]) -> tuple[Refusal, ...]:
    said = {Fact.RULE_BROKEN: f"以下安排已不符合硬性条件：{_some(broken)}"}
    return gates.refusals(act, {Fact.RULE_BROKEN: bool(broken)}, said=said)


def _refuse_failed(act: str, pair: str, results: Sequence[RuleResult]) -> tuple[Refusal, ...]:
    """Which hard rules this pair breaks. 依据：G-30。"""
    failed = [item for item in public_results(results) if item.is_out]
    texts = "；".join(f"{item.rule} {item.text}" for item in failed)
    said = {Fact.RULE_BROKEN: f"{pair}不符合硬性条件：{texts}"}
    return gates.refusals(act, {Fact.RULE_BROKEN: bool(failed)}, said=said)


def refuse_to_send_back(reason: str) -> tuple[Refusal, ...]:
    return _reason_missing(reason, "退回调整")


def refuse_to_announce(
    *, decided: bool, starts_on: date, today: date, assignments: int
) -> tuple[Refusal, ...]:
    """依据：R-2-20 announced、R-0-09。"""
    refusals = []
    if not decided:
        refusals.append(Refusal("posting.decision_missing", "部务会尚未作出决定"))
    if starts_on < today:
        refusals.append(Refusal("posting.notice_backdated", "公示日期不能早于今天"))
    if not assignments:
        refusals.append(Refusal("posting.plan_empty", "方案里没有人选"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The first secretary whom somebody of the plan is to follow; `until` is the day after."""

    village: str
    person: str
    until: date


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """`notice_complete_on` is the n-th working day after posting; the next day is the earliest."""

    notice_complete_on: date | None
    today: date
    document_no: str
    starts_on: date | None
    actor: str
    makers: frozenset[str] = frozenset()
    open_objections: int = 0
    accepted_objections: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    already_posted: tuple[str, ...] = ()
    incumbents: tuple[Incumbent, ...] = ()
    overlap_days: int = OVERLAP_DAYS


def refuse_to_issue(facts: IssueFacts) -> tuple[Refusal, ...]:
    """依据：R-2-20 issued、R-0-09、R-0-20、G-30。"""
    refusals = []
    if facts.notice_complete_on is None:
        refusals.append(Refusal("posting.notice_missing", "还没有公示"))
    elif facts.today <= facts.notice_complete_on:
        refusals.append(
            Refusal(
                "posting.notice_running",
                f"公示到 {facts.notice_complete_on} 届满，次日起才能发文",
            )
        )
    if facts.open_objections:
        refusals.append(
            Refusal("posting.objection_open", f"还有 {facts.open_objections} 件公示异议没有办结")
        )
    if facts.accepted_objections:
        refusals.append(
            Refusal(
                "posting.objection_accepted",
                f"公示异议成立，方案里还没有改：{_some(facts.accepted_objections)}；"
                "请退回调整后重新研究、公示，或取消批次",
            )
        )
    if not facts.document_no.strip():
        refusals.append(Refusal("posting.document_number_missing", "请填写文号"))
    if facts.starts_on is None:
        refusals.append(Refusal("posting.start_missing", "请填写到任日期"))
    refusals += _refuse_broken("posting.round.issue", facts.broken)
    if facts.already_posted:
        refusals.append(
            Refusal(
                "posting.person_has_post",
                f"以下同志已有派驻：{_some(facts.already_posted)}",
            )
        )
    refusals += _refuse_incumbents(facts)
    refusals += refuse_same_person(facts.makers, facts.actor, act="签发")
    return tuple(refusals)


def _refuse_incumbents(facts: IssueFacts) -> list[Refusal]:
    """Old and new stand side by side for the days of the overlap, not longer. 依据：R-2-04。"""
    if facts.starts_on is None:
        return []
    overlap = timedelta(days=facts.overlap_days)
    return [
        Refusal(
            "posting.village_has_first_secretary",
            f"{one.village}现任第一书记{one.person}的任期到 {one.until - timedelta(days=1)}，"
            f"比新任到任晚 {facts.overlap_days} 天以上；请把派驻起始日定在任期届满前后，"
            "或先办理现任的召回、调整",
        )
        for one in facts.incumbents
        if one.until - facts.starts_on > overlap
    ]


def refuse_to_cancel(reason: str) -> tuple[Refusal, ...]:
    return _reason_missing(reason, "取消批次")


# --- posting ------------------------------------------------------------------------------------

TERM_MONTHS_MIN = 24


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """压茬交接: the successor, since when, and what was handed over."""

    today: date
    text: str
    successor_since: date | None = None
    overlap_ends_on: date | None = None
    village_bound: bool = False


def refuse_to_hand_over(facts: HandOverFacts) -> tuple[Refusal, ...]:
    """The successor is there, the overlap has passed, nothing binds. 依据：R-2-04、2.6、G-1。"""
    refusals = []
    if facts.successor_since is None:
        refusals.append(Refusal("posting.no_successor", "还没有发文派驻的接任者，不能办理交接"))
    elif facts.overlap_ends_on is not None and facts.today < facts.overlap_ends_on:
        refusals.append(
            Refusal(
                "posting.overlap_running",
                f"交接期还没有满：接任者 {facts.successor_since} 到任，"
                f"{facts.overlap_ends_on} 起可以办理交接",
            )
        )
    if not facts.text.strip():
        refusals.append(
            Refusal("posting.handover_missing", "请写明交接清单：工作、项目、资料、未了事项")
        )
    refusals += refuse_bound("hand_over", bound=facts.village_bound)
    return tuple(refusals)


def _some(names: Sequence[str], most: int = 5) -> str:
    """Name a few and say how many there are in all."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等 {len(names)} 个"
