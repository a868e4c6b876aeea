"""联建数据: the figures of a county, a town, a village or a unit, and the records behind each.

A reader sees the whole county's figures, and of the records those of the own scope; how many more
there are is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.money import show_money
from lingyan.directory.roles import Role
from lingyan.pairing.exports.ledgers import write_figure
from lingyan.pairing.panels.figures import BY_CODE, INDICATORS, Indicator, Value
from lingyan.pairing.queries import areas
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.rules.claims import Sums, distinct_solved
from lingyan.pairing.rules.figures import AsOf, Span, as_of
from lingyan.pairing.views.pair_funds import EXPORTERS, READERS
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Listing

FIGURE_READERS = (*READERS, Role.COUNTY_OFFICE)
EXPORTED_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures the address asks for: of which area, as at which day, of which period."""

    area: areas.Area
    on: AsOf
    span: str

    @property
    def query(self) -> str:
        said = {"area": self.area.key, "span": self.span, "on": self.on.on.isoformat()}
        if self.on.on == clock.today():
            del said["on"]
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure on the page."""

    indicator: Indicator
    value: Value
    url: str
    sums: Sums | None

    @property
    def shown(self) -> str:
        return self.indicator.shown(self.value)

    @property
    def written(self) -> str:
        return self.indicator.written(self.value)

    @property
    def share(self) -> str:
        """The part of this area where others had a part too."""
        if self.sums is None or self.sums.share == self.sums.total:
            return ""
        return _amount(self.indicator, self.sums.share)

    @property
    def overlap(self) -> str:
        if self.sums is None or not self.sums.overlap:
            return ""
        return _amount(self.indicator, self.sums.overlap)


def _amount(indicator: Indicator, value: Decimal) -> str:
    if indicator.is_money:
        return f"{value:,.2f} 元"
    return f"{value.quantize(Decimal('0.01')).normalize():f} {indicator.unit}"


def _asked(request: ActedRequest) -> Asked:
    today = clock.today()
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = today
    span = request.GET.get("span", "")
    if span not in {one.value for one in Span}:
        span = Span.SINCE_LAST_YEAR.value
    area = areas.area_of(request.actor, request.GET.get("area", ""))
    return Asked(area, as_of(min(on, today), span), span)


@page(*FIGURE_READERS)
def pair_figures(request: ActedRequest) -> HttpResponse:
    """Every figure of the area, each with the way to its records."""
    asked = _asked(request)
    tiles = [_tile(one, asked) for one in INDICATORS]
    context = {
        "asked": asked,
        "tiles": tiles,
        "areas": areas.choices(request.actor, asked.area),
        "spans": Span.choices(),
        "today": clock.today(),
        "both": _both(asked, tiles),
    }
    return render(request, "pairing/figures.html", context)


def _tile(indicator: Indicator, asked: Asked) -> Tile:
    """Where shares are told, their total is the figure: it is not asked for twice."""
    scope, url = asked.area.scope, reverse("pair_figure", args=[indicator.code])
    sums = indicator.sums(scope, asked.on) if indicator.sums else None
    value = indicator.value(scope, asked.on) if sums is None else indicator.of_sums(sums)
    return Tile(indicator, value, f"{url}?{asked.query}", sums)


def _both(asked: Asked, tiles: list[Tile]) -> dict[str, int]:
    """Problems solved by pairs and by first secretaries, each thing once."""
    pairs = next(int(one.value) for one in tiles if one.indicator.code == "problems")
    found = queries.found_and_solved(asked.area.scope, asked.on.period)
    total = distinct_solved(pairs, found["found"], found["joined"])
    return {**found, "pairs": pairs, "total": total}


def _indicator(code: str) -> Indicator:
    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    return found


def _listing(request: ActedRequest, indicator: Indicator, asked: Asked) -> Listing[Any]:
    rows = indicator.records(asked.area.scope, asked.on)
    seen = areas.within(rows, asked.area, request.actor.scope)
    return Listing(
        request,
        seen,
        search=indicator.search or (),
        search_hint="村、乡镇、单位或项目" if indicator.search else "",
        sorts={"usual": indicator.order},
        default_sort="usual",
    )


@page(*FIGURE_READERS)
def pair_figure(request: ActedRequest, figure: str) -> HttpResponse:
    """The records behind one figure, as far as the reader may see them."""
    indicator, asked = _indicator(figure), _asked(request)
    whole = indicator.records(asked.area.scope, asked.on)
    seen = areas.within(whole, asked.area, request.actor.scope)
    value = indicator.measure(whole, asked.on)
    own = value if seen is whole else indicator.measure(seen, asked.on)
    hidden = 0 if seen is whole else whole.order_by().count() - seen.order_by().count()
    listing = _listing(request, indicator, asked)
    shown = list(listing)
    if indicator.dress is not None:
        indicator.dress(shown, asked.on)
    # Whoever reads figures only opens no record.
    page_of, may_open = indicator.page, request.actor.role in READERS
    context = {
        "asked": asked,
        "indicator": indicator,
        "value": indicator.shown(value),
        "written": indicator.written(value),
        "own": indicator.shown(own),
        "hidden": hidden,
        "listing": listing,
        "rows": [
            (_cells(indicator, one), page_of(one) if page_of and may_open else "") for one in shown
        ],
        "back": f"{reverse('pair_figures')}?{asked.query}",
        "may_export": request.actor.role in EXPORTERS,
        "export": f"{reverse('pair_figure_export', args=[figure])}?{request.GET.urlencode()}",
    }
    return render(request, "pairing/figure.html", context)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the list as it is written."""

    head: str
    text: str
    is_number: bool


def _cells(indicator: Indicator, one: Any) -> list[Cell]:
    return [
        Cell(head, show_money(cell) if isinstance(cell, Decimal) else str(cell),
             isinstance(cell, Decimal | int))
        for head, cell in zip(indicator.heads, indicator.row(one), strict=True)
    ]  # fmt: skip


@page(*EXPORTERS)
def pair_figure_export(request: ActedRequest, figure: str) -> HttpResponse:
    """The list behind the figure as a file, as it is searched."""
    indicator, asked = _indicator(figure), _asked(request)
    rows = list(_listing(request, indicator, asked).rows[:EXPORTED_MOST])
    if indicator.dress is not None:
        indicator.dress(rows, asked.on)
    target = BytesIO()
    write_figure(target, indicator.name, indicator.heads, rows, indicator.row, actor=request.actor)
    return workbook(target.getvalue(), f"{indicator.name}.xlsx")
