"""The registers of the county as at any day: 时点查询."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from lingyan.common import clock
from lingyan.common.sheet import Column, Sheet
from lingyan.directory import queries
from lingyan.directory.as_at import READERS
from lingyan.directory.roles import LOCAL_GRANTERS
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.exchange.exporting import export_list
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.panels import AsAt, as_at
from lingyan.platform.ui.registers import Line, Register, registers_of
from lingyan.platform.ui.templatetags.ui import day

WHO = tuple(dict.fromkeys((*READERS, *LOCAL_GRANTERS)))
CHUNK = 500


@page(*WHO)
def as_at_list(request: ActedRequest) -> HttpResponse:
    register, asked = _register(request), _asked(request)
    listing = _listing(request, register, asked.on)
    rows = list(listing)
    context = {
        "registers": registers_of(request.actor),
        "register": register,
        "as_at": asked,
        "listing": listing,
        "lines": [(line, _since_then(line)) for line in register.lines(rows, asked.on)],
        "now": register.rows(request.actor, clock.today()).count() if asked.is_past else None,
        "then": register.rows(request.actor, asked.on).count(),
    }
    return render(request, "directory/as_at.html", context)


@page(*WHO)
def as_at_export(request: ActedRequest) -> HttpResponse:
    """The list as it is filtered, with the day in its name."""
    register, asked, target = _register(request), _asked(request), BytesIO()
    columns = (*(Column(f"c{n}", text) for n, text in enumerate(register.columns)),
               Column("after", "后来"))  # fmt: skip
    sheet = Sheet(kind="as_at", title=register.label, columns=columns, key=(), guidance=())
    found = _listing(request, register, asked.on).rows
    export_list(sheet, _written(register, found, asked.on), target, actor=request.actor)
    return workbook(target.getvalue(), f"{register.label}（{asked.on}）.xlsx")


def _written(register: Register, rows: Any, on: date) -> Iterator[dict[str, str]]:
    for start in range(0, rows.count(), CHUNK):
        for line in register.lines(list(rows[start : start + CHUNK]), on):
            cells = {f"c{n}": text for n, text in enumerate(line.cells)}
            yield {**cells, "after": _since_then(line)}


def _register(request: ActedRequest) -> Register:
    """The one asked for, or the first that this person reads."""
    offered = registers_of(request.actor)
    if not offered:
        raise Http404
    return next((one for one in offered if one.key == request.GET.get("kind")), offered[0])


def _asked(request: ActedRequest) -> AsAt:
    return as_at(request.GET.get("on", ""), known_since=None, name="")


def _listing(request: ActedRequest, register: Register, on: date) -> Listing[Any]:
    towns = list(queries.list_towns(request.actor.scope).values_list("path", "short_name"))

    def under(path: str) -> Q:
        return Q(**{f"{register.town}__gte": path, f"{register.town}__lt": path_end(path)})

    return Listing(
        request,
        register.rows(request.actor, on),
        search=register.search,
        search_hint="姓名、村或名称",
        filters=[Filter("town", "乡镇", towns, under)],
        sorts={"place": register.order},
        default_sort="place",
    )


def _since_then(line: Line) -> str:
    """What became of it after that day, as far as is known today."""
    if line.until is None:
        return "今天仍在"
    return f"{day(line.until)} 起已不在" if line.until <= clock.today() else "今天仍在"
