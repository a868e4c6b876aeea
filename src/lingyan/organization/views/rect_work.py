"""The pages of villages under rectification: visits, problems, checkups and reports."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import areas
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.actions import rect_problems as problem_actions
from lingyan.organization.actions import rect_visits
from lingyan.organization.exports.rect_work import write_reports
from lingyan.organization.forms import rect_work as forms
from lingyan.organization.models import RectificationCase, RectProblem, RectReport
from lingyan.organization.panels import rect_work as panels
from lingyan.organization.queries import rect_turns as turns
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.queries import rectification as cases
from lingyan.organization.rules import rect_problems as rules
from lingyan.organization.rules import visits as visit_rules
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE
from lingyan.organization.rules.rectification_words import RectProblemState, RectState
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

READERS = rules.WORK_READERS
EXPORTERS = (*STAFF, *LEADER, *TOWN)
PROBLEM_STEPPERS = tuple(dict.fromkeys((*BOTH_OF_VILLAGE, *TOWN, *STAFF)))
PROBLEM_HEADINGS = {line.act: line.label for line in rules.PROBLEM_FLOW if line.act != "close"}


def form_page(
    request: ActedRequest, case: RectificationCase, form: Form, heading: str, yes: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "yes": yes,
        "case": case,
        "back": reverse("rect_case_detail", args=[case.pk]),
        **more,
    }
    return render(request, "organization/rect_form.html", context, status=status_of(form))


# --- the list and visits --------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[RectificationCase]:
    actor, today = request.actor, clock.today()
    states = [one for one in RectState.choices() if one[0] in turns.WORKED_ON]
    return Listing(
        request,
        turns.list_own_work(actor),
        search=cases.search_q,
        search_hint="村或乡镇",
        filters=(
            Filter(
                "turn", "办理", tuple(turns.TURNS.items()),
                lambda turn: turns.turn_q(turn, actor, today),
            ),
            Filter("state", "状态", states, lambda code: Q(state=code)),
        ),
        sorts={"village": ("village__path",), "due": ("due_on", "village__path")},
        default_sort="due",
    )  # fmt: skip


@page(*READERS)
def rect_work_list(request: ActedRequest) -> HttpResponse:
    """整顿推进: who was visited this month, which months were missed, what is done."""
    listing = _listing(request)
    context = {
        "listing": listing,
        "lines": panels.lines_of(list(listing), request.actor),
        "today": clock.today(),
        "is_leader": request.actor.role == Role.COUNTY_LEADER,
    }
    return render(request, "organization/rect_work_list.html", context)


@page(*rect_visits.WRITERS)
def rect_visit_add(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    """A minute on the phone, in the village: where, with whom, what, and what is to be done."""
    actor = request.actor
    case = cases.get_case(actor.scope, rect_case_id)
    form = forms.RectVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: rect_visits.add_visit(case, actor=actor, **form.said),
            beside={
                "organization.visit.to_come": "on",
                "organization.visit.too_early": "on",
                "organization.visit.twice": "on",
            },
        )
        if not form.errors:
            messages.success(request, "督查已记下")
            return redirect("rect_case_detail", case.pk)
    reasons = () if form.is_bound else rect_visits.reasons_against(case, actor)
    return form_page(request, case, form, "记录督查", "记下", reasons=reasons)


# --- problems -------------------------------------------------------------------------------------


@page(*READERS)
def rect_problem_list(request: ActedRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    turn = {
        "waiting": turns.waiting_problems_q(actor),
        "overdue": turns.overdue_problems_q(today),
    }
    listing: Listing[RectProblem] = Listing(
        request,
        queries.list_problems(actor.scope),
        search=queries.search_problems_q,
        search_hint="村或乡镇",
        filters=(
            Filter(
                "turn", "办理", (("waiting", "等我办"), ("overdue", "超期")), turn.__getitem__
            ),
            Filter("state", "状态", RectProblemState.choices(), lambda code: Q(state=code)),
            *areas.narrowed(request, actor, lambda within: queries.list_problems(within.scope)),
        ),
        sorts={"due": ("due_on", "made_on"), "village": ("case__village__path", "due_on")},
        default_sort="due",
    )  # fmt: skip
    context = {"listing": listing, "today": today, "open": turns.STILL_OPEN}
    return render(request, "organization/rect_problem_list.html", context)


@page(*READERS)
def rect_problem_detail(request: ActedRequest, rect_problem_id: UUID) -> HttpResponse:
    actor = request.actor
    problem = cases.get_problem(actor.scope, rect_problem_id)
    acts = [
        (line.act, line.label)
        for line in open_acts(rules.PROBLEM_FLOW, state=problem.state, role=actor.role)
        if not problem_actions.reasons_against(problem, line.act, actor=actor)
    ]
    context = {
        "problem": problem,
        "case": problem.case,
        "acts": acts,
        "is_late": problem.state in turns.STILL_OPEN and problem.due_on < clock.today(),
        "steps": [(PROBLEM_HEADINGS.get(one.act, ""), one) for one in problem.steps.order_by("pk")],
        "timeline": list_timeline(problem),
    }
    return render(request, "organization/rect_problem.html", context)


def _problem_form(request: ActedRequest, act: str, problem: RectProblem) -> Form:
    given = request.POST or None
    if act == "begin":
        due_on = max(problem.due_on, clock.today())
        initial = {"measure": problem.measure, "owner": problem.owner, "due_on": due_on}
        return forms.MeasureForm(given, initial=initial)
    return forms.RectEvidenceForm(given) if act == "finish" else forms.RectTextForm(given)


@page(*PROBLEM_STEPPERS)
def rect_problem_step(request: ActedRequest, rect_problem_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    actor = request.actor
    problem = cases.get_problem(actor.scope, rect_problem_id)
    if act not in PROBLEM_HEADINGS:
        raise Http404
    form = _problem_form(request, act, problem)
    heading = PROBLEM_HEADINGS[act]
    if request.method == "POST" and form.is_valid():
        said = problem_actions.Said(**form.cleaned_data)
        carry_out(
            form,
            lambda: problem_actions.step_problem(problem, act, said, actor=actor),
            beside={"organization.rectproblem.due_on": "due_on"},
        )
        if not form.errors:
            messages.success(request, f"{heading}：已记下")
            return redirect("rect_problem_detail", problem.pk)
    reasons = () if form.is_bound else problem_actions.reasons_against(problem, act, actor=actor)
    back = reverse("rect_problem_detail", args=[problem.pk])
    return form_page(
        request, problem.case, form, heading, heading, reasons=reasons, back=back,
        hint=problem.description,
    )  # fmt: skip


# --- checkups and reports -------------------------------------------------------------------------


@page(*rules.CHECKERS)
def rect_checkup_add(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    actor = request.actor
    case = cases.get_case(actor.scope, rect_case_id)
    form = forms.CheckupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: problem_actions.make_checkup(case, actor=actor, **form.said),
            beside={
                "organization.checkup.to_come": "on",
                "organization.checkup.too_early": "on",
                "organization.checkup.twice": "on",
            },
        )
        if not form.errors:
            messages.success(request, "体检已登记，发现的问题已列入整改")
            return redirect("rect_case_detail", case.pk)
    return form_page(request, case, form, "每月全面体检", "登记体检")


def _months_to_report(case: RectificationCase) -> list[date]:
    """Months of the rectification without a report, the latest first."""
    sent = set(case.reports.values_list("month", flat=True))
    found = visit_rules.months_between(case.started_on, case.cleared_on, clock.today())
    return [one for one in found if one not in sent]


@page(*rules.REPORTERS)
def rect_report_add(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    actor = request.actor
    case = cases.get_case(actor.scope, rect_case_id)
    months = _months_to_report(case)
    form = forms.RectReportForm(request.POST or None, months=months)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: problem_actions.send_report(case, actor=actor, **form.said),
            beside={"organization.rectreport.outside": "month"},
        )  # fmt: skip
        if not form.errors:
            messages.success(request, "月报已报送")
            return redirect("rect_case_detail", case.pk)
    hint = "" if months else "每个月都已报送。"
    return form_page(request, case, form, "报送月报", "报送", hint=hint, is_empty=not months)


def _reports(request: ActedRequest) -> Listing[RectReport]:
    rows = queries.list_reports(request.actor.scope)
    months = [
        (f"{one:%Y-%m-%d}", f"{one.year} 年 {one.month} 月")
        for one in visit_rules.months_back(clock.today(), 24)
    ]
    return Listing(
        request,
        rows,
        search=queries.search_problems_q,
        search_hint="村或乡镇",
        filters=(Filter("month", "月份", months, lambda code: Q(month=code)),),
        sorts={"month": ("month", "case__village__path"), "village": ("case__village__path",)},
        default_sort="-month",
    )


@page(*READERS)
def rect_report_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _reports(request),
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "organization/rect_report_list.html", context)


@page(*EXPORTERS)
def rect_report_export(request: ActedRequest) -> HttpResponse:
    target = BytesIO()
    write_reports(target, _reports(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "整顿月报.xlsx")
