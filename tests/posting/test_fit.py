"""matching-design 1.2: the fit in whole numbers, and the worked example of R-2-19 (A.11)."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from lingyan.common.cover import WeightedNeed, cover, cover_column, points_won
from lingyan.common.nearness import TownMap
from lingyan.posting.problem import (
    Candidate,
    FitWeights,
    Intention,
    Pin,
    PostingSettings,
    VillageNeed,
    Wish,
    build_posting,
    post_id,
    total_fit,
)
from lingyan.posting.problem.fit import rank_points
from lingyan.posting.rules import PersonFacts, TermFacts, VillageFacts, weighted_needs

EXAMPLE = {"economy": 4, "agri_major": 4, "project_mgmt": 2, "mass_work": 2}


def test_the_worked_example_covers_750() -> None:
    """A.11."""
    assert cover(EXAMPLE, weighted_needs(["weak_industry"])) == 750


def test_nothing_needed_gives_500() -> None:
    assert cover(EXAMPLE, ()) == 500
    assert cover(EXAMPLE, (WeightedNeed("law", 2, 0),)) == 500


@pytest.mark.parametrize(
    ("level", "needed", "won"),
    [(0, 4, 0), (1, 4, 3), (4, 4, 12), (1, 3, 4), (2, 2, 12), (4, 1, 12), (3, 2, 12)],
)
def test_points_are_whole_twelfths_and_saturate(level: int, needed: int, won: int) -> None:
    assert points_won(WeightedNeed("law", needed, 1), level) == won


def test_a_higher_level_never_lowers_the_cover() -> None:
    needs = weighted_needs(["weak_org"])

    for low, high in product(range(5), repeat=2):
        if low <= high:
            assert cover({"party_work": low}, needs) <= cover({"party_work": high}, needs)


def test_a_whole_column_says_the_same_as_one_by_one() -> None:
    needs = weighted_needs(["weak_org", "high_dispute"])
    people = [{"party_work": n % 5, "mass_work": (n * 7) % 5, "law": 4} for n in range(40)]
    columns = {name: [one.get(name, 0) for one in people] for name in ("party_work", "mass_work")}

    assert cover_column(columns, needs, len(people)) == [cover(one, needs) for one in people]
    assert cover_column({}, (), 3) == [500, 500, 500]


def test_the_weights_add_up_to_100() -> None:
    assert total_fit(FitWeights(), (1000, 1000, 1000, 1000, 1000)) == 1000
    assert total_fit(FitWeights(), (999, 0, 0, 0, 0)) == 599
    with pytest.raises(ValueError, match="100"):
        FitWeights(cover=61)
    with pytest.raises(ValueError, match="100"):
        FitWeights(cover=120, lead=-5, near=5, wish=-10, wanted=-10)


@pytest.mark.parametrize(
    ("rank", "points"), [(1, 1000), (2, 800), (3, 600), (4, 400), (5, 200), (6, 100), (0, 100)]
)
def test_classes_are_worth_1000_to_200(rank: int, points: int) -> None:
    assert rank_points(rank) == points


CHAIN = {"甲": ("乙",), "乙": ("甲", "丙"), "丙": ("乙", "丁"), "丁": ("丙", "戊"), "戊": ("丁",)}


@pytest.mark.parametrize(
    ("home", "town", "points"),
    [
        ("甲", "甲", 1000),
        ("甲", "乙", 800),
        ("甲", "丙", 600),
        ("甲", "丁", 400),
        ("甲", "戊", 200),
        ("甲", "己", 200),
        ("甲", None, 200),
        (None, "甲", 500),
        ("县外", "甲", 200),
    ],
)
def test_steps_over_adjoining_towns(home: str | None, town: str | None, points: int) -> None:
    assert TownMap(minutes={}, adjoining=CHAIN).points(home, town) == points


@pytest.mark.parametrize(
    ("home", "town", "points"), [("甲", "甲", 1000), ("甲", "乙", 600), ("外", "乙", 200)]
)
def test_without_a_table_the_county_counts(home: str, town: str, points: int) -> None:
    towns = TownMap(minutes={}, adjoining=None, towns=("甲", "乙"))

    assert towns.points(home, town) == points


@pytest.mark.parametrize(
    ("minutes", "points"), [(0, 1000), (1, 992), (60, 500), (120, 0), (500, 0)]
)
def test_minutes_that_were_entered_come_first(minutes: int, points: int) -> None:
    assert TownMap(minutes={("甲", "乙"): minutes}, adjoining=CHAIN).points("甲", "乙") == points


# --- the whole sum ------------------------------------------------------------------------------

SETTINGS = PostingSettings(TermFacts(date(2026, 3, 1), date(2026, 4, 1)), rules=())
VILLAGE = VillageNeed(
    VillageFacts("v", "罗盘村", "龙泉乡"),
    ("weak_industry",),
    members=1,
    intentions=(Intention("p", 2), Intention("q", 1, "member")),
    paired_units=("财政局",),
)


def person(id_: str = "p", **changes: object) -> Candidate:
    values: dict[str, object] = {
        "facts": PersonFacts(id_, "李甲一", "财政局"),
        "levels": EXAMPLE,
        "grassroots_years": 3,
        "yearly_results": ("excellent", "competent"),
        "residence": "渡口乡",
        "wishes": (Wish("v", 1),),
    }
    return Candidate(**(values | changes))  # type: ignore[arg-type]


def test_the_five_addends_of_a_fit() -> None:
    problem = build_posting([VILLAGE], [person()], SETTINGS)

    parts = problem.parts("p", post_id("v", "first_secretary"))

    assert (parts.cover, parts.lead, parts.near, parts.wish, parts.wanted) == (
        750,
        120 * 3 + 4 * 80,
        600 + 100,
        1000,
        800,
    )
    assert parts.total == (60 * 750 + 15 * 680 + 5 * 700 + 10 * 1000 + 10 * 800) // 100
    assert problem.parts("p", post_id("v", "member")).lead == 500


@pytest.mark.parametrize(
    ("wishes", "points"),
    [(None, 500), ((), 500), ((Wish("w", 1),), 100), ((Wish("v", 3, "member"),), 100)],
)
def test_a_list_without_the_village_is_worth_less_than_no_list(
    wishes: tuple[Wish, ...] | None, points: int
) -> None:
    problem = build_posting([VILLAGE], [person(wishes=wishes)], SETTINGS)

    assert problem.parts("p", post_id("v", "first_secretary")).wish == points


def test_a_village_that_ranked_others_wants_less_than_one_without_a_list() -> None:
    silent = VillageNeed(VillageFacts("w", "桃溪村"))
    problem = build_posting([VILLAGE, silent], [person("r")], SETTINGS)

    assert problem.parts("r", post_id("v", "first_secretary")).wanted == 100
    assert problem.parts("r", post_id("w", "first_secretary")).wanted == 500


def test_a_paired_unit_is_near_and_never_above_1000() -> None:
    at_home = build_posting([VILLAGE], [person(residence="龙泉乡")], SETTINGS)
    elsewhere = build_posting(
        [VILLAGE], [person(residence=None, facts=PersonFacts("p", "李甲一", "林业局"))], SETTINGS
    )

    post = post_id("v", "first_secretary")
    assert at_home.parts("p", post).near == 1000
    assert elsewhere.parts("p", post).near == 500


def test_a_pin_of_which_nothing_more_is_said_has_no_reason_and_nobody_behind_it() -> None:
    """A pin over a warning needs both, so that neither may be there by itself."""
    pin = Pin("li", "luopan", "member")

    assert (pin.reason, pin.decided_by, pin.decided_on) == ("", "", None)
