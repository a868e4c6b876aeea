"""The pages of honours and career steps: lists, nominating, deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common.flow import open_acts
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import PER_PAGE, Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import honors as actions
from lingyan.posting.forms import support as forms
from lingyan.posting.models import CareerUse, Honor, Posting
from lingyan.posting.queries import honors as queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import support as support_queries
from lingyan.posting.rules import honors as rules
from lingyan.posting.rules.support_words import CareerKind, HonorLevel, NominationState

BESIDE = {
    "posting.honor.title_missing": "title",
    "posting.honor.known": "title",
    "posting.day_in_future": "decided_on",
    "posting.document_number_missing": "document_number",
    "posting.reason_missing": "answer",
}
CAREER_BESIDE = {
    **BESIDE,
    "posting.honor.title_missing": "position",
    "posting.honor.known": "position",
}
SORTS = {
    "person": ("posting__person__name",),
    "village": ("posting__village__path",),
    "decided": ("-decided_on", "-nominated_at"),
    "nominated": ("-nominated_at",),
}


def _listing(request: ActedRequest, rows: QuerySet[Any], first: Filter) -> Listing[Any]:
    return Listing(
        request,
        rows,
        search=("posting__person__name", "posting__village__short_name", "document_number"),
        search_hint="姓名、村或文号",
        filters=(
            first,
            Filter("state", "状态", NominationState.choices(), lambda code: Q(state=code)),
            Filter(
                "town", "乡镇", posting_queries.town_choices(request.actor.scope),
                lambda path: Q(
                    posting__village__path__gte=path, posting__village__path__lt=path_end(path)
                ),
            ),
        ),
        sorts=SORTS,
        default_sort="nominated",
    )  # fmt: skip


@page(*rules.READERS)
def honor_list(request: ActedRequest) -> HttpResponse:
    level = Filter("level", "级别", HonorLevel.choices(), lambda code: Q(level=code))
    listing = _listing(request, queries.list_honors(request.actor.scope), level)
    may = request.actor.role in rules.NOMINATORS
    return render(request, "posting/honor_list.html", {"listing": listing, "may_nominate": may})


@page(*rules.CAREER_READERS)
def career_list(request: ActedRequest) -> HttpResponse:
    kind = Filter("kind", "类别", CareerKind.choices(), lambda code: Q(kind=code))
    listing = _listing(request, queries.list_careers(request.actor.scope), kind)
    may = request.actor.role in rules.CAREER_NOMINATORS
    return render(request, "posting/career_list.html", {"listing": listing, "may_nominate": may})


@page(*rules.NOMINATORS)
def honor_eligible(request: ActedRequest) -> HttpResponse:
    """Who may be nominated, 优秀 first; a person decides."""
    eligible = queries.list_eligible(request.actor.scope)
    context = {
        "page": Paginator(eligible, PER_PAGE).get_page(request.GET.get("page")),
        "may_career": request.actor.role in rules.CAREER_NOMINATORS,
    }
    return render(request, "posting/honor_eligible.html", context)


def _nominate(
    request: ActedRequest, posting: Posting, form: Any, heading: str, reasons: tuple[Refusal, ...]
) -> HttpResponse:
    context = {
        "posting": posting,
        "heading": heading,
        "hint": "须有称职以上的年度或期满考核结果；提名后由部务会成员登记决定。",
        "form": form,
        "yes": "提名",
        "reasons": reasons,
        "back": reverse("support_person", args=[posting.pk]),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))


@page(*rules.NOMINATORS)
def honor_nominate(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = support_queries.get_supported(request.actor, posting_id)
    form = forms.HonorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        honor = carry_out(
            form,
            lambda: actions.nominate_honor(posting, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if honor is not None:
            messages.success(request, "已提名，等部务会成员决定")
            return redirect("honor_detail", honor.pk)
    reasons = actions.reasons_against_nominating(posting)
    return _nominate(request, posting, form, "提名表彰", reasons)


@page(*rules.CAREER_NOMINATORS)
def career_nominate(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = support_queries.get_supported(request.actor, posting_id)
    form = forms.CareerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        career = carry_out(
            form,
            lambda: actions.nominate_career(posting, actor=request.actor, **form.cleaned_data),
            beside=CAREER_BESIDE,
        )
        if career is not None:
            messages.success(request, "使用建议已提出，等部务会成员决定")
            return redirect("career_detail", career.pk)
    reasons = actions.reasons_against_career(posting)
    return _nominate(request, posting, form, "提出使用建议", reasons)


@page(*rules.READERS)
def honor_detail(request: ActedRequest, honor_id: UUID) -> HttpResponse:
    honor = queries.get_honor(request.actor.scope, honor_id)
    return _detail(request, honor, actions.settle_honor, "honor")


@page(*rules.CAREER_READERS)
def career_detail(request: ActedRequest, career_id: UUID) -> HttpResponse:
    career = queries.get_career(request.actor.scope, career_id)
    return _detail(request, career, actions.settle_career, "career")


def _detail(request: ActedRequest, one: Honor | CareerUse, settle: Any, what: str) -> HttpResponse:
    """What is proposed and on which appraisal; the leader writes down the decision here."""
    note_reading(one.posting.person)
    lines = open_acts(rules.NOMINATION_FLOW, state=one.state, role=request.actor.role)
    may_settle = any(line.act == "grant" for line in lines)
    form = forms.SettleForm(request.POST or None)
    if request.method == "POST" and not may_settle and request.actor.role not in LEADER:
        return render(request, "ui/forbidden.html", status=403)
    if request.method == "POST" and form.is_valid():
        carry_out(form, lambda: settle(one, actor=request.actor, **form.said), beside=BESIDE)
        if not form.errors:
            messages.success(request, "决定已登记")
            return redirect(f"{what}_detail", one.pk)
    context = {
        "one": one,
        "what": what,
        "form": form if may_settle or form.errors else None,
        "reasons": actions.reasons_against_settling(one, "grant", actor=request.actor)
        if may_settle
        else (),
        "entries": list_timeline(one),
    }
    return render(request, "posting/honor_detail.html", context, status=status_of(form))
