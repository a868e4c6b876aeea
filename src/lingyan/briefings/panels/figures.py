"""What does a page show of an indicator: its number, how it moved, places side by side, records?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.safestring import SafeString

from lingyan.briefings.queries import figures as queries
from lingyan.briefings.queries.asking import Asked, key_of_place, query_of
from lingyan.briefings.queries.figures import OfPlace
from lingyan.briefings.rules.figure_cells import COMPARING, cells_of, heads_of
from lingyan.briefings.rules.periods import Told, as_far_as, earlier
from lingyan.common.money import show_money, show_wan
from lingyan.common.periods import add_months, add_years, month_of, year_of
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators.definitions import (
    TOO_FEW,
    Indicator,
    Parts,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.ui.charts import Point, bars, line

TREND_MONTHS, TREND_YEARS = 12, 4


# --- one number -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """How a number stands to that of an earlier time."""

    label: str
    dates: str
    shown: str  # what it was then
    change: str  # how far it moved, with its sign; empty where nothing can be said
    sign: str  # ▲, ▼ or nothing
    tone: str  # up or down as the style sheet calls better and worse
    url: str


@dataclass(frozen=True, slots=True)
class Tile:
    indicator: Indicator
    parts: Parts
    url: str
    moved: tuple[Moved, ...] = ()

    @property
    def shown(self) -> str:
        """The number, without its unit."""
        return number_and_unit(self.indicator, self.parts)[0]

    @property
    def unit(self) -> str:
        return number_and_unit(self.indicator, self.parts)[1]

    @property
    def written(self) -> str:
        return self.indicator.written(self.parts)


def number_and_unit(indicator: Indicator, parts: Parts) -> tuple[str, str]:
    """A sum says by itself whether it is in 元 or 万元; what is not told has no unit."""
    shown = indicator.shown(parts)
    if indicator.value(parts) is None:
        return shown, ""
    number, _, unit = shown.partition(" ")
    return number, unit or indicator.unit


def told_whole(indicator: Indicator, parts: Parts) -> str:
    return " ".join(number_and_unit(indicator, parts)).rstrip()


def tile(
    indicator: Indicator, asked: Asked, *, compared: int = 0, parts: Parts | None = None
) -> Tile:
    """The number with at most so many comparisons; each costs as much as the number itself."""
    if parts is None:
        parts = queries.parts_of(indicator, asked.question)
    moved = tuple(movements(indicator, asked, parts, compared)) if compared else ()
    return Tile(indicator, parts, address(indicator, asked), moved)


def address(indicator: Indicator, asked: Asked, page: str = "figure_detail") -> str:
    return with_query(reverse(page, args=[indicator.code]), asked.query)


def with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def movements(indicator: Indicator, asked: Asked, parts: Parts, most: int) -> list[Moved]:
    """Against the same of last year first, then against the period before."""
    if indicator.measure in COMPARING:
        return []
    others = earlier(asked.told, indicator.kind)[::-1][:most]
    return [_moved(indicator, asked, parts, one.label, one.told) for one in others]


def _moved(indicator: Indicator, asked: Asked, now: Parts, label: str, told: Told) -> Moved:
    then = queries.parts_of(indicator, Question(asked.area.scope, told.on, told.period))
    new, old = indicator.value(now), indicator.value(then)
    difference = new - old if new is not None and old is not None else None
    query = query_of(asked.area.key, told)
    return Moved(
        label,
        str(told.on) if indicator.kind == PeriodKind.OF_DAY else told.dates,
        told_whole(indicator, then),
        _change(indicator, difference, old),
        "" if not difference else "▲" if difference > 0 else "▼",
        _tone(indicator, difference),
        with_query(reverse("figure_detail", args=[indicator.code]), query),
    )


def _change(indicator: Indicator, difference: Decimal | None, old: Decimal | None) -> str:
    if difference is None:
        return ""
    if not difference:
        return "持平"
    way = "增加" if difference > 0 else "减少"
    size = abs(difference)
    if indicator.unit == "%":
        return f"{way} {size:,} 个百分点"
    told = show_wan(size) if indicator.unit == "元" else f"{size:,} {indicator.unit}"
    return f"{way} {told}{_share(size, old)}"


def _share(size: Decimal, old: Decimal | None) -> str:
    if not old or old < 0:
        return ""
    tenths = (Fraction(size) / Fraction(old) * 2000 + 1) // 2
    return f"（{Decimal(tenths) / 10:.1f}%）"


def _tone(indicator: Indicator, difference: Decimal | None) -> str:
    if not difference or indicator.is_good_high is None:
        return ""
    return "up" if (difference > 0) == indicator.is_good_high else "down"


# --- places side by side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceRow:
    place: Place
    shown: str
    url: str
    value: Decimal | None


def side_by_side(
    indicator: Indicator, asked: Asked, actor: Actor, page: str = ""
) -> tuple[Parts, list[PlaceRow]]:
    """The number and its places, each leading to the same page about itself: the indicator's
    or `page`.
    """
    places = queries.places_within(actor, asked.area.scope)
    url = page or reverse("figure_detail", args=[indicator.code])
    parts, beside = queries.with_places(indicator, asked.question, places)
    return parts, [
        _place_row(indicator, one, with_query(url, _query(asked, actor, one.place)))
        for one in beside
    ]


def _query(asked: Asked, actor: Actor, place: Place) -> str:
    return query_of(key_of_place(actor, place), asked.told)


def _place_row(indicator: Indicator, one: OfPlace, url: str) -> PlaceRow:
    shown = told_whole(indicator, one.parts) if one.is_told else TOO_FEW
    value = indicator.value(one.parts) if one.is_told else None
    return PlaceRow(one.place, shown, url, value)


def places_chart(indicator: Indicator, rows: list[PlaceRow]) -> SafeString:
    points = [
        Point(str(one.place), one.value, one.shown, one.url, mark=_mark(one.value, one.shown))
        for one in rows
    ]
    title = f"{indicator.name}，各地对比"
    return bars(points, name=f"places-{indicator.code}", title=title, unit=drawn_in(indicator))


def _mark(value: Decimal | None, shown: str) -> str:
    return shown if value is None else shown.partition(" ")[0]


def drawn_in(indicator: Indicator) -> str:
    """The unit that a chart says once."""
    return "万元" if indicator.unit == "元" else indicator.unit


# --- over time ------------------------------------------------------------------------------------


def trend(indicator: Indicator, asked: Asked) -> list[tuple[Told, Point]]:
    """The last months, or years where the number is that of a year; each counted today anew.

    So a correction made since shows in every month that it concerns.
    """
    return [
        (told, _trend_point(indicator, asked, told)) for told in _times(indicator, asked.told.on)
    ]


def _times(indicator: Indicator, on: date) -> list[Told]:
    if indicator.kind == PeriodKind.OF_YEAR:
        years = [year_of(add_years(on, -back)) for back in range(TREND_YEARS - 1, -1, -1)]
        return [as_far_as(one, on) for one in years]
    first = on.replace(day=1)
    months = [month_of(add_months(first, -back)) for back in range(TREND_MONTHS - 1, -1, -1)]
    return [as_far_as(one, on) for one in months]


def _trend_point(indicator: Indicator, asked: Asked, told: Told) -> Point:
    parts = queries.parts_of(indicator, Question(asked.area.scope, told.on, told.period))
    is_year = indicator.kind == PeriodKind.OF_YEAR
    value, shown = indicator.value(parts), told_whole(indicator, parts)
    since, whole = told.period.since, year_of(told.on) if is_year else month_of(told.on)
    return Point(
        str(since.year) if is_year else f"{since.month}月",
        value,
        shown,
        with_query(reverse("figure_detail", args=[indicator.code]), query_of(asked.area.key, told)),
        mark=_mark(value, shown),
        is_running=told.on != whole.last_day,
    )


def trend_chart(indicator: Indicator, points: list[Point]) -> SafeString:
    title = f"{indicator.name}，走势"
    return line(points, name=f"trend-{indicator.code}", title=title, unit=drawn_in(indicator))


# --- the records ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the list as it is written."""

    head: str
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """Of a column; numbers and their head stand on the right."""

    text: str
    is_number: bool


def heads_over(indicator: Indicator, rows: Iterable[Row]) -> list[Head]:
    heads = heads_of(indicator)
    whole = [one.cells for one in rows if len(one.cells) == len(heads)]
    return [
        Head(text, bool(whole) and all(cells[number].is_number for cells in whole))
        for number, text in enumerate(heads)
    ]


def row_of(indicator: Indicator, record: Record, *, may_open: bool) -> Row:
    cells = zip(heads_of(indicator), cells_of(indicator, record), strict=True)
    return Row(
        tuple(
            Cell(head, written_cell(indicator, cell), isinstance(cell, Decimal | int))
            for head, cell in cells
        ),
        record.url if may_open else "",
    )


def written_cell(indicator: Indicator, cell: str | int | Decimal | date) -> str:
    if isinstance(cell, Decimal):
        return show_money(cell) if indicator.unit == "元" else f"{cell:,}"
    return str(cell)
