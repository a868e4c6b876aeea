"""两届对比: new and old teams of the villages side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.common import clock
from lingyan.directory import areas
from lingyan.organization.queries import teams
from lingyan.organization.rules import comparison as rules
from lingyan.organization.rules.committees import FIGURE_READERS
from lingyan.platform.accounts.gate import ActedRequest, page


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which villages the address asks for, as at which day, and how an age is taken."""

    area: areas.Area
    on: date
    today: date
    mode: str
    reference: str


def _wanted(request: ActedRequest) -> Wanted:
    today, given = clock.today(), request.GET
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = today
    return Wanted(
        areas.area_of(request.actor, given.get("area", "")),
        min(on, today),
        today,
        _one_of(given.get("mode", ""), rules.AgeMode.choices()),
        _one_of(given.get("reference", ""), rules.Reference.choices()),
    )


def _one_of(code: str, choices: tuple[tuple[str, str], ...]) -> str:
    """The usual one stands first."""
    return code if code in dict(choices) else choices[0][0]


@page(*FIGURE_READERS)
def committee_comparison(request: ActedRequest) -> HttpResponse:
    """New and old teams side by side: both scopes, and both readings of the article's words."""
    wanted = _wanted(request)
    found = teams.teams(wanted.area.scope, wanted.on, wanted.reference)
    compared = teams.compared(found)
    columns = [
        (label, _compared(compared, found.old, code, wanted.mode))
        for code, label in rules.TeamScope.choices()
    ]
    context = {
        "wanted": wanted,
        "areas": areas.choices(request.actor, wanted.area),
        "modes": rules.AgeMode.choices(),
        "references": rules.Reference.choices(),
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
