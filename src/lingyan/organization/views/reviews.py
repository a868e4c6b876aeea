"""述职评议考核: the yearly review of secretaries, from its opening to the file (R-13-04)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common.flow import open_acts
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory import queries as directory
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions import reviews as actions
from lingyan.organization.forms import reviews as forms
from lingyan.organization.models import ReviewRound, SecretaryReview
from lingyan.organization.panels import reviews as panels
from lingyan.organization.queries import review_facts
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import reviews as rules
from lingyan.organization.rules.review_words import DutyLevel, Rating, ReviewState
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.exchange.exporting import export_list
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {
    "organization.review_problem_text": "text",
    "organization.review_problem_due": "due_on",
    "organization.review_no_grade": "grade",
    "organization.review_undecided": "is_weak",
    "organization.review_weak_reason": "reason",
}
RESULTS = Sheet(
    kind="review_results",
    title="述职评议结果",
    columns=(
        Column("where", "村、乡镇或单位"), Column("name", "书记"),
        Column("reported_on", "述职日期", Kind.DATE), Column("good", "好", Kind.INTEGER),
        Column("fairly_good", "较好", Kind.INTEGER), Column("fair", "一般", Kind.INTEGER),
        Column("poor", "差", Kind.INTEGER), Column("grade", "等次"),
        Column("weak", "发展党员工作不力"), Column("problems", "问题数", Kind.INTEGER),
    ),
    key=(),
    guidance=(),
)  # fmt: skip


@page(*rules.READERS)
def review_list(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    listing = Listing(
        request,
        queries.list_rounds(scope),
        search=("place__name",),
        search_hint="县或乡镇",
        filters=(
            Filter("year", "年度", panels.years(), lambda code: Q(year=int(code))),
            Filter("level", "层级", DutyLevel.choices(), lambda code: Q(level=code)),
            Filter("state", "状态", ReviewState.choices(), lambda code: Q(state=code)),
        ),
        sorts={"year": ("-year", "level", "place__path"), "state": ("state", "place__path")},
        default_sort="year",
    )
    year = panels.year_asked(request.GET.get("year", ""))
    of_year = queries.list_rounds(scope).filter(year=year, level=DutyLevel.VILLAGE)
    context = {
        "listing": listing,
        "may_open": request.actor.role in rules.RUNNERS,
        "year": year,
        "due": queries.towns_due(scope).count(),
        "linked": of_year.filter(queries.linked_q()).count(),
    }
    return render(request, "organization/review_list.html", context)


def _levels(role: str) -> list[tuple[str, str]]:
    """Villages by their town, towns and units by the county."""
    county = role in STAFF
    return [(code, label) for code, label in DutyLevel.choices() if (code == "village") != county]


@page(*rules.RUNNERS)
def review_open(request: ActedRequest) -> HttpResponse:
    levels = _levels(request.actor.role)
    form = forms.RoundForm(request.POST or None, levels=levels, years=panels.years())
    if request.method == "POST" and form.is_valid():
        place = directory.list_places(request.actor.scope).order_by("path").first()
        assert place is not None
        made = carry_out(
            form, lambda: actions.open_round(place=place, **form.cleaned_data, actor=request.actor)
        )
        if made is not None:
            messages.success(request, "述职评议已启动，名单取自名册")
            return redirect("review_round", made.pk)
    context = {
        "form": form, "heading": "启动述职评议", "list_name": "review_list",
        "list_label": "述职评议", "button": "启动",
    }  # fmt: skip
    return render(request, "organization/review_open.html", context, status=status_of(form))


@page(*rules.READERS)
def review_round(request: ActedRequest, review_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, review_round_id)
    results = list(queries.list_results(request.actor.scope, round))
    tasks = queries.tasks_of(one.task_id for result in results for one in result.problems.all())
    acts = [
        (line, actions.reasons_against(round, line.act, actor=request.actor))
        for line in open_acts(rules.REVIEW_FLOW, state=round.state, role=request.actor.role)
    ]
    context = {
        "round": round,
        "results": results,
        "tasks": tasks,
        "acts": acts,
        "steps": _steps(round),
        "entries": list_timeline(round),
        "runs": request.actor.role in (*rules.RUNNERS, "county_org_leader"),
    }
    return render(request, "organization/review_round.html", context)


def _steps(round: ReviewRound) -> list[dict[str, str]]:
    states = ReviewState.choices()
    at = [code for code, _ in states].index(round.state)
    last = len(states) - 1
    return [
        {
            "label": label, "note": "",
            "state": "done" if n < at or n == at == last else "now" if n == at else "todo",
        }
        for n, (_, label) in enumerate(states)
    ]  # fmt: skip


@require_POST
@page(*rules.RUNNERS, "county_org_leader")
def review_step(request: ActedRequest, review_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, review_round_id)
    round = actions.step_round(round, request.POST.get("act", ""), actor=request.actor)
    messages.success(request, f"述职评议{round.get_state_display()}")
    return redirect("review_round", round.pk)


@page(*rules.READERS)
def review_export(request: ActedRequest, review_round_id: UUID) -> HttpResponse:
    round, target = queries.get_round(request.actor.scope, review_round_id), BytesIO()
    results = queries.list_results(request.actor.scope, round)
    export_list(RESULTS, _written(results), target, actor=request.actor)
    return workbook(target.getvalue(), f"{round}.xlsx")


def _written(results: Any) -> Iterator[dict[str, Any]]:
    for one in results:
        weak = {None: "", True: "是", False: "否"}[one.is_weak_development]
        yield {
            "where": str(one.unit or one.place), "name": one.name,
            "reported_on": one.reported_on, "good": one.good, "fairly_good": one.fairly_good,
            "fair": one.fair, "poor": one.poor, "grade": one.get_grade_display(), "weak": weak,
            "problems": len(one.problems.all()),
        }  # fmt: skip


# --- one secretary --------------------------------------------------------------------------------


@page(*rules.READERS)
def review_result(request: ActedRequest, review_result_id: UUID) -> HttpResponse:
    """The report as the records write it, and the form of the step that is this reader's."""
    result = queries.get_result(request.actor.scope, review_result_id)
    kind = _kind(request, result)
    form = _form(request, result, kind)
    if request.method == "POST" and form is not None and form.is_valid():
        carry_out(form, lambda: _act(request, result, kind, form), beside=BESIDE)
        if not form.errors:
            messages.success(request, "已登记")
            return redirect("review_result", result.pk)
    excuse = forms.ReasonForm() if kind == "excuse" else None
    context = {
        "result": result,
        "facts": result.facts or review_facts.facts_of(result),
        "kind": kind,
        "form": form,
        "excuse": excuse,
        "ratings": [(label, getattr(result, code)) for code, label in Rating.choices()],
        "problems": result.problems.order_by("due_on", "pk"),
        "entries": list_timeline(result),
    }
    status = status_of(form) if form is not None else 200
    return render(request, "organization/review_result.html", context, status=status)


