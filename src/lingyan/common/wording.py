"""Is 560余场 or 近1.08万件 a true way to write a value, and how is a value written so?

依据：R-0-17。
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lingyan.common.refusals import Refusal

SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
FALLS, RISES = ("下降", "减少", "降低"), ("提升", "提高", "增长", "增加", "上升")
WRITTEN = re.compile(
    rf"(?P<way>{'|'.join(FALLS + RISES)})?"
    r"(?P<before>近|超过|超|约)?(?P<digits>\d+(?:\.\d+)?)?(?P<scale>[百千万亿]?)(?P<more>余|多)?"
    r"(?P<late_scale>[万亿]?)(?P<unit>[^\d，。；：、]*)"
)
AVERAGE_UNITS = ("%", "岁")  # what is an average or a part of a hundred is rounded when written
UNREADABLE = Refusal("wording.unreadable", "看不出写的是什么数")
KEPT_DIGITS = 2  # 7,950 is written as 7900余
FEW = 100  # below, one digit is kept: 35 is written as 30余


def in_quotes(name: str) -> str:
    """“技术培训”, and ‘四个一’ within: of two quotes the inner is single (GB/T 15834)."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it stands in a text: 近, 1.08, 万, 件."""

    word: str  # 余, 近, 超, 约 or nothing
    number: Decimal  # in base units
    last: Decimal  # place of the last written digit, in base units
    is_rounded: bool  # written in 万 or 亿, with decimals, or an average
    falls: bool = False  # 下降6.4岁 is said of a value below nothing

    @property
    def step(self) -> Decimal:
        """The place value of the last digit that is not nothing: 3200万 → 100万."""
        digits = self.number.normalize().as_tuple()
        assert isinstance(digits.exponent, int)
        return Decimal(1).scaleb(digits.exponent)


def read_wording(text: str) -> Written | None:
    """What a text says of a number; None where it holds none at its beginning."""
    found = WRITTEN.fullmatch(text.replace(",", "").strip())
    if found is None or not (found["digits"] or found["scale"]):
        return None
    scale = SCALES[found["scale"]] * SCALES[found["late_scale"]]
    digits = Decimal(found["digits"] or 1)
    exponent = digits.as_tuple().exponent
    assert isinstance(exponent, int)
    word = (
        "余" if found["more"] else {"超过": "超"}.get(found["before"] or "", found["before"] or "")
    )
    if not found["digits"] and not word:
        word = "约"  # 千名
    rounded = scale > 1 or exponent < 0 or found["unit"].startswith(AVERAGE_UNITS)
    last, falls = Decimal(scale).scaleb(exponent), found["way"] in FALLS
    return Written(word, digits * scale, last, rounded, falls)


def is_true(text: str, value: Decimal | int | Fraction) -> bool:
    """Whether the value may be written so. A value in yuan is held against 万元 in yuan."""
    said = read_wording(text)
    if said is None:
        return False
    held = -Fraction(value) if said.falls else Fraction(value)
    number, step = Fraction(said.number), Fraction(said.step)
    if said.word:
        return {
            "余": number < held < number + step,
            "近": number - step < held < number,
            "超": held > number,
            "约": 20 * abs(held - number) <= number,
        }[said.word]
    if said.is_rounded:
        return _rounded(held, said.last) == said.number
    return held == number


def _rounded(value: Fraction, place: Decimal) -> Decimal:
    """Half up to this place, without a float in between."""
    steps = value / Fraction(place)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return whole * place


def refuse_wording(text: str, value: Decimal | int | Fraction) -> tuple[Refusal, ...]:
    """A text that says something else than the value cannot be issued. 依据：R-0-17、G-24。"""
    if read_wording(text) is None:
        return (UNREADABLE,)
    if is_true(text, value):
        return ()
    told = f"{value:,}" if not isinstance(value, Fraction) else f"{float(value):g}"
    return (Refusal("wording.untrue", f"“{text}”与实际的 {told} 不符"),)


def approximately(value: Decimal | int, unit: str = "") -> str:
    """A true and usual way to write a value: 565 → 560余, 32,450,000 元 → 3200余万元."""
    number = Decimal(value)
    scale, told = (10_000, "万") if unit == "元" and number >= 10_000 else (1, "")
    whole = int(number) // scale
    if whole <= 0:
        return f"{number or 0}{unit}"
    places = max(len(str(whole)) - (KEPT_DIGITS if whole >= FEW else 1), 0)
    kept = whole // 10**places * 10**places
    more = "" if kept * scale == number else "余"
    return f"{kept}{more}{told}{unit}"
