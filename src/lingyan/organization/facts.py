"""What may other modules learn about organizations, terms and rectification?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from lingyan.organization.models import (
    RectificationCase,
    RectSupport,
    SecretaryReview,
    VillageReserve,
)
from lingyan.organization.queries import figures, reserve
from lingyan.organization.rules.review_words import DutyLevel, ReviewState
from lingyan.platform.accounts.actor import EVERYTHING, Scope

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


GRADED_IN = (
    ReviewState.GRADED, ReviewState.PROBLEMS_LISTED, ReviewState.RECTIFIED, ReviewState.ARCHIVED,
)  # fmt: skip


def known_of_village(village_id: UUID, on: date) -> dict[str, tuple[str, ...]]:
    """What a health check is told of the secretary and the reserve (table of 2.2).

    The last review of the office, not of a person: who was graded is named, for the secretary of
    today may be another. A village in which nobody was ever found says nothing of its reserve.
    """
    found: dict[str, tuple[str, ...]] = {}
    reviews = SecretaryReview.objects.filter(
        place_id=village_id, unit=None, round__level=DutyLevel.VILLAGE, round__year__lte=on.year,
        round__state__in=GRADED_IN,
    ).exclude(grade="")  # fmt: skip
    lines = []
    if last := reviews.select_related("round").order_by("-round__year").first():
        lines.append(f"{last.round.year} 年述职评议：{last.name}，{last.get_grade_display()}")
    if rectification_open([village_id]):
        lines.append("村党组织正在整顿")
    if lines:
        found["secretary"] = tuple(lines)
    kept = VillageReserve.objects.filter(village=village_id)
    if kept.exists():
        count = reserve.counted(EVERYTHING, on).filter(village=village_id).count()
        found["reserve"] = (f"村级后备力量 {count} 人（已确认、培养中）",)
    return found
