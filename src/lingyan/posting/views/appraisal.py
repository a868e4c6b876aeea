"""The pages of appraisals: the list, one of them, scores, ranking, one person, each step."""

from __future__ import annotations

from collections.abc import Callable
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
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.refusals import Refusal
from lingyan.directory.queries import get_county
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, View, page
from lingyan.platform.audit import reading
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import appraisal as actions
from lingyan.posting.actions import appraisal_scores as score_actions
from lingyan.posting.exports.appraisal import write_results
from lingyan.posting.forms import appraisal as forms
from lingyan.posting.models import AppraisalCycle, AppraisalEntry
from lingyan.posting.panels import appraisal as panels
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.queries.postings import town_choices
from lingyan.posting.rules import appraisal as appraisal_rules
from lingyan.posting.rules.appraisal_scores import Scheme, written
from lingyan.posting.rules.appraisal_words import (
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
    AppraisalState,
)

SIDES = queries.SIDES
COUNTY = queries.COUNTY
SCORERS = tuple(role for roles in appraisal_rules.SCORERS.values() for role in roles)


def _status(form: Form) -> int:
    return 422 if form.errors else 200


# --- lists ----------------------------------------------------------------------------------------


@page(*SIDES)
def appraisal_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_cycles(request.actor),
        search=("name",),
        search_hint="考评名称",
        filters=(
            Filter("kind", "类别", AppraisalKind.choices(), lambda code: Q(kind=code)),
            Filter("state", "状态", AppraisalState.choices(), lambda code: Q(state=code)),
        ),
        sorts={"until": ("-until", "-created_at", "pk"), "due": ("due_on", "pk")},
        default_sort="until",
    )
    context = {
        "listing": listing,
        "may_open": request.actor.role in rules.STAFF,
        "in_county": request.actor.role in COUNTY,
    }
    return render(request, "posting/appraisal_list.html", context)


@page(*rules.POSTED)
def appraisal_own(request: ActedRequest) -> HttpResponse:
    """One's own results, once each was told."""
    entries = queries.list_entries(request.actor).order_by("-cycle__until", "pk")
    lines = [(one, written(one.score), panels.TONE_OF_GRADE[one.grade]) for one in entries]
    return render(request, "posting/appraisal_own.html", {"lines": lines})


# --- schemes --------------------------------------------------------------------------------------


@page(*COUNTY)
def appraisal_schemes(request: ActedRequest) -> HttpResponse:
    """What is in force for each kind, and every version there was."""
    county = get_county(request.actor.scope)
    today = clock.today()
    context = {
        "in_force": [
            (kind, panels.scheme_lines(queries.scheme_of(county, kind, today)))
            for kind in AppraisalKind
        ],
        "versions": list(queries.list_schemes(request.actor.scope)[:50]),
        "may_make": request.actor.role in appraisal_rules.SCHEME_MAKERS,
    }
    return render(request, "posting/appraisal_schemes.html", context)


@page(*appraisal_rules.SCHEME_MAKERS)
def appraisal_scheme_new(request: ActedRequest) -> HttpResponse:
    county = get_county(request.actor.scope)
    now = queries.scheme_of(county, AppraisalKind.ANNUAL, clock.today())
    form = forms.SchemeForm(request.POST or None, initial=forms.SchemeForm.of(now))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.make_scheme(
            county=county,
            kinds=[AppraisalKind(kind) for kind in said["kinds"]],
            scheme=form.scheme,
            valid_from=said["valid_from"],
            clause=said["clause"],
            actor=request.actor,
        )
        messages.success(request, "考评办法已登记，以后启动的考评按它计算")
        return redirect("appraisal_schemes")
    context = {
        "form": form,
        "heading": "登记考评办法",
        "hint": "乡镇党委和村民群众的权重之和不低于 60；四方之和为 100。",
        "yes": "登记",
        "back": reverse("appraisal_schemes"),
    }
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


# --- one appraisal --------------------------------------------------------------------------------


@page(*rules.STAFF)
def appraisal_open(request: ActedRequest) -> HttpResponse:
    form = forms.OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cycle = actions.open_appraisal(
            county=get_county(request.actor.scope), actor=request.actor, **form.said
        )
        messages.success(request, "考评已启动，请核对参加考评的同志，再开始评分")
        return redirect("appraisal", cycle.pk)
    context = {
        "form": form,
        "heading": "启动考评",
        "hint": "季度、年度考评的对象是现在在任、考评期内到岗的同志；"
        "期满考评的对象是已进入期满考察的同志。权重按现行考评办法定下。",
        "yes": "启动",
        "back": reverse("appraisal_list"),
    }
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


