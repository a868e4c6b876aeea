"""党建责任清单: the list of each secretary, written below and approved above (R-13-03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory import queries as directory
from lingyan.directory.scoping import path_end
from lingyan.organization.actions import duty_lists as actions
from lingyan.organization.forms import reviews as forms
from lingyan.organization.models import DutyList
from lingyan.organization.panels import reviews as panels
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import duty_lists as rules
from lingyan.organization.rules.review_words import DutyLevel, PaperState
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.exchange.exporting import export_list
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing

REGISTER = Sheet(
    kind="duty_register",
    title="责任清单",
    columns=(
        Column("level", "层级"), Column("where", "村、乡镇或单位"), Column("secretary", "书记"),
        Column("state", "状态"), Column("number", "序号", Kind.INTEGER), Column("topic", "项目"),
        Column("duty", "责任", max_length=300), Column("measure", "措施", max_length=300),
        Column("due_on", "期限", Kind.DATE), Column("indicator", "对应指标"),
    ),
    key=(),
    guidance=(),
)  # fmt: skip


def _listing(request: ActedRequest, year: int) -> Listing[DutyList]:
    towns = list(directory.list_towns(request.actor.scope).values_list("path", "short_name"))
    return Listing(
        request,
        queries.list_duty_lists(request.actor.scope).filter(year=year),
        search=("place__name", "unit__name", "secretary"),
        search_hint="村、乡镇、单位或书记",
        filters=(
            Filter("level", "层级", DutyLevel.choices(), lambda code: Q(level=code)),
            Filter("state", "状态", PaperState.choices(), lambda code: Q(state=code)),
            Filter(
                "town", "乡镇", towns,
                lambda path: Q(place__path__gte=path, place__path__lt=path_end(path)),
            ),
        ),
        sorts={"place": ("level", "place__path"), "state": ("state", "place__path")},
        default_sort="place",
    )  # fmt: skip


@page(*rules.READERS)
def duty_list_list(request: ActedRequest) -> HttpResponse:
    year = panels.year_asked(request.GET.get("year", ""))
    own = queries.find_own_list(request.actor, year)
    context = {
        "listing": _listing(request, year),
        "year": year,
        "years": panels.years(),
        "own": own,
        "may_begin": request.actor.role in rules.ALL_WRITERS and own is None,
        "approved": queries.list_duty_lists(request.actor.scope)
        .filter(year=year, state=PaperState.APPROVED)
        .count(),
        "due_on": rules.due_on(year),
    }
    return render(request, "organization/duty_list_list.html", context)


@page(*rules.READERS)
def duty_list_export(request: ActedRequest) -> HttpResponse:
    year, target = panels.year_asked(request.GET.get("year", "")), BytesIO()
    rows = _listing(request, year).rows.prefetch_related("items")
    export_list(REGISTER, _written(rows), target, actor=request.actor)
    return workbook(target.getvalue(), f"{year}年党建责任清单.xlsx")


def _written(rows: Any) -> Iterator[dict[str, Any]]:
    names = panels.indicator_names()
    for one in rows.iterator(chunk_size=200):
        for item in one.items.all():
            yield {
                "level": one.get_level_display(), "where": str(one.unit or one.place),
                "secretary": one.secretary, "state": one.get_state_display(),
                "number": item.number, "topic": item.get_topic_display(), "duty": item.duty,
                "measure": item.measure, "due_on": item.due_on,
                "indicator": names.get(item.indicator, ""),
            }  # fmt: skip


@require_POST
@page(*rules.ALL_WRITERS)
def duty_list_new(request: ActedRequest) -> HttpResponse:
    """The list of this year, begun from last year's or the usual items."""
    made = actions.start_duty_list(year=clock.today().year, actor=request.actor)
    return redirect("duty_list", made.pk)


@page(*rules.READERS)
def duty_list(request: ActedRequest, duty_list_id: UUID) -> HttpResponse:
    """One list: its items, and for who writes it the form of all of them."""
    duty = queries.get_duty_list(request.actor.scope, duty_list_id)
    may_write = not actions.reasons_against(duty, "save", actor=request.actor)
    items = actions.items_of(duty)
    lines = forms.item_forms(items=items) if may_write else None
    return _show(request, duty, lines)


def _show(
    request: ActedRequest, duty: DutyList, lines: forms.ItemFormSet | None,
    refused: tuple[str, ...] = (),
) -> HttpResponse:  # fmt: skip
    may_decide = not actions.reasons_against(duty, "return", actor=request.actor)
    context = {
        "duty": duty,
        "lines": lines,
        "items": duty.items.all(),
        "indicators": panels.measured_by(duty, request.actor),
        "may_decide": may_decide,
        "against": actions.reasons_against(duty, "approve", actor=request.actor)
        if may_decide
        else (),
        "reason_form": forms.ReasonForm(),
        "refused": refused,
        "entries": list_timeline(duty),
    }
    status = 409 if refused else 422 if lines is not None and lines.is_bound else 200
    return render(request, "organization/duty_list.html", context, status=status)


@require_POST
@page(*rules.READERS)
def duty_list_step(request: ActedRequest, duty_list_id: UUID) -> HttpResponse:
    """Keep, submit, approve or hand back."""
    duty = queries.get_duty_list(request.actor.scope, duty_list_id)
    act = request.POST.get("act", "")
    if act in ("save", "submit"):
        return _write(request, duty, act)
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "approve": (lambda: actions.approve_duty_list(duty, actor=request.actor), "已批准下达"),
        "return": (
            lambda: actions.return_duty_list(
                duty, reason=request.POST.get("text", ""), actor=request.actor
            ),
            "已退回修改",
        ),
    }
    if act in steps:
        do, said = steps[act]
        do()
        messages.success(request, said)
    return redirect("duty_list", duty.pk)


def _write(request: ActedRequest, duty: DutyList, act: str) -> HttpResponse:
    lines = forms.item_forms(request.POST)
    if not lines.is_valid():
        return _show(request, duty, lines)
    duty = actions.save_duty_list(duty, items=lines.items(), actor=request.actor)
    if act == "save":
        messages.success(request, "已保存，还没有提交")
        return redirect("duty_list", duty.pk)
    try:
        actions.submit_duty_list(duty, actor=request.actor)
    except Refused as refused:
        # What was typed is kept; only the hand-over is refused.
        kept = forms.item_forms(items=actions.items_of(duty))
        return _show(request, duty, kept, tuple(one.text for one in refused.refusals))
    messages.success(request, "已提交，等上一级批准")
    return redirect("duty_list", duty.pk)
