"""The pages of Party organizations: the list, one, preparing, each step, counting members."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common.flow import open_acts
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import PartyOrganization
from lingyan.directory.rules.organizations import (
    OrganizationDomain,
    OrganizationKind,
    OrganizationState,
)
from lingyan.organization.actions import party_organizations as actions
from lingyan.organization.forms import committees as forms
from lingyan.organization.queries import party_organizations as queries
from lingyan.organization.rules import party_organizations as rules
from lingyan.organization.views.committees import town_filter
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

STEPPERS = tuple(dict.fromkeys((*rules.MAKERS, *rules.APPROVERS)))
LABELS = {line.act: line.label for line in rules.ORGANIZATION_FLOW}
BESIDE = {
    "organization.party.name": "name",
    "organization.party.known": "name",
    "organization.party.day": "on",
    "organization.party.day_before": "on",
    "organization.party.document": "document_number",
    "organization.party.reason": "text",
    "organization.party.general_branch": "text",
    "organization.party.into": "merged_into",
    "organization.party.itself": "merged_into",
}


@page(*rules.READERS)
def organization_list(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    listing = Listing(
        request,
        queries.list_organizations(scope),
        search=lambda text: Q(name__icontains=text) | search.of_places_q(text, "place"),
        search_hint="名称或所在地",
        filters=(
            town_filter(scope, "place__"),
            Filter("kind", "类型", OrganizationKind.choices(), lambda code: Q(kind=code)),
            Filter("domain", "领域", OrganizationDomain.choices(), lambda code: Q(domain=code)),
            Filter("state", "状态", OrganizationState.choices(), lambda code: Q(state=code)),
        ),
        sorts={
            "place": ("place__path", "name", "pk"),
            "members": ("-member_count", "place__path", "pk"),
        },
        default_sort="place",
    )
    context = {
        "listing": listing,
        "lines": [(one, _warnings(one)) for one in listing],
        "may_write": request.actor.role in rules.MAKERS,
    }
    return render(request, "organization/organization_list.html", context)


def _warnings(one: PartyOrganization) -> tuple[str, ...]:
    return rules.warnings_of(
        one.kind, one.state, one.member_count, counted=one.counted_on is not None
    )


@page(*rules.READERS)
def organization_detail(request: ActedRequest, organization_id: UUID) -> HttpResponse:
    one = queries.get_organization(request.actor.scope, organization_id)
    role = request.actor.role
    context = {
        "one": one,
        "warnings": _warnings(one),
        "steps": queries.steps_of(one),
        "labels": {**LABELS, "register": "登记已有的党组织"},
        "children": one.children.order_by("name", "pk")[:100],
        "acts": open_acts(rules.ORGANIZATION_FLOW, state=one.state, role=role),
        "may_count": role in rules.COUNTERS and one.until is None,
        "term_years": rules.term_years(one.domain),
    }
    return render(request, "organization/organization_detail.html", context)


@page(*rules.MAKERS)
def organization_prepare(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    form = forms.OrganizationForm(
        request.POST or None,
        places=directory.list_places(scope).order_by("path"),
        units=directory.list_units(scope).order_by("name"),
        parents=queries.standing(scope).order_by("place__path", "name"),
    )
    if request.method == "POST" and form.is_valid():
        row = actions.OrganizationRow(**form.cleaned_data)
        made = carry_out(
            form, lambda: actions.prepare_organization(row, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "已登记为筹备中，批准后成立")
            return redirect("organization_detail", made.pk)
    context = {
        "form": form,
        "heading": "筹备党组织",
        "yes": "登记筹备",
        "hint": "已经成立的党组织用表格“党组织”一次导入。",
        "back": reverse("organization_list"),
        "list_name": "党组织",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))


@page(*STEPPERS)
def organization_step(request: ActedRequest, organization_id: UUID, act: str) -> HttpResponse:
    scope = request.actor.scope
    one = queries.get_organization(scope, organization_id)
    if act not in LABELS or act == "prepare":
        raise Http404
    without = [] if act == "merge" else ["merged_into"]
    if act not in rules.WITH_DOCUMENT:
        without.append("document_number")
    form = forms.OrganizationStepForm(
        request.POST or None,
        into=queries.standing(scope).exclude(pk=one.pk).order_by("place__path", "name"),
        without=without,
    )
    if request.method == "POST" and form.is_valid():
        said = actions.Said(**form.cleaned_data)
        carry_out(
            form,
            lambda: actions.step_organization(one, act, said, actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已办理")
            return redirect("organization_detail", one.pk)
    context = {
        "form": form,
        "heading": LABELS[act],
        "yes": LABELS[act],
        "hint": f"{one.name}，现在{one.get_state_display()}，正式党员 {one.member_count} 人。",
        "back": reverse("organization_detail", args=[one.pk]),
        "list_name": one.name,
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))


@page(*rules.COUNTERS)
def organization_count(request: ActedRequest, organization_id: UUID) -> HttpResponse:
    one = queries.get_organization(request.actor.scope, organization_id)
    form = forms.CountForm(request.POST or None, initial={"member_count": one.member_count})
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: actions.count_members(one, actor=request.actor, **form.cleaned_data)
        )
        if not form.errors:
            messages.success(request, "已核对")
            return redirect("organization_detail", one.pk)
    context = {
        "form": form,
        "heading": "核对正式党员数",
        "yes": "核对",
        "hint": f"{one.name}。按今天在册的正式党员填写，预备党员不计。",
        "back": reverse("organization_detail", args=[one.pk]),
        "list_name": one.name,
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))
