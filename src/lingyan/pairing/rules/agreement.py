"""What does the agreement of a pair say? One text, for the printed page and for Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lingyan.common.written_text import Article, Written
from lingyan.pairing.rules.words import FiveOne, Goal

TITLE = "党组织结对共建协议书"
# What each of the five goals means in an agreement (3.3, X24).
GOAL_TEXTS: Mapping[str, str] = {
    Goal.ORGANIZATION: "组织共建：双方党组织联合开展组织生活，规范党内生活。",
    Goal.TEAM: "队伍共育：甲方帮助乙方培育农村青年党员骨干，乙方为甲方党员提供实践锻炼。",
    Goal.ACTIVITY: "活动共联：双方共同开展主题党日和服务群众活动。",
    Goal.RESOURCE: "资源共享：双方共享阵地、信息、技术和人才，定期互访，互通有无。",
    Goal.DEVELOPMENT: "发展共谋：甲方协助乙方谋划一条符合村情的发展路子，并帮助实施。",
}
OTHERS = (
    "本协议一式三份，双方和县委组织部各存一份，自双方签字之日起生效；"
    "未尽事宜由双方协商，并报县委组织部。"
)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What stands in the agreement of one pair."""

    unit: str
    village: str
    is_lead: bool
    goals: tuple[str, ...]
    plan_text: str
    unit_contact: str
    village_contact: str
    term_months: int
    number: str = ""
    since: date | None = None
    last_day: date | None = None


def agreement_text(facts: AgreementFacts) -> Written:
    """依据：3.2 共建目标、年度计划、联系人、期限；3.3 五个一；3.4 三项机制。"""
    part = "牵头结对单位" if facts.is_lead else "协助结对单位"
    articles = [
        ("共建目标", _goals(facts.goals)),
        ("年度计划", tuple(line for line in facts.plan_text.splitlines() if line.strip())),
        ("每年共同做好“五个一”", ("，".join(one.label for one in FiveOne) + "。",)),
        ("工作机制", (
            "双方每季度召开一次联席会议，定期互访；共建事项列出项目清单，明确负责人和完成时间。",
        )),
        ("联系人", (
            f"甲方联系人：{facts.unit_contact}；乙方联系人：{facts.village_contact}。",
        )),
        ("期限", (_term(facts),)),
        ("其他", (OTHERS,)),
    ]  # fmt: skip
    return Written(
        title=TITLE,
        number=facts.number,
        parties=(f"甲方：{facts.unit}党组织（{part}）", f"乙方：{facts.village}党组织"),
        preamble="为发挥党组织在乡村振兴中的作用，按照地域相邻、行业相关、优势相补、自愿双向的原则，"
        "经双方党组织同意、县委组织部批准，双方结对共建，协议如下。",
        articles=tuple(
            Article(f"{NUMERALS[place]}、{heading}", lines)
            for place, (heading, lines) in enumerate(articles)
        ),
        signatures=(
            _signature("甲方", f"{facts.unit}党组织"),
            _signature("乙方", f"{facts.village}党组织"),
        ),
    )


NUMERALS = "一二三四五六七"


def _goals(goals: tuple[str, ...]) -> tuple[str, ...]:
    """In the order of the program, whatever order they were ticked in."""
    return tuple(text for code, text in GOAL_TEXTS.items() if code in goals)


def _term(facts: AgreementFacts) -> str:
    months = f"期限 {facts.term_months} 个月"
    if facts.since is None or facts.last_day is None:
        return f"{months}，自签订之日起算。"
    return f"{months}，自 {_written(facts.since)}起至 {_written(facts.last_day)}止。"


def _written(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _signature(side: str, name: str) -> tuple[str, ...]:
    return (f"{side}（盖章）：", name, "负责人（签字）：", "", "　　　年　　月　　日")
