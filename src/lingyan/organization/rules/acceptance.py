"""May a village be taken off the list: the score of the group and what villagers say (R-4-06)?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lingyan.common.ballots import HOUSEHOLDS_MAX, SLIPS_MAX, ballots_needed
from lingyan.common.choices import Choice
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.organization.rules.rectification import GRAVE
from lingyan.organization.rules.rectification_words import CheckupTopic, RectProblemState

PASS_SCORE = 80  # weak.pass_score
PASS_SATISFACTION = 80  # weak.pass_satisfaction, percent
SATISFACTION_FLOOR = 60  # weak.satisfaction_floor, percent (W09)
VALID_SHARE = 80  # percent of the ballots issued
SHOWN_FROM = 10  # valid ratings; below, 样本不足 (7.7)
GROUP_MIN = 3
EXTENDED_MONTHS_MAX = 6
TOPIC_POINTS = 25  # D: four topics of R-4-09, 100 points in all
DONE_PROBLEMS = frozenset({RectProblemState.VERIFIED, RectProblemState.CLOSED})


class RectBallotChoice(Choice):
    SATISFIED = "satisfied", "满意"
    BASIC = "basic", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"


class VoteMethod(Choice):
    NONE = "", "未投票"
    PHONE = "phone", "手机投票"
    PAPER = "paper", "纸质计票"


# --- the group ------------------------------------------------------------------------------------


def refuse_group(members: Collection[str], serving: Collection[str]) -> tuple[Refusal, ...]:
    """专项检查考核组: three or more, and none of those who have served the village.

    依据：4.5。Both are names of people, or ids: whatever the caller compares by.
    """
    refusals = []
    if len(set(members)) < GROUP_MIN:
        refusals.append(
            Refusal("organization.acceptance.group_small", f"专项检查考核组不少于 {GROUP_MIN} 人")
        )
    if bound := sorted(set(members) & set(serving)):
        refusals.append(
            Refusal(
                "organization.acceptance.group_serves",
                f"包联帮扶这个村的同志不能参加验收：{'、'.join(bound)}",
            )
        )
    return tuple(refusals)


# --- the score ------------------------------------------------------------------------------------


def refuse_points(points: Mapping[str, int | None]) -> tuple[Refusal, ...]:
    """检查考核组 gives up to 25 points for each of the four topics; the sum is the score."""
    given = [points.get(topic.value) for topic in CheckupTopic]
    if any(one is None or not 0 <= one <= TOPIC_POINTS for one in given):
        return (
            Refusal(
                "organization.acceptance.points",
                f"四个方面都要打分，每个方面 0 至 {TOPIC_POINTS} 分",
            ),
        )
    return ()


# --- the vote -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """A vote as it was counted: slips that went out, and what the valid ones say."""

    issued: int
    satisfied: int
    basic: int
    unsatisfied: int
    line: int = PASS_SATISFACTION  # what the county asks, percent

    @property
    def content(self) -> int:
        return self.satisfied + self.basic

    @property
    def valid(self) -> int:
        return self.content + self.unsatisfied

    @property
    def is_valid(self) -> bool:
        """有效票不少于发出票的 80%，否则重新测评。依据：R-4-07、R-0-01。"""
        return self.issued > 0 and self.valid * 100 >= VALID_SHARE * self.issued

    @property
    def passes(self) -> bool:
        """满意率（满意+基本满意）÷有效票，不低于 80%（或县定的线）。依据：R-4-06、R-4-07。"""
        return self.is_valid and self.content * 100 >= self.line * self.valid

    def is_below(self, floor: int) -> bool:
        """Whether the villagers' word is itself a situation: W09, 满意度低于 60%（或县定的数）。"""
        return self.is_valid and self.is_shown and self.content * 100 < floor * self.valid

    @property
    def is_shown(self) -> bool:
        """With fewer than ten one could guess who said what (7.7)."""
        return self.valid >= SHOWN_FROM

    @property
    def rate_shown(self) -> str:
        """Half up (R-0-16), except that a failing rate is never written as the line itself."""
        if not self.is_shown:
            return "样本不足"
        rate = (Decimal(100 * self.content) / self.valid).quantize(Decimal("0.1"), ROUND_HALF_UP)
        fails = self.content * 100 < self.line * self.valid
        if fails and rate >= self.line:
            rate = Decimal(self.line) - Decimal("0.1")
        return f"{rate}%"


