"""Who sat on the two committees when a term began and when the one before ended, one by one?

The same people as `teams` finds, read as plain values: a county has thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from lingyan.directory.models import VillageOfficer
from lingyan.directory.rules import OfficerPost
from lingyan.organization.queries.teams import Turn, turns
from lingyan.organization.rules.committees import DIRECTORS, TWO_COMMITTEES
from lingyan.organization.rules.comparison import Member, Reference
from lingyan.platform.accounts.actor import Scope

READ = (
    "pk", "person_id", "village_id", "village__path", "post", "since", "until", "sources",
    "person__birth_on", "person__gender", "person__education",
)  # fmt: skip


@dataclass(slots=True)
class Sitting:
    """A member of a village's team, in whatever number of posts; `key` is that of the first."""

    key: UUID
    person_id: UUID
    village_id: UUID
    path: str
    is_old: bool
    counted_on: date
    birth_on: date | None
    gender: str
    education: str
    posts: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)

    @property
    def is_one_shoulder(self) -> bool:
        """Secretary and director at once (R-1-39)."""
        return OfficerPost.PARTY_SECRETARY in self.posts and not DIRECTORS.isdisjoint(self.posts)

    @property
    def member(self) -> Member:
        return Member(
            str(self.person_id), self.birth_on, self.gender, self.education, self.sources,
            self.counted_on,
        )  # fmt: skip


def new_members(scope: Scope, on: date) -> list[Sitting]:
    """The teams with which the last terms began."""
    return _new(turns(scope, on), on)


def _new(changed: Mapping[UUID, Turn], on: date) -> list[Sitting]:
    return _sittings(changed, on, {key: (one.new_on, one.new_on) for key, one in changed.items()})


def both_members(
    scope: Scope, on: date, reference: str = Reference.SAME_DATE
) -> tuple[list[Sitting], list[Sitting]]:
    """New and old members of the villages in which both teams are known (R-1-35, R-1-36)."""
    changed = turns(scope, on)
    days = {
        key: (one.old_on, _counted_on(one, reference))
        for key, one in changed.items()
        if one.old_on is not None
    }
    old = _sittings(changed, on, days, is_old=True)
    with_old = {one.village_id for one in old}
    return [one for one in _new(changed, on) if one.village_id in with_old], old


def _counted_on(turn: Turn, reference: str) -> date:
    """At which day the age of the old team is taken (R-1-35)."""
    each = reference == Reference.EACH_START and turn.old_since is not None
    return turn.old_since if each and turn.old_since else turn.new_on


def _sittings(
    changed: Iterable[UUID],
    on: date,
    days: Mapping[UUID, tuple[date, date]],
    *,
    is_old: bool = False,
) -> list[Sitting]:
    """Whoever held a post on the village's day; once a village, with all posts there."""
    if not days:
        return []
    first = min(day for day, _ in days.values())
    offices = VillageOfficer.objects.filter(
        Q(until__isnull=True) | Q(until__gt=first), village__in=list(changed),
        post__in=sorted(TWO_COMMITTEES), since__lte=on,
    )  # fmt: skip
    found: dict[tuple[UUID, UUID], Sitting] = {}
    for row in offices.order_by("village__path", "person__number", "post", "pk").values_list(*READ):
        key, person, village, path, post, since, until, sources, *about = row
        if village not in days:
            continue
        day, counted_on = days[village]
        if since > day or (until is not None and until <= day):
            continue
        one = found.get((village, person))
        if one is None:
            one = Sitting(key, person, village, path, is_old, counted_on, *about)
            found[village, person] = one
        one.posts.append(post)
        one.sources.update(category for category, _ in sources)
    return list(found.values())
