"""Which numbers has a county set for itself: how often, how many days, and whether at all?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common import clock
from lingyan.directory.models import CountySetting
from lingyan.posting.rules.support import DEFAULTS
from lingyan.posting.rules.support_words import StandardKey


@dataclass(frozen=True, slots=True)
class Numbers:
    """As they are in force on one day, by the path of the county."""

    held: dict[tuple[str, str], int]

    def of(self, path: str, key: StandardKey) -> int:
        """For the place with this path: its county's number, or the usual one."""
        for (county, name), number in self.held.items():
            if name == key and path.startswith(county):
                return number
        return DEFAULTS[key]


def number_for(path: str, key: StandardKey, day: date | None = None) -> int:
    """One number for one place, today or on another day."""
    return numbers_on(day or clock.today()).of(path, key)


@dataclass(frozen=True, slots=True)
class History:
    """One number of each county through time: of what began under an older one."""

    key: StandardKey
    held: list[tuple[str, date, int]]  # by the first day, the newest first

    def of(self, path: str, day: date) -> int:
        for county, since, number in self.held:
            if since <= day and path.startswith(county):
                return number
        return DEFAULTS[self.key]


def history_of(key: StandardKey) -> History:
    rows = CountySetting.objects.filter(key=key).order_by("-since", "pk")
    found = rows.values_list("county__path", "since", "amount")
    return History(key, [(path, since, int(amount)) for path, since, amount in found])


def numbers_on(day: date) -> Numbers:
    """A later line changes nothing that was before its day; one query for every county."""
    rows = CountySetting.objects.filter(key__in=DEFAULTS, since__lte=day).order_by("since", "pk")
    found = rows.values_list("county__path", "key", "amount")
    return Numbers({(path, key): int(amount) for path, key, amount in found})
