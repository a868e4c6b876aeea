"""Which ways of writing a number are true of it (R-0-17, A.7)?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from lingyan.common.wording import (
    approximately,
    in_quotes,
    is_true,
    read_wording,
    refuse_wording,
)

TRUE = [
    ("3900余件", 3901), ("30余件", 31), ("30余件", 39), ("560余场(次)", 561), ("560余场(次)", 569),
    ("7900余人（次）", 7901), ("100余万元", 1_050_000), ("3200余万元", 32_450_000),
    ("1万余名", 10_001), ("1万余名", 19_999), ("近1.08万件", 10_786), ("2.1万件次", 20_500),
    ("2.1万件次", 21_499), ("超75%", Decimal("75.9")), ("77%", Decimal("76.5")),
    ("77%", Decimal("77.49")), ("42.6岁", Decimal("42.55")), ("44个村", 44), ("110个", 110),
    ("约3000人", 3150), ("千名", 1040), ("超过50户", 51), ("420多个", 429),
    ("超75%", Fraction(301, 4)), ("下降6.4岁", Decimal("-6.4")), ("提升10.4%", Decimal("10.4")),
    ("减少近30件", -28),
]  # fmt: skip
UNTRUE = [
    ("3900余件", 3900), ("3900余件", 4000), ("30余件", 30), ("30余件", 40), ("560余场", 570),
    ("100余万元", 1_000_000), ("100余万元", 2_000_000), ("3200余万元", 33_000_000),
    ("近1.08万件", 10_800), ("近1.08万件", 10_700), ("2.1万件次", 21_500), ("2.1万件次", 20_499),
    ("超75%", Decimal("75.0")), ("77%", Decimal("76.49")), ("77%", Decimal("77.5")),
    ("42.6岁", Decimal("42.54")), ("42.6岁", Decimal("42.65")), ("44个村", Decimal("44.5")),
    ("110个", 111), ("约3000人", 3151), ("千名", 1051), ("超过50户", 50), ("1万余名", 20_000),
    ("下降6.4岁", Decimal("6.4")), ("提升6.4岁", Decimal("-6.4")), ("6.4岁", Decimal("-6.4")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), TRUE)
def test_this_may_be_written(text: str, value: Decimal | int) -> None:
    assert is_true(text, value)
    assert not refuse_wording(text, value)


@pytest.mark.parametrize(("text", "value"), UNTRUE)
def test_this_is_not_what_the_value_says(text: str, value: Decimal | int) -> None:
    assert not is_true(text, value)
    assert [one.code for one in refuse_wording(text, value)] == ["wording.untrue"]


@pytest.mark.parametrize("text", ["", "若干件", "许多"])
def test_a_text_without_a_number_says_nothing(text: str) -> None:
    assert read_wording(text) is None
    assert [one.code for one in refuse_wording(text, 3)] == ["wording.unreadable"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (565, "场", "560余场"), (7950, "人次", "7900余人次"), (425, "个", "420余个"),
        (110, "个", "110个"), (35, "件", "30余件"), (0, "件", "0件"), (9, "个", "9个"),
        (32_450_000, "元", "3200余万元"), (Decimal("2100000.01"), "元", "210余万元"),
        (Decimal("0.50"), "元", "0.50元"), (9_000, "元", "9000元"), (32_000_000, "元", "3200万元"),
        (Decimal("0.00"), "元", "0元"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_texts_have_it(value: Decimal | int, unit: str, text: str) -> None:
    assert approximately(value, unit) == text


def test_whatever_is_written_is_true() -> None:
    values = Random(17)
    for _ in range(2_000):
        value = values.randrange(1, 10 ** values.randrange(1, 12))
        for unit, held in (("件", value), ("元", value), ("元", Decimal(value) / 100)):
            assert is_true(approximately(held, unit), held), (held, unit)


def test_a_quote_within_a_quote_is_single() -> None:
    assert in_quotes("技术培训") == "“技术培训”"
    assert in_quotes("“四个一”到位率") == "“‘四个一’到位率”"
