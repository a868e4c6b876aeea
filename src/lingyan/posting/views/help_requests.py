"""The pages of difficulties: the person's form on the phone, the list of each side, every step."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import areas
from lingyan.directory.rules.hands import POSTED
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import help_requests as actions
from lingyan.posting.forms import support as forms
from lingyan.posting.models import HelpRequest
from lingyan.posting.queries import help_requests as queries
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.rules import help_requests as rules
from lingyan.posting.rules.support_words import HelpKind, HelpOwner, HelpState

HEADINGS = {line.act: line.label for line in rules.HELP_FLOW if line.act != "raise"}
PLAIN = ("withdraw", "confirm")
DONE = {
    "withdraw": "已撤回",
    "accept": "已受理",
    "begin": "进展已记下",
    "answer": "已答复，等本人确认",
    "decline": "已答复，等本人确认",
    "pass_on": "已转办",
    "confirm": "已确认，感谢反馈",
    "reopen": "已退回承办方继续办理",
    "note": "本人书面意见已登记",
}
BESIDE = {
    "posting.help.text_missing": "text",
    "posting.help.text_long": "text",
    "posting.help.kind_missing": "kind",
    "posting.help.due_on": "due_on",
    "posting.help.owner": "owner",
    "posting.help.no_unit": "owner",
}


@page(*rules.READERS)
def help_list(request: ActedRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    turn = {
        "waiting": queries.waiting_q(actor),
        "overdue": queries.overdue_q(today),
        "reported": queries.reported_q(actor, today),
    }
    labels = [("waiting", "等我办"), ("overdue", "超期")]
    if actor.role not in POSTED:
        labels.append(("reported", "逐级上报的"))
    listing = Listing(
        request,
        queries.list_requests(actor),
        search=("posting__person__name", "posting__village__short_name"),
        search_hint="姓名或村",
        filters=(
            Filter("turn", "办理", labels, lambda code: turn[code]),
            Filter("state", "状态", HelpState.choices(), lambda code: Q(state=code)),
            Filter("kind", "类别", HelpKind.choices(), lambda code: Q(kind=code)),
            Filter("owner", "承办方", HelpOwner.choices(), lambda code: Q(owner=code)),
            Filter(
                "town", "乡镇", posting_queries.town_choices(actor.scope),
                lambda path: Q(
                    posting__village__path__gte=path, posting__village__path__lt=path_end(path)
                ),
            ),
            *areas.narrowed(request, actor, queries.list_requests),
        )
        if actor.role not in POSTED
        else (),
        sorts={
            "due": ("due_on", "created_at"),
            "raised": ("-raised_on", "created_at"),
            "village": ("posting__village__path", "due_on"),
        },
        default_sort="raised" if actor.role in POSTED else "due",
    )  # fmt: skip
    context = {
        "listing": listing,
        "today": today,
        "open": rules.OPEN,
        "is_own": actor.role in POSTED,
        "may_ask": actor.role in POSTED and life_queries.own_posting(actor.scope) is not None,
    }
    return render(request, "posting/help_list.html", context)


@page(*POSTED)
def help_ask(request: ActedRequest) -> HttpResponse:
    """Two fields: which kind, and what is hard. Who works on it follows from the kind."""
    own = life_queries.own_posting(request.actor.scope)
    form = forms.HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        raised = carry_out(
            form,
            lambda: actions.raise_request(own, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if raised is not None:
            messages.success(request, f"已提出，由{raised.get_owner_display()}承办")
            return redirect("help_detail", raised.pk)
    context = {"form": form, "days": rules.USUAL_DAYS}
    return render(request, "posting/help_ask.html", context, status=status_of(form))


@page(*rules.READERS)
def help_detail(request: ActedRequest, help_id: UUID) -> HttpResponse:
    asked = queries.get_request(request.actor, help_id)
    note_reading(asked.posting.person)
    lines = open_acts(rules.HELP_FLOW, state=asked.state, role=request.actor.role)
    acts = {
        line.act: line.label
        for line in lines
        if not actions.reasons_against(asked, line.act, actor=request.actor)
    }
    context = {
        "asked": asked,
        "acts": acts,
        "first": next(iter(acts), ""),
        "is_late": asked.state in rules.OPEN and asked.due_on < clock.today(),
        "entries": list_timeline(asked),
        "is_own": request.actor.role in POSTED,
    }
    return render(request, "posting/help_detail.html", context)


def _form(request: ActedRequest, asked: HelpRequest, act: str) -> Form | None:
    given = request.POST or None
    if act in PLAIN:
        return None
    if act == "accept":
        return forms.AcceptForm(given, initial={"due_on": max(asked.due_on, clock.today())})
    if act == "pass_on":
        return forms.PassOnForm(given, but=asked.owner)
    return forms.HelpTextForm(given)


@page(*rules.READERS)
def help_step(request: ActedRequest, help_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    asked = queries.get_request(request.actor, help_id)
    if act not in HEADINGS:
        raise Http404
    form = _form(request, asked, act)
    if request.method == "POST" and form is None:
        actions.step_request(asked, act, actor=request.actor)
        return _done(request, asked, act)
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        carry_out(
            form,
            lambda: actions.step_request(asked, act, actor=request.actor, **said),
            beside=BESIDE,
        )
        if not form.errors:
            return _done(request, asked, act)
    lines = [line for line in rules.HELP_FLOW if (line.before, line.act) == (asked.state, act)]
    heading = lines[0].label if lines else HEADINGS[act]
    reasons = actions.reasons_against(asked, act, actor=request.actor)
    context = {"asked": asked, "form": form, "heading": heading, "reasons": reasons}
    status = status_of(form) if form else 200
    return render(request, "posting/help_step.html", context, status=status)


def _done(request: ActedRequest, asked: HelpRequest, act: str) -> HttpResponse:
    messages.success(request, DONE[act])
    # Who has passed it on reads it no longer.
    if act == "pass_on":
        return redirect("help_list")
    return redirect("help_detail", asked.pk)
