"""What is an instance made of, and how does it say what is wrong with it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORMAT = "lingyan.instance/1"
FORMAT_WITH_BOUNDS = "lingyan.instance/2"
"""Version 2 adds `bounds`; a program that knows version 1 only must not read past them."""

NUMBER_MAX = 10**9
"""The greatest score, limit, bound or rank that may be written."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """One who may be sent; in pairing a unit, which then has bounds of its own."""

    id: str
    unit: str | None = None
    lower: int = 0
    upper: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """A group of equal seats; ``klass`` 1 is filled before 2 (the JSON key is ``class``)."""

    id: str
    lower: int = 0
    upper: int = 1
    klass: int = 1
    village: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A sending unit that gives at most ``limit`` people."""

    id: str
    limit: int


@dataclass(frozen=True, slots=True)
class Bound:
    """How many pairs of these people and these posts there may be together; None is all of them.

    No more than ``upper`` is ever arranged; ``lower`` is the first goal, as a post's is.
    """

    id: str
    people: tuple[str, ...] | None = None
    posts: tuple[str, ...] | None = None
    lower: int = 0
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One instance; the edge columns are parallel and hold indexes and integers."""

    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    units: tuple[Unit, ...]
    edge_person: Sequence[int]
    edge_post: Sequence[int]
    edge_score: Sequence[int]
    edge_person_rank: Sequence[int] | None = None
    edge_post_rank: Sequence[int] | None = None
    pins: tuple[Pair, ...] = ()
    bans: tuple[Pair, ...] = ()
    sense: str = "max"
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceError:
    """One thing that is wrong: where, what, and how to mend it, in Chinese and in English."""

    where: str
    what: str
    mend: str
    what_en: str = ""
    mend_en: str = ""

    def text(self, lang: str = "zh") -> str:
        if lang == "en":
            return f"{self.where}: {self.what_en}; {self.mend_en}"
        return f"{self.where}：{self.what}；{self.mend}"


class BadInstance(ValueError):  # noqa: N818 - the word of the interface
    """The instance cannot be used; ``errors`` holds everything that is wrong with it."""

    def __init__(self, errors: Iterable[InstanceError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(error.text() for error in self.errors))

    def text(self, lang: str = "zh") -> str:
        return "\n".join(error.text(lang) for error in self.errors)
