"""What does the county lose by a change, goal by goal, and who moves where?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from lingyan_matching.residual import Places, Residual


@dataclass(frozen=True, slots=True)
class Regret:
    """What is lost, one amount for each goal in the order of the goals; a gain is negative."""

    names: tuple[str, ...]
    amounts: tuple[int, ...]
    sense: str = "max"

    @classmethod
    def of(cls, residual: Residual, worth: int) -> Regret:
        """Read the loss out of the one integer in which a residual graph counts."""
        scale = residual.scale
        return cls(scale.names, scale.amounts(worth), residual.problem.sense)

    @property
    def points(self) -> int:
        """The score that is lost (with costs instead of scores: what it costs more)."""
        return self.amount("score")

    @property
    def is_nothing(self) -> bool:
        """Whether no goal is touched: an equally good plan exists."""
        return not any(self.amounts)

    @property
    def is_beyond_score(self) -> bool:
        """Whether a goal before the score is touched, so that no score makes up for it."""
        last = self.names.index("score") if "score" in self.names else len(self.names)
        return any(self.amounts[:last])

    def amount(self, name: str) -> int:
        """The loss in one goal."""
        return self.amounts[self.names.index(name)] if name in self.names else 0

    def to_json(self) -> dict[str, int]:
        return dict(zip(self.names, self.amounts, strict=True))

    def text(self) -> str:
        """The loss in plain words."""
        if self.is_nothing:
            return "全县各项目标都不受影响"
        pairs = zip(self.names, self.amounts, strict=True)
        return "，".join(self._amount_text(*pair) for pair in pairs if pair[1])

    @property
    def _is_of_pairs(self) -> bool:
        """Only in a pairing villages are counted, and no posts are."""
        kinds = {name.partition("-")[0] for name in self.names}
        return "villages" in kinds and "class" not in kinds

    def _amount_text(self, name: str, amount: int) -> str:
        kind, _, klass = name.partition("-")
        if kind == "score" and self.sense == "min":
            kind = "cost"
        elif kind == "score" and self._is_of_pairs:
            kind = "pairs"
        before, worse, better, after = WORDS[kind]
        word = worse if amount > 0 else better
        return before.format(klass) + word + after.format(abs(amount))


WORDS = {
    "lower": ("下限", "少", "多", "满足 {} 人"),
    "bounds": ("下限", "少", "多", "满足 {} 对"),
    "class": ("第 {} 类岗位", "少", "多", "填 {} 个"),
    "villages": ("第 {} 类村", "少", "多", "覆盖 {} 个"),
    "seats": ("岗位共", "少", "多", "填 {} 个"),
    "changes": ("与原方案相比", "多", "少", "变动 {} 项"),
    "blocking_pairs": ("不稳定互选", "增加", "减少", " {} 对"),
    "score": ("全县匹配度", "减少", "增加", " {} 分"),
    "pairs": ("全县结对分", "减少", "增加", " {} 分"),
    "cost": ("全县费用", "增加", "减少", " {}"),
}
"""How a loss is told, by the kind of its goal: before, if worse, if better, after."""


@dataclass(frozen=True, slots=True)
class Move:
    """One person goes from one post to another; None is the pool."""

    person: str
    source: str | None
    target: str | None

    def to_json(self) -> dict[str, str | None]:
        return {"person": self.person, "from": self.source, "to": self.target}

    def text(self, names: Mapping[str, str], *, pool: str = "人才库") -> str:
        person = names.get(self.person, self.person)
        source = names.get(self.source or "", self.source or pool)
        target = names.get(self.target or "", self.target or pool)
        return f"{person}：{source} → {target}"


def moves_of(residual: Residual, flipped: Iterable[Places]) -> tuple[Move, ...]:
    """Who moves if these pairs are joined or parted, in the order in which they come."""
    problem = residual.problem
    left: dict[int, list[str]] = {}
    joined: dict[int, list[str]] = {}
    for person, post in flipped:
        parts = (person, post) in residual.taken
        left.setdefault(person, []).extend([problem.posts[post].id] if parts else [])
        joined.setdefault(person, []).extend([] if parts else [problem.posts[post].id])
    return tuple(
        Move(problem.people[person].id, source, target)
        for person in left
        for source, target in zip_longest(left[person], joined[person])
    )


def moves_between(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]
) -> tuple[Move, ...]:
    """Who sits elsewhere in the second of two plans, in the order of ids."""
    old, new = set(before), set(after)
    people = sorted({person for person, _ in old ^ new})
    moves: list[Move] = []
    for person in people:
        sources = sorted(post for who, post in old - new if who == person)
        targets = sorted(post for who, post in new - old if who == person)
        moves += [Move(person, source, target) for source, target in zip_longest(sources, targets)]
    return tuple(moves)


def chain_text(moves: Iterable[Move], names: Mapping[str, str], *, pool: str = "人才库") -> str:
    """The moves as one line of words."""
    return "；".join(move.text(names, pool=pool) for move in moves)


def moves_to_json(moves: Iterable[Move]) -> list[dict[str, Any]]:
    return [move.to_json() for move in moves]
