"""How near are two towns: by travel time where entered, else by steps over neighbours?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

STEP_POINTS = (1000, 800, 600, 400)
FAR = 200
SAME_COUNTY = 600
UNKNOWN = 500
MINUTES_MAX = 120
OUTSIDE_COUNTY = "县外"


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
