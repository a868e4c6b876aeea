"""班子数据: the figures of the villages' committees, what stands behind them, two terms compared.

A reader sees the whole county's figures, and of the records those of the own scope; how many more
there are is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory import areas
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.exports.rect_work import write_records
from lingyan.organization.panels.committee_figures import BY_CODE, FIGURES, Figure
from lingyan.organization.queries import teams
from lingyan.organization.queries.committee_figures import Asked, Row
from lingyan.organization.rules import comparison as rules
from lingyan.organization.rules.committees import FIGURE_READERS, READERS
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import workbook

EXPORTERS = (*STAFF, *LEADER, *TOWN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures the address asks for."""

    area: areas.Area
    asked: Asked
    today: date

    @property
    def query(self) -> str:
        said = {
            "area": self.area.key,
            "team": self.asked.team,
            "mode": self.asked.mode,
            "reference": self.asked.reference,
            "on": "" if self.asked.on == self.today else self.asked.on.isoformat(),
        }
        usual = Asked(self.today)
        return urlencode(
            {name: value for name, value in said.items() if value != getattr(usual, name, "")}
        )


def _wanted(request: ActedRequest) -> Wanted:
    today, given = clock.today(), request.GET
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = today
    usual = Asked(today)
    asked = Asked(
        min(on, today),
        _one_of(given.get("team", ""), rules.TeamScope.choices(), usual.team),
        _one_of(given.get("mode", ""), rules.AgeMode.choices(), usual.mode),
        _one_of(given.get("reference", ""), rules.Reference.choices(), usual.reference),
    )
    return Wanted(areas.area_of(request.actor, given.get("area", "")), asked, today)


def _one_of(code: str, choices: tuple[tuple[str, str], ...], usual: str) -> str:
    return code if code in dict(choices) else usual


def _choices(request: ActedRequest, wanted: Wanted) -> dict[str, object]:
    return {
        "wanted": wanted,
        "asked": wanted.asked,
        "areas": areas.choices(request.actor, wanted.area),
        "team_choices": rules.TeamScope.choices(),
        "modes": rules.AgeMode.choices(),
        "references": rules.Reference.choices(),
    }


@page(*FIGURE_READERS)
def committee_figures(request: ActedRequest) -> HttpResponse:
    """Every figure of the area, each with the way to its records."""
    wanted = _wanted(request)
    tiles = [
        (one, one.shown(one.measure(one.rows(wanted.area.scope, wanted.asked))),
         _address("committee_figure", one, wanted))
        for one in FIGURES
    ]  # fmt: skip
    context = {**_choices(request, wanted), "tiles": tiles}
    return render(request, "organization/committee_figures.html", context)


def _address(name: str, figure: Figure, wanted: Wanted) -> str:
    query = f"?{wanted.query}" if wanted.query else ""
    return f"{reverse(name, args=[figure.code])}{query}"


def _figure(code: str) -> Figure:
    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    return found


def _seen(rows: list[Row], scope: Scope) -> list[Row]:
    """Of the records behind a figure those that the reader may open."""
    if scope.is_everything:
        return rows
    return [one for one in rows if any(one.path.startswith(own) for own in scope.place_paths)]


@page(*FIGURE_READERS)
def committee_figure(request: ActedRequest, committee_figure: str) -> HttpResponse:
    figure, wanted = _figure(committee_figure), _wanted(request)
    rows = figure.rows(wanted.area.scope, wanted.asked)
    seen = _seen(rows, request.actor.scope)
    context = {
        **_choices(request, wanted),
        "figure": figure,
        "value": figure.shown(figure.measure(rows)),
        "own": figure.shown(figure.measure(seen)),
        "hidden": len(rows) - len(seen),
        "rows": [
            (one, list(zip(figure.heads, one.cells, strict=True))) for one in seen
        ],
        # Whoever reads figures only opens no record.
        "may_open": request.actor.role in READERS,
        "back": f"{reverse('committee_figures')}?{wanted.query}",
        "may_export": request.actor.role in EXPORTERS,
        "export": _address("committee_figure_export", figure, wanted),
    }  # fmt: skip
    return render(request, "organization/committee_figure.html", context)


@page(*EXPORTERS)
def committee_figure_export(request: ActedRequest, committee_figure: str) -> HttpResponse:
    """The records of the own scope as a file."""
    figure, wanted = _figure(committee_figure), _wanted(request)
    rows = _seen(figure.rows(wanted.area.scope, wanted.asked), request.actor.scope)
    heads = (*figure.heads, "届") if figure.compares else figure.heads
    target = BytesIO()
    write_records(
        target, figure.name, heads, rows,
        lambda one: (*one.cells, "上届" if one.is_old else "新一届")
        if figure.compares
        else one.cells,
        actor=request.actor,
    )  # fmt: skip
    return workbook(target.getvalue(), f"{figure.name}.xlsx")


@page(*FIGURE_READERS)
def committee_comparison(request: ActedRequest) -> HttpResponse:
    """New and old teams side by side: both scopes, and both readings of the article's words."""
    wanted = _wanted(request)
    found = teams.teams(wanted.area.scope, wanted.asked.on, wanted.asked.reference)
    compared = teams.compared(found)
    columns = [
        (label, _compared(compared, found.old, code, wanted.asked.mode))
        for code, label in rules.TeamScope.choices()
    ]
    context = {
        **_choices(request, wanted),
        "columns": columns,
        "villages": found.villages - found.uncompared,
        "uncompared": found.uncompared,
    }
    return render(request, "organization/committee_comparison.html", context)


@dataclass(frozen=True, slots=True)
class Told:
    """A comparison with its sentences."""

    both: rules.Comparison

    @property
    def age(self) -> str:
        return rules.said_of_age(self.both.age_change)

    @property
    def points(self) -> str:
        return rules.said_of_share(self.both.schooled_points, " 个百分点")

    @property
    def growth(self) -> str:
        return rules.said_of_share(self.both.schooled_growth, "%")


def _compared(
    new: tuple[teams.Seat, ...], old: tuple[teams.Seat, ...], team: str, mode: str
) -> Told:
    members = (teams.members(teams.within(seats, team)) for seats in (new, old))
    return Told(rules.compared(next(members), next(members), mode))
