"""Which goals does a plan follow, in which order, and how much of one may be given up?

The words are those of a run: ``seats`` (seats below lower bounds, then seats by class), or its
parts ``lower`` and ``class-N`` by themselves; ``changes``, ``score``; ``lot`` at the end. A goal
with a slack, ``score~1%`` or ``class-3~2``, may fall so far short of its best for later goals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lingyan_matching.problem import BadInstance, InstanceError, Problem
from lingyan_matching.trees import Crossing, trees_of

IN_ORDER = (("score",), ("changes", "score"), ("score", "changes"))
"""What may follow the seats in the orders that need no weights of their own."""
ASKED = re.compile(r"([a-z]+(?:-[1-9])?)(?:~(\d{1,9})(%?))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """One goal as it was asked for: what may be given up, in steps or in hundredths of its best."""

    name: str
    slack: int = 0
    percent: bool = False

    def least(self, best: int) -> int:
        """What has to be reached where the best is this; costs and losses stand below 0."""
        return best - (abs(best) * self.slack // 100 if self.percent else self.slack)


def is_plain(goals: Sequence[str]) -> bool:
    """Whether seats come first, then the score and changes, and the lot last if at all."""
    middle = tuple(goals[1:-1]) if goals[-1:] == ("lot",) else tuple(goals[1:])
    return tuple(goals[:1]) == ("seats",) and middle in IN_ORDER


def asked_goals(problem: Problem, goals: Sequence[str]) -> tuple[Asked, ...]:
    """The goals one by one, ``seats`` as its parts and the lot left out; refuses what is none."""
    if not goals or goals == ("lot",):
        raise _refused("没有写目标", "no goal is given")
    found, known = [], known_goals(problem)
    for goal in goals[:-1] if goals[-1] == "lot" else goals:
        parts = ASKED.fullmatch(goal)
        if parts is None or parts[1] not in known:
            raise _refused(f"目标“{goal}”不认识或不在题中", f"there is no goal {goal!r}")
        slack, percent = int(parts[2] or 0), parts[3] == "%"
        if parts[1] == "seats" and slack:
            raise _refused(
                "“seats”是几个目标，不能放宽；请对 class-1 等分别放宽",
                '"seats" is several goals; give a slack to class-1 and so on',
            )
        parted = seat_goals(problem) if parts[1] == "seats" else (parts[1],)
        found += [Asked(name, slack, percent) for name in parted]
    names = [asked.name for asked in found]
    if len(set(names)) < len(names):
        raise _refused("同一目标写了两次", "a goal stands twice")
    return tuple(found)


def needs_solver(problem: Problem, goals: Sequence[str]) -> bool:
    """Whether this is no flow: bounds that form no trees, or a goal given up in part."""
    slack = any(goal.slack for goal in asked_goals(problem, goals))
    return slack or bool(problem.bounds and isinstance(trees_of(problem), Crossing))


def known_goals(problem: Problem) -> tuple[str, ...]:
    return ("seats", *seat_goals(problem), "changes", "score")


def seat_goals(problem: Problem) -> tuple[str, ...]:
    """What ``seats`` stands for: lower bounds where there are any, then each class."""
    lower = any(post.lower for post in problem.posts) or any(b.lower for b in problem.bounds)
    classes = [f"class-{number}" for number in sorted({post.klass for post in problem.posts})]
    return (*(["lower"] if lower else []), *classes)


def names_of_goals(problem: Problem, goals: Sequence[str]) -> tuple[str, ...]:
    return tuple(asked.name for asked in asked_goals(problem, goals))


def _refused(what: str, what_en: str) -> BadInstance:
    return BadInstance(
        [
            InstanceError(
                "goals",
                what,
                "可用 seats（或 lower、class-1…）、changes、score，lot 只在最后；放宽写作 score~1%",
                what_en,
                "use seats (or lower, class-1, …), changes, score, and lot only at the end; "
                "a slack is written score~1%",
            )
        ]
    )
