"""How does an instance look when nothing depends on the order in which it was written?"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, TypeVar

from lingyan_matching.carrier import Carrier, to_sort
from lingyan_matching.problem.form import (
    FORMAT,
    FORMAT_WITH_BOUNDS,
    NUMBER_MAX,
    BadInstance,
    Bound,
    InstanceError,
    Pair,
    Person,
    Post,
    Problem,
)

Row = TypeVar("Row", Person, Post)


def canonical(problem: Problem) -> Problem:
    """The same problem with people, posts and units by id, edges by post and then person."""
    return canonical_on(problem, to_sort(len(problem.edge_score)))


def canonical_on(problem: Problem, carrier: Carrier) -> Problem:
    people, person_to = _by_id(problem.people)
    posts, post_to = _by_id(problem.posts)
    person = _renumbered(problem.edge_person, person_to, carrier)
    post = _renumbered(problem.edge_post, post_to, carrier)
    ranks = problem.edge_person_rank, problem.edge_post_rank
    columns: tuple[Any, ...]
    if ranks == (None, None) and is_laid_quickly(person, post, carrier):
        score = carrier.column(problem.edge_score)
        columns = (*laid_by_post(person, post, score, len(posts), carrier), None, None)
    else:
        order = edge_order(person, post, (len(people), len(posts)), carrier)
        columns = (
            *(picked(column, order, carrier) for column in (person, post, problem.edge_score)),
            *(picked_rank(column, order, carrier) for column in ranks),
        )
    return replace(
        problem,
        people=people,
        posts=posts,
        units=tuple(sorted(problem.units, key=lambda unit: unit.id)),
        edge_person=columns[0],
        edge_post=columns[1],
        edge_score=columns[2],
        edge_person_rank=columns[3],
        edge_post_rank=columns[4],
        pins=tuple(sorted(problem.pins)),
        bans=tuple(sorted(set(problem.bans))),
        bounds=_sorted_bounds(problem.bounds),
    )


def _sorted_bounds(bounds: tuple[Bound, ...]) -> tuple[Bound, ...]:
    """The bounds by id, each with its names in order and once."""
    return tuple(
        replace(bound, people=_once(bound.people), posts=_once(bound.posts))
        for bound in sorted(bounds, key=attrgetter("id"))
    )


def _once(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(set(names)))


def is_laid_quickly(person: Any, post: Any, carrier: Carrier) -> bool:
    """Whether the edges stand by person, as they mostly come, and the loops are compiled."""
    return (
        carrier.name == "compiled"
        and carrier.kernel.rising(person)
        and not carrier.in_order(post, person)
    )


def laid_by_post(
    person: Any, post: Any, score: Any, posts: int, carrier: Carrier
) -> tuple[array[int], array[int], array[int]]:
    """Edges that stand by person, brought by post in one go, without an order to look up."""
    starts, fill = carrier.filled(posts + 1, 0), carrier.filled(posts, 0)
    carrier.kernel.count_rows(post, starts)
    columns = tuple(array("q", bytes(8 * len(score))) for _ in range(3))
    views = tuple(carrier.column(column) for column in columns)
    carrier.kernel.spread_rows((post, person, score), starts, fill, views)
    return columns[1], columns[0], columns[2]


def edge_order(person: Any, post: Any, sizes: tuple[int, int], carrier: Carrier) -> Any:
    """The edges by post and then person; None if they stand so already."""
    if carrier.in_order(post, person):
        return None
    if carrier.in_order(person, post):
        return carrier.order(post, sizes[1])
    order = carrier.order(person, sizes[0])
    return carrier.picked(order, carrier.order(carrier.picked(post, order), sizes[1]))


def _by_id(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], list[int] | None]:
    """The rows by id and, unless nothing moved, the new number of each old one."""
    ids = [row.id for row in rows]
    if ids == sorted(ids):
        return rows, None
    order = sorted(range(len(rows)), key=ids.__getitem__)
    new = [0] * len(rows)
    for number, old in enumerate(order):
        new[old] = number
    return tuple(rows[old] for old in order), new


def _renumbered(column: Sequence[int], new: list[int] | None, carrier: Carrier) -> Any:
    values = carrier.column(column)
    return values if new is None else carrier.picked(carrier.column(new), values)


def picked_rank(column: Sequence[int] | None, order: Any, carrier: Carrier) -> array[int] | None:
    return None if column is None else picked(column, order, carrier)


def picked(column: Any, order: Any, carrier: Carrier) -> array[int]:
    """The entries of a column in this order, packed; all of them as they stand without one."""
    if order is None:
        return column if isinstance(column, array) else carrier.packed(carrier.column(column))
    return carrier.packed(carrier.picked(carrier.column(column), order))


def to_json(problem: Problem) -> dict[str, Any]:
    """The neutral instance form of a problem."""
    edges = {name: list(column) for name, column in _edge_columns(problem).items()}
    return {**_all_but_edges(problem), "edges": edges}


def _edge_columns(problem: Problem) -> dict[str, Sequence[int]]:
    """The columns of the edges by name; ranks stand there only if there are any."""
    columns = {
        "person": problem.edge_person,
        "post": problem.edge_post,
        "score": problem.edge_score,
        "person_rank": problem.edge_person_rank,
        "post_rank": problem.edge_post_rank,
    }
    return {name: column for name, column in columns.items() if column is not None}


def _all_but_edges(problem: Problem) -> dict[str, Any]:
    found = {
        "format": FORMAT,
        "sense": problem.sense,
        "people": [_person_json(person) for person in problem.people],
        "posts": [_post_json(post) for post in problem.posts],
        "units": [{"id": unit.id, "limit": unit.limit} for unit in problem.units],
        "edges": {},
        "pins": [list(pin) for pin in problem.pins],
        "bans": [list(ban) for ban in problem.bans],
    }
    if problem.bounds:
        found["format"] = FORMAT_WITH_BOUNDS
        found["bounds"] = [_bound_json(bound) for bound in problem.bounds]
    return found


def _bound_json(bound: Bound) -> dict[str, Any]:
    row: dict[str, Any] = {"id": bound.id, "lower": bound.lower}
    if bound.upper is not None:
        row["upper"] = bound.upper
    for key, names in (("people", bound.people), ("posts", bound.posts)):
        if names is not None:
            row[key] = list(names)
    return row


def _person_json(person: Person) -> dict[str, Any]:
    row: dict[str, Any] = {"id": person.id}
    if person.unit is not None:
        row["unit"] = person.unit
    if (person.lower, person.upper) != (0, 1):
        row.update(lower=person.lower, upper=person.upper)
    return row


def _post_json(post: Post) -> dict[str, Any]:
    row: dict[str, Any] = {"id": post.id, "lower": post.lower, "upper": post.upper}
    row["class"] = post.klass
    if post.village is not None:
        row["village"] = post.village
    if post.role is not None:
        row["role"] = post.role
    return row


def canonical_bytes(problem: Problem) -> bytes:
    """Canonical JSON of the canonically sorted problem, in UTF-8: sorted keys, no spaces."""
    return b"".join(_canonical_parts(problem))


def _canonical_parts(problem: Problem) -> Iterator[bytes]:
    """The pieces of the canonical JSON, one after another.

    The columns of the edges are nearly all of it and hold small numbers only, so they are joined
    from numbers written out once; an encoder would look at each one anew.
    """
    on = to_sort(len(problem.edge_score))
    problem = canonical_on(problem, on)
    rest, mark = _all_but_edges(problem), b"{"
    for key in sorted(rest):
        yield b'%s"%s":' % (mark, key.encode())
        if key == "edges":
            yield from _column_parts(problem, on)
        else:
            yield _canonical_text(rest[key])
        mark = b","
    yield b"}"


def _column_parts(problem: Problem, on: Carrier) -> Iterator[bytes]:
    """The columns of the edges as an object."""
    columns, mark = _edge_columns(problem), b"{"
    for name in sorted(columns):
        yield b'%s"%s":[' % (mark, name.encode())
        yield on.text(on.column(columns[name]))
        mark = b"],"
    yield b"]}"


def _canonical_text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def snapshot_sha256(problem: Problem) -> str:
    """The name of a problem: equal for equal problems in whatever order they were written."""
    digest = hashlib.sha256()
    for part in _canonical_parts(problem):
        digest.update(part)
    return digest.hexdigest()


def with_marks(
    problem: Problem,
    *,
    pins: Iterable[Pair] = (),
    bans: Iterable[Pair] = (),
    limits: Mapping[str, int] | None = None,
) -> Problem:
    """The problem with further pins and bans, and with other limits for some units."""
    pins, bans = tuple(pins), tuple(bans)
    if not pins and not bans and not limits:
        return problem
    changed = limits or {}
    if errors := [*_wrong_limits(problem, changed)]:
        raise BadInstance(errors)
    return replace(
        problem,
        pins=tuple(sorted({*problem.pins, *pins})),
        bans=tuple(sorted({*problem.bans, *bans})),
        units=tuple(
            replace(unit, limit=changed.get(unit.id, unit.limit)) for unit in problem.units
        ),
    )


def _wrong_limits(problem: Problem, limits: Mapping[str, int]) -> Iterator[InstanceError]:
    """Below 0 nothing is a plan, so that anything could be proved of it."""
    known = {unit.id for unit in problem.units}
    for name, limit in sorted(limits.items()):
        if name not in known:
            yield InstanceError(
                f"limits.{name}",
                f"没有名为“{name}”的单位",
                "请改成 units 中的 id",
                f'there is no unit "{name}"',
                "write an id that stands in units",
            )
        elif type(limit) is not int or not 0 <= limit <= NUMBER_MAX:
            yield InstanceError(
                f"limits.{name}",
                f"名额不是 0 到 {NUMBER_MAX} 的整数",
                "请改成这个范围内的整数",
                f"the limit is not an integer from 0 to {NUMBER_MAX}",
                "write an integer in this range",
            )
