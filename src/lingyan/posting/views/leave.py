"""The pages of leave: the list, asking, and one request until the person is back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import leave as actions
from lingyan.posting.forms import life as forms
from lingyan.posting.models import LeaveRequest
from lingyan.posting.queries import leave as queries
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries.standards import number_for
from lingyan.posting.rules import leave as leave_rules
from lingyan.posting.rules.life_words import LeaveState
from lingyan.posting.rules.support_words import StandardKey
from lingyan.posting.views.life import LIFE_READERS

LEAVE_READERS = (*LIFE_READERS, *rules.POSTED)


@page(*LEAVE_READERS)
def leave_list(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    listing = Listing(
        request,
        queries.list_leave(actor.scope),
        search=("posting__person__name", "posting__village__short_name", "posting__unit__name"),
        search_hint="姓名、村或单位",
        filters=(
            Filter("state", "状态", LeaveState.choices(), lambda code: Q(state=code)),
            Filter(
                "town",
                "乡镇",
                posting_queries.town_choices(actor.scope),
                lambda path: Q(
                    posting__village__path__gte=path, posting__village__path__lt=path_end(path)
                ),
            ),
        ),
        sorts={
            "since": ("-since", "pk"),
            "person": ("posting__person__name", "-since"),
            "village": ("posting__village__path", "-since"),
        },
        default_sort="since",
    )
    context = {
        "listing": listing,
        "own": life_queries.own_posting(actor.scope),
        "reads_reason": actor.role in leave_rules.REASON_READERS,
        "person_id": actor.scope.person_id,
        "today": clock.today(),
    }
    return render(request, "posting/leave_list.html", context)


@page(*leave_rules.ASKERS)
def leave_ask(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    form = forms.LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        leave = actions.ask_leave(posting, **form.said, actor=request.actor)
        messages.success(request, "请假已提交，等待审批")
        return redirect("leave_detail", leave.pk)
    most = number_for(posting.village.path, StandardKey.TOWN_LEAVE)
    context = {
        "posting": posting,
        "heading": "请假",
        "hint": f"{most} 天以内由乡镇党委审批，超过的由县委组织部审批；返岗后由村或乡镇销假。",
        "form": form,
        "yes": "提交请假",
        "back": reverse("leave_list"),
    }
    return render(request, "posting/life_form.html", context, status=422 if form.errors else 200)


@page(*LEAVE_READERS)
def leave_detail(request: ActedRequest, leave_id: UUID) -> HttpResponse:
    leave = queries.get_leave(request.actor.scope, leave_id)
    note_reading(leave.posting.person)
    return _show(request, leave, None)


def _show(request: ActedRequest, leave: LeaveRequest, wrong: str | None) -> HttpResponse:
    actor = request.actor
    acts = {
        line.act for line in open_acts(leave_rules.LEAVE_FLOW, state=leave.state, role=actor.role)
    }
    context = {
        "leave": leave,
        "days_together": actions.days_together(leave),
        "acts": acts,
        "reasons": actions.reasons_against_deciding(leave, "approve", actor=actor)
        if "approve" in acts
        else (),
        "reads_reason": actor.role in leave_rules.REASON_READERS
        or actor.scope.person_id == leave.posting.person_id,
        "answer_form": forms.AnswerForm(
            choices=[("approve", "批准"), ("refuse", "不批准")], auto_id="answer_%s"
        ),
        "back_form": forms.BackForm(),
        "may_withdraw": "withdraw" in acts
        and actions.takes_back(leave, actor)
        and (leave.state == LeaveState.ASKED or leave.since > clock.today()),
        "year": queries.year_of_person(leave.posting, leave.since.year),
        "is_late": leave.state == LeaveState.APPROVED and clock.today() > leave.until,
    }
    return render(request, "posting/leave_detail.html", context, status=422 if wrong else 200)


@require_POST
@page(*leave_rules.DECIDERS)
def leave_decide(request: ActedRequest, leave_id: UUID) -> HttpResponse:
    leave = queries.get_leave(request.actor.scope, leave_id)
    form = forms.AnswerForm(request.POST, choices=[("approve", ""), ("refuse", "")])
    if not form.is_valid():
        return _show(request, leave, "outcome")
    said = form.cleaned_data
    act = actions.approve_leave if said["outcome"] == "approve" else actions.refuse_leave
    act(leave, answer=said["answer"], actor=request.actor)
    messages.success(request, "已审批")
    return redirect("leave_detail", leave.pk)


@require_POST
@page(*leave_rules.WELCOMERS)
def leave_return(request: ActedRequest, leave_id: UUID) -> HttpResponse:
    leave = queries.get_leave(request.actor.scope, leave_id)
    form = forms.BackForm(request.POST)
    if not form.is_valid():
        return _show(request, leave, "back_on")
    actions.confirm_return(leave, back_on=form.cleaned_data["back_on"], actor=request.actor)
    messages.success(request, "已销假")
    return redirect("leave_detail", leave.pk)


@require_POST
@page(*leave_rules.ASKERS)
def leave_withdraw(request: ActedRequest, leave_id: UUID) -> HttpResponse:
    leave = queries.get_leave(request.actor.scope, leave_id)
    actions.withdraw_leave(leave, actor=request.actor)
    messages.success(request, "请假已撤回")
    return redirect("leave_detail", leave.pk)
