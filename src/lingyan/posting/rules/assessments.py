"""Who drafts a health check, what does the register offer as evidence, and which needs follow?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lingyan.common.flow import Transition, refuse_act
from lingyan.common.periods import full_months, full_years
from lingyan.common.refusals import Refusal
from lingyan.directory.rules import OfficerPost
from lingyan.directory.rules.hands import STAFF, TOWN
from lingyan.posting.rules.processes import SEVERITY_NEEDED
from lingyan.posting.rules.words import Capability, CheckItem, NeedDomain, Severity, VillageType

SYSTEM = "system"
DRAFTERS = (*TOWN, "village_secretary")
OPINION_GIVERS = ("county_agri",)

NEED_LIST_FLOW: tuple[Transition, ...] = (
    Transition("confirmed", "change", "confirmed", STAFF, "修改", "下达以前", "2.2"),
    Transition("confirmed", "issue", "issued", STAFF, "下达",
               "至少一项需求程度达到 2，已写明需要的人数和能力", "R-2-09"),
    Transition("issued", "supersede", "superseded", STAFF, "以新清单更新",
               "同村有更新的已下达清单", "2.2"),
)  # fmt: skip

# Which capabilities help against which finding; the county changes them before the list is issued.
CAPABILITIES_OF_ITEM: Mapping[CheckItem, tuple[Capability, ...]] = {
    CheckItem.T1: (Capability.PARTY_WORK, Capability.GRASSROOTS_LEAD),
    CheckItem.T2: (Capability.PARTY_WORK,),
    CheckItem.T3: (Capability.PARTY_WORK,),
    CheckItem.T4: (Capability.PARTY_WORK,),
    CheckItem.T5: (Capability.PARTY_WORK, Capability.MASS_WORK),
    CheckItem.I1: (Capability.ECONOMY,),
    CheckItem.I2: (Capability.ECONOMY, Capability.AGRI_MAJOR),
    CheckItem.I3: (Capability.ECONOMY,),
    CheckItem.I4: (Capability.ECONOMY, Capability.FINANCE),
    CheckItem.I5: (Capability.PROJECT_MGMT,),
    CheckItem.I6: (Capability.AGRI_MAJOR, Capability.TECH),
    CheckItem.G1: (Capability.SOCIAL_GOV, Capability.MASS_WORK),
    CheckItem.G2: (Capability.SOCIAL_GOV, Capability.LAW),
    CheckItem.G3: (Capability.MASS_WORK,),
    CheckItem.G4: (Capability.SOCIAL_GOV, Capability.LAW),
    CheckItem.G5: (Capability.MASS_WORK,),
}


def refuse_to_start_check(*, role: str, is_village: bool, exists: bool) -> tuple[Refusal, ...]:
    """Once a village and year, by the town or the village's secretary. 依据：R-2-09。"""
    refusals = []
    if role not in (*DRAFTERS, SYSTEM):
        refusals.append(Refusal("posting.wrong_role", "村情体检由乡镇或村党组织书记填写"))
    if not is_village:
        refusals.append(Refusal("posting.not_a_village", "只对村和社区开展体检"))
    if exists:
        refusals.append(Refusal("posting.check_exists", "该村本年度已建立体检"))
    return tuple(refusals)


def refuse_to_draft_check(*, role: str, state: str) -> tuple[Refusal, ...]:
    refusals = []
    if role not in (*DRAFTERS, SYSTEM):
        refusals.append(Refusal("posting.wrong_role", "村情体检由乡镇或村党组织书记填写"))
    if state != "draft":
        refusals.append(Refusal("posting.check_not_draft", "体检已提交，退回以后才能修改"))
    return tuple(refusals)


def refuse_opinion(*, role: str, state: str, text: str) -> tuple[Refusal, ...]:
    """The agriculture bureau speaks while the departments review together. 依据：2.2。"""
    refusals = []
    if role not in (*OPINION_GIVERS, SYSTEM):
        refusals.append(Refusal("posting.wrong_role", "会商意见由县农业农村局填写"))
    if state != "joint_review":
        refusals.append(Refusal("posting.not_in_review", "体检不在部门会商中"))
    if not text.strip():
        refusals.append(Refusal("posting.opinion_empty", "请填写会商意见"))
    return tuple(refusals)


def refuse_need_list_act(*, state: str, act: str, role: str) -> tuple[Refusal, ...]:
    if role == SYSTEM:
        role = STAFF[0]
    return refuse_act(NEED_LIST_FLOW, state=state, act=act, role=role, thing="posting.need_list")


