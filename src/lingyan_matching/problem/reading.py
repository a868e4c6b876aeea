"""What does a file or a JSON value say? Every error at once, and never a traceback."""

from __future__ import annotations

import gzip
import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lingyan_matching.problem.checking import check_problem
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
    Unit,
)

BYTES_MAX = 2**30
RANKS = ("person_rank", "post_rank")
SELECTORS = {"people": "people", "units": "people", "posts": "posts", "villages": "posts"}
"""What may pick the people and the posts of a bound."""


def load_instance(path: str | Path, *, bytes_max: int = BYTES_MAX) -> Problem:
    """Read an instance from a file, plain or gzip."""
    return parse_instance(read_json(path, bytes_max=bytes_max))


def read_json(path: str | Path, *, bytes_max: int = BYTES_MAX) -> Any:
    """The JSON value in a file, plain or gzip; whatever is wrong becomes BadInstance."""
    where = Path(path).name
    try:
        raw = _read_bytes(Path(path), bytes_max)
        value = json.loads(raw.decode("utf-8-sig"))
        if b"\\ud" in raw.lower():
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except FileNotFoundError:
        raise BadInstance([_unreadable(where, "找不到文件", "no such file")]) from None
    except (OSError, EOFError, zlib.error) as error:
        raise BadInstance([_unreadable(where, "文件读不出来", f"unreadable: {error}")]) from None
    except UnicodeEncodeError:
        half = _unreadable(where, "文字中有半个字符（如 \\ud800）", "half a character (as \\ud800)")
        raise BadInstance([half]) from None
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
        "请核对路径，给出本系统写的 JSON 文件（可用 gzip 压缩）",
        what_en,
        "check the path and give a JSON file written by this product, plain or gzip",
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
            bounds=tuple(
                self._bound(where, row, people, posts)
                for where, row in self._rows(data, "bounds", optional=True)
            ),
        )

    def _format(self, data: Mapping[str, Any]) -> None:
        if data.get("format") not in (FORMAT, FORMAT_WITH_BOUNDS):
            self.refuse(
                "format",
                f"格式标记不是 {FORMAT} 或 {FORMAT_WITH_BOUNDS}",
                f'请写 "format":"{FORMAT}"',
                f"the format is neither {FORMAT} nor {FORMAT_WITH_BOUNDS}",
                f'write "format":"{FORMAT}"',
            )
        elif data.get("format") == FORMAT and data.get("bounds"):
            self.refuse(
                "bounds",
                f"{FORMAT} 没有总量上下限",
                f'请写 "format":"{FORMAT_WITH_BOUNDS}"',
                f"{FORMAT} has no bounds",
                f'write "format":"{FORMAT_WITH_BOUNDS}"',
            )

    def _bound(
        self,
        where: str,
        row: Mapping[str, Any],
        people: Sequence[Person],
        posts: Sequence[Post],
    ) -> Bound:
        """Units stand for their people, villages for their posts."""
        picked: dict[str, list[str]] = {}
        members = {
            "people": {person.id: [person.id] for person in people},
            "units": _members((person.unit, person.id) for person in people),
            "posts": {post.id: [post.id] for post in posts},
            "villages": _members((post.village, post.id) for post in posts),
        }
        for key, side in SELECTORS.items():
            if key in row:
                picked.setdefault(side, [])
            for number, name in enumerate(self._names(f"{where}.{key}", row.get(key, []))):
                if name in members[key]:
                    picked[side] += members[key][name]
                elif key not in ("people", "posts"):
                    self._unknown(f"{where}.{key}[{number}]", name, key)
                else:
                    picked[side].append(name)
        upper = row.get("upper")
        return Bound(
            self._text(f"{where}.id", row.get("id")),
            tuple(sorted(set(picked["people"]))) if "people" in picked else None,
            tuple(sorted(set(picked["posts"]))) if "posts" in picked else None,
            self._integer(f"{where}.lower", row.get("lower", 0), 0),
            None if upper is None else self._integer(f"{where}.upper", upper, 0),
        )

    def _names(self, where: str, names: Any) -> list[str]:
        if isinstance(names, list):
            return [self._text(f"{where}[{n}]", name) for n, name in enumerate(names)]
        self.refuse(where, "不是列表", "请写 [名称,…]", "is not a list", "write [name, …]")
        return []

    def _unknown(self, where: str, name: str, key: str) -> None:
        listed = "people 的 unit" if key == "units" else "posts 的 village"
        listed_en = "the unit of people" if key == "units" else "the village of posts"
        self.refuse(
            where,
            f"没有名为“{name}”的{'单位' if key == 'units' else '村'}",
            f"请改成 {listed} 中写过的名称",
            f'there is no {"unit" if key == "units" else "village"} "{name}"',
            f"write a name that stands in {listed_en}",
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


def _members(pairs: Iterable[tuple[str | None, str]]) -> dict[str, list[str]]:
    """Whoever stands under each name."""
    found: dict[str, list[str]] = {}
    for name, member in pairs:
        if name is not None:
            found.setdefault(name, []).append(member)
    return found


def _is_unicode(text: str) -> bool:
    """JSON may hold half a character (a lone surrogate), which no file can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
