from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingyan.common.identity import (
    Identity,
    check_character,
    mask_identity,
    mask_phone,
    read_identity,
)
from lingyan.common.refusals import Refusal

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("number", "born_on", "sex"),
    [
        ("610331198002290007", date(1980, 2, 29), "female"),
        ("610327194912310000", date(1949, 12, 31), "female"),
        ("511722199911300003", date(1999, 11, 30), "female"),
        ("61033119800101000X", date(1980, 1, 1), "female"),
        ("511722200006150004", date(2000, 6, 15), "female"),
        ("610327197507080006", date(1975, 7, 8), "female"),
    ],
)
def test_the_valid_numbers_of_the_rule_book_are_read(number: str, born_on: date, sex: str) -> None:
    """R-1-03, A.1."""
    assert read_identity(number) == Identity(number, number[:6], born_on, sex)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("610331198002290008", "identity.check"),
        ("610331198102290007", "identity.birth_date"),
        ("610331800229000", "identity.fifteen_digits"),
        ("61033118991231000X", "identity.birth_date"),
        ("6103311980022900", "identity.shape"),
        ("", "identity.shape"),
        ("X10331198002290007", "identity.shape"),
        ("\uff1610331198002290007", "identity.shape"),
    ],
)
def test_a_number_that_is_none_says_why(number: str, code: str) -> None:
    """R-1-03, R-1-04."""
    found = read_identity(number)

    assert isinstance(found, Refusal)
    assert found.code == code


def test_a_small_x_is_stored_as_a_capital() -> None:
    found = read_identity("61033119800101000x")

    assert isinstance(found, Identity)
    assert found.number == "61033119800101000X"


def test_an_area_code_that_was_never_issued_is_not_judged() -> None:
    """R-1-04: area codes change, so the area part is not compared with today's table."""
    first = "99000019850101" + "001"
    found = read_identity(first + check_character(first))

    assert isinstance(found, Identity)
    assert found.sex == "male"
    assert found.masked == "990000**********" + found.number[-2:]


def test_a_birth_date_in_the_future_is_refused_when_the_day_is_known() -> None:
    first = "99000020270101001"
    number = first + check_character(first)

    assert isinstance(read_identity(number), Identity)
    assert isinstance(read_identity(number, today=date(2026, 11, 21)), Refusal)
    assert isinstance(read_identity(number, today=date(2027, 1, 1)), Identity)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_identity(text), Identity | Refusal)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_is_always_found(born_on: date, sequence: int, place: int) -> None:
    first = f"990000{born_on:%Y%m%d}{sequence:03}"
    number = first + check_character(first)
    other = str((int(number[place].replace("X", "9")) + 1) % 10)
    wrong = number[:place] + other + number[place + 1 :]

    assert isinstance(read_identity(number), Identity)
    assert isinstance(read_identity(wrong), Refusal)


def test_masks_keep_what_the_rule_says() -> None:
    """R-1-05."""
    assert mask_identity("610331198002290007") == "610331**********07"
    assert mask_phone("13800000000") == "138****0000"


@pytest.mark.parametrize("mask", [mask_identity, mask_phone])
def test_what_is_too_short_is_masked_whole(mask: object) -> None:
    assert callable(mask)
    assert mask("123") == "***"
    assert mask("") == ""
