"""What is a score worth, which grade follows from it, and who may be 优秀 (2.9)?

Everything is counted in whole numbers and fractions; nothing is rounded before it is compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalPart

FULL = 100
WEIGHTS = {"town": 40, "mass": 30, "county": 20, "unit": 10}  # appraisal.weights
TOWN_MASS_MIN = 60  # appraisal.town_mass_min
EXCELLENT_MAX = 30  # appraisal.excellent_max, percent of the county
BANDS = (90, 70, 60)
INDICATORS_MAX = 10
BEST, *_, WORST = AppraisalGrade
ORDER = {grade: number for number, grade in enumerate(AppraisalGrade)}
# 7.7: below ten valid ballots no rate and no mean is told.
SMALLEST_SAMPLE = 10
SATISFIED_POINTS, BASIC_POINTS = 100, 70


@dataclass(frozen=True, slots=True)
class Indicator:
    name: str
    most: int


# D1 to D5 of R-2-07 for the town; county and unit say one number each.
INDICATORS: Mapping[str, tuple[Indicator, ...]] = {
    "town": (
        Indicator("宣传党的政策", 20),
        Indicator("建强村党组织", 20),
        Indicator("推进强村富民", 20),
        Indicator("提升治理水平", 20),
        Indicator("为民办事服务", 20),
    ),
    "county": (Indicator("综合评价", 100),),
    "unit": (Indicator("综合评价", 100),),
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """Weights in percent, indicators of each side, the lower ends of the bands, the cap."""

    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    indicators: Mapping[str, tuple[Indicator, ...]] = field(default_factory=lambda: INDICATORS)
    bands: tuple[int, ...] = BANDS
    excellent_max: int = EXCELLENT_MAX

    def weight(self, part: str) -> int:
        return self.weights.get(part, 0)

    def parts(self, *, has_unit: bool = True) -> tuple[AppraisalPart, ...]:
        """The sides that are asked; nobody speaks for a unit where there is none."""
        return tuple(
            part
            for part in AppraisalPart
            if self.weight(part) and (has_unit or part is not AppraisalPart.UNIT)
        )

    @property
    def has_ballots(self) -> bool:
        return self.weight(AppraisalPart.MASS) > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "weights": dict(self.weights),
            "indicators": {
                part: [[one.name, one.most] for one in items]
                for part, items in self.indicators.items()
            },
            "bands": list(self.bands),
            "excellent_max": self.excellent_max,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Scheme:
        return cls(
            weights=dict(said["weights"]),
            indicators={
                part: tuple(Indicator(name, most) for name, most in items)
                for part, items in said["indicators"].items()
            },
            bands=tuple(said["bands"]),
            excellent_max=said["excellent_max"],
        )


# --- the masses -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots on one person, counted. 不了解 is a ballot, but no opinion."""

    satisfied: int = 0
    basic: int = 0
    unsatisfied: int = 0
    unknown: int = 0

    @property
    def valid(self) -> int:
        return self.satisfied + self.basic + self.unsatisfied

    @property
    def total(self) -> int:
        return self.valid + self.unknown

    @property
    def is_told(self) -> bool:
        return self.valid >= SMALLEST_SAMPLE

    @property
    def score(self) -> Fraction | None:
        """满意 100、基本满意 70、不满意 0, the mean; 不了解 is left out (R-2-28)."""
        if not self.is_told:
            return None
        points = SATISFIED_POINTS * self.satisfied + BASIC_POINTS * self.basic
        return Fraction(points, self.valid)

    @property
    def satisfaction(self) -> Fraction | None:
        """满意 and 基本满意 of the valid ones (7.7); None where the sample is too small."""
        return Fraction(self.satisfied + self.basic, self.valid) if self.is_told else None


# --- score and grade ------------------------------------------------------------------------------


def total_score(scheme: Scheme, parts: Mapping[str, Fraction | int]) -> Fraction:
    """The weighted mean of the sides that were asked.

    依据：R-2-28 权重按百分比；没有派出单位的，其余各方按原比例折算。
    """
    weight = sum(scheme.weight(part) for part in parts)
    weighed = (scheme.weight(part) * Fraction(score) for part, score in parts.items())
    points = sum(weighed, Fraction())
    return points / weight