def refuse_seats(
    *, first_secretary: int, members: int, first_secretary_lower: int = 0, members_lower: int = 0
) -> tuple[Refusal, ...]:
    refusals = []
    if first_secretary > 1:
        refusals.append(Refusal("posting.two_first_secretaries", "一个村只能有一名第一书记"))
    if first_secretary_lower > first_secretary or members_lower > members:
        refusals.append(Refusal("posting.lower_over_seats", "“至少”人数不能多于名额"))
    return tuple(refusals)


PERSONAL = re.compile(
    r"未婚|已婚|未育|已育|单身|身高|相貌|形象好|星座|属相|"
    r"\d{2}\s*(?:周)?岁|年龄|"
    r"(?:限|只要|仅限|须为|必须是|要求|优先)\s*(?:男|女)|(?:男|女)(?:性|同志|干部)?(?:优先|不要|除外|勿)"
)


def refuse_remark(text: str) -> tuple[Refusal, ...]:
    """What is asked of a person has to do with the work: no sex, age, marriage or looks.

    依据：R-2-09 (person profile must not be discriminatory; only job-related)。
    """
    found = [match.group() for match in PERSONAL.finditer(text)]
    if not found:
        return ()
    words = "、".join(f"“{word}”" for word in dict.fromkeys(found))
    return (
        Refusal("posting.remark_not_job_related", f"人选条件只写与工作有关的要求，请删去{words}"),
    )


@dataclass(frozen=True, slots=True)
class DraftedNeed:
    """One line of a need list as the health check gives it."""

    domain: NeedDomain
    item: CheckItem
    severity: int
    capabilities: tuple[str, ...]
    text: str = ""


def needs_of_check(scores: Mapping[str, int], texts: Mapping[str, str]) -> tuple[DraftedNeed, ...]:
    """Every item from 2 upwards becomes a need, the gravest first. 依据：R-2-09。"""
    needs = [
        DraftedNeed(
            item.domain,
            item,
            scores[item],
            tuple(one.value for one in CAPABILITIES_OF_ITEM[item]),
            texts.get(item, ""),
        )
        for item in CheckItem
        if scores.get(item, 0) >= SEVERITY_NEEDED
    ]
    return tuple(sorted(needs, key=lambda need: -need.severity))


# What a village is stays with it from year to year; what the scores say is asked anew (2.2).
LASTING_TYPES = (
    VillageType.POVERTY_LIFTED,
    VillageType.RELOCATION,
    VillageType.KEY_TASK,
    VillageType.DEMO,
)


def proposed_types(
    suggested: Iterable[str], *, in_force: Iterable[str] = (), is_rectified: bool = False
) -> tuple[str, ...]:
    """By the scores, by the list in force, and 软弱涣散村 while its case is open; ordered.

    依据：R-2-09、2.2、R-4-10。The county confirms; nobody has to tick what is known.
    """
    known = {one for one in in_force if one in LASTING_TYPES}
    listed = {VillageType.LISTED_WEAK.value} if is_rectified else set()
    return settled_types({*suggested, *known, *listed})


def settled_types(types: Iterable[str]) -> tuple[str, ...]:
    """The types that the county confirms; none of the others means an ordinary village."""
    chosen = set(types)
    found = tuple(one.value for one in VillageType if one.value in chosen)
    return found or (VillageType.ORDINARY.value,)


# --- evidence -----------------------------------------------------------------------------------

COMMITTEE_POSTS = frozenset(
    {
        OfficerPost.PARTY_SECRETARY, OfficerPost.PARTY_DEPUTY, OfficerPost.PARTY_COMMITTEE_MEMBER,
        OfficerPost.VC_DIRECTOR, OfficerPost.VC_DEPUTY, OfficerPost.VC_MEMBER,
        OfficerPost.COMMUNITY_DIRECTOR, OfficerPost.COMMUNITY_DEPUTY, OfficerPost.COMMUNITY_MEMBER,
    }
)  # fmt: skip
DIRECTOR_POSTS = frozenset({OfficerPost.VC_DIRECTOR, OfficerPost.COMMUNITY_DIRECTOR})


@dataclass(frozen=True, slots=True)
class OfficerFact:
    """Who holds which post in the village today."""

    person: str
    name: str
    post: str
    birth_on: date | None = None
    gender: str = ""
    education: str = ""


