"""What does 组织建设 ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID


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


# Posting says here which of these people it knows to be sanctioned or investigated on a day (G-21).
SANCTIONED: list[Callable[[Collection[UUID], date], frozenset[UUID]]] = []


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
