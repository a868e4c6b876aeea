"""What does posting ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

from lingyan.platform.accounts.actor import Scope

# Rectification says here which villages have a case in RECT_OPEN (R-4-10).
BINDERS: list[Callable[[Collection[UUID]], frozenset[UUID]]] = []

# Rectification says here in which villages of a scope a case was in RECT_OPEN on a day (IND-2-11).
RECTIFIED: list[Callable[[Scope, date], frozenset[UUID]]] = []

# Pairing says here which problems of a first secretary are one thing with a pair's problem, and
# which: its name and the page where it stands.
JOINED: list[Callable[[Collection[UUID]], Mapping[UUID, tuple[str, str]]]] = []

# Pairing says here which units are paired with these villages now, by their names: whoever comes
# from one of them is near (matching-design 1).
PAIRED: list[Callable[[Collection[UUID]], Mapping[UUID, tuple[str, ...]]]] = []

# Organization and pairing say here what they know of a village when its needs are judged (2.2):
# sentences by topic, of the items of `assessments.ITEM_OF_TOPIC`.
KNOWN: list[Callable[[UUID, date], Mapping[str, tuple[str, ...]]]] = []


def villages_bound(village_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these villages, those from which nobody may be withdrawn (G-1)."""
    return frozenset().union(*(binder(village_ids) for binder in BINDERS))


def villages_rectified(scope: Scope, on: date) -> frozenset[UUID]:
    """The villages of a scope that were being rectified on a day."""
    return frozenset().union(*(source(scope, on) for source in RECTIFIED))


def joined_with(problem_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """With what each of these problems is one thing: its name and its page."""
    found: dict[UUID, tuple[str, str]] = {}
    for source in JOINED:
        found.update(source(problem_ids))
    return found


def units_paired(village_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the units that are paired with each of these villages now."""
    found: dict[UUID, tuple[str, ...]] = {}
    for source in PAIRED:
        found.update(source(village_ids))
    return found


def known_of_village(village_id: UUID, on: date) -> dict[str, tuple[str, ...]]:
    """What the neighbours know of a village, by topic; nothing where they know nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for source in KNOWN:
        for topic, lines in source(village_id, on).items():
            found[topic] = (*found.get(topic, ()), *lines)
    return found
