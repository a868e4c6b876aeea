"""What the register refuses: a person twice, a number that contradicts, a post held twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.common.identity import check_character
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import rules

TODAY = date(2026, 11, 21)
FIRST = "99000019880501123"  # an area that is never issued; the last digit before the check is odd
NUMBER = FIRST + check_character(FIRST)
PERSON = rules.PersonClaim(
    name="李甲一",
    today=TODAY,
    id_number=NUMBER,
    gender="male",
    birth_on=date(1988, 5, 1),
    work_started_on=date(2010, 8, 1),
    party_joined_on=date(2011, 7, 1),
)
OFFICE = rules.OfficeClaim("party_secretary", since=date(2024, 1, 1), until=None, today=TODAY)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code.removeprefix("directory.") for refusal in refusals]


def test_registering_belongs_to_named_roles() -> None:
    assert rules.refuse_role("county_org_staff", rules.STAFF_REGISTRARS, "登记人员") == ()
    assert rules.refuse_role("unit_party_admin", rules.PERSON_REGISTRARS, "登记人员") == ()
    (refusal,) = rules.refuse_role("county_org_staff", rules.REGISTRARS, "登记区划")
    assert refusal == Refusal("directory.wrong_role", "您的角色不能登记区划")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"code": ""}, []),
        ({"level": "township", "code": "511722100000"}, []),
        ({"name": " "}, ["name_missing"]),
        ({"code": "511722100000"}, ["village_code"]),
        ({"code": "51172210020"}, ["village_code"]),
        ({"code_taken": True}, ["code_taken"]),
        (
            {"name": "", "code": "1", "code_taken": True},
            ["name_missing", "village_code", "code_taken"],
        ),
    ],
)
def test_a_place_has_a_name_and_a_village_the_code_of_one(
    given: dict[str, Any], expected: list[str]
) -> None:
    """R-1-01."""
    facts = {"name": "罗盘村", "level": "village", "code": "511722100200", "code_taken": False}

    assert codes(rules.refuse_place(**facts | given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"id_number": ""}, []),
        ({"id_number": "", "gender": "female", "birth_on": date(1990, 1, 1)}, []),
        ({"gender": "", "birth_on": None}, []),
        ({"name": "　"}, ["name_missing"]),
        ({"number_taken": True}, ["number_taken"]),
        ({"id_number_holder": "王甲二"}, ["id_number_taken"]),
        ({"alike": "李甲一"}, ["person_twice"]),
        ({"id_number_holder": "王甲二", "alike": "李甲一"}, ["id_number_taken"]),
        ({"birth_on": date(1988, 5, 2)}, ["birth_conflict"]),
        ({"gender": "female"}, ["gender_conflict"]),
        ({"gender": "female", "birth_on": date(1988, 5, 2), "conflict_reason": "档案更正"}, []),
        (
            {"gender": "female", "birth_on": date(1988, 5, 2), "conflict_reason": " "},
            ["birth_conflict", "gender_conflict"],
        ),
    ],
)
def test_a_person_stands_once_and_fits_the_identity_number(
    given: dict[str, Any], expected: list[str]
) -> None:
    """R-1-03 to R-1-05."""
    assert codes(rules.refuse_person(replace(PERSON, **given))) == expected


def test_a_wrong_identity_number_is_the_only_thing_said_about_it() -> None:
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")

    refusals = rules.refuse_person(replace(PERSON, id_number=wrong, gender="female"))
    assert codes(refusals) == ["identity.check"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"work_started_on": TODAY}, []),
        ({"work_started_on": date(2026, 11, 22)}, ["date_in_future"]),
        ({"party_joined_on": date(2026, 11, 22)}, ["date_in_future"]),
        ({"work_started_on": date(1988, 5, 2)}, []),
        ({"work_started_on": date(1988, 5, 1)}, ["date_before_birth"]),
        ({"party_joined_on": date(1980, 1, 1)}, ["date_before_birth"]),
        ({"birth_on": None, "work_started_on": date(1980, 1, 1)}, []),
        ({"birth_on": None, "work_started_on": None, "party_joined_on": None}, []),
        (
            {"id_number": "", "birth_on": date(2027, 1, 1)},
            ["date_in_future", "date_before_birth", "date_before_birth"],
        ),
    ],
)
def test_dates_lie_between_birth_and_today(given: dict[str, Any], expected: list[str]) -> None:
    """VAL-01, VAL-02."""
    assert codes(rules.refuse_person(replace(PERSON, **given))) == expected


def test_a_date_that_cannot_be_is_named() -> None:
    (refusal,) = rules.refuse_person(replace(PERSON, party_joined_on=date(1988, 1, 1)))

    assert refusal.text == "入党日期不能早于出生日期"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"since": TODAY}, []),
        ({"since": date(2026, 11, 22)}, ["since_in_future"]),
        ({"is_village": False}, ["not_a_village"]),
        ({"held_already": True}, ["office_twice"]),
        ({"held_already": True, "holder": "王甲二"}, ["office_twice"]),
        ({"held_already": True, "until": date(2025, 1, 1)}, []),
        ({"holder": "王甲二"}, ["office_occupied"]),
        ({"holder": "王甲二", "until": date(2025, 1, 1)}, []),
        ({"holder": "王甲二", "post": "party_deputy"}, []),
        ({"holder": "王甲二", "post": "community_director"}, ["office_occupied"]),
        ({"until": date(2024, 1, 2)}, []),
        ({"until": date(2024, 1, 1)}, ["until_before_since"]),
        ({"until": date(2023, 1, 1)}, ["until_before_since"]),
    ],
)
def test_nobody_holds_a_post_twice_and_a_single_post_has_one_holder(
    given: dict[str, Any], expected: list[str]
) -> None:
    """VAL-05."""
    assert codes(rules.refuse_office(replace(OFFICE, **given))) == expected


def test_the_holder_and_the_post_are_named() -> None:
    (refusal,) = rules.refuse_office(replace(OFFICE, holder="王甲二"))

    assert refusal.text == "现任村党组织书记是王甲二，请先登记其离任日期"


def test_a_post_ends_once() -> None:
    since, until = date(2024, 1, 1), date(2025, 1, 1)

    assert rules.refuse_to_end_office(since=since, until=until) == ()
    refusals = rules.refuse_to_end_office(since=since, until=until, ended=True)
    assert codes(refusals) == ["office_ended"]


@pytest.mark.parametrize(
    ("oneself", "known", "expected"),
    [
        (False, False, []),
        (True, False, ["relative_oneself"]),
        (False, True, ["relative_known"]),
        (True, True, ["relative_oneself", "relative_known"]),
    ],
)
def test_a_relation_is_between_two_and_entered_once(
    oneself: bool, known: bool, expected: list[str]
) -> None:
    """R-1-06."""
    assert codes(rules.refuse_relative(oneself=oneself, known=known)) == expected


# The sum of products of GB 32100 done by hand: 9 x 1 + 1 x 3 + 1 x 9 = 21, and 31 - 21 = 10 = A.
GOOD_CODE = "91100000000000000"


@pytest.mark.parametrize(
    ("code", "good"),
    [
        (GOOD_CODE + "A", True),
        ("0" * 18, True),
        (GOOD_CODE + "B", False),
        (GOOD_CODE, False),
        (GOOD_CODE + "AA", False),
        ("19100000000000000A", False),
        ("9110000000000I000A", False),
        (GOOD_CODE + "a", False),
    ],
)
def test_a_credit_code_is_checked_by_its_last_character(code: str, good: bool) -> None:
    """R-1-07."""
    assert rules.is_credit_code(code) is good


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"credit_code": ""}, []),
        ({"name": ""}, ["name_missing"]),
        ({"taken": True}, ["unit_twice"]),
        ({"credit_code": GOOD_CODE + "B"}, ["credit_code"]),
    ],
)
def test_a_unit_has_a_name_of_its_own(given: dict[str, Any], expected: list[str]) -> None:
    facts = {"name": "县财政局", "credit_code": GOOD_CODE + "A", "taken": False, **given}

    assert codes(rules.refuse_unit(**facts)) == expected


def test_a_refused_act_carries_all_reasons() -> None:
    refused = Refused(iter([Refusal("a.b", "第一"), Refusal("a.c", "第二")]))

    assert [one.code for one in refused.refusals] == ["a.b", "a.c"]
    assert str(refused) == "第一；第二"
