"""What does pairing ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

UnitAndVillage = tuple[UUID, UUID]

# Rectification says here which of these units serve an open case of that village (G-3). Nobody does
# yet.
BINDERS: list[Callable[[Collection[UnitAndVillage]], frozenset[UnitAndVillage]]] = []

# Posting says here which types a village had on a day, by its confirmed health check.
TYPES_OF_VILLAGES: list[Callable[[Collection[UUID], date], Mapping[UUID, tuple[str, ...]]]] = []


def pairs_bound(pairs: Collection[UnitAndVillage]) -> frozenset[UnitAndVillage]:
    """Of these pairs of a unit and a village, those that may not come to an end now (G-3)."""
    return frozenset().union(*(binder(pairs) for binder in BINDERS))


def types_of_villages(village_ids: Collection[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """The types of those villages of which a neighbour knows any."""
    found: dict[UUID, tuple[str, ...]] = {}
    for source in TYPES_OF_VILLAGES:
        found.update(source(village_ids, on))
    return found
