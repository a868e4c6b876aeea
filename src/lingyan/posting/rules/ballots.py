"""How many ballots may a village have, and who may cast one (2.9)?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from lingyan.common.ballots import HOUSEHOLDS_MAX, SLIPS_MAX, ballots_needed
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, TOWN
from lingyan.posting.rules.appraisal_words import BallotChoice, BallotMethod

MAKERS = (*TOWN, *STAFF)
CODE_UNKNOWN = Refusal("posting.ballot.unknown", "没有这个编号，请对照选票再输一遍")
TOO_MANY_TRIES = Refusal(
    "posting.ballot.too_many_tries", "输错的次数太多，请过一会儿再试，或找发票的工作人员"
)
USED = Refusal("posting.ballot.used", "这张选票已经投过，已计入结果，不能再投")


def refuse_to_make(
    *, households: int, slips: int, already: int, is_paper: bool, state: str
) -> tuple[Refusal, ...]:
    """依据：R-2-28 样本不少于 30 张或户数的 10%。"""
    refusals = []
    if state not in ("opened", "scoring"):
        refusals.append(Refusal("posting.ballot.not_open", "考评已汇总，不能再制票"))
    if is_paper:
        refusals.append(Refusal("posting.ballot.counted", "这个村已经登记纸质计票，不再制票"))
    if not 0 < households <= HOUSEHOLDS_MAX:
        refusals.append(Refusal("posting.ballot.households", "请填写全村户数"))
    lacking = max(ballots_needed(households) - already, 1)
    if slips < lacking:
        refusals.append(
            Refusal("posting.ballot.too_few", f"{households} 户的村，至少还要 {lacking} 张")
        )
    if slips + already > SLIPS_MAX:
        refusals.append(Refusal("posting.ballot.too_many", f"一个村最多 {SLIPS_MAX} 张"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """What is known when a code is shown: of the code, of the cycle, and what was ticked."""

    state: str
    due_on: date
    today: date
    is_used: bool
    is_live: bool
    method: str
    asked: Collection[str] = ()
    choices: Mapping[str, str] | None = None  # entry -> choice; None while only looking


def refuse_to_vote(facts: VoteFacts) -> tuple[Refusal, ...]:
    """Once, while the voting runs, and about everybody who is asked for. 依据：R-2-28。"""
    if facts.is_used:
        return (USED,)
    if facts.method == BallotMethod.PAPER or not facts.is_live:
        return (Refusal("posting.ballot.not_live", "这张选票没有启用，请问发票的工作人员"),)
    if facts.state != "scoring" or facts.today > facts.due_on:
        return (Refusal("posting.ballot.not_open", "现在不在投票时间内"),)
    if not facts.asked:
        return (Refusal("posting.ballot.nobody", "这个村没有需要评价的同志"),)
    if facts.choices is None or _is_complete(facts.asked, facts.choices):
        return ()
    return (Refusal("posting.ballot.incomplete", "请给每一位同志选一项"),)


def _is_complete(asked: Collection[str], choices: Mapping[str, str]) -> bool:
    known = {choice.value for choice in BallotChoice}
    return set(choices) == set(asked) and set(choices.values()) <= known


@dataclass(frozen=True, slots=True)
class CountFacts:
    """A count of paper ballots as it was taken down."""

    state: str
    slips: int
    method: str
    papers: int
    counts: tuple[tuple[int, ...], ...]  # for each person, by choice
    counters: str


def refuse_to_count(facts: CountFacts) -> tuple[Refusal, ...]:
    """Each paper is counted once for each person, by two people at least. 依据：R-2-28。"""
    refusals = []
    if facts.state != "scoring":
        refusals.append(Refusal("posting.ballot.not_open", "只有评分期间可以登记计票"))
    if facts.method == BallotMethod.PHONE:
        refusals.append(
            Refusal(
                "posting.ballot.phone",
                "这个村已有人凭编号投票，不再登记纸质票；请帮其余村民凭编号填写",
            )
        )
    if not 0 < facts.papers <= facts.slips:
        refusals.append(
            Refusal("posting.ballot.papers", f"收回的票数应为 1 至 {facts.slips}（制票张数）")
        )
    if any(sum(one) != facts.papers for one in facts.counts):
        refusals.append(
            Refusal("posting.ballot.sum", "每位同志的四项之和都应等于收回的票数，请核对")
        )
    names = [one for one in facts.counters.replace("、", " ").replace("，", " ").split() if one]
    if len(set(names)) < 2:
        refusals.append(
            Refusal("posting.ballot.counters", "请写明唱票人、监票人，至少两人，中间用顿号隔开")
        )
    return tuple(refusals)
