"""The pages of a pair's year: who is alive, what the village says, what the county confirms."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT, VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import assessments as actions
from lingyan.pairing.exports.assessments import write_units
from lingyan.pairing.forms import assessments as forms
from lingyan.pairing.models import PairAssessment, Pairing
from lingyan.pairing.panels import assessments as panels
from lingyan.pairing.queries import assessments as queries
from lingyan.pairing.queries import liveliness as lively
from lingyan.pairing.queries import pairings as pair_queries
from lingyan.pairing.rules import assessments as rules
from lingyan.pairing.rules.assessments import AssessmentState
from lingyan.pairing.rules.liveliness import Liveliness
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

COUNTY = (*STAFF, *LEADER, Role.COUNTY_AGENCY_COMMITTEE)
READERS = (*COUNTY, *TOWN, Role.TOWN_LEADER, *UNIT, *VILLAGE)
BESIDE = {
    "pairing.assessment_points": "points",
    "pairing.assessment_text": "text",
    "pairing.reason_missing": "text",
}
STATES = [("open", "村还没有评价"), *AssessmentState.choices()]


def _town(request: ActedRequest) -> Filter:
    return Filter(
        "town", "乡镇", pair_queries.town_choices(request.actor.scope),
        lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
    )  # fmt: skip


# --- alive or asleep ------------------------------------------------------------------------------


@page(*READERS)
def pair_liveliness(request: ActedRequest) -> HttpResponse:
    """结对活跃度: the pairs at work, the longest still first, with what to do next."""
    today = clock.today()
    listing: Listing[Pairing] = Listing(
        request,
        lively.list_active(request.actor.scope),
        search=pair_queries.search_q,
        search_hint="单位或村",
        filters=(
            Filter("still", "动静", Liveliness.choices(), lambda code: lively.still_q(code, today)),
            _town(request),
        ),
        sorts={"still": ("still_since",), "village": ("village__path",)},
        default_sort="still",
    )
    context = {
        "listing": listing,
        "lines": panels.lines_of(list(listing), today),
        "year": today.year,
    }
    return render(request, "pairing/liveliness.html", context)


# --- the year of every pair -----------------------------------------------------------------------


def _listing(request: ActedRequest, year: int) -> Listing[Pairing]:
    return Listing(
        request,
        queries.list_assessable(request.actor.scope, year),
        search=pair_queries.search_q,
        search_hint="单位或村",
        filters=(
            Filter("state", "考评", STATES, lambda code: queries.assessed_q(year, code)),
            _town(request),
        ),
        sorts={"village": ("village__path", "-is_lead"), "unit": ("unit__name", "village__path")},
        default_sort="village",
        sorts_of_few=("unit",),
    )


@page(*READERS)
def pair_assessment_list(request: ActedRequest) -> HttpResponse:
    year = panels.year_asked(request.GET.get("year", ""))
    waiting = queries.list_evaluated(request.actor.scope).filter(year=year)
    may_confirm = request.actor.role in STAFF
    context = {
        "listing": _listing(request, year),
        "year": year,
        "years": panels.years(),
        "waiting": waiting.count() if may_confirm else 0,
        "may_evaluate": request.actor.role in rules.EVALUATORS,
    }
    return render(request, "pairing/assessment_list.html", context)


@require_POST
@page(*STAFF)
def pair_assessments_confirm(request: ActedRequest) -> HttpResponse:
    """Every year that villages have evaluated, at once."""
    year = panels.year_asked(request.POST.get("year", ""))
    waiting = queries.list_evaluated(request.actor.scope).filter(year=year)
    try:
        done = actions.confirm_assessments(waiting, actor=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已确认 {len(done)} 对结对的 {year} 年度得分")
    return redirect(f"{reverse('pair_assessment_list')}?year={year}")


def _asked(request: ActedRequest, pairing_id: UUID, year: int) -> Pairing:
    pairing = pair_queries.get_pairing(request.actor.scope, pairing_id)
    if pairing.since is None or not pairing.since.year <= year <= clock.today().year:
        raise Http404
    return pairing


@page(*READERS)
def pair_assessment(request: ActedRequest, pairing_id: UUID, year: int) -> HttpResponse:
    """One pair's year: the five items as the records have them, and what the village says."""
    pairing = _asked(request, pairing_id, year)
    made = queries.get_assessment(request.actor.scope, pairing, year)
    return _show(request, pairing, year, made, _form(request, made))


