"""What does 组织建设 ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from lingyan.directory.models import Place


class Posted(Protocol):
    """A first secretary in post, as far as a neighbour tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


class Paired(Protocol):
    """An active pair of a village, as far as a neighbour tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def unit(self) -> str: ...


# Posting says here who is the first secretary IN_POST of each village (S3).
FIRST_SECRETARIES: list[Callable[[Collection[UUID]], Mapping[UUID, Posted]]] = []

# Neighbours say here what their records hint at in each village: a situation of 4.2 by its code,
# and in what words. A hint counts only when a person confirms it (G-5).
SIGNALS: list[Callable[[Collection[UUID]], Mapping[UUID, tuple[tuple[str, str], ...]]]] = []

# Pairing says here which pairs of each village are active, the leading unit first (S4).
PAIRS: list[Callable[[Collection[UUID]], Mapping[UUID, tuple[Paired, ...]]]] = []


# Neighbours say here what their records tell of a village's, town's or unit's year: a label and a
# value in words, for the report of its secretary (R-13-04).
YEAR_FACTS: list[Callable[[str, UUID, int], Sequence[tuple[str, str]]]] = []

# Pairing says here what the pairs of these units were worth in a year (R-3-06): the mean in
# hundredths or None, how many pairs, how many of them confirmed.
PAIRING_YEARS: list[
    Callable[[Collection[UUID], int], Mapping[UUID, tuple[int | None, int, int]]]
] = []

# Posting says here which of these people it knows to be sanctioned or investigated on a day (G-21).
SANCTIONED: list[Callable[[Collection[UUID], date], frozenset[UUID]]] = []


# Posting writes here what a village needs at once: one first secretary until a day (G-2).
URGENT_NEEDS: list[Callable[[Place, date], object]] = []


def write_urgent_need(village: Place, until: date) -> None:
    """What a gate asks of the neighbour is one door, called by name in the same transaction."""
    for write in URGENT_NEEDS:
        write(village, until)


def sanctioned(person_ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Of these people, those who may not stand because of discipline, as far as anybody knows."""
    return frozenset[UUID]().union(*(source(person_ids, on) for source in SANCTIONED))


def first_secretaries(village_ids: Collection[UUID]) -> dict[UUID, Posted]:
    """The first secretary in post of each of these villages that has one."""
    found: dict[UUID, Posted] = {}
    for source in FIRST_SECRETARIES:
        found.update(source(village_ids))
    return found


def signals(village_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, str], ...]]:
    """What the records of the neighbours hint at: situation and words, village by village."""
    found: dict[UUID, tuple[tuple[str, str], ...]] = {}
    for source in SIGNALS:
        for village, told in source(village_ids).items():
            found[village] = (*found.get(village, ()), *told)
    return found


def active_pairs(village_ids: Collection[UUID]) -> dict[UUID, tuple[Paired, ...]]:
    """The active pairs of each of these villages that has any."""
    found: dict[UUID, tuple[Paired, ...]] = {}
    for source in PAIRS:
        found.update(source(village_ids))
    return found


def year_facts(kind: str, thing_id: UUID, year: int) -> list[tuple[str, str]]:
    """What is known of the year of a "village", "town" or "unit": labels and values."""
    return [fact for source in YEAR_FACTS for fact in source(kind, thing_id, year)]


def pairing_years(unit_ids: Collection[UUID], year: int) -> dict[UUID, tuple[int | None, int, int]]:
    """The pairs' year of those of these units that have any."""
    found: dict[UUID, tuple[int | None, int, int]] = {}
    for source in PAIRING_YEARS:
        found.update(source(unit_ids, year))
    return found
