"""The workbench on a plan of pairings: both sides, reasons, prices, changes by hand, exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory import search
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import STAFF
from lingyan.directory.scoping import path_end
from lingyan.pairing import matching
from lingyan.pairing.actions import adjustments
from lingyan.pairing.exports import plans as exports
from lingyan.pairing.forms.rounds import ChangeForm, UndoForm
from lingyan.pairing.matching import LoadedPlan, pricing
from lingyan.pairing.matching.hands import Change
from lingyan.pairing.models import PairPlan
from lingyan.pairing.panels.workbench import change as change_panel
from lingyan.pairing.panels.workbench import lists, reasons, whole
from lingyan.pairing.queries import rounds as queries
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import attached, workbook
from lingyan.platform.ui.listing import Filter, Listing

READERS = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
DETAIL = "wb-detail"


# --- the page -----------------------------------------------------------------------------------


@page(*READERS)
def pair_workbench(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """Both sides, and between them the plan as a whole."""
    plan, loaded = _plan(request, pair_plan_id)
    asked_for = request.headers.get("HX-Target", "")
    if asked_for in ("wb-villages", "wb-people"):
        context = {**_frame(request, plan), **_sides(request, loaded)}
        return _fragment(request, f"pairing/workbench.html#{asked_for[3:]}", context)
    left = whole.left_of(loaded)
    more = {
        "history": [change_panel.history_line(one) for one in queries.list_adjustments(plan)],
        "beside": queries.list_plans_beside(plan),
        "missing": len(left.villages),
        "units_left": len(left.units),
    }
    return _page(request, plan, loaded, "pairing/workbench_overview.html", more)


@page(*READERS)
def pair_workbench_village(
    request: ActedRequest, pair_plan_id: UUID, village_id: UUID
) -> HttpResponse:
    plan, loaded = _plan(request, pair_plan_id)
    village = str(village_id)
    if village not in loaded.problem.village_number:
        raise Http404("not in this plan")
    reason = whole.left_of(loaded).reason(village)
    more = {"one": reasons.village_detail(loaded, village, reason), "current": village,
            "of_village": True}  # fmt: skip
    return _page(request, plan, loaded, "pairing/workbench_side.html", more)


@page(*READERS)
def pair_workbench_unit(request: ActedRequest, pair_plan_id: UUID, unit_id: UUID) -> HttpResponse:
    plan, loaded = _plan(request, pair_plan_id)
    unit = str(unit_id)
    if unit not in loaded.problem.unit_number:
        raise Http404("not in this plan")
    reason = whole.left_of(loaded).reason(unit)
    more = {"one": reasons.unit_detail(loaded, unit, reason), "current": unit,
            "of_village": False}  # fmt: skip
    return _page(request, plan, loaded, "pairing/workbench_side.html", more)


@page(*READERS)
def pair_workbench_prices(
    request: ActedRequest, pair_plan_id: UUID, village_id: UUID
) -> HttpResponse:
    """What it costs to insist on each other unit for one village."""
    plan, loaded = _plan(request, pair_plan_id)
    village = str(village_id)
    if village not in loaded.problem.village_number:
        raise Http404("not in this plan")
    companion = pricing.companion_ready(loaded)
    more = {
        "prices": reasons.price_list(loaded, companion, village, everyone="all" in request.GET),
        "village": village,
        "name": loaded.names[village],
        "current": village,
    }
    return _page(request, plan, loaded, "pairing/workbench_prices.html", more)


@page(*READERS)
def pair_workbench_pair(
    request: ActedRequest, pair_plan_id: UUID, village_id: UUID, unit_id: UUID
) -> HttpResponse:
    """One unit with one village: why, why not, and what would flip it."""
    plan, loaded = _plan(request, pair_plan_id)
    unit, village = str(unit_id), str(village_id)
    if not loaded.knows(unit, village):
        raise Http404("not in this plan")
    companion = pricing.companion_ready(loaded)
    more = {
        "pair": reasons.pair_shown(loaded, unit, village),
        "reasons": reasons.reasons(loaded, companion, unit, village),
        "current": village,
    }
    return _page(request, plan, loaded, "pairing/workbench_pair.html", more)


def _plan(request: ActedRequest, plan_id: UUID) -> tuple[PairPlan, LoadedPlan]:
    plan = queries.get_plan(request.actor.scope, plan_id)
    return plan, matching.plan_ready(plan)


def _page(
    request: ActedRequest, plan: PairPlan, loaded: LoadedPlan, detail: str, more: Mapping[str, Any]
) -> HttpResponse:
    """A fragment where htmx asks for one; else the whole workbench round it, at its own address."""
    context = {**_frame(request, plan), **more, "detail": detail}
    target = request.headers.get("HX-Target", "")
    if target and "HX-History-Restore-Request" not in request.headers:
        part = "" if target == DETAIL else "#part"
        return _fragment(request, f"{detail}{part}", {**context, "is_part": True})
    return render(request, "pairing/workbench.html", context | _sides(request, loaded))


def _fragment(request: ActedRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece without the shell, so without what only the shell asks for (menu, worklist)."""
    return HttpResponse(render_to_string(template, {**context, "request": request}))


