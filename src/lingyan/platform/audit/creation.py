"""How are many new records stored so that each one still has its own entry?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import models

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.inserting import insert_rows

CHUNK = 500
Thing = TypeVar("Thing", bound=models.Model)


def create_recorded(
    things: Sequence[Thing], *, action: str, actor: Actor, fields: Sequence[str]
) -> list[Thing]:
    """Insert the new rows and seal one entry for each, a chunk at a time.

    Call it inside the action's transaction. `fields` are those whose value the entry shows; never
    name an encrypted one.
    """
    for chunk in _chunks(things):
        insert_rows(chunk)
        traces = [Trace(action, thing, first_values(thing, fields)) for thing in chunk]
        record_many(traces, actor=actor)
    return list(things)


def first_values(thing: models.Model, fields: Sequence[str]) -> dict[str, list[object]]:
    """What a new record holds, as [nothing, value]; empty fields are left out."""
    values = {name: getattr(thing, name) for name in fields}
    return {name: [None, value] for name, value in values.items() if value not in (None, "", [])}


def _chunks(things: Sequence[Thing]) -> Iterator[list[Thing]]:
    for start in range(0, len(things), CHUNK):
        yield list(things[start : start + CHUNK])
