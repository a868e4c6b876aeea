"""What may other modules learn about organizations, terms and rectification?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from lingyan.organization.models import RectificationCase, RectSupport
from lingyan.organization.queries import figures
from lingyan.platform.accounts.actor import Scope

UnitAndVillage = tuple[UUID, UUID]


def rectification_open(village_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these villages, those with a case in RECT_OPEN (R-4-10): nobody is withdrawn (G-1)."""
    rows = RectificationCase.objects.open().filter(village__in=village_ids)
    return frozenset(rows.values_list("village_id", flat=True))


def villages_rectified(scope: Scope, on: date) -> frozenset[UUID]:
    """The villages of a scope with a case in RECT_OPEN on a day (IND-2-11)."""
    return frozenset(figures.open_on(scope, on).values_list("village_id", flat=True))


def serves_rectification(pairs: Collection[UnitAndVillage]) -> frozenset[UnitAndVillage]:
    """Of these pairs of unit and village, those where the unit is one of the 四个一 (G-3)."""
    wanted = set(pairs)
    rows = RectSupport.objects.filter(
        case__in=RectificationCase.objects.open(),
        unit__in={unit for unit, _ in wanted},
        case__village__in={village for _, village in wanted},
        until__isnull=True,
    )
    return frozenset(wanted & set(rows.values_list("unit_id", "case__village_id")))
