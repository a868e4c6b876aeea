"""How are many new records stored so that each one still has its own entry?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Told, Trace, record_many, tell
from lingyan.platform.inserting import (
    PreparedRow,
    insert_prepared,
    insert_rows,
    prepare_rows,
    template_of,
)

CHUNK = 500
Thing = TypeVar("Thing", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Draft(Generic[Thing]):
    """A new record with its row and its trace, made while nobody has to wait."""

    thing: Thing
    row: PreparedRow
    told: Told


def draft_recorded(
    things: Sequence[Thing], *, action: str, fields: Sequence[str]
) -> list[Draft[Thing]]:
    """What `create_recorded` would do, short of the database."""
    traces = (Trace(action, thing, first_values(thing, fields)) for thing in things)
    return list(map(Draft, things, prepare_rows(things), map(tell, traces)))


def create_drafted(drafts: Sequence[Draft[Thing]], *, actor: Actor) -> list[Thing]:
    """Insert and seal what `draft_recorded` has made; inside the action's transaction."""
    for chunk in _chunks(drafts):
        insert_prepared([one.thing for one in chunk], [one.row for one in chunk])
        record_many([one.told for one in chunk], actor=actor)
    return [one.thing for one in drafts]


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
    held = thing.__dict__  # columns lie there; only what is related has to be asked for
    columns = template_of(type(thing))[2]
    told = {}
    for name in fields:
        column = columns.get(name, name)
        if column not in held or held[column] not in (None, "", []):
            told[name] = [None, held[name] if name in held else getattr(thing, name)]
    return told


def _chunks(things: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), CHUNK):
        yield list(things[start : start + CHUNK])
