"""Is this an identity number, what does it say, and how is it shown without giving it away?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lingyan.common.refusals import Refusal

SHAPE = re.compile(r"[0-9]{17}[0-9X]")
EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says; the area part is kept but never judged (R-1-04)."""

    number: str
    area: str
    born_on: date
    sex: str  # male or female

    @property
    def masked(self) -> str:
        return mask_identity(self.number)


def check_character(first_seventeen: str) -> str:
    """GB 11643 by python-stdnum, whose own judgement would also ask for a known area (R-1-04)."""
    from stdnum.cn import ric

    return ric.calc_check_digit(f"{first_seventeen}0")


def read_identity(text: str, *, today: date | None = None) -> Identity | Refusal:
    """Read an identity number, or say why it is none.

    依据：R-1-03（GB 11643）18 位、出生日期真实、末位校验码；R-1-04 不接受 15 位旧号码。
    Without `today` a birth date in the future is not noticed.
    """
    number = text.strip().upper()
    if re.fullmatch(r"[0-9]{15}", number):
        return Refusal("identity.fifteen_digits", "是 15 位旧身份证号，请填 18 位公民身份号码")
    if not SHAPE.fullmatch(number):
        return Refusal("identity.shape", "公民身份号码应为 18 位，前 17 位是数字，末位是数字或 X")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Refusal("identity.birth_date", "公民身份号码中的出生日期不存在")
    if born_on < EARLIEST_BIRTH or (today is not None and born_on > today):
        return Refusal("identity.birth_date", "公民身份号码中的出生日期不合理")
    if check_character(number[:17]) != number[17]:
        return Refusal("identity.check", "公民身份号码校验位不正确")
    return Identity(number, number[:6], born_on, "male" if int(number[16]) % 2 else "female")


def mask_identity(number: str) -> str:
    """610331198002290007 → 610331**********07 (R-1-05)."""
    return _mask(number, first=6, last=2)


def mask_phone(number: str) -> str:
    """13800000000 → 138****0000 (R-1-05)."""
    return _mask(number, first=3, last=4)


def _mask(text: str, *, first: int, last: int) -> str:
    """Stars for the middle; whatever is too short to have a middle is starred whole."""
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
