"""What sum does a written amount mean, to the fen, and how is a sum written?"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from lingyan.common.refusals import Refusal

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
WAN = Decimal(10_000)
MOST = Decimal(10) ** 12  # yuan; more is a slip of the finger, and beyond the table's integers
HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
UNITS = {"": Decimal(1), "元": Decimal(1), "万": WAN, "万元": WAN}
WRITTEN = re.compile(
    r"[¥￥]?(?P<sign>[+-]?)[¥￥]?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<part>\d{1,10}))?"
    r"(?P<unit>万元|万|元|)(?:整)?"
)

UNREADABLE = Refusal("money.unreadable", "请写金额，例如 12000、12,000.00 或 1.5万元")
FRACTION = Refusal("money.fraction", "金额最多写到分，不能有不足一分的零头")
TOO_LARGE = Refusal("money.too_large", "金额太大，请核对位数和单位")


class BadMoney(ValueError):  # noqa: N818 - names what was found
    """A text that means no sum; says which refusal fits."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.text)


def parse_money(text: str) -> Decimal:
    """The sum in yuan that is meant by 12000, 12,000.00, ￥12000元, 1.5万 or 1.5万元.

    依据：R-0-16 金额以分为最小单位，不作四舍五入：写了不足一分的，请人改正。
    """
    compact = re.sub(r"\s", "", text.translate(HALF_WIDTH))
    found = WRITTEN.fullmatch(compact)
    if found is None:
        raise BadMoney(UNREADABLE)
    number = Decimal(found["whole"].replace(",", "") + "." + (found["part"] or "0"))
    amount = exact(number * UNITS[found["unit"]])
    return -amount if found["sign"] == "-" else amount


def exact(amount: Decimal | int) -> Decimal:
    """The same sum with two digits after the point; refused where that would change it."""
    amount = Decimal(amount)
    if not amount.is_finite() or abs(amount) >= MOST:
        raise BadMoney(TOO_LARGE)
    cut = amount.quantize(FEN)
    if cut != amount:
        raise BadMoney(FRACTION)
    return cut + NOTHING  # no negative nothing


def fen_of(amount: Decimal | int) -> int:
    """Yuan as whole fen."""
    return int(exact(amount) * 100)


def yuan_of(fen: Decimal | int) -> Decimal:
    """Whole fen as yuan."""
    return Decimal(fen).scaleb(-2).quantize(FEN)


def show_money(amount: Decimal) -> str:
    """12,000.00"""
    return f"{amount:,.2f}"


def show_wan(amount: Decimal) -> str:
    """1.2 万元, to one digit, half up. 依据：R-0-16。"""
    return f"{(amount / WAN).quantize(Decimal('0.1'), ROUND_HALF_UP):,} 万元"
