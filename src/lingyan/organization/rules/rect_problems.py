"""Who puts a problem of a weak village right, and who says that it is done (4.4)?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition, fan_in
from lingyan.common.periods import add_months, month_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE, VISITED
from lingyan.organization.rules.rectification_words import CheckupTopic

TEXT_MAX = 500
OWNER_MAX = 60
FINDINGS_MAX = 10  # of one topic in one month
CHECKERS = (*TOWN, *STAFF)  # who makes the monthly checkup
REPORTERS = TOWN
# Who reads how far a village is; units and departments read the case, not its visits and reports.
WORK_READERS = (
    *STAFF, *LEADER, *TOWN, "town_leader", "county_leader", "county_office", *VILLAGE,
    "first_secretary", "upper_viewer",
)  # fmt: skip
USUAL_OWNER = "村党组织书记"

PROBLEM_FLOW: tuple[Transition, ...] = (
    *fan_in(("open", "reopened"),
            Transition("", "begin", "doing", (*BOTH_OF_VILLAGE, *TOWN), "开始整改",
                       "写明措施、责任人和期限", "4.4")),
    Transition("doing", "finish", "self_done", BOTH_OF_VILLAGE, "整改完成",
               "写明怎样整改的，附佐证", "4.4"),
    Transition("self_done", "verify", "verified", TOWN, "核实",
               "到村看过，写明核实情况；自己整改的不能自己核实", "4.4"),
    Transition("self_done", "return", "doing", TOWN, "退回再改", "写明还差什么", "4.4"),
    Transition("verified", "reopen", "reopened", CHECKERS, "反弹", "写明发现了什么", "4.4"),
    Transition("verified", "close", "closed", ("system",), "关闭", "这个村销号", "R-4-06"),
)  # fmt: skip

AUDIT_TEXTS = {
    "organization.rectproblem.raised": "发现整顿问题",
    "organization.rectproblem.begun": "开始整改问题",
    "organization.rectproblem.finished": "村级自认整改完成",
    "organization.rectproblem.verified": "乡镇核实整改",
    "organization.rectproblem.returned": "退回再改",
    "organization.rectproblem.reopened": "整顿问题反弹",
    "organization.rectproblem.closed": "销号，关闭整顿问题",
    "organization.checkup.made": "每月全面体检",
    "organization.rectreport.sent": "报送整顿月报",
}

# R-4-09: which items of the health check (2.2) each topic looks at.
TOPIC_ITEMS: Mapping[CheckupTopic, str] = {
    CheckupTopic.TEAM_RUN: "T1–T2 班子配备、书记履职",
    CheckupTopic.MEMBERS: "T3–T4 党员队伍、组织生活",
    CheckupTopic.GOVERN: "G1–G5 议事决策、村务公开、矛盾纠纷等",
    CheckupTopic.ECONOMY: "I1–I6 集体收入、产业项目等",
}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Who asks for a step of a problem, and what is said with it."""

    case_state: str
    today: date
    is_own_work: bool  # whoever verifies has put it right himself
    text: str = ""
    measure: str = ""
    owner: str = ""
    due_on: date | None = None


def refuse_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """依据：4.4；R-0-20 自己整改的不能自己核实。"""
    refusals: list[Refusal] = []
    if facts.case_state not in VISITED:
        refusals.append(Refusal("organization.rectproblem.not_under_way", "这个村现在不在整顿期间"))
    if act == "verify" and facts.is_own_work:
        refusals.append(
            Refusal("organization.rectproblem.own_work", "自己整改的问题，请乡镇其他同志核实")
        )
    if act == "begin":
        refusals += _about_the_measure(facts)
    elif not facts.text.strip():
        refusals.append(Refusal("organization.rectproblem.text", "请写明情况"))
    return tuple(refusals)


def _about_the_measure(facts: StepFacts) -> list[Refusal]:
    refusals = []
    if not facts.measure.strip():
        refusals.append(Refusal("organization.rectproblem.measure", "请写整改措施"))
    if not facts.owner.strip():
        refusals.append(Refusal("organization.rectproblem.owner", "请写责任人"))
    if facts.due_on is None or facts.due_on < facts.today:
        refusals.append(Refusal("organization.rectproblem.due_on", "整改期限应是今天或以后的日期"))
    return refusals


def usual_due(today: date, term_ends: date | None) -> date:
    """A month, but not beyond the term of the rectification."""
    usual = add_months(today, 1)
    return max(today, min(usual, term_ends)) if term_ends else usual


# --- the monthly checkup (R-4-09) -----------------------------------------------------------------


def lines_of(text: str) -> list[str]:
    """One finding a line."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


@dataclass(frozen=True, slots=True)
class CheckupFacts:
    """A checkup as it is written down."""

    case_state: str
    started_on: date | None
    on: date
    today: date
    is_twice: bool  # of this month there is one already
    seen: Mapping[str, str]  # topic -> what was looked at and seen
    findings: Mapping[str, Collection[str]]  # topic -> problems found


def refuse_checkup(facts: CheckupFacts) -> tuple[Refusal, ...]:
    """All four topics are looked at, every month once. 依据：R-4-09。"""
    refusals = []
    if facts.case_state not in VISITED:
        refusals.append(Refusal("organization.checkup.not_under_way", "这个村现在不在整顿期间"))
    if facts.on > facts.today:
        refusals.append(Refusal("organization.checkup.to_come", "体检日期不能晚于今天"))
    if facts.started_on is None or facts.on < facts.started_on:
        refusals.append(
            Refusal("organization.checkup.too_early", "体检日期不能早于这个村开始整顿的日子")
        )
    if facts.is_twice:
        refusals.append(Refusal("organization.checkup.twice", "这个月已经体检过"))
    if missing := [one.label for one in CheckupTopic if not facts.seen.get(one, "").strip()]:
        refusals.append(
            Refusal("organization.checkup.topics", f"四个方面都要看：还缺{'、'.join(missing)}")
        )
    if any(len(found) > FINDINGS_MAX for found in facts.findings.values()):
        refusals.append(
            Refusal("organization.checkup.too_many", f"一个方面一次最多写 {FINDINGS_MAX} 个问题")
        )
    if any(len(one) > TEXT_MAX for found in facts.findings.values() for one in found):
        refusals.append(Refusal("organization.checkup.long", f"一个问题最多 {TEXT_MAX} 字"))
    return tuple(refusals)


# --- the monthly report (R-4-05) ------------------------------------------------------------------


def refuse_report(
    *, month: date, text: str, since: date | None, until: date | None, today: date, is_twice: bool
) -> tuple[Refusal, ...]:
    """The township reports on each month of the rectification, once. 依据：R-4-05。"""
    refusals = []
    period = month_of(month)
    begins_later = since is None or since >= period.until
    is_past = until is not None and until <= period.since
    if begins_later or is_past or period.since > today:
        refusals.append(Refusal("organization.rectreport.outside", "这个月不在这个村的整顿期间"))
    if is_twice:
        refusals.append(Refusal("organization.rectreport.twice", "这个月已经报送"))
    if not text.strip():
        refusals.append(Refusal("organization.rectreport.text", "请写这个月的进展情况"))
    return tuple(refusals)
