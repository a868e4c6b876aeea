"""What is given: who may go where, with how many points, and is it well formed?

The neutral instance (``lingyan.instance/1``) names people, posts, units and the eligible pairs.
Here it is read with every error at once, brought into an order that does not depend on the order
of the input, and laid out as a graph.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from lingyan_matching.carrier import Carrier, choose, plain

FORMAT = "lingyan.instance/1"
NUMBER_MAX = 10**9
BYTES_MAX = 2**30
COLUMNS = ("person", "post", "score")
RANKS = ("person_rank", "post_rank")

Pair = tuple[str, str]
Row = TypeVar("Row", "Person", "Post")


@dataclass(frozen=True, slots=True)
class Person:
    """One who may be sent; in pairing a unit, which then has bounds of its own."""

    id: str
    unit: str | None = None
    lower: int = 0
    upper: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """A group of equal seats; ``klass`` 1 is filled before 2 (the JSON key is ``class``)."""

    id: str
    lower: int = 0
    upper: int = 1
    klass: int = 1
    village: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A sending unit that gives at most ``limit`` people."""

    id: str
    limit: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One instance; the edge columns are parallel and hold indexes and integers."""

    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    units: tuple[Unit, ...]
    edge_person: Sequence[int]
    edge_post: Sequence[int]
    edge_score: Sequence[int]
    edge_person_rank: Sequence[int] | None = None
    edge_post_rank: Sequence[int] | None = None
    pins: tuple[Pair, ...] = ()
    bans: tuple[Pair, ...] = ()
    sense: str = "max"


@dataclass(frozen=True, slots=True)
class InstanceError:
    """One thing that is wrong: where, what, and how to mend it, in Chinese and in English."""

    where: str
    what: str
    mend: str
    what_en: str = ""
    mend_en: str = ""

    def text(self, lang: str = "zh") -> str:
        if lang == "en":
            return f"{self.where}: {self.what_en}; {self.mend_en}"
        return f"{self.where}：{self.what}；{self.mend}"


class BadInstance(ValueError):  # noqa: N818 - the word of the interface
    """The instance cannot be used; ``errors`` holds everything that is wrong with it."""

    def __init__(self, errors: Iterable[InstanceError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(error.text() for error in self.errors))

    def text(self, lang: str = "zh") -> str:
        return "\n".join(error.text(lang) for error in self.errors)


# --- reading -----------------------------------------------------------------------------------


def load_instance(path: str | Path, *, bytes_max: int = BYTES_MAX) -> Problem:
    """Read an instance from a file, plain or gzip."""
    return parse_instance(read_json(path, bytes_max=bytes_max))


def read_json(path: str | Path, *, bytes_max: int = BYTES_MAX) -> Any:
    """The JSON value in a file, plain or gzip; whatever is wrong becomes BadInstance."""
    where = Path(path).name
    try:
        raw = _read_bytes(Path(path), bytes_max)
        return json.loads(raw.decode("utf-8-sig"))
    except FileNotFoundError:
        raise BadInstance([_unreadable(where, "找不到文件", "no such file")]) from None
    except (OSError, EOFError, zlib.error) as error:
        raise BadInstance([_unreadable(where, "文件读不出来", f"unreadable: {error}")]) from None
    except (ValueError, RecursionError) as error:
        detail = f"{error}"[:120]
        raise BadInstance(
            [_unreadable(where, f"不是 JSON（{detail}）", f"not JSON ({detail})")]
        ) from None


def _read_bytes(path: Path, bytes_max: int) -> bytes:
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as stream:
        raw: bytes = stream.read(bytes_max + 1)
    if len(raw) > bytes_max:
        raise OSError(f"more than {bytes_max} bytes")
    return raw


def _unreadable(where: str, what: str, what_en: str) -> InstanceError:
    return InstanceError(
        where,
        what,
        f"请给出 {FORMAT} 格式的 JSON 文件（可用 gzip 压缩）",
        what_en,
        f"give a JSON file of the form {FORMAT}, plain or gzip",
    )


def parse_instance(data: Any) -> Problem:
    """The problem in a JSON value; raises BadInstance with every error that it holds."""
    reader = _Reader()
    problem = reader.problem(data)
    errors = reader.errors
    if not errors:
        errors = check_problem(problem)
    if errors:
        raise BadInstance(errors)
    return problem


@dataclass(slots=True)
class _Reader:
    """Reads the shape of an instance and goes on after every error."""

    errors: list[InstanceError] = field(default_factory=list)

    def refuse(self, where: str, what: str, mend: str, what_en: str, mend_en: str) -> None:
        self.errors.append(InstanceError(where, what, mend, what_en, mend_en))

    def problem(self, data: Any) -> Problem:
        if not isinstance(data, Mapping):
            self.refuse(
                "$",
                "最外层不是对象",
                "请写成 {…}",
                "the outermost value is not an object",
                "write {…}",
            )
            return Problem((), (), (), (), (), ())
        self._format(data)
        people = tuple(self._person(where, row) for where, row in self._rows(data, "people"))
        posts = tuple(self._post(where, row) for where, row in self._rows(data, "posts"))
        units = tuple(
            self._unit(where, row) for where, row in self._rows(data, "units", optional=True)
        )
        columns = self._edges(data, len(people), len(posts))
        return Problem(
            people,
            posts,
            units,
            *columns,
            pins=self._pairs(data, "pins"),
            bans=self._pairs(data, "bans"),
            sense=self._sense(data),
        )

    def _format(self, data: Mapping[str, Any]) -> None:
        if data.get("format") != FORMAT:
            self.refuse(
                "format",
                f"格式标记不是 {FORMAT}",
                f'请写 "format":"{FORMAT}"',
                f"the format is not {FORMAT}",
                f'write "format":"{FORMAT}"',
            )

    def _sense(self, data: Mapping[str, Any]) -> str:
        sense = data.get("sense", "max")
        if sense in ("max", "min") and isinstance(sense, str):
            return sense
        self.refuse(
            "sense",
            "只能是 max 或 min",
            "分数越高越好写 max，费用越低越好写 min",
            "must be max or min",
            "max for scores, min for costs",
        )
        return "max"

    def _rows(
        self, data: Mapping[str, Any], key: str, *, optional: bool = False
    ) -> list[tuple[str, Mapping[str, Any]]]:
        rows = data.get(key, [] if optional else None)
        if not isinstance(rows, list):
            self.refuse(
                key, "缺少或不是列表", f'请写 "{key}":[…]', "missing or not a list", "write […]"
            )
            return []
        return [(f"{key}[{n}]", self._object(f"{key}[{n}]", row)) for n, row in enumerate(rows)]

    def _object(self, where: str, row: Any) -> Mapping[str, Any]:
        if isinstance(row, Mapping):
            return row
        self.refuse(where, "不是对象", '请写 {"id":…}', "is not an object", 'write {"id":…}')
        return {"id": "?"}

    def _person(self, where: str, row: Mapping[str, Any]) -> Person:
        return Person(
            self._text(f"{where}.id", row.get("id")),
            self._optional_text(f"{where}.unit", row.get("unit")),
            self._integer(f"{where}.lower", row.get("lower", 0), 0),
            self._integer(f"{where}.upper", row.get("upper", 1), 0),
        )

    def _post(self, where: str, row: Mapping[str, Any]) -> Post:
        return Post(
            self._text(f"{where}.id", row.get("id")),
            self._integer(f"{where}.lower", row.get("lower", 0), 0),
            self._integer(f"{where}.upper", row.get("upper", 1), 0),
            self._integer(f"{where}.class", row.get("class", 1), 1, 9),
            self._optional_text(f"{where}.village", row.get("village")),
            self._optional_text(f"{where}.role", row.get("role")),
        )

    def _unit(self, where: str, row: Mapping[str, Any]) -> Unit:
        return Unit(
            self._text(f"{where}.id", row.get("id")),
            self._integer(f"{where}.limit", row.get("limit"), 0),
        )

    def _text(self, where: str, value: Any) -> str:
        if isinstance(value, str) and value.strip() and _is_unicode(value):
            return value
        self.refuse(
            where,
            "缺少，或不是文字",
            '请写非空的文字，例如 "p1"',
            "missing or not a text",
            'write a text that is not empty, such as "p1"',
        )
        return "?"

    def _optional_text(self, where: str, value: Any) -> str | None:
        return None if value is None else self._text(where, value)

    def _integer(self, where: str, value: Any, low: int, high: int = NUMBER_MAX) -> int:
        if type(value) is int and low <= value <= high:
            return value
        self.refuse(
            where,
            f"不是 {low} 到 {high} 的整数",
            "请改成这个范围内的整数",
            f"is not an integer from {low} to {high}",
            "write an integer in this range",
        )
        return low

    def _edges(
        self, data: Mapping[str, Any], people: int, posts: int
    ) -> tuple[array[int], array[int], array[int], array[int] | None, array[int] | None]:
        edges = data.get("edges")
        if not isinstance(edges, Mapping):
            self.refuse(
                "edges",
                "缺少，或不是对象",
                '请写 "edges":{"person":[…],"post":[…],"score":[…]}',
                "missing or not an object",
                'write "edges":{"person":[…],"post":[…],"score":[…]}',
            )
            edges = {"person": [], "post": [], "score": []}
        person = self._column(edges, "person", 0, people - 1)
        post = self._column(edges, "post", 0, posts - 1)
        score = self._column(edges, "score", -NUMBER_MAX, NUMBER_MAX)
        ranks = [
            None if edges.get(name) is None else self._column(edges, name, 0, NUMBER_MAX)
            for name in RANKS
        ]
        self._same_length([person, post, score, *ranks])
        return person, post, score, ranks[0], ranks[1]

    def _column(self, edges: Mapping[str, Any], name: str, low: int, high: int) -> array[int]:
        where = f"edges.{name}"
        column = edges.get(name)
        if not isinstance(column, list):
            self.refuse(
                where, "缺少或不是列表", "请写整数列表", "missing or not a list", "write integers"
            )
            return array("q")
        if set(map(type, column)) <= {int} and (
            not column or (low <= min(column) and max(column) <= high)
        ):
            return array("q", column)
        for number, value in enumerate(column):
            if type(value) is not int or not low <= value <= high:
                self._bad_entry(f"{where}[{number}]", name, low, high)
        return array("q", bytes(8 * len(column)))

    def _bad_entry(self, where: str, name: str, low: int, high: int) -> None:
        if name not in ("person", "post"):
            self._integer(where, None, low, high)
            return
        listed = "people" if name == "person" else "posts"
        self.refuse(
            where,
            f"序号不在 {listed} 之内（共 {high + 1} 个，从 0 数起）",
            "请改成已列出的序号，或删去这一对",
            f"is not an index into {listed} (there are {high + 1}, counted from 0)",
            "write an index that is listed, or remove the pair",
        )

    def _same_length(self, columns: Sequence[Sequence[int] | None]) -> None:
        lengths = [len(column) for column in columns if column is not None]
        if len(set(lengths)) > 1:
            self.refuse(
                "edges",
                f"各列长短不一（{'、'.join(map(str, lengths))}）",
                "请使各列逐项对应",
                f"the columns differ in length ({', '.join(map(str, lengths))})",
                "make the columns parallel",
            )

    def _pairs(self, data: Mapping[str, Any], key: str) -> tuple[Pair, ...]:
        rows = data.get(key, [])
        if not isinstance(rows, list):
            self.refuse(key, "不是列表", "请写 [[人,岗位],…]", "is not a list", "write [[…,…],…]")
            return ()
        return tuple(self._pair(f"{key}[{n}]", row) for n, row in enumerate(rows))

    def _pair(self, where: str, row: Any) -> Pair:
        if isinstance(row, Mapping):
            row = [row.get("person"), row.get("post")]
        if isinstance(row, list) and len(row) == 2:
            return self._text(f"{where}[0]", row[0]), self._text(f"{where}[1]", row[1])
        self.refuse(
            where,
            "不是一对（人, 岗位）",
            '请写 ["人的 id","岗位的 id"]',
            "is not a pair (person, post)",
            'write ["person id","post id"]',
        )
        return ("?", "?")


def _is_unicode(text: str) -> bool:
    """JSON may hold half a character (a lone surrogate), which no file can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# --- checking ----------------------------------------------------------------------------------


