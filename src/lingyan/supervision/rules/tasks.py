"""Who takes a task, who says that it is done, and where does it go when nobody takes it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.alerts import SEVERE_DAYS, AlertLevel, alert_level
from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.supervision.rules.words import TaskLevel

ACCEPT_DAYS = 3  # task.accept_days, working days
TEXT_MAX = 500
PHOTOS_MAX = 9
LINKS_MAX = 5
LINK_MAX = 200
IN_HAND = ("accepted", "returned")  # while the owner works on it, evidence comes and goes

VILLAGE = ("village_secretary", "village_org")
TOWN = ("town_org", "town_secretary", "town_leader")
UNIT = ("unit_party_admin", "unit_leader", "dept_staff")
COUNTY = ("county_org_staff", "county_org_admin", "county_org_leader")
POSTED = ("first_secretary", "team_member")
LEADER = ("county_leader",)
OWNERS = (*VILLAGE, *TOWN, *UNIT, *COUNTY, *POSTED, *LEADER)
RAISERS = (*COUNTY, *TOWN)
CHECKERS = (*COUNTY, *TOWN)
READERS = OWNERS

OF_LEVEL: dict[str, tuple[str, ...]] = {
    TaskLevel.VILLAGE: VILLAGE,
    TaskLevel.TOWN: TOWN,
    TaskLevel.UNIT: UNIT,
    TaskLevel.COUNTY: COUNTY,
}
"""Whose turn it is at each level, where no person is named."""

ABOVE: dict[str, str] = {
    TaskLevel.VILLAGE: TaskLevel.TOWN,
    TaskLevel.TOWN: TaskLevel.COUNTY,
    TaskLevel.UNIT: TaskLevel.COUNTY,
    TaskLevel.COUNTY: TaskLevel.COUNTY,
}
"""One level up (R-13-01): village → township → county; a unit's task goes to the county."""

CHECK_ROLES: dict[str, tuple[str, ...]] = {level: OF_LEVEL[ABOVE[level]] for level in ABOVE}

TASK_FLOW: tuple[Transition, ...] = (
    Transition("", "raise", "open", RAISERS, "交办任务", "写明事项、责任方和期限", "R-13-01"),
    Transition("open", "accept", "accepted", OWNERS, "接收", "由责任方接收", "R-13-01"),
    Transition("open", "escalate", "open", (), "提级", "到期无人接收，提一级交办",
               "R-13-01"),
    *fan_in(("accepted", "returned"),
            Transition("", "submit", "submitted", OWNERS, "报结", "写明办理情况，附上要求的佐证",
                       "R-13-01")),
    Transition("submitted", "verify", "verified", CHECKERS, "核验通过",
               "由交办人或上一级核验，办理人本人不能核验", "R-13-01"),
    Transition("submitted", "return", "returned", CHECKERS, "退回重办", "写明理由", "R-13-01"),
    Transition("verified", "close", "closed", (), "归档", "列入月报后归档", "R-13-01"),
    *fan_in(("open", "accepted", "submitted", "returned"),
            Transition("", "void", "void", ("county_org_admin",), "作废", "写明原因",
                       "0.7")),
)  # fmt: skip

