"""What may other modules learn about pairs?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from lingyan.pairing.models import Pairing, ProblemClaim


def joined_with(source_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Which of these problems of first secretaries are one thing with a pair's: name and page."""
    rows = ProblemClaim.objects.filter(source_id__in=source_ids, dropped="")
    return {
        claim.source_id: (
            f"联建问题：{claim.problem}",
            reverse("pair_problem_detail", args=[claim.problem_id]),
        )
        for claim in rows.select_related("problem")
        if claim.source_id is not None
    }


def units_paired(village_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the units that are paired with each of these villages now."""
    found: dict[UUID, list[str]] = {}
    rows = Pairing.objects.active().filter(village__in=village_ids).order_by("unit__name", "pk")
    for village, name in rows.values_list("village", "unit__name"):
        found.setdefault(village, []).append(name)
    return {village: tuple(names) for village, names in found.items()}


@dataclass(frozen=True, slots=True)
class ActivePair:
    """A unit that is paired with a village now."""

    id: UUID
    unit_id: UUID
    unit: str


def active_pairs(village_ids: Collection[UUID]) -> dict[UUID, tuple[ActivePair, ...]]:
    """The active pairs of each of these villages, the leading unit first."""
    found: dict[UUID, list[ActivePair]] = {}
    rows = Pairing.objects.active().filter(village__in=village_ids).select_related("unit")
    for one in rows.order_by("-is_lead", "since", "pk"):
        pair = ActivePair(one.pk, one.unit_id, one.unit.name)
        found.setdefault(one.village_id, []).append(pair)
    return {village: tuple(pairs) for village, pairs in found.items()}
