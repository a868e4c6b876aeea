"""What does posting ask its neighbours? The one place where their front doors are connected."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

# Rectification says here which villages have a case in RECT_OPEN (R-4-10). Nobody does yet.
BINDERS: list[Callable[[Collection[UUID]], frozenset[UUID]]] = []


def villages_bound(village_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these villages, those from which nobody may be withdrawn (G-1)."""
    return frozenset().union(*(binder(village_ids) for binder in BINDERS))
