"""How do two plans for the same problem differ, and how well does one serve both sides?

Any two plans can be compared, also one made by hand: nothing here asks how they were found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Pair, Problem
from lingyan_matching.regret import Move, moves_between, moves_to_json
from lingyan_matching.residual import problem_of
from lingyan_matching.verify_stable import blocking_pairs

NOT_MENTIONED = 0
"""The place of a post that the person did not name, in a histogram of wishes."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def permille(self) -> int | None:
        """The share in thousandths, rounded down; None of nothing."""
        return None if not self.whole else 1000 * self.part // self.whole

    def to_json(self) -> dict[str, int | None]:
        return {"part": self.part, "whole": self.whole, "permille": self.permille}

    def text(self) -> str:
        if self.permille is None:
            return "无"
        return f"{self.permille // 10}.{self.permille % 10}%（{self.part}/{self.whole}）"


@dataclass(frozen=True, slots=True)
class MarketFigures:
    """The five figures of a two-sided choice (供需双向选择).

    The first two count among the people who were placed and had handed in wishes; the next two
    are people who handed in wishes and posts that named people; the last is seats.
    """

    first_choice: Share
    top_three: Share
    people_taking_part: Share
    posts_taking_part: Share
    seats_filled: Share

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name).to_json() for name in self.__slots__}

    def text(self) -> str:
        """The five figures in plain words."""
        return (
            f"第一志愿满足率 {self.first_choice.text()}，前三志愿满足率 {self.top_three.text()}，"
            f"人选参与率 {self.people_taking_part.text()}，"
            f"岗位参与率 {self.posts_taking_part.text()}，岗位到位率 {self.seats_filled.text()}。"
        )


@dataclass(frozen=True, slots=True)
class GoalPair:
    """One goal in both plans; None where a plan does not state it."""

    name: str
    a: int | None
    b: int | None

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "a": self.a, "b": self.b}


