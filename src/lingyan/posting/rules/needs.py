"""Which capabilities does a village need, how much, and how heavily?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lingyan.common.cover import WeightedNeed
from lingyan.posting.rules.words import Capability, VillageType

MAIN_WEIGHT = 15
MAIN_LEVEL = 2  # of the main capability, for somebody who fits (IND-2-09)
MAIN_OF_TYPE: Mapping[str, Capability] = {
    VillageType.WEAK_ORG: Capability.PARTY_WORK,
    VillageType.WEAK_INDUSTRY: Capability.ECONOMY,
    VillageType.HIGH_DISPUTE: Capability.SOCIAL_GOV,
}
COMMON_WEIGHTS = (
    (Capability.AGRI_MAJOR, 4),
    (Capability.PROJECT_MGMT, 4),
    (Capability.GRASSROOTS_LEAD, 4),
    (Capability.MASS_WORK, 3),
)
NEEDED_LEVEL = 4
WEIGHT_MAX = 200
ITEM_WEIGHT = 1


@dataclass(frozen=True, slots=True)
class NeedItem:
    """One item of a need list: it names capabilities and may state the level needed."""

    capabilities: tuple[str, ...]
    severity: int
    weight: int = ITEM_WEIGHT
    level: int | None = None
    item: str | None = None
    text: str = ""


def default_weights(types: Iterable[str]) -> dict[str, int]:
    """Weights by village type. 依据：R-2-19。

    Several types share the 15 in whole numbers, the first listed takes what is left over.
    """
    mains = [
        MAIN_OF_TYPE[village_type]
        for village_type in dict.fromkeys(types)
        if village_type in MAIN_OF_TYPE
    ]
    weights: dict[str, int] = {}
    for place, capability in enumerate(mains):
        share, left_over = divmod(MAIN_WEIGHT, len(mains))
        weights[capability.value] = share + (place < left_over)
    weights.update((capability.value, weight) for capability, weight in COMMON_WEIGHTS)
    return weights


def weighted_needs(
    types: Iterable[str], items: Iterable[NeedItem] = ()
) -> tuple[WeightedNeed, ...]:
    """Default weights, raised by weight × severity of every item. 依据：R-2-19、1.2。

    A level that an item states holds for its capability; of several the highest.
    """
    weights = default_weights(types)
    levels: dict[str, int] = {}
    for item in items:
        for capability in item.capabilities:
            weights[capability] = weights.get(capability, 0) + item.weight * item.severity
            if item.level is not None:
                levels[capability] = max(item.level, levels.get(capability, 1))
    return tuple(
        WeightedNeed(
            capability,
            levels.get(capability, NEEDED_LEVEL),
            min(weights[capability], WEIGHT_MAX),
        )
        for capability in sorted(weights, key=_order)
        if weights[capability] > 0
    )


CAPABILITY_ORDER = {capability.value: place for place, capability in enumerate(Capability)}


def _order(capability: str) -> tuple[int, str]:
    return CAPABILITY_ORDER.get(capability, len(CAPABILITY_ORDER)), capability
