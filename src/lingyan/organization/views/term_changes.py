"""The pages of term changes: the list, one change, each step, candidates, meetings, look-back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common.refusals import Refusal
from lingyan.directory import queries as directory
from lingyan.directory.rules import OfficerPost
from lingyan.directory.rules.hands import STAFF, TOWN
from lingyan.directory.scoping import path_end
from lingyan.organization.actions import elections
from lingyan.organization.actions import lookback as lookback_actions
from lingyan.organization.actions import term_changes as actions
from lingyan.organization.exports.term_changes import write_results
from lingyan.organization.forms import term_changes as forms
from lingyan.organization.models import LookBackCheck, TermChange
from lingyan.organization.panels import term_changes as panels
from lingyan.organization.queries import term_changes as queries
from lingyan.organization.rules import lookback
from lingyan.organization.rules import term_changes as rules
from lingyan.organization.rules.term_words import (
    Body,
    LookBackItem,
    MeetingKind,
    MendState,
    TermChangeState,
)
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, View, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

EXPORTERS = (*STAFF, *TOWN)
BESIDE = {
    "organization.reason_missing": "text",
    "organization.document_missing": "document_number",
    "organization.change.planned_past": "planned_on",
    "organization.change.moved_too_far": "planned_on",
    "organization.change.plan_missing": "text",
    "organization.change.analysis_missing": "text",
    "organization.change.vc_seats": "member",
    "organization.change.published_late": "published_on",
    "organization.candidate.no_post": "posts",
    "organization.candidate.post": "posts",
    "organization.candidate.not_member": "posts",
    "organization.candidate.consent_day": "consented_on",
    "organization.candidate.known": "person",
    "organization.election.due": "due",
    "organization.election.attended": "attended",
    "organization.election.issued": "issued",
    "organization.election.valid": "valid",
    "organization.election.voter_list": "voters_listed_on",
    "organization.election.voter_list_late": "voters_listed_on",
    "organization.handover.items": "items",
    "organization.handover.late": "late_reason",
    "organization.lookback.evidence": "evidence",
    "organization.lookback.owner": "owner",
    "organization.lookback.person": "officer",
    "organization.lookback.always": "result",
    "organization.lookback.text": "text",
    "organization.lookback.day": "mended_on",
    "organization.lookback.outcome": "outcome",
    "organization.recall.numbers": "voters",
    "organization.recall.proposal": "proposers",
    "organization.recall.turnout": "voted",
    "organization.recall.votes": "in_favour",
}
DAY_CODES = ("organization.change.day_in_future", "organization.change.day_before")


# --- the list -------------------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[TermChange]:
    towns = list(directory.list_towns(request.actor.scope).values_list("path", "short_name"))
    return Listing(
        request,
        queries.list_changes(request.actor.scope),
        search=queries.search_q,
        search_hint="村名",
        filters=(
            Filter("town", "乡镇", towns,
                   lambda path: Q(village__path__gte=path, village__path__lt=path_end(path))),
            Filter("state", "状态", TermChangeState.choices(), lambda code: Q(state=code)),
        ),
        sorts={
            "village": ("village__path", "-created_at"),
            "planned": ("planned_on", "village__path"),
            "since": ("-state_since", "village__path"),
        },
        default_sort="planned",
    )  # fmt: skip


@page(*rules.READERS)
def term_change_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "may_open": request.actor.role in rules.roles_of("open"),
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "organization/term_change_list.html", context)


@page(*EXPORTERS)
def term_change_export(request: ActedRequest) -> HttpResponse:
    """Who was chosen, of the changes that the list shows."""
    target = BytesIO()
    write_results(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "换届选举结果.xlsx")


@page(*rules.READERS)
def term_change_detail(request: ActedRequest, term_change_id: UUID) -> HttpResponse:
    change = queries.get_change(request.actor.scope, term_change_id)
    context = {
        "change": change,
        "life": panels.of_change(change, request.actor),
        "entries": list_timeline(change),
    }
    return render(request, "organization/term_change_detail.html", context)


def _form_page(request: ActedRequest, form: Form, **context: Any) -> HttpResponse:
    """One form on a page of its own, with what it is about above it."""
    return render(
        request, "organization/term_change_form.html", {"form": form, **context},
        status=status_of(form),
    )  # fmt: skip


@page(*rules.roles_of("open"))
def term_change_open(request: ActedRequest) -> HttpResponse:
    villages = {str(one.pk): one for one in queries.list_free_villages(request.actor.scope)}
    form = forms.NewPlanForm(
        request.POST or None,
        villages=[(key, one.name) for key, one in villages.items()],
        initial={"village": request.GET.get("village", "")},
    )
    if request.method == "POST" and form.is_valid():
        village = villages[form.cleaned_data["village"]]
        plan = form.plan(is_community=queries.is_community(village))
        made = carry_out(
            form, lambda: actions.open_change(village, plan, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "换届方案已制定，等乡镇党委书记批准")
            return redirect("term_change_detail", made.pk)
    return _form_page(
        request, form, heading="制定换届方案", yes="制定方案", back=reverse("term_change_list"),
        hint="两个班子在同一个方案里换届；没有的职务填 0。",
    )  # fmt: skip


# --- one step -------------------------------------------------------------------------------------


def _plain(action: Callable[..., TermChange]) -> Callable[[TermChange, Any, Actor], TermChange]:
    def run(change: TermChange, form: Any, actor: Actor) -> TermChange:
        return action(change, **form.cleaned_data, actor=actor)

    return run


def _redraft(change: TermChange, form: Any, actor: Actor) -> TermChange:
    plan = form.plan(is_community=queries.is_community(change.village))
    return actions.redraft_plan(change, plan, actor=actor)


def _hand_over(change: TermChange, form: Any, actor: Actor) -> TermChange:
    return actions.hand_over(change, form.handover(), actor=actor)


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the page of one act asks, does and says afterwards."""

    form: Callable[..., Form]
    run: Callable[[TermChange, Any, Actor], TermChange]
    done: str
    hint: str = ""
    day: str = ""  # the field that holds the day of the step


