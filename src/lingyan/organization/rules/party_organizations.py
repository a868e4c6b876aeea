"""Who sets up a Party organization, changes it and dissolves it, and what must hold (1.4)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE
from lingyan.directory.rules.organizations import (
    STANDING,
    OrganizationKind,
)

AUDIT_TEXTS = {
    "organization.party.prepared": "筹备党组织",
    "organization.party.registered": "登记已有的党组织",
    "organization.party.approve": "批准成立党组织",
    "organization.party.reorganize": "开始调整党组织",
    "organization.party.restore": "党组织恢复正常",
    "organization.party.merge": "合并党组织",
    "organization.party.dissolve": "撤销党组织",
    "organization.party.counted": "核对正式党员数",
}
MAKERS = (*STAFF, "town_org")
APPROVERS = (*STAFF, *LEADER, "town_secretary")
COUNTERS = (*STAFF, *TOWN, *VILLAGE)
READERS = (*STAFF, *LEADER, *TOWN, "town_leader", *VILLAGE, "county_discipline", "upper_viewer")

ORGANIZATION_FLOW: tuple[Transition, ...] = (
    Transition("", "prepare", "preparing", MAKERS, "筹备党组织", "写明名称、类型、所在地", "1.4"),
    Transition("preparing", "approve", "active", APPROVERS, "批准成立",
               "有批复文号和日期；人数合乎类型；党委由县委批准", "R-1-10 至 R-1-12"),
    Transition("active", "reorganize", "reorganizing", MAKERS, "开始调整", "写明理由", "1.4"),
    Transition("reorganizing", "restore", "active", APPROVERS, "恢复正常", "写明理由", "1.4"),
    Transition("reorganizing", "merge", "merged", APPROVERS, "合并",
               "有批复文号；党员都已转出；所在村不在整顿；没有下级党组织", "1.4、R-4-10"),
    Transition("reorganizing", "dissolve", "dissolved", APPROVERS, "撤销",
               "有批复文号；党员都已转出；所在村不在整顿；没有下级党组织", "1.4、R-4-10"),
)  # fmt: skip
WITH_DOCUMENT = ("approve", "merge", "dissolve")
ENDING = ("merge", "dissolve")

BRANCH_LEAST = 3  # R-1-10
BRANCH_MOST = 50  # R-1-11, R-1-14
COMMITTEE_LEAST = 100  # R-1-11
CONGRESS_FROM = 500  # R-1-11
GROUP_LEAST = 3  # party.group_min, R-1-16
BRANCH_KINDS = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH)
VILLAGE_TERM_YEARS, OTHER_TERM_YEARS = 5, 3  # R-1-15


@dataclass(frozen=True, slots=True)
class StepFacts:
    """An organization and what somebody wants to do with it."""

    act: str
    kind: str
    member_count: int
    role: str
    is_village: bool
    on: date
    today: date
    since: date | None = None
    document_number: str = ""
    text: str = ""
    in_rectification: bool = False
    live_children: int = 0
    merges_into: str = ""  # state of the organization that takes it in
    into_itself: bool = False


def refuse_step(facts: StepFacts) -> tuple[Refusal, ...]:
    """Every reason against the step. 依据：1.4 状态表、R-1-10 至 R-1-12。"""
    refusals = []
    if facts.on > facts.today:
        refusals.append(Refusal("organization.party.day", "生效日期不能晚于今天"))
    if facts.since is not None and facts.on <= facts.since:
        refusals.append(Refusal("organization.party.day_before", "生效日期应晚于成立日期"))
    if facts.act in WITH_DOCUMENT and not facts.document_number.strip():
        refusals.append(Refusal("organization.party.document", "请写批复文号"))
    if facts.act in ("reorganize", "restore") and not facts.text.strip():
        refusals.append(Refusal("organization.party.reason", "请写明理由"))
    if facts.act in WITH_DOCUMENT and facts.role == "town_secretary" and not facts.is_village:
        refusals.append(
            Refusal(
                "organization.party.level", "村以上的党组织由县委批准，乡镇党委批准村和村以下的"
            )
        )
    if facts.act == "approve":
        refusals += refuse_size(facts.kind, facts.member_count, facts.role, facts.text)
    if facts.act in ENDING:
        refusals += _refuse_to_end(facts)
    return tuple(refusals)


def refuse_size(kind: str, members: int, role: str, text: str) -> list[Refusal]:
    """依据：R-1-10、R-1-11、R-1-16。"""
    refusals = []
    if kind == OrganizationKind.BRANCH and members < BRANCH_LEAST:
        refusals.append(
            Refusal("organization.party.too_few", "正式党员不足 3 人，应与邻近的村成立联合党支部")
        )
    if kind == OrganizationKind.GROUP and members < GROUP_LEAST:
        refusals.append(Refusal("organization.party.group", "党小组正式党员不少于 3 人"))
    if kind == OrganizationKind.GENERAL_BRANCH and members <= BRANCH_MOST and not text.strip():
        refusals.append(
            Refusal(
                "organization.party.general_branch",
                "党员不足 50 人、确因工作需要设党总支的，请写明理由",
            )
        )
    if kind == OrganizationKind.COMMITTEE:
        if members < COMMITTEE_LEAST:
            refusals.append(
                Refusal("organization.party.committee", "党员 100 人以上的，才可以成立党委")
            )
        if role == "town_secretary":
            refusals.append(Refusal("organization.party.county", "村成立党委由县委批准"))
    return refusals


def _refuse_to_end(facts: StepFacts) -> list[Refusal]:
    refusals = []
    if facts.member_count:
        refusals.append(
            Refusal(
                "organization.party.members_left",
                f"还有 {facts.member_count} 名正式党员，组织关系转出、核对人数以后再办理",
            )
        )
    if facts.in_rectification:
        refusals.append(
            Refusal("organization.party.rectified", "所在村党组织在软弱涣散整顿中，销号后再办理")
        )
    if facts.live_children:
        refusals.append(
            Refusal("organization.party.children", f"还有 {facts.live_children} 个下级党组织")
        )
    if facts.act == "merge" and facts.into_itself:
        refusals.append(Refusal("organization.party.itself", "不能并入自己"))
    elif facts.act == "merge" and facts.merges_into not in STANDING:
        refusals.append(Refusal("organization.party.into", "请选并入哪个党组织"))
    return refusals


@dataclass(frozen=True, slots=True)
class NewFacts:
    """An organization as somebody enters it."""

    name: str
    taken: bool
    today: date
    since: date | None = None  # of one that stands already
    document_number: str = ""
    stands_already: bool = False
    members: int = 0
    inside: bool = True


def refuse_new(facts: NewFacts) -> tuple[Refusal, ...]:
    """依据：1.4；已有的党组织写明成立日期和文号。"""
    refusals = []
    if not facts.name.strip():
        refusals.append(Refusal("organization.party.name", "请写党组织名称"))
    if facts.taken:
        refusals.append(Refusal("organization.party.known", "这里已有同名的党组织"))
    if not facts.inside:
        refusals.append(Refusal("organization.party.outside", "不在您的管辖范围内"))
    if facts.stands_already:
        if facts.since is None or facts.since > facts.today:
            refusals.append(Refusal("organization.party.since", "请写成立日期，不能晚于今天"))
        if not facts.document_number.strip():
            refusals.append(Refusal("organization.party.document", "请写批复文号"))
    return tuple(refusals)


def warnings_of(kind: str, state: str, members: int, *, counted: bool) -> tuple[str, ...]:
    """What does not fit the number of members; nothing is held up.

    依据：R-1-10、R-1-11、R-1-14。
    """
    if state not in STANDING:
        return ()
    if not counted:
        return ("还没有核对正式党员数",)
    found = []
    if kind == OrganizationKind.BRANCH and members < BRANCH_LEAST:
        found.append("正式党员不足 3 人，应与邻近的村成立联合党支部")
    if kind in BRANCH_KINDS and members > BRANCH_MOST:
        found.append("正式党员超过 50 人，一般应设党总支")
    if kind == OrganizationKind.GENERAL_BRANCH and members >= COMMITTEE_LEAST:
        found.append("正式党员 100 人以上，经县委批准可以成立党委")
    if kind == OrganizationKind.COMMITTEE and members < COMMITTEE_LEAST:
        found.append("正式党员不足 100 人，不合成立党委的人数")
    if kind == OrganizationKind.COMMITTEE and members >= CONGRESS_FROM:
        found.append("党员 500 人以上，经乡镇党委批准可以由党员代表大会选举委员会")
    if kind == OrganizationKind.GROUP and members < GROUP_LEAST:
        found.append("党小组正式党员不足 3 人")
    return tuple(found)


def term_years(domain: str) -> int:
    """Villages, communities and townships five years, others three. 依据：R-1-15。"""
    in_five = domain in ("village", "community", "township")
    return VILLAGE_TERM_YEARS if in_five else OTHER_TERM_YEARS
