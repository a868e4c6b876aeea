"""Of which area and which period does somebody ask, and may this person ask it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from lingyan.briefings.rules.periods import USUAL, Told, read_day, read_period
from lingyan.common import clock
from lingyan.directory import areas
from lingyan.directory.areas import Area
from lingyan.directory.models import Place, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators.definitions import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    area: Area
    told: Told

    @property
    def question(self) -> Question:
        return Question(self.area.scope, self.told.on, self.told.period)

    @property
    def query(self) -> str:
        """The same question in another address."""
        return query_of(self.area.key, self.told)


def query_of(area: str, told: Told) -> str:
    said = {"area": area, "period": told.code, "on": str(told.on)}
    if told.code == USUAL:
        del said["period"]
    if told.on == clock.today() or "." in told.code or told.code[:1].isdigit():
        del said["on"]
    return urlencode({name: value for name, value in said.items() if value})


def read(actor: Actor, given: Mapping[str, str]) -> Asked:
    """Refused for a period that is none or lies ahead; a place out of scope is not there."""
    area = areas.find_area(actor, given.get("area", ""))
    if area is None:
        raise Http404
    today = clock.today()
    on = read_day(given.get("on", ""), today=today)
    told = read_period(given.get("period", "") or USUAL, today=today, on=on)
    return Asked(area, told)


def key_of(actor: Actor, place: Place | None, unit: Unit | None) -> str:
    """The county, or a place or unit in scope; empty where it is none of them."""
    county = areas.county_of(actor)
    if place is not None and county == place:
        return areas.WHOLE
    key = f"unit-{unit.pk}" if unit else f"place-{place.pk}" if place else ""
    return key if key and areas.find_area(actor, key) else ""


def key_of_place(actor: Actor, place: Place) -> str:
    """How an address names it; the county may be more than the own scope."""
    return areas.OWN if actor.scope.place_paths == (place.path,) else f"place-{place.pk}"
