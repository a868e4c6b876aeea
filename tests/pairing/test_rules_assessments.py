"""R-3-06: what a pair's year was worth, in exact numbers; and which pairs sleep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.pairing.rules.assessments import (
    WEIGHTS,
    AssessmentItem,
    YearFacts,
    evaluation_opens,
    refuse_to_evaluate,
    score_items,
    score_of,
    unit_score,
    written,
)
from lingyan.pairing.rules.liveliness import NextSteps, liveliness, suggestions
from lingyan.pairing.rules.words import FiveOne

pytestmark = pytest.mark.pure

FULL = YearFacts(
    five_ones=5,
    deeds=1,
    problems_raised=4,
    problems_solved=4,
    projects=1,
    milestones_due=2,
    milestones_reached=2,
    committed=100,
    arrived=100,
    meetings_due=4,
    meetings_held=4,
    visits_due=2,
    visits_made=2,
    village_points=100,
)


def test_the_weights_are_those_of_the_rulebook() -> None:
    assert [WEIGHTS[item] for item in AssessmentItem] == [40, 25, 15, 10, 10]


def test_a_full_year_is_worth_a_hundred() -> None:
    assert score_of(score_items(FULL)) == 10_000


@pytest.mark.parametrize(
    ("change", "item", "hundredths"),
    [
        ({"five_ones": 3}, "five_ones", 2400),
        ({"deeds": 0}, "deeds", 1250),
        ({"problems_solved": 1}, "deeds", 1562),  # half of 25 and an eighth of it: 15.625
        ({"problems_raised": 0, "problems_solved": 0}, "deeds", 2500),
        ({"problems_raised": 0, "problems_solved": 0, "deeds": 0}, "deeds", 0),
        ({"milestones_reached": 1}, "projects", 1250),
        ({"arrived": 0}, "projects", 1000),
        ({"arrived": 250}, "projects", 1500),  # more than promised adds nothing
        ({"projects": 0, "milestones_due": 0, "milestones_reached": 0, "committed": 0,
          "arrived": 0}, "projects", 0),
        ({"meetings_held": 1}, "meetings", 625),
        ({"meetings_held": 9}, "meetings", 1000),
        ({"meetings_due": 0, "visits_due": 0}, "meetings", 1000),
        ({"visits_due": 0, "meetings_held": 2}, "meetings", 500),
        ({"village_points": 87}, "village", 870),
    ],
)  # fmt: skip
def test_each_item_counts_what_came_true(
    change: dict[str, int], item: str, hundredths: int
) -> None:
    assert score_items(replace(FULL, **change))[item] == hundredths


def test_weights_that_are_not_a_hundred_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        score_items(FULL, {**WEIGHTS, AssessmentItem.VILLAGE: 11})


def test_a_unit_has_the_mean_of_its_pairs() -> None:
    assert unit_score([9000, 8001, 10_000]) == 9000
    assert unit_score([]) is None
    assert written(9005) == "90.05"


@pytest.mark.parametrize(
    ("year", "planned_until", "opens"),
    [
        (2026, None, date(2026, 10, 1)),
        (2026, date(2027, 3, 1), date(2026, 10, 1)),
        (2026, date(2026, 6, 1), date(2026, 4, 2)),
        (2026, date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_the_year_is_looked_back_on_when_it_nears_its_end(
    year: int, planned_until: date | None, opens: date
) -> None:
    assert evaluation_opens(year=year, planned_until=planned_until) == opens


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"today": date(2026, 9, 30)}, ["pairing.assessment_early"]),
        ({"since": None}, ["pairing.assessment_no_year"]),
        ({"since": date(2027, 1, 1)}, ["pairing.assessment_no_year"]),
        ({"points": 101}, ["pairing.assessment_points"]),
        ({"points": -1}, ["pairing.assessment_points"]),
        ({"text": " "}, ["pairing.assessment_text"]),
    ],
)
def test_who_evaluates_too_early_is_told_when(change: dict[str, object], codes: list[str]) -> None:
    asked: dict[str, object] = {
        "year": 2026,
        "today": date(2026, 10, 1),
        "since": date(2026, 2, 1),
        "planned_until": date(2028, 2, 1),
        "points": 80,
        "text": "常来，办了实事",
    }

    assert [one.code for one in refuse_to_evaluate(**{**asked, **change})] == codes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "state"), [(0, "alive"), (60, "alive"), (61, "quiet"), (92, "quiet"), (93, "asleep")]
)
def test_a_pair_sleeps_after_a_quarter_without_any_event(days: int, state: str) -> None:
    assert liveliness(days).value == state


def test_what_is_nearest_is_suggested_first() -> None:
    state = NextSteps(
        missing=[FiveOne.PATH, FiveOne.DEED],
        meeting_due_by=date(2026, 3, 31),
        visits_due=2,
        milestones_overdue=1,
        problems_waiting=3,
        has_project=False,
    )

    assert [kind for kind, _ in suggestions(state)] == [
        "problems", "projects", "meetings", "visits", "projects", "five_ones", "five_ones",
    ]  # fmt: skip
    assert suggestions(state)[2][1] == "03月31日前应开一次联席会议"
    assert suggestions(state)[5][1] == f"五个一还差：{FiveOne.DEED.label}"
    assert suggestions(NextSteps(missing=[])) == []
