"""What in an instance contradicts itself, although every value has the right shape?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lingyan_matching.carrier import Carrier, to_sort
from lingyan_matching.problem.form import Bound, InstanceError, Pair, Person, Post, Problem


def check_problem(problem: Problem) -> list[InstanceError]:
    """Everything that contradicts itself in a problem whose shape is right."""
    return [
        *_repeated("people", [person.id for person in problem.people]),
        *_repeated("posts", [post.id for post in problem.posts]),
        *_repeated("units", [unit.id for unit in problem.units]),
        *_repeated("bounds", [bound.id for bound in problem.bounds]),
        *_crossed_bounds("people", problem.people),
        *_crossed_bounds("posts", problem.posts),
        *_crossed_bounds("bounds", problem.bounds),
        *_unknown_units(problem),
        *_unknown_members(problem),
        *_repeated_edges(problem),
        *check_marks(problem),
    ]


def _repeated(key: str, ids: Sequence[str]) -> list[InstanceError]:
    if len(set(ids)) == len(ids):
        return []
    first: dict[str, int] = {}
    errors = []
    for number, name in enumerate(ids):
        earlier = first.setdefault(name, number)
        if earlier != number:
            errors.append(
                InstanceError(
                    f"{key}[{number}].id",
                    f"“{name}”与 {key}[{earlier}] 重复",
                    "请改名或删去一个",
                    f'"{name}" repeats {key}[{earlier}]',
                    "rename or remove one of them",
                )
            )
    return errors


def _crossed_bounds(key: str, rows: Sequence[Person | Post | Bound]) -> list[InstanceError]:
    return [
        InstanceError(
            f"{key}[{number}].lower",
            f"“{row.id}”的下限 {row.lower} 大于上限 {row.upper}",
            "请减小下限或增大上限",
            f'"{row.id}" has lower {row.lower} above upper {row.upper}',
            "lower the one or raise the other",
        )
        for number, row in enumerate(rows)
        if row.upper is not None and row.lower > row.upper
    ]


def _unknown_members(problem: Problem) -> list[InstanceError]:
    """A bound names people and posts that are listed, and somebody at all."""
    people = {person.id for person in problem.people}
    posts = {post.id for post in problem.posts}
    errors = []
    for number, bound in enumerate(problem.bounds):
        for key, kind, names, known in (
            ("people", "人选", bound.people, people),
            ("posts", "岗位", bound.posts, posts),
        ):
            unknown = sorted(set(names or ()) - known)
            if unknown:
                errors.append(
                    InstanceError(
                        f"bounds[{number}].{key}",
                        f"“{bound.id}”列有未知的{kind}“{unknown[0]}”",
                        "请改成已列出的 id",
                        f'"{bound.id}" names "{unknown[0]}", which is not in {key}',
                        "write an id that is listed",
                    )
                )
    return errors


def _unknown_units(problem: Problem) -> list[InstanceError]:
    """Without any unit listed the names are labels; with a list each must stand in it."""
    known = {unit.id for unit in problem.units}
    if not known:
        return []
    return [
        InstanceError(
            f"people[{number}].unit",
            f"“{person.id}”的单位“{person.unit}”不在 units 中",
            "请在 units 中补上它和名额，或改正名称",
            f'"{person.id}" names unit "{person.unit}", which is not in units',
            "list it with its limit, or correct the name",
        )
        for number, person in enumerate(problem.people)
        if person.unit is not None and person.unit not in known
    ]


def _repeated_edges(problem: Problem) -> list[InstanceError]:
    width = len(problem.people)
    on = to_sort(len(problem.edge_post))
    if on.name == "arrays" and _all_differ(problem, on):
        return []
    keys = [
        post * width + person
        for person, post in zip(problem.edge_person, problem.edge_post, strict=True)
    ]
    if len(set(keys)) == len(keys):
        return []
    first: dict[int, int] = {}
    errors = []
    for number, key in enumerate(keys):
        earlier = first.setdefault(key, number)
        if earlier != number:
            person, post = problem.people[key % width].id, problem.posts[key // width].id
            errors.append(
                InstanceError(
                    f"edges[{number}]",
                    f"“{person}”与“{post}”这一对与第 {earlier} 条重复",
                    "请只留一条",
                    f'the pair "{person}", "{post}" repeats edge {earlier}',
                    "keep one of them",
                )
            )
    return errors


def _all_differ(problem: Problem, on: Carrier) -> bool:
    """Whether no pair stands twice, seen without a set of all pairs."""
    person, post = on.column(problem.edge_person), on.column(problem.edge_post)
    if on.in_order(post, person) or on.in_order(person, post):
        return True
    keys = post * len(problem.people) + person
    keys.sort()
    return bool((keys[1:] != keys[:-1]).all())


def check_marks(problem: Problem) -> list[InstanceError]:
    """What is wrong with pins and bans: unknown names, no such pair, too many for a bound."""
    if not problem.pins and not problem.bans:
        return []
    return [
        *_unknown_names(problem, "pins", problem.pins),
        *_unknown_names(problem, "bans", problem.bans),
        *_pins_without_edge(problem),
        *_pins_over_bounds(problem),
    ]


def _unknown_names(problem: Problem, key: str, pairs: Sequence[Pair]) -> list[InstanceError]:
    people = {person.id for person in problem.people}
    posts = {post.id for post in problem.posts}
    return [
        InstanceError(
            f"{key}[{number}]",
            f"没有名为“{name}”的{kind}",
            "请改成已列出的 id",
            f'there is no {kind_en} "{name}"',
            "write an id that is listed",
        )
        for number, pair in enumerate(pairs)
        for name, known, kind, kind_en in (
            (pair[0], people, "人选", "person"),
            (pair[1], posts, "岗位", "post"),
        )
        if name not in known
    ]


def _pins_without_edge(problem: Problem) -> list[InstanceError]:
    people = {person.id: number for number, person in enumerate(problem.people)}
    posts = {post.id: number for number, post in enumerate(problem.posts)}
    wanted = {(people.get(pin[0]), posts.get(pin[1])) for pin in problem.pins}
    pairs = zip(problem.edge_person, problem.edge_post, strict=True)
    eligible = {pair for pair in pairs if pair in wanted}
    banned = set(problem.bans)
    errors = []
    for number, pin in enumerate(problem.pins):
        if pin[0] not in people or pin[1] not in posts:
            continue
        if (people[pin[0]], posts[pin[1]]) not in eligible:
            errors.append(_pin_error(number, pin, "资格不符", "the pair is not eligible"))
        elif pin in banned:
            errors.append(_pin_error(number, pin, "同时被排除", "the pair is banned as well"))
    return errors


def _pin_error(number: int, pin: Pair, why: str, why_en: str) -> InstanceError:
    return InstanceError(
        f"pins[{number}]",
        f"人工指定“{pin[0]}”到“{pin[1]}”不成立：{why}",
        "请取消这项指定",
        f'the pin of "{pin[0]}" to "{pin[1]}" cannot hold: {why_en}',
        "remove the pin",
    )


HOLDERS = {"person": "人选", "post": "岗位", "unit": "单位", "bound": "总量"}


def _pins_over_bounds(problem: Problem) -> list[InstanceError]:
    """Count the pins on every person, post and unit, and name the first that goes over."""
    unit_of = {person.id: person.unit for person in problem.people}
    room: dict[tuple[str, str], int] = {}
    room.update({("person", person.id): person.upper for person in problem.people})
    room.update({("post", post.id): post.upper for post in problem.posts})
    room.update({("unit", unit.id): unit.limit for unit in problem.units})
    room.update(
        {("bound", bound.id): bound.upper for bound in problem.bounds if bound.upper is not None}
    )
    used: Counter[tuple[str, str]] = Counter()
    seen: set[Pair] = set()
    errors = []
    for number, pin in enumerate(problem.pins):
        if pin in seen:
            errors.append(_pin_error(number, pin, "写了两次", "it stands twice"))
            continue
        seen.add(pin)
        holders = [("person", pin[0]), ("post", pin[1])]
        unit = unit_of.get(pin[0])
        if unit is not None:
            holders.append(("unit", unit))
        holders += [("bound", bound.id) for bound in problem.bounds if holds(bound, pin)]
        for holder in holders:
            used[holder] += 1
            if holder in room and used[holder] > room[holder]:
                kind = HOLDERS[holder[0]]
                errors.append(
                    _pin_error(
                        number,
                        pin,
                        f"{kind}“{holder[1]}”只能有 {room[holder]} 项",
                        f'{holder[0]} "{holder[1]}" takes {room[holder]} at most',
                    )
                )
    return errors


def holds(bound: Bound, pair: Pair) -> bool:
    """Whether a pair counts for a bound."""
    of_people = bound.people is None or pair[0] in bound.people
    return of_people and (bound.posts is None or pair[1] in bound.posts)
