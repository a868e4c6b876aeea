"""How near are two towns or two points: by travel time, by distance, by steps over neighbours?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

STEP_POINTS = (1000, 800, 600, 400)
FAR = 200
SAME_COUNTY = 600
UNKNOWN = 500
MINUTES_MAX = 120
OUTSIDE_COUNTY = "县外"
METRES_MAX = 60_000  # as the crow flies; on the roads of a mountain county some two hours
EARTH_RADIUS_M = 6_371_008.8  # mean radius of WGS84
MICRO = 1_000_000

Point = tuple[int, int]  # latitude and longitude in millionths of a degree, WGS84


def point_of(latitude: Decimal | None, longitude: Decimal | None) -> Point | None:
    """Whole millionths of a degree, so that a sheet and the database say the same."""
    if latitude is None or longitude is None:
        return None
    return int(latitude * MICRO), int(longitude * MICRO)


def metres_between(one: Point, other: Point) -> int:
    """The great-circle distance (haversine), in whole metres."""
    north, east, far_north, far_east = (radians(each / MICRO) for each in (*one, *other))
    half = sin((far_north - north) / 2) ** 2
    half += cos(north) * cos(far_north) * sin((far_east - east) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half))))


def distance_points(metres: int) -> int:
    """1000 on the spot, falling evenly to 0 at 60 km. 依据：R-3-01（D）。"""
    return 1000 - 1000 * min(metres, METRES_MAX) // METRES_MAX


class TownMap:
    """Points from 0 to 1000 for the way between two towns. 依据：matching-design 1.2（near）。

    `adjoining` None means that the county has no such table; `towns` are those known to lie in it.
    """

    def __init__(
        self,
        *,
        minutes: Mapping[tuple[str, str], int],
        adjoining: Mapping[str, Sequence[str]] | None,
        towns: Iterable[str] = (),
    ) -> None:
        self._minutes = minutes
        self._adjoining = adjoining
        self._towns = frozenset(towns)
        self.points = lru_cache(maxsize=None)(self._points)
        self._steps = lru_cache(maxsize=None)(self._steps_from)

    def minutes(self, one: str | None, other: str | None) -> int | None:
        if one is None or other is None:
            return None
        return self._minutes.get((one, other))

    def _points(self, one: str | None, other: str | None) -> int:
        if one is None:
            return UNKNOWN
        minutes = self.minutes(one, other)
        if minutes is not None:
            return 1000 - 1000 * min(minutes, MINUTES_MAX) // MINUTES_MAX
        if one == other:
            return STEP_POINTS[0]
        if one == OUTSIDE_COUNTY:
            return FAR
        if self._adjoining is not None:
            steps = self._steps(one).get(other or "", len(STEP_POINTS))
            return STEP_POINTS[steps] if steps < len(STEP_POINTS) else FAR
        return SAME_COUNTY if not self._towns or one in self._towns else FAR

    def _steps_from(self, town: str) -> dict[str, int]:
        assert self._adjoining is not None
        steps = {town: 0}
        waiting = deque([town])
        while waiting:
            here = waiting.popleft()
            for there in self._adjoining.get(here, ()):
                if there not in steps:
                    steps[there] = steps[here] + 1
                    waiting.append(there)
        return steps