def _frame(request: ActedRequest, plan: PairPlan, tab: str = "workbench") -> dict[str, Any]:
    """What every page of the workbench shows round its content."""
    against = adjustments.reasons_against_adjusting(plan, actor=request.actor)
    return {
        "plan": plan,
        "round": plan.round,
        "tab": tab,
        "is_chosen": plan.pk == plan.round.chosen_plan_id,
        "can_adjust": not against,
    }


def _sides(request: ActedRequest, loaded: LoadedPlan) -> dict[str, Any]:
    asked = request.GET.dict()
    return {
        "villages": lists.village_side(lists.village_rows(loaded), asked),
        "units": lists.unit_side(lists.unit_rows(loaded), asked),
    }


# --- the plan as a list -------------------------------------------------------------------------


@page(*READERS)
def pair_plan_list(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """Every pair of the plan with its points by principle."""
    plan = queries.get_plan(request.actor.scope, pair_plan_id)
    listing = Listing(
        request,
        queries.list_drafts(plan),
        search=lambda text: search.of_units_q(text, "unit") | search.of_villages_q(text, "village"),
        search_hint="单位、村或乡镇",
        filters=(
            Filter(
                "town",
                "乡镇",
                queries.town_choices(plan.round),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
        ),
        sorts={
            "village": ("village__path", "unit__name"),
            "unit": ("unit__name", "village__path"),
            "points": ("points", "village__path"),
        },
        default_sort="village",
    )
    context = {**_frame(request, plan, "list"), "listing": listing}
    return render(request, "pairing/plan_list.html", context)


# --- changes by hand ----------------------------------------------------------------------------


@page(*STAFF)
def pair_plan_change(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """The price of one change, and below it the place to confirm."""
    plan, loaded = _plan(request, pair_plan_id)
    asked = change_panel.asked_change(loaded, request.GET.dict())
    if asked is None:
        raise Http404("no such change")
    if isinstance(asked, change_panel.WhomToSwap):
        context = {**_frame(request, plan), "asked": asked}
        return render(request, "pairing/workbench_swap.html", context)
    proposed = adjustments.propose(loaded, asked)
    form = ChangeForm(request.POST if request.method == "POST" else None, options=proposed.options)
    if request.method == "POST" and form.is_valid():
        after = adjustments.adjust_plan(
            plan,
            asked,
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
        )
        messages.success(request, f"已调整，得到{after}，复核通过")
        return redirect(_place_after(after, asked))
    context = {
        **_frame(request, plan),
        "form": form,
        "shown": change_panel.shown(loaded, proposed),
        "against": adjustments.reasons_against_adjusting(plan, actor=request.actor),
        "back": _place_after(plan, asked),
    }
    return render(request, "pairing/workbench_change.html", context, status=_status(form))


def _status(form: ChangeForm | UndoForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _place_after(plan: PairPlan, change: Change) -> str:
    return reverse("pair_workbench_village", args=[plan.pk, change.pair[1]])


@page(*STAFF)
def pair_plan_undo(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """Back to the plan before the last change."""
    plan = queries.get_plan(request.actor.scope, pair_plan_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        base = adjustments.undo_adjustment(
            plan, reason=form.cleaned_data["reason"], actor=request.actor
        )
        messages.success(request, f"已撤回，现在采用{base}")
        return redirect("pair_workbench", base.pk)
    made = next(iter(queries.list_adjustments(plan)), None)
    told = f"撤回的是：{made}（{made.reason}）。" if made else ""
    context = {
        "question": "撤回这次调整？",
        "consequence": f"将退回到{plan.base}。{told}原来的方案和调整记录都保留。"
        if plan.base
        else "这个方案不是调整出来的，没有可撤回的。",
        "yes": "撤回调整",
        "form": form,
        "action": request.path,
        "back": reverse("pair_workbench", args=[plan.pk]),
    }
    return render(request, "ui/confirm.html", context, status=_status(form))


# --- who is left, comparison, proof -------------------------------------------------------------


@page(*READERS)
def pair_plan_left(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """Which villages and units have no pair or too few, and why."""
    plan, loaded = _plan(request, pair_plan_id)
    context = {**_frame(request, plan, "left"), "left": whole.left_of(loaded)}
    return render(request, "pairing/workbench_left.html", context)


@page(*READERS)
def pair_plan_compare(
    request: ActedRequest, pair_plan_id: UUID, other_id: UUID | None = None
) -> HttpResponse:
    """Plan A beside plan B; without a second one, the plan before, else any other."""
    plan, loaded = _plan(request, pair_plan_id)
    beside = list(queries.list_plans_beside(plan))
    other = next((one for one in beside if one.pk == other_id), None)
    if other_id and other is None:
        raise Http404("not beside this plan")
    if other is None and beside:
        other = next((one for one in beside if one.pk == plan.base_id), beside[0])
    context = {**_frame(request, plan, "compare"), "beside": beside, "other": other}
    if other is not None:
        context["found"] = whole.compared(loaded, matching.plan_ready(other))
    return render(request, "pairing/workbench_compare.html", context)


@page(*READERS)
def pair_plan_verification(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """What was checked again, line by line, from the inputs and without the solver."""
    plan, loaded = _plan(request, pair_plan_id)
    context = {**_frame(request, plan, "verification"), "proof": whole.proof_of(loaded)}
    return render(request, "pairing/workbench_verification.html", context)


# --- taking it along ----------------------------------------------------------------------------


@page(*READERS)
def pair_plan_workbook(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """The whole plan as a workbook of several sheets."""
    plan, loaded = _plan(request, pair_plan_id)
    target = BytesIO()
    made = queries.list_adjustments(plan)
    rows = exports.write_plan_workbook(target, loaded, made, actor=request.actor)
    adjustments.note_export(plan, form="Excel 工作簿", rows=rows, actor=request.actor)
    return workbook(target.getvalue(), f"{plan.round.name}-方案{plan.number}.xlsx")


@page(*READERS)
def pair_plan_print(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """The plan as a list to be printed, put on the table and signed."""
    plan, loaded = _plan(request, pair_plan_id)
    rows = sorted(lists.village_rows(loaded), key=lists.SORTS["town"])
    adjustments.note_export(plan, form="打印页", rows=len(rows), actor=request.actor)
    context = {
        **_frame(request, plan, "print"),
        "rows": rows,
        "left": whole.left_of(loaded),
        "history": [change_panel.history_line(one) for one in queries.list_adjustments(plan)],
        "printed_at": clock.now(),
    }
    return render(request, "pairing/workbench_print.html", context)


@page(*READERS)
def pair_plan_json(request: ActedRequest, pair_plan_id: UUID) -> HttpResponse:
    """plan.json: instance, pairs, reasons and certificate, for `lingyan match verify`."""
    plan, loaded = _plan(request, pair_plan_id)
    document = exports.plan_file(
        loaded, queries.list_adjustments(plan), as_of=plan.created_at.date().isoformat()
    )
    rows = len(document["assignments"])
    adjustments.note_export(plan, form="plan.json", rows=rows, actor=request.actor)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return attached(text.encode(), "application/json", "plan.json")
