"""What the rules of duty lists, reviews and targets allow, and every reason where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.organization.rules import agency_targets as targets
from lingyan.organization.rules import duty_lists as duties
from lingyan.organization.rules import reviews
from lingyan.organization.rules.duty_lists import Item
from lingyan.organization.rules.reviews import Result

ITEM = Item("members", "落实计划", "按程序办理", date(2026, 12, 31))
TODAY = date(2026, 3, 9)


def codes(refusals: tuple[object, ...]) -> list[str]:
    return [one.code.removeprefix("organization.") for one in refusals]  # type: ignore[attr-defined]  # a Refusal


@pytest.mark.parametrize(
    ("items", "level", "has_pairing", "reasons"),
    [
        ([ITEM], "village", False, []),
        ([ITEM], "town", False, []),
        ([], "village", False, ["duty_empty", "duty_topic_missing"]),
        ([replace(ITEM, topic="team")], "village", False, ["duty_topic_missing"]),
        ([replace(ITEM, topic="team")], "unit", False, []),
        ([replace(ITEM, topic="team")], "unit", True, ["duty_topic_missing"]),
        ([replace(ITEM, topic="pairing")], "unit", True, []),
        ([replace(ITEM, measure=" ")], "village", False, ["duty_item_incomplete"]),
        ([replace(ITEM, due_on=None)], "village", False, ["duty_item_due"]),
        ([replace(ITEM, due_on=date(2027, 1, 1))], "village", False, ["duty_item_due"]),
        ([ITEM] * 31, "village", False, ["duty_too_long"]),
    ],
)
def test_a_list_is_submitted_when_it_has_what_it_must_have(
    items: list[Item], level: str, has_pairing: bool, reasons: list[str]
) -> None:
    found = duties.refuse_to_submit(items, level=level, year=2026, has_pairing=has_pairing)

    assert codes(found) == reasons


def test_the_usual_list_may_be_submitted_as_it_stands() -> None:
    for level in ("village", "town", "unit"):
        items = duties.usual_items(level, 2026)
        assert not duties.refuse_to_submit(items, level=level, year=2026, has_pairing=True)


def test_last_years_items_move_into_this_year() -> None:
    leap = replace(ITEM, due_on=date(2024, 2, 29))

    assert [one.due_on for one in duties.carried_over([leap, ITEM], 2027)] == [
        date(2027, 2, 28),
        date(2027, 12, 31),
    ]


DONE = Result("宋乙八", True, 25, "high", False)


@pytest.mark.parametrize(
    ("act", "result", "level", "reasons"),
    [
        ("report", DONE, "village", []),
        ("report", replace(DONE, is_reported=False), "village", ["review_not_reported"]),
        ("evaluate", DONE, "village", []),
        ("evaluate", replace(DONE, votes=0), "village", ["review_not_counted"]),
        ("grade", DONE, "village", []),
        ("grade", replace(DONE, grade=""), "village", ["review_no_grade"]),
        ("grade", replace(DONE, is_weak_development=None), "village", ["review_undecided"]),
        ("grade", replace(DONE, is_weak_development=None), "town", []),
        ("list_problems", DONE, "village", []),
        ("list_problems", replace(DONE, grade="middle"), "village", ["review_no_problem"]),
        ("list_problems", replace(DONE, grade="low"), "village", ["review_no_problem"]),
        ("list_problems", replace(DONE, grade="low", problems=1), "village", []),
        ("rectify", replace(DONE, problems=2, problems_open=1), "village", ["review_problem_open"]),
        ("rectify", replace(DONE, problems=2), "village", []),
    ],
)
def test_a_round_goes_on_when_everybody_is_through(
    act: str, result: Result, level: str, reasons: list[str]
) -> None:
    assert codes(reviews.refuse_step(act, [DONE, result], level=level)) == reasons


def test_who_counted_the_votes_does_not_settle_the_grades() -> None:
    found = reviews.refuse_step("grade", [DONE], level="village", same_hands=True)

    assert [one.code for one in found] == ["directory.same_person"]


@pytest.mark.parametrize(
    ("counts", "allowed"),
    [
        ({"good": 20, "fairly_good": 5, "fair": 0, "poor": 0}, True),
        ({"good": 0, "fairly_good": 0, "fair": 0, "poor": 1}, True),
        ({"good": 0, "fairly_good": 0, "fair": 0, "poor": 0}, False),
        ({"good": -1, "fairly_good": 5, "fair": 0, "poor": 0}, False),
        ({"good": 1}, False),
        ({"good": 10_001, "fairly_good": 0, "fair": 0, "poor": 0}, False),
    ],
)
def test_votes_are_counts_of_all_four(counts: dict[str, int], allowed: bool) -> None:
    assert (not reviews.refuse_counts(counts)) == allowed


@pytest.mark.parametrize(
    ("grade", "level", "weak", "reason", "reasons"),
    [
        ("high", "village", False, "", []),
        ("high", "village", True, "三年没有发展党员", []),
        ("high", "village", True, " ", ["review_weak_reason"]),
        ("high", "village", None, "", ["review_undecided"]),
        ("high", "unit", None, "", []),
        ("best", "unit", None, "", ["review_no_grade"]),
    ],
)
def test_a_grade_says_of_a_village_whether_its_development_is_weak(
    grade: str, level: str, weak: bool | None, reason: str, reasons: list[str]
) -> None:
    found = reviews.refuse_grade(grade, level=level, is_weak=weak, reason=reason)

    assert codes(found) == reasons


@pytest.mark.parametrize(
    ("text", "due_on", "reasons"),
    [
        ("记录不全", date(2026, 3, 10), []),
        ("", date(2026, 3, 10), ["review_problem_text"]),
        ("记录不全", TODAY, ["review_problem_due"]),
        ("记录不全", None, ["review_problem_due"]),
    ],
)
def test_a_problem_has_words_and_a_day_to_come(
    text: str, due_on: date | None, reasons: list[str]
) -> None:
    assert codes(reviews.refuse_problem(text, due_on, today=TODAY)) == reasons


FULL = {"duty": 2000, "life": 2500, "members": 1000, "clean": 1500}


@pytest.mark.parametrize(
    ("score", "points"), [(None, None), (10_000, 3000), (9000, 2700), (8333, 2500), (0, 0)]
)
def test_the_pairs_part_is_thirty_of_a_hundred(score: int | None, points: int | None) -> None:
    assert targets.pairing_points(score) == points


def test_the_total_is_of_a_hundred_with_pairs_and_without() -> None:
    half = {code: points // 2 for code, points in FULL.items()}

    assert targets.total(FULL, 3000, has_pairing=True) == 10_000
    assert targets.total(FULL, None, has_pairing=True) == 7000
    assert targets.total(FULL, None, has_pairing=False) == 10_000
    assert targets.total(half, None, has_pairing=False) == 5000


@pytest.mark.parametrize(
    ("points", "reasons"),
    [
        (FULL, []),
        ({**FULL, "duty": 2001}, ["target_points"]),
        ({**FULL, "duty": -1}, ["target_points"]),
        ({"duty": 2000}, ["target_points"] * 3),
        ({**FULL, "pairing": 3000}, ["target_typed"]),
    ],
)
def test_the_pairs_part_is_never_typed(points: dict[str, int], reasons: list[str]) -> None:
    assert codes(targets.refuse_points(points)) == reasons


def test_a_unit_with_pairs_waits_for_their_year() -> None:
    assert not targets.refuse_to_submit(has_pairing=False, pairing=None)
    assert not targets.refuse_to_submit(has_pairing=True, pairing=0)
    assert codes(targets.refuse_to_submit(has_pairing=True, pairing=None)) == [
        "target_no_pairing_score"
    ]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 6, 30), 2026),
        (date(2027, 7, 1), None),
    ],
)
def test_from_december_to_june_the_review_of_the_year_is_owed(day: date, year: int | None) -> None:
    assert reviews.year_owed(day) == year
    assert reviews.round_due(2026) == date(2027, 1, 31)
    assert reviews.round_due(2027, 2) == date(2028, 2, 29)


def test_who_reports_and_who_reads() -> None:
    """R-13-04: secretaries of villages, townships and units report by themselves."""
    told = list(reviews.SECRETARIES)
    assert told == ["village_secretary", "town_secretary", "unit_party_admin", "unit_leader"]
    assert set(reviews.READERS) == {
        "county_org_staff", "county_org_admin", "county_org_leader", "town_org", "town_secretary",
        "village_secretary", "unit_party_admin", "unit_leader",
    }  # fmt: skip
