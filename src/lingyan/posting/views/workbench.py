"""The workbench on a computed round: both sides, reasons, prices, changes by hand, exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.files import attached, workbook
from lingyan.posting import matching, rules
from lingyan.posting.actions import adjustments, plans, questions
from lingyan.posting.exports import plans as exports
from lingyan.posting.forms.workbench import ChangeForm, UndoForm
from lingyan.posting.matching import LoadedPlan, pricing
from lingyan.posting.models import Adjustment, Plan
from lingyan.posting.panels.workbench import (
    asking,
    comparison,
    lists,
    overview,
    proof,
    reasons,
    shortage,
)
from lingyan.posting.panels.workbench import change as change_panel
from lingyan.posting.queries import rounds as round_queries
from lingyan.posting.queries import workbench as queries

READERS = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
STABLE = (Plan.Origin.STABLE_PEOPLE.value, Plan.Origin.STABLE_POSTS.value)
DETAIL = "wb-detail"
ASKED_LIST, ASKED_WHY = "asked-list-", "asked-why-"
"""The boxes in which a price that takes the solver is asked for and comes in."""


# --- the page -----------------------------------------------------------------------------------


@page(*READERS)
def workbench_round(request: ActedRequest, round_id: UUID) -> HttpResponse:
    """The workbench of a round is that of its plan in use."""
    round = round_queries.get_round(request.actor.scope, round_id)
    if round.chosen_plan_id is None:
        raise Http404("no plan")
    return redirect("workbench", round.chosen_plan_id)


@page(*READERS)
def workbench(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """Both sides, and between them the plan as a whole."""
    plan, loaded = _plan(request, plan_id)
    asked_for = request.headers.get("HX-Target", "")
    if asked_for in ("wb-villages", "wb-people"):
        context = {**_frame(request, plan), **_sides(request, plan, loaded)}
        return _fragment(request, f"posting/workbench.html#{asked_for[3:]}", context)
    history = queries.list_adjustments(plan)
    more = {
        "history": [change_panel.history_line(loaded, one) for one in history],
        "beside": queries.list_plans_beside(plan),
        "missing": plan.figures["seats"] - plan.figures["filled"],
        "whole": overview.overview(lists.village_rows(plan.pk, loaded)),
    }
    return _page(request, plan, loaded, "posting/workbench_overview.html", more)


@page(*READERS)
def workbench_village(request: ActedRequest, plan_id: UUID, village_id: UUID) -> HttpResponse:
    plan, loaded = _plan(request, plan_id)
    village = reasons.village_detail(loaded, village_id)
    if village is None:
        raise Http404("no post there")
    listed = lists.village_side(lists.village_rows(plan.pk, loaded), request.GET.dict()).rows
    beside = lists.neighbours(listed, village_id)
    more = {"village": village, "current": village_id, "beside": beside}
    return _page(request, plan, loaded, "posting/workbench_village.html", more)


@page(*READERS)
def workbench_person(request: ActedRequest, plan_id: UUID, number: str) -> HttpResponse:
    plan, loaded = _plan(request, plan_id)
    person = reasons.person_detail(loaded, number)
    if person is None:
        raise Http404("nobody of that number")
    taken_in = queries.find_round_person(plan.round, number)
    if taken_in is not None:
        note_reading(taken_in.person)
    more: dict[str, Any] = {
        "person": person,
        "current": number,
        "withdrawn": taken_in is not None and taken_in.withdrawn_on is not None,
    }
    if pair := person.seat or person.best:
        more |= {"reasons": reasons.reasons(plan.pk, loaded, pair), "pair": pair}
    return _page(request, plan, loaded, "posting/workbench_person.html", more)


@page(*READERS)
def workbench_prices(
    request: ActedRequest, plan_id: UUID, village_id: UUID, role: str
) -> HttpResponse:
    """What it costs to insist on each other candidate for one post."""
    plan, loaded = _plan(request, plan_id)
    pair = _known(loaded, "", f"{village_id}/{role}")
    everyone = "all" in request.GET
    village = reasons.village_detail(loaded, village_id)
    assert village is not None
    more = {
        "prices": reasons.price_list(plan.pk, loaded, pair[1], everyone=everyone),
        "village": village,
        "post": next(post for post in village.posts if post.id == pair[1]),
        "current": village_id,
    }
    return _page(request, plan, loaded, "posting/workbench_prices.html", more)


@page(*READERS)
def workbench_pair(
    request: ActedRequest, plan_id: UUID, village_id: UUID, role: str, number: str
) -> HttpResponse:
    """One person at one post: why, why not, and what would flip it."""
    plan, loaded = _plan(request, plan_id)
    pair = _known(loaded, number, f"{village_id}/{role}")
    person, post = reasons.pair_name(loaded, pair)
    more = {
        "pair": pair,
        "reasons": reasons.reasons(plan.pk, loaded, pair),
        "person": reasons.person_at(loaded, pair),
        "person_label": person,
        "post_label": post,
        "village_id": village_id,
        "current": village_id,
    }
    return _page(request, plan, loaded, "posting/workbench_pair.html", more)


def _plan(request: ActedRequest, plan_id: UUID) -> tuple[Plan, LoadedPlan]:
    plan = queries.get_plan(request.actor.scope, plan_id)
    return plan, pricing.plan_ready(plan)


def _known(loaded: LoadedPlan, person: str, post: str) -> pricing.Pair:
    problem = loaded.posting_problem
    if post not in problem.post_number or (person and person not in problem.person_number):
        raise Http404("not in this plan")
    return person, post


def _page(
    request: ActedRequest, plan: Plan, loaded: LoadedPlan, detail: str, more: Mapping[str, Any]
) -> HttpResponse:
    """A fragment where htmx asks for one; else the whole workbench round it, at its own address."""
    context = {**_frame(request, plan), **more, "detail": detail}
    target = request.headers.get("HX-Target", "")
    if target and "HX-History-Restore-Request" not in request.headers:
        part = "" if target == DETAIL else "#asked" if target.startswith(ASKED_LIST) else "#part"
        context["is_part"] = not target.startswith(ASKED_WHY)
        return _fragment(request, f"{detail}{part}", context)
    context |= _sides(request, plan, loaded)
    return render(request, "posting/workbench.html", context)


def _fragment(request: ActedRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece without the shell, so without what only the shell asks for (menu, worklist)."""
    return HttpResponse(render_to_string(template, {**context, "request": request}))


