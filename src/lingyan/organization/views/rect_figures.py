"""整顿数据: the figures of the own scope as at a day, and the records behind each."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lingyan.common import clock
from lingyan.organization.exports.rect_work import write_records
from lingyan.organization.panels.rect_figures import BY_CODE, FIGURES, Figure
from lingyan.organization.queries.rect_figures import AsOf
from lingyan.organization.views.rect_work import EXPORTERS, READERS
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import workbook


def _asked(request: ActedRequest) -> AsOf:
    today = clock.today()
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = today
    return AsOf(min(on, today), today)


def _query(asked: AsOf) -> str:
    return "" if asked.on == asked.today else f"?{urlencode({'on': asked.on.isoformat()})}"


def _figure(code: str) -> Figure:
    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    return found


@page(*READERS)
def rect_figures(request: ActedRequest) -> HttpResponse:
    """Every figure of the own scope, each with the way to its records."""
    asked = _asked(request)
    tiles = [
        (one, one.value(one.rows(request.actor.scope, asked)),
         f"{reverse('rect_figure', args=[one.code])}{_query(asked)}")
        for one in FIGURES
    ]  # fmt: skip
    context = {"asked": asked, "tiles": tiles, "place": request.actor.place_name}
    return render(request, "organization/rect_figures.html", context)


@page(*READERS)
def rect_figure(request: ActedRequest, rect_figure: str) -> HttpResponse:
    figure, asked = _figure(rect_figure), _asked(request)
    rows = figure.rows(request.actor.scope, asked)
    context = {
        "figure": figure,
        "asked": asked,
        "value": figure.value(rows),
        "rows": [(one, list(zip(figure.heads, one.cells, strict=True))) for one in rows],
        "back": f"{reverse('rect_figures')}{_query(asked)}",
        "may_export": request.actor.role in EXPORTERS,
        "export": f"{reverse('rect_figure_export', args=[figure.code])}{_query(asked)}",
    }
    return render(request, "organization/rect_figure.html", context)


@page(*EXPORTERS)
def rect_figure_export(request: ActedRequest, rect_figure: str) -> HttpResponse:
    figure = _figure(rect_figure)
    rows = figure.rows(request.actor.scope, _asked(request))
    target = BytesIO()
    write_records(
        target, figure.name, figure.heads, rows, lambda one: one.cells, actor=request.actor
    )
    return workbook(target.getvalue(), f"{figure.name}.xlsx")
