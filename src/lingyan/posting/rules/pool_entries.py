"""Who recommends people, who may know what of them, and what refuses an act on the pool?"""

from __future__ import annotations

from datetime import date

from lingyan.common.flow import refuse_act
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, UNIT, refuse_same_person
from lingyan.posting.rules.eligibility import PRIVATE_RULES, RuleResult
from lingyan.posting.rules.processes import POOL_FLOW
from lingyan.posting.rules.words import Capability, PoolState

SYSTEM = "system"
RECOMMENDERS = (*UNIT, *STAFF)
EVIDENCE_RECORDERS = (*UNIT, *STAFF)
DECLARED_IN = (PoolState.RECOMMENDED, PoolState.REVIEWED, PoolState.IN_POOL, PoolState.RETURNED)
# 10.1: health and discipline to named roles only; everybody else reads 不符合条件 at most.
PRIVATE_READERS = (
    "county_org_staff",
    "county_org_admin",
    "county_org_leader",
    "unit_party_admin",
    "candidate",
)
PRIVATE_VALUE = "（不公开）"
PRIVATE_FIELDS = ("health", "discipline", "sanction_until", "recall_ground", "hardship")
MEASURED_BY_PERIOD = frozenset(
    {
        Capability.PARTY_WORK,
        Capability.ECONOMY,
        Capability.SOCIAL_GOV,
        Capability.GRASSROOTS_LEAD,
    }
)
COUNTED_CAPABILITIES = frozenset({Capability.AGRI_MAJOR, Capability.PROJECT_MGMT})


def may_read_private(role: str) -> bool:
    return role in PRIVATE_READERS


def shown_result(result: RuleResult, *, role: str) -> RuleResult:
    """A rule's line as this reader may see it."""
    if result.rule in PRIVATE_RULES and not may_read_private(role):
        return result.public()
    return result


def refuse_to_recommend(
    *, role: str, own_unit: bool, has_unit: bool, in_pool: bool
) -> tuple[Refusal, ...]:
    """A unit recommends its own people, each once. 依据：2.3。"""
    refusals = []
    if role not in (*RECOMMENDERS, SYSTEM):
        refusals.append(Refusal("posting.wrong_role", "您的角色不能推荐人选"))
    if not own_unit:
        refusals.append(Refusal("posting.other_unit", "只能推荐本单位的人员"))
    if not has_unit:
        refusals.append(Refusal("posting.no_unit", "该同志没有登记工作单位，请先在“人员”中登记"))
    if in_pool:
        refusals.append(Refusal("posting.in_pool_already", "该同志已在人才储备库中"))
    return tuple(refusals)


def refuse_to_declare(*, role: str, state: str) -> tuple[Refusal, ...]:
    """The unit declares until the county has reviewed; the county may correct later."""
    if role in UNIT and state != PoolState.RECOMMENDED:
        return (Refusal("posting.reviewed_already", "组织部已审核，需要更正的请联系县委组织部"),)
    if role not in (*RECOMMENDERS, SYSTEM):
        return (Refusal("posting.wrong_role", "您的角色不能修改申报情况"),)
    if state not in DECLARED_IN:
        return (Refusal("posting.not_declared_now", "当前状态不能修改申报情况"),)
    return ()


def refuse_pool_act(*, state: str, act: str, role: str) -> tuple[Refusal, ...]:
    if role == SYSTEM:
        role = STAFF[1]
    return refuse_act(POOL_FLOW, state=state, act=act, role=role, thing="posting.pool")


def refuse_evidence(
    *,
    role: str,
    capability: str,
    since: date | None,
    until: date | None,
    level: int | None,
    today: date,
) -> tuple[Refusal, ...]:
    """What a level is computed from must be there: a period, or a level. 依据：2.3 表。"""
    refusals = []
    if role not in (*EVIDENCE_RECORDERS, SYSTEM):
        refusals.append(Refusal("posting.wrong_role", "您的角色不能登记佐证"))
    if capability in MEASURED_BY_PERIOD and since is None:
        refusals.append(Refusal("posting.period_missing", "这项能力按任职时间计算，请填写起始日期"))
    elif (
        capability not in MEASURED_BY_PERIOD
        and capability not in COUNTED_CAPABILITIES
        and level is None
    ):
        refusals.append(Refusal("posting.level_missing", "这项能力请填写等级 1 至 4"))
    if since is not None and since > today:
        refusals.append(Refusal("posting.evidence_in_future", "起始日期不能晚于今天"))
    if since is not None and until is not None and until <= since:
        refusals.append(Refusal("posting.evidence_period", "结束日期应晚于起始日期"))
    if level is not None and not 0 <= level <= 4:
        refusals.append(Refusal("posting.level_range", "等级应为 0 至 4"))
    return tuple(refusals)


def refuse_to_verify(
    *, role: str, verified: bool, recorder: str = "", actor: str = ""
) -> tuple[Refusal, ...]:
    """The county verifies what units record, and nobody his own record. 依据：2.3、R-0-20。"""
    if role not in (*STAFF, SYSTEM):
        return (Refusal("posting.wrong_role", "佐证由县委组织部核实"),)
    if verified:
        return (Refusal("posting.verified_already", "这条佐证已核实"),)
    return refuse_same_person(frozenset({recorder} - {""}), actor, act="核实")


def refuse_declaration(
    *,
    recalled_on: date | None,
    recall_stated: bool,
    refuses_villages: bool,
    refusal_reason: str,
    full_member_since: date | None,
    today: date,
) -> tuple[Refusal, ...]:
    """What only makes sense together, and days that cannot lie ahead. 依据：R-2-16、R14。"""
    refusals = []
    if recall_stated and recalled_on is None:
        refusals.append(
            Refusal("posting.recall_day_missing", "写了召回村或召回情形，请填写召回日期")
        )
    if recalled_on is not None and recalled_on > today:
        refusals.append(Refusal("posting.recall_in_future", "召回日期不能晚于今天"))
    if refuses_villages and not refusal_reason.strip():
        refusals.append(Refusal("posting.refusal_reason_missing", "填了不愿去的村，请写明理由"))
    if full_member_since is not None and full_member_since > today:
        refusals.append(Refusal("posting.full_member_in_future", "转正日期不能晚于今天"))
    return tuple(refusals)


def refuse_to_return_from_posting(*, still_posted: bool) -> tuple[Refusal, ...]:
    """依据：POOL_FLOW return（派驻已结束）。"""
    if still_posted:
        return (Refusal("posting.still_posted", "派驻尚未结束，不能办理期满返回"),)
    return ()


def refuse_imported_state(*, role: str, state: str) -> tuple[Refusal, ...]:
    """A ledger in use is taken over by the county; a unit can only recommend."""
    if role in (*STAFF, SYSTEM) or state == PoolState.RECOMMENDED:
        return ()
    return (Refusal("posting.wrong_role", "单位只能推荐，入库由县委组织部审核"),)
