"""The pages of places that were left early: which, who could come, and one step after another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.common.refusals import Refusal
from lingyan.directory.queries import county_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting import rules
from lingyan.posting.actions import replacements as actions
from lingyan.posting.forms import recall as forms
from lingyan.posting.matching.replacements import Repair, repair_of
from lingyan.posting.models import Posting, Replacement
from lingyan.posting.panels import recall as panels
from lingyan.posting.panels.workbench.reasons import person_at
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import recall as queries
from lingyan.posting.queries import standards
from lingyan.posting.rules import replacements as replacement_rules

READERS = (*panels.COUNTY, *rules.TOWN, *rules.UNIT)
SHOWN = 12
BESIDE = {
    "posting.replacement.reason_missing": "text",
    "posting.replacement.no_candidate": "person",
    "posting.replacement.not_in_pool": "person",
    "posting.replacement.nominated_twice": "person",
    "posting.reason_missing": "text",
    "posting.document_number_missing": "document_number",
    "posting.replacement.starts_before": "starts_on",
}


@page(*READERS)
def vacancy_list(request: ActedRequest) -> HttpResponse:
    """Places that were left early and have nobody new."""
    lines = panels.vacancy_lines(queries.list_vacant(request.actor.scope))
    return render(request, "posting/vacancy_list.html", {"lines": lines})


@page(*READERS)
def vacancy_detail(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """One place: until when, who was named, who is proposed, and how far that is."""
    posting = queries.get_vacated(request.actor.scope, posting_id)
    note_reading(posting.person)
    actor = request.actor
    made = queries.list_replacements(posting)
    current = next((one for one in made if one.state in replacement_rules.OPEN_STATES), None)
    acts = open_acts(
        replacement_rules.REPLACEMENT_FLOW, state=current.state if current else "", role=actor.role
    )
    if current is None and not queries.is_vacant(posting):
        acts = ()
    context = {
        "posting": posting,
        "line": panels.vacancy_lines([posting])[0],
        "follower": queries.find_follower(posting),
        "current": current,
        "earlier": [one for one in made if one is not current],
        "nominees": queries.list_nominees(posting),
        "acts": {line.act: line.label for line in acts},
        "may_name": not actions.reasons_against_nominating(posting, None, actor=actor),
        "reads_all": actor.role in panels.COUNTY,
        "replace_days": life_queries.replace_days_of(posting),
        "notice_days": standards.notice_days(posting.village.path),
        "cases": queries.cases_of(actor, posting),
    }
    return render(request, "posting/vacancy_detail.html", context)


@page(*replacement_rules.NOMINATORS)
def vacancy_nominate(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = queries.get_vacated(request.actor.scope, posting_id)
    scope = request.actor.scope
    form = forms.NominateForm(request.POST or None, choices=queries.nominee_choices(scope, posting))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = queries.find_pool_person(scope, said["person"])
        carry_out(
            form,
            lambda: actions.nominate(posting, person, text=said["text"], actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已推荐，县委组织部提出补派人选时一并比较")
            return redirect("vacancy_detail", posting.pk)
    reasons = actions.reasons_against_nominating(posting, None, actor=request.actor)
    return _step(request, posting, form, reasons, heading="推荐接任人选")


@page(*rules.STAFF)
def vacancy_propose(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """The repair of the round's plan: who could come, how well each fits, and why."""
    posting = queries.get_vacated(request.actor.scope, posting_id)
    round = queries.find_round(posting)
    reasons = actions.reasons_against_opening(posting, round, actor=request.actor)
    form = forms.ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.propose(posting, **form.cleaned_data, actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已提出，等部务会成员决定")
            return redirect("vacancy_detail", posting.pk)
    repair = None
    if round is not None and not reasons:
        repair = repair_of(posting, round, as_of=clock.today())
    options = repair.options[:SHOWN] if repair else ()
    context = {
        "posting": posting,
        "line": panels.vacancy_lines([posting])[0],
        "round": round,
        "reasons": reasons,
        "form": form,
        "repair": repair,
        "options": [
            (one, person_at(repair.loaded, (one.person.number, repair.post)) if repair else None)
            for one in options
        ],
        "more": len(repair.options) - len(options) if repair else 0,
        "out": _out(repair) if repair else (),
        "chosen": form["number"].value() or (options[0].person.number if options else ""),
    }
    return render(request, "posting/vacancy_propose.html", context, status=status_of(form))


def _out(repair: Repair) -> list[tuple[str, tuple[str, ...]]]:
    """Who was asked and may not come, with the reasons that everybody may read."""
    out = sorted(repair.out.items())[:SHOWN]
    return [(str(repair.loaded.people[number]), texts) for number, texts in out]


STEP_ROLES = tuple(
    dict.fromkeys(
        role for line in replacement_rules.REPLACEMENT_FLOW if line.before for role in line.roles
    )
)
STEPS = ("decide", "announce", "issue", "stop")
DONE = {
    "decide": "已决定",
    "announce": "已开始公示",
    "issue": "已发文补派，请按期培训、到岗",
    "stop": "已撤回",
}


@page(*STEP_ROLES)
def replacement_step(request: ActedRequest, replacement_id: UUID, act: str) -> HttpResponse:
    """Decide, announce, issue or take back what was proposed."""
    found = queries.get_replacement(request.actor.scope, replacement_id)
    if act not in STEPS:
        raise Http404("no such step")
    data = request.POST if request.method == "POST" else None
    form = FORMS[act](data)
    if request.method == "POST" and form.is_valid():
        said, actor = form.cleaned_data, request.actor
        carry_out(form, lambda: _take(act, found, said, actor), beside=BESIDE)
        if not form.errors:
            messages.success(request, DONE[act])
            return redirect("vacancy_detail", found.posting_id)
    reasons = actions.reasons_against(found, FIRST_ACT.get(act, act), actor=request.actor)
    return _step(request, found.posting, form, reasons, heading=HEADINGS[act], replacement=found)


def _take(act: str, found: Replacement, said: dict[str, Any], actor: Actor) -> None:
    if act == "decide":
        actions.decide(found, agrees=said["outcome"] == "yes", answer=said["text"], actor=actor)
    elif act == "announce":
        actions.announce(found, actor=actor)
    elif act == "issue":
        actions.issue(found, **said, actor=actor)
    else:
        actions.stop(found, **said, actor=actor)


FORMS: dict[str, Callable[..., Form]] = {
    "decide": forms.AnswerForm,
    "announce": forms.NoForm,
    "issue": forms.IssueForm,
    "stop": partial(forms.TextForm, label="理由", hint="为什么不再补派这名人选"),
}
HEADINGS = {"decide": "决定补派人选", "announce": "公示", "issue": "发文补派", "stop": "撤回"}
# To decide is to approve or to refuse; to refuse asks for less.
FIRST_ACT = {"decide": "refuse"}


def _step(
    request: ActedRequest,
    posting: Posting,
    form: Form,
    reasons: tuple[Refusal, ...],
    *,
    heading: str,
    replacement: Replacement | None = None,
) -> HttpResponse:
    context = {
        "posting": posting,
        "form": form,
        "heading": heading,
        "reasons": reasons,
        "replacement": replacement,
        "notice_days": standards.notice_days(posting.village.path),
    }
    return render(request, "posting/vacancy_step.html", context, status=status_of(form))


@page(*panels.COUNTY, *rules.TOWN, *rules.UNIT)
def replacement_notice(request: ActedRequest, replacement_id: UUID) -> HttpResponse:
    """公示: who is to come, to print and hang up."""
    found = queries.get_replacement(request.actor.scope, replacement_id)
    if found.announced_on is None:
        raise Http404("not announced")
    village = found.posting.village
    context = {
        "found": found,
        "notice_days": standards.notice_days(village.path, found.announced_on),
        "county": county_of(village),
    }
    return render(request, "posting/replacement_notice.html", context)