def refuse_to_issue(*, households: int, slips: int, already: int) -> tuple[Refusal, ...]:
    """党员、村民代表和随机户，不少于 30 人或户数的 10%。依据：R-4-07。"""
    refusals = []
    if not 0 < households <= HOUSEHOLDS_MAX:
        refusals.append(Refusal("organization.vote.households", "请填写全村户数"))
    lacking = max(ballots_needed(households) - already, 1)
    if slips < lacking:
        refusals.append(
            Refusal("organization.vote.too_few", f"{households} 户的村，至少还要 {lacking} 张")
        )
    if slips + already > SLIPS_MAX:
        refusals.append(Refusal("organization.vote.too_many", f"一个村最多 {SLIPS_MAX} 张"))
    return tuple(refusals)


CODE_UNKNOWN = Refusal("organization.vote.unknown", "没有这个编号，请对照选票再输一遍")
TOO_MANY_TRIES = Refusal(
    "organization.vote.too_many_tries", "输错的次数太多，请过一会儿再试，或找发票的工作人员"
)
USED = Refusal("organization.vote.used", "这张选票已经投过，已计入结果，不能再投")


def refuse_ballot(
    *, is_used: bool, is_open: bool, by_paper: bool, choice: str | None
) -> tuple[Refusal, ...]:
    """Once, while the vote is open. `choice` is None while somebody only looks. 依据：R-4-07。"""
    if is_used:
        return (USED,)
    if not is_open or by_paper:
        return (Refusal("organization.vote.closed", "现在不在测评时间内，请问发票的工作人员"),)
    if choice is not None and choice not in {one.value for one in RectBallotChoice}:
        return (Refusal("organization.vote.choice", "请选一项"),)
    return ()


def names_of(text: str) -> list[str]:
    """The names in a line, however they are parted; nobody twice."""
    for mark in "，,；;、\n\t":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


def refuse_papers(
    *, tally: Tally, papers: int, by_phone: bool, counters: Collection[str], group: Collection[str]
) -> tuple[Refusal, ...]:
    """Taken down in the open by two of the group; spoilt papers are handed in but not valid.

    依据：R-4-07 由检查考核组主持，村干部不在场。
    """
    refusals = []
    if by_phone:
        refusals.append(
            Refusal("organization.vote.phone", "已有人凭编号填写，请帮其余群众凭编号填写")
        )
    if not 0 < papers <= tally.issued:
        refusals.append(
            Refusal("organization.vote.papers", f"收回的票数应为 1 至 {tally.issued}（发出张数）")
        )
    if tally.valid > papers:
        refusals.append(
            Refusal("organization.vote.sum", "满意、基本满意、不满意之和不能多于收回的票数")
        )
    if len(set(counters) & set(group)) < 2:
        refusals.append(
            Refusal("organization.vote.counters", "唱票、监票应由检查考核组的两人以上担任")
        )
    return tuple(refusals)


# --- both conditions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptanceFacts:
    """What is known when somebody asks whether the village may be cleared."""

    score: int | None
    tally: Tally | None  # of the last vote that was counted
    open_situations: tuple[str, ...]  # of the problems that nobody has verified
    pass_score: int = PASS_SCORE  # what the county asks

    @property
    def grave(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.open_situations) & GRAVE))

    @property
    def passes_score(self) -> bool:
        """(a) 得分不低于 80 或县定的线，W01、W02、W05、W06 问题都已整改。依据：R-4-06。"""
        return self.score is not None and self.score >= self.pass_score and not self.grave

    @property
    def passes_vote(self) -> bool:
        """(b) 群众满意度不低于 80%。依据：R-4-06。"""
        return self.tally is not None and self.tally.passes


def refuse_to_judge(facts: AcceptanceFacts) -> tuple[Refusal, ...]:
    """What is still missing before the result can be said at all."""
    refusals = []
    if facts.score is None:
        refusals.append(Refusal("organization.acceptance.unscored", "检查考核组还没有打分"))
    if facts.tally is None:
        refusals.append(Refusal("organization.acceptance.no_vote", "还没有群众满意度测评的结果"))
    elif not facts.tally.is_valid:
        refusals.append(
            Refusal(
                "organization.acceptance.vote_invalid",
                f"有效票 {facts.tally.valid} 张，不到发出 {facts.tally.issued} 张的八成，重新测评",
            )
        )
    return tuple(refusals)


