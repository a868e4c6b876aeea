"""Pages of mergers, splits, renames and moves of villages, each seen before it is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.directory import history, queries
from lingyan.directory.actions import place_changes as actions
from lingyan.directory.actions.place_changes import ChangeRequest
from lingyan.directory.forms.place_changes import BESIDE, PlaceChangeForm, UndoForm
from lingyan.directory.forms.records import place_text
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceChangeKind
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER)
READERS = (*COUNTY, Role.COUNTY_AGRI, Role.TOWN_ORG, Role.TOWN_SECRETARY)
ADMIN = Role.COUNTY_ORG_ADMIN
ABOUT = {
    PlaceChangeKind.MERGE: "几个村合成一个村",
    PlaceChangeKind.SPLIT: "一个村分成几个村",
    PlaceChangeKind.RENAME: "村、乡镇改名称",
    PlaceChangeKind.MOVE: "村划到另一个乡镇",
    PlaceChangeKind.RECODE: "新一版代码，村不变",
}


@page(*READERS)
def place_change_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        history.list_place_changes(request.actor.scope),
        search=("text", "document_number"),
        search_hint="村名或文号",
        filters=[Filter("kind", "办理", PlaceChangeKind.choices(), history.of_kind)],
        sorts={"day": ("effective_on", "pk"), "made": ("pk",)},
        default_sort="-day",
    )
    context = {
        "listing": listing,
        "may_change": request.actor.holds(ADMIN),
        "may_export": request.actor.holds(*COUNTY),
    }
    return render(request, "directory/place_change_list.html", context)


@page(*READERS)
def place_change(request: ActedRequest, change_id: int) -> HttpResponse:
    one = history.get_place_change(request.actor.scope, change_id)
    may_change = request.actor.holds(ADMIN)
    context = {
        "change": one,
        "successions": history.list_successions(one),
        "editions": history.list_editions_of(one),
        "created": history.list_created_by(one),
        "may_undo": may_change and one.undone_at is None,
        "obstacles": actions.refusals_to_undo(one) if may_change and not one.undone_at else (),
        "entries": list_timeline(one),
    }
    return render(request, "directory/place_change.html", context)


@page(ADMIN)
def place_change_create(request: ActedRequest) -> HttpResponse:
    """Choose the kind; type; look at what will happen; do it."""
    chosen = request.GET.get("kind", "")
    if chosen not in {kind.value for kind in PlaceChangeKind}:
        return render(request, "directory/place_change_kinds.html", _kinds(request))
    kind = PlaceChangeKind(chosen)
    form = PlaceChangeForm(
        kind,
        request.POST or None,
        initial=_initial(request),
        scope=request.actor.scope,
        towns=queries.list_towns(request.actor.scope),
    )
    context: dict[str, Any] = {"form": form, "kind": kind, "about": ABOUT[kind]}
    step = request.POST.get("step", "")
    if request.method == "POST" and form.is_valid() and step != "edit":
        asked = form.request()
        if step == "apply":
            made = carry_out(
                form, lambda: actions.change_places(asked, actor=request.actor), beside=BESIDE
            )
            if made is not None:
                messages.success(request, f"已办理：{made.text}")
                return redirect("place_change", made.pk)
        else:
            carry_out(
                form, lambda: actions.refuse_change(asked, actor=request.actor), beside=BESIDE
            )
        if not form.errors:
            return render(request, "directory/place_change_preview.html", context | _preview(asked))
    return render(request, "directory/place_change_form.html", context, status=status_of(form))


def _kinds(request: ActedRequest) -> dict[str, Any]:
    kinds = [(kind.value, kind.label, text) for kind, text in ABOUT.items()]
    return {"kinds": kinds, "place": request.GET.get("place", "")}


def _initial(request: ActedRequest) -> dict[str, str]:
    """The place from whose page somebody came; an id that is not one's own says nothing."""
    try:
        place = history.find_place(request.actor.scope, UUID(request.GET.get("place", "")))
    except ValueError:
        return {}
    if place is None:
        return {}
    return {"source": place_text(place), "sources": place_text(place), "name": place.name}


def _preview(asked: ChangeRequest) -> dict[str, Any]:
    going_on = {result.keeps.pk for result in asked.results if result.keeps}
    ending = [place for place in asked.sources if place.pk not in going_on]
    return {
        "asked": asked,
        "ending": ending,
        "starting": [result for result in asked.results if not result.keeps],
        "dependents": actions.dependents(asked.sources),
        "roles": history.count_open_roles(ending),
        "is_merger": asked.kind == PlaceChangeKind.MERGE,
    }


@page(ADMIN)
def place_change_undo(request: ActedRequest, change_id: int) -> HttpResponse:
    one = history.get_place_change(request.actor.scope, change_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.undo_change(one, actor=request.actor, **form.cleaned_data),
        )
        if not form.errors:
            messages.success(request, "已撤销，区划恢复原样")
            return redirect("place_change", one.pk)
    context = {
        "form": form,
        "question": f"撤销“{one.text}”？",
        "consequence": "名称、代码、上级和管辖范围恢复到办理以前；新设的村删除。操作留痕保留。",
        "yes": "撤销变更",
        "action": request.path,
        "back": request.path.removesuffix("undo/"),
    }
    return render(request, "ui/confirm.html", context, status=status_of(form))
