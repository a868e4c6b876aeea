"""How are a million entries read from the table quickly, as they were sealed?

Straight from the cursor: building a model for each row, or a moment from each text, takes longer
than sealing it. What a column holds is turned into the form that is sealed, and no further.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connections, models

from lingyan.platform.audit.chain import canonical_text
from lingyan.platform.audit.models import SEALED_FIELDS, UNSEALED, AuditEntry

Row = list[Any]
HASH_FIELDS: list[Any] = [AuditEntry._meta.get_field(name) for name in UNSEALED]


def stored_rows(using: str, chunk: int) -> Iterator[list[Row]]:
    """Every entry in order of its number: the sealed fields, then the two hashes."""
    connection = connections[using]
    quote = connection.ops.quote_name
    columns = ", ".join(
        _column(one, quote(str(one.column)), connection.vendor)
        for one in (*SEALED_FIELDS, *HASH_FIELDS)
    )
    table, number = quote(AuditEntry._meta.db_table), quote("number")
    begin = f"SELECT {columns} FROM {table}"  # noqa: S608 - names of our own table
    end = f"ORDER BY {number} LIMIT {chunk}"
    turns = _turns(connection.vendor)
    place = [one.name for one in SEALED_FIELDS].index("number")
    with connection.cursor() as cursor:
        cursor.execute(f"{begin} {end}")
        while rows := [_turned(row, turns) for row in cursor.fetchall()]:
            yield rows
            cursor.execute(f"{begin} WHERE {number} > %s {end}", [rows[-1][place]])


def _column(field: Any, name: str, vendor: str) -> str:
    # Otherwise SQLite's driver makes a moment of every text, which takes half of the time.
    is_text = vendor == "sqlite" and isinstance(field, models.DateTimeField)
    return f"CAST({name} AS TEXT)" if is_text else name


def _turned(row: tuple[Any, ...], turns: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    found = list(row)
    for place, turn in turns:
        found[place] = turn(found[place])
    return found


def _turns(vendor: str) -> list[tuple[int, Callable[[Any], Any]]]:
    """Which columns come from this database in another form than the sealed one."""
    known: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
        models.JSONField: _text_json if vendor == "sqlite" else _json,
        models.DateTimeField: _text_moment if vendor == "sqlite" else _moment,
    }
    return [
        (place, known[type(one)]) for place, one in enumerate(SEALED_FIELDS) if type(one) in known
    ]


def _json(stored: Any) -> Any:
    """Text that is no JSON is left as it is: its seal will not hold."""
    try:
        return json.loads(stored)
    except (TypeError, ValueError):
        return stored


def _text_json(stored: Any) -> Any:
    """SQLite keeps the very text, which may say more than its value: a key twice, a blank.

    It is written canonically, and as Django writes JSON by every other hand.
    """
    found = _json(stored)
    known = canonical_text(found) == stored or json.dumps(found) == stored
    return found if known else [stored]


def _moment(stored: datetime) -> str:
    return stored.astimezone(UTC).isoformat()


def _text_moment(stored: Any) -> str:
    """SQLite keeps the moment in UTC as a text of the same digits, with a blank for the T."""
    text = str(stored)
    return f"{text[:10]}T{text[11:]}+00:00" if text[10:11] == " " else f"?{text}"


@contextmanager
def as_bytes_lie(using: str) -> Iterator[None]:
    """Read on where a byte of a text has been changed to one that no text has."""
    connection = connections[using].connection
    before = connection.text_factory
    connection.text_factory = lambda stored: stored.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = before
