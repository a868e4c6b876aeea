"""Which acts change who holds a post in a village?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lingyan.common import clock
from lingyan.directory import rules
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    require_role,
    row_number,
    set_changes,
)
from lingyan.directory.models import Person, Place, Relative, VillageOfficer
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import Trace, record_many


@dataclass(frozen=True, slots=True)
class OfficerRow:
    person: Person
    village: Place
    post: str
    since: date
    until: date | None = None
    method: str = ""
    full_time: bool = False
    sources: tuple[rules.Source, ...] = ()
    end_reason: str = ""


class _Posts:
    """Who holds which post now, with what the rows before have added."""

    def __init__(self, village_ids: set[UUID], people: Sequence[Person]) -> None:
        held = VillageOfficer.objects.filter(village_id__in=village_ids, until__isnull=True)
        self.holders: dict[tuple[UUID, str], dict[UUID, str]] = {}
        self.held: dict[tuple[UUID, UUID], set[str]] = {}
        for officer in held.select_related("person"):
            self.add(officer.person, officer.village_id, officer.post)
        self.relatives: dict[UUID, set[UUID]] = {}
        keys = {person.pk for person in people}
        related = Relative.objects.filter(Q(person__in=keys) | Q(other__in=keys)).order_by()
        for one, other in related.values_list("person", "other"):
            self.relatives.setdefault(one, set()).add(other)
            self.relatives.setdefault(other, set()).add(one)

    def add(self, person: Person, village_id: UUID, post: str) -> None:
        self.holders.setdefault((village_id, post), {})[person.pk] = person.name
        self.held.setdefault((village_id, person.pk), set()).add(post)

    def beside(self, person: Person, village_id: UUID) -> frozenset[str]:
        """What the person holds there already."""
        return frozenset(self.held.get((village_id, person.pk), ()))

    def related(self, person: Person, village_id: UUID) -> frozenset[str]:
        """What near relatives hold there."""
        near = self.relatives.get(person.pk, ())
        return frozenset(post for one in near for post in self.held.get((village_id, one), ()))

    def of(self, village_id: UUID, post: str) -> dict[UUID, str]:
        return self.holders.get((village_id, post), {})


@transaction.atomic
def create_officers(rows: Sequence[OfficerRow], *, actor: Actor) -> list[VillageOfficer]:
    """Register posts in villages; a post with `until` is one that has ended already."""
    require_role(actor, rules.OFFICER_REGISTRARS, "登记村干部")
    villages = {row.village.pk for row in rows}
    # Two offices may register the same post at once; the second must see the first.
    list(Place.objects.select_for_update().filter(pk__in=villages).order_by("path"))
    posts = _Posts(villages, [row.person for row in rows])
    found = []
    for position, row in enumerate(rows):
        refusals = [
            *rules.refuse_office(_claim(row, posts)),
            *refuse_outside(actor, row.village.path),
        ]
        found.append((row_number(position, rows), f"{row.village} {row.person}", refusals))
        if row.until is None:
            posts.add(row.person, row.village.pk, row.post)
    raise_all(found)
    officers = [
        VillageOfficer(
            person=row.person, village=row.village, post=row.post, since=row.since,
            until=row.until, method=row.method, full_time=row.full_time,
            sources=[list(source) for source in row.sources], end_reason=row.end_reason,
        )
        for row in rows
    ]  # fmt: skip
    return create_recorded(
        officers,
        action="directory.officer.created",
        actor=actor,
        fields=("person", "village", "post", "since", "until", "method", "sources"),
    )


def _claim(row: OfficerRow, posts: _Posts) -> rules.OfficeClaim:
    holders = posts.of(row.village.pk, row.post)
    return rules.OfficeClaim(
        post=row.post,
        since=row.since,
        until=row.until,
        today=clock.today(),
        is_village=row.village.level == rules.PlaceLevel.VILLAGE,
        held_already=row.person.pk in holders,
        holder=next(iter(holders.values()), ""),
        sources=row.sources,
        beside=posts.beside(row.person, row.village.pk),
        related=posts.related(row.person, row.village.pk),
    )


def register_officer(row: OfficerRow, *, actor: Actor) -> VillageOfficer:
    return create_officers([row], actor=actor)[0]


@dataclass(frozen=True, slots=True)
class OfficeDetails:
    """What is said anew of a post that is registered: how it was filled, and by what kind."""

    officer: VillageOfficer
    method: str
    full_time: bool
    sources: tuple[rules.Source, ...]


@transaction.atomic
def describe_offices(changes: Sequence[OfficeDetails], *, actor: Actor) -> list[VillageOfficer]:
    """Say how posts were filled and of which kind their holders are, with what shows it."""
    require_role(actor, rules.OFFICER_REGISTRARS, "修改村干部任职")
    told = {one.officer.pk: one for one in changes}
    held = list(
        VillageOfficer.objects.select_for_update(of=("self",))
        .select_related("person", "village")
        .filter(pk__in=told)
        .order_by("pk")
    )
    raise_all(
        (
            row_number(position, held),
            str(officer),
            (
                *rules.refuse_sources(told[officer.pk].sources),
                *refuse_outside(actor, officer.village.path),
            ),
        )
        for position, officer in enumerate(held)
    )
    traces = []
    for officer in held:
        said = told[officer.pk]
        values = {
            "method": said.method, "full_time": said.full_time,
            "sources": [list(source) for source in said.sources],
        }  # fmt: skip
        if changed := set_changes(officer, values):
            traces.append(Trace("directory.officer.described", officer, changed))
    VillageOfficer.objects.bulk_update(held, ["method", "full_time", "sources"])
    record_many(traces, actor=actor)
    return held


@transaction.atomic
def end_offices(
    officers: Sequence[VillageOfficer], *, actor: Actor, until: date, reason: str = ""
) -> list[VillageOfficer]:
    """Close posts; `until` is the first day on which they are no longer held."""
    require_role(actor, rules.OFFICER_REGISTRARS, "登记村干部离任")
    held = list(
        VillageOfficer.objects.select_for_update(of=("self",))
        .select_related("person", "village")
        .filter(pk__in=[one.pk for one in officers])
        .order_by("pk")
    )
    found = []
    for position, officer in enumerate(held):
        refusals = [
            *rules.refuse_to_end_office(
                since=officer.since, until=until, ended=officer.until is not None
            ),
            *refuse_outside(actor, officer.village.path),
        ]
        found.append((row_number(position, held), str(officer), refusals))
    raise_all(found)
    for officer in held:
        officer.until, officer.end_reason = until, reason
    VillageOfficer.objects.bulk_update(held, ["until", "end_reason"])
    changes = {"until": [None, until]} | ({"end_reason": ["", reason]} if reason else {})
    record_many(
        (Trace("directory.officer.ended", officer, changes) for officer in held), actor=actor
    )
    return held


def end_office(
    officer: VillageOfficer, *, actor: Actor, until: date, reason: str = ""
) -> VillageOfficer:
    return end_offices([officer], actor=actor, until=until, reason=reason)[0]
