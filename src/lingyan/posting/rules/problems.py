"""Who works on a problem that was found in the village, until when, and when is it solved?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.posting.rules.diary_words import ProblemOwner

FINDERS = (Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
OWNING_ROLES: dict[ProblemOwner, tuple[Role, ...]] = {
    ProblemOwner.SELF: FINDERS,
    ProblemOwner.VILLAGE: (Role.VILLAGE_SECRETARY, Role.VILLAGE_ORG),
    ProblemOwner.TOWN: (Role.TOWN_ORG, Role.TOWN_SECRETARY, Role.TOWN_LEADER),
    ProblemOwner.UNIT: (Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER),
    ProblemOwner.COUNTY: (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER),
}
HANDLERS = tuple(role for roles in OWNING_ROLES.values() for role in roles)

PROBLEM_FLOW: tuple[Transition, ...] = (
    Transition("found", "handle", "handled", HANDLERS, "办结", "承办的一方写明怎样办的", "2.7"),
    Transition("found", "pass_on", "found", HANDLERS, "转办",
               "承办的一方或发现人写明理由，换承办方和期限", "2.7"),
    Transition("handled", "confirm", "solved", FINDERS, "确认解决", "发现人本人确认", "2.7"),
    Transition("handled", "reopen", "found", FINDERS, "没有解决",
               "发现人写明还差什么，期限重新定", "2.7"),
)  # fmt: skip

TEXT_MAX = 500
AUDIT_TEXTS = {
    "posting.problem.found": "登记发现的问题",
    "posting.problem.handled": "问题办结，待确认",
    "posting.problem.passed_on": "问题转办",
    "posting.problem.confirmed": "确认问题已解决",
    "posting.problem.reopened": "问题没有解决，继续办理",
}


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """What is written, by when it is due, and who is asking."""

    today: date
    text: str
    due_on: date | None = None
    owner: str = ""
    found_on: date | None = None
    since: date | None = None
    until: date | None = None
    has_posting: bool = True


def refuse_to_find(facts: ProblemFacts) -> tuple[Refusal, ...]:
    """A problem says what is wrong, who works on it and until when.

    依据：M04 走访发现的问题，件件有承办方和期限。
    """
    refusals = []
    if not facts.has_posting:
        refusals.append(Refusal("posting.problem.no_posting", "您没有派驻记录，不能登记问题"))
    refusals += _about_the_text(facts.text, "请写明是什么问题")
    refusals += _about_owner_and_day(facts)
    found = facts.found_on
    if found is None or found > facts.today:
        refusals.append(Refusal("posting.problem.found_on", "发现日期不能晚于今天"))
    elif (facts.since and found < facts.since) or (facts.until and found >= facts.until):
        refusals.append(Refusal("posting.problem.outside_term", "发现日期不在您的派驻期内"))
    return tuple(refusals)


def refuse_step(
    act: str, facts: ProblemFacts, *, owns: bool, found_it: bool
) -> tuple[Refusal, ...]:
    """Handling is the owner's, the last word the finder's; each step says why or how."""
    refusals = []
    if act == "handle" and not owns:
        refusals.append(Refusal("posting.problem.not_owner", "这个问题不由您这一方承办"))
    if act == "pass_on" and not (owns or found_it):
        refusals.append(Refusal("posting.problem.not_owner", "这个问题不由您这一方承办"))
    if act in ("confirm", "reopen") and not found_it:
        refusals.append(Refusal("posting.problem.not_finder", "只有发现问题的本人可以确认"))
    if act != "confirm":
        asked = "请写明怎样办的" if act == "handle" else "请写明理由"
        refusals += _about_the_text(facts.text, asked)
    if act in ("pass_on", "reopen"):
        refusals += _about_owner_and_day(facts)
    return tuple(refusals)


def _about_the_text(text: str, asked: str) -> list[Refusal]:
    if not text.strip():
        return [Refusal("posting.problem.text_missing", asked)]
    if len(text) > TEXT_MAX:
        return [Refusal("posting.problem.text_long", f"最多 {TEXT_MAX} 字")]
    return []


def _about_owner_and_day(facts: ProblemFacts) -> list[Refusal]:
    refusals = []
    if facts.owner not in {one.value for one in ProblemOwner}:
        refusals.append(Refusal("posting.problem.owner_missing", "请选由谁承办"))
    if facts.due_on is None or facts.due_on < facts.today:
        refusals.append(Refusal("posting.problem.due_on", "办结期限应是今天或以后的日期"))
    return refusals
