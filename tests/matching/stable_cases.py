"""Small problems, and slow but obvious answers about stability, for the tests of modes B and C."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from lingyan_matching import Person, Post, Problem, Unit
from lingyan_matching.lot import tiebreak
from tests.matching.every_plan import every_plan

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Referee:
    """Stability by definition, over all plans; `seed` None leaves ties as ties."""

    problem: Problem
    seed: int | None

    @cached_property
    def edges(self) -> list[tuple[str, str]]:
        p = self.problem
        banned = set(p.bans)
        pairs = zip(p.edge_person, p.edge_post, strict=True)
        names = [(p.people[i].id, p.posts[g].id) for i, g in pairs]
        return [pair for pair in names if pair not in banned]

    @cached_property
    def keys(self) -> tuple[dict[tuple[str, str], tuple], dict[tuple[str, str], tuple]]:
        p = self.problem
        sides = []
        for ranks in (p.edge_person_rank, p.edge_post_rank):
            side = {}
            for e, (i, g) in enumerate(zip(p.edge_person, p.edge_post, strict=True)):
                pair = (p.people[i].id, p.posts[g].id)
                rank = ranks[e] if ranks is not None else 0
                score = p.edge_score[e] if p.sense == "min" else -p.edge_score[e]
                lot = 0 if self.seed is None else tiebreak(self.seed, *pair)
                side[pair] = (0, rank, lot) if rank else (1, score, lot)
            sides.append(side)
        return sides[0], sides[1]

    def plans(self) -> Iterator[Pairs]:
        """Every plan that keeps seats, limits, pins and bans."""
        return map(frozenset, every_plan(self.problem))

    @cached_property
    def _known(self) -> tuple[set[str], dict[str, str | None], dict[str, int], dict[str, int]]:
        p = self.problem
        return (
            {pin[0] for pin in p.pins},
            {person.id: person.unit for person in p.people},
            {unit.id: unit.limit for unit in p.units},
            {post.id: post.upper for post in p.posts},
        )

    def blocking(self, plan: Pairs) -> list[tuple[str, str]]:
        """The pairs that would both rather have each other."""
        return list(self.find_blocking(plan))

    def find_blocking(self, plan: Pairs) -> Iterator[tuple[str, str]]:
        person_key, post_key = self.keys
        pinned_people, unit_of, limit, upper = self._known
        free = {pair for pair in plan if pair[0] not in pinned_people}
        for pair in self.edges:
            if pair in plan or pair[0] in pinned_people:
                continue
            own = [held for held in free if held[0] == pair[0]]
            unit = unit_of[pair[0]]
            mates = [held for held in plan if unit_of[held[0]] == unit]
            if own:
                rather = person_key[pair] < person_key[own[0]]
            elif unit in limit and len(mates) >= limit[unit]:
                rather = any(person_key[pair] < person_key[held] for held in mates if held in free)
            else:
                rather = True
            taken = [held for held in plan if held[1] == pair[1]]
            wanted = len(taken) < upper[pair[1]] or any(
                post_key[pair] < post_key[held] for held in taken if held in free
            )
            if rather and wanted:
                yield pair

    def stable(self) -> list[Pairs]:
        """Every stable plan."""
        return [plan for plan in self.plans() if next(self.find_blocking(plan), None) is None]

    def best_for(self, side: str, plans: list[Pairs]) -> Pairs:
        """The plan that everyone on one side picks out of any two: it must be among them."""
        best = plans[0]
        for plan in plans[1:]:
            best = self.pick(side, best | plan)
        assert best in plans
        return best

    def pick(self, side: str, offers: Pairs) -> Pairs:
        """What one side picks when it may choose among all these edges."""
        p = self.problem
        person_key, post_key = self.keys
        pins = set(p.pins)
        taken = set(pins)
        key = person_key if side == "people" else post_key
        room = {post.id: post.upper for post in p.posts}
        room_of_unit = {unit.id: unit.limit for unit in p.units}
        unit_of = {person.id: person.unit for person in p.people}
        for pin in pins:
            room[pin[1]] -= 1
            if unit_of[pin[0]] in room_of_unit:
                room_of_unit[unit_of[pin[0]]] -= 1
        for pair in sorted(offers - pins, key=key.__getitem__):
            unit = unit_of[pair[0]]
            if side == "posts":
                if room[pair[1]] > 0:
                    room[pair[1]] -= 1
                    taken.add(pair)
            elif all(held[0] != pair[0] for held in taken) and room_of_unit.get(unit, 1) > 0:
                if unit in room_of_unit:
                    room_of_unit[unit] -= 1
                taken.add(pair)
        return frozenset(taken)


def every_graph(*, last_rank: int) -> Iterator[Problem]:
    """Every graph up to 3 x 3, each with seats, points and places of its own; 0 names nobody."""
    for people, posts in product(range(1, 4), repeat=2):
        cells = [(i, g) for g in range(posts) for i in range(people)]
        for mask in range(1 << len(cells)):
            edges = [cell for bit, cell in enumerate(cells) if mask >> bit & 1]
            rng = random.Random(mask)
            yield Problem(
                tuple(Person(f"p{i}") for i in range(people)),
                tuple(Post(f"g{g}", 0, rng.randint(1, 2)) for g in range(posts)),
                (),
                [i for i, _ in edges],
                [g for _, g in edges],
                [rng.randint(0, 2) for _ in edges],
                [rng.randint(0, last_rank) for _ in edges],
                [rng.randint(0, last_rank) for _ in edges],
            )


def random_problem(
    seed: int, size: int = 6, *, units: bool = False, marks: bool = False, strict: bool = False
) -> Problem:
    """A seeded problem with ties, unmentioned pairs and seats for several."""
    rng = random.Random(seed)
    people = rng.randint(1, size)
    posts = rng.randint(1, size)
    unit_count = rng.randint(1, 3) if units else 0
    edges = [(i, g) for g in range(posts) for i in range(people) if rng.random() < 0.75]
    last = 50 if strict else rng.choice([1, 2, 4])
    score = rng.choice([1, 3, 1000])

    def ranks() -> list[int] | None:
        if not strict:
            return rng.choice([None, [rng.randint(0, last) for _ in edges]])
        return rng.sample(range(1, 2 * len(edges) + 1), len(edges))

    problem = Problem(
        tuple(
            Person(f"p{i}", f"u{rng.randrange(unit_count)}" if unit_count else None)
            for i in range(people)
        ),
        tuple(Post(f"g{g}", 0, rng.choice([1, 1, 2, 3, 0])) for g in range(posts)),
        tuple(Unit(f"u{u}", rng.randint(0, 3)) for u in range(unit_count)),
        [i for i, _ in edges],
        [g for _, g in edges],
        [rng.randint(0, score) for _ in edges],
        ranks(),
        ranks(),
        sense=rng.choice(["max", "min"]),
    )
    return _with_marks(problem, rng) if marks else problem


def _with_marks(problem: Problem, rng: random.Random) -> Problem:
    from dataclasses import replace

    pairs = [
        (problem.people[i].id, problem.posts[g].id)
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
    ]
    rng.shuffle(pairs)
    bans = tuple(pairs[: len(pairs) // 6])
    room = Counter({("g", post.id): post.upper for post in problem.posts})
    room.update({("u", unit.id): unit.limit for unit in problem.units})
    unit_of = {person.id: person.unit for person in problem.people}
    pins: list[tuple[str, str]] = []
    for person, post in pairs[len(bans) :]:
        unit = ("u", unit_of[person] or "")
        if any(pin[0] == person for pin in pins) or not room[("g", post)] or len(pins) == 2:
            continue
        if problem.units and not room[unit]:
            continue
        room[("g", post)] -= 1
        room[unit] -= 1
        pins.append((person, post))
    return replace(problem, pins=tuple(pins), bans=bans)
