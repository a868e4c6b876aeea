"""The register of objections during the notice: take one down, look into it, settle it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import notices as actions
from lingyan.posting.forms.rounds import NoticeObjectionForm, SettleObjectionForm
from lingyan.posting.models import Round
from lingyan.posting.queries import notices as queries
from lingyan.posting.queries import rounds as round_queries
from lingyan.posting.rules import notices as notice_rules
from lingyan.posting.views.rounds import COUNTY, frame


@page(*COUNTY)
def notice_objection_list(request: ActedRequest, round_id: UUID) -> HttpResponse:
    actor = request.actor
    round = round_queries.get_round(actor.scope, round_id)
    listing = Listing(
        request,
        queries.list_notice_objections(actor.scope, round),
        search=("person__name", "village__short_name", "text"),
        search_hint="人选、村或异议内容",
        filters=(
            Filter("state", "状态", rules.ObjectionState.choices(), lambda code: Q(state=code)),
        ),
        sorts={"raised": ("raised_on", "entered_at"), "state": ("state", "raised_on")},
        default_sort="raised",
    )
    context = {
        **frame(round, actor, "notice_objections"),
        "listing": listing,
        "open_count": queries.count_open(round),
        "can_record": actor.role in notice_rules.RECORDERS
        and round.state in notice_rules.TAKEN_DOWN_IN,
        "can_settle": actor.role in notice_rules.HANDLERS and round.state in rules.BEFORE_ISSUE,
    }
    return render(request, "posting/notice_objection_list.html", context)


@page(*notice_rules.RECORDERS)
def notice_objection_add(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = round_queries.get_announced_round(request.actor.scope, round_id)
    plan = round_queries.find_chosen_plan(round)
    assert plan is not None
    form = NoticeObjectionForm(
        request.POST if request.method == "POST" else None,
        drafts=queries.draft_choices(plan),
        raised_on=clock.today(),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.record_objection(
            round,
            draft=queries.find_draft(plan, said["draft"]),
            raised_by=said["raised_by"],
            raised_on=said["raised_on"],
            text=said["text"],
            actor=request.actor,
        )
        messages.success(request, "异议已登记，办结前不能发文")
        return redirect("notice_objection_list", round.pk)
    return _form_page(request, round, form, "登记公示异议", "登记")


@page(*notice_rules.HANDLERS)
def notice_objection_settle(request: ActedRequest, notice_objection_id: UUID) -> HttpResponse:
    objection = queries.get_notice_objection(request.actor.scope, notice_objection_id)
    form = SettleObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.settle_objection(objection, actor=request.actor, **form.cleaned_data)
        messages.success(request, "异议已办结")
        return redirect("notice_objection_list", objection.round_id)
    return _form_page(request, objection.round, form, "办结公示异议", "办结", objection=objection)


def _form_page(
    request: ActedRequest, round: Round, form: object, heading: str, yes: str, **more: object
) -> HttpResponse:
    context = {
        **frame(round, request.actor, "notice_objections"),
        "form": form,
        "heading": heading,
        "yes": yes,
        **more,
    }
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, "posting/notice_objection_form.html", context, status=status)
