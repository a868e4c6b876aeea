"""The page of a round's refusals in writing: who said that which pair must not be."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.directory import search
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import intentions
from lingyan.posting.forms.rounds import ObjectionForm, ReasonForm
from lingyan.posting.models import Objection, Round
from lingyan.posting.panels.choices import objection_kinds
from lingyan.posting.queries import rounds as queries
from lingyan.posting.views.rounds import READERS, frame


@page(*READERS)
def objection_list(request: ActedRequest, round_id: UUID) -> HttpResponse:
    actor = request.actor
    round = queries.get_round(actor.scope, round_id)
    listing = Listing(
        request,
        queries.list_objections(actor.scope, round),
        search=lambda text: (
            search.of_people_q(text, "person")
            | search.of_units_q(text, "unit")
            | search.of_villages_q(text, "place")
        ),
        search_hint="人选、单位、村或乡镇",
        filters=(Filter("kind", "类别", Objection.Kind.choices, lambda code: Q(kind=code)),),
        sorts={"place": ("place__path",), "kind": ("kind", "place__path")},
        default_sort="place",
    )
    kinds = objection_kinds(round, actor.role)
    context = {
        **frame(round, actor, "objections"),
        "listing": listing,
        "kinds": {kind for kind, _ in kinds},
        "can_add": bool(kinds) and actor.role in (*rules.STAFF, *rules.UNIT),
    }
    return render(request, "posting/objection_list.html", context)


@page(*rules.STAFF, *rules.UNIT)
def objection_add(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    form = _form(request, round)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        scope = request.actor.scope
        intentions.enter_objection(
            round,
            said["kind"],
            person=queries.find_person_of_round(round, said["person"]),
            unit=queries.find_unit_of_round(scope, round, said["unit"]),
            place=queries.find_place_of_round(round, said["place"]),
            reason=said["reason"],
            actor=request.actor,
        )
        messages.success(request, "已登记")
        return redirect("objection_list", round.pk)
    context = {**frame(round, request.actor, "objections"), "form": form}
    return render(
        request, "posting/objection_add.html", context, status=422 if form.errors else 200
    )


def _form(request: ActedRequest, round: Round) -> ObjectionForm:
    scope = request.actor.scope
    return ObjectionForm(
        request.POST if request.method == "POST" else None,
        kinds=objection_kinds(round, request.actor.role),
        people=queries.person_choices(scope, round),
        units=queries.unit_choices(scope, round),
        places=queries.place_choices(round),
    )


@page(*READERS, "candidate")
def objection_lift(request: ActedRequest, round_id: UUID, objection_id: UUID) -> HttpResponse:
    """Take a refusal back, by the side that said it."""
    round = queries.get_round(request.actor.scope, round_id)
    objection = queries.get_objection(request.actor.scope, round, objection_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        intentions.lift_objection(objection, actor=request.actor, **form.cleaned_data)
        messages.success(request, "已撤回")
        return redirect("worklist" if request.actor.role == "candidate" else _list_of(round))
    context = {
        "question": "撤回这一条？",
        "consequence": f"{objection}：{objection.reason}",
        "yes": "撤回",
        "form": form,
        "action": request.path,
        "back": _list_of(round),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


def _list_of(round: Round) -> str:
    return reverse("objection_list", args=[round.pk])
