"""The pages of the yearly screening: every village with its hints, and one village looked at."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, STAFF
from lingyan.directory.scoping import path_end
from lingyan.organization.actions import screening as actions
from lingyan.organization.forms import rectification as forms
from lingyan.organization.queries import screening as queries
from lingyan.organization.rules import screening as rules
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

SCREENING_READERS = (*rules.SCREENERS, *STAFF, *LEADER, Role.UPPER_VIEWER)
TURNS = (
    ("open", "还没有排查"),
    ("hints", "有线索待核实"),
    ("clean", "没有情形"),
    ("listed", "有整顿事项"),
)
BESIDE = {
    "organization.screening.answer": "text",
    "organization.screening.long": "text",
}


def _turn_q(request: ActedRequest, code: str, year: int) -> Q:
    if code == "hints":
        return Q(pk__in=queries.villages_with_signals(request.actor.scope, year))
    if code == "clean":
        return Q(is_clean=True)
    return Q(has_case=True) if code == "listed" else Q(is_screened=False)


def _listing(request: ActedRequest, year: int) -> Listing[Place]:
    scope = request.actor.scope
    towns = list(directory.list_towns(scope).values_list("path", "short_name"))
    return Listing(
        request,
        queries.list_screened(scope, year),
        search=search.villages_q,
        search_hint="村或乡镇",
        filters=(
            Filter("turn", "情况", TURNS, lambda code: _turn_q(request, code, year)),
            Filter("town", "乡镇", towns,
                   lambda path: Q(path__gte=path, path__lt=path_end(path))),
        ),
        sorts={"village": ("path",)},
        default_sort="village",
    )  # fmt: skip


@page(*SCREENING_READERS)
def rect_screening_list(request: ActedRequest) -> HttpResponse:
    year, scope = clock.today().year, request.actor.scope
    listing = _listing(request, year)
    total, done, found = queries.count_progress(scope, year)
    ratio, lacking = 0, 0
    if request.actor.role in (*STAFF, *LEADER):  # no share is handed out to townships (R-4-01)
        ratio, lacking = queries.lacking_in_list(directory.get_county(scope), year)
    context = {
        "ratio": ratio,
        "lacking": lacking,
        "listing": listing,
        "lines": queries.lines_of(list(listing), year),
        "year": year,
        "total": total,
        "done": done,
        "found": found,
        "ends": rules.window_ends(year),
        "may_screen": request.actor.role in rules.SCREENERS,
    }
    return render(request, "organization/rect_screening_list.html", context)


@page(*SCREENING_READERS)
def rect_screen(request: ActedRequest, village_id: UUID) -> HttpResponse:
    """One village: confirm what holds, or say that nothing does."""
    village = directory.get_place(request.actor.scope, village_id)
    line = queries.line_of(village, clock.today().year)
    passing = request.method == "POST" and "pass" in request.POST
    finding = request.method == "POST" and not passing
    pass_form = forms.PassForm(request.POST if passing else None)
    form = forms.FindingsForm(request.POST if finding else None, signals=line.signals)
    if passing and pass_form.is_valid():
        carry_out(
            pass_form,
            lambda: actions.pass_village(village, actor=request.actor, **pass_form.cleaned_data),
            beside=BESIDE,
        )
        if not pass_form.errors:
            messages.success(request, f"{village}已排查，没有需要整顿的情形")
            return redirect("rect_screening_list")
    if finding and form.is_valid():
        case = carry_out(
            form, lambda: actions.open_case(village, form.findings, actor=request.actor)
        )
        if case is not None:
            messages.success(request, "情形已登记，核对后列为拟定对象")
            return redirect("rect_case_detail", case.pk)
    context = {
        "line": line,
        "village": village,
        "form": form,
        "pass_form": pass_form,
        "may_screen": request.actor.role in rules.SCREENERS and line.case is None,
    }
    status = max(status_of(form), status_of(pass_form))
    return render(request, "organization/rect_screen.html", context, status=status)
