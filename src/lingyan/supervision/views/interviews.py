"""The pages of talks: those that one may read, one talk, its steps, a new one."""

from __future__ import annotations

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
from lingyan.directory.models import Person
from lingyan.directory.queries import find_people
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.supervision.actions import interviews as actions
from lingyan.supervision.forms import interviews as forms
from lingyan.supervision.models import Interview
from lingyan.supervision.queries import interviews as queries
from lingyan.supervision.queries import report
from lingyan.supervision.rules import interviews as rules
from lingyan.supervision.rules.words import InterviewKind, InterviewState
from lingyan.supervision.views.months import asked_month, month_key, month_words

HEADINGS = {line.act: line.label for line in rules.INTERVIEW_FLOW if line.act != "plan"}
FORMS: dict[str, type[Form]] = {
    "hold": forms.HoldForm,
    "improve": forms.ImproveForm,
    "review": forms.ReviewForm,
    "close": forms.PlainForm,
    "void": forms.VoidForm,
}
DONE = {
    "hold": "已登记，请本人填写整改措施",
    "improve": "整改措施已记下",
    "review": "回访已登记",
    "close": "已归档",
    "void": "已作废",
}
HINTS = {"hold": f"约谈后 {rules.REVIEW_DAYS} 天以内回访。"}
BESIDE = {
    "supervision.interview.ground_missing": "ground",
    "supervision.interview.interviewer": "interviewer",
    "supervision.interview.oneself": "person",
    "supervision.interview.not_of_village": "person",
    "supervision.interview.statement_missing": "statement",
    "supervision.interview.text_missing": "text",
    "supervision.interview.text_long": "text",
}


def _listing(request: ActedRequest) -> Listing[Interview]:
    actor, month = request.actor, asked_month(request)
    waiting = queries.list_waiting(actor).order_by().values("pk")
    due = report.reviews_due(actor, month, clock.today()).order_by().values("pk")
    turns = {
        "waiting": Q(pk__in=waiting),
        "overdue": queries.overdue_q(clock.today()),
        "due": Q(pk__in=due),
    }
    return Listing(
        request,
        queries.list_interviews(actor),
        search=lambda text: Q(person__name__startswith=text),
        search_hint="姓名",
        filters=(
            Filter(
                "turn", "办理",
                (("waiting", "等我办"), ("overdue", "超期没有回访"),
                 ("due", f"{month_words(month)}应回访")),
                turns.__getitem__,
            ),
            Filter("state", "状态", InterviewState.choices(), lambda code: Q(state=code)),
            Filter("kind", "方式", InterviewKind.choices(), lambda code: Q(kind=code)),
            *areas.narrowed(request, actor, queries.list_inside),
        ),
        sorts={"day": ("decided_on", "pk")},
        default_sort="-day",
    )  # fmt: skip


@page(*rules.READERS)
def interview_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "kept_month": month_key(asked_month(request)),
        "today": clock.today(),
        "may_plan": request.actor.role in rules.DECIDERS,
    }
    return render(request, "supervision/interview_list.html", context)


@page(*rules.DECIDERS)
def interview_plan(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    form = forms.PlanForm(request.POST or None, interviewers=queries.interviewers(actor))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        person = _the_one(request, form, said.pop("person"))
        if person is not None:
            made = carry_out(
                form, lambda: actions.plan_interview(person, actor=actor, **said), beside=BESIDE
            )
            if made is not None:
                messages.success(request, "已决定约谈")
                return redirect("interview_detail", made.pk)
    context = {
        "form": form,
        "heading": "决定约谈",
        "yes": "决定",
        "hint": "约谈由人决定，系统只提供事实。本人、约谈人和有权查看的身份看得到。",
        "back": reverse("interview_list"),
        "list_name": "约谈",
    }
    return render(request, "supervision/form.html", context, status=status_of(form))


def _the_one(request: ActedRequest, form: Form, text: str) -> Person | None:
    """Whom the name or the number means, among the people of the own area."""
    found = find_people(request.actor.scope, text)
    if len(found) == 1:
        return found[0]
    several = "有重名的人员，请写人员编号："
    names = "、".join(f"{one.number}（{one.unit or one.place or ''}）" for one in found[:5])
    form.add_error("person", several + names if found else "在本地区没有找到这个人")
    return None


@page(*rules.READERS)
def interview_detail(request: ActedRequest, interview_id: UUID) -> HttpResponse:
    actor = request.actor
    interview = queries.get_interview(actor, interview_id)
    acts = {
        line.act: line.label
        for line in open_acts(rules.INTERVIEW_FLOW, state=interview.state, role=actor.role)
        if not actions.reasons_against(interview, line.act, actor=actor)
    }
    today = clock.today()
    is_late = interview.review_due_on is not None and interview.review_due_on < today
    context = {
        "interview": interview,
        "acts": acts,
        "first": next(iter(acts), ""),
        "is_late": is_late and interview.reviewed_on is None,
        "timeline": list_timeline(interview),
    }
    return render(request, "supervision/interview_detail.html", context)


@page(*rules.READERS)
def interview_step(request: ActedRequest, interview_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    interview = queries.get_interview(request.actor, interview_id)
    if act not in HEADINGS:
        raise Http404
    form = FORMS[act](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = actions.Said(**form.cleaned_data)
        carry_out(
            form,
            lambda: actions.step_interview(interview, act, said, actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, DONE[act])
            return redirect("interview_detail", interview.pk)
    reasons = () if form.is_bound else actions.reasons_against(interview, act, actor=request.actor)
    context = {
        "form": form,
        "heading": HEADINGS[act],
        "yes": HEADINGS[act],
        "hint": HINTS.get(act, ""),
        "reasons": reasons,
        "back": reverse("interview_detail", args=[interview.pk]),
        "list_name": "约谈",
        "thing": interview,
    }
    return render(request, "supervision/form.html", context, status=status_of(form))
