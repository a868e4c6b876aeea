"""The pages of problems told to pairs: raise one, work on it, confirm it, say that two are one."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import areas
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import claims as claim_actions
from lingyan.pairing.actions import pair_problems as actions
from lingyan.pairing.exports.ledgers import write_problems
from lingyan.pairing.forms import ledgers as forms
from lingyan.pairing.models import PairProblem
from lingyan.pairing.queries import claims as claim_queries
from lingyan.pairing.queries import pair_problems as queries
from lingyan.pairing.queries import pairings as pair_queries
from lingyan.pairing.rules import pair_problems as rules
from lingyan.pairing.rules.ledger_words import (
    OPEN_PROBLEMS,
    PairProblemState,
    ProblemChannel,
    ProblemKind,
)
from lingyan.pairing.views.pair_funds import (
    EXPORTERS,
    READERS,
    choose_village,
    chosen_pairs,
    pair_choices,
)
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

HEADINGS = {line.act: line.label for line in rules.PAIR_PROBLEM_FLOW if line.act != "raise"}
STEPPERS = rules.RAISERS
DONE = {
    "accept": "已受理",
    "begin": "进展已记下",
    "finish": "已办好，等村和受益群众确认",
    "confirm": "村和受益群众已确认，问题解决",
    "reopen": "已退回继续办理",
    "transfer": "已转交",
    "void": "已作废",
}
BESIDE = {
    "pairing.claim.none": "pairings",
    "pairing.claim.two_villages": "pairings",
    "pairing.claim.not_yours": "pairings",
    "pairing.claim.not_started": "pairings",
    "pairing.problem.twin": "is_another",
    "pairing.problem.kind": "kind",
    "pairing.problem.channel": "channel",
    "pairing.problem.raised_on": "raised_on",
    "pairing.problem.text_missing": "text",
    "pairing.problem.text_long": "text",
    "pairing.problem.due_on": "due_on",
    "pairing.problem.beneficiary": "beneficiaries",
    "pairing.problem.names_long": "beneficiaries",
    "pairing.problem.confirmed_on": "confirmed_on",
    "pairing.claim.reason_missing": "reason",
}


def _listing(request: ActedRequest) -> Listing[PairProblem]:
    actor, today = request.actor, clock.today()
    turn = {"waiting": queries.waiting_q(actor), "overdue": queries.overdue_q(today)}
    shared = {"shared": Q(claimants__gt=1), "single": Q(claimants=1)}
    return Listing(
        request,
        queries.list_problems(actor.scope),
        search=queries.search_q,
        search_hint="村、乡镇或单位",
        filters=(
            Filter(
                "turn", "办理", (("waiting", "等我办"), ("overdue", "超期")), turn.__getitem__
            ),
            Filter("state", "状态", PairProblemState.choices(), lambda code: Q(state=code)),
            Filter("kind", "类别", ProblemKind.choices(), lambda code: Q(kind=code)),
            Filter("channel", "来源", ProblemChannel.choices(), lambda code: Q(channel=code)),
            Filter(
                "town", "乡镇", pair_queries.town_choices(actor.scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
            Filter(
                "part", "认领", (("shared", "几方共同"), ("single", "一方")), shared.__getitem__
            ),
            *areas.narrowed(request, actor, lambda within: queries.list_problems(within.scope)),
        ),
        sorts={
            "due": ("due_on", "made_at"),
            "village": ("village__path", "due_on"),
        },
        default_sort="-due",
    )  # fmt: skip


@page(*READERS)
def pair_problem_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "today": clock.today(),
        "open": OPEN_PROBLEMS,
        "may_raise": request.actor.role in rules.RAISERS,
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "pairing/problem_list.html", context)


@page(*EXPORTERS)
def pair_problem_export(request: ActedRequest) -> HttpResponse:
    target = BytesIO()
    write_problems(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "联建问题台账.xlsx")


@page(*rules.RAISERS)
def pair_problem_add(request: ActedRequest) -> HttpResponse:
    """A minute on the phone: what is wrong, of which kind, and where it was heard."""
    pairs, too_many = pair_choices(request)
    if too_many:
        return choose_village(request, "提出问题", "pair_problem_list")
    asked = request.GET.get("pairing", "")
    initial = {"pairings": [asked]} if asked else {}
    form = forms.ProblemForm(request.POST or None, initial=initial, pairs=pairs)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "pairings": chosen_pairs(request, form)}
        problem = carry_out(
            form, lambda: actions.raise_problem(actor=request.actor, **said), beside=BESIDE
        )
        if problem is not None:
            messages.success(request, "已提出，由结对单位受理")
            return redirect("pair_problem_detail", problem.pk)
    context = {
        "form": form,
        "heading": "提出问题",
        "yes": "提出",
        "hint": "办好以后由村和受益群众确认，确认了才算解决。",
        "back": reverse("pair_problem_list"),
        "list_name": "联建问题",
        "twin": _twin(request, form),
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))


def _twin(request: ActedRequest, form: forms.ProblemForm) -> str:
    """The page where the problem that looks the same may be claimed instead."""
    if not form.asks_whether_another():
        return ""
    said, pairs = form.cleaned_data, chosen_pairs(request, form)
    twin = queries.find_twin(pairs[0].village, kind=said["kind"], on=said["raised_on"])
    return reverse("pair_problem_claim", args=[twin.pk]) if twin else ""


# --- one problem ---------------------------------------------------------------------------------


@page(*READERS)
def pair_problem_detail(request: ActedRequest, pair_problem_id: UUID) -> HttpResponse:
    actor = request.actor
    problem = queries.get_problem(actor.scope, pair_problem_id)
    lines = open_acts(rules.PAIR_PROBLEM_FLOW, state=problem.state, role=actor.role)
    acts = {
        line.act: line.label
        for line in lines
        if not actions.reasons_against(problem, line.act, actor=actor)
    }
    may_claim = actor.role in rules.RAISERS
    context = {
        "problem": problem,
        "acts": acts,
        "first": next(iter(acts), ""),
        "is_late": problem.state in OPEN_PROBLEMS and problem.due_on < clock.today(),
        "claims": [
            (one, may_claim and claim_queries.is_of(one, actor))
            for one in claim_queries.standing_claims(problem)
        ],
        "may_claim": may_claim and bool(claim_queries.claimants_to_choose(problem, actor)),
        "likely": len(queries.likely_same(problem, actor.scope)) if may_claim else 0,
        "timeline": list_timeline(problem),
    }
    return render(request, "pairing/problem_detail.html", context)


def _step_form(request: ActedRequest, act: str, problem: PairProblem) -> Form:
    given = request.POST or None
    if act == "accept":
        usual = max(problem.due_on, clock.today())
        return forms.AcceptForm(given, initial={"due_on": usual})
    if act == "confirm":
        return forms.ConfirmForm(given)
    return forms.StepTextForm(given)


@page(*STEPPERS)
def pair_problem_step(request: ActedRequest, pair_problem_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    problem = queries.get_problem(request.actor.scope, pair_problem_id)
    if act not in HEADINGS:
        raise Http404
    form = _step_form(request, act, problem)
    if request.method == "POST" and form.is_valid():
        said = actions.Said(**form.cleaned_data)
        carry_out(
            form,
            lambda: actions.step_problem(problem, act, said, actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, DONE[act])
            return redirect("pair_problem_detail", problem.pk)
    reasons = () if form.is_bound else actions.reasons_against(problem, act, actor=request.actor)
    return _form(request, problem, form, HEADINGS[act], HEADINGS[act], reasons=reasons)


# --- who has a part in it ------------------------------------------------------------------------


@page(*STEPPERS)
def pair_problem_claim(request: ActedRequest, pair_problem_id: UUID) -> HttpResponse:
    actor = request.actor
    problem = queries.find_claimable(claim_queries.own_villages(actor.scope), pair_problem_id)
    choices = claim_queries.claimants_to_choose(problem, actor)
    form = forms.ClaimForm(request.POST or None, claimants=choices)
    if request.method == "POST" and form.is_valid():
        pairing = claim_queries.find_pair(actor.scope, form.cleaned_data["pairing"])
        carry_out(form, lambda: claim_actions.claim_problem(problem, pairing=pairing, actor=actor))
        if not form.errors:
            messages.success(request, "已认领，这个问题仍只算一件")
            return redirect("pair_problem_detail", problem.pk)
    return _form(request, problem, form, "认领这个问题", "认领", hint=problem.text)


@page(*STEPPERS)
def pair_problem_drop(request: ActedRequest, problem_claim_id: UUID) -> HttpResponse:
    claim = claim_queries.get_problem_claim(request.actor.scope, problem_claim_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: claim_actions.drop_problem_claim(
                claim, actor=request.actor, **form.cleaned_data
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已撤回认领")
            return redirect("pair_problem_list")
    return _form(request, claim.problem, form, "撤回认领", "撤回", hint=f"撤回的认领方：{claim}")


@page(*STEPPERS)
def pair_problem_join(request: ActedRequest, pair_problem_id: UUID) -> HttpResponse:
    """What the first secretary wrote down is this very thing: one problem, counted once."""
    problem = queries.get_problem(request.actor.scope, pair_problem_id)
    found = queries.likely_same(problem, request.actor.scope)
    choices = [
        (str(one.id), f"{one.found_on} {one.person}：{one.text[:60]}（{one.state}）")
        for one in found
    ]
    form = forms.JoinForm(request.POST or None, found=choices)
    if request.method == "POST" and form.is_valid():
        key = UUID(form.cleaned_data["source"])
        carry_out(form, lambda: actions.join_found(problem, source_id=key, actor=request.actor))
        if not form.errors:
            messages.success(request, "已合为一件，统计时只算一件")
            return redirect("pair_problem_detail", problem.pk)
    hint = (
        "同一个村、相近日期里第一书记发现的问题，最像的排在前面。"
        if choices
        else "这段时间没有第一书记登记的问题可以合并。"
    )
    return _form(request, problem, form, "与第一书记发现的问题合为一件", "合为一件", hint=hint,
                 is_empty=not choices)  # fmt: skip


def _form(
    request: ActedRequest, problem: PairProblem, form: Form, heading: str, yes: str, **more: Any
) -> HttpResponse:
    seen = queries.is_visible(request.actor.scope, problem)
    context = {
        "form": form,
        "heading": heading,
        "yes": yes,
        "back": reverse("pair_problem_detail", args=[problem.pk])
        if seen
        else reverse("pair_problem_list"),
        "list_name": "联建问题",
        "thing": problem,
        **more,
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))
