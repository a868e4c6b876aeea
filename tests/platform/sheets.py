"""How tests make the files that people would send."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lingyan.common.sheet import Sheet
from lingyan.common.workbook import write_rows
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS


def workbook(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "表") -> bytes:
    """A plain workbook as somebody types it."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def exported(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> bytes:
    target = io.BytesIO()
    write_rows(target, sheet, rows)
    return target.getvalue()


def sent(
    code: str, data: bytes, actor: Actor, *, name: str = "表.xlsx", option: str = ""
) -> Import:
    """Upload and check, as the page does."""
    run = actions.upload_file(KINDS[code], data, filename=name, option=option, actor=actor)
    return actions.check_import(run, actor=actor)


def upload(data: bytes, name: str = "表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def brought_in(code: str, data: bytes, actor: Actor, **kwargs: str) -> Import:
    return actions.apply_import(sent(code, data, actor, **kwargs), actor=actor)


def problems(run: Import) -> list[tuple[int, str, str]]:
    """Row, heading and reason of everything wrong."""
    return [
        (row.number, row.details[0], row.details[2])
        for row in run.checked_rows.filter(verdict="wrong")
    ]


def changes(run: Import, verdict: str = "changed") -> list[tuple[int, list[Any]]]:
    return [(row.number, row.details) for row in run.checked_rows.filter(verdict=verdict)]
