"""What did each bound do to the plan, and what would the county gain without it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.problem.towns import goals_of
from lingyan_matching import Person, Plan, Problem, build, solve
from lingyan_matching.problem import holds


def bound_lines(problem: PostingProblem, plan: Plan, *, priced: bool) -> list[dict[str, Any]]:
    """Every township under a bound, and every unit that sends as many as it may.

    Where a bound binds, the plan is made again without it: what is gained then, in posts by class
    and in points, is what it costs. One that costs nothing may do so only because another stands
    beside it, so the last line is all of them together. 依据：matching-design 1.3、3.7。
    """
    given = problem.problem
    lines = [*_towns(given, plan), *_units(given, plan)]
    if not priced:
        return [line for line, _ in lines]
    found = [
        line | {"price": _gain(problem, plan, without)} if line["binds"] else line
        for line, without in lines
    ]
    if sum(line["binds"] for line in found) > 1:
        free = replace(given, bounds=(), units=(), people=_on_their_own(given, every=True))
        found.append({"kind": "all", "price": _gain(problem, plan, free)})
    return found


Line = tuple[dict[str, Any], Problem]


def _towns(given: Problem, plan: Plan) -> list[Line]:
    pairs = [(row.person, row.post) for row in plan.assignments]
    found = []
    for bound in given.bounds:
        count = sum(holds(bound, pair) for pair in pairs)
        full = bound.upper is not None and count >= bound.upper
        others = tuple(one for one in given.bounds if one.id != bound.id)
        line = _line("town", bound.id, count, bound.lower, bound.upper, full=full)
        found.append((line, replace(given, bounds=others)))
    return found


def _units(given: Problem, plan: Plan) -> list[Line]:
    """The units that are full; others are no news."""
    unit_of = {person.id: person.unit for person in given.people}
    sent = Counter(unit_of[row.person] for row in plan.assignments)
    people = Counter(unit_of.values())
    return [
        (
            _line("unit", unit.id, sent[unit.id], 0, unit.limit, full=True),
            replace(
                given,
                units=tuple(one for one in given.units if one.id != unit.id),
                people=_on_their_own(given, unit.id),
            ),
        )
        for unit in given.units
        if unit.limit <= sent[unit.id] and people[unit.id] > unit.limit
    ]


def _on_their_own(given: Problem, unit: str = "", *, every: bool = False) -> tuple[Person, ...]:
    """The people, those of a unit without it."""
    return tuple(
        replace(person, unit=None) if every or person.unit == unit else person
        for person in given.people
    )


def _line(
    kind: str, name: str, count: int, lower: int, upper: int | None, *, full: bool
) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "arranged": count,
        "lower": lower,
        "upper": upper,
        "missing": max(0, lower - count),
        "full": full,
        "binds": full or 0 < count <= lower,
    }


def _gain(problem: PostingProblem, plan: Plan, without: Problem) -> dict[str, Any]:
    """What the county gains if one bound falls away: posts by class, then points."""
    asked = replace(problem, problem=without)
    goals = [*(goals_of(asked) or ("seats", "score")), "lot"]
    # Which of equally good plans it is does not matter here, so no lot is drawn.
    other = solve(build(without), goals=tuple(dict.fromkeys(goals))[:-1], seed=plan.seed)
    before, after = (_counted(problem, one) for one in (plan, other))
    return {
        "classes": {str(klass): after[klass] - before[klass] for klass in sorted(before | after)},
        "points": _points(other) - _points(plan),
    }


def _counted(problem: PostingProblem, plan: Plan) -> Counter[int]:
    klass = {post.id: post.klass for post in problem.problem.posts}
    return Counter(klass[row.post] for row in plan.assignments)


def _points(plan: Plan) -> int:
    return sum(row.score for row in plan.assignments)


def costliest(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Single bounds, those that cost most posts, then most points, first."""
    lines = [line for line in lines if line["kind"] != "all"]

    def cost(line: dict[str, Any]) -> tuple[int, int]:
        price = line.get("price")
        return (sum(price["classes"].values()), price["points"]) if price else (-1, -1)

    return sorted(lines, key=lambda line: (*(-part for part in cost(line)), line["name"]))
