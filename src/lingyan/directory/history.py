"""What was a place before, what came of it, and by which order?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.directory.models import (
    Place,
    PlaceChange,
    PlaceEdition,
    PlaceSuccession,
    RoleAssignment,
)
from lingyan.directory.queries import list_places, list_places_ever
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope


def count_villages(scope: Scope) -> dict[UUID, int]:
    """How many villages lie under each town."""
    rows = Place.objects.visible_to(scope).filter(level=PlaceLevel.VILLAGE, ended_on__isnull=True)
    counted = rows.order_by().values("parent_id").annotate(count=Count("*"))
    return {row["parent_id"]: row["count"] for row in counted}


def last_changes(places: Sequence[Place]) -> dict[UUID, date]:
    """When each of the places was last changed by an order."""
    found = PlaceEdition.objects.filter(place__in=places).values("place_id")
    return {row["place_id"]: row["day"] for row in found.annotate(day=Max("until"))}


def list_place_changes(scope: Scope) -> QuerySet[PlaceChange]:
    return PlaceChange.objects.filter(place_q(scope, ""))


def get_place_change(scope: Scope, change_id: int) -> PlaceChange:
    return get_object_or_404(list_place_changes(scope), pk=change_id)


def of_kind(kind: str) -> Q:
    return Q(kind=kind)


def find_place(scope: Scope, place_id: UUID) -> Place | None:
    return list_places(scope).filter(pk=place_id).first()


def list_successions(change: PlaceChange) -> QuerySet[PlaceSuccession]:
    return change.successions.select_related("predecessor", "successor")


def list_editions_of(change: PlaceChange) -> QuerySet[PlaceEdition]:
    return change.editions.select_related("place__parent", "parent")


def list_created_by(change: PlaceChange) -> QuerySet[Place]:
    return Place.objects.filter(pk__in=change.created).select_related("parent")


def count_open_roles(places: Sequence[Place]) -> int:
    """Assignments that are in force for these places."""
    return RoleAssignment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=clock.today()), place__in=places
    ).count()


def list_changes_of(place: Place) -> QuerySet[PlaceChange]:
    """The orders that this place came out of, was changed by, or ended by; the newest first."""
    own = Q(editions__place=place) | Q(successions__predecessor=place)
    own |= Q(successions__successor=place)
    return PlaceChange.objects.filter(own).distinct().order_by("-effective_on", "-pk")


def list_predecessors(place: Place) -> list[Place]:
    rows = PlaceSuccession.objects.filter(successor=place).select_related("predecessor")
    return [row.predecessor for row in rows]


def list_successors(place: Place) -> list[Place]:
    rows = PlaceSuccession.objects.filter(predecessor=place).select_related("successor")
    return [row.successor for row in rows]


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """A place as it was called and coded on a day of the past."""

    pk: UUID
    level: str
    name: str
    short_name: str
    code: str
    code_edition: str
    parent_id: UUID | None
    path: str
    now: str  # what it is called today

    def __str__(self) -> str:
        return self.short_name


def list_places_as_at(scope: Scope, day: date) -> list[PlaceThen]:
    """Every place that stood on that day, in the order of the paths of that day; two queries."""
    stood = Q(since__isnull=True) | Q(since__lte=day)
    stood &= Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    places = list(list_places_ever(scope).filter(stood))
    then: dict[UUID, PlaceEdition] = {}
    editions = PlaceEdition.objects.filter(place_q(scope, "place__"), until__gt=day)
    for edition in editions.order_by("-until", "-change_id"):
        then[edition.place_id] = edition
    found = [_as_at(place, then.get(place.pk)) for place in places]
    return sorted(found, key=lambda one: one.path)


def place_on(place: Place, day: date) -> PlaceThen:
    """The place as it was called and coded on that day; of after the last change, as now."""
    editions = PlaceEdition.objects.filter(place=place, until__gt=day)
    return _as_at(place, editions.order_by("until", "change_id").first())


def _as_at(place: Place, edition: PlaceEdition | None) -> PlaceThen:
    one = edition or place
    return PlaceThen(
        place.pk, place.level, one.name, one.short_name, one.code, one.code_edition,
        one.parent_id, one.path, str(place),
    )  # fmt: skip
