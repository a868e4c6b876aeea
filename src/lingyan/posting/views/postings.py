"""The pages of postings: who is where, and one posting with its team."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.common.periods import ONE_DAY
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing, filter_of_records
from lingyan.posting import rules
from lingyan.posting.actions import postings as actions
from lingyan.posting.forms.rounds import HandOverForm
from lingyan.posting.panels import appraisal, liaison, life, recall
from lingyan.posting.queries import postings as queries
from lingyan.posting.views.rounds import READERS

POSTING_READERS = (
    *READERS,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.TOWN_LEADER,
    Role.CANDIDATE,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    *rules.POSTED,
)


@page(*POSTING_READERS)
def posting_list(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    postings = queries.list_postings(scope)
    listing = Listing(
        request,
        postings,
        search=queries.search_q,
        search_hint="姓名、村、乡镇、单位、批次或文号",
        filters=(
            Filter(
                "town",
                "乡镇",
                queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
            filter_of_records(
                request, "unit", "派出单位", queries.UNIT_NAMES, "unit_id", used=postings
            ),
            Filter("kind", "类别", rules.PostingKind.choices(), lambda code: Q(kind=code)),
            Filter("state", "状态", rules.PostingState.choices(), lambda code: Q(state=code)),
            Filter(
                "hand_over",
                "交接",
                queries.HAND_OVERS,
                lambda code: queries.hand_over_q(code, clock.today()),
            ),
            filter_of_records(
                request, "round", "批次", queries.ROUND_NAMES, "round_id", used=postings
            ),
        ),
        sorts={
            "village": ("village__path", "kind"),
            "person": ("person__name",),
            "unit": ("unit__name", "village__path"),
            "since": ("since",),
            "until": ("planned_until",),
        },
        default_sort="village",
        sorts_of_few=("unit",),
    )
    return render(request, "posting/posting_list.html", {"listing": listing})


@page(*POSTING_READERS)
def posting_detail(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = queries.get_posting(request.actor.scope, posting_id)
    note_reading(posting.person)
    return render(
        request,
        "posting/posting_detail.html",
        {
            "posting": posting,
            "last_day": posting.planned_until - ONE_DAY,
            "successor": queries.find_successor(posting),
            "acts": {
                line.act
                for line in open_acts(
                    rules.POSTING_FLOW, state=posting.state, role=request.actor.role
                )
            },
            "team": queries.list_postings_beside(posting),
            "life": life.of_posting(posting, request.actor),
            "appraisals": appraisal.of_posting(request.actor, posting),
            "touch": liaison.of_posting(posting, request.actor),
            "recall": recall.of_posting(posting, request.actor),
            "entries": list_timeline(posting),
        },
    )


@page(*rules.HAND_OVER)
def posting_hand_over(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """The successor has come and the days of the overlap are over: write down what was handed."""
    posting = queries.get_posting(request.actor.scope, posting_id)
    # What is open is known: it stands in the list already, and nobody types it off again.
    form = HandOverForm(request.POST or None, initial={"text": life.hand_over_text(posting)})
    if request.method == "POST" and form.is_valid():
        actions.hand_over_posting(posting, actor=request.actor, **form.cleaned_data)
        messages.success(request, "交接已办理，现任派驻到今天为止")
        return redirect("posting_detail", posting.pk)
    context = {
        "posting": posting,
        "successor": queries.find_successor(posting),
        "reasons": actions.reasons_against_handing_over(posting, actor=request.actor),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "posting/posting_hand_over.html", context, status=status)


@require_POST
@page(*rules.ADMIN)
def posting_complete(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = queries.get_posting(request.actor.scope, posting_id)
    actions.complete_posting(posting, actor=request.actor)
    messages.success(request, "已办理期满离任")
    return redirect("posting_detail", posting.pk)
