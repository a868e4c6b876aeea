"""What was a pair's year worth, and what follows for the unit (R-3-06)?

Everything is counted in whole numbers and fractions; a score is kept in hundredths of a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lingyan.common.choices import Choice
from lingyan.common.flow import Transition
from lingyan.common.periods import add_days
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, TOWN, VILLAGE

HUNDREDTHS = 100
DEMO_SCORE = 90 * HUNDREDTHS  # pair.demo_score
OPENS_MONTH = 10  # the village looks back on the year from the first of October
OPENS_BEFORE_END = 60  # days before the pair's last day, so that it can be renewed or ended


class AssessmentItem(Choice):
    """年度考评的五项。依据：R-3-06。"""

    FIVE_ONES = "five_ones", "五个一"
    DEEDS = "deeds", "办实事、解难题"
    PROJECTS = "projects", "资金和项目"
    MEETINGS = "meetings", "联席会议和互访"
    VILLAGE = "village", "村评价"


class AssessmentState(Choice):
    EVALUATED = "evaluated", "村已评价"
    RETURNED = "returned", "退回重评"
    CONFIRMED = "confirmed", "已确认"


EVALUATORS = (*VILLAGE, *TOWN)  # the town writes down what a village said on paper

ASSESSMENT_FLOW: tuple[Transition, ...] = (
    Transition("", "evaluate", "evaluated", EVALUATORS, "评价结对单位",
               "10 月 1 日以后，或结对到期前 60 天内", "R-3-06"),
    Transition("returned", "evaluate", "evaluated", EVALUATORS, "重新评价", "", "R-3-06"),
    Transition("evaluated", "return", "returned", STAFF, "退回村重评", "写明原因", "R-3-06"),
    Transition("evaluated", "confirm", "confirmed", STAFF, "确认年度得分",
               "各项得分由系统取数；经办人不是评价人", "R-3-06"),
)  # fmt: skip

WEIGHTS: Mapping[str, int] = {
    AssessmentItem.FIVE_ONES: 40,
    AssessmentItem.DEEDS: 25,
    AssessmentItem.PROJECTS: 15,
    AssessmentItem.MEETINGS: 10,
    AssessmentItem.VILLAGE: 10,
}


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What the records of one pair say of one calendar year; money in fen."""

    five_ones: int = 0
    deeds: int = 0
    problems_raised: int = 0  # without those that were handed to somebody else
    problems_solved: int = 0
    projects: int = 0
    milestones_due: int = 0
    milestones_reached: int = 0
    committed: int = 0
    arrived: int = 0
    meetings_due: int = 0
    meetings_held: int = 0
    visits_due: int = 0
    visits_made: int = 0
    village_points: int = 0  # 0..100, said by the village


def _share(done: int, due: int) -> Fraction:
    return Fraction(min(done, due), due)


def _mean(shares: list[Fraction]) -> Fraction:
    return sum(shares, Fraction(0)) / len(shares)


def _deeds(facts: YearFacts) -> Fraction:
    """One deed is asked (五个一); problems count by how many of those raised are solved."""
    shares = [Fraction(1 if facts.deeds else 0)]
    if facts.problems_raised:
        shares.append(_share(facts.problems_solved, facts.problems_raised))
    return _mean(shares)


def _projects(facts: YearFacts) -> Fraction:
    """A project is asked (项目化推进); milestones and promised money count by what came true."""
    shares = [Fraction(1 if facts.projects else 0)]
    if facts.milestones_due:
        shares.append(_share(facts.milestones_reached, facts.milestones_due))
    if facts.committed:
        shares.append(_share(facts.arrived, facts.committed))
    return _mean(shares)


def _meetings(facts: YearFacts) -> Fraction:
    """What was due was done; a pair of whom nothing was due yet loses nothing."""
    pairs = ((facts.meetings_held, facts.meetings_due), (facts.visits_made, facts.visits_due))
    shares = [_share(done, due) for done, due in pairs if due]
    return _mean(shares) if shares else Fraction(1)


def shares_of(facts: YearFacts) -> dict[str, Fraction]:
    """Of each item, which part of its points was reached, 0 to 1."""
    return {
        AssessmentItem.FIVE_ONES: _share(facts.five_ones, 5),
        AssessmentItem.DEEDS: _deeds(facts),
        AssessmentItem.PROJECTS: _projects(facts),
        AssessmentItem.MEETINGS: _meetings(facts),
        AssessmentItem.VILLAGE: _share(facts.village_points, 100),
    }


def score_items(facts: YearFacts, weights: Mapping[str, int] = WEIGHTS) -> dict[str, int]:
    """Hundredths of a point per item, rounded down. `weights` add up to 100."""
    if sum(weights.values()) != 100:
        raise ValueError(f"考评五项权重之和应为 100，现为 {sum(weights.values())}")
    return {
        str(item): int(share * weights[item] * HUNDREDTHS)
        for item, share in shares_of(facts).items()
    }


def score_of(items: Mapping[str, int]) -> int:
    return sum(items.values())


def unit_score(scores: Iterable[int]) -> int | None:
    """The mean of the unit's pairs, in hundredths rounded down; None without any."""
    found = list(scores)
    return sum(found) // len(found) if found else None


def written(hundredths: int) -> str:
    """9050 → 90.50"""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"


def evaluation_opens(*, year: int, planned_until: date | None) -> date:
    """The first day on which the village may say how the year was."""
    opens = date(year, OPENS_MONTH, 1)
    if planned_until is None or planned_until.year > year:
        return opens
    return min(opens, add_days(planned_until, -OPENS_BEFORE_END))


def refuse_to_evaluate(
    *,
    year: int,
    today: date,
    since: date | None,
    planned_until: date | None,
    points: int,
    text: str,
) -> tuple[Refusal, ...]:
    refusals = []
    if since is None or since.year > year:
        refusals.append(Refusal("pairing.assessment_no_year", "这一年还没有开始结对，不用评价"))
    opens = evaluation_opens(year=year, planned_until=planned_until)
    if today < opens:
        refusals.append(
            Refusal(
                "pairing.assessment_early",
                f"{year} 年度评价从 {opens:%Y-%m-%d} 开始，请到时再评",
            )
        )
    if not 0 <= points <= 100:
        refusals.append(Refusal("pairing.assessment_points", "评价分应在 0 至 100 之间"))
    if not text.strip():
        refusals.append(Refusal("pairing.assessment_text", "请写一句话说明这样评价的理由"))
    return tuple(refusals)


AUDIT_TEXTS = {
    "pairing.assessment.evaluated": "评价结对单位",
    "pairing.assessment.returned": "退回结对评价",
    "pairing.assessment.confirmed": "确认结对年度得分",
}
