"""The pages of villagers' ballots: slips of a town, their printing, a count of papers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lingyan.common.ballots import ballots_needed, shown_code
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import TOWN
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting.actions import ballots as actions
from lingyan.posting.forms import appraisal as forms
from lingyan.posting.models import AppraisalCycle
from lingyan.posting.panels import appraisal as panels
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.queries.postings import town_choices
from lingyan.posting.rules import ballots as rules
from lingyan.posting.rules.appraisal_scores import Scheme
from lingyan.posting.rules.appraisal_words import AppraisalState, BallotMethod


@page(*rules.MAKERS)
def ballot_list(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
    """All villages of one page with one save: households, and how many slips to make."""
    cycle = queries.get_cycle(request.actor, cycle_id)
    listing = _villages(request, cycle)
    lines = panels.ballot_lines(cycle, list(listing))
    asked = [(line, _form(request, line)) for line in lines]
    wrong = [form for _, form in asked if form.is_bound and not form.is_valid()]
    if request.method == "POST" and not wrong:
        made = [
            actions.make_ballots(cycle, line.village, actor=request.actor, **form.cleaned_data)
            for line, form in asked
            if form.cleaned_data.get("slips")
        ]
        messages.success(request, f"已为 {len(made)} 个村制票" if made else "没有填写张数")
        return redirect(request.get_full_path())
    context = {
        "cycle": cycle,
        "listing": listing,
        "asked": asked,
        "is_open": cycle.state in (AppraisalState.OPENED, AppraisalState.SCORING),
        "is_voting": cycle.state == AppraisalState.SCORING,
        "has_ballots": Scheme.from_json(cycle.scheme).has_ballots,
        "tone": panels.level_tone(cycle.due_on),
        "vote_address": request.build_absolute_uri(reverse("ballot_vote")),
    }
    return render(request, "posting/ballot_list.html", context, status=422 if wrong else 200)


def _villages(request: ActedRequest, cycle: AppraisalCycle) -> Listing[Place]:
    towns = [] if request.actor.role in TOWN else town_choices(request.actor.scope)
    return Listing(
        request,
        queries.villages_of(request.actor, cycle),
        search=("short_name",),
        search_hint="村名",
        filters=(Filter("town", "乡镇", towns, _under),) if towns else (),
        sorts={"village": ("path",)},
        default_sort="village",
    )


def _under(path: str) -> Q:
    return Q(path__gte=path, path__lt=path_end(path))


def _form(request: ActedRequest, line: panels.BallotLine) -> forms.VillageSlipsForm:
    initial = {"households": line.box.households} if line.box else {}
    data = request.POST if request.method == "POST" else None
    return forms.VillageSlipsForm(data, prefix=f"v-{line.village.pk}", initial=initial)


@never_cache
@page(*rules.MAKERS)
def ballot_slips(request: ActedRequest, box_id: UUID) -> HttpResponse:
    """The slips that were not handed out yet, to print and cut."""
    box = queries.get_box(request.actor.scope, box_id)
    codes = actions.show_slips(box, actor=request.actor)
    context = {
        "box": box,
        "codes": [shown_code(code) for code in codes],
        "people": list(queries.asked_in(box)),
        "vote_address": request.build_absolute_uri(reverse("ballot_vote")),
    }
    return render(request, "posting/ballot_slips.html", context)


@require_POST
@page(*rules.MAKERS)
def ballot_hand_out(request: ActedRequest, box_id: UUID) -> HttpResponse:
    box = queries.get_box(request.actor.scope, box_id)
    actions.hand_out(box, actor=request.actor)
    messages.success(request, f"{box.village}的选票已登记发放，编号从现在起可以投票，不再显示")
    return redirect("ballot_list", box.cycle_id)


@page(*rules.MAKERS)
def ballot_papers(request: ActedRequest, box_id: UUID) -> HttpResponse:
    """An open count of slips that came back on paper."""
    box = queries.get_box(request.actor.scope, box_id)
    entries = list(queries.asked_in(box))
    counted = box.method == BallotMethod.PAPER
    form = forms.PapersForm(
        request.POST or None,
        entries=entries,
        counted=counted,
        initial={"papers": box.cast, "counters": box.counters} if counted else {},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.count_papers(
            box, papers=said["papers"], counters=said["counters"], counts=form.counts,
            actor=request.actor,
        )  # fmt: skip
        messages.success(request, f"{box.village}的计票已登记")
        return redirect("ballot_list", box.cycle_id)
    context = {"box": box, "form": form, "needed": ballots_needed(box.households)}
    return render(
        request, "posting/ballot_papers.html", context, status=422 if form.errors else 200
    )