def check_problem(problem: Problem) -> list[InstanceError]:
    """Everything that contradicts itself in a problem whose shape is right."""
    return [
        *_repeated("people", [person.id for person in problem.people]),
        *_repeated("posts", [post.id for post in problem.posts]),
        *_repeated("units", [unit.id for unit in problem.units]),
        *_crossed_bounds("people", problem.people),
        *_crossed_bounds("posts", problem.posts),
        *_unknown_units(problem),
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


def _crossed_bounds(key: str, rows: Sequence[Person | Post]) -> list[InstanceError]:
    return [
        InstanceError(
            f"{key}[{number}].lower",
            f"“{row.id}”的下限 {row.lower} 大于上限 {row.upper}",
            "请减小下限或增大上限",
            f'"{row.id}" has lower {row.lower} above upper {row.upper}',
            "lower the one or raise the other",
        )
        for number, row in enumerate(rows)
        if row.lower > row.upper
    ]


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
            errors.append(_pin_error(number, pin, "同时被禁配", "the pair is banned as well"))
    return errors


def _pin_error(number: int, pin: Pair, why: str, why_en: str) -> InstanceError:
    return InstanceError(
        f"pins[{number}]",
        f"人工锁定“{pin[0]}”到“{pin[1]}”不成立：{why}",
        "请取消这项锁定",
        f'the pin of "{pin[0]}" to "{pin[1]}" cannot hold: {why_en}',
        "remove the pin",
    )


def _pins_over_bounds(problem: Problem) -> list[InstanceError]:
    """Count the pins on every person, post and unit, and name the first that goes over."""
    unit_of = {person.id: person.unit for person in problem.people}
    room: dict[tuple[str, str], int] = {}
    room.update({("person", person.id): person.upper for person in problem.people})
    room.update({("post", post.id): post.upper for post in problem.posts})
    room.update({("unit", unit.id): unit.limit for unit in problem.units})
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
        for holder in holders:
            used[holder] += 1
            if holder in room and used[holder] > room[holder]:
                kind = {"person": "人选", "post": "岗位", "unit": "单位"}[holder[0]]
                errors.append(
                    _pin_error(
                        number,
                        pin,
                        f"{kind}“{holder[1]}”只能有 {room[holder]} 项",
                        f'{holder[0]} "{holder[1]}" takes {room[holder]} at most',
                    )
                )
    return errors


# --- the order that nothing depends on ---------------------------------------------------------


def canonical(problem: Problem) -> Problem:
    """The same problem with people, posts and units by id, edges by post and then person."""
    return _canonical(problem, plain())


def _canonical(problem: Problem, carrier: Carrier) -> Problem:
    people, person_to = _by_id(problem.people)
    posts, post_to = _by_id(problem.posts)
    person = _renumbered(problem.edge_person, person_to, carrier)
    post = _renumbered(problem.edge_post, post_to, carrier)
    order = edge_order(person, post, (len(people), len(posts)), carrier)
    return replace(
        problem,
        people=people,
        posts=posts,
        units=tuple(sorted(problem.units, key=lambda unit: unit.id)),
        edge_person=_picked(person, order, carrier),
        edge_post=_picked(post, order, carrier),
        edge_score=_picked(problem.edge_score, order, carrier),
        edge_person_rank=_picked_rank(problem.edge_person_rank, order, carrier),
        edge_post_rank=_picked_rank(problem.edge_post_rank, order, carrier),
        pins=tuple(sorted(problem.pins)),
        bans=tuple(sorted(set(problem.bans))),
    )


def edge_order(person: Any, post: Any, sizes: tuple[int, int], carrier: Carrier) -> Any:
    """The edges by post and then person; None if they stand so already."""
    if carrier.kernel.in_order(post, person):
        return None
    if carrier.kernel.in_order(person, post):
        return carrier.order(post, sizes[1])
    order = carrier.order(person, sizes[0])
    return carrier.picked(order, carrier.order(carrier.picked(post, order), sizes[1]))


def _by_id(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], list[int] | None]:
    """The rows by id and, unless nothing moved, the new number of each old one."""
    order = sorted(range(len(rows)), key=lambda number: rows[number].id)
    if order == list(range(len(rows))):
        return rows, None
    new = [0] * len(rows)
    for number, old in enumerate(order):
        new[old] = number
    return tuple(rows[old] for old in order), new


