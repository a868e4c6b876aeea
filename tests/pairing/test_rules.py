"""R-3-01 to R-3-03 and matching-design 2: the four principles in points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lingyan.common.nearness import Point, TownMap, distance_points, metres_between
from lingyan.pairing.problem import PairingSettings, Pin, build_pairing, pair_explanation
from lingyan.pairing.problem.document import FIGURE_LINES, plan_document, plan_parts
from lingyan.pairing.problem.snapshot import from_snapshot, snapshot
from lingyan.pairing.rules import (
    PairWeights,
    UnitFacts,
    VillageFacts,
    may_pair,
    near_points,
    pair_parts,
    pair_results,
    related_points,
)
from lingyan_matching import build, solve, verify

UNIT = UnitFacts("局", "县文旅局", "甲镇", ("旅游",), {"fund": 2})
VILLAGE = VillageFacts("村", "罗盘村", "乙镇", (), ("旅游",), {"fund": 4})
TOWNS = TownMap(minutes={("甲镇", "乙镇"): 60}, adjoining=None)


@pytest.mark.parametrize(
    ("unit_town", "village_town", "points"),
    [("乙镇", "乙镇", 1000), ("甲镇", "乙镇", 500), ("丙镇", "乙镇", 600), (None, "乙镇", 500)],
)
def test_near_is_the_same_town_or_the_way(
    unit_town: str | None, village_town: str, points: int
) -> None:
    unit = replace(UNIT, town=unit_town)

    assert near_points(unit, replace(VILLAGE, town=village_town), TOWNS) == points


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((39_904_200, 116_407_400), (39_904_200, 116_407_400), 0),
        ((0, 0), (0, 1_000_000), 111_195),  # a degree of the equator
        ((0, 0), (0, 180_000_000), 20_015_114),  # half around
        ((39_904_200, 116_407_400), (31_230_400, 121_473_700), 1_067_312),  # 北京—上海
        ((31_353_837, 107_721_921), (31_353_837, 107_731_921), 950),
    ],
)
def test_metres_are_those_of_the_great_circle(one: Point, other: Point, metres: int) -> None:
    assert metres_between(one, other) == metres_between(other, one) == metres


@pytest.mark.parametrize(
    ("metres", "points"),
    [(0, 1000), (1, 1000), (60, 999), (30_000, 500), (59_999, 1), (60_000, 0), (10**7, 0)],
)
def test_points_fall_with_the_distance(metres: int, points: int) -> None:
    assert distance_points(metres) == points


HERE, THERE = (31_000_000, 107_000_000), (31_269_796, 107_000_000)  # 30 km to the north


@pytest.mark.parametrize(
    ("town", "unit_point", "village_point", "points"),
    [
        ("丙镇", HERE, THERE, 500),
        ("乙镇", HERE, THERE, 1000),  # the same town stays the same town
        ("甲镇", HERE, HERE, 500),  # minutes that the county has entered stand above the distance
        (None, HERE, HERE, 1000),
        ("丙镇", HERE, None, 600),
        ("丙镇", None, THERE, 600),
    ],
)
def test_distance_counts_where_both_have_a_point(
    town: str | None, unit_point: Point | None, village_point: Point | None, points: int
) -> None:
    unit = replace(UNIT, town=town, point=unit_point)

    assert near_points(unit, replace(VILLAGE, point=village_point), TOWNS) == points


@pytest.mark.parametrize(
    ("sectors", "industries", "points"),
    [
        (("旅游",), ("旅游",), 1000),
        (("旅游",), ("茶叶",), 700),
        (("旅游", "农业"), ("茶叶", "养殖"), 900),
        (("金融",), ("茶叶",), 0),
        ((), ("茶叶",), 500),
        (("金融",), (), 500),
    ],
)
def test_related_takes_the_best_entry_of_the_matrix(
    sectors: tuple[str, ...], industries: tuple[str, ...], points: int
) -> None:
    matrix = {("旅游", "茶叶"): 700, ("农业", "养殖"): 900}

    unit, village = replace(UNIT, sectors=sectors), replace(VILLAGE, industries=industries)

    assert related_points(unit, village, matrix) == points


@pytest.mark.parametrize(
    ("unit_says", "village_says", "points"),
    [
        ("asked", "asked", 1000),
        ("asked", "willing", 700),
        ("willing", None, 300),
        (None, None, 300),
    ],
)
def test_consent_is_what_the_less_willing_side_says(
    unit_says: str | None, village_says: str | None, points: int
) -> None:
    unit = replace(UNIT, answers={"村": unit_says} if unit_says else {})
    village = replace(VILLAGE, answers={"局": village_says} if village_says else {})

    parts = pair_parts(unit, village, PairWeights(), towns=TOWNS, matrix={})

    assert parts.consent == points
    assert may_pair(pair_results(unit, village))


@pytest.mark.parametrize(
    ("unit_changes", "village_changes", "failed"),
    [
        ({"answers": {"村": "refused"}}, {}, ["P01"]),
        ({}, {"answers": {"局": "refused"}}, ["P02"]),
        ({}, {"bans": {"局": "刚结束"}}, ["P03"]),
        ({}, {"bans": {"别的局": "刚结束"}}, []),
    ],
)
def test_a_refusal_or_a_ban_on_either_side_ends_it(
    unit_changes: dict[str, object], village_changes: dict[str, object], failed: list[str]
) -> None:
    """R-3-02."""
    unit = replace(UNIT, **unit_changes)  # type: ignore[arg-type]
    village = replace(VILLAGE, **village_changes)  # type: ignore[arg-type]

    results = pair_results(unit, village)

    assert [result.rule for result in results if not result.passed] == failed
    assert may_pair(results) is not bool(failed)


def test_the_points_of_a_pair_add_up_and_stay_within_1000() -> None:
    parts = pair_parts(UNIT, VILLAGE, PairWeights(), towns=TOWNS, matrix={})
    assert (parts.near, parts.related, parts.complement, parts.consent) == (500, 1000, 500, 300)
    assert parts.total == (25 * 500 + 25 * 1000 + 30 * 500 + 20 * 300) // 100

    kept = replace(VILLAGE, kept=("局",))
    again = pair_parts(UNIT, kept, PairWeights(), towns=TOWNS, matrix={})
    assert again.total == parts.total + 100
    much = pair_parts(UNIT, kept, PairWeights(renewal=900), towns=TOWNS, matrix={})
    assert much.total == 1000


def test_the_four_weights_add_up_to_100() -> None:
    with pytest.raises(ValueError, match="100"):
        PairWeights(near=26)


@pytest.mark.parametrize(
    ("types", "klass", "priority"),
    [(("weak_org",), None, 1), (("key_task",), None, 2), ((), None, 2), (("weak_org",), 3, 3)],
)
def test_weak_villages_come_first(types: tuple[str, ...], klass: int | None, priority: int) -> None:
    """R-3-03."""
    assert replace(VILLAGE, types=types, klass=klass).priority == priority


def test_a_pairing_proves_itself_and_explains_every_pair() -> None:
    units = [replace(UNIT, id=f"u{n}", name=f"单位{n}", upper=2) for n in range(4)]
    villages = [replace(VILLAGE, id=f"v{n}", kept=("u1",) if n == 2 else ()) for n in range(6)]
    villages[0] = replace(villages[0], answers={"u0": "refused"})
    settings = PairingSettings(minutes={("甲镇", "乙镇"): 60}, pins=(Pin("u3", "v0", "县里商定"),))

    problem = build_pairing(villages, units, settings)
    plan = solve(build(problem.problem), mode="pairing")

    assert verify(problem.problem, plan).ok
    pairs = {(row.person, row.post): row.score for row in plan.assignments}
    assert ("u3", "v0") in pairs
    assert ("u0", "v0") not in pairs
    assert ("u1", "v2") in pairs
    for (unit, village), score in pairs.items():
        assert pair_explanation(problem, None, unit, village)["fit"]["total"] == score


@pytest.mark.parametrize("adjoining", [None, {"乙镇": ("甲镇",), "甲镇": ("乙镇",)}])
def test_a_stored_problem_is_the_same_problem_again(
    adjoining: dict[str, tuple[str, ...]] | None,
) -> None:
    settings = PairingSettings(minutes={("甲镇", "乙镇"): 60}, adjoining=adjoining)
    problem = build_pairing([VILLAGE], [UNIT], settings)

    stored = snapshot(problem)

    neighbours = adjoining and {town: list(others) for town, others in adjoining.items()}
    assert stored["adjoining"] == neighbours
    assert snapshot(from_snapshot(stored)) == stored
    assert from_snapshot(stored).settings.adjoining == adjoining


def test_a_plan_file_counts_the_units_of_each_village() -> None:
    units = [replace(UNIT, id=f"u{n}", name=f"单位{n}") for n in range(3)]
    villages = [replace(VILLAGE, id="v0", upper=2), replace(VILLAGE, id="v1", name="另一村")]
    problem = build_pairing(villages, units, PairingSettings())
    plan = solve(build(problem.problem), mode="pairing")

    document = plan_document(problem, plan, created="2026-03-01T08:00:00+08:00")

    assert {line["village"]: line["filled"] for line in document["villages"]} == {"v0": 2, "v1": 1}
    *_, (_, figures) = plan_parts(problem, plan)
    values = {row["name"]: row.get("value") for row in figures}
    assert [values[name] for _, name in FIGURE_LINES] == [
        document["figures"][key] for key, _ in FIGURE_LINES
    ]
    assert all(values[name] is not None for _, name in FIGURE_LINES)
