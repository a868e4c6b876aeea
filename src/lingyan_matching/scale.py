"""How do several goals, each fulfilled before the next counts, live in one integer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lingyan_matching.problem import Problem


def balanced_divmod(number: int, base: int) -> tuple[int, int]:
    """Divide so that the remainder lies around 0: between -base/2 and base/2."""
    quotient = (number + base // 2) // base
    return quotient, number - quotient * base


@dataclass(frozen=True, slots=True)
class Scale:
    """How all goals live in one integer: each weighs more than all later ones of any path."""

    names: tuple[str, ...]
    weights: tuple[int, ...]

    @classmethod
    def of(cls, problem: Problem, names: Sequence[str], *, lot_bits: int) -> Scale:
        """Give each goal, from the last to the first, room for what two paths can differ by."""
        steps = 8 * (len(problem.posts) + len(problem.people) + 2)
        scores = problem.edge_score
        widest = max(max(scores, default=0), -min(scores, default=0)) + 1
        weight, weights = steps << lot_bits, []
        for name in reversed(names):
            weights.append(weight)
            weight *= 2 * (steps * widest if name == "score" else steps)
        return cls(tuple(names), tuple(reversed(weights)))

    def worth(self, name: str) -> int:
        """What one step of this goal is worth; nothing if the goal is not asked for."""
        return self.weights[self.names.index(name)] if name in self.names else 0

    def amounts(self, worth: int) -> tuple[int, ...]:
        """Read an integer as goals again; what the lot adds is dropped."""
        amounts = []
        for weight in self.weights:
            amount, worth = balanced_divmod(worth, weight)
            amounts.append(amount)
        return tuple(amounts)
