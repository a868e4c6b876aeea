"""Who fills a place that was left early: proposed by whom, decided by whom, until when (2.10)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import ADMIN, LEADER, STAFF, UNIT, refuse_same_person

NOMINATORS = UNIT
VACATED = ("recalled", "ceased", "transferred")

REPLACEMENT_FLOW: tuple[Transition, ...] = (
    Transition("", "propose", "proposed", STAFF, "提出补派人选",
               "系统按今天的资料修补原方案；硬性条件成立；不选系统首选的写明理由", "2.10"),
    Transition("proposed", "approve", "approved", LEADER, "同意",
               "决定人不是提出人；硬性条件仍然成立", "R-0-20"),
    Transition("proposed", "refuse", "refused", LEADER, "不同意", "写明理由；决定人不是提出人",
               "R-0-20"),
    Transition("approved", "announce", "announced", STAFF, "公示", "公示 5 个工作日", "R-2-20"),
    Transition("announced", "issue", "issued", ADMIN, "发文补派",
               "公示期满；有文号；硬性条件仍然成立；办理人不是提出人", "R-2-20、G-30"),
    *fan_in(("proposed", "approved", "announced"),
            Transition("", "stop", "stopped", STAFF, "撤回", "写明理由", "2.10")),
)  # fmt: skip
OPEN_STATES = ("proposed", "approved", "announced")


@dataclass(frozen=True, slots=True)
class ReplacementFacts:
    """What stands behind one step of a replacement."""

    today: date
    text: str = ""
    failures: Sequence[str] = ()  # hard rules that the person fails today
    is_vacant: bool = True
    has_round: bool = True
    is_going_on: bool = False  # somebody is proposed for the place already
    is_candidate: bool = True
    is_first: bool = True
    is_taken: bool = False  # in another replacement that is under way
    is_full: bool = False  # the village has a first secretary again
    person: str = ""
    notice_ends_on: date | None = None
    document_number: str = ""
    starts_on: date | None = None
    hand: str = ""
    makers: frozenset[str] = frozenset()


NO_ROUND = Refusal(
    "posting.replacement.no_round",
    "这一派驻不是由选派批次产生的，没有可以修补的方案；请为本村开一个选派批次",
)
NOT_VACANT = Refusal("posting.replacement.not_vacant", "这个岗位没有空出，或已有接任者")


def refuse_to_open(facts: ReplacementFacts) -> tuple[Refusal, ...]:
    """The place is empty and belongs to a plan."""
    refusals = []
    if not facts.is_vacant:
        refusals.append(NOT_VACANT)
    elif facts.is_going_on:
        refusals.append(
            Refusal("posting.replacement.going_on", "这个岗位已有补派人选在办理，请先等它办结")
        )
    if not facts.has_round:
        refusals.append(NO_ROUND)
    return tuple(refusals)


def refuse_replacement_step(act: str, facts: ReplacementFacts) -> tuple[Refusal, ...]:
    """依据：2.10 补派、R-0-20、R-2-20、G-30。"""
    return tuple(dict.fromkeys(CHECKS[act](facts)))


def _rules_hold(facts: ReplacementFacts) -> list[Refusal]:
    refusals = []
    if not facts.is_vacant or facts.is_full:
        refusals.append(NOT_VACANT)
    said = {Fact.RULE_BROKEN: f"{facts.person}不符合硬性条件：{'；'.join(facts.failures)}"}
    broken = {Fact.RULE_BROKEN: bool(facts.failures)}
    return [*refusals, *gates.refusals("posting.replacement.step", broken, said=said)]


def _propose(facts: ReplacementFacts) -> list[Refusal]:
    refusals = list(refuse_to_open(facts))
    if not facts.is_candidate:
        refusals.append(Refusal("posting.replacement.no_candidate", "请从列出的人选里选一名"))
    elif not facts.is_first and not facts.text.strip():
        refusals.append(
            Refusal("posting.replacement.reason_missing", "没有选系统首选的，请写明理由")
        )
    if facts.is_taken:
        refusals.append(
            Refusal("posting.replacement.person_taken", f"{facts.person}已在另一个岗位的补派中")
        )
    return [*refusals, *_rules_hold(facts)]


def _approve(facts: ReplacementFacts) -> list[Refusal]:
    return [*refuse_same_person(facts.makers, facts.hand, act="决定"), *_rules_hold(facts)]


def _refuse(facts: ReplacementFacts) -> list[Refusal]:
    return [*_reason(facts, "不同意"), *refuse_same_person(facts.makers, facts.hand, act="决定")]


def _reason(facts: ReplacementFacts, label: str) -> list[Refusal]:
    if facts.text.strip():
        return []
    return [Refusal("posting.reason_missing", f"“{label}”须写明理由")]


def _issue(facts: ReplacementFacts) -> list[Refusal]:
    refusals = list(refuse_same_person(facts.makers, facts.hand, act="发文"))
    if facts.notice_ends_on is None or facts.today <= facts.notice_ends_on:
        refusals.append(
            Refusal(
                "posting.replacement.notice_running",
                f"公示到 {facts.notice_ends_on} 期满，次日起可以发文",
            )
        )
    if not facts.document_number.strip():
        refusals.append(Refusal("posting.document_number_missing", "请填写文号"))
    if facts.starts_on is not None and facts.starts_on < facts.today:
        refusals.append(Refusal("posting.replacement.starts_before", "派驻日期不能早于今天"))
    return [*refusals, *_rules_hold(facts)]


CHECKS: Mapping[str, Callable[[ReplacementFacts], list[Refusal]]] = {
    "propose": _propose,
    "approve": _approve,
    "refuse": _refuse,
    "announce": _rules_hold,
    "issue": _issue,
    "stop": lambda facts: _reason(facts, "撤回"),
}


def refuse_to_nominate(
    *, is_own_unit: bool, in_pool: bool, is_vacant: bool, is_twice: bool
) -> tuple[Refusal, ...]:
    """The sending unit names somebody of its own out of the pool. 依据：2.8、2.10 派出单位补派。"""
    refusals = []
    if not is_vacant:
        refusals.append(NOT_VACANT)
    if not is_own_unit:
        refusals.append(Refusal("posting.replacement.other_unit", "只能推荐本单位的人选"))
    if not in_pool:
        refusals.append(
            Refusal("posting.replacement.not_in_pool", "人选须在人才储备库的“在库”状态")
        )
    if is_twice:
        refusals.append(Refusal("posting.replacement.nominated_twice", "这名人选已经推荐过"))
    return tuple(refusals)
