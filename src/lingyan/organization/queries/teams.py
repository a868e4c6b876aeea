"""Who sat on the two committees at the start of a term, and who at the end of the one before?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lingyan.directory.models import Person, VillageOfficer
from lingyan.directory.rules import OfficerPost
from lingyan.organization.models import Term
from lingyan.organization.queries.terms import TWO_KINDS
from lingyan.organization.rules.committees import DIRECTORS, TWO_COMMITTEES
from lingyan.organization.rules.comparison import Member, Reference, TeamScope
from lingyan.platform.accounts.actor import Scope

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a village changed its two committees: the new team's day, the old team's last one."""

    new_on: date
    old_on: date | None
    old_since: date | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A post held by a member of a team, with the day at which the age is taken."""

    office: VillageOfficer
    counted_on: date


def turns(scope: Scope, on: date, key: str = "village_id") -> dict[Any, Turn]:
    """Of each village, by its key or its path, the last change of term up to a day.

    The terms of both committees may begin on different days: the new team is whole with the later
    of them, the old one was whole up to the earlier.
    """
    rows = Term.objects.visible_to(scope).filter(kind__in=TWO_KINDS, since__lte=on)
    begun: dict[Any, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    ordered = rows.order_by("village__path", "kind", "-since")
    for village, kind, since in ordered.values_list(key, "kind", "since"):
        begun[village][kind].append(since)
    return {village: _turn(kinds) for village, kinds in begun.items()}


def _turn(kinds: Mapping[str, list[date]]) -> Turn:
    newest = [days[0] for days in kinds.values()]
    before = [days[1] for days in kinds.values() if len(days) > 1]
    return Turn(
        new_on=max(newest),
        old_on=min(newest) - ONE_DAY if before else None,
        old_since=max(before) if before else None,
    )


@dataclass(frozen=True, slots=True)
class Teams:
    """The seats of the new and of the old team of all villages that changed."""

    new: tuple[Seat, ...]
    old: tuple[Seat, ...]
    villages: int
    uncompared: int  # villages with one term only: nothing to compare with


def teams(scope: Scope, on: date, reference: str = Reference.SAME_DATE) -> Teams:
    """依据：R-1-35、R-1-36（旧班子是上一届最后一天的成员，补选的在内）。"""
    changed = turns(scope, on)
    offices = VillageOfficer.objects.filter(
        village__in=list(changed), post__in=TWO_COMMITTEES, since__lte=on
    ).select_related("person", "village__parent")
    new, old = [], []
    for office in offices.order_by("village__path", "person__number", "post"):
        turn = changed[office.village_id]
        if _held(office, turn.new_on):
            new.append(Seat(office, turn.new_on))
        if turn.old_on is not None and _held(office, turn.old_on):
            each = reference == Reference.EACH_START and turn.old_since is not None
            old.append(Seat(office, turn.old_since if each and turn.old_since else turn.new_on))
    uncompared = sum(one.old_on is None for one in changed.values())
    return Teams(tuple(new), tuple(old), len(changed), uncompared)


def compared(found: Teams) -> tuple[Seat, ...]:
    """The new seats of villages that have an old team as well."""
    with_old = {one.office.village_id for one in found.old}
    return tuple(one for one in found.new if one.office.village_id in with_old)


def _held(office: VillageOfficer, on: date) -> bool:
    return office.since <= on and (office.until is None or office.until > on)


def within(seats: Iterable[Seat], team_scope: str) -> list[Seat]:
    """All members, or the secretaries who are director as well (R-1-39)."""
    found = list(seats)
    if team_scope != TeamScope.ONE_SHOULDER:
        return found
    posts: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for one in found:
        posts[one.office.village_id, one.office.person_id].add(one.office.post)
    both = {
        key
        for key, held in posts.items()
        if OfficerPost.PARTY_SECRETARY in held and held & DIRECTORS
    }
    return [one for one in found if (one.office.village_id, one.office.person_id) in both]


def members(seats: Iterable[Seat]) -> list[Member]:
    """Each person once, with the kinds named in any of the posts (R-1-24)."""
    sources: dict[UUID, set[str]] = defaultdict(set)
    first: dict[UUID, Seat] = {}
    for one in seats:
        first.setdefault(one.office.person_id, one)
        sources[one.office.person_id] |= {category for category, _ in one.office.sources}
    return [
        Member(
            str(key), one.office.person.birth_on, one.office.person.gender,
            one.office.person.education, frozenset(sources[key]), one.counted_on,
        )
        for key, one in first.items()
    ]  # fmt: skip


def people_of(seats: Iterable[Seat]) -> QuerySet[Person]:
    """The members as records: each person once."""
    keys = {one.office.person_id for one in seats}
    return Person.objects.filter(pk__in=keys).select_related("place__parent")
