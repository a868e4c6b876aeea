"""What does a village's health check say about its needs?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from lingyan.posting.rules.words import CheckItem, NeedDomain, VillageType

TYPE_THRESHOLD = 60
TYPE_OF_DOMAIN = {
    NeedDomain.TEAM: VillageType.WEAK_ORG,
    NeedDomain.INDUSTRY: VillageType.WEAK_INDUSTRY,
    NeedDomain.GOVERNANCE: VillageType.HIGH_DISPUTE,
}
CLASS_OF_TYPE: Mapping[str, int] = {
    VillageType.LISTED_WEAK: 1,
    VillageType.WEAK_ORG: 1,
    VillageType.KEY_TASK: 2,
    VillageType.POVERTY_LIFTED: 2,
    VillageType.RELOCATION: 2,
    VillageType.WEAK_INDUSTRY: 2,
    VillageType.HIGH_DISPUTE: 2,
}


def items_of(domain: NeedDomain) -> tuple[CheckItem, ...]:
    return tuple(item for item in CheckItem if item.domain is domain)


def domain_need(scores: Mapping[str, int], domain: NeedDomain) -> Decimal | None:
    """Mean of the scored items × 25, one decimal; None while nothing is scored. 依据：R-2-09。"""
    scored = [scores[item] for item in items_of(domain) if item in scores]
    if not scored:
        return None
    return (Decimal(25 * sum(scored)) / len(scored)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def suggested_types(
    scores: Mapping[str, int], *, threshold: int = TYPE_THRESHOLD
) -> tuple[VillageType, ...]:
    """Types whose domain need reaches the threshold; the county confirms. 依据：R-2-09。

    Compared before rounding: 59.96 is shown as 60.0 and still suggests nothing.
    """
    found = []
    for domain, village_type in TYPE_OF_DOMAIN.items():
        scored = [scores[item] for item in items_of(domain) if item in scores]
        if scored and 25 * sum(scored) >= threshold * len(scored):
            found.append(village_type)
    return tuple(found)


def village_class(types: Iterable[str]) -> int:
    """1 first, 3 last. 依据：matching-design 1.2。"""
    return min((CLASS_OF_TYPE.get(item, 3) for item in types), default=3)
