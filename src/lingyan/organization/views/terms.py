"""The pages of terms: which run, which end soon, and how one begins."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory import search
from lingyan.directory.settings import numbers_on
from lingyan.organization.actions.terms import TermRow, begin_term
from lingyan.organization.forms import committees as forms
from lingyan.organization.panels.committees import term_line
from lingyan.organization.queries import committees
from lingyan.organization.queries import terms as queries
from lingyan.organization.rules.committees import KEEPERS, READERS
from lingyan.organization.rules.terms import TermKind
from lingyan.organization.views.committees import town_filter
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

STATES = (("now", "任期内"), ("ending", "届期临近或已届满"), ("past", "已结束"))
BESIDE = {
    "organization.term.known": "number",
    "organization.term.number": "number",
    "organization.term.order": "number",
    "organization.term.since": "since",
    "organization.term.since_order": "since",
    "organization.term.until": "until",
}


@page(*READERS)
def term_list(request: ActedRequest) -> HttpResponse:
    scope, today = request.actor.scope, clock.today()
    ending = queries.ending(scope, today).order_by().values("pk")
    states = {
        "now": Q(until__isnull=True),
        "ending": Q(pk__in=ending),
        "past": Q(until__isnull=False),
    }
    listing = Listing(
        request,
        queries.list_terms(scope),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村名、拼音或首字母",
        filters=(
            town_filter(scope, "village__"),
            Filter("kind", "班子", TermKind.choices(), lambda code: Q(kind=code)),
            Filter("state", "任期", STATES, states.__getitem__),
        ),
        sorts={
            "village": ("village__path", "kind", "-number"),
            "planned": ("planned_until", "village__path", "kind"),
        },
        default_sort="village",
    )
    numbers = numbers_on(today)
    context = {
        "listing": listing,
        "lines": [term_line(one, today, numbers) for one in listing],
        "may_write": request.actor.role in KEEPERS,
    }
    return render(request, "organization/term_list.html", context)


@page(*KEEPERS)
def term_begin(request: ActedRequest) -> HttpResponse:
    form = forms.TermForm(
        request.POST or None,
        villages=committees.list_villages(request.actor.scope).order_by("path"),
        initial={"village": request.GET.get("village", "")},
    )
    if request.method == "POST" and form.is_valid():
        row = TermRow(**form.cleaned_data)
        made = carry_out(form, lambda: begin_term(row, actor=request.actor), beside=BESIDE)
        if made is not None:
            messages.success(request, "届次已登记")
            return redirect("committee", made.village_id)
    context = {
        "form": form,
        "heading": "登记届次",
        "yes": "登记",
        "hint": "届满日期按任期五年自动算出。经批准延期或提前的，在换届页面办理。",
        "back": reverse("term_list"),
        "list_name": "届次",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))
