"""Is no plan better, by goals in any order and under bounds over several posts or people?

Nothing here solves. Any prices of people, units, posts and bounds say how little every plan costs
at least: a pair costs no less than what is asked for it, and each node no less than its cheapest
number of pairs does there. If this plan costs just that, none is better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from lingyan_matching.edge_pass import edge_pass
from lingyan_matching.goals import asked_goals
from lingyan_matching.lot import BITS, tickets
from lingyan_matching.plan import Plan, same_json
from lingyan_matching.problem import Bound, Pair, Problem, holds
from lingyan_matching.scale import Scale

Answer = tuple[str | None, tuple[str, ...]]
PRICES = ("u", "v", "pi", "bounds")


def check_ordered(problem: Problem, plan: Plan, certificate: Mapping[str, Any]) -> Answer:
    """The first thing that is wrong with the proof of a plan, or None; and what was checked.

    `problem` is the problem under the pins, bans and limits of the run; rows, bounds and goals
    have been held against it before.

    1. Write all goals as one cost: what a pair and a seat bring stands below 0.
    2. No open pair costs less than its post, person, unit and bounds ask for together.
    3. What every plan costs at least by these prices is what this one costs.
    """
    level, *more = certificate["levels"]
    task = _Task(problem, plan)
    prices = [level[name] for name in PRICES]
    if more or [len(column) for column in prices] != [len(nodes) for nodes in task.nodes]:
        return "凭证的价格个数不符 / the number of prices is wrong", ()
    if {type(price) for column in prices for price in column} - {int}:
        return "凭证的价格不全是整数 / prices are not all integers", ()
    for edge, asked in task.asked(prices):
        if asked > task.cost([edge]):
            person, post = task.pair(edge)
            return (
                f"“{person}”到“{post}”的费用低于价格之和，凭证不成立 / "
                f'"{person}" at "{post}" costs less than the prices ask for'
            ), ()
    least, actual = task.least(prices), task.actual()
    if least != actual:
        return (
            f"方案的费用 {actual} 不等于凭证证明的下界 {least}，没有证明最优 / "
            f"the plan costs {actual}, the certificate proves {least}: not proved optimal"
        ), ()
    names = [goal.name for goal in task.goals]
    truth = {
        "goal": ", ".join(names),
        "scale": task.scale.weights[-1],
        "bits": task.bits,
        "primal": actual,
        "dual": actual,
    }
    ties_left = task.open_edges.bit_length() + 1 > task.bits
    if (
        not same_json({name: level.get(name) for name in truth}, truth)
        or certificate.get("covers") != list(plan.settings.goals)
        or plan.ties_left != ties_left
    ):
        return "凭证写的总和、刻度或目标不属实 / sums, scale or goals are stated wrongly", ()
    words, words_en = "、".join(names), ", ".join(names)
    return None, (f"对偶凭证成立，没有更好的方案：{words} / proved optimal: {words_en}",)


@dataclass(frozen=True, slots=True)
class _Node:
    """What may flow through a node beside the pins, what that is worth, and what does."""

    room: int
    lower: int
    seat: int
    below: int
    load: int

    def cost(self, load: int) -> int:
        """What so many pairs cost here by themselves."""
        return -self.seat * load - self.below * min(load, self.lower)

    def least(self, price: int) -> int:
        """The least that any number of pairs costs at this price; it bends only at the bounds."""
        return min(self.cost(load) + price * load for load in (0, self.lower, self.room))


class _Task:
    """The open part of a problem, in which all goals and the lot are one cost."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        goals, people = plan.settings.goals, len(problem.people)
        self.goals = asked_goals(problem, goals)
        self.bits = min(BITS, 57 - people.bit_length()) if goals[-1] == "lot" else 0
        self.scale = Scale.of(problem, [goal.name for goal in self.goals], lot_bits=self.bits)
        self.base, pins = set(plan.settings.base), set(problem.pins)
        self.shut = [
            person.upper == 0 or person.id in {who for who, _ in pins} for person in problem.people
        ]
        self.edges = edge_pass(problem).opened(self.shut, problem.bans)
        self.open_edges = sum(self.edges.degrees().values())
        rows = [(row.person, row.post) for row in plan.assignments]
        self.rows = [pair for pair in rows if pair not in pins]
        self._read_nodes()

    def _read_nodes(self) -> None:
        """The nodes by kind, each kind by id, as the prices stand."""
        problem, worth = self.problem, self.scale.worth
        unit_of = {person.id: person.unit for person in problem.people}
        pins, rows, below = problem.pins, self.rows, worth("lower")
        fixed, load = Counter(post for _, post in pins), Counter(post for _, post in rows)
        placed = Counter(person for person, _ in rows)
        sent_pins = Counter(unit_of[person] for person, _ in pins)
        sent = Counter(unit_of[person] for person, _ in rows)
        self.nodes = [
            [
                _node(g.upper, g.lower, fixed[g.id], load[g.id], (worth(f"class-{g.klass}"), below))
                for g in _by_id(problem.posts)
            ],
            [
                _node(0 if shut else 1, 0, 0, placed[person.id], (0, 0))
                for person, shut in sorted(
                    zip(problem.people, self.shut, strict=True), key=lambda pair: pair[0].id
                )
            ],
            [_node(u.limit, 0, sent_pins[u.id], sent[u.id], (0, 0)) for u in _by_id(problem.units)],
            [self._bound_node(bound, below) for bound in _by_id(problem.bounds)],
        ]

    def _bound_node(self, bound: Bound, below: int) -> _Node:
        room = len(self.problem.people) if bound.upper is None else bound.upper
        fixed = sum(holds(bound, pin) for pin in self.problem.pins)
        load = sum(holds(bound, pair) for pair in self.rows)
        return _node(room, bound.lower, fixed, load, (0, below))

    def pair(self, edge: int) -> Pair:
        problem = self.problem
        return (
            problem.people[problem.edge_person[edge]].id,
            problem.posts[problem.edge_post[edge]].id,
        )

    def cost(self, edges: Sequence[int]) -> int:
        """What some open edges cost by themselves: points, changes and tickets."""
        points, change = self._points(), self.scale.worth("changes")
        pairs = [self.pair(edge) for edge in edges]
        drawn = tickets(self.plan.seed, pairs, self.bits) if self.bits else []
        return (
            sum(drawn)
            - sum(points * self.problem.edge_score[edge] for edge in edges)
            + (sum(change for pair in pairs if pair not in self.base) if change else 0)
        )

    def _points(self) -> int:
        """What a point of score is worth; with costs instead of scores it stands below 0."""
        weight = self.scale.worth("score")
        return -weight if self.problem.sense == "min" else weight

    def asked(self, prices: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        """Each open edge that is not plainly dear enough, with what is asked for it.

        A bound over posts adds to the price of its posts, one over people to that of its people.
        """
        problem, (u, v, pi, of_bound) = self.problem, prices
        post = dict(zip(_ids(problem.posts), u, strict=True))
        person = dict(zip(_ids(problem.people), v, strict=True))
        unit = dict(zip(_ids(problem.units), pi, strict=True))
        for one in problem.people:
            person[one.id] += unit.get(one.unit or "", 0)
        for bound, price in zip(_by_id(problem.bounds), of_bound, strict=True):
            side, names = (post, bound.posts) if bound.people is None else (person, bound.people)
            for name in side if names is None else set(names):
                side[name] += price
        weight, (low, high) = abs(self._points()), self.edges.span()
        best = low if problem.sense == "min" else high
        lift = self._points() * best
        found = self.edges.below(
            [post[one.id] + lift for one in problem.posts],
            [person[one.id] for one in problem.people],
            best,
            (1, weight) if weight else (0, 1),
        )
        return ((edge, price - lift) for edge, price in found)

    def least(self, prices: Sequence[Sequence[int]]) -> int:
        """What every plan costs at least, by these prices."""
        return sum(
            node.least(price)
            for nodes, column in zip(self.nodes, prices, strict=True)
            for node, price in zip(nodes, column, strict=True)
        )

    def actual(self) -> int:
        """What this plan costs, pins left out."""
        chosen = self.edges.among(self.rows)
        return self.cost(chosen) + sum(node.cost(node.load) for ns in self.nodes for node in ns)


def _node(upper: int, lower: int, fixed: int, load: int, worth: tuple[int, int]) -> _Node:
    """A node without what the pins take up."""
    room = upper - fixed
    return _Node(room, min(max(0, lower - fixed), room), worth[0], worth[1], load)


def _by_id(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=attrgetter("id"))


def _ids(rows: Iterable[Any]) -> list[str]:
    return [row.id for row in _by_id(rows)]
