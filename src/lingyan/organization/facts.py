"""What may other modules learn about organizations, terms and rectification?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from lingyan.organization.models import RectificationCase, RectSupport

UnitAndVillage = tuple[UUID, UUID]


def rectification_open(village_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these villages, those with a case in RECT_OPEN (R-4-10): nobody is withdrawn (G-1)."""
    rows = RectificationCase.objects.open().filter(village__in=village_ids)
    return frozenset(rows.values_list("village_id", flat=True))


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
