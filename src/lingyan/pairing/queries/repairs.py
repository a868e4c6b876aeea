"""What does a repair ask of the records: who has room, who is there, which round was last?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import path_end
from lingyan.pairing.models import Pairing, PairRound
from lingyan.pairing.queries.gathering import adjoining_towns, towns_of
from lingyan.pairing.queries.pairings import HELD, tops_of
from lingyan.pairing.rules.rounds import PairRoundState

__all__ = ["adjoining_towns"]


def county_of(place: Place) -> Place:
    return Place.objects.get(level=PlaceLevel.COUNTY, path__in=tops_of(place.path))


def units_of(county: Place) -> QuerySet[Unit]:
    return (
        Unit.objects.filter(place__path__gte=county.path, place__path__lt=path_end(county.path))
        .select_related("place")
        .order_by("name", "pk")
    )


def town_names(county: Place) -> tuple[str, ...]:
    return tuple(towns_of(county).values_list("name", flat=True))


def find_last_round(county: Place) -> PairRound | None:
    """The last one that was decided: what was stated there counts on."""
    return (
        PairRound.objects.filter(county=county, state=PairRoundState.DECIDED)
        .select_related("county", "seat")
        .order_by("-decided_on", "-created_at", "pk")
        .first()
    )


def held_by_units(county: Place) -> Counter[UUID]:
    """How many villages each unit of the county has, from the proposal on."""
    rows = Pairing.objects.filter(
        unit__place__path__gte=county.path,
        unit__place__path__lt=path_end(county.path),
        state__in=HELD,
    )
    return Counter(rows.order_by().values_list("unit_id", flat=True))


def units_there(village_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Which units these villages have beside: they support, and may not be proposed twice."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Pairing.objects.filter(village_id__in=village_ids, state__in=HELD).order_by("pk")
    for village, unit in rows.values_list("village_id", "unit_id"):
        found[village].append(unit)
    return found


def count_kept(county: Place) -> int:
    """How many pairs of the county stay as they are."""
    return Pairing.objects.filter(
        village__path__gte=county.path, village__path__lt=path_end(county.path), state__in=HELD
    ).count()
