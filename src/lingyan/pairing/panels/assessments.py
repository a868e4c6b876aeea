"""What do the pages of a pair's year show, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.rules.hands import STAFF, UNIT, VILLAGE
from lingyan.pairing.models import PairAssessment, Pairing
from lingyan.pairing.panels.pair_page import Section
from lingyan.pairing.queries import assessments as queries
from lingyan.pairing.queries import liveliness as lively
from lingyan.pairing.rules import assessments as rules
from lingyan.pairing.rules.assessments import AssessmentItem, YearFacts
from lingyan.pairing.rules.liveliness import Liveliness, liveliness, suggestions
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

FIRST_YEAR = 2020
TONES = {Liveliness.ALIVE: "g", Liveliness.QUIET: "y", Liveliness.ASLEEP: "r"}


def year_asked(text: str) -> int:
    this = clock.today().year
    return int(text) if text.isdigit() and FIRST_YEAR <= int(text) <= this else this


def years() -> list[tuple[str, str]]:
    this = clock.today().year
    return [(str(year), f"{year} 年") for year in range(this, this - 4, -1)]


# --- one pair's year ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One of the five items: its points so far, of how many, and the records that say so."""

    label: str
    points: str
    most: int
    said: str


def facts_of(assessment: PairAssessment | None, pairing: Pairing, year: int) -> YearFacts:
    """The facts as they were frozen, or as the records say today."""
    if assessment and assessment.score is not None:
        return YearFacts(**assessment.facts)
    if assessment:
        return queries.facts_of_year([assessment])[assessment.pk]
    return queries.facts_of_pairs([pairing], year)[pairing.pk]


def item_lines(facts: YearFacts, *, evaluated: bool) -> list[ItemLine]:
    scores = rules.score_items(facts)
    said = {
        AssessmentItem.FIVE_ONES: f"五个一完成 {facts.five_ones} 项",
        AssessmentItem.DEEDS: (
            f"群众确认的实事 {facts.deeds} 件；"
            f"问题提出 {facts.problems_raised} 个、解决 {facts.problems_solved} 个"
        ),
        AssessmentItem.PROJECTS: (
            f"项目 {facts.projects} 个；节点到期 {facts.milestones_due} 个、"
            f"完成 {facts.milestones_reached} 个；资金{_share_of_money(facts)}"
        ),
        AssessmentItem.MEETINGS: (
            f"联席会议应开 {facts.meetings_due} 次、开了 {facts.meetings_held} 次；"
            f"单位应走访 {facts.visits_due} 次、走访 {facts.visits_made} 次"
        ),
        AssessmentItem.VILLAGE: f"{facts.village_points} 分" if evaluated else "村里还没有评价",
    }
    return [
        ItemLine(item.label, rules.written(scores[item]), rules.WEIGHTS[item], said[item])
        for item in AssessmentItem
    ]


def _share_of_money(facts: YearFacts) -> str:
    if not facts.committed:
        return "没有约定"
    return f"到位 {min(facts.arrived, facts.committed) * 100 // facts.committed}%"


def total_of(facts: YearFacts) -> str:
    return rules.written(rules.score_of(rules.score_items(facts)))


def is_changed(assessment: PairAssessment) -> bool:
    """Whether the records say something else today than when the year was confirmed."""
    if assessment.score is None:
        return False
    now = asdict(queries.facts_of_year([assessment])[assessment.pk])
    return bool(now != assessment.facts)


def section(pairing: Pairing, actor: Actor) -> Section | None:
    """On the page of a pair: how it goes this year, what to do next, the year's points."""
    if pairing.since is None:
        return None
    today = clock.today()
    year = today.year if pairing.until is None else pairing.until.year
    found = list(pairing.assessments.order_by("-year"))
    of_year = next((one for one in found if one.year == year), None)
    is_active = pairing.state == "active"
    steps = lively.next_steps([pairing], today)[pairing.pk] if is_active else None
    return Section(
        "活跃度和年度考评",
        "pairing/_year_of_pair.html",
        {
            "year": year,
            "of_year": of_year,
            "total": total_of(facts_of(of_year, pairing, year)),
            "earlier": [one for one in found if one.year != year],
            "line": line_of(pairing, today) if is_active else None,
            "suggestions": [text for _, text in suggestions(steps)] if steps else [],
        },
    )


# --- alive or asleep ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair with the days since its last event; the word and colour of its liveliness."""

    pairing: Pairing
    days: int
    label: str
    tone: str
    done: int = 0
    next_step: str = ""
    more: int = 0


def line_of(pairing: Pairing, today: date, **said: Any) -> PairLine:
    days = (today - (pairing.still_since or today)).days
    state = liveliness(days)
    return PairLine(pairing, days, state.label, TONES[state], **said)


def lines_of(pairings: Collection[Pairing], today: date) -> list[PairLine]:
    """The pairs of one page, each with how many of the five are done and what is nearest."""
    steps = lively.next_steps(pairings, today)
    lines = []
    for one in pairings:
        owed = suggestions(steps[one.pk])
        lines.append(
            line_of(
                one, today, done=5 - len(steps[one.pk].missing),
                next_step=owed[0][1] if owed else "", more=max(0, len(owed) - 1),
            )
        )  # fmt: skip
    return lines


# --- the worklist ---------------------------------------------------------------------------------


def _to_evaluate(actor: Actor) -> Iterable[Waiting]:
    today = clock.today()
    year = today.year
    if today >= date(year, rules.OPENS_MONTH, 1):
        rows = queries.list_assessable(actor.scope, year).filter(queries.assessed_q(year, "open"))
        yield Waiting(
            "对结对请村里作年度评价", "评一个分，写一句话，一分钟",
            rows, page_of("pair_assessment_list", year=str(year), state="open"),
            due_on=date(year, 12, 31), icon="scale",
        )  # fmt: skip
    yield Waiting(
        "份结对评价被退回", "看过退回原因后重新评价",
        queries.list_returned(actor.scope), page_of("pair_assessment_list", state="returned"),
        icon="scale",
    )  # fmt: skip


def _to_confirm(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "份结对年度评价待确认", "各项得分由系统取数，可以一次确认",
        queries.list_evaluated(actor.scope),
        page_of("pair_assessment_list", state="evaluated"), icon="scale",
    )  # fmt: skip


def _asleep(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "对结对一个季度没有动静", "看看建议做什么",
        lively.list_asleep(actor.scope, clock.today()),
        page_of("pair_liveliness", still="asleep"), icon="warning",
    )  # fmt: skip


SOURCES = (
    (VILLAGE, _to_evaluate),
    (STAFF, _to_confirm),
    ((*UNIT, *VILLAGE, *STAFF), _asleep),
)


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)
