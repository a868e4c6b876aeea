"""Does a written amount mean one sum to the fen, and is anything else refused?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingyan.common.money import BadMoney, exact, fen_of, parse_money, show_money, show_wan, yuan_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("12000", "12000.00"), ("12,000.00", "12000.00"), ("￥12000元", "12000.00"),
        ("1.5万元", "15000.00"), ("1.5万", "15000.00"), ("0.00001万元", "0.10"),
        (" 80.5 ", "80.50"), ("\uff11\uff12\uff0c\uff10\uff10\uff10", "12000.00"),
        ("-3.2", "-3.20"), ("0", "0.00"),
        ("-0", "0.00"), ("¥ 1 200 元整", "1200.00"), ("1,234,567.89", "1234567.89"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text: str, yuan: str) -> None:
    assert str(parse_money(text)) == yuan


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0.001", "money.fraction"), ("1.2345678万元", "money.fraction"),
        ("12,00", "money.unreadable"), ("1,2345", "money.unreadable"), ("二十", "money.unreadable"),
        ("1e5", "money.unreadable"), ("NaN", "money.unreadable"), ("", "money.unreadable"),
        ("12.", "money.unreadable"), ("5万3", "money.unreadable"), ("=1+1", "money.unreadable"),
        ("999999999999999", "money.too_large"), ("100000000万", "money.too_large"),
    ],
)  # fmt: skip
def test_whatever_is_no_sum_is_refused_and_never_rounded(text: str, code: str) -> None:
    with pytest.raises(BadMoney) as bad:
        parse_money(text)

    assert bad.value.refusal.code == code


def test_yuan_and_fen_are_the_same_sum() -> None:
    assert fen_of(Decimal("80.5")) == 8050
    assert yuan_of(8050) == Decimal("80.50")
    assert sum((yuan_of(10) for _ in range(3)), Decimal(0)) == Decimal("0.30")
    with pytest.raises(BadMoney):
        exact(Decimal("NaN"))


def test_sums_are_shown_with_commas_and_in_wan() -> None:
    assert show_money(Decimal("1234567.5")) == "1,234,567.50"
    assert show_wan(Decimal(12500)) == "1.3 万元"
