"""Which rows does a round hand over to matching? A fixed number of queries, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from lingyan.directory.models import AdjoiningTowns, Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import path_end
from lingyan.pairing.models import (
    PairAnswer,
    PairFix,
    Pairing,
    PairRound,
    PairRoundUnit,
    PairRoundVillage,
)


def units_of(round: PairRound) -> QuerySet[PairRoundUnit]:
    return (
        PairRoundUnit.objects.filter(round=round)
        .select_related("unit__place", "town")
        .order_by("unit__name", "pk")
    )


def villages_of(round: PairRound) -> QuerySet[PairRoundVillage]:
    return (
        PairRoundVillage.objects.filter(round=round)
        .select_related("village__parent")
        .order_by("village__path", "pk")
    )


def answers_of(round: PairRound) -> QuerySet[PairAnswer]:
    return PairAnswer.objects.filter(round_unit__round=round).order_by("pk")


def fixes_of(round: PairRound) -> QuerySet[PairFix]:
    return (
        PairFix.objects.filter(round=round)
        .select_related("unit", "village__parent")
        .order_by("village__path", "unit__name", "pk")
    )


def pairs_at_work(village_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Which units each of these villages is paired with now: they may be kept."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Pairing.objects.active().filter(village_id__in=village_ids).order_by("village_id", "pk")
    for village, unit in rows.values_list("village_id", "unit_id"):
        found[village].append(unit)
    return found


def towns_of(county: Place) -> QuerySet[Place]:
    return Place.objects.filter(
        level=PlaceLevel.TOWNSHIP,
        ended_on__isnull=True,
        path__gte=county.path,
        path__lt=path_end(county.path),
    ).order_by("path")


def adjoining_towns(county: Place) -> dict[str, tuple[str, ...]]:
    """The county's own table, read in both directions."""
    beside: dict[str, set[str]] = defaultdict(set)
    rows = AdjoiningTowns.objects.filter(
        first__path__gte=county.path, first__path__lt=path_end(county.path)
    ).values_list("first__name", "second__name")
    for first, second in rows:
        beside[first].add(second)
        beside[second].add(first)
    return {town: tuple(sorted(others)) for town, others in sorted(beside.items())}
