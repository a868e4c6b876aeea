"""How the gain or the loss of a change is said on the workbench and in its export."""

from __future__ import annotations

import pytest

from lingyan.posting.problem.price_words import (
    gain_text,
    goal_label,
    priority_label,
    stored_people_moved,
    stored_price_text,
)


@pytest.mark.parametrize(
    ("by_class", "points", "text"),
    [
        ({}, 0, "配备人数和总匹配度都不变"),
        ({1: 0}, -3, "配备人数不变，总匹配度少 3 分"),
        ({1: 0}, 1, "配备人数不变，总匹配度多 1 分"),
        (
            {1: -1, 4: 0},
            25,
            "全县少配 1 个岗位（第一书记（优先级 1）少 1 个），总匹配度多 25 分",
        ),
        (
            {1: 1, 5: 1},
            0,
            (
                "全县多配 2 个岗位（第一书记（优先级 1）多 1 个、工作队员（优先级 2）多 1 个），"
                "总匹配度不变"
            ),
        ),
        (
            {1: -1, 4: 1},
            -7,
            (
                "配备人数不变（第一书记（优先级 1）少 1 个、工作队员（优先级 1）多 1 个），"
                "总匹配度少 7 分"
            ),
        ),
    ],
)
def test_seats_come_first_by_class_where_they_differ_then_points(
    by_class: dict[int, int], points: int, text: str
) -> None:
    assert gain_text(by_class, points) == text


def test_a_stored_price_says_what_it_said_when_it_was_confirmed() -> None:
    price = {
        "goals": [
            {"name": "lower", "before": 1, "after": 0},
            {"name": "class-2", "before": 5, "after": 3},
            {"name": "score", "before": 100, "after": 90},
        ],
        "points": -10,
        "moves": [{"person": "li"}, {"person": "wang"}, {"person": "li"}],
    }

    assert stored_price_text(price) == (
        "全县少配 2 个岗位（第一书记（优先级 2）少 2 个），总匹配度少 10 分"
    )
    assert stored_people_moved(price) == 2


def test_a_price_without_anything_is_no_difference() -> None:
    assert stored_price_text({}) == "配备人数和总匹配度都不变"
    assert stored_people_moved({}) == 0


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("class-1", "第一书记（优先级 1）配备"),
        ("class-6", "工作队员（优先级 3）配备"),
        ("score", "总匹配度"),
        ("lower", "必须配备的名额"),
        ("cardinality", "cardinality"),
    ],
)
def test_goals_have_names(name: str, label: str) -> None:
    assert goal_label(name) == label


@pytest.mark.parametrize(
    ("priority", "label"), [(1, "第一优先"), (2, "第二优先"), (3, "其他"), (4, "第 4 级")]
)
def test_priorities_have_names(priority: int, label: str) -> None:
    assert priority_label(priority) == label
