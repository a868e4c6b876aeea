"""简报: the list, one briefing, writing it, its steps, its figures and its editions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.forms import briefings as forms
from lingyan.briefings.models import Briefing
from lingyan.briefings.panels import briefings as panels
from lingyan.briefings.panels import figure_since
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.queries.frozen import changes_since, list_figures
from lingyan.briefings.rules import briefings as rules
from lingyan.briefings.rules.briefing_words import LIVE, PUBLIC, BriefingState
from lingyan.briefings.rules.paper import declared_in
from lingyan.briefings.rules.text import parse
from lingyan.common.flow import open_acts
from lingyan.directory.areas import county_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

DONE = {
    "check": "数据已核对并封存，等审核",
    "review": "审核通过，等签发",
    "sign": "已签发并编号，可以印发",
    "issue": "已印发，数字和记录不再变",
    "return": "已退回修改",
    "recall": "已撤回，读到的人会看到撤回说明",
    "void": "已作废",
}
HINTS = {
    "check": "按现在的记录取数，连同每个数字的记录一起封存。"
    "文中有手写的数、不实的写法、对不上的数时不能通过。",
    "sign": "签发后编期号，同一简报按年连续编号。",
    "issue": "印发以后数字、口径、期间、范围和记录都不再变；以后有更正，会在数字旁注明。",
    "return": "已编的期号保留，改好后重新核对、审核、签发。",
    "recall": "原文和期号保留，页面和印件注明已撤回。",
    "void": "只有没编过期号的才能作废。",
}
JUDGING = ("check", "review", "sign")
FORWARD = ("check", "review", "sign", "issue")
LABELS = {line.act: line.label for line in rules.BRIEFING_FLOW if line.before}
FORMS: dict[str, type[Form]] = {
    "return": forms.NoteForm, "void": forms.NoteForm, "recall": forms.RecallForm,
}  # fmt: skip
STEPS = (
    BriefingState.DRAFTED, BriefingState.DATA_CHECKED, BriefingState.REVIEWED,
    BriefingState.SIGNED, BriefingState.ISSUED,
)  # fmt: skip
BESIDE = {
    "briefings.briefing.no_reason": "note",
    "briefings.briefing.too_long": "note",
    "indicators.bad_period": "period",
    "indicators.ahead": "period",
    "indicators.bad_day": "on",
}


@page(*rules.READERS)
def briefing_list(request: ActedRequest) -> HttpResponse:
    is_inside = request.actor.role in rules.INSIDE
    states = [(one.value, one.label) for one in BriefingState if is_inside or one in PUBLIC]
    listing: Listing[Briefing] = Listing(
        request,
        queries.list_briefings(request.actor),
        search=lambda text: Q(title__contains=text),
        search_hint="标题",
        filters=(Filter("state", "状态", states, lambda code: Q(state=code)),),
        sorts={"day": ("drafted_at",)},
        default_sort="-day",
    )
    context = {
        "listing": listing,
        "may_write": request.actor.role in rules.WRITERS,
        "is_above": county_of(request.actor) is None,
    }
    return render(request, "briefings/briefing_list.html", context)


@page(*rules.WRITERS)
def briefing_new(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    offered = queries.list_offered(actor)
    form = forms.DraftForm(
        request.POST or None,
        templates=[(one.code, one.name) for one in offered],
        initial={"template": request.GET.get("template", offered[0].code if offered else "")},
    )
    if request.method == "POST" and form.is_valid():
        made = carry_out(form, lambda: _draft(form.cleaned_data, actor), beside=BESIDE)
        if made is not None:
            messages.success(request, "已按模板起草，请修改后送核对")
            return redirect("briefing_edit", made.pk)
    return render(request, "briefings/briefing_new.html", {"form": form}, status=status_of(form))


def _draft(said: dict[str, Any], actor: Actor) -> Briefing:
    offered = queries.find_offered(actor, said["template"])
    county = queries.county_here(actor)
    written = actions.Written(
        title=said["title"] or (offered.title if offered else "") or "未命名",
        text=offered.text if offered else "",
        series=offered.series if offered else "组工简报",
        issuer=f"{county}委组织部",
        period=said["period"],
        on=said["on"],
    )
    return actions.draft_briefing(written, template=offered.name if offered else "", actor=actor)


# --- one briefing ---------------------------------------------------------------------------------


@page(*rules.READERS)
def briefing_detail(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    actor = request.actor
    briefing = queries.get_briefing(actor, briefing_id)
    is_live = briefing.state in LIVE
    context = {
        "briefing": briefing,
        "steps": _steps(briefing),
        "is_inside": actor.role in rules.INSIDE,
        "declared": declared_in(parse(briefing.text)),
        **(_live(briefing, actor) if is_live else _frozen(briefing)),
        **_doable(briefing, actor),
    }
    return render(request, "briefings/briefing_detail.html", context)


def _live(briefing: Briefing, actor: Actor) -> dict[str, Any]:
    checked = queries.check(briefing, actor)
    return {
        "blocks": panels.draft_text(checked, actor),
        "mistakes": checked.mistakes,
        "figure_count": len(checked.parsed.figures),
        "is_live": True,
    }


def _frozen(briefing: Briefing) -> dict[str, Any]:
    rows = list_figures(briefing)
    since = changes_since(rows)
    return {
        "blocks": panels.frozen_text(briefing, rows, since),
        "figures": [(row, panels.value_of(row), since.get(row.position)) for row in rows],
        "since": since,
        "figure_count": len(rows),
    }


def _doable(briefing: Briefing, actor: Actor) -> dict[str, Any]:
    """Buttons that would work, and of those that would not, why; the history for the office."""
    if actor.role not in rules.INSIDE:
        return {}
    lines = open_acts(rules.BRIEFING_FLOW, state=briefing.state, role=actor.role)
    reasons = {one.act: actions.reasons_against(briefing, one.act, actor=actor) for one in lines}
    acts = [(one.act, one.label) for one in lines if not reasons[one.act]]
    acts.sort(key=lambda one: one[0] not in FORWARD)
    held = [(one.label, reasons[one.act]) for one in lines if reasons[one.act]]
    is_signed = briefing.state == BriefingState.SIGNED
    return {
        "acts": acts,
        "forward": FORWARD,
        "held": held,
        "may_edit": actor.role in rules.WRITERS and briefing.state == BriefingState.DRAFTED,
        "may_let_through": is_signed and actor.role in rules.SIGNERS and panels.is_old(briefing),
        "timeline": list_timeline(briefing),
    }


def _steps(briefing: Briefing) -> list[dict[str, str]]:
    """The stepper: what is behind, where it stands, what is to come."""
    if briefing.state == BriefingState.VOID:
        return []
    state = BriefingState.ISSUED if briefing.state in PUBLIC else BriefingState(briefing.state)
    at = STEPS.index(state)
    marks = ["done"] * at + ["done" if briefing.state in PUBLIC else "now"]
    marks += [""] * (len(STEPS) - len(marks))
    return [{"label": one.label, "state": mark} for one, mark in zip(STEPS, marks, strict=True)]


# --- steps ----------------------------------------------------------------------------------------


@page(*rules.INSIDE)
def briefing_step(request: ActedRequest, briefing_id: UUID, act: str) -> HttpResponse:
    actor = request.actor
    briefing = queries.get_briefing(actor, briefing_id)
    if act not in LABELS:
        raise Http404
    form = FORMS.get(act, forms.PlainForm)(
        request.POST if request.method == "POST" else None,
        initial={"base": actions.stamp_of(briefing)},
    )
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data.get("note", actions.NOT_YET_SAID)
        carry_out(
            form,
            lambda: actions.step_briefing(
                briefing, act, note=note, seen=form.cleaned_data["base"], actor=actor
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, DONE[act])
            return redirect("briefing_detail", briefing.pk)
    reasons = () if form.is_bound else actions.reasons_against(briefing, act, actor=actor)
    told = {"heading": LABELS[act], "hint": HINTS.get(act, ""), "reasons": reasons}
    if act in JUDGING:
        told["declared"] = declared_in(parse(briefing.text))
    return _step_page(request, briefing, form, told)


def _step_page(
    request: ActedRequest, briefing: Briefing, form: Form, told: dict[str, Any]
) -> HttpResponse:
    back = reverse("briefing_detail", args=[briefing.pk])
    context = {"briefing": briefing, "form": form, "back": back, **told}
    return render(request, "briefings/briefing_step.html", context, status=status_of(form))


@page(*rules.SIGNERS)
def briefing_let_through(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """The age of the data, and nothing else, may pass by a note of the bureau (G-24)."""
    briefing = queries.get_briefing(request.actor, briefing_id)
    form = forms.NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["note"]
        carry_out(
            form, lambda: actions.let_age_through(briefing, reason=reason, actor=request.actor)
        )
        if not form.errors:
            messages.success(request, "已放行数据核对的时间")
            return redirect("briefing_detail", briefing.pk)
    told = {
        "heading": "放行数据核对的时间",
        "hint": f"数据核对已超过 {rules.MAX_AGE_DAYS} 天。放行只管时间，写法和数字仍要相符；"
        "会列入督办月报。",
    }
    return _step_page(request, briefing, form, told)


# --- figures and editions -------------------------------------------------------------------------


@page(*rules.READERS)
def briefing_figure(request: ActedRequest, briefing_id: UUID, position: int) -> HttpResponse:
    """One frozen number: how it was counted, its records as far as one sees them, what changed."""
    briefing = queries.get_briefing(request.actor, briefing_id)
    row = queries.get_figure(briefing, position - 1)
    context = {
        "briefing": briefing,
        **figure_since.shown(
            row, request.actor, request.GET.get("page", ""), compares="compare" in request.GET
        ),
    }
    return render(request, "briefings/briefing_figure.html", context)


@page(*rules.INSIDE)
def briefing_editions(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """Who saved what, and how one edition differs from the one before."""
    briefing = queries.get_briefing(request.actor, briefing_id)
    context = {
        "thing": briefing,
        "back": reverse("briefing_detail", args=[briefing.pk]),
        **editions_shown(queries.list_editions(briefing), request.GET.get("number", "")),
    }
    return render(request, "briefings/editions.html", context)


def editions_shown(editions: list[Any], asked: str) -> dict[str, Any]:
    by_number = {str(one.number): one for one in editions}
    chosen = by_number.get(asked, editions[0])
    before = by_number.get(str(chosen.number - 1))
    return {
        "editions": editions,
        "chosen": chosen,
        "before": before,
        "rows": panels.compared(before.text if before else "", chosen.text),
    }