def _kind(request: ActedRequest, result: SecretaryReview) -> str:
    """Which form this reader has in the present state of the round."""
    actor, state = request.actor, result.round.state
    if actions.may_report(result, actor) and not result.reported_on:
        return "report"
    if actor.role == "county_org_leader":
        return "grade" if state == ReviewState.EVALUATED else ""
    if actor.role in rules.RUNNERS and not _is_foreign(request, result):
        return {"opened": "excuse", "reported": "votes", "graded": "problem"}.get(state, "")
    return ""


def _is_foreign(request: ActedRequest, result: SecretaryReview) -> bool:
    """A round of the county is not for the towns to run."""
    return request.actor.role == "town_org" and result.round.level != DutyLevel.VILLAGE


def _form(request: ActedRequest, result: SecretaryReview, kind: str) -> Form | None:
    given = request.POST or None
    if kind == "report":
        return forms.ReportRemarkForm(given)
    if kind == "excuse":
        return forms.ReasonForm(given)
    if kind == "votes":
        counts = {code: getattr(result, code) for code, _ in Rating.choices()}
        return forms.VotesForm(given, initial=counts if result.votes else None)
    if kind == "grade":
        decides = result.round.level == DutyLevel.VILLAGE
        weak = {None: "", True: "yes", False: "no"}[result.is_weak_development]
        before = {"grade": result.grade, "is_weak": weak, "reason": result.weak_reason}
        return forms.GradeForm(given, initial=before, decides=decides)
    return forms.ReviewProblemForm(given) if kind == "problem" else None


def _act(request: ActedRequest, result: SecretaryReview, kind: str, form: Form) -> Any:
    said, actor = form.cleaned_data, request.actor
    if kind == "report":
        return actions.confirm_report(result, remark=said["remark"], actor=actor)
    if kind == "excuse":
        return actions.excuse_report(result, reason=said["text"], actor=actor)
    if kind == "votes":
        return actions.count_votes(result, counts=said, actor=actor)
    if kind == "grade":
        return actions.grade_result(
            result, grade=said["grade"], is_weak=said.get("is_weak"),
            reason=said.get("reason", ""), actor=actor,
        )  # fmt: skip
    return actions.add_problem(result, text=said["text"], due_on=said["due_on"], actor=actor)


@require_POST
@page(*rules.RUNNERS)
def review_problem_remove(request: ActedRequest, review_problem_id: UUID) -> HttpResponse:
    problem = queries.get_problem(request.actor.scope, review_problem_id)
    actions.remove_problem(problem, actor=request.actor)
    messages.success(request, "已删去这个问题")
    return redirect("review_result", problem.result_id)
