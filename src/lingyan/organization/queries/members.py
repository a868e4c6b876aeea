"""Who sat on the two committees when a term began and when the one before ended, one by one?

The same people as `teams` finds, read as plain values: a county has thousands. Villages are named
by their path and people by their number, which cost less to read than keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from lingyan.directory.models import VillageOfficer
from lingyan.directory.rules import OfficerPost
from lingyan.directory.scoping import place_q
from lingyan.organization.queries.teams import Turn, turns
from lingyan.organization.rules.committees import DIRECTORS, TWO_COMMITTEES
from lingyan.organization.rules.comparison import Reference
from lingyan.platform.accounts.actor import Scope

READ = (
    "pk", "village__path", "person__number", "post", "since", "until", "kinds",
    "person__birth_on", "person__gender", "person__education",
)  # fmt: skip
NO_KINDS = ("", "[]", "null")


@dataclass(slots=True)
class Sitting:
    """A member of a village's team, in whatever number of posts; `key` is that of the first."""

    key: UUID
    path: str
    person: str
    is_old: bool
    counted_on: date
    birth_on: date | None
    gender: str
    education: str
    posts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  # as they are stored

    @property
    def is_one_shoulder(self) -> bool:
        """Secretary and director at once (R-1-39)."""
        return OfficerPost.PARTY_SECRETARY in self.posts and not DIRECTORS.isdisjoint(self.posts)

    @property
    def sources(self) -> set[str]:
        """Of which of the four kinds the person is, by any of the posts (R-1-24)."""
        return {category for one in self.kinds for category, _ in json.loads(one)}


Days = Mapping[str, tuple[date, date]]
"""Of each village the day on which the team is looked at, and that at which an age is taken."""


def new_members(scope: Scope, on: date) -> list[Sitting]:
    """The teams with which the last terms began."""
    new, _ = _sittings(scope, on, _new_days(turns(scope, on, "village__path")), {})
    return new


def both_members(
    scope: Scope, on: date, reference: str = Reference.SAME_DATE
) -> tuple[list[Sitting], list[Sitting]]:
    """New and old members of the villages in which both teams are known (R-1-35, R-1-36)."""
    changed = turns(scope, on, "village__path")
    old_days = {
        path: (one.old_on, _counted_on(one, reference))
        for path, one in changed.items()
        if one.old_on is not None
    }
    new, old = _sittings(scope, on, _new_days(changed), old_days)
    with_old = {one.path for one in old}
    return [one for one in new if one.path in with_old], old


def _new_days(changed: Mapping[str, Turn]) -> Days:
    return {path: (one.new_on, one.new_on) for path, one in changed.items()}


def _counted_on(turn: Turn, reference: str) -> date:
    """At which day the age of the old team is taken (R-1-35)."""
    each = reference == Reference.EACH_START and turn.old_since is not None
    return turn.old_since if each and turn.old_since else turn.new_on


def _sittings(
    scope: Scope, on: date, new_days: Days, old_days: Days
) -> tuple[list[Sitting], list[Sitting]]:
    """Whoever held a post on the village's day; once a village, with all posts there."""
    days = [day for of in (new_days, old_days) for day, _ in of.values()]
    if not days:
        return [], []
    offices = VillageOfficer.objects.filter(
        Q(until__isnull=True) | Q(until__gt=min(days)), place_q(scope, "village__"),
        post__in=sorted(TWO_COMMITTEES), since__lte=on,
    )  # fmt: skip
    rows = offices.annotate(kinds=Cast("sources", TextField()))
    new: dict[tuple[str, str], Sitting] = {}
    old: dict[tuple[str, str], Sitting] = {}
    for row in rows.order_by("village__path", "person__number", "post", "pk").values_list(*READ):
        for found, of, is_old in ((new, new_days, False), (old, old_days, True)):
            _seat(found, of, row, is_old=is_old)
    return list(new.values()), list(old.values())


def _seat(
    found: dict[tuple[str, str], Sitting], days: Days, row: tuple[Any, ...], *, is_old: bool
) -> None:
    key, path, person, post, since, until, kinds, *about = row
    day, counted_on = days.get(path, (date.min, date.min))
    if since > day or (until is not None and until <= day):
        return
    one = found.get((path, person))
    if one is None:
        one = found[path, person] = Sitting(key, path, person, is_old, counted_on, *about)
    one.posts.append(post)
    if kinds not in NO_KINDS:
        one.kinds.append(kinds)
