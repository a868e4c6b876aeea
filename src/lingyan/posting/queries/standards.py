"""Which numbers has a county set for itself: how often, how many days, and whether at all?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.posting.models import SupportStandard
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


def numbers_on(day: date) -> Numbers:
    """A later line changes nothing that was before its day; one query for every county."""
    rows = SupportStandard.objects.filter(key__in=DEFAULTS, since__lte=day).order_by("since")
    found = rows.values_list("county__path", "key", "amount")
    return Numbers({(path, key): int(amount) for path, key, amount in found})
