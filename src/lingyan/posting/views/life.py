"""The pages of a posting's steps: what is due, one step, a proposal and its decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common.alerts import AlertLevel
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, View, page
from lingyan.posting import rules
from lingyan.posting.actions import life as actions
from lingyan.posting.actions.insurance import Policy
from lingyan.posting.forms import life as forms
from lingyan.posting.models import Posting
from lingyan.posting.panels import life as panels
from lingyan.posting.queries import life as queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries.support import insured_without_gap
from lingyan.posting.rules import life as life_rules

COUNTY = (*rules.STAFF, *rules.LEADER)
LIFE_READERS = (
    *COUNTY,
    Role.COUNTY_AGENCY_COMMITTEE,
    *rules.TOWN,
    Role.TOWN_LEADER,
    *rules.UNIT,
    *rules.VILLAGE,
)
SHOWN = 200
STEP_BACK = "posting_detail"


# --- what is due ----------------------------------------------------------------------------------


@page(*LIFE_READERS)
def life_due(request: ActedRequest) -> HttpResponse:
    """Every step that somebody owes, the longest overdue first."""
    lines = panels.due_lines(queries.list_owing(request.actor.scope), request.actor)
    level, whose = request.GET.get("level", ""), request.GET.get("whose", "")
    shown = [
        line
        for line in lines
        if (not level or line.level == level) and (whose != "mine" or line.is_mine)
    ]
    context = {
        "lines": shown[:SHOWN],
        "more": max(len(shown) - SHOWN, 0),
        "levels": [
            (one, sum(line.level == one for line in lines), panels.TONE_OF_LEVEL[one])
            for one in reversed(AlertLevel)
        ],
        "level": level,
        "whose": whose,
        "mine": sum(line.is_mine for line in lines),
    }
    return render(request, "posting/life_due.html", context)


# --- one step -------------------------------------------------------------------------------------


def _arrive(posting: Posting, said: Mapping[str, Any], actor: Actor) -> None:
    policy = None
    if number := said.get("policy_number"):
        policy = Policy(number, said["insured_since"], forms.next_day(said["insured_last_day"]))
    actions.confirm_arrival(
        posting, on=said["on"], party_relation_on=said["party_relation_on"], policy=policy,
        actor=actor,
    )  # fmt: skip


def _suspend(posting: Posting, said: Mapping[str, Any], actor: Actor) -> None:
    substitute = queries.find_substitute(posting, said["substitute"])
    actions.suspend_posting(posting, text=said["text"], substitute=substitute, actor=actor)


def _plain(action: Callable[..., Any]) -> Callable[[Posting, Mapping[str, Any], Actor], None]:
    def run(posting: Posting, said: Mapping[str, Any], actor: Actor) -> None:
        action(posting, **said, actor=actor)

    return run


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the page of one act asks, does and says afterwards."""

    form: Callable[..., Form]
    run: Callable[[Posting, Mapping[str, Any], Actor], None]
    done: str
    hint: str = ""


STEP_PAGES: dict[str, StepPage] = {
    "train": StepPage(forms.TrainForm, _plain(actions.train_posting), "岗前培训已登记"),
    "arrive": StepPage(
        forms.ArriveForm, _arrive, "到岗已确认",
        "人身意外伤害保险应覆盖整个任期，党组织关系应已开始转接。",
    ),
    "suspend": StepPage(
        forms.SuspendForm, _suspend, "已暂停履职",
        "暂停期间仍计入在任；恢复履职后继续在岗。",
    ),
    "resume": StepPage(forms.TextForm, _plain(actions.resume_posting), "已恢复履职"),
    "continue": StepPage(
        forms.TextForm, _plain(actions.continue_posting), "已记为在岗",
        "本人、派出单位和村都已知悉延期决定后办理。",
    ),
    "appraise_term": StepPage(
        forms.TextForm, _plain(actions.appraise_term), "已进入期满考察",
        "距任期届满 60 天以内办理；考察后办理交接，或由县委组织部决定延期。",
    ),
    "cease": StepPage(
        forms.CeaseForm, _plain(actions.cease_posting), "派驻已终止，请按期补派",
        "今天就结束派驻，不能撤回；15 个工作日内补派接任者。",
    ),
}  # fmt: skip


def _roles_of(act: str) -> tuple[str, ...]:
    lines = [line for line in rules.POSTING_FLOW if line.act == act]
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