def _form(request: ActedRequest, made: PairAssessment | None) -> Form | None:
    """The form of the step that is this reader's, if there is one."""
    state = made.state if made else ""
    given = request.POST or None
    if request.actor.role in rules.EVALUATORS and state in ("", "returned"):
        before = {"points": made.village_points, "text": made.village_text} if made else {}
        return forms.EvaluateForm(given, initial=before)
    if request.actor.role in STAFF and state == AssessmentState.EVALUATED:
        return forms.ReturnForm(given)
    return None


def _show(
    request: ActedRequest,
    pairing: Pairing,
    year: int,
    made: PairAssessment | None,
    form: Form | None,
) -> HttpResponse:
    facts = panels.facts_of(made, pairing, year)
    opens = rules.evaluation_opens(year=year, planned_until=pairing.planned_until)
    context: dict[str, Any] = {
        "pairing": pairing,
        "year": year,
        "made": made,
        "lines": panels.item_lines(facts, evaluated=made is not None),
        "total": panels.total_of(facts),
        "is_changed": made is not None and panels.is_changed(made),
        "form": form,
        "opens": opens if clock.today() < opens else None,
        "evaluates": isinstance(form, forms.EvaluateForm),
        "entries": list_timeline(made) if made else (),
    }
    status = status_of(form) if form else 200
    return render(request, "pairing/assessment.html", context, status=status)


@require_POST
@page(*rules.EVALUATORS)
def pair_assessment_evaluate(request: ActedRequest, pairing_id: UUID, year: int) -> HttpResponse:
    pairing = _asked(request, pairing_id, year)
    form = forms.EvaluateForm(request.POST)
    if form.is_valid():
        carry_out(
            form,
            lambda: actions.evaluate_year(
                pairing, year=year, **form.cleaned_data, actor=request.actor
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "评价已提交，等县委组织部确认")
            return redirect("pair_assessment", pairing.pk, year)
    made = queries.get_assessment(request.actor.scope, pairing, year)
    return _show(request, pairing, year, made, form)


@require_POST
@page(*STAFF)
def pair_assessment_decide(request: ActedRequest, pairing_id: UUID, year: int) -> HttpResponse:
    """Confirm the year, or hand it back to the village with a reason."""
    pairing = _asked(request, pairing_id, year)
    made = queries.get_assessment(request.actor.scope, pairing, year)
    if made is None:
        raise Http404
    confirms = request.POST.get("act") == "confirm"
    form: Form = Form(request.POST) if confirms else forms.ReturnForm(request.POST)
    if form.is_valid():
        if confirms:
            carry_out(form, lambda: actions.confirm_assessments([made], actor=request.actor))
        else:
            reason = form.cleaned_data["text"]
            carry_out(
                form,
                lambda: actions.return_evaluation(made, reason=reason, actor=request.actor),
                beside=BESIDE,
            )
        if not form.errors:
            messages.success(request, "年度得分已确认" if confirms else "已退回村里重新评价")
            return redirect("pair_assessment", pairing.pk, year)
    return _show(request, pairing, year, made, form)


# --- units ----------------------------------------------------------------------------------------


@page(*COUNTY, *UNIT)
def pair_unit_scores(request: ActedRequest) -> HttpResponse:
    """单位结对得分: what goes into the yearly target appraisal of each unit (R-13-05)."""
    year = panels.year_asked(request.GET.get("year", ""))
    listing = Listing(
        request,
        queries.units_assessed(request.actor.scope, year),
        search=("name",),
        search_hint="单位",
        sorts={"name": ("name",)},
        default_sort="name",
    )
    context = {
        "listing": listing,
        "lines": queries.years_of_units(request.actor.scope, year, listing),
        "year": year,
        "years": panels.years(),
    }
    return render(request, "pairing/unit_scores.html", context)


@page(*COUNTY, *UNIT)
def pair_unit_scores_export(request: ActedRequest) -> HttpResponse:
    """One row per unit, with the addresses of the years that its score is made of."""
    year = panels.year_asked(request.GET.get("year", ""))
    units = queries.units_assessed(request.actor.scope, year)
    lines = queries.years_of_units(request.actor.scope, year, units)

    def address(made: PairAssessment) -> str:
        found = reverse("pair_assessment", args=[made.pairing_id, made.year])
        return request.build_absolute_uri(found)

    target = BytesIO()
    write_units(target, lines, year=year, address=address, actor=request.actor)
    return workbook(target.getvalue(), f"{year}年单位结对得分.xlsx")