def shortcomings(facts: AcceptanceFacts) -> tuple[str, ...]:
    """What is below the line, in words; nothing where both conditions are met."""
    found = []
    if facts.score is not None and facts.score < facts.pass_score:
        found.append(f"验收得分 {facts.score}，不到 {facts.pass_score} 分")
    if facts.grave:
        found.append(f"还有 {'、'.join(facts.grave)} 情形的问题没有整改完")
    if facts.tally is not None and not facts.tally.passes:
        found.append(f"群众满意度 {facts.tally.rate_shown}，不到 {facts.tally.line}%")
    return tuple(found)


def refuse_to_clear(facts: AcceptanceFacts) -> tuple[Refusal, ...]:
    """Both conditions, each said on its own. 依据：R-4-06、VAL-16。"""
    if refusals := refuse_to_judge(facts):
        return refusals
    if not (found := shortcomings(facts)):
        return ()
    return (
        Refusal(
            "organization.acceptance.not_passed",
            f"验收得分或群众满意度未达标，不得销号：{'；'.join(found)}",
        ),
    )


def latest_extension(today: date) -> date:
    return add_months(today, EXTENDED_MONTHS_MAX)


def refuse_to_extend(
    facts: AcceptanceFacts, *, due_on: date | None, today: date, reason: str
) -> tuple[Refusal, ...]:
    """Only where a condition fails, and for six months at most. 依据：4.5、R-4-06。"""
    if refusals := refuse_to_judge(facts):
        return refusals
    found = []
    if not shortcomings(facts):
        found.append(Refusal("organization.acceptance.passed", "两项都已达标，应当销号，不再延长"))
    if due_on is None or not today < due_on <= latest_extension(today):
        found.append(
            Refusal(
                "organization.acceptance.extended_due",
                f"新的期限应在今天以后、{EXTENDED_MONTHS_MAX} 个月以内",
            )
        )
    if not reason.strip():
        found.append(Refusal("organization.acceptance.reason", "请写延长整顿的理由"))
    return tuple(found)


# --- self-check and town check --------------------------------------------------------------------


def refuse_self_check(states: Collection[str]) -> tuple[Refusal, ...]:
    """Every problem is at least done in the village's own eyes. 依据：4.5。"""
    done = DONE_PROBLEMS | {RectProblemState.SELF_DONE}
    if open_ones := sum(state not in done for state in states):
        return (Refusal("organization.rect.problems_open", f"还有 {open_ones} 个问题没有整改完"),)
    return ()


def refuse_town_check(states: Collection[str]) -> tuple[Refusal, ...]:
    """Every problem was looked at by the town. 依据：4.5。"""
    if unverified := sum(state not in DONE_PROBLEMS for state in states):
        return (
            Refusal("organization.rect.problems_unverified", f"还有 {unverified} 个问题没有核实"),
        )
    return ()


# --- who sits in the group ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the group as it was typed: a name, and the unit if one was written."""

    name: str
    unit: str = ""


def members_of(text: str) -> list[Member]:
    """One person a line, the first leads: “安丁一 县纪委监委”; a name twice is one person."""
    found: dict[str, Member] = {}
    for line in text.splitlines():
        name, _, unit = line.strip().replace("，", " ").replace(",", " ").partition(" ")
        if name:
            found.setdefault(name, Member(name, unit.strip()))
    return list(found.values())


AUDIT_TEXTS = {
    "organization.rect.signed": "自查签字",
    "organization.rect.self_checked": "自查完成",
    "organization.rect.town_checked": "乡镇初验通过",
    "organization.rect.sent_back": "退回整改",
    "organization.rect.accepting": "组成检查考核组，开始验收",
    "organization.rect.cleared": "销号",
    "organization.rect.extended": "延长整顿",
    "organization.rect.followed": "转入跟踪巩固",
    "organization.rect.closed": "整顿事项归档",
    "organization.rect.reopened": "认定反弹",
    "organization.rect.opened_again": "反弹后重新立项",
    "organization.inspection.scored": "登记验收得分",
    "organization.vote.slips_made": "制作测评票",
    "organization.vote.slips_shown": "打印测评票",
    "organization.vote.handed_out": "发放测评票",
    "organization.vote.cast": "收到一张测评票",
    "organization.vote.counted": "满意度测评计票",
}
