"""How does the new team of the villages differ from the old one?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lingyan.common.choices import Choice
from lingyan.common.periods import full_years
from lingyan.organization.rules.education import is_high_school

YOUNG_AGE = 35
ONE_DIGIT = Decimal("0.1")


class AgeMode(Choice):
    """依据：R-1-34（age.mode）。"""

    COMPLETED = "completed", "周岁"
    DECIMAL = "decimal", "精确到小数"


class Reference(Choice):
    """依据：R-1-35（age.reference）。"""

    SAME_DATE = "same_date", "两届都按新一届起始日"
    EACH_START = "each_term_start", "各按本届起始日"


class TeamScope(Choice):
    """依据：R-1-39：文件一句话里两种范围都有，两种都算。"""

    TWO_COMMITTEES = "two_committees", "“两委”班子成员"
    ONE_SHOULDER = "one_shoulder", "“一肩挑”书记"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a team, with the day at which the own age is taken."""

    person: str
    birth_on: date | None
    gender: str
    education: str
    sources: Collection[str]
    counted_on: date


def age_of(birth_on: date, on: date, mode: str) -> Fraction:
    """Completed years, or years with the part of the last one in days. 依据：R-1-34。"""
    whole = full_years(birth_on, on)
    if mode == AgeMode.COMPLETED:
        return Fraction(whole)
    last = _birthday(birth_on, birth_on.year + whole)
    following = _birthday(birth_on, birth_on.year + whole + 1)
    return whole + Fraction((on - last).days, (following - last).days)


def _birthday(birth_on: date, year: int) -> date:
    try:
        return birth_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def one_digit(value: Fraction | int) -> Decimal:
    """One digit, half up (R-0-16)."""
    exact = Fraction(value)
    tenths = (Decimal((exact * 100).numerator) / Decimal((exact * 100).denominator)) / 100
    return tenths.quantize(ONE_DIGIT, ROUND_HALF_UP)


def distinct(members: Iterable[Member]) -> list[Member]:
    """Each person once, whatever number of posts (A.6)."""
    return list({one.person: one for one in members}.values())


@dataclass(frozen=True, slots=True)
class Team:
    """One team of all villages together (R-1-37: weighted by members, not by villages)."""

    count: int
    with_birth: int
    mean_age: Fraction | None
    schooled: int
    with_source: int
    women: int
    young: int

    @property
    def age(self) -> Decimal | None:
        return None if self.mean_age is None else one_digit(self.mean_age)

    def share(self, part: int) -> Decimal | None:
        return one_digit(Fraction(100 * part, self.count)) if self.count else None

    @property
    def schooled_share(self) -> Decimal | None:
        return self.share(self.schooled)

    @property
    def source_share(self) -> Decimal | None:
        return self.share(self.with_source)

    @property
    def women_share(self) -> Decimal | None:
        return self.share(self.women)

    @property
    def young_share(self) -> Decimal | None:
        return self.share(self.young)


def team_of(members: Iterable[Member], mode: str = AgeMode.COMPLETED) -> Team:
    """依据：R-1-24、R-1-33、R-1-34、R-1-37；没有登记出生日期的不计入平均年龄。"""
    people = distinct(members)
    ages = [age_of(one.birth_on, one.counted_on, mode) for one in people if one.birth_on]
    return Team(
        count=len(people),
        with_birth=len(ages),
        mean_age=Fraction(sum(ages), len(ages)) if ages else None,
        schooled=sum(is_high_school(one.education) for one in people),
        with_source=sum(bool(one.sources) for one in people),
        women=sum(one.gender == "female" for one in people),
        young=sum(age <= YOUNG_AGE for age in ages),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """New against old; where the article's word is ambiguous both readings stand (R-1-38)."""

    new: Team
    old: Team

    @property
    def age_change(self) -> Decimal | None:
        """Of the unrounded means, so that it is what both are apart (R-1-37)."""
        if self.new.mean_age is None or self.old.mean_age is None:
            return None
        return one_digit(self.new.mean_age - self.old.mean_age)

    @property
    def schooled_points(self) -> Decimal | None:
        """share_points: 个百分点 of the share among the members."""
        if not (self.new.count and self.old.count):
            return None
        return one_digit(
            Fraction(100 * self.new.schooled, self.new.count)
            - Fraction(100 * self.old.schooled, self.old.count)
        )

    @property
    def schooled_growth(self) -> Decimal | None:
        """headcount_growth: relative growth of the headcount, in %."""
        if not self.old.schooled:
            return None
        return one_digit(Fraction(100 * (self.new.schooled - self.old.schooled), self.old.schooled))


def said_of_age(change: Decimal | None) -> str:
    """“下降 6.4 岁” when it is less (R-1-37)."""
    if change is None:
        return "—"
    if not change:
        return "持平"
    return f"{'下降' if change < 0 else '上升'} {abs(change)} 岁"


def said_of_share(change: Decimal | None, unit: str) -> str:
    if change is None:
        return "—"
    if not change:
        return "持平"
    return f"{'下降' if change < 0 else '提升'} {abs(change)}{unit}"


def compared(new: Sequence[Member], old: Sequence[Member], mode: str) -> Comparison:
    return Comparison(team_of(new, mode), team_of(old, mode))
