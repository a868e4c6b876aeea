"""The pages of the checks, the acceptance, the decision, the vote and what follows (4.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.ballots import ballots_needed, shown_code
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.actions import acceptance as actions
from lingyan.organization.actions import rect_ballots
from lingyan.organization.actions.rectification import refuse_role
from lingyan.organization.forms import rect_work as forms
from lingyan.organization.models import RectificationCase
from lingyan.organization.panels import rect_work as panels
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.queries import rectification as cases
from lingyan.organization.rules import acceptance as rules
from lingyan.organization.rules.acceptance import VoteMethod
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE
from lingyan.organization.views.rect_work import form_page
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.refusing import carry_out

STEPPERS = tuple(dict.fromkeys((*BOTH_OF_VILLAGE, *TOWN, *STAFF, *LEADER)))
Reasons = Callable[[RectificationCase, Actor], tuple[Refusal, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One act as its page shows it: what is asked, who does it, what is said afterwards."""

    heading: str
    done: str
    form: Callable[..., Form]
    run: Callable[..., object]
    reasons: Reasons
    hint: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)


def _role_alone(act: str) -> Reasons:
    return lambda case, actor: refuse_role(case, act, actor)


def _said(form: Form) -> dict[str, Any]:
    said: dict[str, Any] = getattr(form, "said", form.cleaned_data)
    return said


STEPS: Mapping[str, Step] = {
    "self_check": Step(
        "自查签字", "已签字", forms.RectTextForm, actions.sign_self_check,
        actions.reasons_against_self_check,
        "村党组织书记和第一书记都签字，自查才算完成。",
    ),
    "town_check": Step(
        "乡镇初验", "初验已通过", forms.RectTextForm, actions.pass_town_check,
        actions.reasons_against_town_check, "写明怎样核实的。",
    ),
    "send_back": Step(
        "退回整改", "已退回整改", forms.RectTextForm, actions.send_back,
        _role_alone("send_back"), "写明还差什么；村里改好以后重新签字。",
    ),
    "accept": Step(
        "组成检查考核组", "检查考核组已组成，开始验收", forms.GroupForm, actions.open_inspection,
        _role_alone("accept"), "",
        {
            "organization.acceptance.group_small": "members",
            "organization.acceptance.group_serves": "members",
        },
    ),
    "score": Step(
        "登记验收得分", "得分已登记", forms.ScoreForm, actions.score_inspection,
        actions.reasons_against_scoring, "四个方面各 25 分，总分由系统相加。",
    ),
    "clear": Step(
        "销号", "已销号，派驻和结对不再受限", forms.OptionalTextForm, actions.clear_case,
        actions.reasons_against_clearing,
    ),
    "extend": Step(
        "延长整顿", "已延长整顿，干部不撤回、工作不脱钩", forms.ExtendRectForm,
        actions.extend_case, actions.reasons_against_extending, "",
        {"organization.acceptance.extended_due": "due_on"},
    ),
    "follow": Step(
        "转入跟踪巩固", "已转入跟踪巩固", forms.PressForm, actions.begin_following,
        _role_alone("follow"), "销号后 3 个月、6 个月各回访一次，没有反弹再归档。",
    ),
    "close": Step(
        "归档", "已归档", forms.PressForm, actions.close_case, actions.reasons_against_closing,
    ),
    "relapse": Step(
        "认定反弹", "已认定反弹", forms.RectTextForm, actions.declare_relapse,
        _role_alone("relapse"), "认定后这个村重新受限，并重新立项整顿。",
    ),
    "child": Step(
        "重新立项", "已重新立项", forms.ChildForm, actions.open_child,
        actions.reasons_against_child, "新事项另行编号，从“确定整顿”开始。",
        {
            "organization.rect.document": "document_number",
            "organization.rect.decided_on": "decided_on",
        },
    ),
}  # fmt: skip


def _form(step: Step, act: str, case: RectificationCase, given: Any) -> Form:
    if act == "extend":
        due_on = rules.latest_extension(clock.today())
        return step.form(given, initial={"due_on": due_on})
    if act == "score" and (inspection := queries.present_inspection(case)) is not None:
        return step.form(given, initial={**inspection.items, "text": inspection.text})
    return step.form(given)


