"""What may other modules learn about pairs?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from lingyan.directory.models import Unit
from lingyan.pairing.models import PairActivity, Pairing, PairProblem, ProblemClaim
from lingyan.pairing.queries import assessments
from lingyan.pairing.rules.ledger_words import OPEN_PROBLEMS, ProblemKind
from lingyan.platform.accounts.actor import EVERYTHING


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


def unit_years(unit_ids: Collection[UUID], year: int) -> dict[UUID, tuple[int | None, int, int]]:
    """What the pairs of each of these units were worth in a year (R-3-06).

    The mean of the confirmed in hundredths of a point or None, how many pairs ran, how many of
    them are confirmed; units without a pair in the year are left out.
    """
    units = Unit.objects.filter(pk__in=unit_ids).order_by("pk")
    found = assessments.years_of_units(EVERYTHING, year, units)
    return {one.unit.pk: (one.score, one.pairs, len(one.confirmed)) for one in found if one.pairs}


def year_facts(kind: str, thing_id: UUID, year: int) -> list[tuple[str, str]]:
    """What a village, a town or a unit did in its pairs in a year, in words."""
    of_whom = {
        "village": Q(village=thing_id),
        "town": Q(village__parent=thing_id),
        "unit": Q(unit=thing_id),
    }[kind]
    pairs = Pairing.objects.active().filter(of_whom)
    count = pairs.count()
    if not count:
        return []
    held = PairActivity.objects.held().filter(
        pairings__in=pairs.values("pk"), day__gte=date(year, 1, 1), day__lt=date(year + 1, 1, 1)
    )
    return [("组织联建", f"结对 {count} 对，本年活动 {held.distinct().count()} 场")]


def known_of_village(village_id: UUID, on: date) -> dict[str, tuple[str, ...]]:
    """What a health check is told of the problems that nobody has solved yet (table of 2.2)."""
    rows = PairProblem.objects.filter(
        village=village_id, state__in=OPEN_PROBLEMS, raised_on__lte=on
    ).order_by()
    counts = dict(rows.values_list("kind").annotate(Count("pk")))
    if not counts:
        return {}
    kinds = "、".join(f"{kind.label} {counts[kind]}" for kind in ProblemKind if kind in counts)
    return {"problems": (f"联建问题没有办结的 {sum(counts.values())} 件：{kinds}",)}
