"""How does a month of the diary look, and a conflict; and what of it waits for whom?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lingyan.common import clock
from lingyan.common.periods import Period, add_months
from lingyan.posting.models import DiaryConflict, DiaryEntry, DiaryVersion, NeedItem
from lingyan.posting.rules import diary as rules
from lingyan.posting.rules.diary_sync import BOTH, JOINABLE, PHONE, SERVER
from lingyan.posting.rules.diary_words import Duty


def month(entries: Iterable[DiaryEntry], period: Period) -> dict[str, Any]:
    """The entries of a month by day, and its sums."""
    entries = list(entries)
    counted = [one for one in entries if not one.withdrawn]
    by_duty = Counter(one.duty for one in counted)
    return {
        "period": period,
        "before": add_months(period.since, -1),
        "after": period.until if period.until <= clock.today() else None,
        "days": [
            (day, list(found)) for day, found in groupby(entries, lambda one: one.happened_on)
        ],
        "count": len(counted),
        "day_count": len({one.happened_on for one in counted}),
        "households": sum(one.households for one in counted),
        "by_duty": [(duty.label, by_duty[duty.value]) for duty in Duty],
    }


def copy_of(entry: DiaryEntry) -> dict[str, Any]:
    """What a phone keeps of an entry, so that it can be corrected without signal."""
    values = {name: value for name, value in entry.values.items() if name != "withdrawn"}
    return {"id": str(entry.pk), "values": values}


# --- versions and conflicts -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """An older version in words, with what differs from the one after it."""

    version: DiaryVersion
    lines: tuple[tuple[str, str], ...]


def versions(entry: DiaryEntry) -> list[Shown]:
    found = []
    after: Mapping[str, Any] = entry.values
    for one in entry.versions.all():
        changed = [name for name in rules.FIELDS if one.values.get(name) != after.get(name)]
        lines = tuple((rules.LABELS[name], word(name, one.values.get(name))) for name in changed)
        found.append(Shown(one, lines))
        after = one.values
    return found


def word(name: str, value: Any) -> str:
    """A value of an entry as people read it."""
    if value in (None, ""):
        return "（空）"
    if name == "duty":
        return Duty(value).label
    if name == "need":
        need = NeedItem.objects.filter(pk=value).first() if str(value).isdecimal() else None
        return str(need) if need else "（需求已更新）"
    return str(value)


@dataclass(frozen=True, slots=True)
class ClashLine:
    """One field: what stood before, what the server and what the phone have made of it."""

    name: str
    label: str
    before: str
    server: str
    phone: str
    may_join: bool
    chosen: str


def clash_lines(conflict: DiaryConflict) -> list[ClashLine]:
    return [
        ClashLine(
            name,
            rules.LABELS[name],
            word(name, clash["base"]),
            word(name, clash["server"]),
            word(name, clash["phone"]),
            name in JOINABLE,
            CHOSEN.get(conflict.chosen.get(name, ""), ""),
        )
        for name, clash in conflict.clashes.items()
    ]


CHOSEN = {SERVER: "用了系统里的", PHONE: "用了手机上的", BOTH: "两段都留下"}
