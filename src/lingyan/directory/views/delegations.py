"""Roles that one grants within the own scope, and roles handed to a delegate."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.directory import assignments
from lingyan.directory.actions import accounts as actions
from lingyan.directory.actions import delegations
from lingyan.directory.forms.accounts import DelegationForm, GrantForm, ReasonForm
from lingyan.directory.roles import LOCAL_GRANTERS, MAY_GRANT, Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ANY_ROLE, page
from lingyan.platform.ui.listing import Filter, Listing


@page(*LOCAL_GRANTERS)
def granted_list(request: HttpRequest) -> HttpResponse:
    """Who holds which role within one's own scope, and a form that grants one more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    form = _grant_form(request, actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        found = assignments.find_people_with_account(actor.scope, given.pop("person_number"))
        if len(found) == 1 and found[0].user is not None:
            actions.grant_role(found[0].user, **given, actor=actor)
            messages.success(request, f"已授予{found[0].name}身份")
            return redirect("granted_list")
        several = "有重名的人员，请填编号"
        nobody = "您的管辖范围内没有这个人员，或本人还没有账号"
        form.add_error("person_number", several if found else nobody)
    context = {"listing": _granted(request, actor), "form": form, "today": clock.today()}
    status = 422 if form.errors else 200
    return render(request, "directory/granted_list.html", context, status=status)


def _grant_form(request: HttpRequest, actor: Actor) -> GrantForm:
    return GrantForm(
        request.POST or None,
        roles=MAY_GRANT[actor.role],
        places=assignments.list_role_places(actor.scope),
        units=assignments.list_role_units(actor.scope),
    )


def _granted(request: HttpRequest, actor: Actor) -> Listing:  # type: ignore[type-arg]  # rows of one model
    roles = [(role.value, role.label) for role in Role if role in MAY_GRANT[actor.role]]
    today = clock.today()
    return Listing(
        request,
        assignments.list_grantable(actor),
        search=assignments.named_q,
        search_hint="姓名、区划或单位",
        filters=[
            Filter("role", "身份", roles, lambda code: Q(role=code)),
            Filter(
                "state",
                "状态",
                (("now", "在任"), ("later", "未到起始日期"), ("ended", "已终止")),
                lambda code: {
                    "now": assignments.in_force(today),
                    "later": Q(since__gt=today),
                    "ended": Q(until__lte=today),
                }[code],
            ),
        ],
        sorts={"name": ("user__name", "since"), "since": ("since", "user__name")},
        default_sort="name",
    )


@require_POST
@page(*LOCAL_GRANTERS)
def granted_end(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    assignment = assignments.get_grantable(actor, assignment_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.end_role(assignment, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, "身份已终止")
    else:
        messages.error(request, "请写明原因")
    return redirect("granted_list")


@page(ANY_ROLE)
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom, and a form that arranges it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    handable = assignments.list_to_hand_on(actor)
    form = DelegationForm(
        request.POST or None,
        handable=handable,
        own_id=actor.user_id,
        initial={"assignment": request.GET.get("role") or actor.assignment_id},
    )
    if request.method == "POST" and form.is_valid():
        handed = delegations.hand_on(**form.cleaned_data, actor=actor)
        messages.success(request, f"已安排{handed.user.name}代理，到期自动收回")
        return redirect("delegation_list")
    context = {
        "form": form,
        "delegations": assignments.list_delegations(actor),
        "today": clock.today(),
    }
    status = 422 if form.errors else 200
    return render(request, "directory/delegation_list.html", context, status=status)


@require_POST
@page(ANY_ROLE)
def delegation_end(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    chosen, form = request.POST.get("delegation", ""), ReasonForm(request.POST)
    found = next(
        (one for one in assignments.list_delegations(actor) if str(one.pk) == chosen), None
    )
    if found is None:
        messages.info(request, "这个代理已经结束")
    elif form.is_valid():
        delegations.end_delegation(found, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, "代理已结束")
    else:
        messages.error(request, "请写明原因")
    return redirect("delegation_list")
