"""How does an exported workbook remember what it said, so that it can be worked on elsewhere?

A hidden worksheet holds every row as it went out and a seal over them all. It stands beside the
data, not in a column of it: sorting, filtering and filling in leave it as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lingyan.common.sheet import Column, RawSheet, Sheet

VERSIONS_TITLE = "版本"
IN_CELL = 32_000
Values = Mapping[str, Any]
Sign = Callable[[str], str]
"""From the digest of the rows to a text that only we can make."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the workbook is an export of, and when it went out."""

    kind: str
    option: str
    written_at: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What an exported workbook said when it went out; `rows` in the form of `plain`."""

    origin: Origin
    rows: tuple[dict[str, Any], ...]
    digest: str
    seal: str


def plain(column: Column, value: Any) -> Any:
    """A value of a cell as JSON keeps it; the same for a value that went out and came back."""
    if value is None or value in ((), "", []):
        return None
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}"
    return value if isinstance(value, int) else str(value)


class VersionsPage:
    """Writes the hidden worksheet row by row, beside the one with the data."""

    def __init__(self, book: Any, sheet: Sheet, origin: Origin, sign: Sign) -> None:
        self._columns = sheet.columns
        self._sign = sign
        self._digest = hashlib.sha256()
        self._row = 0
        self._page = book.add_worksheet(VERSIONS_TITLE)
        self._page.very_hidden()
        self._page.protect(hashlib.sha256(origin.written_at.encode()).hexdigest()[:16])
        names = [column.name for column in sheet.columns]
        self._put([origin.kind, origin.option, origin.written_at, *names])

    def keep(self, values: Values) -> None:
        self._put([plain(column, values.get(column.name)) for column in self._columns])

    def end(self) -> None:
        self._page.write_string(self._row, 0, self._sign(self._digest.hexdigest()))

    def _put(self, values: Sequence[Any]) -> None:
        text = json.dumps(values, separators=(",", ":"))
        if len(text) > IN_CELL:
            text = "[]"  # such a row comes back like one that was typed by hand
        self._digest.update(text.encode())
        self._page.write_string(self._row, 0, text)
        self._row += 1


def find_versions(sheets: Mapping[str, RawSheet]) -> Versions | None:
    """What the hidden worksheet says; None for a workbook that we did not export.

    Raises ValueError for one that says nothing any more.
    """
    raw = sheets.get(VERSIONS_TITLE)
    if raw is None or not raw.rows:
        return None
    texts = [str(row[0]) for row in raw.rows if row and row[0] is not None]
    digest = hashlib.sha256("".join(texts[:-1]).encode()).hexdigest()
    lines = [json.loads(text) for text in texts[:-1]]
    kind, option, written_at, *names = lines[0] if lines else ("", "", "")
    rows = tuple(dict(zip(names, line, strict=True)) for line in lines[1:] if line)
    return Versions(Origin(kind, option, written_at), rows, digest, texts[-1])


def keeping(rows: Iterable[Values], page: VersionsPage | None) -> Iterator[Values]:
    """The rows as they come, each kept on its way."""
    for values in rows:
        if page is not None:
            page.keep(values)
        yield values
    if page is not None:
        page.end()