AUDIT_TEXTS = {
    "supervision.task.raised": "交办督办任务",
    "supervision.task.accepted": "接收督办任务",
    "supervision.task.escalated": "督办任务无人接收，提级",
    "supervision.task.reported": "督办任务严重超期，上报一级",
    "supervision.task.submitted": "督办任务报结",
    "supervision.task.verified": "核验督办任务",
    "supervision.task.returned": "退回督办任务重办",
    "supervision.task.closed": "督办任务归档",
    "supervision.task.voided": "作废督办任务",
    "supervision.task.photo_added": "督办任务加佐证照片",
    "supervision.task.photo_removed": "删去督办佐证照片",
}


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known when one of the steps is asked for."""

    is_owner: bool = False
    is_checker: bool = False
    has_worked_on_it: bool = False
    text: str = ""
    evidence: str = ""
    links: Sequence[str] = ()  # addresses of records of this system
    photos: int = 0
    is_evidence_required: bool = False


def refuse_to_raise(*, what: str, due_on: date, today: date) -> tuple[Refusal, ...]:
    refusals = []
    if not what.strip():
        refusals.append(Refusal("supervision.task.what_missing", "请写明要办的事项"))
    elif len(what) > TEXT_MAX:
        refusals.append(Refusal("supervision.task.text_long", f"最多 {TEXT_MAX} 字"))
    if due_on < today:
        refusals.append(Refusal("supervision.task.due_on", "办结期限应是今天或以后的日期"))
    return tuple(refusals)


def refuse_step(act: str, facts: TaskFacts) -> tuple[Refusal, ...]:
    """Say every reason why this step is not this person's, or lacks something.

    依据：R-13-01 责任方接收、报结；交办人或上一级核验，责任人不能核验；要求佐证的须附佐证。
    """
    refusals: list[Refusal] = []
    if act in ("accept", "submit") and not facts.is_owner:
        refusals.append(Refusal("supervision.task.not_yours", "这项任务不由您这一方办理"))
    if act in ("verify", "return"):
        if facts.has_worked_on_it:
            refusals.append(Refusal("supervision.task.own_work", "办理人不能核验自己办的任务"))
        if not facts.is_checker:
            refusals.append(Refusal("supervision.task.not_checker", "由交办人或上一级核验"))
    if act == "submit":
        refusals += _about_text(facts.text, MISSING["submit"])
        has_evidence = facts.evidence.strip() or facts.links or facts.photos
        if facts.is_evidence_required and not has_evidence:
            text = "这项任务须附佐证才能报结：写明文件和存放处、传照片，或贴相关记录的网址"
            refusals.append(Refusal("supervision.task.evidence_missing", text))
        refusals += _about_links(facts.links)
        if len(facts.evidence) > TEXT_MAX:
            refusals.append(Refusal("supervision.task.text_long", f"最多 {TEXT_MAX} 字"))
    if act == "return":
        refusals += _about_text(facts.text, MISSING["return"])
    if act == "void":
        refusals += _about_text(facts.text, MISSING["void"])
    return tuple(refusals)


MISSING = {
    "submit": Refusal("supervision.task.text_missing", "请写明办理情况"),
    "return": Refusal("supervision.task.text_missing", "请写明退回的理由"),
    "void": Refusal("supervision.task.text_missing", "请写明作废的原因"),
}


def _about_text(text: str, missing: Refusal) -> list[Refusal]:
    if not text.strip():
        return [missing]
    if len(text) > TEXT_MAX:
        return [Refusal("supervision.task.text_long", f"最多 {TEXT_MAX} 字")]
    return []


def _about_links(links: Sequence[str]) -> list[Refusal]:
    """Only pages of this system: whoever opens one is asked there whether he may."""
    found = []
    if len(links) > LINKS_MAX:
        found.append(Refusal("supervision.task.links_many", f"最多贴 {LINKS_MAX} 条记录的网址"))
    if any(not _is_own(one) for one in links):
        text = "只能贴本系统里记录的网址，从浏览器的地址栏复制"
        found.append(Refusal("supervision.task.link_foreign", text))
    return found


def _is_own(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/\\")) and len(link) <= LINK_MAX


def refuse_photo_at(*, state: str, is_owner: bool) -> tuple[Refusal, ...]:
    """Evidence is the owner's, and stands as it is once the task was reported as done."""
    refusals = []
    if not is_owner:
        refusals.append(Refusal("supervision.task.not_yours", "这项任务不由您这一方办理"))
    if state not in IN_HAND:
        text = "接收以后、报结以前可以加减佐证照片"
        refusals.append(Refusal("supervision.task.photo_late", text))
    return tuple(refusals)


def is_severe(due_on: date, today: date, severe_days: int = SEVERE_DAYS) -> bool:
    """Whether the office above is told, whoever has it. 依据：0.8 严重超期，上报一级。"""
    return alert_level(due_on, today, severe_days=severe_days) == AlertLevel.BLACK


def goes_up(*, level: str, has_person: bool) -> bool:
    """Whether there is anybody above: the county passes on only what it gave to one person."""
    return level != TaskLevel.COUNTY or has_person
