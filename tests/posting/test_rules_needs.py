"""R-2-09 and R-2-19: what a village needs, and how much."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingyan.posting.rules import (
    CheckItem,
    NeedDomain,
    NeedItem,
    VillageType,
    WeightedNeed,
    default_weights,
    domain_need,
    suggested_types,
    village_class,
    weighted_needs,
)

COMMON = {"agri_major": 4, "project_mgmt": 4, "grassroots_lead": 4, "mass_work": 3}


def test_there_are_sixteen_items_in_three_domains() -> None:
    assert len(CheckItem) == 16
    assert [sum(item.domain is domain for item in CheckItem) for domain in NeedDomain] == [5, 6, 5]


@pytest.mark.parametrize(
    ("types", "mains"),
    [
        ((), {}),
        (("ordinary",), {}),
        (("weak_industry",), {"economy": 15}),
        (("weak_org", "high_dispute"), {"party_work": 8, "social_gov": 7}),
        (("high_dispute", "weak_org"), {"social_gov": 8, "party_work": 7}),
        (
            ("weak_org", "weak_industry", "high_dispute"),
            {"party_work": 5, "economy": 5, "social_gov": 5},
        ),
        (("weak_org", "weak_org", "demo"), {"party_work": 15}),
    ],
)
def test_village_types_share_the_main_weight(types: tuple[str, ...], mains: dict[str, int]) -> None:
    assert default_weights(types) == mains | COMMON


def test_an_item_adds_weight_times_severity_and_may_state_the_level() -> None:
    items = [
        NeedItem(("tech", "mass_work"), severity=3, weight=2),
        NeedItem(("tech",), severity=1, level=2),
        NeedItem(("law",), severity=0, weight=9),
    ]

    found = {need.capability: need for need in weighted_needs((), items)}

    assert found["tech"] == WeightedNeed("tech", 2, 7)
    assert found["mass_work"] == WeightedNeed("mass_work", 4, 9)
    assert "law" not in found


def test_a_weight_stays_at_most_200_and_the_highest_stated_level_stands() -> None:
    items = [
        NeedItem(("tech",), severity=4, weight=50, level=1),
        NeedItem(("tech",), severity=4, weight=50, level=3),
    ]

    assert WeightedNeed("tech", 3, 200) in weighted_needs((), items)


def test_the_order_of_needs_does_not_depend_on_the_order_of_items() -> None:
    one, other = NeedItem(("law",), 2), NeedItem(("tech",), 3)

    assert weighted_needs((), [one, other]) == weighted_needs((), [other, one])


@pytest.mark.parametrize(
    ("types", "klass"),
    [
        ((), 3),
        (("ordinary",), 3),
        (("demo",), 3),
        (("key_task",), 2),
        (("poverty_lifted",), 2),
        (("relocation",), 2),
        (("weak_industry",), 2),
        (("high_dispute", "demo"), 2),
        (("weak_org",), 1),
        (("key_task", "listed_weak"), 1),
    ],
)
def test_the_gravest_type_sets_the_class(types: tuple[str, ...], klass: int) -> None:
    assert village_class(types) == klass


@pytest.mark.parametrize(
    ("scores", "need"),
    [
        ({}, None),
        ({"I1": 4}, None),
        ({f"T{n}": 4 for n in range(1, 6)}, Decimal("100.0")),
        ({"T1": 2, "T2": 2, "T3": 2, "T4": 3, "T5": 3}, Decimal("60.0")),
        ({"T1": 1, "T2": 0, "T3": 0}, Decimal("8.3")),
    ],
)
def test_the_need_of_a_domain_is_the_mean_times_25(
    scores: dict[str, int], need: Decimal | None
) -> None:
    assert domain_need(scores, NeedDomain.TEAM) == need


def test_sixty_suggests_the_type_and_less_does_not() -> None:
    """R-2-09: compared before rounding."""
    sixty = {"T1": 2, "T2": 2, "T3": 2, "T4": 3, "T5": 3}
    less = sixty | {"T5": 2}

    assert suggested_types(sixty) == (VillageType.WEAK_ORG,)
    assert suggested_types(less) == ()
    assert suggested_types({"I1": 4, "G1": 4}) == (
        VillageType.WEAK_INDUSTRY,
        VillageType.HIGH_DISPUTE,
    )
    assert suggested_types(less, threshold=50) == (VillageType.WEAK_ORG,)
