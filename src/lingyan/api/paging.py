"""How is a long list read piece by piece, without a row twice or left out?

A cursor says after which row the next piece begins, by the values that the list is sorted by; it is
signed, so that nobody makes one up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from ninja import Schema
from pydantic import Field

from lingyan.api import rules
from lingyan.api.problems import Problem

SALT = "lingyan.api.cursor"
LIMIT_MAX = 200

Row = TypeVar("Row", bound=Model)
Out = TypeVar("Out", bound=Schema)


class ListQuery(Schema):
    """What every list takes."""

    limit: int = Field(50, ge=1, le=LIMIT_MAX, description="一次读多少条")
    cursor: str = Field("", max_length=2000, description="上一页给出的 next_cursor")
    q: str = Field("", max_length=60, description="搜索")


class PageOut(Schema, Generic[Out]):
    items: list[Out]
    total: int = Field(description="符合条件的总数，只数看得到的")
    next_cursor: str = Field(description="下一页的位置；空表示已到末尾")


@dataclass(frozen=True, slots=True)
class Piece(Generic[Row]):
    rows: list[Row]
    total: int
    next_cursor: str


def piece_of(
    rows: QuerySet[Row],
    query: ListQuery,
    *,
    sort: str,
    sorts: Mapping[str, Sequence[str]],
    search: Sequence[str] = (),
) -> Piece[Row]:
    """One piece of scoped rows. The fields of a sort are never empty in the table."""
    if text := query.q.strip():
        matching = Q()
        for field in search:
            matching |= Q(**{f"{field}__icontains": text})
        rows = rows.filter(matching)
    fields = [*sorts[sort.removeprefix("-")], "pk"]
    down = sort.startswith("-")
    total = rows.count()
    ordered = rows.order_by(*(f"-{field}" if down else field for field in fields))
    if query.cursor:
        ordered = ordered.filter(_after(fields, _read(query.cursor, sort, len(fields)), down=down))
    found = list(ordered[: query.limit + 1])
    more = len(found) > query.limit
    found = found[: query.limit]
    return Piece(found, total, _cursor(sort, fields, found[-1]) if more else "")


def _after(fields: Sequence[str], values: Sequence[Any], *, down: bool) -> Q:
    beyond, condition, equal = "lt" if down else "gt", Q(), Q()
    for field, value in zip(fields, values, strict=True):
        condition |= equal & Q(**{f"{field}__{beyond}": value})
        equal &= Q(**{field: value})
    return condition


def _cursor(sort: str, fields: Sequence[str], row: Model) -> str:
    return signing.dumps([sort, *(_value(row, field) for field in fields)], salt=SALT)


def _value(row: Any, field: str) -> Any:
    for part in field.split("__"):
        row = getattr(row, part)
    if isinstance(row, datetime | date):
        return row.isoformat()
    return str(row) if isinstance(row, UUID) else row


def _read(cursor: str, sort: str, count: int) -> list[Any]:
    try:
        read: list[Any] = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        read = []
    if read[:1] != [sort] or len(read) != count + 1:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, [rules.BAD_CURSOR])
    return read[1:]