STEP_PAGES: dict[str, StepPage] = {
    "redraft": StepPage(forms.PlanForm, _redraft, "方案已修改，等重新批准",
                        "修改以后须由乡镇党委书记重新批准。"),
    "approve_plan": StepPage(forms.RemarkForm, _plain(actions.approve_plan), "换届方案已批准"),
    "assess": StepPage(forms.AnalysisForm, _plain(actions.assess), "已登记，可以提名候选人"),
    "reschedule": StepPage(forms.RescheduleForm, _plain(actions.reschedule), "选举日已调整",
                           "须经上级党组织批准，一般不超过一年。"),
    "submit": StepPage(forms.NothingForm, _plain(actions.submit_candidates),
                       "已提交，各部门在十个工作日内答复", "提交以后，各联审部门会在待办里看到。"),
    "confirm": StepPage(forms.RemarkForm, _plain(actions.confirm_candidates), "候选人已确定"),
    "fail": StepPage(forms.FailForm, _plain(actions.declare_failed), "已登记选举无效",
                     "无效的选举留在记录里，不产生任职。"),
    "again": StepPage(forms.AgainForm, _plain(actions.elect_again), "可以重新选举",
                      "候选人不变；要换候选人的，办理“更换候选人，重新联审”。"),
    "replace": StepPage(forms.ReasonForm, _plain(actions.replace_candidates), "可以更换候选人"),
    "publish": StepPage(forms.PublishForm, _plain(actions.publish_result), "选举结果已公布",
                        "村民委员会选举结果应在选举当日公布。", "published_on"),
    "approve_posts": StepPage(forms.ApprovePostsForm, _plain(actions.approve_posts),
                              "党内职务已批复", day="approved_on"),
    "file": StepPage(forms.FileForm, _plain(actions.file_result), "已备案，任职记录已更新",
                     "备案以后，上一届任职按届满结束，新一届任职和届次自动登记。"),
    "hand_over": StepPage(forms.HandoverForm, _hand_over, "移交已登记，请在六个月内回头看",
                          "新一届产生之日起十日内移交，由乡镇监交。", "on"),
    "look_back": StepPage(forms.RemarkForm, _plain(actions.finish_look_back),
                          "回头看已完成，问题销号以后归档"),
    "close": StepPage(forms.NothingForm, _plain(actions.close_change), "换届已归档"),
}  # fmt: skip
SHOWS_RESULT = ("publish", "approve_posts", "file")