@page(*SIDES)
def appraisal(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
    """How far it is, by town and side; what comes next; who has appealed."""
    actor = request.actor
    cycle = queries.get_cycle(actor, cycle_id)
    scheme = Scheme.from_json(cycle.scheme)
    entries = queries.entries_of(actor, cycle)
    context = {
        "cycle": cycle,
        "scheme": scheme,
        "scheme_lines": panels.scheme_lines(scheme),
        "steps": panels.steps(cycle),
        "buttons": panels.buttons(cycle, actor),
        "reasons": _reasons(cycle, actor),
        "parts": [part for part in scheme.parts() if part is not AppraisalPart.MASS],
        "towns": panels.progress(actor, cycle, scheme),
        "ballots": panels.ballot_figures(actor, cycle) if _sees_ballots(scheme, actor) else None,
        "people": entries.filter(left_out="").count(),
        "left_out": list(entries.exclude(left_out="")[:50]),
        "shows_results": queries.may_see_results(actor, cycle),
        "may_score": _may_score(cycle, scheme, actor),
        "is_running": cycle.state in (AppraisalState.OPENED, AppraisalState.SCORING),
        "appeals": list(queries.list_appeals(actor).filter(entry__cycle=cycle)),
        "in_county": actor.role in COUNTY,
        "entries": list_timeline(cycle) if actor.role in COUNTY else None,
        "is_sealed": cycle.digest and cycle.digest == actions.digest_of(cycle)
        if actor.role in COUNTY
        else None,
    }
    return render(request, "posting/appraisal.html", context)


def _sees_ballots(scheme: Scheme, actor: Actor) -> bool:
    return scheme.has_ballots and actor.role not in rules.UNIT


def _may_score(cycle: AppraisalCycle, scheme: Scheme, actor: Actor) -> bool:
    part = appraisal_rules.part_of_role(actor.role)
    return cycle.state == AppraisalState.SCORING and part is not None and scheme.weight(part) > 0


def _reasons(cycle: AppraisalCycle, actor: Actor) -> tuple[Refusal, ...]:
    """Why the step forward is not open yet, said to those whose step it is."""
    if actor.role in rules.STAFF and cycle.state == AppraisalState.SCORING:
        return actions.reasons_against_summarising(cycle, actor=actor)
    if actor.role in rules.STAFF and cycle.state == AppraisalState.NOTIFIED:
        return actions.reasons_against_archiving(cycle, actor=actor)
    if actor.role in rules.LEADER and cycle.state == AppraisalState.SUMMARISED:
        return actions.reasons_against_deliberating(cycle, actor=actor)
    return ()


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the page of one act asks, does and says afterwards."""

    label: str
    run: Callable[..., AppraisalCycle]
    done: str
    hint: str = ""
    form: Callable[..., Form] = Form
    roles: tuple[str, ...] = ()


STEP_PAGES = {
    "start": StepPage(
        "开始评分", actions.start_scoring, "已开始评分",
        "各方在截止日前评分，村民凭编号投票。",
    ),
    "summarise": StepPage(
        "汇总", actions.summarise, "已汇总，等部务会研究",
        "汇总后不再评分、投票；按准确得分排名，优秀按比例，脱岗的按规定封顶。",
    ),
    "send_back": StepPage(
        "退回评分", actions.send_back, "已退回评分", "各方改好后重新汇总，调整过的等次要重新研究。",
        forms.SendBackForm,
    ),
    "deliberate": StepPage(
        "研究确定等次", actions.deliberate, "等次已确定，等反馈",
        "需要调整的，先在排名页逐人调整并写明理由。", forms.DecisionForm,
    ),
    "notify": StepPage(
        "反馈结果", actions.notify, "已反馈，本人可以查看",
        "反馈后本人看到自己的结果，5 个工作日内可以申诉。",
    ),
    "archive": StepPage(
        "归档", actions.archive, "已归档，结果可用于评优、使用和召回核实",
        "归档后结果不再改动，选票编号全部作废。",
    ),
    "cancel": StepPage(
        "取消考评", actions.cancel, "考评已取消", "取消后这次考评不算数，不能恢复。",
        forms.ReasonForm,
    ),
    "due": StepPage(
        "改截止日", actions.change_due, "截止日已改", "", forms.DueForm, rules.STAFF
    ),
}  # fmt: skip
REASONS_OF = {
    "summarise": actions.reasons_against_summarising,
    "deliberate": actions.reasons_against_deliberating,
    "archive": actions.reasons_against_archiving,
}


def _roles_of(act: str) -> tuple[str, ...]:
    lines = [line for line in appraisal_rules.APPRAISAL_FLOW if line.act == act]
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


def step_view(act: str) -> View:
    """The page of one act of the table, open to the roles that the table names."""
    step = STEP_PAGES[act]

    @page(*(step.roles or _roles_of(act)))
    def appraisal_step(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
        cycle = queries.get_cycle(request.actor, cycle_id)
        form = step.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            step.run(cycle, actor=request.actor, **form.cleaned_data)
            messages.success(request, step.done)
            return redirect("appraisal", cycle.pk)
        context = {
            **_of_cycle(cycle, step.label, form, step.hint),
            "reasons": _reasons_of(act, cycle, request.actor),
        }
        return render(request, "posting/appraisal_form.html", context, status=_status(form))

    return appraisal_step


def _reasons_of(act: str, cycle: AppraisalCycle, actor: Actor) -> tuple[Refusal, ...]:
    if act in REASONS_OF:
        return REASONS_OF[act](cycle, actor=actor)
    return () if act == "due" else actions.refuse_step(cycle, act, actor)


def _of_cycle(cycle: AppraisalCycle, label: str, form: Form, hint: str = "") -> dict[str, Any]:
    return {
        "cycle": cycle,
        "heading": label,
        "hint": hint,
        "form": form,
        "yes": label,
        "back": reverse("appraisal", args=[cycle.pk]),
    }


# --- scores ---------------------------------------------------------------------------------------


@page(*SCORERS)
def appraisal_scores(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
    """All rows of one page with one save; the side follows from the role."""
    actor = request.actor
    cycle = queries.get_cycle(actor, cycle_id)
    part = appraisal_rules.part_of_role(actor.role)
    assert part is not None
    indicators = Scheme.from_json(cycle.scheme).indicators.get(part, ())
    listing = _people_to_score(request, cycle, part)
    entries = list(listing)
    data = request.POST if request.method == "POST" else None
    sheet = forms.ScoreSheet.of(entries, queries.scores_of(entries, part), indicators, data)
    if data is not None and sheet.is_valid:
        saved = score_actions.save_scores(cycle, part=part, given=sheet.given, actor=actor)
        messages.success(request, f"已保存 {saved} 名同志的评分" if saved else "没有改动")
        return redirect(request.get_full_path())
    context = {
        "cycle": cycle,
        "part": part,
        "indicators": indicators,
        "listing": listing,
        "sheet": sheet,
        "missing": panels.unscored(actor, cycle, part),
        "is_open": _may_score(cycle, Scheme.from_json(cycle.scheme), actor),
        "tone": panels.level_tone(cycle.due_on),
    }
    status = 200 if sheet.is_valid else 422
    return render(request, "posting/appraisal_scores.html", context, status=status)


def _people_to_score(
    request: ActedRequest, cycle: AppraisalCycle, part: AppraisalPart
) -> Listing[AppraisalEntry]:
    rows = queries.entries_of(request.actor, cycle).filter(left_out="")
    if part is AppraisalPart.UNIT:
        rows = rows.filter(posting__unit__isnull=False)
    towns = town_choices(request.actor.scope) if part is not AppraisalPart.TOWN else []
    return Listing(
        request,
        rows,
        search=("posting__person__name", "posting__village__short_name"),
        search_hint="姓名或村",
        filters=(Filter("town", "乡镇", towns, _in_town),) if towns else (),
        sorts={"village": ("posting__village__path", "posting__kind", "pk")},
        default_sort="village",
    )


def _in_town(path: str) -> Q:
    return Q(posting__village__path__gte=path, posting__village__path__lt=path_end(path))


# --- the ranking ----------------------------------------------------------------------------------


def _ranked(actor: Actor, cycle_id: UUID) -> tuple[AppraisalCycle, panels.Ranking]:
    """Not there until this reader may know it."""
    cycle = queries.get_cycle(actor, cycle_id)
    if not queries.may_see_results(actor, cycle):
        raise Http404
    entries = list(queries.entries_of(actor, cycle).filter(left_out=""))
    return cycle, panels.ranking(cycle, entries, everybody=actor.role in COUNTY)


@page(*SIDES)
def appraisal_ranking(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
    cycle, ranking = _ranked(request.actor, cycle_id)
    may_change = request.actor.role in rules.LEADER and cycle.state == AppraisalState.SUMMARISED
    context = {
        "cycle": cycle,
        "ranking": ranking,
        "in_county": request.actor.role in COUNTY,
        "may_change": may_change,
        "reasons": actions.reasons_against_deliberating(cycle, actor=request.actor)
        if may_change
        else (),
    }
    return render(request, "posting/appraisal_ranking.html", context)


@page(*SIDES)
def appraisal_workbook(request: ActedRequest, cycle_id: UUID) -> HttpResponse:
    """The ranking as a table, marked with who took it out."""
    cycle, ranking = _ranked(request.actor, cycle_id)
    target = BytesIO()
    with reading.listing() as listed:
        people = [line.entry.posting.person for line in ranking.lines]
        rows = write_results(
            target, panels.rows_to_export(cycle, ranking), people, actor=request.actor
        )
    actions.note_export(cycle, rows=rows, listed=listed, actor=request.actor)
    return workbook(target.getvalue(), f"{cycle.name}.xlsx")


# --- one person -----------------------------------------------------------------------------------


@page(*SIDES, *rules.POSTED)
def appraisal_entry(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    """One person's appraisal, as far as this reader may know it."""
    actor = request.actor
    entry = queries.get_entry(actor, entry_id)
    note_reading(entry.posting.person)
    shown = queries.may_see_results(actor, entry.cycle)
    tally = queries.tally_of(entry)
    appeal = queries.find_appeal(entry)
    context = {
        "entry": entry,
        "cycle": entry.cycle,
        "shown": shown,
        "lines": _lines_of(actor, entry, shown=shown),
        "tally": tally,
        "satisfaction": panels.satisfaction_text(tally),
        "score": written(entry.score),
        "tone": panels.TONE_OF_GRADE.get(entry.grade, ""),
        "appeal": appeal,
        "may_appeal": actor.role in appraisal_rules.APPELLANTS
        and not actions.reasons_against_appealing(entry, text="待填", actor=actor),
        "may_review": appeal is not None
        and not actions.reasons_against_reviewing(appeal, actor=actor),
        "may_leave_out": actor.role in rules.STAFF
        and entry.cycle.state in (AppraisalState.OPENED, AppraisalState.SCORING),
        "may_change": actor.role in rules.LEADER
        and entry.cycle.state == AppraisalState.SUMMARISED
        and not entry.left_out,
        "is_own": actor.role in rules.POSTED,
    }
    return render(request, "posting/appraisal_entry.html", context)


def _lines_of(actor: Actor, entry: AppraisalEntry, *, shown: bool) -> list[panels.PartLine]:
    """Before the results are told, each side sees its own points and nobody else's."""
    if shown:
        return panels.part_lines(entry)
    part = appraisal_rules.part_of_role(actor.role)
    return panels.part_lines(entry, only=part) if part else []


@page(*rules.STAFF)
def appraisal_leave_out(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor, entry_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave_out(entry, actor=request.actor, **form.cleaned_data)
        messages.success(request, "已不参加本次考评")
        return redirect("appraisal_entry", entry.pk)
    hint = "例如：新到岗不满考评期、病休、村民票数无法收够。原因会显示在考评页面上。"
    context = _of_entry(entry, "不参加本次考评", form, hint)
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


@require_POST
@page(*rules.STAFF)
def appraisal_take_in(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor, entry_id)
    actions.take_in(entry, actor=request.actor)
    messages.success(request, "已恢复参加考评")
    return redirect("appraisal_entry", entry.pk)


@page(*rules.LEADER)
def appraisal_grade(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    """Another grade than the computed one, with the reason."""
    entry = queries.get_entry(request.actor, entry_id)
    form = forms.GradeForm(request.POST or None, initial={"grade": entry.grade})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.change_grade(
            entry, grade=AppraisalGrade(said["grade"]), reason=said["reason"], actor=request.actor
        )
        messages.success(request, "等次已调整")
        return redirect("appraisal_ranking", entry.cycle_id)
    hint = f"测算得分 {written(entry.score)}，等次{entry.get_computed_grade_display()}。"
    context = {
        **_of_entry(entry, "调整等次", form, hint + entry.note),
        "reasons": actions.reasons_against_grading(entry, actor=request.actor),
    }
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


@page(*appraisal_rules.APPELLANTS)
def appraisal_appeal(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor, entry_id)
    form = forms.AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.appeal(entry, actor=request.actor, **form.cleaned_data)
        messages.success(request, "申诉已提出，10 个工作日内复核")
        return redirect("appraisal_entry", entry.pk)
    context = {
        **_of_entry(entry, "提出申诉", form),
        "reasons": actions.reasons_against_appealing(entry, text="待填", actor=request.actor),
    }
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


@page(*rules.LEADER)
def appraisal_review(request: ActedRequest, appeal_id: UUID) -> HttpResponse:
    made = queries.get_appeal(request.actor, appeal_id)
    form = forms.ReviewForm(request.POST or None, initial={"grade": made.entry.grade})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.review_appeal(
            made, grade=AppraisalGrade(said["grade"]), answer=said["answer"], actor=request.actor
        )
        messages.success(request, "申诉已复核")
        return redirect("appraisal_entry", made.entry_id)
    context = {
        **_of_entry(made.entry, "复核申诉", form),
        "appeal": made,
        "reasons": actions.reasons_against_reviewing(made, actor=request.actor),
    }
    return render(request, "posting/appraisal_form.html", context, status=_status(form))


def _of_entry(entry: AppraisalEntry, label: str, form: Form, hint: str = "") -> dict[str, Any]:
    return {
        "cycle": entry.cycle,
        "entry": entry,
        "heading": label,
        "hint": hint,
        "form": form,
        "yes": label,
        "back": reverse("appraisal_entry", args=[entry.pk]),
    }
