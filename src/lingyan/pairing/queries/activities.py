"""Which activities are there, and what must be known before one is written down?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import Period
from lingyan.common.refusals import Refusal
from lingyan.directory import queries as directory
from lingyan.directory import search as directory_search
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import PATH_DIGITS, path_end
from lingyan.pairing.models import (
    ActivityParticipant,
    ActivityPhoto,
    ActivitySample,
    PairActivity,
    Pairing,
)
from lingyan.pairing.rules.activity_words import ActivityState, CheckOutcome
from lingyan.pairing.rules.words import PairingState
from lingyan.platform.accounts.actor import Scope

PEOPLE_MOST = 200  # that a form lists to be ticked; anybody else is typed
LATELY = 400  # days after its end in which something may still be written of a pair
BEGUN = (PairingState.ACTIVE, PairingState.ENDED, PairingState.DISSOLVED)


# --- the pairs and people of a form -------------------------------------------------------------


def list_own_pairs(scope: Scope, today: date) -> QuerySet[Pairing]:
    """Pairs at work, and those that ended lately: something may be written later."""
    since = date.fromordinal(today.toordinal() - LATELY)
    return (
        Pairing.objects.visible_to(scope)
        .filter(Q(until__isnull=True) | Q(until__gt=since), state__in=BEGUN, since__lte=today)
        .select_related("unit", "village__parent")
        .order_by("village__path", "unit__name", "pk")
    )


def own_pairs(scope: Scope, pairs: Collection[Pairing]) -> frozenset[UUID]:
    """Which of these the scope reaches; of a unit's own the pair itself tells."""
    if not scope.place_paths:
        return frozenset(one.pk for one in pairs if one.unit_id in scope.unit_ids)
    seen = Pairing.objects.visible_to(scope).filter(pk__in=[one.pk for one in pairs])
    return frozenset(seen.values_list("pk", flat=True))


def people_named(keys: Iterable[UUID]) -> list[Person]:
    return list(Person.objects.filter(pk__in=list(keys)).order_by("number"))


def list_unit_people(units: Iterable[UUID]) -> QuerySet[Person]:
    """Whoever works in the units of the pairs, those who took part last first."""
    people = Person.objects.filter(unit__in=list(units), merged_into__isnull=True)
    last = Max("pair_activities__activity__day")
    return people.annotate(last=last).order_by(F("last").desc(nulls_last=True), "number")


def people_of_others(
    activity: PairActivity, own: Collection[UUID], standing: Collection[Pairing]
) -> dict[UUID, str]:
    """Those whom other units have named: each unit keeps its own list."""
    units = {one.unit_id for one in standing if one.pk in own}
    others = {one.unit_id for one in standing} - units
    return {
        one.person_id: one.attendance
        for one in activity.participants.all()
        if one.unit_id in others
    }


def units_of(pairs: Iterable[Pairing]) -> list[Unit]:
    return list({one.unit_id: one.unit for one in pairs}.values())


def places_for(pairs: Sequence[Pairing], activity: PairActivity | None = None) -> list[Place]:
    """Where an activity of these pairs may be: their villages, their towns, the county."""
    villages = {one.village_id: one.village for one in pairs}
    towns = {one.parent_id: one.parent for one in villages.values() if one.parent}
    places = [*villages.values(), *towns.values()]
    if pairs:
        places.append(directory.county_of(pairs[0].village))
    if activity is not None and activity.place:
        places.append(activity.place)
    return list({one.pk: one for one in places if one}.values())


def refuse_place(place_id: UUID | None, pairs: Sequence[Pairing]) -> tuple[Refusal, ...]:
    """A place of the county in which the pairs lie."""
    if place_id is None or not pairs:
        return ()
    county = directory.county_of(pairs[0].village)
    if Place.objects.filter(
        pk=place_id, path__gte=county.path, path__lt=path_end(county.path)
    ).exists():
        return ()
    return (Refusal("pairing.activity.place_elsewhere", "地点不在本县，请重新选"),)


def find_same(
    kind: str, day: date, pairs: Collection[Pairing], *, besides: PairActivity | None
) -> PairActivity | None:
    """One of this kind and day that serves one of these pairs already."""
    found = PairActivity.objects.filter(
        kind=kind, day=day, pairings__in=[one.pk for one in pairs]
    ).exclude(state=ActivityState.CANCELLED)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return found.order_by("made_at", "pk").first()


# --- activities ---------------------------------------------------------------------------------


def list_activities(scope: Scope) -> QuerySet[PairActivity]:
    return (
        PairActivity.objects.visible_to(scope)
        .select_related("place__parent")
        .prefetch_related("pairings__unit", "pairings__village__parent")
    )


def get_activity(scope: Scope, activity_id: UUID) -> PairActivity:
    rows = list_activities(scope).prefetch_related("participants__person", "participants__unit")
    return get_object_or_404(rows, pk=activity_id)


def find_activity(activity_id: UUID) -> PairActivity | None:
    return PairActivity.objects.filter(pk=activity_id).first()


def get_photo(scope: Scope, photo_id: UUID) -> ActivityPhoto:
    seen = PairActivity.objects.visible_to(scope).order_by().values("pk")
    photos = ActivityPhoto.objects.filter(activity__in=seen).select_related("activity")
    return get_object_or_404(photos, pk=photo_id)


