"""The pages of rectification cases: the list, one case, each step up to the start, the ranks."""

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
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.directory import areas
from lingyan.directory import queries as directory
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.organization.actions import rect_listing as listing_actions
from lingyan.organization.actions import rectification as actions
from lingyan.organization.actions import screening
from lingyan.organization.exports.rectification import write_cases
from lingyan.organization.forms import rectification as forms
from lingyan.organization.models import RectificationCase
from lingyan.organization.panels import rect_page
from lingyan.organization.queries import rect_supports as supports
from lingyan.organization.queries import rectification as queries
from lingyan.organization.queries import screening as screenings
from lingyan.organization.rules import rectification as rules
from lingyan.organization.rules import rectification_steps as steps
from lingyan.organization.rules.rectification_words import RectState, Situation, SupportKind
from lingyan.organization.rules.screening import SCREENERS, severity
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

COUNTY = (*STAFF, *LEADER)
DEPARTMENTS = (Role.COUNTY_DISCIPLINE, Role.COUNTY_AGRI, Role.DEPT_STAFF)
CASE_READERS = (
    *COUNTY, *DEPARTMENTS, Role.COUNTY_LEADER, Role.COUNTY_OFFICE, *TOWN, Role.TOWN_LEADER, *UNIT,
    *VILLAGE, *POSTED, Role.UPPER_VIEWER,
)  # fmt: skip
STEPPERS = (*TOWN, *COUNTY)
EXPORTERS = (*COUNTY, *TOWN)
BESIDE = {
    "organization.rect.document": "document_number",
    "organization.rect.decided_on": "on",
    "organization.rect.text_missing": "text",
    "organization.rect.text_long": "text",
    "organization.rect.opinion_text": "text",
    "organization.rect.opinion": "opinion",
    "organization.rect.answered_on": "on",
    "organization.rect.problem_situation": "situation",
    "organization.rect.problem_due": "due_on",
    "organization.rect.no_leader": "leader",
    "organization.rect.no_town_leader": "leader",
    "organization.rect.support_same": "leader",
}
FORMS: dict[str, type[Form]] = {
    "confirm": forms.ConfirmForm,
    "dismiss": forms.DismissForm,
    "withdraw": forms.WithdrawForm,
    "plan": forms.PlanForm,
}


# --- the list -------------------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[RectificationCase]:
    actor = request.actor
    towns = list(directory.list_towns(actor.scope).values_list("path", "short_name"))
    turn = {
        "waiting": queries.waiting_q(actor),
        "open": Q(state__in=sorted(rules.RECT_OPEN)),
        "overdue": Q(state__in=sorted(rules.VISITED), due_on__lt=clock.today()),
    }
    return Listing(
        request,
        queries.list_cases(actor.scope),
        search=queries.search_q,
        search_hint="村或乡镇",
        filters=(
            Filter(
                "turn",
                "办理",
                (("waiting", "等我办"), ("open", "在整顿"), ("overdue", "超过整顿期限")),
                turn.__getitem__,
            ),
            Filter("state", "状态", RectState.choices(), lambda code: Q(state=code)),
            Filter(
                "situation", "情形", [(one.value, f"{one.value} {one.label}") for one in Situation],
                lambda code: Q(situations__code=code),
            ),
            Filter("town", "乡镇", towns,
                   lambda path: Q(village__path__gte=path, village__path__lt=path_end(path))),
            *areas.narrowed(request, actor, lambda within: queries.list_cases(within.scope)),
        ),
        sorts={
            "number": ("year", "serial"),
            "village": ("village__path", "-year", "-serial"),
            "due": ("due_on", "serial"),
            "rank": ("rank", "serial"),
        },
        default_sort="-number",
    )  # fmt: skip


