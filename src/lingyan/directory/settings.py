"""Which number of a county is in force on a day, and what is usual where it has set none?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.common.county_settings import Setting
from lingyan.directory.models import CountySetting, Place


@dataclass(frozen=True, slots=True)
class Numbers:
    """As they are in force on one day, by the path of the county."""

    held: dict[tuple[str, str], int]

    def of(self, path: str, setting: Setting) -> int:
        """For the place with this path: its county's number, or the usual one."""
        for (county, key), number in self.held.items():
            if key == setting.key and path.startswith(county):
                return number
        assert setting.usual is not None, f"{setting.key} has no usual value"
        return setting.usual

    def by_county(self, setting: Setting) -> dict[str, int]:
        """Only where a county has set it: the path of the county and its number."""
        return {path: number for (path, key), number in self.held.items() if key == setting.key}


def numbers_on(day: date) -> Numbers:
    """A later line changes nothing that was before its day; one query for every county."""
    rows = CountySetting.objects.filter(since__lte=day).order_by("since", "pk")
    found = rows.values_list("county__path", "key", "amount")
    return Numbers({(path, key): int(amount) for path, key, amount in found})


def number_for(path: str, setting: Setting, day: date | None = None) -> int:
    """One number for one place, today or on another day."""
    return numbers_on(day or clock.today()).of(path, setting)


@dataclass(frozen=True, slots=True)
class History:
    """One number on every day: a list of records of different days asks once."""

    setting: Setting
    lines: list[tuple[str, date, int]]  # path of the county, first day, number; the latest first

    def of(self, path: str, day: date) -> int:
        for county, since, number in self.lines:
            if since <= day and path.startswith(county):
                return number
        assert self.setting.usual is not None, f"{self.setting.key} has no usual value"
        return self.setting.usual


def history_of(setting: Setting) -> History:
    rows = CountySetting.objects.filter(key=setting.key).order_by("-since", "-pk")
    found = rows.values_list("county__path", "since", "amount")
    return History(setting, [(path, since, int(amount)) for path, since, amount in found])


def list_settings(county: Place) -> QuerySet[CountySetting]:
    return CountySetting.objects.filter(county=county)