def step_view(act: str) -> View:
    """The page of one act of the table, open to the roles that the table names."""

    @page(*_roles_of(act))
    def posting_step(request: ActedRequest, posting_id: UUID) -> HttpResponse:
        posting = posting_queries.get_posting(request.actor.scope, posting_id)
        step = STEP_PAGES[act]
        form = step.form(request.POST or None, **_given(act, posting))
        if request.method == "POST" and form.is_valid():
            step.run(posting, form.cleaned_data, request.actor)
            messages.success(request, step.done)
            return redirect(STEP_BACK, posting.pk)
        context = {
            **_frame(posting, panels.label_of(act), form, step.hint),
            "reasons": actions.reasons_against(posting, act, actor=request.actor),
        }
        return render(request, "posting/life_form.html", context, status=_status(form))

    return posting_step


def _given(act: str, posting: Posting) -> dict[str, Any]:
    if act == "arrive":
        last = life_rules.last_day(posting.planned_until)
        return {
            "initial": {"insured_since": posting.since, "insured_last_day": last},
            "is_insured": posting.insure_by is not None or insured_without_gap(posting),
        }
    if act == "suspend":
        return {"choices": queries.substitute_choices(posting)}
    return {}


def _frame(posting: Posting, label: str, form: Form, hint: str = "") -> dict[str, Any]:
    return {
        "posting": posting,
        "heading": label,
        "hint": hint,
        "form": form,
        "yes": label,
        "back": reverse("posting_detail", args=[posting.pk]),
    }


def _status(form: Form) -> int:
    return 422 if form.errors else 200


# --- proposals ------------------------------------------------------------------------------------


@page(*life_rules.PROPOSERS)
def posting_extend(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    form = forms.ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.propose_step(
            posting, act="extend", text=said["text"],
            planned_until=forms.next_day(said["last_day"]), actor=request.actor,
        )  # fmt: skip
        messages.success(request, "延期已提出，等部务会成员决定")
        return redirect("posting_detail", posting.pk)
    last = life_rules.last_day(posting.planned_until)
    hint = f"现在的任期到 {last}。由部务会成员决定，决定人不能是提出人。"
    context = {**_frame(posting, "提出延期", form, hint), **_state_of(posting, "extend", request)}
    return render(request, "posting/life_form.html", context, status=_status(form))


@page(*life_rules.PROPOSERS)
def posting_transfer(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    choices = queries.village_choices(request.actor.scope, posting)
    form = forms.TransferForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.propose_step(
            posting, act="transfer", text=said["text"],
            village=queries.find_village(request.actor.scope, said["village"]),
            document_number=said["document_number"], actor=request.actor,
        )  # fmt: skip
        messages.success(request, "调整已提出，等部务会成员决定")
        return redirect("posting_detail", posting.pk)
    hint = "部务会成员同意后，本村的派驻当天结束，在新的村等待确认到岗，任期不变。"
    context = {**_frame(posting, "提出调整", form, hint), **_state_of(posting, "transfer", request)}
    return render(request, "posting/life_form.html", context, status=_status(form))


def _state_of(posting: Posting, act: str, request: ActedRequest) -> dict[str, Any]:
    return {"reasons": actions.reasons_before_proposing(posting, act, actor=request.actor)}


@page(*COUNTY)
def step_list(request: ActedRequest) -> HttpResponse:
    """What waits for the county's leader."""
    steps = [(one, panels.label_of(one.act)) for one in queries.list_proposals(request.actor.scope)]
    return render(request, "posting/life_steps.html", {"steps": steps})


@page(*rules.LEADER)
def step_decide(request: ActedRequest, step_id: UUID) -> HttpResponse:
    step = queries.get_step(request.actor.scope, step_id)
    choices = [("yes", "同意"), ("no", "不同意")]
    form = forms.AnswerForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.decide_step(
            step, agrees=said["outcome"] == "yes", answer=said["answer"], actor=request.actor
        )
        messages.success(request, "已决定")
        return redirect("posting_detail", step.posting_id)
    context = {
        **_frame(step.posting, f"决定：{panels.label_of(step.act)}", form),
        "yes": "提交决定",
        "step": step,
        "reasons": actions.reasons_against_deciding(step, actor=request.actor),
        "step_last_day": step.planned_until and life_rules.last_day(step.planned_until),
    }
    return render(request, "posting/life_form.html", context, status=_status(form))
