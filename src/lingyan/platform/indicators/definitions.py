"""What is an indicator: which records, how they are counted, and how the number is written?

One definition serves pages, files, the API, the command line and briefings. The number is
computed from the records that it shows, so another count of the records gives it again.

依据：R-0-13 至 R-0-17。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol

from lingyan.common.choices import Choice
from lingyan.common.money import show_wan
from lingyan.common.periods import Period
from lingyan.common.wording import approximately
from lingyan.platform.accounts.actor import Scope

NOTHING_TO_TELL = "—"
TOO_FEW = "样本不足"

UNITS = frozenset(
    ("人", "人次", "人(次)", "件", "件次", "场(次)", "次", "期", "份", "户", "个", "家", "对", "项",
     "元", "岁", "%", "个百分点", "个月", "天")
)  # fmt: skip
"""What an indicator may count (R-0-13); 元 is written in 万元 where it is large."""


class PeriodKind(Choice):
    OF_DAY = "of_day", "统计日"
    OF_PERIOD = "of_period", "统计期"
    OF_YEAR = "of_year", "统计日所在年度"


class Measure(Choice):
    """What is made of the parts that all records add up to."""

    NUMBER = "number", "计数"
    TOTAL = "total", "合计"
    SHARE = "share", "占比"
    MEAN = "mean", "平均"
    CHANGE = "change", "平均之差"
    POINTS = "points", "占比之差"
    GROWTH = "growth", "增长率"


ROUNDED = frozenset(
    (Measure.SHARE, Measure.MEAN, Measure.CHANGE, Measure.POINTS, Measure.GROWTH)
)  # to one digit, half up (R-0-16)


@dataclass(frozen=True, slots=True)
class Question:
    """Of which area, as at which day, of which period is asked.

    `period` is half-open; `on` is its last day, or today where that lies ahead.
    """

    scope: Scope
    on: date
    period: Period


@dataclass(frozen=True, slots=True)
class Parts:
    """What may be added up over areas, so that shares and averages roll up rightly.

    `base_part` and `base_of` are those of the term or period that is compared with. A number of
    distinct things is no sum over areas: it is counted anew for each.
    """

    part: Fraction = Fraction(0)
    of: int = 0
    base_part: Fraction = Fraction(0)
    base_of: int = 0

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.part + other.part,
            self.of + other.of,
            self.base_part + other.base_part,
            self.base_of + other.base_of,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a number: what a list shows of it, and what it adds.

    `key` is that of the row; where a number counts a part of it, such as a month of a case, that
    stands behind a colon. One row may be in both the number and its base. `counts` names the thing
    that is counted once however many records name it. `cells` are in the order of the indicator's
    `heads`; `url` is empty where nothing opens. `people` are the keys of those whom the cells name
    where the row is not theirs, such as the secretary of a village.
    """

    label: str  # of the model, such as pairing.PairActivity
    key: str
    path: str  # of the place where it lies; empty where it lies nowhere
    cells: tuple[str | int | Decimal | date, ...]
    url: str = ""
    part: Fraction | Decimal | int = 1
    of: int = 1
    counts: str = ""
    is_base: bool = False
    people: tuple[str, ...] = ()


