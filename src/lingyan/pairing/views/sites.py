"""The pages of demonstration sites: the list, one site, naming and revoking."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.directory.queries import get_county
from lingyan.directory.rules.hands import LEADER
from lingyan.pairing.actions import sites as actions
from lingyan.pairing.forms import ledgers as forms
from lingyan.pairing.queries import claims as claim_queries
from lingyan.pairing.queries import sites as queries
from lingyan.pairing.views.pair_funds import READERS
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

STANDING = (("standing", "在用"), ("revoked", "已取消"))
BESIDE = {
    "pairing.site.name": "name",
    "pairing.site.known": "name",
    "pairing.site.document": "document_number",
    "pairing.site.day": "named_on",
    "pairing.site.pairs": "pairings",
    "pairing.site.not_assessed": "pairings",
    "pairing.site.score": "pairings",
    "pairing.site.reason": "reason",
    "pairing.site.revoked_on": "revoked_on",
}


@page(*READERS)
def site_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_sites(request.actor.scope),
        search=("name", "zone"),
        search_hint="名称或重点区域",
        filters=(
            Filter(
                "standing", "情况", STANDING,
                lambda code: Q(revoked_on__isnull=code == "standing"),
            ),
        ),
        sorts={"named": ("-named_on", "name"), "name": ("name",)},
        default_sort="named",
    )  # fmt: skip
    context = {"listing": listing, "may_name": request.actor.role in LEADER}
    return render(request, "pairing/site_list.html", context)


@page(*READERS)
def site_detail(request: ActedRequest, site_id: UUID) -> HttpResponse:
    site = queries.get_site(request.actor.scope, site_id)
    pairs = list(site.pairings.select_related("unit", "village").order_by("village__path", "pk"))
    scores = queries.last_scores([one.pk for one in pairs])
    context = {
        "site": site,
        "pairs": [(one, scores.get(one.pk, 0) / 100) for one in pairs],
        "held": queries.held_there(site)[:50],
        "may_revoke": request.actor.role in LEADER and site.revoked_on is None,
        "timeline": list_timeline(site),
    }
    return render(request, "pairing/site_detail.html", context)


@page(*LEADER)
def site_name(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    pairs = [(str(one.pk), str(one)) for one in queries.worthy_pairs(scope)]
    form = forms.SiteForm(request.POST or None, pairs=pairs)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        chosen = claim_queries.pairs_of_keys(scope, said.pop("pairings"))
        county = get_county(request.actor.scope)
        site = carry_out(
            form,
            lambda: actions.name_site(county, chosen, actor=request.actor, **said),
            beside=BESIDE,
        )
        if site is not None:
            messages.success(request, "已命名")
            return redirect("site_detail", site.pk)
    context = {
        "form": form,
        "heading": "命名示范点",
        "yes": "命名",
        "hint": ""
        if pairs
        else "还没有结对的最近一次年度考评达到 90 分，现在不能命名。考评确认后再来。",
        "is_empty": not pairs,
        "back": reverse("site_list"),
        "list_name": "示范点",
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))


@page(*LEADER)
def site_revoke(request: ActedRequest, site_id: UUID) -> HttpResponse:
    site = queries.get_site(request.actor.scope, site_id)
    form = forms.RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.revoke_site(site, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已取消")
            return redirect("site_detail", site.pk)
    context = {
        "form": form,
        "heading": "取消示范点",
        "yes": "取消示范点",
        "hint": f"{site.name}，{site.named_on} 命名。取消后记录保留。",
        "back": reverse("site_detail", args=[site.pk]),
        "list_name": "示范点",
        "thing": site,
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))
