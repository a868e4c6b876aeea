"""What is the best plan of a small problem? Tries every plan there is, goal by goal and by lot."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lingyan_matching import (
    Assignment,
    Goal,
    Person,
    Post,
    Problem,
    Unit,
    check_problem,
    ticket,
)
from lingyan_matching.chosen import filling_goals, score_unit

SCORES = ([0], [1, 2], [0, 1, 2, 3, 10], range(-50, 51), [-(10**9), 0, 10**9])


def best_plan(
    problem: Problem,
    *,
    goals: Sequence[str] = ("seats", "score", "lot"),
    base: frozenset[tuple[str, str]] = frozenset(),
    seed: int = 1,
) -> list[tuple[str, str]]:
    """The rows of the best plan, sorted; ties after the lot do not occur in practice."""
    best: tuple[tuple[int, ...], list[tuple[str, str]]] | None = None
    worth = worth_of(problem, goals=goals, base=base, seed=seed)
    for rows in every_plan(problem):
        key = worth(rows)
        if best is None or key > best[0]:
            best = (key, sorted(rows))
    assert best is not None
    return best[1]


def every_plan(problem: Problem):
    """Every plan that keeps pins, bans and bounds."""
    names = [person.id for person in problem.people]
    pins, bans = dict(problem.pins), set(problem.bans)
    choices: list[list[str | None]] = [[None] if name not in pins else [] for name in names]
    for person, post in zip(problem.edge_person, problem.edge_post, strict=True):
        pair = (names[person], problem.posts[post].id)
        if pair not in bans and pins.get(pair[0], pair[1]) == pair[1]:
            choices[person].append(pair[1])
    room = {("post", post.id): post.upper for post in problem.posts}
    room.update({("unit", unit.id): unit.limit for unit in problem.units})
    rows: list[tuple[str, str]] = []

    def place(number: int):
        if number == len(names):
            yield rows
            return
        person = problem.people[number]
        for post in choices[number]:
            if post is None:
                yield from place(number + 1)
                continue
            taken = [key for key in (("post", post), ("unit", person.unit)) if key in room]
            if all(room[key] > 0 for key in taken):
                for key in taken:
                    room[key] -= 1
                rows.append((person.id, post))
                yield from place(number + 1)
                rows.pop()
                for key in taken:
                    room[key] += 1

    return place(0)


def worth_of(problem, *, goals, base, seed):
    """What a plan reaches, as a tuple to be compared: more is better."""
    sign, pins = -1 if problem.sense == "min" else 1, set(problem.pins)
    names = [
        (problem.people[i].id, problem.posts[p].id)
        for i, p in zip(problem.edge_person, problem.edge_post, strict=True)
    ]
    score_of = {name: sign * score for name, score in zip(names, problem.edge_score, strict=True)}
    ticket_of = {name: 0 if name in pins else ticket(seed, *name) for name in names}
    of_class = [
        [post.id for post in problem.posts if post.klass == klass]
        for klass in sorted({post.klass for post in problem.posts})
    ]
    bounded = [(post.id, post.lower) for post in problem.posts if post.lower]
    end_of = {
        "score": lambda rows: sum(score_of[row] for row in rows),
        "changes": lambda rows: sum(row in base for row in rows),
        "lot": lambda rows: -sum(ticket_of[row] for row in rows),
    }
    ends = [end_of[name] for name in goals[1:]]

    def worth(rows) -> tuple[int, ...]:
        filled = Counter(post for _, post in rows)
        kept = sum(min(filled[post], lower) for post, lower in bounded)
        seats = (sum(filled[post] for post in posts) for posts in of_class)
        return (kept, *seats, *(end(rows) for end in ends))

    return worth


def random_problem(rng: random.Random, *, size: int = 6) -> Problem:
    """A small problem with ties, quotas, classes and, now and then, units, bounds and marks."""
    units = (
        (Unit("a", rng.randint(0, 2)), Unit("b", rng.randint(0, 3))) if rng.random() < 0.5 else ()
    )
    names = ["a", "b", None] if units else [None]
    people = tuple(Person(f"p{n}", rng.choice(names)) for n in range(rng.randint(0, size)))
    bounded = rng.random() < 0.5
    posts = []
    for number in range(rng.randint(0, size)):
        upper = rng.choice([0, 1, 1, 1, 2, 3])
        lower = rng.randint(0, upper) if bounded else 0
        posts.append(Post(f"g{number}", lower, upper, rng.choice([1, 2, 3])))
    scores, dense = rng.choice(SCORES), rng.choice([0.3, 0.5, 0.8])
    edges = [
        (i, p, rng.choice(scores))
        for i in range(len(people))
        for p in range(len(posts))
        if rng.random() < dense
    ]
    rng.shuffle(edges)
    problem = Problem(
        people,
        tuple(posts),
        units,
        *(array("q", [edge[place] for edge in edges]) for place in range(3)),
        edge_person_rank=random_ranks(rng, len(edges)),
        edge_post_rank=random_ranks(rng, len(edges)),
        sense=rng.choice(["max", "max", "min"]),
    )
    return with_random_marks(rng, problem)


def random_ranks(rng: random.Random, length: int) -> array | None:
    """Preference classes from 0 (not mentioned) to 3, or no column at all."""
    return array("q", [rng.randint(0, 3) for _ in range(length)]) if rng.random() < 0.4 else None


def with_random_marks(rng: random.Random, problem: Problem) -> Problem:
    """The problem with a few bans, and a pin or two that can hold."""
    pairs = pairs_of(problem)
    if not pairs or rng.random() < 0.4:
        return problem
    bans = rng.sample(pairs, min(len(pairs), rng.randint(0, 2)))
    problem = replace(problem, bans=tuple(bans))
    for _ in range(rng.randint(0, 2)):
        pinned = replace(problem, pins=(*problem.pins, rng.choice(pairs)))
        problem = problem if check_problem(pinned) else pinned
    return problem


def pairs_of(problem: Problem) -> list[tuple[str, str]]:
    """The eligible pairs by name."""
    return [
        (problem.people[i].id, problem.posts[p].id)
        for i, p in zip(problem.edge_person, problem.edge_post, strict=True)
    ]


def shuffled(rng: random.Random, problem: Problem) -> Problem:
    """The same problem, written in another order."""
    people, posts = list(enumerate(problem.people)), list(enumerate(problem.posts))
    units, edges = list(problem.units), list(range(len(problem.edge_score)))
    for rows in (people, posts, units, edges):
        rng.shuffle(rows)
    new_person = {old: new for new, (old, _) in enumerate(people)}
    new_post = {old: new for new, (old, _) in enumerate(posts)}
    return replace(
        problem,
        people=tuple(person for _, person in people),
        posts=tuple(post for _, post in posts),
        units=tuple(units),
        edge_person=tuple(new_person[problem.edge_person[edge]] for edge in edges),
        edge_post=tuple(new_post[problem.edge_post[edge]] for edge in edges),
        edge_score=tuple(problem.edge_score[edge] for edge in edges),
        edge_person_rank=in_order(problem.edge_person_rank, edges),
        edge_post_rank=in_order(problem.edge_post_rank, edges),
        pins=tuple(rng.sample(problem.pins, len(problem.pins))),
        bans=tuple(rng.sample(problem.bans, len(problem.bans))),
    )


def in_order(column, edges):
    """A column of ranks in another order, if there is one."""
    return None if column is None else tuple(column[edge] for edge in edges)


def stable_goals(problem: Problem, rows: Sequence[Assignment]) -> tuple[Goal, ...]:
    """The goals that an honest stable plan of these rows states."""
    score = sum(row.score for row in rows)
    return (
        *filling_goals(problem, rows),
        Goal("seats", len(rows), len(rows), "seats"),
        Goal("score", score, score, score_unit(problem)),
        Goal("blocking_pairs", 0, 0, "pairs"),
    )
