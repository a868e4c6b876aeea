"""What do several operations share: pieces of lists, chosen rows, a reason?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import unwrap
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from lingyan.api import rules
from lingyan.api.paging import ListQuery, PageOut, piece_of
from lingyan.api.problems import not_found
from lingyan.directory.models import Person
from lingyan.platform.audit.reading import note_reading

CHOSEN_MAX = 1000

Row = TypeVar("Row", bound=Model)
Out = TypeVar("Out", bound=Schema)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=300)


class CountOut(Schema):
    count: int


BINARY = {"type": "string", "format": "binary"}


def file_answer(media_type: str, schema: Mapping[str, str] = BINARY) -> dict[str, Any]:
    """What the document says of an operation that answers with a file."""
    content = {media_type: {"schema": dict(schema)}}
    return {"responses": {200: {"description": "OK", "content": content}}}


def file_of(view: Callable[..., Any], request: HttpRequest, **named: Any) -> HttpResponse:
    """The file that a page gives; its gate is the operation's own, which has let the caller in."""
    response: HttpResponse = unwrap(view)(request, **named)
    return response


def chosen(rows: QuerySet[Row], ids: list[UUID]) -> list[Row]:
    """The rows that are meant. One that is not ours and one that nobody has are one answer."""
    found = list(rows.filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise not_found()
    return found


def only(wanted: dict[str, Any]) -> dict[str, Any]:
    """The filters that were asked for."""
    return {name: value for name, value in wanted.items() if value is not None}


def _people(row: Model) -> Iterator[Person]:
    """Whom a row is about. Whoever reads a list by a program takes it away, as an export does."""
    known = row._state.fields_cache  # what was fetched with the row; nothing else is shown
    of_posting = known["posting"]._state.fields_cache if known.get("posting") else {}
    for one in (row, known.get("person"), known.get("other"), of_posting.get("person")):
        if isinstance(one, Person):
            yield one


def page_of(
    rows: QuerySet[Row],
    query: ListQuery,
    show: Callable[[Row], Out],
    *,
    sort: str,
    sorts: Mapping[str, Sequence[str]],
    search: Sequence[str] = (),
) -> PageOut[Out]:
    """One piece of scoped rows, each as programs see it."""
    piece = piece_of(rows, query, sort=sort, sorts=sorts, search=search)
    items = [show(one) for one in piece.rows]
    note_reading(*(one for row in piece.rows for one in _people(row)), action=rules.LISTED)
    # Not built by validation: the list does not know here what its items are.
    return PageOut[Out].model_construct(
        items=items, total=piece.total, next_cursor=piece.next_cursor
    )
