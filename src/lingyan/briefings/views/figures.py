"""数据与简报: the catalogue of indicators, one indicator, and the records behind its number."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lingyan.briefings.exports.figures import write_records
from lingyan.briefings.forms.figures import PurposeForm
from lingyan.briefings.panels import figures as panels
from lingyan.briefings.queries import asking
from lingyan.briefings.queries import figures as queries
from lingyan.briefings.queries.asking import Asked
from lingyan.briefings.rules.periods import Span
from lingyan.briefings.rules.readers import EXPORTERS, READERS
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory import areas
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.exchange.rules import refuse_many_rows
from lingyan.platform.indicators.definitions import Indicator
from lingyan.platform.ui.files import workbook

VALUES_MOST = 16  # more numbers than that are not worked out for one page
COMPARED = 2

View = Callable[..., HttpResponse]


def asking_page(view: View) -> View:
    """A page that reads area and period from its address; what cannot be read is said in words."""

    @wraps(view)
    def told(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asked = asking.read(request.actor, request.GET.dict())
        except Refused as refused:
            usual = asking.read(request.actor, {"area": request.GET.get("area", "")})
            context = {"refusals": refused.refusals, **choices(request, usual)}
            return render(request, "briefings/figure_asked.html", context, status=422)
        return view(request, asked, *args, **kwargs)

    return told


def choices(request: ActedRequest, asked: Asked) -> dict[str, Any]:
    spans = list(Span.choices())
    if asked.told.code not in dict(spans):
        spans.append((asked.told.code, asked.told.label))
    return {
        "asked": asked,
        "areas": areas.choices(request.actor, asked.area),
        "spans": spans,
        "today": clock.today(),
    }


# --- the catalogue --------------------------------------------------------------------------------


@page(*READERS)
@asking_page
def figure_list(request: ActedRequest, asked: Asked) -> HttpResponse:
    """Every indicator by its module; of a few that are looked for, the numbers too."""
    known = queries.list_indicators(request.actor)
    text, group = request.GET.get("q", "").strip()[:60], request.GET.get("group", "")
    found = [one for one in known if _is_meant(one, text, group)]
    groups = list(dict.fromkeys(one.group for one in known))
    with_values = len(found) <= VALUES_MOST
    context = {
        **choices(request, asked),
        "text": text,
        "group": group if group in groups else "",
        "groups": groups,
        "with_values": with_values,
        "sections": _sections(found, asked, with_values=with_values),
        "total": len(found),
    }
    return render(request, "briefings/figure_list.html", context)


def _sections(
    found: list[Indicator], asked: Asked, *, with_values: bool
) -> list[tuple[str, list[dict[str, Any]]]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        entry = {
            "indicator": one,
            "url": panels.address(one, asked),
            "tile": panels.tile(one, asked) if with_values else None,
        }
        sections.setdefault(one.group, []).append(entry)
    return list(sections.items())


def _is_meant(indicator: Indicator, text: str, group: str) -> bool:
    said = f"{indicator.name} {indicator.basis} {indicator.code} {' '.join(indicator.rows)}"
    return (not group or indicator.group == group) and text.upper() in said.upper()


# --- one indicator --------------------------------------------------------------------------------


@page(*READERS)
@asking_page
def figure_detail(request: ActedRequest, asked: Asked, indicator: str) -> HttpResponse:
    found = queries.get_indicator(request.actor, indicator)
    parts, rows = panels.side_by_side(found, asked, request.actor)
    context = {
        **choices(request, asked),
        **_named(found, asked),
        "tile": panels.tile(found, asked, compared=COMPARED, parts=parts),
        "notes": queries.notes_of(found, asked.question),
        "rows": rows,
        "chart": panels.places_chart(found, rows) if rows else "",
        "records": panels.address(found, asked, "figure_records"),
        "trend": panels.address(found, asked, "figure_trend"),
    }
    return render(request, "briefings/figure_detail.html", context)


def _named(indicator: Indicator, asked: Asked) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "is_of_day": indicator.kind == "of_day",
        "catalogue": panels.with_query(reverse("figure_list"), asked.query),
        "detail": panels.address(indicator, asked),
    }


@page(*READERS)
@asking_page
def figure_trend(request: ActedRequest, asked: Asked, indicator: str) -> HttpResponse:
    """Month by month, each counted from the records of today."""
    found = queries.get_indicator(request.actor, indicator)
    times = panels.trend(found, asked)
    context = {
        **choices(request, asked),
        **_named(found, asked),
        "times": times,
        "chart": panels.trend_chart(found, [point for _, point in times]),
    }
    return render(request, "briefings/figure_trend.html", context)


# --- the records behind it ------------------------------------------------------------------------


@page(*READERS)
@asking_page
def figure_records(request: ActedRequest, asked: Asked, indicator: str) -> HttpResponse:
    """The records behind the number, as far as the reader may see them."""
    return _records(request, asked, queries.get_indicator(request.actor, indicator), PurposeForm())


def _records(
    request: ActedRequest,
    asked: Asked,
    indicator: Indicator,
    form: PurposeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    start = max(_number(request.GET.get("page", "")) - 1, 0) * queries.PER_PAGE
    seen = queries.evidence_of(
        indicator, asked.question, request.actor.scope, text=text,
        start=start, stop=start + queries.PER_PAGE,
    )  # fmt: skip
    if start and start >= seen.evidence.count:  # a page beyond the last
        seen = queries.evidence_of(
            indicator, asked.question, request.actor.scope, text=text, stop=queries.PER_PAGE
        )
        start = 0
    evidence = seen.evidence
    may_open = queries.may_open(request.actor, indicator)
    rows = [panels.row_of(indicator, one, may_open=may_open) for one in evidence.records]
    parts = evidence.own
    if evidence.hidden:
        parts = queries.parts_of(indicator, asked.question)
    context = {
        **choices(request, asked),
        **_named(indicator, asked),
        "tile": panels.Tile(indicator, parts, panels.address(indicator, asked)),
        "own": panels.told_whole(indicator, evidence.own),
        "hidden": evidence.hidden,
        "is_told": seen.is_told,
        "text": text,
        "listing": queries.paged(evidence.count, str(start // queries.PER_PAGE + 1)),
        "heads": panels.heads_over(indicator, rows),
        "rows": rows,
        "may_export": request.actor.role in EXPORTERS and bool(evidence.count),
        "export": panels.with_query(
            reverse("figure_export", args=[indicator.code]), request.GET.urlencode()
        ),
        "form": form,
    }
    return render(request, "briefings/figure_records.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


@page(*EXPORTERS)
@asking_page
def figure_export(request: ActedRequest, asked: Asked, indicator: str) -> HttpResponse:
    """The list behind the number as a file, as it is searched, when it is said what for."""
    found = queries.get_indicator(request.actor, indicator)
    form = PurposeForm(request.POST or None)
    if not form.is_valid():
        return _records(request, asked, found, form, status=422 if form.is_bound else 200)
    text = request.GET.get("q", "").strip()[:60]
    seen = queries.evidence_of(found, asked.question, request.actor.scope, text=text)
    if refusals := refuse_many_rows(
        role=request.actor.role, rows=len(seen.evidence.records), most=settings.EXPORT_ROWS_MAX,
        approvers=EXPORTERS,
    ):  # fmt: skip
        raise Refused(refusals)
    target = BytesIO()
    purpose = form.cleaned_data["purpose"].strip()
    write_records(target, found, seen.evidence.records, actor=request.actor, purpose=purpose)
    return workbook(target.getvalue(), f"{found.name}-{clock.today():%Y%m%d}.xlsx")
