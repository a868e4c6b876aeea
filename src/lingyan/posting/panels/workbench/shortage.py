"""Why do seats stay empty: who competes for whom, which rules stand in the way, what would help?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.posting import rules
from lingyan.posting.matching import LoadedPlan
from lingyan.posting.matching.pricing import names_ready
from lingyan.posting.problem import PostingProblem
from lingyan.posting.rules import codes_of
from lingyan_matching.infeasible import PINS, Competition, Lift, Shortage

FOUND = Shelf(8)
RULES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class EmptyPost:
    post: str
    village_id: UUID
    name: str
    seats: int
    filled: int
    eligible: int


@dataclass(frozen=True, slots=True)
class Candidate:
    person: str
    name: str
    now: str


@dataclass(frozen=True, slots=True)
class Excluding:
    """A rule and how many people it keeps away from the posts of a set."""

    rule: str
    people: int


@dataclass(frozen=True, slots=True)
class CompetingSet:
    """Posts that compete for too few people (Hall 1935), with both lists."""

    posts: tuple[EmptyPost, ...]
    people: tuple[Candidate, ...]
    villages: int
    seats: int
    supply: int
    full_units: tuple[str, ...]
    pins: tuple[str, ...]
    excluding: tuple[Excluding, ...]

    @property
    def deficit(self) -> int:
        return self.seats - self.supply


@dataclass(frozen=True, slots=True)
class Lifting:
    rule: str
    people: int
    seats: int


@dataclass(frozen=True, slots=True)
class Shortages:
    sets: tuple[CompetingSet, ...]
    fillable: tuple[EmptyPost, ...]
    lifts: tuple[Lifting, ...]
    seats_empty: int


def shortages(plan_id: UUID, loaded: LoadedPlan) -> Shortages:
    """Worked out once for each plan: filling again with each rule lifted takes its time."""
    return FOUND.get(plan_id, lambda: _shortages(loaded))


def _shortages(loaded: LoadedPlan) -> Shortages:
    names, plan = names_ready(loaded), loaded.engine_plan
    found: Shortage = engine.why_empty(
        loaded.graph, plan, lift=loaded.posting_problem.liftable(), names=names
    )
    seats = sum(post.upper for post in loaded.graph.problem.posts)
    return Shortages(
        tuple(_set(loaded, one) for one in found.sets),
        tuple(_post(loaded, post) for post in found.fillable),
        tuple(sorted(map(partial(_lifting, names), found.lifts), key=_most_seats_first)),
        seats - len(plan.assignments),
    )


def _lifting(names: Mapping[str, str], lift: Lift) -> Lifting:
    rule = "全部指定" if lift.rule == PINS else names.get(lift.rule, lift.rule)
    return Lifting(rule, lift.people_added, lift.seats_added)


def _most_seats_first(lift: Lifting) -> tuple[int, int, str]:
    return -lift.seats, -lift.people, lift.rule


def _set(loaded: LoadedPlan, found: Competition) -> CompetingSet:
    names = names_ready(loaded)
    held = {row.person: row.post for row in loaded.engine_plan.assignments}
    return CompetingSet(
        tuple(sorted((_post(loaded, post) for post in found.posts), key=_most_missing_first)),
        tuple(
            Candidate(person, names[person], names[held[person]] if person in held else "")
            for person in found.people
        ),
        len(found.villages),
        found.seats,
        found.supply,
        tuple(
            f"{unit.unit}（合格 {unit.eligible} 人，名额 {unit.limit}）"
            for unit in found.full_units
        ),
        tuple(f"{names[person]} 已指定到 {names[post]}" for person, post in found.pins),
        excluding(loaded.posting_problem, found.posts),
    )


def _most_missing_first(post: EmptyPost) -> int:
    return post.filled - post.seats


def _post(loaded: LoadedPlan, post: str) -> EmptyPost:
    seats = loaded.graph.problem.posts[loaded.graph.post_index[post]].upper
    filled = sum(row.post == post for row in loaded.engine_plan.assignments)
    return EmptyPost(
        post,
        UUID(post.rpartition("/")[0]),
        names_ready(loaded)[post],
        seats,
        filled,
        len(loaded.posting_problem.eligible_people(post)),
    )


def excluding(problem: PostingProblem, posts: Sequence[str]) -> tuple[Excluding, ...]:
    """The rules that keep most people away from every one of these posts."""
    numbers = [problem.post_number[post] for post in posts]
    counts: Counter[str] = Counter()
    names = {rule.code: rule.name for rule in problem.settings.rules}
    for person in range(len(problem.people)):
        masks = [problem.masks[number][person] for number in numbers]
        if all(masks):
            codes = {code for mask in masks for code in codes_of(mask)}
            counts.update({_public(code, names) for code in codes})
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:RULES_SHOWN]
    return tuple(Excluding(rule, people) for rule, people in most)


def _public(code: str, names: dict[str, str]) -> str:
    return rules.PRIVATE_LINE[2] if code in rules.PRIVATE_RULES else names[code]


__all__ = ["Shortages", "shortages"]
