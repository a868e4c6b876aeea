"""What counts as time spent on a form, and what does a month of it say (减负)?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST = 1800  # seconds; whoever leaves a page open is not at work on it
SHORTEST = 1


def seconds_between(opened: str, sent: int) -> int | None:
    """Seconds from opening to sending, half an hour at most; none where the opening is unknown."""
    if not opened.isascii() or not opened.isdigit() or len(opened) > 12:
        return None
    seconds = sent - int(opened)
    return None if seconds < 0 else max(SHORTEST, min(seconds, LONGEST))


@dataclass(frozen=True, slots=True)
class FormTold:
    """One form in one role: how often it was sent, how long it took, what it asked again."""

    form: str
    sent: int
    seconds: int
    again: int

    @property
    def seconds_each(self) -> int:
        return round(self.seconds / self.sent) if self.sent else 0


@dataclass(frozen=True, slots=True)
class RoleTold:
    role: str
    forms: tuple[FormTold, ...]

    @property
    def sent(self) -> int:
        return sum(one.sent for one in self.forms)

    @property
    def minutes(self) -> int:
        return round(sum(one.seconds for one in self.forms) / 60)

    @property
    def seconds_each(self) -> int:
        return round(sum(one.seconds for one in self.forms) / self.sent) if self.sent else 0

    @property
    def again(self) -> int:
        """Questions that were asked though the system knew: sendings times such fields."""
        return sum(one.sent * one.again for one in self.forms)


def told(
    rows: Iterable[tuple[str, str, int, int]], asks_again: Mapping[str, int]
) -> list[RoleTold]:
    """The counters of a month by role, what takes longest first."""
    by_role: dict[str, list[FormTold]] = {}
    for role, form, sent, seconds in rows:
        one = FormTold(form, sent, seconds, asks_again.get(form, 0))
        by_role.setdefault(role, []).append(one)
    found = [
        RoleTold(role, tuple(sorted(forms, key=lambda one: (-one.seconds, one.form))))
        for role, forms in by_role.items()
    ]
    return sorted(found, key=lambda one: (-one.minutes, one.role))
