"""How is a fixed list of words kept: a stable code with its Chinese label?"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A code that is a plain string, with the label that people read.

    Models take `choices=VillageType.choices()`; the call keeps migrations free of live code.
    """

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> tuple[tuple[str, str], ...]:
        return tuple((member.value, member.label) for member in cls)