def band_grade(scheme: Scheme, score: Fraction) -> AppraisalGrade:
    """The exact score against the lower ends of the bands, which belong to the band."""
    for grade, least in zip(AppraisalGrade, scheme.bands, strict=False):
        if score >= least:
            return grade
    return WORST


def worse(first: AppraisalGrade, second: AppraisalGrade) -> AppraisalGrade:
    return max(first, second, key=ORDER.__getitem__)


def is_at_least(grade: str, least: AppraisalGrade) -> bool:
    return ORDER[AppraisalGrade(grade)] <= ORDER[least]


def excellent_room(scheme: Scheme, people: int) -> int:
    """How many 优秀 the county may give: a share that may be reached, not passed."""
    return scheme.excellent_max * people // 100


@dataclass(frozen=True, slots=True)
class Contender:
    """One person as the ranking sees it."""

    key: Hashable
    score: Fraction
    mass: Fraction | None
    ceiling: AppraisalGrade = BEST
    absences: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Rank and grade of one person, and in words what kept it from the grade of its score."""

    rank: int
    grade: AppraisalGrade
    note: str = ""


def standings(scheme: Scheme, people: Sequence[Contender]) -> dict[Hashable, Standing]:
    """Rank everybody, then give the grades.

    1. By the exact score; equal scores by the score of the masses. Equal in both is one rank.
    2. The grade of the score, but not above the ceiling that absences leave (R-2-24).
    3. 优秀 goes down the ranks while there is room. A rank that does not fit whole gets none, nor
       does anybody below it: no order of a list decides between people. 依据：R-2-28。
    """
    found: dict[Hashable, Standing] = {}
    room = excellent_room(scheme, len(people))
    rank, is_open = 1, True
    for _, tied in groupby(sorted(people, key=_better_first), key=_better_first):
        group = list(tied)
        wishing = [one for one in group if _by_score(scheme, one) is BEST]
        is_split = is_open and 0 < room < len(wishing)
        is_open = is_open and len(wishing) <= room
        for one in group:
            found[one.key] = Standing(rank, *_graded(scheme, one, is_open, is_split))
        room -= len(wishing) if is_open else 0
        rank += len(group)
    return found


def _better_first(one: Contender) -> tuple[Fraction, Fraction]:
    return -one.score, -(one.mass or Fraction())


def _by_score(scheme: Scheme, one: Contender) -> AppraisalGrade:
    return worse(band_grade(scheme, one.score), one.ceiling)


def _graded(
    scheme: Scheme, one: Contender, is_open: bool, is_split: bool
) -> tuple[AppraisalGrade, str]:
    by_band, by_score = band_grade(scheme, one.score), _by_score(scheme, one)
    if by_score is not by_band:
        most = "定为" if by_score is WORST else "最高"
        return by_score, f"年内认定脱岗 {one.absences} 次，{most}{by_score.label}"
    if by_score is BEST and not is_open:
        why = "与他人并列，" if is_split else ""
        return AppraisalGrade.COMPETENT, f"{why}优秀名额不超过 {scheme.excellent_max}%，名额已满"
    return by_score, ""


# --- how figures are written ----------------------------------------------------------------------


def written(score: Fraction | None, digits: int = 2) -> str:
    """Half up, for reading only (R-0-16): grades go by the exact figure."""
    if score is None:
        return ""
    exact = Decimal(score.numerator) / Decimal(score.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def percent(rate: Fraction | None) -> str:
    return f"{written(rate * 100, 1)}%" if rate is not None else ""


# --- what others ask ------------------------------------------------------------------------------

COUNTING_KINDS = ("annual", "term_end")


def may_be_honoured(grades: Iterable[tuple[str, str]]) -> bool:
    """Has somebody a final annual or term appraisal of 称职 or better? 依据：R-2-28、G-16。

    `grades` are (kind, grade) of archived appraisals only; a quarterly one does not count.
    """
    return any(
        kind in COUNTING_KINDS and is_at_least(grade, AppraisalGrade.COMPETENT)
        for kind, grade in grades
    )