@page(*CASE_READERS)
def rect_case_list(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    listing = _listing(request)
    context = {
        "listing": listing,
        "codes": queries.codes_of(list(listing)),
        "today": clock.today(),
        "visited": rules.VISITED,
        "may_rank": actor.role in STAFF,
        "may_export": actor.role in EXPORTERS,
        "may_screen": actor.role in SCREENERS,
    }
    return render(request, "organization/rect_case_list.html", context)


@page(*EXPORTERS)
def rect_case_export(request: ActedRequest) -> HttpResponse:
    target = BytesIO()
    write_cases(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "整顿台账.xlsx")


@page(*STAFF)
def rect_ranks(request: ActedRequest) -> HttpResponse:
    """倒排: the worst village first; what the situations suggest stands there already."""
    cases = sorted(
        queries.list_candidates(request.actor.scope).prefetch_related("situations"),
        key=lambda case: (case.rank or 9999, severity(_codes(case)), case.serial),
    )
    rows = [
        (case.pk, f"{case.village.parent or ''}{case.village}（{'、'.join(_codes(case))}）", place)
        for place, case in enumerate(cases, start=1)
    ]
    form = forms.RanksForm(request.POST or None, cases=rows)
    if request.method == "POST" and form.is_valid():
        carry_out(form, lambda: listing_actions.rank_cases(form.ranks, actor=request.actor))
        if not form.errors:
            messages.success(request, "名次已排定")
            return redirect("rect_case_list")
    return _form(
        request, form, "倒排名次", "保存名次",
        hint="按情形轻重从最需要整顿的排起，可以改；名次供县委研究时参考，不向乡镇摊派名额。"
        if cases else "现在没有等县委决定的对象。",
        is_empty=not cases,
    )  # fmt: skip


def _codes(case: RectificationCase) -> list[str]:
    return [one.code for one in case.situations.all()]


# --- one case -------------------------------------------------------------------------------------


@page(*CASE_READERS)
def rect_case_detail(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    actor = request.actor
    case = queries.get_case(actor.scope, rect_case_id)
    label, who = rect_page.whose_turn(case)
    acts = rect_page.acts_of(case, actor)
    context = {
        "case": case,
        "steps": rect_page.steps_of(case),
        "acts": acts,
        "blocked": [one for one in acts if one.reasons and one.is_main],
        "next_label": label,
        "next_who": who,
        "situations": case.situations.order_by("code"),
        "may_add": actor.role in SCREENERS and case.state == RectState.SCREENED,
        "may_ask": actor.role in STAFF
        and case.state == RectState.PROPOSED
        and not case.consultations.exists(),
        "consultations": _consultations(request, case),
        "four": _four(request, case),
        "problems": queries.problems_of(case),
        "is_planning": case.state == RectState.CONFIRMED and actor.role in steps.PLANNERS,
        "has_list": case.state not in rules.NOT_TOLD,
        "sections": rect_page.sections_of(case, actor),
        "timeline": list_timeline(case),
        "child": queries.find_child(case),
    }
    return render(request, "organization/rect_case_detail.html", context)


def _consultations(request: ActedRequest, case: RectificationCase) -> list[tuple[Any, bool]]:
    """The answers, to the county's organization; to a department its own."""
    actor = request.actor
    if actor.role not in (*COUNTY, *DEPARTMENTS):
        return []
    rows = queries.consultations_of(case)
    if actor.role in DEPARTMENTS:
        rows = rows.filter(queries.own_consultations_q(actor))
    may = actor.role in steps.ANSWERERS and case.state == RectState.PROPOSED
    return [(one, may) for one in rows]


def _four(request: ActedRequest, case: RectificationCase) -> list[tuple[Any, ...]]:
    """Of each of the 四个一: who it is, whether it still holds, whether it may be named here."""
    if case.state in rules.NOT_TOLD:
        return []
    standing, missing = queries.standing_supports(case), queries.missing_supports(case)
    return [
        (kind, standing.get(kind), kind in missing, _may_name(request, case, kind, missing))
        for kind in SupportKind
    ]


def _may_name(
    request: ActedRequest, case: RectificationCase, kind: SupportKind, missing: list[SupportKind]
) -> bool:
    """A leader may hand over at any time; a posting or pair that still holds is not named again."""
    of_record = kind in (SupportKind.S3, SupportKind.S4)
    if of_record and (kind not in missing or supports.of_records(case, kind) is None):
        return False
    return not listing_actions.reasons_against_support(case, kind, actor=request.actor)


def _form(
    request: ActedRequest, form: Form, heading: str, yes: str,
    case: RectificationCase | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "heading": heading,
        "yes": yes,
        "case": case,
        "back": reverse("rect_case_detail", args=[case.pk]) if case else reverse("rect_case_list"),
        **more,
    }
    return render(request, "organization/rect_form.html", context, status=status_of(form))


@page(*STEPPERS)
def rect_case_step(request: ActedRequest, rect_case_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    case = queries.get_case(request.actor.scope, rect_case_id)
    if act not in rect_page.OWN_ACTS:
        raise Http404
    form = FORMS[act](request.POST or None) if act in FORMS else _nothing(request)
    if form.is_bound and form.is_valid():
        said = actions.Said(**form.cleaned_data)
        carry_out(
            form, lambda: actions.step_case(case, act, said, actor=request.actor), beside=BESIDE
        )
        if not form.errors:
            messages.success(request, rect_page.OWN_ACTS[act])
            return redirect("rect_case_detail", case.pk)
    reasons = () if form.is_bound else actions.reasons_against(case, act, actor=request.actor)
    line = next(one for one in rules.RECTIFICATION_FLOW if one.act == act)
    return _form(request, form, line.label, line.label, case, reasons=reasons, hint=line.holds)


@page(*SCREENERS)
def rect_situation_add(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    case = queries.get_case(request.actor.scope, rect_case_id)
    line = screenings.line_of(case.village, clock.today().year)
    known = queries.situation_codes(case)
    form = forms.FindingsForm(request.POST or None, signals=line.signals, known=known)
    if request.method == "POST" and form.is_valid():
        carry_out(form, lambda: screening.add_situations(case, form.findings, actor=request.actor))
        if not form.errors:
            messages.success(request, "已补充")
            return redirect("rect_case_detail", case.pk)
    return _form(request, form, "补充情形", "补充", case, hint="写了依据的即为认定，没有的留空。")


# --- consultation ---------------------------------------------------------------------------------


@require_POST
@page(*STAFF)
def rect_ask(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    case = queries.get_case(request.actor.scope, rect_case_id)
    listing_actions.ask_departments(case, actor=request.actor)
    messages.success(request, "已向七个部门征求意见")
    return redirect("rect_case_detail", case.pk)


@page(*steps.ANSWERERS)
def rect_answer(request: ActedRequest, rect_consultation_id: UUID) -> HttpResponse:
    asked = queries.get_consultation(request.actor, rect_consultation_id)
    initial = {"opinion": asked.opinion or "none", "text": asked.text}
    form = forms.AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: listing_actions.answer_consultation(
                asked, actor=request.actor, **form.cleaned_data
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "答复已记下")
            return redirect("rect_case_detail", asked.case_id)
    heading = f"{asked.get_department_display()}部门的答复"
    hint = "\n".join(
        f"{one.code} {one.get_code_display()}：{one.evidence}"
        for one in asked.case.situations.order_by("code")
    )
    return _form(request, form, heading, "答复", asked.case, hint=hint)


# --- the plan and the four ------------------------------------------------------------------------


@page(*steps.PLANNERS)
def rect_problem_add(request: ActedRequest, rect_case_id: UUID) -> HttpResponse:
    case = queries.get_case(request.actor.scope, rect_case_id)
    situations = [
        (one.code, f"{one.code} {one.get_code_display()}")
        for one in case.situations.order_by("code")
    ]
    bare = queries.bare_situations(case)
    form = forms.ProblemForm(
        request.POST or None, situations=situations, initial={"situation": (bare or [""])[0]}
    )
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: listing_actions.list_problem(case, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已列入问题清单")
            return redirect("rect_case_detail", case.pk)
    return _form(request, form, "列一个问题", "列入清单", case)


@require_POST
@page(*steps.PLANNERS)
def rect_problem_strike(request: ActedRequest, rect_problem_id: UUID) -> HttpResponse:
    problem = queries.get_problem(request.actor.scope, rect_problem_id)
    listing_actions.strike_problem(problem, actor=request.actor)
    messages.success(request, "已从清单里删去")
    return redirect("rect_case_detail", problem.case_id)


@page(*TOWN, *COUNTY)
def rect_support(request: ActedRequest, rect_case_id: UUID, kind: str) -> HttpResponse:
    """S1 and S2 by account; S3 and S4 as the records of postings and pairs say."""
    case = queries.get_case(request.actor.scope, rect_case_id)
    if kind not in {one.value for one in SupportKind}:
        raise Http404
    of_record = kind in (SupportKind.S3, SupportKind.S4)
    form: Form = _nothing(request)
    people = [] if of_record else list(supports.list_eligible(case, kind))
    if not of_record:
        form = forms.LeaderForm(
            request.POST or None,
            leaders=[(str(one.pk), one.name) for one in people],
            of_county=kind == SupportKind.S1,
        )
    if form.is_bound and form.is_valid():
        carry_out(form, lambda: _support(request, case, kind, form, people), beside=BESIDE)
        if not form.errors:
            messages.success(request, f"{SupportKind(kind).label}已明确")
            return redirect("rect_case_detail", case.pk)
    found = supports.of_records(case, kind) if of_record else None
    hint = f"派驻和结对记录里是：{found['name']}" if found else ""
    if of_record and not found:
        hint = steps.MISSING_RECORD[SupportKind(kind)].text
    return _form(
        request, form, f"明确{SupportKind(kind).label}", "明确", case, hint=hint,
        is_empty=of_record and found is None,
    )  # fmt: skip


def _nothing(request: ActedRequest) -> Form:
    """A press of the button, without words."""
    return forms.NothingForm(request.POST) if request.method == "POST" else forms.NothingForm()


def _support(
    request: ActedRequest, case: RectificationCase, kind: str, form: Form, people: list[Any]
) -> Any:
    if kind in (SupportKind.S3, SupportKind.S4):
        return listing_actions.take_from_records(case, kind, actor=request.actor)
    said = dict(form.cleaned_data)
    chosen = said.pop("leader")
    user = next((one for one in people if str(one.pk) == chosen), None)
    return listing_actions.name_support(case, kind, user=user, actor=request.actor, **said)