def _renumbered(column: Sequence[int], new: list[int] | None, carrier: Carrier) -> Any:
    values = carrier.column(column)
    return values if new is None else carrier.picked(carrier.column(new), values)


def _picked_rank(column: Sequence[int] | None, order: Any, carrier: Carrier) -> array[int] | None:
    return None if column is None else _picked(column, order, carrier)


def _picked(column: Any, order: Any, carrier: Carrier) -> array[int]:
    """The entries of a column in this order, packed; all of them as they stand without one."""
    if order is None:
        return column if isinstance(column, array) else carrier.packed(carrier.column(column))
    return carrier.packed(carrier.picked(carrier.column(column), order))


def to_json(problem: Problem) -> dict[str, Any]:
    """The neutral instance form of a problem."""
    edges: dict[str, list[int]] = {
        "person": list(problem.edge_person),
        "post": list(problem.edge_post),
        "score": list(problem.edge_score),
    }
    if problem.edge_person_rank is not None:
        edges["person_rank"] = list(problem.edge_person_rank)
    if problem.edge_post_rank is not None:
        edges["post_rank"] = list(problem.edge_post_rank)
    return {
        "format": FORMAT,
        "sense": problem.sense,
        "people": [_person_json(person) for person in problem.people],
        "posts": [_post_json(post) for post in problem.posts],
        "units": [{"id": unit.id, "limit": unit.limit} for unit in problem.units],
        "edges": edges,
        "pins": [list(pin) for pin in problem.pins],
        "bans": [list(ban) for ban in problem.bans],
    }


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
    """Canonical JSON of the canonically sorted problem, in UTF-8."""
    text = json.dumps(
        to_json(canonical(problem)), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def snapshot_sha256(problem: Problem) -> str:
    """The name of a problem: equal for equal problems in whatever order they were written."""
    return hashlib.sha256(canonical_bytes(problem)).hexdigest()


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
    unknown = sorted(set(changed) - {unit.id for unit in problem.units})
    if unknown:
        raise BadInstance(
            InstanceError(
                f"limits.{name}",
                f"没有名为“{name}”的单位",
                "请改成 units 中的 id",
                f'there is no unit "{name}"',
                "write an id that stands in units",
            )
            for name in unknown
        )
    return replace(
        problem,
        pins=tuple(sorted({*problem.pins, *pins})),
        bans=tuple(sorted({*problem.bans, *bans})),
        units=tuple(
            replace(unit, limit=changed.get(unit.id, unit.limit)) for unit in problem.units
        ),
    )


# --- the graph ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Graph:
    """The open part of a canonical problem: what is left to decide after pins and bans.

    The edge columns hold only open edges (not banned, and of people who have room left), sorted by
    post and then person; edge ``e`` of post ``p`` has ``post_ptr[p] <= e < post_ptr[p + 1]``, and
    ``person_edge[person_ptr[i]:person_ptr[i + 1]]`` are the numbers of the edges of person ``i``.
    ``seats``, ``lower``, ``room``, ``person_lower`` and ``limit`` are what pins have left over.
    ``pinned`` holds (person, post, edge number in ``problem``) of every pin, and ``score_span`` the
    least and the greatest score of all edges of the problem.
    """

    problem: Problem
    person_index: Mapping[str, int]
    post_index: Mapping[str, int]
    unit_index: Mapping[str, int]
    edge_person: array[int]
    edge_post: array[int]
    edge_score: array[int]
    edge_person_rank: array[int] | None
    edge_post_rank: array[int] | None
    post_ptr: array[int]
    person_ptr: array[int]
    person_edge: array[int]
    seats: array[int]
    lower: array[int]
    room: array[int]
    person_lower: array[int]
    unit_of: array[int]
    limit: array[int]
    pinned: tuple[tuple[int, int, int], ...]
    score_span: tuple[int, int]
    memo: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def ids(self, edge: int) -> Pair:
        """The names of the two that an open edge joins."""
        problem = self.problem
        return problem.people[self.edge_person[edge]].id, problem.posts[self.edge_post[edge]].id


def snapshot_of(graph: Graph) -> str:
    """The snapshot of the problem of a graph, computed once."""
    if "snapshot" not in graph.memo:
        graph.memo["snapshot"] = snapshot_sha256(graph.problem)
    return graph.memo["snapshot"]


def build(problem: Problem, *, carrier: str = "auto") -> Graph:
    """Lay a problem out as a graph.

    1. Bring it into canonical order and check pins and bans.
    2. Take pins out: they use up seats, lower bounds, the person and the unit.
    3. Keep the open edges and index them from both sides.
    """
    on = choose(carrier, edges=len(problem.edge_score))
    problem = _canonical(problem, on)
    if errors := check_marks(problem):
        raise BadInstance(errors)
    left = _Left(problem)
    pinned = tuple(left.take(*pin) for pin in problem.pins)
    closed = {(left.person_index[ban[0]], left.post_index[ban[1]]) for ban in problem.bans}
    closed.update((person, post) for person, post, _ in pinned)
    columns = _open_columns(problem, left.room, closed, on)
    person, post = on.column(columns[0]), on.column(columns[1])
    score = on.column(problem.edge_score)
    return Graph(
        problem=problem,
        person_index=left.person_index,
        post_index=left.post_index,
        unit_index=left.unit_index,
        edge_person=columns[0],
        edge_post=columns[1],
        edge_score=columns[2],
        edge_person_rank=columns[3],
        edge_post_rank=columns[4],
        post_ptr=on.packed(row_starts(post, len(problem.posts), on)),
        person_ptr=on.packed(row_starts(person, len(problem.people), on)),
        person_edge=on.packed(on.order(person, len(problem.people))),
        seats=left.seats,
        lower=left.lower,
        room=left.room,
        person_lower=left.person_lower,
        unit_of=left.unit_of,
        limit=left.limit,
        pinned=pinned,
        score_span=on.span(score),
    )


class _Left:
    """What is left of everybody's bounds while pins are taken out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.person_index = {person.id: number for number, person in enumerate(problem.people)}
        self.post_index = {post.id: number for number, post in enumerate(problem.posts)}
        self.unit_index = {unit.id: number for number, unit in enumerate(problem.units)}
        units = [self.unit_index.get(person.unit or "", -1) for person in problem.people]
        self.unit_of = array("q", units)
        self.seats = array("q", [post.upper for post in problem.posts])
        self.lower = array("q", [post.lower for post in problem.posts])
        self.room = array("q", [person.upper for person in problem.people])
        self.person_lower = array("q", [person.lower for person in problem.people])
        self.limit = array("q", [unit.limit for unit in problem.units])

    def take(self, person_id: str, post_id: str) -> tuple[int, int, int]:
        """Take one pin out; its person, post and edge."""
        person, post = self.person_index[person_id], self.post_index[post_id]
        self.seats[post] -= 1
        self.lower[post] = max(0, self.lower[post] - 1)
        self.room[person] -= 1
        self.person_lower[person] = max(0, self.person_lower[person] - 1)
        if self.unit_of[person] >= 0:
            self.limit[self.unit_of[person]] -= 1
        posts, people = self.problem.edge_post, self.problem.edge_person
        start, end = bisect_left(posts, post), bisect_right(posts, post)
        return person, post, bisect_left(people, person, start, end)


def _open_columns(
    problem: Problem, room: array[int], closed: set[tuple[int, int]], carrier: Carrier
) -> tuple[array[int], array[int], array[int], array[int] | None, array[int] | None]:
    """The columns without closed pairs and without people who have no room."""
    keep = None
    if closed or (room and min(room) <= 0):
        pairs = zip(problem.edge_person, problem.edge_post, strict=True)
        keep = [
            number for number, pair in enumerate(pairs) if room[pair[0]] > 0 and pair not in closed
        ]
    return (
        _picked(problem.edge_person, keep, carrier),
        _picked(problem.edge_post, keep, carrier),
        _picked(problem.edge_score, keep, carrier),
        _picked_rank(problem.edge_person_rank, keep, carrier),
        _picked_rank(problem.edge_post_rank, keep, carrier),
    )


def row_starts(column: Any, rows: int, carrier: Carrier) -> Any:
    """Where each row begins if the column is sorted, and at the end its length."""
    starts = carrier.filled(rows + 1, 0)
    carrier.kernel.count_rows(column, starts)
    return starts


def edge_between(
    edge_person: Sequence[int], post_ptr: Sequence[int], person: int, post: int
) -> int | None:
    """The number of the edge between a person and a post, if there is one."""
    end = post_ptr[post + 1]
    place = bisect_left(edge_person, person, post_ptr[post], end)
    return place if place < end and edge_person[place] == person else None
