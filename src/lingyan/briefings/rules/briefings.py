"""Who writes a briefing, who checks, reviews, signs and issues it, and what holds it back?

依据：9.4 起草 → 数据核对 → 审核 → 签发 → 印发 → 撤回；R-0-20；R-9-02；G-24。
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role

MAX_AGE_DAYS = 7  # brief.max_age_days
NOTE_MAX = 500

WRITERS: tuple[str, ...] = (
    Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_OFFICE,
)  # fmt: skip
REVIEWERS: tuple[str, ...] = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
SIGNERS: tuple[str, ...] = (Role.COUNTY_ORG_LEADER,)
INSIDE: tuple[str, ...] = (*WRITERS, Role.COUNTY_ORG_LEADER)
"""Who sees a briefing before it is issued."""
READERS: tuple[str, ...] = (
    *INSIDE, Role.COUNTY_AGENCY_COMMITTEE, Role.COUNTY_LEADER, Role.COUNTY_AGRI,
    Role.COUNTY_FINANCE, Role.COUNTY_DISCIPLINE, Role.COUNTY_AUDIT, Role.DEPT_STAFF,
    Role.TOWN_SECRETARY, Role.TOWN_LEADER, Role.TOWN_ORG, Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER,
    Role.VILLAGE_SECRETARY, Role.VILLAGE_ORG, Role.VILLAGE_CASHIER, Role.VILLAGE_SUPERVISOR,
    Role.FIRST_SECRETARY, Role.TEAM_MEMBER, Role.UPPER_VIEWER,
)  # fmt: skip
"""Who reads what was issued: whoever acts for one of those that it is sent to (报, 送, 发)."""

_CHECK = Transition(
    "", "check", "data_checked", WRITERS, "核对数据",
    "由没有起草和修改过的人核对；取数并封存，文中不留没有绑定的数、不实的写法、对不上的数",
    "R-9-01、R-0-20",
)  # fmt: skip
_RETURN = Transition(
    "", "return", "drafted", INSIDE, "退回修改", "写明原因；已编的期号保留", "R-9-02"
)
BRIEFING_FLOW: tuple[Transition, ...] = (
    Transition("", "draft", "drafted", WRITERS, "起草", "", "9.4"),
    *fan_in(("drafted", "data_checked", "reviewed", "signed"), _CHECK),
    Transition("data_checked", "review", "reviewed", REVIEWERS, "审核通过",
               "由没有起草、修改和核对的人审核", "R-0-20"),
    Transition("reviewed", "sign", "signed", SIGNERS, "签发",
               "由没有起草、修改和核对的人签发；编期号，按年连续、不重不空", "R-9-02、R-0-20"),
    Transition("signed", "issue", "issued", WRITERS, "印发",
               "数据核对不超过 7 天；印发后数字、口径、期间、范围和记录不再变", "G-24"),
    *fan_in(("data_checked", "reviewed", "signed"), _RETURN),
    Transition("issued", "recall", "recalled", REVIEWERS, "撤回", "写明撤回说明", "9.4"),
    Transition("drafted", "void", "void", WRITERS, "作废", "没有编过期号的才能作废；写明原因",
               "R-9-02"),
)  # fmt: skip

AUDIT_TEXTS = {
    "briefings.briefing.drafted": "起草简报",
    "briefings.briefing.edited": "修改简报",
    "briefings.briefing.checked": "核对简报数据",
    "briefings.briefing.reviewed": "审核简报",
    "briefings.briefing.signed": "签发简报",
    "briefings.briefing.issued": "印发简报",
    "briefings.briefing.returned": "退回简报",
    "briefings.briefing.recalled": "撤回简报",
    "briefings.briefing.voided": "作废简报",
    "briefings.template.made": "新建简报模板",
    "briefings.template.edited": "修改简报模板",
    "briefings.template.withdrawn": "停用简报模板",
    "briefings.template.offered": "恢复简报模板",
}

OWN_WORK = Refusal("briefings.briefing.own_work", "起草或修改过这份简报的人不能办这一步，请换人办")
OWN_CHECK = Refusal("briefings.briefing.own_check", "核对数据的人不能再审核、签发，请换人办")
NUMBERED = Refusal("briefings.briefing.numbered", "已经编了期号，不能作废；请改好后印发")
NUMBER_STAYS = Refusal(
    "briefings.briefing.number_stays", "已经编了期号，简报名称、增刊和总期号不能再改"
)
NUMBERED_BY = frozenset({"series", "is_supplement", "total_no"})
CHANGED_SINCE = Refusal(
    "briefings.briefing.changed_since", "您打开以后，这份简报改过或者重新核对过；请看过再办"
)
NO_REASON = Refusal("briefings.briefing.no_reason", "请写明原因")
TOO_LONG = Refusal("briefings.briefing.too_long", f"最多 {NOTE_MAX} 字")
NO_TEXT = Refusal("briefings.briefing.no_text", "还没有正文")
NOT_OPEN = Refusal("briefings.briefing.not_open", "已经送出核对，不能再改；要改请先退回")


@dataclass(frozen=True, slots=True)
class StepFacts:
    has_written: bool = False  # by the own hands, or by those that one stands in for
    has_checked: bool = False
    has_text: bool = True
    has_number: bool = False
    note: str = ""


def refuse_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """Say every reason against this step of a briefing. 依据：R-0-20、R-9-02。"""
    found = []
    if act in ("check", "review", "sign") and facts.has_written:
        found.append(OWN_WORK)
    if act in ("review", "sign") and facts.has_checked:
        found.append(OWN_CHECK)
    if act == "check" and not facts.has_text:
        found.append(NO_TEXT)
    if act == "void" and facts.has_number:
        found.append(NUMBERED)
    if act in ("return", "recall", "void"):
        if not facts.note.strip():
            found.append(NO_REASON)
        if len(facts.note) > NOTE_MAX:
            found.append(TOO_LONG)
    return tuple(found)


def is_old(checked_at: datetime | None, now: datetime) -> bool:
    """依据：G-24 数据核对超过 7 天（brief.max_age_days）；第 7 天满还不算超过。"""
    return checked_at is None or now - checked_at > timedelta(days=MAX_AGE_DAYS)


def next_number(taken: Sequence[int]) -> int:
    """依据：R-9-02 同一简报按年从 1 连续编号。"""
    return max(taken, default=0) + 1


ISSUE = "briefings.briefing.issue"


def refuse_to_issue(
    *,
    unbound: Sequence[str] = (),
    untrue: Sequence[str] = (),
    old: bool = False,
    let_through: Collection[str] = (),
) -> tuple[Refusal, ...]:
    """Only numbers with records behind them, truly worded and fresh, go out. 依据：G-24。

    `unbound` and `untrue` name what is wrong with the text as it was frozen.
    """
    facts = {
        Fact.NUMBER_UNBOUND: bool(unbound),
        Fact.WORDING_UNTRUE: bool(untrue),
        Fact.SNAPSHOT_OLD: old,
    }
    said = {
        fact: "；".join(texts)
        for fact, texts in ((Fact.NUMBER_UNBOUND, unbound), (Fact.WORDING_UNTRUE, untrue))
        if texts
    }
    return gates.refusals(ISSUE, facts, let_through=let_through, said=said)
