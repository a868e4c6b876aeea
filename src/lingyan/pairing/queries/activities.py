"""Which activities are there, and what must be known before one is written down?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import Period
from lingyan.common.refusals import Refusal
from lingyan.directory import queries as directory
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import path_end
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
    """Which of these the scope reaches."""
    seen = Pairing.objects.visible_to(scope).filter(pk__in=[one.pk for one in pairs])
    return frozenset(seen.values_list("pk", flat=True))


def people_named(keys: Iterable[UUID]) -> list[Person]:
    return list(Person.objects.filter(pk__in=list(keys)).order_by("number"))


def list_unit_people(units: Iterable[UUID]) -> QuerySet[Person]:
    """Whoever works in the units of the pairs, those who took part last first."""
    people = Person.objects.filter(unit__in=list(units), merged_into__isnull=True)
    last = Max("pair_activities__activity__day")
    return people.annotate(last=last).order_by(F("last").desc(nulls_last=True), "number")


def units_of(pairs: Iterable[Pairing]) -> list[Unit]:
    return list({one.unit_id: one.unit for one in pairs}.values())


def places_for(pairs: Sequence[Pairing]) -> list[Place]:
    """Where an activity of these pairs may be: their villages, their towns, the county."""
    villages = {one.village_id: one.village for one in pairs}
    towns = {one.parent_id: one.parent for one in villages.values() if one.parent}
    places = [*villages.values(), *towns.values()]
    if pairs:
        places.append(directory.county_of(pairs[0].village))
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


def participants_of(activity: PairActivity) -> QuerySet[ActivityParticipant]:
    rows = ActivityParticipant.objects.filter(activity=activity)
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


def list_samples(scope: Scope) -> QuerySet[ActivitySample]:
    towns = Place.objects.visible_to(scope).values("pk")
    return ActivitySample.objects.filter(place__in=towns).select_related("place")