def list_returned(scope: Scope) -> QuerySet[PairActivity]:
    """Sent back by whoever looked into it, and not yet set right."""
    return PairActivity.objects.visible_to(scope).filter(
        check_outcome=CheckOutcome.RETURNED, state=ActivityState.HELD
    )


def list_overdue_plans(scope: Scope, today: date) -> QuerySet[PairActivity]:
    """Planned for a day that has passed: held or cancelled, somebody should say so."""
    return PairActivity.objects.visible_to(scope).filter(state=ActivityState.PLANNED, day__lt=today)


def others_of(activity: PairActivity, scope: Scope) -> frozenset[UUID]:
    """Units whose pairs have a part in it, none of them seen from this scope."""
    standing = list(activity.pairings.all())
    own = own_pairs(scope, standing)
    seen = {one.unit_id for one in standing if one.pk in own}
    return frozenset({one.unit_id for one in standing} - seen)


def participants_of(activity: PairActivity, scope: Scope) -> QuerySet[ActivityParticipant]:
    """Who was there, by name; of other units in which the reader has no part only the number."""
    rows = ActivityParticipant.objects.filter(activity=activity)
    rows = rows.exclude(unit__in=others_of(activity, scope))
    return rows.select_related("person", "unit").order_by("unit__name", "person__number", "pk")


# --- the sample of a town -----------------------------------------------------------------------


def held_in_town(town: Place, quarter: Period) -> list[UUID]:
    """Activities of a quarter that served a pair of the town, each once."""
    through = PairActivity.pairings.through
    keys = through.objects.filter(
        pairing__village__path__gte=town.path, pairing__village__path__lt=path_end(town.path)
    )
    held = PairActivity.objects.held().filter(
        day__gte=quarter.since, day__lt=quarter.until, pk__in=keys.values("pairactivity")
    )
    return list(held.order_by("pk").values_list("pk", flat=True))


def is_drawn(town: Place, since: date) -> bool:
    return ActivitySample.objects.filter(place=town, since=since).exists()


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One town and quarter: what was held, what was drawn, what of it was looked into."""

    town: Place
    held: int
    sample: ActivitySample | None
    drawn: list[PairActivity]

    @property
    def checked(self) -> int:
        return sum(bool(one.check_outcome) for one in self.drawn)


def sample_lines(towns: Sequence[Place], quarter: Period) -> list[SampleLine]:
    """Towns in which something was held in the quarter, with their samples."""
    through = PairActivity.pairings.through
    rows = through.objects.filter(
        pairactivity__state=ActivityState.HELD,
        pairactivity__day__gte=quarter.since,
        pairactivity__day__lt=quarter.until,
    ).values_list("pairactivity", "pairing__village__path")
    held: dict[str, set[UUID]] = {}
    for key, path in rows:
        for town in {path[:end] for end in range(PATH_DIGITS, len(path) + 1, PATH_DIGITS)}:
            held.setdefault(town, set()).add(key)
    samples = ActivitySample.objects.filter(place__in=towns, since=quarter.since)
    known = {one.place_id: one for one in samples.prefetch_related("activities")}
    return [
        SampleLine(
            town,
            len(held.get(town.path, ())),
            sample := known.get(town.pk),
            list(sample.activities.all()) if sample else [],
        )
        for town in towns
        if town.path in held or town.pk in known
    ]


def list_samples(scope: Scope) -> QuerySet[ActivitySample]:
    towns = Place.objects.visible_to(scope).values("pk")
    return ActivitySample.objects.filter(place__in=towns).select_related("place")


def list_drawn_unchecked(scope: Scope) -> QuerySet[PairActivity]:
    """Drawn for a sample of a town of the scope, held, and not yet looked into."""
    drawn = ActivitySample.activities.through.objects.filter(
        activitysample__in=list_samples(scope).order_by().values("pk")
    )
    return PairActivity.objects.held().filter(pk__in=drawn.values("pairactivity"), check_outcome="")


def attendance_counts(keys: Collection[UUID]) -> dict[UUID, int]:
    """How many of the units took part in each, on the spot or online."""
    rows = ActivityParticipant.objects.filter(activity__in=keys).order_by()
    return dict(rows.values_list("activity").annotate(count=Count("pk")))


def search_q(text: str) -> Q:
    """By unit, village or what was done."""
    pairs = PairActivity.pairings.through.objects.filter(
        directory_search.of_units_q(text, "pairing__unit")
        | directory_search.of_places_q(text, "pairing__village")
    )
    return Q(pk__in=pairs.values("pairactivity")) | Q(venue__contains=text)


def of_pairing_q(pairing_id: UUID) -> Q:
    pairs = PairActivity.pairings.through.objects.filter(pairing=pairing_id)
    return Q(pk__in=pairs.values("pairactivity"))


def in_town_q(path: str) -> Q:
    pairs = PairActivity.pairings.through.objects.filter(
        pairing__village__path__gte=path, pairing__village__path__lt=path_end(path)
    )
    return Q(pk__in=pairs.values("pairactivity"))