def step_view(act: str) -> View:
    """The page of one act of the table, open to the roles that the table names."""

    @page(*rules.roles_of(act))
    def term_change_step(request: ActedRequest, term_change_id: UUID) -> HttpResponse:
        change = queries.get_change(request.actor.scope, term_change_id)
        step = STEP_PAGES[act]
        form = step.form(request.POST or None, initial=_given(act, change))
        if request.method == "POST" and form.is_valid():
            beside = BESIDE | dict.fromkeys(DAY_CODES, step.day)
            if carry_out(form, lambda: step.run(change, form, request.actor), beside=beside):
                messages.success(request, step.done)
                return redirect("term_change_detail", change.pk)
        return _form_page(
            request, form, change=change, heading=rules.label_of(act), hint=step.hint,
            yes=rules.label_of(act), back=reverse("term_change_detail", args=[change.pk]),
            reasons=() if form.is_bound else _reasons(change, act, request.actor),
            elected=panels.elected_lines(change) if act in SHOWS_RESULT else (),
        )  # fmt: skip

    return term_change_step


def _reasons(change: TermChange, act: str, actor: Actor) -> Any:
    refused = actions.refuse_step(change, act, actor)
    ask = panels.BLOCKED.get(act)
    return refused or (ask(change) if ask else ())


def _given(act: str, change: TermChange) -> Mapping[str, Any]:
    if act == "redraft":
        return forms.plan_shown(
            planned_on=change.planned_on, seats=change.seats, text=change.plan_text,
            is_community=queries.is_community(change.village),
        )  # fmt: skip
    if act == "publish" and change.new_committee_on:
        return {"published_on": change.new_committee_on}
    if act in ("reschedule", "again"):
        return {"planned_on": change.planned_on}
    return {}


# --- candidates -----------------------------------------------------------------------------------


def _posts(change: TermChange) -> list[tuple[str, str]]:
    return [(post, OfficerPost(post).label) for post in queries.seats_of(change)]