@dataclass(frozen=True, slots=True)
class VillageEvidence:
    """What the system knows of a village when its needs are judged."""

    as_of: date
    officers: tuple[OfficerFact, ...] = ()
    registered: bool = False  # whether the village's officers have ever been entered
    secretary_left_on: date | None = None
    postings: tuple[str, ...] = ()
    last_year: int | None = None
    last_scores: Mapping[str, int] = field(default_factory=dict)
    needs_in_force: Mapping[str, str] = field(default_factory=dict)
    of_neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by topic


# Which item is told what the other modules know of a village, by topic (table of 2.2).
ITEM_OF_TOPIC: Mapping[str, CheckItem] = {
    "secretary": CheckItem.T1,
    "reserve": CheckItem.T5,
    "problems": CheckItem.I6,
}


def average_age(officers: Iterable[OfficerFact], *, as_of: date) -> Decimal | None:
    """Mean of completed years of distinct people, one decimal, half-up. 依据：R-0-16、R-1-17。"""
    births = {one.person: one.birth_on for one in officers if one.birth_on}
    if not births:
        return None
    years = sum(full_years(birth, as_of) for birth in births.values())
    return (Decimal(years) / len(births)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def is_one_shoulder(officers: Iterable[OfficerFact]) -> bool:
    """一肩挑：书记同时是村（居）委会主任。依据：R-1-19，只由任职记录算出。"""
    officers = tuple(officers)
    secretaries = {one.person for one in officers if one.post == OfficerPost.PARTY_SECRETARY}
    return any(one.person in secretaries and one.post in DIRECTOR_POSTS for one in officers)


def offered_evidence(known: VillageEvidence) -> dict[str, tuple[str, ...]]:
    """Sentences beside the items; an item of which nothing is known has none. 依据：2.2 表。"""
    found: dict[str, list[str]] = {item.value: [] for item in CheckItem}
    if known.registered:
        found[CheckItem.T1] += _of_secretary(known)
        found[CheckItem.T2] += _of_committees(known)
    if known.postings:
        found[CheckItem.T1].append(f"现有派驻：{'、'.join(known.postings)}")
    for topic, lines in known.of_neighbours.items():
        found[ITEM_OF_TOPIC[topic]] += lines
    for item, score in known.last_scores.items():
        label = Severity(str(score)).label
        found[item].append(f"{known.last_year} 年评为 {score}（{label}）")
    for item, text in known.needs_in_force.items():
        found[item].append(f"现行需求清单：{text}")
    return {item: tuple(lines) for item, lines in found.items() if lines}


def _of_secretary(known: VillageEvidence) -> list[str]:
    secretary = next(
        (one for one in known.officers if one.post == OfficerPost.PARTY_SECRETARY), None
    )
    if secretary is None:
        return [_vacancy(known)]
    age = ""
    if secretary.birth_on:
        age = f"，{full_years(secretary.birth_on, known.as_of)} 岁"
    shoulder = "已实现一肩挑" if is_one_shoulder(known.officers) else "书记、主任不是同一人"
    return [f"现任书记{secretary.name}{age}", shoulder]


def _vacancy(known: VillageEvidence) -> str:
    if known.secretary_left_on is None:
        return "没有登记现任书记"
    months = full_months(known.secretary_left_on, known.as_of)
    return f"书记自 {known.secretary_left_on} 起空缺，已满 {months} 个月"


def _of_committees(known: VillageEvidence) -> list[str]:
    members = [one for one in known.officers if one.post in COMMITTEE_POSTS]
    people = {one.person for one in members}
    if not people:
        return ["没有登记现任两委成员"]
    age = average_age(members, as_of=known.as_of)
    women = len({one.person for one in members if one.gender == "female"})
    lines = [f"两委成员 {len(people)} 人，其中女性 {women} 人"]
    if age is not None:
        lines.append(f"平均年龄 {age} 岁")
    if education := _education(members):
        lines.append(education)
    if not any(one.post in DIRECTOR_POSTS for one in members):
        lines.append("没有登记现任村（居）委会主任")
    return lines


HIGHER = ("研究生", "硕士", "博士", "大学", "本科", "大专", "专科")


def _education(members: Iterable[OfficerFact]) -> str:
    """How many of those whose education is registered have finished college."""
    known = {one.person: one.education for one in members if one.education}
    if not known:
        return ""
    higher = sum(any(word in education for word in HIGHER) for education in known.values())
    return f"登记了学历的 {len(known)} 人中，大专以上 {higher} 人"