def _frame(request: ActedRequest, plan: Plan, tab: str = "workbench") -> dict[str, Any]:
    """What every page of the workbench shows round its content."""
    against = adjustments.reasons_against_adjusting(plan, actor=request.actor)
    return {
        "plan": plan,
        "round": plan.round,
        "tab": tab,
        "is_chosen": plan.pk == plan.round.chosen_plan_id,
        "can_adjust": not against,
        "is_staff": request.actor.role in rules.STAFF,
        "kept": lists.kept(request.GET.dict()),
    }


def _sides(request: ActedRequest, plan: Plan, loaded: LoadedPlan) -> dict[str, Any]:
    asked = request.GET.dict()
    return {
        "villages": lists.village_side(lists.village_rows(plan.pk, loaded), asked),
        "people": lists.people_side(lists.people_rows(plan.pk, loaded), asked),
        "withdrawn_numbers": queries.numbers_withdrawn(plan.round),
    }


# --- what takes the solver again ------------------------------------------------------------------


@page(*READERS)
def plan_price(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """Ask for a price that the background work has to find; the page that asked shows it."""
    plan, loaded = _plan(request, plan_id)
    if request.method != "POST":
        return redirect("workbench", plan.pk)
    question = matching.question_of(loaded, request.POST.get("ask", ""))
    is_staff = request.actor.role in rules.STAFF
    if question is None or (question.change is not None and not is_staff):
        raise Http404("no such question")
    questions.ask_plan(plan, question, actor=request.actor)
    return redirect(questions.address_of(plan, question))


# --- changes by hand ----------------------------------------------------------------------------


@page(*rules.STAFF)
def plan_change(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """The price of one change, and below it the place to confirm."""
    plan, loaded = _plan(request, plan_id)
    asked = change_panel.asked_change(loaded, request.GET.dict())
    if asked is None:
        raise Http404("no such change")
    if isinstance(asked, change_panel.WhomToSwap):
        context = {**_frame(request, plan), "asked": asked}
        return render(request, "posting/workbench_swap.html", context)
    found = _propose(plan, loaded, asked)
    if not found.unasked and request.headers.get("HX-Target") and request.method == "GET":
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.unasked:
        return _change_unasked(request, plan, loaded, found)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        options=found.options,
        warned=found.warned,
    )
    if request.method == "POST" and form.is_valid():
        after = adjustments.adjust_plan(
            plan,
            asked,
            outcome=form.cleaned_data["outcome"],
            decision=form.decision(),
            actor=request.actor,
        )
        messages.success(request, f"已调整，得到{after}，复核通过")
        return redirect(_place_after(after, asked))
    context = {
        **_frame(request, plan),
        "form": form,
        "shown": change_panel.shown(loaded, asked, found),
        "against": adjustments.reasons_against_adjusting(plan, actor=request.actor),
        "back": _place_after(plan, asked),
    }
    return render(request, "posting/workbench_change.html", context, status=_status(form))


def _change_unasked(
    request: ActedRequest, plan: Plan, loaded: LoadedPlan, found: adjustments.Proposed
) -> HttpResponse:
    """The change, and in the place of its price how far the background work is."""
    key = matching.key_of_change(found.change)
    context = {
        **_frame(request, plan),
        "shown": change_panel.shown(loaded, found.change, found),
        "against": adjustments.reasons_against_adjusting(plan, actor=request.actor),
        "back": _place_after(plan, found.change),
        "asking": asking.asked_of(plan.pk, [key])[key],
    }
    if request.headers.get("HX-Target"):
        return _fragment(request, "posting/workbench_change.html#price", context)
    return render(request, "posting/workbench_change.html", context)


def _status(form: ChangeForm | UndoForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _propose(plan: Plan, loaded: LoadedPlan, change: pricing.Change) -> adjustments.Proposed:
    """The price; a change that cannot be made comes back without outcomes, with the reason."""
    try:
        return adjustments.propose(plan, loaded, change)
    except pricing.Impossible as why:
        return adjustments.impossible(plan, loaded, change, str(why))


def _place_after(plan: Plan, change: pricing.Change) -> str:
    """Back to the village that was changed, or to the person."""
    post = getattr(change, "post", None)
    if post:
        return reverse("workbench_village", args=[plan.pk, matching.split_post(post)[0]])
    person = getattr(change, "person", None) or getattr(change, "first", "")
    return reverse("workbench_person", args=[plan.pk, person])


@page(*rules.STAFF)
def plan_undo(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """Back to the plan before the last change."""
    plan = queries.get_plan(request.actor.scope, plan_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        base = adjustments.undo_adjustment(
            plan, reason=form.cleaned_data["reason"], actor=request.actor
        )
        messages.success(request, f"已撤回，现在采用{base}")
        return redirect("workbench", base.pk)
    made = _last_change(plan)
    context = {
        "question": "撤回这次调整？",
        "consequence": f"将退回到{plan.base}。{made}原来的方案和调整记录都保留。",
        "yes": "撤回调整",
        "form": form,
        "action": request.path,
        "back": reverse("workbench", args=[plan.pk]),
    }
    return render(request, "ui/confirm.html", context, status=_status(form))


def _last_change(plan: Plan) -> str:
    made = next((one for one in queries.list_adjustments(plan) if one.after_id == plan.pk), None)
    return f"撤回的是：{made}（{made.reason}）。" if made else ""


# --- shortages, comparison, proof ---------------------------------------------------------------


@page(*READERS)
def plan_shortages(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """Why seats stay empty, and what would help."""
    plan, loaded = _plan(request, plan_id)
    context = {
        **_frame(request, plan, "shortages"),
        "found": shortage.shortages(plan.pk, loaded),
    }
    return render(request, "posting/workbench_shortages.html", context)


@page(*READERS)
def plan_compare(
    request: ActedRequest, plan_id: UUID, other_id: UUID | None = None
) -> HttpResponse:
    """Plan A beside plan B; without a second one, the stable plan best for people."""
    plan, loaded = _plan(request, plan_id)
    beside = list(queries.list_plans_beside(plan))
    other = next((one for one in beside if one.pk == other_id), None)
    if other_id and other is None:
        raise Http404("not beside this plan")
    if other is None and beside:
        other = next((one for one in beside if one.origin in STABLE), beside[0])
    context = {
        **_frame(request, plan, "compare"),
        "beside": beside,
        "other": other,
        "stable_best_open": request.actor.role in rules.STAFF
        and not plans.reasons_against_stable_best(plan.round, actor=request.actor),
    }
    if other is not None:
        second = pricing.plan_ready(other)
        context["found"] = comparison.compared((plan.pk, other.pk), loaded, second)
        context["price"] = comparison.price_of_stability(plan, other)
        context["best"] = comparison.best_text(
            plan, other, people_moved=context["found"].people_moved
        )
    return render(request, "posting/workbench_compare.html", context)


@page(*READERS)
def plan_verification(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """What was checked again, line by line, from the inputs and without the solver."""
    plan, loaded = _plan(request, plan_id)
    context = {
        **_frame(request, plan, "verification"),
        "proof": proof.proof_of(plan.pk, loaded),
    }
    return render(request, "posting/workbench_verification.html", context)


# --- taking it along ----------------------------------------------------------------------------


@page(*READERS)
def plan_workbook(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """The whole plan as a workbook of several sheets."""
    plan, loaded = _plan(request, plan_id)
    target = BytesIO()
    rows = exports.write_plan_workbook(
        target, plan.pk, loaded, _stable(plan), _adjustments(plan), actor=request.actor
    )
    adjustments.note_export(plan, form="Excel 工作簿", rows=rows, actor=request.actor)
    return workbook(target.getvalue(), f"{plan.round.name}-方案{plan.number}.xlsx")


def _stable(plan: Plan) -> dict[str, LoadedPlan]:
    told = (*STABLE, Plan.Origin.STABLE_BEST.value)
    beside = {one.origin: one for one in queries.list_plans_beside(plan) if one.origin in told}
    return {origin: pricing.plan_ready(one) for origin, one in sorted(beside.items())}


def _adjustments(plan: Plan) -> list[Adjustment]:
    return queries.list_adjustments(plan)


@page(*READERS)
def plan_json(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """plan.json: instance, assignments, reasons and certificate, for `lingyan match verify`."""
    plan, loaded = _plan(request, plan_id)
    document = exports.plan_file(plan.pk, loaded, _adjustments(plan))
    rows = len(document["assignments"])
    adjustments.note_export(plan, form="plan.json", rows=rows, actor=request.actor)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return attached(text.encode(), "application/json", "plan.json")


@page(*READERS)
def plan_print(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """The plan as a list to be printed and put on the table."""
    plan, loaded = _plan(request, plan_id)
    rows = sorted(lists.village_rows(plan.pk, loaded), key=lists.SORTS["klass"])
    adjustments.note_export(plan, form="打印页", rows=len(rows), actor=request.actor)
    line = partial(change_panel.history_line, loaded)
    context = {
        **_frame(request, plan, "print"),
        "rows": rows,
        "found": shortage.shortages(plan.pk, loaded),
        "history": [line(one) for one in _adjustments(plan)],
        "printed_at": clock.now(),
    }
    return render(request, "posting/workbench_print.html", context)
