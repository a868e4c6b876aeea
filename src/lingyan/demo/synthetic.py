"""How are plainly invented people made, the same ones on every first start?

Names follow a visible pattern (李甲一); identity numbers an area code never issued (990000).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
STEMS = "甲乙丙丁戊己庚辛壬癸"
NUMERALS = "一二三四五六七八九十百千万"
AREA = "990000"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person."""

    name: str
    gender: str
    birth_on: date
    id_number: str


def identity_number(birth_on: date, sequence: int) -> str:
    """18 characters with a right check digit (R-1-03); odd sequences are male."""
    body = f"{AREA}{birth_on:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def names() -> Iterator[str]:
    """5,200 names, surname changing fastest so that a list does not read as one family."""
    for numeral, stem, surname in product(NUMERALS, STEMS, SURNAMES):
        yield f"{surname}{stem}{numeral}"


class People:
    """A stream of invented people; the same seed gives the same stream."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a demo wants to be repeatable
        self._names = names()
        self._sequences: dict[date, int] = {}

    def next_name(self) -> str:
        """A name alone, for somebody of whom nothing else is kept."""
        return next(self._names)

    def next(self, *, youngest: date, oldest: date) -> Invented:
        birth_on = oldest + timedelta(days=self.random.randrange((youngest - oldest).days))
        gender = self.random.choice(("male", "male", "female"))
        sequence = self._sequences.get(birth_on, 0) + 2
        self._sequences[birth_on] = sequence
        odd = 1 if gender == "male" else 0
        return Invented(
            next(self._names), gender, birth_on, identity_number(birth_on, sequence + odd)
        )
