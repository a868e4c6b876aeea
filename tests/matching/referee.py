"""What is the best plan of a small problem, found by trying everything?

Goal by goal: seats below a lower bound, seats by class, score. The referee keeps, for every way in
which posts can be filled and units can be used, the best score that reaches it, person by person.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, combinations

from lingyan_matching.problem import Bound, Person, Post, Problem, Unit, holds

Names = Collection[tuple[str, str]]


def best_goals(
    problem: Problem,
    *,
    pins: Names = (),
    bans: Names = (),
    pairing: bool = False,
    asked: Sequence[str] = (),
) -> tuple[int, ...] | None:
    """The best goals of all plans that keep the pins; None where no plan does.

    In pairing a village counts once for its class, however many units it gets. Other goals than the
    usual ones are `asked` for by name, in their order.
    """
    forced, barred = {*problem.pins, *pins}, {*problem.bans, *bans}
    limits = {unit.id: unit.limit for unit in problem.units}
    loads = (0,) * (len(problem.units) + len(problem.bounds))
    states: dict[tuple[tuple[int, ...], tuple[int, ...], int], list[int]] = {
        ((0,) * len(problem.posts), loads, 0): [0]
    }
    highest = not asked or "score" not in asked[:-1]
    for index, person in enumerate(problem.people):
        states = _place(problem, states, index, person, forced - barred, barred, limits)
        if highest:
            states = {key: [max(scores)] for key, scores in states.items()}
    if not states or forced & barred:
        return None
    return max(
        _goals(problem, filled, loads, met, score, pairing=pairing, asked=asked)
        for (filled, loads, met), scores in states.items()
        for score in scores
    )


def _place(problem, states, index, person, forced, barred, limits):  # type: ignore[no-untyped-def]
    sign = -1 if problem.sense == "min" else 1
    scores = {
        post: sign * score
        for who, post, score in zip(
            problem.edge_person, problem.edge_post, problem.edge_score, strict=True
        )
        if who == index and (person.id, problem.posts[post].id) not in barred
    }
    must = {g for g, post in enumerate(problem.posts) if (person.id, post.id) in forced}
    units = [unit.id for unit in problem.units]
    after: dict[tuple[tuple[int, ...], tuple[int, ...], int], list[int]] = {}
    for choice in _choices(scores, person.upper):
        if not must <= set(choice):
            continue
        gain = sum(scores[post] for post in choice)
        chosen = [(person.id, problem.posts[post].id) for post in choice]
        inside = [sum(holds(bound, pair) for pair in chosen) for bound in problem.bounds]
        for (filled, loads, met), known in states.items():
            sent, held = loads[: len(units)], loads[len(units) :]
            seats = tuple(n + (g in choice) for g, n in enumerate(filled))
            load = tuple(
                n + len(choice) * (name == person.unit) for name, n in zip(units, sent, strict=True)
            )
            if any(n > post.upper for n, post in zip(seats, problem.posts, strict=True)):
                continue
            if any(n > limits[name] for name, n in zip(units, load, strict=True)):
                continue
            held = tuple(n + more for n, more in zip(held, inside, strict=True))
            if any(
                b.upper is not None and n > b.upper
                for n, b in zip(held, problem.bounds, strict=True)
            ):
                continue
            key = (seats, (*load, *held), met + min(len(choice), person.lower))
            after.setdefault(key, []).extend(score + gain for score in known)
    return {key: sorted(set(scores)) for key, scores in after.items()}


def _choices(scores: Iterable[int], most: int) -> Iterable[tuple[int, ...]]:
    posts = sorted(scores)
    return chain.from_iterable(combinations(posts, size) for size in range(most + 1))


def _goals(
    problem: Problem,
    filled: tuple[int, ...],
    loads: tuple[int, ...],
    met: int,
    score: int,
    *,
    pairing: bool,
    asked: Sequence[str],
) -> tuple[int, ...]:
    lower = met + sum(min(n, p.lower) for n, p in zip(filled, problem.posts, strict=True))
    held = loads[len(problem.units) :]
    lower += sum(min(n, bound.lower) for n, bound in zip(held, problem.bounds, strict=True))
    counted = [min(n, 1) if pairing else n for n in filled]
    classes = sorted({post.klass for post in problem.posts})
    seats = {
        f"class-{klass}": sum(
            n for n, post in zip(counted, problem.posts, strict=True) if post.klass == klass
        )
        for klass in classes
    }
    values = {"lower": lower, **seats, "score": score}
    return tuple(values[name] for name in asked or values)


def random_problem(
    seed: int,
    *,
    people: int = 5,
    posts: int = 4,
    pairing: bool = False,
    pinned: bool = True,
) -> Problem:
    """A small problem with ties, quotas, classes, lower bounds, unit limits, a pin and a ban."""
    dice = random.Random(seed)
    size, groups = dice.randint(1, people), dice.randint(1, posts)
    many = 0 if pairing else dice.randint(0, 2)
    units = tuple(Unit(f"u{u}", dice.randint(0, 3)) for u in range(many))
    crowd = tuple(_person(dice, f"p{i}", units, pairing=pairing) for i in range(size))
    seats = tuple(_post(dice, f"g{g}") for g in range(groups))
    density, width = dice.choice((0.35, 0.6, 1.0)), dice.choice((2, 10, 1000))
    pairs = [(i, g) for i in range(size) for g in range(groups) if dice.random() < density]
    named = [(crowd[i].id, seats[g].id) for i, g in pairs]
    problem = Problem(
        people=crowd,
        posts=seats,
        units=units,
        edge_person=tuple(i for i, _ in pairs),
        edge_post=tuple(g for _, g in pairs),
        edge_score=tuple(dice.randint(0, width) for _ in pairs),
        edge_person_rank=None,
        edge_post_rank=None,
        bans=tuple(dice.sample(named, 1)) if named and dice.random() < 0.2 else (),
        sense=dice.choice(("max", "max", "min")),
    )
    return _with_pin(problem, named, dice) if pinned and dice.random() < 0.3 else problem


def _with_pin(problem: Problem, named: list[tuple[str, str]], dice: random.Random) -> Problem:
    free = [pair for pair in named if pair not in problem.bans]
    for pair in dice.sample(free, len(free)):
        if best_goals(problem, pins=[pair]) is not None:
            return _replace(problem, pins=(pair,))
    return problem


def _replace(problem: Problem, **changes: object) -> Problem:
    fields = {name: getattr(problem, name) for name in Problem.__slots__}
    return Problem(**{**fields, **changes})


def _person(dice: random.Random, name: str, units: tuple[Unit, ...], *, pairing: bool) -> Person:
    unit = dice.choice(units).id if units and dice.random() < 0.7 else None
    upper = dice.randint(1, 3) if pairing else 1
    return Person(name, unit, lower=dice.randint(0, 1) if pairing else 0, upper=upper)


def _post(dice: random.Random, name: str) -> Post:
    upper = dice.choice((0, 1, 1, 1, 2, 2, 3))
    return Post(
        name,
        lower=dice.randint(0, min(upper, 1)),
        upper=upper,
        klass=dice.randint(1, 3),
    )


def random_bounds(seed: int, problem: Problem) -> tuple[Bound, ...]:
    """Bounds that form trees: over posts within posts, over people along their units, over all."""
    dice = random.Random(seed)
    posts, bounds = [post.id for post in problem.posts], []
    wide = dice.sample(posts, dice.randint(1, len(posts)))
    narrow = dice.sample(wide, dice.randint(1, len(wide)))
    for number, names in enumerate((wide, narrow)):
        lower = dice.randint(0, 2)
        upper = dice.choice((None, lower, lower + 1))
        bounds.append(Bound(f"t{number}", None, tuple(names), lower, upper))
    units = sorted({person.unit or "" for person in problem.people})
    picked = dice.sample(units, dice.randint(1, len(units)))
    staff = tuple(p.id for p in problem.people if (p.unit or "") in picked)
    bounds.append(Bound("staff", staff, None, dice.randint(0, 1), dice.randint(1, 3)))
    some = tuple(p.id for p in problem.people if (p.unit or "") == picked[0])[:2]
    bounds.append(Bound("some", some, None, dice.randint(0, 1), None))
    if dice.random() < 0.3:
        bounds.append(Bound("all", None, None, 0, dice.randint(1, 4)))
    return tuple(dice.sample(bounds, dice.randint(1, len(bounds))))
