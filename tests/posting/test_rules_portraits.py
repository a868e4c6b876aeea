"""2.3: levels out of evidence; R-2-10: what counts for X02."""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.posting.rules import (
    Evidence,
    capability_level,
    capability_levels,
    experience_of_x02,
    is_stale,
    lead_points,
)

TODAY = date(2026, 3, 1)


def held(capability: str, since: date, until: date | None = None, **more: object) -> Evidence:
    return Evidence(capability, "任职", since, until, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "until", "level"),
    [
        (date(2025, 3, 2), None, 0),
        (date(2025, 3, 1), None, 1),
        (date(2023, 3, 1), date(2025, 3, 1), 2),
        (date(2010, 1, 1), None, 4),
        (date(2026, 5, 1), None, 0),
    ],
)
def test_one_level_a_year_at_most_four(since: date, until: date | None, level: int) -> None:
    assert capability_level("economy", [held("economy", since, until)], as_of=TODAY) == level


def test_two_posts_at_once_count_once() -> None:
    posts = [
        held("party_work", date(2023, 3, 1), date(2024, 3, 1)),
        held("party_work", date(2023, 9, 1), date(2024, 9, 1)),
    ]

    assert capability_level("party_work", posts, as_of=TODAY) == 1


@pytest.mark.parametrize(("months", "level"), [(11, 0), (12, 2), (35, 2), (36, 4)])
def test_grassroots_leading_has_three_steps(months: int, level: int) -> None:
    until = date(2020 + months // 12, 1 + months % 12, 1)

    found = capability_level(
        "grassroots_lead", [held("grassroots_lead", date(2020, 1, 1), until)], as_of=TODAY
    )

    assert found == level


@pytest.mark.parametrize(("projects", "level"), [(0, 0), (1, 1), (4, 4), (7, 4)])
def test_one_level_a_project(projects: int, level: int) -> None:
    evidence = [Evidence("project_mgmt", f"项目{n}") for n in range(projects)]

    assert capability_level("project_mgmt", evidence, as_of=TODAY) == level


def test_a_major_counts_all_or_nothing() -> None:
    assert capability_level("agri_major", [], as_of=TODAY) == 0
    assert capability_level("agri_major", [Evidence("agri_major", "农学")], as_of=TODAY) == 4


@pytest.mark.parametrize(("level", "found"), [(None, 0), (0, 0), (3, 3), (9, 4), (-1, 0)])
def test_a_stated_level_stays_within_its_bounds(level: int | None, found: int) -> None:
    evidence = [Evidence("law", "法律职业资格", level=level)]

    assert capability_level("law", evidence, as_of=TODAY) == found


def test_unverified_evidence_and_evidence_of_the_future_do_not_count() -> None:
    evidence = [
        Evidence("project_mgmt", "甲", verified=False),
        Evidence("project_mgmt", "乙", since=date(2026, 3, 2)),
        Evidence("project_mgmt", "丙", since=date(2026, 3, 1)),
    ]

    assert capability_levels(evidence, as_of=TODAY) == {"project_mgmt": 1}


@pytest.mark.parametrize(
    ("evidence", "counts"),
    [
        (Evidence("agri_major", "农学"), True),
        (Evidence("project_mgmt", "甲", since=date(2024, 1, 1)), True),
        (held("grassroots_lead", date(2024, 1, 1), date(2025, 1, 1)), True),
        (held("grassroots_lead", date(2024, 1, 2), date(2025, 1, 1)), False),
        # The posting itself never counts.
        (held("grassroots_lead", date(2025, 6, 1)), False),
        (held("economy", date(2010, 1, 1)), False),
        (Evidence("agri_major", "农学", verified=False), False),
    ],
)
def test_x02_counts_verified_experience_from_before_the_posting(
    evidence: Evidence, counts: bool
) -> None:
    found = experience_of_x02([evidence], posted_since=date(2025, 6, 1))

    assert bool(found) is counts


def test_evidence_turns_grey_after_24_months() -> None:
    assert not is_stale(held("law", date(2020, 1, 1), date(2024, 3, 1)), as_of=TODAY)
    assert is_stale(held("law", date(2020, 1, 1), date(2024, 1, 31)), as_of=TODAY)
    assert not is_stale(Evidence("law", "无日期"), as_of=TODAY)


@pytest.mark.parametrize(
    ("years", "results", "points"),
    [
        (0, (), 240),
        (5, ("excellent", "excellent", "excellent"), 1000),
        (9, ("excellent",), 1000),
        (2, ("competent", "competent", "competent"), 480),
        (1, ("excellent", "competent", "competent"), 120 + 4 * 220 // 3),
        (0, ("incompetent",), 0),
        (0, ("excellent", "excellent", "excellent", "incompetent"), 400),
        (-3, (), 240),
    ],
)
def test_lead_is_grassroots_years_and_yearly_results(
    years: int, results: tuple[str, ...], points: int
) -> None:
    assert lead_points(years, results) == points
