"""Has the record changed since the program read it? Said by ETag and If-Match."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from ninja import Schema

from lingyan.api import rules
from lingyan.api.problems import Problem, not_found

Row = TypeVar("Row", bound=Model)


def etag_of(shown: Schema) -> str:
    """A digest of what the program was shown."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def stamped(response: HttpResponse, shown: Schema) -> Schema:
    response["ETag"] = etag_of(shown)
    return shown


@contextmanager
def unchanged(
    rows: QuerySet[Row], row: Row, show: Callable[[Row], Schema], if_match: str
) -> Iterator[Row]:
    """Hold the record while it is changed, if it is still what the program has seen."""
    with transaction.atomic():
        if not if_match:
            yield row
            return
        type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
        now = rows.filter(pk=row.pk).first()
        if now is None:
            raise not_found()
        if if_match.strip() not in ("*", etag_of(show(now))):
            raise Problem(HTTPStatus.PRECONDITION_FAILED, [rules.CHANGED])
        yield now