@dataclass(frozen=True, slots=True)
class VillagePair:
    """One village in both plans: first its filled seats count, then the sum of its scores."""

    village: str
    seats: int
    filled: tuple[int, int]
    score: tuple[int, int]
    verdict: str

    def to_json(self) -> dict[str, Any]:
        return {
            "village": self.village,
            "seats": self.seats,
            "filled": list(self.filled),
            "score": list(self.score),
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Load:
    """One unit or one post in both plans, beside its bound."""

    id: str
    bound: int
    a: int
    b: int

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "bound": self.bound, "a": self.a, "b": self.b}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side; pairs of values stand as (a, b)."""

    goals: tuple[GoalPair, ...]
    moves: tuple[Move, ...]
    villages: tuple[VillagePair, ...]
    wish_ranks: tuple[Mapping[int, int], Mapping[int, int]]
    blocking: tuple[tuple[Pair, ...], tuple[Pair, ...]]
    empty: tuple[Load, ...]
    units: tuple[Load, ...]
    market: tuple[MarketFigures, MarketFigures]

    @property
    def people_moved(self) -> int:
        return len({move.person for move in self.moves})

    def count(self, verdict: str) -> int:
        """How many villages are better, worse or equal in the second plan."""
        return sum(village.verdict == verdict for village in self.villages)

    def to_json(self) -> dict[str, Any]:
        return {
            "goals": [goal.to_json() for goal in self.goals],
            "people_moved": self.people_moved,
            "moves": moves_to_json(self.moves),
            "villages": [village.to_json() for village in self.villages],
            "wish_ranks": [
                {str(rank): count for rank, count in sorted(ranks.items())}
                for ranks in self.wish_ranks
            ],
            "blocking": [[list(pair) for pair in pairs] for pairs in self.blocking],
            "empty": [load.to_json() for load in self.empty],
            "units": [load.to_json() for load in self.units],
            "market": [figures.to_json() for figures in self.market],
            "text_zh": self.text(),
        }

    def text(self) -> str:
        """The difference in one line of plain words."""
        first, second = (len(pairs) for pairs in self.blocking)
        return (
            f"与甲方案相比，乙方案调动 {self.people_moved} 人；{self.count('better')} 个村更好，"
            f"{self.count('worse')} 个村变差，{self.count('equal')} 个村不变；"
            f"空缺岗位 {self._empty(0)} → {self._empty(1)}，不稳定互选 {first} → {second} 对。"
        )

    def _empty(self, which: int) -> int:
        return sum((load.a, load.b)[which] for load in self.empty)


def compare(graph: Graph, a: Plan, b: Plan) -> Comparison:
    """Lay two plans for the same problem side by side."""
    problem = graph.problem
    return Comparison(
        goals=_goals(a, b),
        moves=moves_between(_pairs(a), _pairs(b)),
        villages=_villages(problem, a, b),
        wish_ranks=(_wish_ranks(a), _wish_ranks(b)),
        blocking=(_blocking(graph, a), _blocking(graph, b)),
        empty=_empty(problem, a, b),
        units=_units(graph, a, b),
        market=(market(graph, a), market(graph, b)),
    )


def market(graph: Graph, plan: Plan) -> MarketFigures:
    """The five market figures of a plan."""
    problem = graph.problem
    wishing = _naming(problem.edge_person, problem.edge_person_rank)
    naming = _naming(problem.edge_post, problem.edge_post_rank)
    ids = {problem.people[person].id for person in wishing}
    best = {row.person: row.person_rank for row in plan.assignments if row.person in ids}
    return MarketFigures(
        first_choice=Share(sum(rank == 1 for rank in best.values()), len(best)),
        top_three=Share(sum(rank in (1, 2, 3) for rank in best.values()), len(best)),
        people_taking_part=Share(len(wishing), len(problem.people)),
        posts_taking_part=Share(len(naming), len(problem.posts)),
        seats_filled=Share(len(plan.assignments), sum(post.upper for post in problem.posts)),
    )


def _naming(owners: Iterable[int], ranks: Iterable[int] | None) -> set[int]:
    """Those who named at least one on the other side."""
    if ranks is None:
        return set()
    return {owner for owner, rank in zip(owners, ranks, strict=True) if rank}


def _pairs(plan: Plan) -> list[Pair]:
    return [(row.person, row.post) for row in plan.assignments]


def _goals(a: Plan, b: Plan) -> tuple[GoalPair, ...]:
    """The goals of the first plan, then those that only the second states."""
    first = {goal.name: goal.value for goal in a.goals}
    second = {goal.name: goal.value for goal in b.goals}
    return tuple(GoalPair(name, first.get(name), second.get(name)) for name in {**first, **second})


def _villages(problem: Problem, a: Plan, b: Plan) -> tuple[VillagePair, ...]:
    """Every village, seats before scores; posts without a village stand for themselves."""
    village_of = {post.id: post.village or post.id for post in problem.posts}
    seats: Counter[str] = Counter()
    for post in problem.posts:
        seats[village_of[post.id]] += post.upper
    sign = -1 if problem.sense == "min" else 1
    filled: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    score: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for which, plan in enumerate((a, b)):
        for row in plan.assignments:
            filled[village_of[row.post]][which] += 1
            score[village_of[row.post]][which] += row.score
    pairs = []
    for village in sorted(seats):
        before, after = ((filled[village][k], sign * score[village][k]) for k in (0, 1))
        verdict = "better" if after > before else "worse" if after < before else "equal"
        (fa, fb), (sa, sb) = filled[village], score[village]
        pairs.append(VillagePair(village, seats[village], (fa, fb), (sa, sb), verdict))
    return tuple(pairs)


def _wish_ranks(plan: Plan) -> dict[int, int]:
    """How many people got their first, second, … wish, and how many one they had not named."""
    return dict(Counter(row.person_rank or NOT_MENTIONED for row in plan.assignments))


def _blocking(graph: Graph, plan: Plan) -> tuple[Pair, ...]:
    """The pairs that would both rather have each other; only where one takes one post at most."""
    problem = problem_of(graph, plan)
    if any(person.upper > 1 for person in problem.people):
        return ()
    found = blocking_pairs(problem, _pairs(plan))
    return tuple((pair.person, pair.post) for pair in found)


def _empty(problem: Problem, a: Plan, b: Plan) -> tuple[Load, ...]:
    """The posts that have empty seats in one of the plans, and how many."""
    first, second = (Counter(row.post for row in plan.assignments) for plan in (a, b))
    loads = [
        Load(post.id, post.upper, post.upper - first[post.id], post.upper - second[post.id])
        for post in problem.posts
    ]
    return tuple(load for load in loads if load.a or load.b)


def _units(graph: Graph, a: Plan, b: Plan) -> tuple[Load, ...]:
    """How many people each unit sends."""
    unit_of = {person.id: person.unit for person in graph.problem.people}
    first, second = (Counter(unit_of[row.person] for row in plan.assignments) for plan in (a, b))
    return tuple(
        Load(unit.id, unit.limit, first[unit.id], second[unit.id]) for unit in graph.problem.units
    )
