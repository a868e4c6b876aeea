"""Who decides on a talk, who holds it, and when is it looked at again (R-13-02)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal

REVIEW_DAYS = 90  # interview.review_days
TEXT_MAX, RECORD_MAX = 500, 1000

DECIDERS = ("county_org_leader", "town_secretary")
INTERVIEWERS = ("county_org_leader", "county_org_admin", "county_org_staff", "town_secretary")
CLOSERS = ("county_org_staff", "town_org")
OF_PEOPLE = ("village_secretary", "village_org", "first_secretary", "team_member", "unit_leader",
             "unit_party_admin", "town_leader", "town_org", "town_secretary")  # fmt: skip
# Who reads all of the own area; whoever is talked to and whoever talks reads the own (10.1).
NAMED = ("county_org_leader", "county_org_admin", "county_org_staff", "county_discipline",
         "town_secretary", "town_org")  # fmt: skip
READERS = tuple(dict.fromkeys((*NAMED, *OF_PEOPLE)))

INTERVIEW_FLOW: tuple[Transition, ...] = (
    Transition("", "plan", "planned", DECIDERS, "决定约谈",
               "部务会成员决定；村干部可由乡镇党委书记决定；写明事由和依据", "R-13-02"),
    Transition("planned", "hold", "held", INTERVIEWERS, "登记约谈",
               "由约谈人登记，写明本人陈述", "R-13-02"),
    Transition("held", "improve", "improving", READERS, "填写整改措施",
               "由本人填写，或由约谈人按本人的书面材料登记；写明期限", "R-13-02"),
    Transition("improving", "review", "reviewed", INTERVIEWERS, "登记回访",
               "约谈后 90 天以内，由约谈人回访", "R-13-02"),
    Transition("reviewed", "close", "closed", CLOSERS, "归档", "", "R-13-02"),
    *fan_in(("planned", "held"),
            Transition("", "void", "void", ("county_org_admin",), "作废", "写明原因", "0.7")),
)  # fmt: skip

AUDIT_TEXTS = {
    "supervision.interview.planned": "决定约谈",
    "supervision.interview.held": "登记约谈",
    "supervision.interview.improving": "填写整改措施",
    "supervision.interview.reviewed": "登记约谈回访",
    "supervision.interview.closed": "约谈归档",
    "supervision.interview.voided": "作废约谈",
}


@dataclass(frozen=True, slots=True)
class PlanFacts:
    role: str
    holds_village_post: bool
    ground: str
    rule: str
    planned_on: date
    today: date
    is_self: bool = False


def refuse_to_plan(facts: PlanFacts) -> tuple[Refusal, ...]:
    """Only somebody who may decide, with a ground. 依据：R-13-02、VAL-46。"""
    refusals = []
    if facts.role not in DECIDERS:
        refusals.append(
            Refusal("supervision.interview.not_decided", "约谈须由有权人员决定并写明事由")
        )
    elif facts.role == "town_secretary" and not facts.holds_village_post:
        refusals.append(
            Refusal("supervision.interview.not_of_village", "乡镇党委书记只决定约谈村干部")
        )
    if facts.is_self:
        refusals.append(Refusal("supervision.interview.oneself", "约谈对象不能是决定人本人"))
    if not facts.ground.strip() or not facts.rule.strip():
        refusals.append(Refusal("supervision.interview.ground_missing", "约谈须写明事由和依据"))
    elif len(facts.ground) > TEXT_MAX:
        refusals.append(Refusal("supervision.interview.text_long", f"最多 {TEXT_MAX} 字"))
    if facts.planned_on < facts.today:
        refusals.append(Refusal("supervision.interview.day", "约谈日期应是今天或以后的日期"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class StepFacts:
    today: date
    is_interviewer: bool = False
    is_person: bool = False
    text: str = ""
    statement: str = ""
    on: date | None = None
    decided_on: date | None = None
    held_on: date | None = None


def refuse_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """Say every reason against this step of a talk. 依据：R-13-02 各步骤。"""
    refusals: list[Refusal] = []
    if act in ("hold", "review") and not facts.is_interviewer:
        refusals.append(Refusal("supervision.interview.not_interviewer", "由这次约谈的约谈人登记"))
    if act == "improve" and not (facts.is_person or facts.is_interviewer):
        refusals.append(Refusal("supervision.interview.not_person", "由约谈对象本人填写"))
    if act != "close" and not facts.text.strip():
        refusals.append(Refusal("supervision.interview.text_missing", "请写明情况"))
    if len(facts.text) > (RECORD_MAX if act == "hold" else TEXT_MAX):
        refusals.append(Refusal("supervision.interview.text_long", "写得太长，请分项简要写明"))
    if act == "hold":
        refusals += _about_holding(facts)
    if act == "improve" and (facts.on is None or facts.on < facts.today):
        refusals.append(Refusal("supervision.interview.day", "整改期限应是今天或以后的日期"))
    if act == "review":
        refusals += _about_day(facts, facts.held_on, REVIEWED_ON)
    return tuple(refusals)


def _about_holding(facts: StepFacts) -> list[Refusal]:
    refusals = _about_day(facts, facts.decided_on, HELD_ON)
    if not facts.statement.strip():
        refusals.append(
            Refusal("supervision.interview.statement_missing", "请写明本人的陈述；没有意见也要写明")
        )
    return refusals


HELD_ON = Refusal("supervision.interview.day", "约谈日期应在决定以后、不晚于今天")
REVIEWED_ON = Refusal("supervision.interview.day", "回访日期应在约谈以后、不晚于今天")


def _about_day(facts: StepFacts, since: date | None, wrong: Refusal) -> list[Refusal]:
    on = facts.on
    is_right = on is not None and on <= facts.today and (since is None or on >= since)
    return [] if is_right else [wrong]


def review_due(held_on: date, days: int = REVIEW_DAYS) -> date:
    """依据：R-13-02 约谈后 90 天以内回访（interview.review_days）。"""
    return held_on + timedelta(days=days)