@page(*rules.roles_of("propose"))
def candidate_add(request: ActedRequest, term_change_id: UUID) -> HttpResponse:
    change = queries.get_change(request.actor.scope, term_change_id)
    people = {str(one.pk): one for one in queries.list_eligible(request.actor.scope, change)}
    form = forms.CandidateForm(
        request.POST or None, posts=_posts(change),
        people=[(key, f"{one.name}（{one.number}）") for key, one in people.items()],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        person = people[form.cleaned_data["person"]]
        made = carry_out(
            form,
            lambda: actions.propose_candidate(change, person, form.papers(), actor=request.actor),
            beside=BESIDE,
        )
        if made is not None:
            messages.success(request, f"{person.name}已列为候选人")
            return redirect("term_change_detail", change.pk)
    return _form_page(
        request, form, change=change, heading="提名候选人", yes="提名",
        back=reverse("term_change_detail", args=[change.pk]),
        hint="材料不齐可以先提名、后补；提交联审以前须补齐。",
        reasons=() if form.is_bound else actions.refuse_step(change, "propose", request.actor),
    )  # fmt: skip


@page(*rules.roles_of("propose"))
def candidate_edit(request: ActedRequest, candidate_id: UUID) -> HttpResponse:
    candidate = queries.get_candidate(request.actor.scope, candidate_id)
    change = candidate.change
    form = forms.PapersForm(
        request.POST or None, posts=_posts(change),
        initial={
            "posts": candidate.posts, "consented_on": candidate.consented_on,
            "resume": candidate.resume, "relatives_declared": candidate.relatives_declared,
            **dict(candidate.sources),
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            lambda: actions.change_candidate(candidate, form.papers(), actor=request.actor),
            beside=BESIDE,
        )
        if done is not None:
            messages.success(request, "候选人材料已保存")
            return redirect("term_change_detail", change.pk)
    return _form_page(
        request, form, change=change, heading=f"候选人材料：{candidate.person}", yes="保存",
        back=reverse("term_change_detail", args=[change.pk]),
        reasons=() if form.is_bound else actions.refuse_step(change, "propose", request.actor),
    )  # fmt: skip


@page(*rules.roles_of("propose"))
def candidate_drop(request: ActedRequest, candidate_id: UUID) -> HttpResponse:
    candidate = queries.get_candidate(request.actor.scope, candidate_id)
    change = candidate.change
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        done = carry_out(
            form, lambda: actions.drop_candidate(candidate, text=text, actor=request.actor),
            beside=BESIDE,
        )  # fmt: skip
        if done is not None:
            messages.success(request, f"{candidate.person}已退出")
            return redirect("term_change_detail", change.pk)
    return _form_page(
        request, form, change=change, heading=f"候选人退出：{candidate.person}", yes="退出",
        back=reverse("term_change_detail", args=[change.pk]),
        reasons=() if form.is_bound else actions.refuse_step(change, "propose", request.actor),
    )  # fmt: skip


# --- a meeting ------------------------------------------------------------------------------------


@page(*rules.roles_of("meet"))
def term_change_meeting(request: ActedRequest, term_change_id: UUID, body: str) -> HttpResponse:
    """The numbers and votes of one meeting; what they come to the rules say."""
    change = queries.get_change(request.actor.scope, term_change_id)
    if body not in queries.bodies_of(change):
        raise Http404
    kind = elections.kind_of(change, body)
    form = forms.MeetingForm(
        request.POST or None, body=body, ballot=elections.ballot_of(change, body),
        initial={"held_on": change.planned_on},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        beside = BESIDE | dict.fromkeys(DAY_CODES, "held_on")
        done = carry_out(
            form,
            lambda: elections.record_meeting(change, form.meeting(), actor=request.actor),
            beside=beside,
        )
        if done is not None:
            messages.success(request, MEETING_SAYS.get(done.state, "已登记，还有名额要选"))
            return redirect("term_change_detail", change.pk)
    return _form_page(
        request, form, change=change, yes="登记",
        heading=f"登记{Body(body).label}选举会议" + RUNOFF * (kind == MeetingKind.RUNOFF),
        hint=HINTS[Body(body)] if kind == MeetingKind.FIRST else HINTS_OF_RUNOFF[Body(body)],
        back=reverse("term_change_detail", args=[change.pk]),
        reasons=() if form.is_bound else actions.refuse_step(change, "meet", request.actor),
    )  # fmt: skip


RUNOFF = "（另行选举）"
MEETING_SAYS = {"elected": "选举有效，名额已选齐", "failed": "选举无效，原因见换届页面"}
HINTS = {
    Body.PARTY: "应到党员五分之四以上到会有效；得票超过应到人数的一半当选。",
    Body.VC: "登记选民过半数投票有效；得参加投票人数的过半数当选。",
}
HINTS_OF_RUNOFF = {
    Body.PARTY: "只选还缺的名额；得票超过应到人数的一半当选。",
    Body.VC: "只选还缺的名额；得票多的当选，但不少于已投选票的三分之一。",
}


# --- looking back ---------------------------------------------------------------------------------


@page(*rules.READERS)
def lookback_list(request: ActedRequest) -> HttpResponse:
    """Problems of all villages, what is due first."""
    towns = list(directory.list_towns(request.actor.scope).values_list("path", "short_name"))
    every = (MendState.OPEN, MendState.MENDED, MendState.CLOSED, MendState.EXEMPTED)
    rows = queries.list_mending(request.actor.scope, every).select_related(
        "change__village__parent", "officer__person"
    )
    listing: Listing[LookBackCheck] = Listing(
        request,
        rows,
        filters=(
            Filter("town", "乡镇", towns,
                   lambda path: Q(change__village__path__gte=path,
                                  change__village__path__lt=path_end(path))),
            Filter("state", "整改", MendState.choices()[1:], lambda code: Q(state=code)),
            Filter("item", "项目", LookBackItem.choices(), lambda code: Q(item=code)),
        ),
        sorts={"due": ("due_on", "change__village__path", "item"),
               "village": ("change__village__path", "item")},
        default_sort="due",
    )  # fmt: skip
    return render(request, "organization/lookback_list.html", {"listing": listing})


@page(*rules.READERS)
def lookback_check(request: ActedRequest, lookback_id: UUID) -> HttpResponse:
    """One item: what was found, and for those who check, the form."""
    check = queries.get_check(request.actor.scope, lookback_id)
    closed = lookback_actions.reasons_against(check, "check", actor=request.actor)
    if check.state not in (MendState.NONE, MendState.OPEN):
        closed = (*closed, ALREADY_MENDING)
    officers = {str(one.pk): one for one in queries.list_officers(check.change.village_id)}
    form = None if closed else forms.CheckForm(
        request.POST or None,
        initial={"result": check.result, "evidence": check.evidence, "owner": check.owner,
                 "officer": str(check.officer_id or "")},
        officers=[(key, f"{one.person}（{one.get_post_display()}）")
                  for key, one in officers.items()] if check.item in lookback.STRICT else None,
    )  # fmt: skip
    if form is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = carry_out(
            form,
            lambda: lookback_actions.check_item(
                check, result=said["result"], evidence=said["evidence"], owner=said["owner"],
                officer=officers.get(said.get("officer", "")), actor=request.actor,
            ),
            beside=BESIDE,
        )  # fmt: skip
        if done is not None:
            messages.success(request, "检查结论已保存")
            return redirect("term_change_detail", check.change_id)
    context = {
        "check": check,
        "change": check.change,
        "form": form,
        "buttons": panels.check_buttons(check, request.actor),
        "entries": list_timeline(check),
    }
    status = 200 if form is None else status_of(form)
    return render(request, "organization/lookback_check.html", context, status=status)


ALREADY_MENDING = Refusal("organization.lookback.mending", "问题已经报整改，不能改结论")
MEND_LABELS = {line.act: line.label for line in lookback.MEND_FLOW}
MEND_DONE = {"mend": "已报整改，等县委组织部核实", "exempt": "已批准不追究", "verify": "已销号",
             "return": "已退回"}  # fmt: skip


def _mend(check: LookBackCheck, form: Any, actor: Actor) -> LookBackCheck:
    said = form.cleaned_data
    return lookback_actions.mend(
        check, outcome=said["outcome"], text=said["text"], mended_on=said["mended_on"],
        document_number=said["document_number"], recall=form.recall(), actor=actor,
    )  # fmt: skip


MEND_RUNS: dict[str, Callable[[LookBackCheck, Any, Actor], LookBackCheck]] = {
    "mend": _mend,
    "exempt": lambda check, form, actor: lookback_actions.exempt(
        check, **form.cleaned_data, actor=actor
    ),
    "verify": lambda check, form, actor: lookback_actions.verify(
        check, **form.cleaned_data, actor=actor
    ),
    "return": lambda check, form, actor: lookback_actions.send_back(
        check, **form.cleaned_data, actor=actor
    ),
}
MENDERS = tuple(dict.fromkeys(
    role for line in lookback.MEND_FLOW if line.before for role in line.roles
))  # fmt: skip


def _mend_form(act: str, check: LookBackCheck, data: Any) -> Form:
    if act == "mend":
        post = check.officer.post if check.officer else ""
        outcomes = lookback.outcomes_for(check.item, post)
        return forms.MendForm(data, outcomes=[(one.value, one.label) for one in outcomes])
    simple = {
        "exempt": forms.ExemptForm, "verify": forms.RemarkForm, "return": forms.ReasonForm,
    }  # fmt: skip
    return simple[act](data)


@page(*MENDERS)
def lookback_step(request: ActedRequest, lookback_id: UUID, act: str) -> HttpResponse:
    """Mending: reported, exempted, verified or sent back."""
    check = queries.get_check(request.actor.scope, lookback_id)
    if act not in MEND_RUNS:
        raise Http404
    form = _mend_form(act, check, request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, lambda: MEND_RUNS[act](check, form, request.actor), beside=BESIDE)
        if done is not None:
            messages.success(request, MEND_DONE[act])
            return redirect("lookback_check", check.pk)
    reasons = lookback_actions.reasons_against(check, act, actor=request.actor)
    return _form_page(
        request, form, change=check.change, check=check,
        heading=f"{MEND_LABELS[act]}：{check.get_item_display()}", yes=MEND_LABELS[act],
        back=reverse("lookback_check", args=[check.pk]),
        reasons=() if form.is_bound else reasons,
    )  # fmt: skip
