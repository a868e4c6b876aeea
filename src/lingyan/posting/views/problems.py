"""The pages of problems that were found: take one down, work on it, confirm that it is solved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.common.periods import parse_period
from lingyan.directory import areas
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting import facts_of_neighbours as neighbours
from lingyan.posting.actions import problems as actions
from lingyan.posting.forms import diary as forms
from lingyan.posting.models import Problem
from lingyan.posting.queries import problems as queries
from lingyan.posting.rules import problems as rules
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState
from lingyan.posting.views.diary import READERS

WAITING, OVERDUE = "waiting", "overdue"
USUAL_DAYS = 14
BESIDE = {
    "posting.problem.text_missing": "text",
    "posting.problem.text_long": "text",
    "posting.problem.found_on": "found_on",
    "posting.problem.outside_term": "found_on",
    "posting.problem.owner_missing": "owner",
    "posting.problem.due_on": "due_on",
}


@page(*READERS)
def problem_list(request: ActedRequest) -> HttpResponse:
    """Everything found in the scope; what waits for oneself is one choice of the filter."""
    turn = {
        WAITING: queries.waiting_q(request.actor),
        OVERDUE: Q(due_on__lt=clock.today(), state=ProblemState.FOUND),
    }
    problems = queries.list_problems(request.actor.scope)
    if posting := _uuid(request.GET.get("posting", "")):
        problems = problems.filter(posting=posting)
    for field in ("found", "solved"):
        if period := parse_period(request.GET.get(field, "")):
            problems = problems.filter(queries.in_period(f"{field}_on", period))
    listing = Listing(
        request,
        problems,
        search=("text", "posting__person__name", "posting__village__short_name"),
        search_hint="问题、姓名或村",
        filters=(
            Filter("turn", "轮到谁", ((WAITING, "等我办"), (OVERDUE, "已超期")), turn.__getitem__),
            Filter("state", "状态", ProblemState.choices(), lambda code: Q(state=code)),
            Filter("owner", "承办方", ProblemOwner.choices(), lambda code: Q(owner=code)),
            *areas.narrowed(
                request, request.actor, lambda within: queries.list_problems(within.scope)
            ),
        ),
        sorts={
            "due": ("due_on",),
            "found": ("found_on",),
            "village": ("posting__village__path", "due_on"),
        },
        default_sort="due",
    )
    context = {
        "listing": listing,
        "today": clock.today(),
        "may_find": request.actor.role in rules.FINDERS,
    }
    return render(request, "posting/problem_list.html", context)


@page(*rules.FINDERS)
def problem_add(request: ActedRequest) -> HttpResponse:
    entry = queries.find_own_entry(request.actor.scope, _uuid(request.GET.get("entry", "")))
    today = clock.today()
    initial = {
        "found_on": entry.happened_on if entry else today,
        "owner": ProblemOwner.VILLAGE,
        "due_on": today + timedelta(days=USUAL_DAYS),
    }
    form = forms.ProblemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        problem = carry_out(
            form,
            lambda: actions.find_problem(actor=request.actor, entry=entry, **form.cleaned_data),
            beside=BESIDE,
        )
        if problem is not None:
            messages.success(request, "问题已登记")
            return redirect("problem_detail", problem.pk)
    context = {"form": form, "entry": entry}
    return render(request, "posting/problem_form.html", context, status=status_of(form))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page(*READERS)
def problem_detail(request: ActedRequest, problem_id: UUID) -> HttpResponse:
    problem = queries.get_problem(request.actor.scope, problem_id)
    open_acts = {
        act for act in STEPS if not actions.reasons_against(problem, act, actor=request.actor)
    }
    context = {
        "problem": problem,
        "acts": open_acts,
        "today": clock.today(),
        "entries": list_timeline(problem),
        "joined": neighbours.joined_with([problem.pk]).get(problem.pk),
    }
    return render(request, "posting/problem_detail.html", context)


STEPS: dict[str, tuple[str, str, type[Any] | None, Callable[..., Problem]]] = {
    "handle": ("办结", "已办结，等发现人确认", forms.ProblemTextForm, actions.handle_problem),
    "pass_on": ("转办", "已转办", forms.ProblemAgainForm, actions.pass_on_problem),
    "confirm": ("确认解决", "已确认解决", None, actions.confirm_problem),
    "reopen": ("没有解决，继续办", "已退回继续办", forms.ProblemAgainForm, actions.reopen_problem),
}


@page(*rules.HANDLERS)
def problem_step(request: ActedRequest, problem_id: UUID, act: str) -> HttpResponse:
    problem = queries.get_problem(request.actor.scope, problem_id)
    if act not in STEPS:
        raise Http404
    heading, done, kind, action = STEPS[act]
    initial = {"owner": problem.owner, "due_on": clock.today() + timedelta(days=USUAL_DAYS)}
    form = kind(request.POST or None, initial=initial) if kind else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if form is None:
            action(problem, actor=request.actor)
        else:
            carry_out(
                form,
                lambda: action(problem, actor=request.actor, **form.cleaned_data),
                beside=BESIDE,
            )
        if form is None or not form.errors:
            messages.success(request, done)
            return redirect("problem_detail", problem.pk)
    reasons = actions.reasons_against(problem, act, actor=request.actor)
    context = {"problem": problem, "form": form, "heading": heading, "reasons": reasons}
    status = status_of(form) if form else 200
    return render(request, "posting/problem_step.html", context, status=status)
