"""How does a month of presence look, for one person and for many?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, month_of
from lingyan.posting.models import MonthPresence, Posting
from lingyan.posting.queries import presence as queries
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import presence as rules
from lingyan.posting.rules.life_words import Whereabouts
from lingyan.posting.rules.support_words import StandardKey

TONE_OF_WORD = {
    Whereabouts.IN_VILLAGE: "g",
    Whereabouts.ON_LEAVE: "y",
    Whereabouts.ERRAND: "b",
    Whereabouts.NO_RECORD: "",
}


@dataclass(frozen=True, slots=True)
class MonthLine:
    posting: Posting
    figures: rules.MonthFigures
    confirmed: int | None
    wanted: int = rules.MONTH_DAYS

    @property
    def is_short(self) -> bool:
        days = self.figures.count if self.confirmed is None else self.confirmed
        return days < self.wanted


def month_lines(postings: Sequence[Posting], period: Period) -> list[MonthLine]:
    """The page's postings with their figures; as many queries as there are sources, and three."""
    keys: list[UUID] = [one.pk for one in postings]
    figures = queries.figures_of(keys, period.since)
    said = queries.confirmed_months(keys, period.since)
    numbers = numbers_on(period.last_day)
    return [
        MonthLine(
            one, figures[one.pk], said.get(one.pk, {}).get(period.since),
            numbers.of(one.village.path, StandardKey.MONTH_DAYS),
        )
        for one in postings
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month as the calendar shows it."""

    on: date
    word: str
    tone: str
    facts: tuple[rules.PresenceFact, ...]
    in_month: bool


@dataclass(frozen=True, slots=True)
class ShownMonth:
    period: Period
    figures: rules.MonthFigures
    weeks: tuple[tuple[DayCell, ...], ...]
    facts: tuple[rules.PresenceFact, ...]
    confirmed: MonthPresence | None
    due_on: date
    longest: int
    is_over: bool
    may_confirm: bool


def month_of_posting(posting: Posting, month: date) -> ShownMonth:
    """Everything that is known of one person's month."""
    period = month_of(month)
    facts = queries.facts_between([posting.pk], period.since, period.until).get(posting.pk, [])
    figures = queries.figures_of([posting.pk], month)[posting.pk]
    confirmed = queries.find_month(posting, month)
    longest = rules.days_in_post(period, posting.came_on, posting.until)
    over = clock.today() >= period.until
    return ShownMonth(
        period=period,
        figures=figures,
        weeks=tuple(_weeks(period, figures, facts)),
        facts=tuple(facts),
        confirmed=confirmed,
        due_on=rules.confirm_due(period.since),
        longest=longest,
        is_over=over,
        may_confirm=over and longest > 0 and confirmed is None,
    )


def _weeks(
    period: Period, figures: rules.MonthFigures, facts: Iterable[rules.PresenceFact]
) -> list[tuple[DayCell, ...]]:
    by_day: dict[date, list[rules.PresenceFact]] = {}
    for fact in facts:
        by_day.setdefault(fact.on, []).append(fact)
    day = period.since - timedelta(days=period.since.weekday())
    weeks = []
    while day < period.until:
        week = [day + ONE_DAY * number for number in range(7)]
        weeks.append(tuple(_cell(one, period, figures, by_day.get(one, [])) for one in week))
        day += timedelta(days=7)
    return weeks


def _cell(
    day: date, period: Period, figures: rules.MonthFigures, facts: Sequence[rules.PresenceFact]
) -> DayCell:
    word, tone = _word(day, figures)
    return DayCell(day, word, tone, tuple(facts), day in period)


def _word(day: date, figures: rules.MonthFigures) -> tuple[str, str]:
    if day in figures.leave_days:
        return ("请假有记录", "r") if day in figures.fact_days else ("请假", "y")
    if day in figures.fact_days:
        return "在村", "g"
    return ("公出", "b") if day in figures.errand_days else ("", "")
