"""Which unit goes well with which village, in whole numbers, and which pair may not be?

依据：R-3-01（地域相邻、行业相关、优势相补、自愿双向）、R-3-02、matching-design 2。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lingyan.common.choices import Choice
from lingyan.common.cover import WeightedNeed, cover
from lingyan.common.nearness import (
    STEP_POINTS,
    Point,
    TownMap,
    distance_points,
    metres_between,
)
from lingyan.directory.rules import VillageType

RELATED_SAME = 1000
RELATED_UNKNOWN = 500
UNIT_LOWER, UNIT_UPPER = 1, 3
UNIT_UPPER_MAX = 5
VILLAGE_LOWER, VILLAGE_UPPER = 1, 1
# R-3-03: these types come first in the program.
FIRST_TYPES = frozenset({VillageType.WEAK_ORG, VillageType.WEAK_INDUSTRY, VillageType.HIGH_DISPUTE})


class Resource(Choice):
    """单位能给、村里需要的五样。依据：R-3-01 COMPLEMENT。"""

    TALENT = "talent", "人才"
    FUND = "fund", "资金"
    TECHNOLOGY = "technology", "技术"
    INFORMATION = "information", "信息"
    VENUE = "venue", "阵地"


class Answer(Choice):
    """一方对另一方的态度。"""

    ASKED = "asked", "主动要求"
    WILLING = "willing", "愿意"
    OBEY = "obey", "服从安排"
    REFUSED = "refused", "不愿意"


ANSWER_POINTS: Mapping[str, int] = {Answer.ASKED: 1000, Answer.WILLING: 700, Answer.OBEY: 300}


@dataclass(frozen=True, slots=True)
class PairWeights:
    """near, related, complement, consent; together 100. `renewal` is added for a pair to keep."""

    near: int = 25
    related: int = 25
    complement: int = 30
    consent: int = 20
    renewal: int = 100

    def __post_init__(self) -> None:
        parts = (self.near, self.related, self.complement, self.consent)
        if min(parts) < 0 or sum(parts) != 100:
            raise ValueError(f"结对四项权重之和应为 100，现为 {sum(parts)}")


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit; `answers` maps a village's id to what the unit said of it."""

    id: str
    name: str
    town: str | None = None
    sectors: tuple[str, ...] = ()
    resources: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    lower: int = UNIT_LOWER
    upper: int = UNIT_UPPER
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """A village; `answers` maps a unit's id to what the village said of it."""

    id: str
    name: str
    town: str | None = None
    types: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    needs: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    lower: int = VILLAGE_LOWER
    upper: int = VILLAGE_UPPER
    klass: int | None = None
    kept: tuple[str, ...] = ()
    bans: Mapping[str, str] = field(default_factory=dict)
    point: Point | None = None

    @property
    def priority(self) -> int:
        """1 for the types that the program puts first, else 2; the county may set it."""
        return self.klass or (1 if FIRST_TYPES & set(self.types) else 2)

    @property
    def profile(self) -> tuple[WeightedNeed, ...]:
        """A need of severity n asks for level n and weighs n."""
        return tuple(
            WeightedNeed(resource.value, self.needs[resource], self.needs[resource])
            for resource in Resource
            if self.needs.get(resource)
        )


@dataclass(frozen=True, slots=True)
class PairParts:
    """The four principles, each 0..1000, the bonus for a pair that is kept, and the total."""

    near: int
    related: int
    complement: int
    consent: int
    renewal: int
    total: int


Matrix = Mapping[tuple[str, str], int]


def near_points(unit: UnitFacts, village: VillageFacts, towns: TownMap) -> int:
    """地域相邻：同乡镇 1000；否则按车程；没有车程、双方有坐标的按直线距离；再按相邻乡镇。"""
    if unit.town is not None and unit.town == village.town:
        return STEP_POINTS[0]
    measured = towns.minutes(unit.town, village.town) is not None
    if not measured and unit.point is not None and village.point is not None:
        return distance_points(metres_between(unit.point, village.point))
    return towns.points(unit.town, village.town)


def related_points(unit: UnitFacts, village: VillageFacts, matrix: Matrix) -> int:
    """行业相关：the best entry of the county's matrix; the same word counts 1000 without one."""
    if not unit.sectors or not village.industries:
        return RELATED_UNKNOWN
    return max(
        matrix.get((sector, industry), RELATED_SAME if sector == industry else 0)
        for sector in unit.sectors
        for industry in village.industries
    )


def consent_points(unit: UnitFacts, village: VillageFacts) -> int:
    """自愿双向：both answers count, so the lower one decides; no answer is 服从安排."""
    return min(
        ANSWER_POINTS.get(unit.answers.get(village.id, Answer.OBEY), 0),
        ANSWER_POINTS.get(village.answers.get(unit.id, Answer.OBEY), 0),
    )


def pair_parts(
    unit: UnitFacts,
    village: VillageFacts,
    weights: PairWeights,
    *,
    towns: TownMap,
    matrix: Matrix,
) -> PairParts:
    """Points of a pair. 依据：matching-design 2。"""
    parts = (
        near_points(unit, village, towns),
        related_points(unit, village, matrix),
        cover(unit.resources, village.profile),
        consent_points(unit, village),
    )
    heavy = (weights.near, weights.related, weights.complement, weights.consent)
    base = sum(weight * points for weight, points in zip(heavy, parts, strict=True)) // 100
    renewal = weights.renewal if unit.id in village.kept else 0
    return PairParts(*parts, renewal, min(base + renewal, 1000))


@dataclass(frozen=True, slots=True)
class PairResult:
    """What one rule says of a pair."""

    rule: str
    name: str
    passed: bool
    text: str


def pair_results(unit: UnitFacts, village: VillageFacts) -> list[PairResult]:
    """A refusal on either side, or a ban, makes the pair ineligible. 依据：R-3-02。"""
    return [
        _result("P01", "单位意愿", _refused(unit.answers, village.id), f"{unit.name}不愿意"),
        _result("P02", "村意愿", _refused(village.answers, unit.id), f"{village.name}不愿意"),
        _result(
            "P03",
            "人工排除",
            unit.id in village.bans,
            f"人工排除：{village.bans.get(unit.id) or '未写明'}",
        ),
    ]


def _refused(answers: Mapping[str, str], other: str) -> bool:
    return answers.get(other) == Answer.REFUSED


def _result(rule: str, name: str, failed: bool, text: str) -> PairResult:
    return PairResult(rule, name, not failed, text if failed else "通过")


def may_pair(results: Iterable[PairResult]) -> bool:
    return all(result.passed for result in results)
