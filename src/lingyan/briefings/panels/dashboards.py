"""What does an overview show: twelve numbers, one of them side by side, and what is late?"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from lingyan.briefings.panels import figures
from lingyan.briefings.panels.figures import PlaceRow, Tile
from lingyan.briefings.queries import figures as queries
from lingyan.briefings.queries.asking import Asked
from lingyan.briefings.rules.dashboards import TILES, Level
from lingyan.common import clock
from lingyan.directory.models import Place, Unit
from lingyan.directory.settings import numbers_on
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.indicators.definitions import Indicator
from lingyan.platform.indicators.sources import covers
from lingyan.platform.ui.alerts import Alert, alerts
from lingyan.supervision.rules.settings import SEVERE

COMPARED = 1  # with the same of last year; the other comparisons stand on the indicator's page


@dataclass(frozen=True, slots=True)
class Overview:
    level: Level
    tiles: list[Tile]
    chosen: Indicator | None  # the one that is shown side by side
    rows: list[PlaceRow]
    chart: SafeString
    alerts: list[Alert]
    alerts_are_own: bool  # the area reaches beyond what the reader may see


def overview(asked: Asked, actor: Actor, chosen: str) -> Overview:
    level = level_of(asked.area.scope)
    shown = indicators_of(level, actor)
    picked = next((one for one in shown if one.code == chosen), shown[0] if shown else None)
    # Each place leads to its own overview.
    page = reverse("dashboard")
    parts, rows = figures.side_by_side(picked, asked, actor, page) if picked else (None, [])
    inside = covers(actor.scope, asked.area.scope)
    return Overview(
        level,
        [
            figures.tile(one, asked, compared=COMPARED, parts=parts if one is picked else None)
            for one in shown
        ],
        picked,
        rows,
        figures.places_chart(picked, rows) if picked and rows else SafeString(),
        late(asked, actor) if inside else late(None, actor),
        not inside,
    )


def late(asked: Asked | None, actor: Actor) -> list[Alert]:
    """What is past its time in an area, or in the own scope; each opens the list of the same."""
    scope, key = (asked.area.scope, asked.area.key) if asked else (actor.scope, "")
    return alerts(actor, scope, clock.today(), severe_days=severe_days(scope), area=key)


def severe_days(scope: Scope) -> int:
    """As the county of the area has it; several counties together have the usual number."""
    paths = scope.place_paths or Unit.objects.filter(pk__in=scope.unit_ids).values_list(
        "place__path", flat=True
    )
    return numbers_on(clock.today()).of(next(iter(paths), ""), SEVERE)


def level_of(scope: Scope) -> Level:
    """By the place; several places, such as the villages of a leader, are read as a town's."""
    if scope.unit_ids and not scope.place_paths:
        return Level.UNIT
    if len(scope.place_paths) > 1:
        return Level.TOWNSHIP
    found = Place.objects.filter(path__in=scope.place_paths).values_list("level", flat=True)
    levels = {one.value: one for one in Level}
    return levels.get(next(iter(found), ""), Level.COUNTY)


def indicators_of(level: Level, actor: Actor) -> list[Indicator]:
    known = {one.code: one for one in queries.list_indicators(actor)}
    return [known[code] for code in TILES[level] if code in known]
