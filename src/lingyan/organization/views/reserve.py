"""The pages of those who may lead a village one day: the list, one, finding, each step."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import search
from lingyan.directory.rules import SourceCategory
from lingyan.organization.actions import reserve as actions
from lingyan.organization.forms import committees as forms
from lingyan.organization.models import VillageReserve
from lingyan.organization.queries import committees
from lingyan.organization.queries import reserve as queries
from lingyan.organization.rules import reserve as rules
from lingyan.organization.views.committees import town_filter
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

LABELS = {line.act: line.label for line in rules.RESERVE_FLOW}
BESIDE = {
    "organization.reserve.known": "person",
    "organization.reserve.text": "text",
}


def _kinds(one: VillageReserve) -> list[tuple[str, str]]:
    labels = dict(SourceCategory.choices())
    return [(labels.get(category, category), evidence) for category, evidence in one.sources]


@page(*rules.READERS)
def reserve_list(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    listing = Listing(
        request,
        queries.list_reserve(scope),
        search=lambda text: (
            search.of_people_q(text, "person") | search.of_villages_q(text, "village")
        ),
        search_hint="姓名、村、拼音或首字母",
        filters=(
            town_filter(scope, "village__"),
            Filter("state", "状态", rules.ReserveState.choices(), lambda code: Q(state=code)),
        ),
        sorts={
            "village": ("village__path", "found_on", "pk"),
            "found": ("-found_on", "village__path", "pk"),
        },
        default_sort="village",
    )
    context = {
        "listing": listing,
        "lines": [(one, "、".join(label for label, _ in _kinds(one))) for one in listing],
        "may_find": request.actor.role in rules.FINDERS,
    }
    return render(request, "organization/reserve_list.html", context)


@page(*rules.READERS)
def reserve_detail(request: ActedRequest, reserve_id: UUID) -> HttpResponse:
    one = queries.get_reserve(request.actor.scope, reserve_id)
    context = {
        "one": one,
        "kinds": _kinds(one),
        "acts": open_acts(rules.RESERVE_FLOW, state=one.state, role=request.actor.role),
        "timeline": list_timeline(one),
    }
    return render(request, "organization/reserve_detail.html", context)


@page(*rules.FINDERS)
def reserve_find(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    form = forms.ReserveForm(
        request.POST or None,
        scope=scope,
        villages=committees.list_villages(scope).order_by("path"),
        initial={"found_on": clock.today(), "village": request.GET.get("village", "")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = actions.ReserveRow(
            said["person"], said["village"], said["found_on"], form.sources()
        )  # fmt: skip
        made = carry_out(
            form, lambda: actions.find_reserve(row, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "已登记，等乡镇确认")
            return redirect("reserve_detail", made.pk)
    context = {
        "form": form,
        "heading": "登记后备力量",
        "yes": "登记",
        "back": reverse("reserve_list"),
        "list_name": "后备力量",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))


@page(*rules.KEEPERS)
def reserve_step(request: ActedRequest, reserve_id: UUID, act: str) -> HttpResponse:
    one = queries.get_reserve(request.actor.scope, reserve_id)
    if act not in rules.ASKED:
        raise Http404
    form = forms.ReserveStepForm(request.POST or None, label=rules.ASKED[act])
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.step_reserves([one], act, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已办理")
            return redirect("reserve_detail", one.pk)
    context = {
        "form": form,
        "heading": LABELS[act],
        "yes": LABELS[act],
        "hint": f"{one.village}{one.person}，{one.found_on} 发现，现在{one.get_state_display()}。",
        "back": reverse("reserve_detail", args=[one.pk]),
        "list_name": f"{one.village}{one.person}",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))