@page(*STEPPERS)
def rect_step(request: ActedRequest, rect_case_id: UUID, act: str) -> HttpResponse:
    """One act from the self-check to the file; what stands against it is said beforehand."""
    step, actor = STEPS.get(act), request.actor
    if step is None:
        raise Http404
    case = cases.get_case(actor.scope, rect_case_id)
    form = _form(step, act, case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        carry_out(form, lambda: step.run(case, actor=actor, **_said(form)), beside=step.beside)
        if not form.errors:
            messages.success(request, step.done)
            return redirect("rect_case_detail", case.pk)
    reasons = () if form.is_bound else step.reasons(case, actor)
    hint = step.hint or (panels.results_of(case) if act in ("clear", "extend") else "")
    return form_page(request, case, form, step.heading, step.heading, reasons=reasons, hint=hint)


# --- the vote -------------------------------------------------------------------------------------


@page(*rect_ballots.HOLDERS)
def rect_vote_manage(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    """满意度测评: slips, printing, handing out, the end of the vote; nothing shown before that."""
    actor = request.actor
    case = cases.get_case(actor.scope, rect_case_id)
    inspection = queries.last_inspection(case)
    vote = queries.last_vote(inspection) if inspection else None
    is_running = vote is not None and vote.counted_on is None
    initial = {"households": vote.households} if vote else {}
    form = forms.RectSlipsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: rect_ballots.make_slips(case, actor=actor, **form.cleaned_data),
            beside={
                "organization.vote.households": "households",
                "organization.vote.too_few": "slips",
                "organization.vote.too_many": "slips",
            },
        )  # fmt: skip
        if not form.errors:
            messages.success(request, "选票已制好，请打印后登记发放")
            return redirect("rect_vote_manage", case.pk)
    context = {
        "case": case,
        "form": form,
        "vote": vote,
        "is_running": is_running,
        "new_slips": queries.new_codes(vote).count() if vote and is_running else 0,
        "needed": ballots_needed(vote.households) if vote else None,
        "is_by_phone": vote is not None and vote.method == VoteMethod.PHONE,
        "reasons": () if form.is_bound else rect_ballots.reasons_against_slips(case, actor),
        "lines": panels.votes_of(inspection) if inspection else (),
        "vote_address": request.build_absolute_uri(reverse("rect_vote")),
        "close": forms.CloseVoteForm(),
    }
    status = 422 if form.errors else 200
    return render(request, "organization/rect_vote_manage.html", context, status=status)


@never_cache
@page(*rect_ballots.HOLDERS)
def rect_slips(request: ActedRequest, rect_vote_id: int) -> HttpResponse:
    """The slips that were not handed out yet, to print and cut."""
    vote = queries.get_vote(request.actor.scope, rect_vote_id)
    codes = rect_ballots.show_slips(vote, actor=request.actor)
    context = {
        "vote": vote,
        "case": vote.inspection.case,
        "codes": [shown_code(code) for code in codes],
        "choices": list(rules.RectBallotChoice),
        "vote_address": request.build_absolute_uri(reverse("rect_vote")),
    }
    return render(request, "organization/rect_slips.html", context)


@require_POST
@page(*rect_ballots.HOLDERS)
def rect_hand_out(request: ActedRequest, rect_vote_id: int) -> HttpResponse:
    vote = queries.get_vote(request.actor.scope, rect_vote_id)
    rect_ballots.hand_out(vote, actor=request.actor)
    messages.success(request, "已登记发放，编号从现在起可以填写，不再显示")
    return redirect("rect_vote_manage", vote.inspection.case_id)


@require_POST
@page(*rect_ballots.HOLDERS)
def rect_vote_close(request: ActedRequest, rect_vote_id: int) -> HttpResponse:
    vote = queries.get_vote(request.actor.scope, rect_vote_id)
    no_cadres = request.POST.get("no_cadres") == "on"
    rect_ballots.close_vote(vote, no_cadres=no_cadres, actor=request.actor)
    messages.success(request, "测评已结束，结果已计入验收")
    return redirect("rect_vote_manage", vote.inspection.case_id)


@page(*rect_ballots.HOLDERS)
def rect_papers(request: ActedRequest, rect_vote_id: int) -> HttpResponse:
    """An open count of slips that were ticked by hand."""
    actor = request.actor
    vote = queries.get_vote(actor.scope, rect_vote_id)
    form = forms.RectPapersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: rect_ballots.count_papers(vote, actor=actor, **form.cleaned_data),
            beside={
                "organization.vote.papers": "papers",
                "organization.vote.sum": "satisfied",
                "organization.vote.counters": "counters",
                "organization.vote.cadres": "no_cadres",
            },
        )  # fmt: skip
        if not form.errors:
            messages.success(request, "计票已登记，结果已计入验收")
            return redirect("rect_vote_manage", vote.inspection.case_id)
    case = vote.inspection.case
    return form_page(
        request, case, form, "登记计票", "登记计票",
        back=reverse("rect_vote_manage", args=[case.pk]),
        hint=f"发出 {vote.issued} 张。公开唱票后登记；登记以后不能再改，也不能再凭编号填写。",
    )  # fmt: skip


# --- afterwards -----------------------------------------------------------------------------------


@page(*TOWN, *STAFF)
def rect_follow_up(request: ActedRequest, rect_follow_up_id: UUID) -> HttpResponse:
    actor = request.actor
    follow_up = queries.get_follow_up(actor.scope, rect_follow_up_id)
    form = forms.RectFollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: actions.make_follow_up(follow_up, actor=actor, **form.cleaned_data),
            beside={
                "organization.followup.to_come": "visited_on",
                "organization.followup.too_early": "visited_on",
            },
        )  # fmt: skip
        if not form.errors:
            messages.success(request, "回访已登记")
            return redirect("rect_case_detail", follow_up.case_id)
    heading = f"销号后 {follow_up.months} 个月回访"
    return form_page(request, follow_up.case, form, heading, "登记回访")
