"""What does pairing ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from lingyan.platform.accounts.actor import Scope

UnitAndVillage = tuple[UUID, UUID]

# Rectification says here which of these units serve an open case of that village (G-3).
BINDERS: list[Callable[[Collection[UnitAndVillage]], frozenset[UnitAndVillage]]] = []

# Posting says here which types a village had on a day, by its confirmed health check.
TYPES_OF_VILLAGES: list[Callable[[Collection[UUID], date], Mapping[UUID, tuple[str, ...]]]] = []

# Posting says here what the need lists in force ask for: item, domain and severity of each need.
NEEDS_OF_VILLAGES: list[
    Callable[[Collection[UUID]], Mapping[UUID, tuple[tuple[str, str, int], ...]]]
] = []


class FoundProblem(Protocol):
    """A problem that a first secretary wrote down, as far as a neighbour tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...
    @property
    def person(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def found_on(self) -> date: ...
    @property
    def state(self) -> str: ...


# Posting says here what was found in a village between two days, as far as the scope may see it.
PROBLEMS_FOUND: list[Callable[[Scope, UUID, date, date], Sequence[FoundProblem]]] = []

# Posting says here how many of the problems found were solved from one day to before another: of
# all in the scope, or of these alone.
SOLVED_COUNTS: list[Callable[[Scope, date, date, Collection[UUID] | None], int]] = []


def pairs_bound(pairs: Collection[UnitAndVillage]) -> frozenset[UnitAndVillage]:
    """Of these pairs of a unit and a village, those that may not come to an end now (G-3)."""
    return frozenset().union(*(binder(pairs) for binder in BINDERS))


def types_of_villages(village_ids: Collection[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """The types of those villages of which a neighbour knows any."""
    found: dict[UUID, tuple[str, ...]] = {}
    for source in TYPES_OF_VILLAGES:
        found.update(source(village_ids, on))
    return found


def needs_of_villages(
    village_ids: Collection[UUID],
) -> dict[UUID, tuple[tuple[str, str, int], ...]]:
    """The needs of those villages of which a neighbour knows any."""
    found: dict[UUID, tuple[tuple[str, str, int], ...]] = {}
    for source in NEEDS_OF_VILLAGES:
        found.update(source(village_ids))
    return found


def problems_found(scope: Scope, village_id: UUID, since: date, until: date) -> list[FoundProblem]:
    """What first secretaries found in the village between two days, both included."""
    return [one for source in PROBLEMS_FOUND for one in source(scope, village_id, since, until)]


def count_solved(
    scope: Scope, since: date, until: date, among: Collection[UUID] | None = None
) -> int:
    """How many problems found by first secretaries were solved, of all or of these."""
    return sum(source(scope, since, until, among) for source in SOLVED_COUNTS)