def add_up(records: Iterable[Record]) -> Parts:
    """The parts again, from the records that stand there, in whatever order.

    Of what several records name the largest part counts: a secretary of two villages of whom one
    shows a capability has it.
    """
    once: dict[tuple[bool, str], tuple[Fraction | int, int]] = {}
    found: list[Fraction | int] = [0, 0]
    of = [0, 0]
    for one in records:
        part = Fraction(one.part) if isinstance(one.part, Decimal) else one.part
        if one.counts:
            known, known_of = once.get((one.is_base, one.counts), (part, 0))
            once[one.is_base, one.counts] = (max(part, known), max(one.of, known_of))
        else:
            found[one.is_base] += part
            of[one.is_base] += one.of
    for (is_base, _), (part, part_of) in once.items():
        found[is_base] += part
        of[is_base] += part_of
    return Parts(Fraction(found[0]), of[0], Fraction(found[1]), of[1])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part of the records behind a number, as far as the reader may see them."""

    records: list[Record]
    count: int  # of the records that the reader may see and that the search leaves
    hidden: int  # further records that the number counts and that lie outside the reader's scope
    own: Parts  # of the records that the reader may see


class Source(Protocol):
    """Where the records come from: see `sources`."""

    def parts(self, question: Question) -> Parts: ...

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        """Of each place that has any; the places do not contain each other."""
        ...

    def with_places(
        self, question: Question, paths: Sequence[str]
    ) -> tuple[Parts, dict[str, Parts]]:
        """Both in one reading where the records are worked out first."""
        ...

    def evidence(
        self,
        question: Question,
        reader: Scope,
        *,
        text: str = "",
        start: int = 0,
        stop: int | None = None,
    ) -> Evidence: ...

    @property
    def searches(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Indicator:
    """`code` is the rulebook's (IND-3-03), `rows` those of the articles that it serves (X12).

    A new way of counting is a new `version`; what was issued under the old one stays as it was.
    """

    code: str
    name: str
    unit: str
    basis: str  # what counts, in a sentence
    kind: PeriodKind
    measure: Measure
    source: Source
    heads: tuple[str, ...]  # of the cells of its records
    group: str  # the module, as the menu names it
    rule: str  # where the way of counting comes from
    readers: tuple[str, ...]  # roles that may read the number and, of the records, their own
    openers: tuple[str, ...] = ()  # roles for whom a record opens
    rows: tuple[str, ...] = ()
    version: int = 1
    shown_from: int = 0  # fewer than that together, and the share is not told (7.7)
    is_good_high: bool | None = None  # whether more is better; None where neither
    within: str = ""  # path of the county that asks for it; empty where the product does
    words: Callable[[Parts], str] | None = field(default=None, compare=False)
    notes: Callable[[Question], list[str]] | None = field(default=None, compare=False)

    def parts(self, question: Question) -> Parts:
        return self.source.parts(question)

    def exact(self, parts: Parts) -> Fraction | None:
        """The number without rounding, in base units; None where there is nothing to divide by."""
        return exact_of(self.measure, parts)

    def is_told(self, parts: Parts) -> bool:
        """Whether so few together may be told at all; of nobody there is nothing to protect."""
        return not parts.of or parts.of >= self.shown_from

    def value(self, parts: Parts) -> Decimal | None:
        """As it is kept and compared: whole, to the fen, or to one digit half up (R-0-16)."""
        exact = self.exact(parts)
        if exact is None or not self.is_told(parts):
            return None
        return rounded(exact, self.places)

    @property
    def places(self) -> Decimal:
        return places_of(self.measure, self.unit)

    def shown(self, parts: Parts) -> str:
        """On a page, without the unit: 1,234, 32.5 万元, 77.2."""
        value = self.value(parts)
        if value is None:
            return NOTHING_TO_TELL if self.is_told(parts) else TOO_FEW
        return show_wan(value) if self.unit == "元" else f"{value:,}"

    def written(self, parts: Parts) -> str:
        """As a text has it, and true of the value (R-0-17): 183个, 560余场, 下降6.4岁."""
        value = self.value(parts)
        if value is None:
            return self.shown(parts)
        if self.words is not None:
            return self.words(parts)
        if self.measure in ROUNDED or (self.kind == PeriodKind.OF_DAY and self.unit != "元"):
            return f"{value}{self.unit}"
        return approximately(value, self.unit)


def exact_of(measure: Measure, parts: Parts) -> Fraction | None:
    """The number without rounding, in base units; None where there is nothing to divide by."""
    part, of, old, old_of = parts.part, parts.of, parts.base_part, parts.base_of
    match measure:
        case Measure.NUMBER | Measure.TOTAL:
            return part
        case Measure.SHARE:
            return 100 * part / of if of else None
        case Measure.MEAN:
            return part / of if of else None
        case Measure.CHANGE:
            return part / of - old / old_of if of and old_of else None
        case Measure.POINTS:
            return 100 * part / of - 100 * old / old_of if of and old_of else None
        case _:
            return 100 * (part - old) / old if old else None


def places_of(measure: Measure, unit: str) -> Decimal:
    """To which digit a value is kept (R-0-16)."""
    if measure in ROUNDED:
        return Decimal("0.1")
    return Decimal("0.01") if unit == "元" else Decimal(1)


def rounded(value: Fraction, places: Decimal) -> Decimal:
    """Half up, away from nothing, without a float in between."""
    steps = abs(value) / Fraction(places)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    found = (Decimal(whole) * places).quantize(places, ROUND_HALF_UP)
    return -found if value < 0 and found else found
