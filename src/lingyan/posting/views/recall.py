"""The pages of recall: signals, the list of cases, one case, its steps and letters."""

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

from lingyan.directory.queries import county_of
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting import rules
from lingyan.posting.actions import recall as actions
from lingyan.posting.exports.recall import write_cases
from lingyan.posting.forms import recall as forms
from lingyan.posting.models import RecallCase
from lingyan.posting.panels import recall as panels
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import recall as queries
from lingyan.posting.rules import recall as recall_rules
from lingyan.posting.rules.recall_words import RecallState

READERS = (*panels.COUNTY, *rules.TOWN, *rules.UNIT, *queries.OWN)
EXPORTERS = panels.COUNTY
BESIDE = {
    "posting.recall.text_missing": "text",
    "posting.recall.text_long": "text",
    "posting.recall.ground_missing": "ground",
    "posting.recall.warn_months": "months",
    "posting.recall.day_in_future": "on",
    "posting.recall.day_before": "on",
    "posting.document_number_missing": "document_number",
}


# --- signals --------------------------------------------------------------------------------------


@page(*recall_rules.OPENERS, *rules.LEADER)
def recall_signals(request: ActedRequest) -> HttpResponse:
    """What the records say, with the records; whether anything comes of it, a person decides."""
    held = life_queries.list_in_post(request.actor.scope).order_by("village__path", "kind", "pk")
    lines = panels.signal_lines(held, request.actor)
    context = {
        "lines": lines,
        "may_open": request.actor.role in recall_rules.OPENERS,
        "grounds": [one for one in recall_rules.GROUNDS.values() if one.signal],
    }
    return render(request, "posting/recall_signals.html", context)


@page(*recall_rules.OPENERS)
def recall_open(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    signal = _signal(request, posting_id)
    initial = {"source": "signal" if signal else "report"}
    if signal:
        initial |= {"ground": signal.ground, "text": f"{signal.label}：{signal.text}"}
    form = forms.OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        text = signal.text if signal else ""
        case = carry_out(
            form,
            lambda: actions.open_case(
                posting, **form.cleaned_data, signal_text=text, actor=request.actor
            ),
            beside=BESIDE,
        )
        if case is not None:
            messages.success(request, "已立案，请先告知本人、听取陈述")
            return redirect("recall_detail", case.pk)
    context = {
        "posting": posting,
        "form": form,
        "signal": signal,
        "reasons": actions.reasons_against_opening(posting, actor=request.actor),
    }
    return render(request, "posting/recall_open.html", context, status=status_of(form))


def _signal(request: ActedRequest, posting_id: UUID) -> recall_rules.Signal | None:
    """The signal that led here, looked up again: nothing of it is taken from the address."""
    ground = request.GET.get("ground", "")
    if ground not in recall_rules.GROUNDS:
        return None
    held = life_queries.list_in_post(request.actor.scope).filter(pk=posting_id)
    lines = panels.signal_lines(held, request.actor)
    return next((one for line in lines for one in line.signals if one.ground == ground), None)


# --- cases ----------------------------------------------------------------------------------------

CHECKING = Q(state__in=("signalled", "told", "heard"))
TURNS = (("check", "待核实"), ("open", "未办结"))


def _listing(request: ActedRequest) -> Listing[RecallCase]:
    turn = {"check": CHECKING, "open": Q(state__in=recall_rules.OPEN_STATES)}
    filters = [
        Filter("turn", "进度", TURNS, turn.__getitem__),
        Filter("state", "状态", RecallState.choices(), lambda code: Q(state=code)),
    ]
    if panels.reads_all(request.actor):
        towns = posting_queries.town_choices(request.actor.scope)
        filters.append(Filter("town", "乡镇", towns, _in_town))
    return Listing(
        request,
        queries.list_cases(request.actor),
        search=("posting__person__name", "posting__village__short_name", "posting__unit__name"),
        search_hint="姓名、村或单位",
        filters=tuple(filters),
        sorts={
            "opened": ("-opened_on", "pk"),
            "person": ("posting__person__name", "-opened_on"),
            "village": ("posting__village__path", "-opened_on"),
        },
        default_sort="opened",
    )


def _in_town(path: str) -> Q:
    return Q(posting__village__path__gte=path, posting__village__path__lt=path_end(path))


@page(*READERS)
def recall_list(request: ActedRequest) -> HttpResponse:
    listing = _listing(request)
    context = {
        "listing": listing,
        "rows": [(case, panels.due_of(case)) for case in listing],
        "reads_all": panels.reads_all(request.actor),
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "posting/recall_list.html", context)


@page(*EXPORTERS)
def recall_export(request: ActedRequest) -> HttpResponse:
    """The list as it is filtered, without grounds of health and discipline."""
    cases = list(_listing(request).rows)
    target = BytesIO()
    write_cases(target, cases, actor=request.actor)
    actions.note_export(cases, actor=request.actor)
    return workbook(target.getvalue(), "召回台账.xlsx")


@page(*READERS)
def recall_detail(request: ActedRequest, case_id: UUID) -> HttpResponse:
    case = queries.get_case(request.actor, case_id)
    note_reading(case.posting.person)
    reads_all = panels.reads_all(request.actor)
    context = {
        "case": case,
        "ground": recall_rules.GROUNDS[case.ground],
        "is_own": case.posting.person_id == request.actor.scope.person_id,
        "reads_all": reads_all,
        "steps": panels.steps_shown(case, request.actor),
        "acts": panels.acts_of(case, request.actor),
        "due": panels.due_of(case),
        "effects": panels.effects_of(case),
        "letters": panels.letters_of(case, request.actor),
        "follower": queries.find_follower(case.posting) if case.decided_on else None,
        "may_fill": request.actor.role in (*panels.COUNTY, *rules.UNIT),
        "entries": list_timeline(case) if reads_all else (),
    }
    return render(request, "posting/recall_detail.html", context)


# --- one step -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the page of one act asks and says."""

    form: Callable[..., Form]
    label: str
    hint: str
    done: str
    note: str = ""


STEP_PAGES: dict[str, StepPage] = {
    "tell": StepPage(
        forms.TextForm, "告知内容", "要核实的事实；本人会看到这里写的话", "已告知本人，等待陈述",
        "告知以后，本人和派出单位可以看到这一事项。反映人的情况不要写在这里。",
    ),
    "state": StepPage(
        forms.TextForm, "您的陈述", "写清事实和您的意见；提交后随事项一并提交研究", "陈述已提交"
    ),
    "hear": StepPage(
        forms.DayForm, "陈述内容", "何时何地、由谁听取；本人不愿陈述的如实写明", "陈述已记录"
    ),
    "verify": StepPage(forms.TextForm, "核实情况", "查了哪些记录、核实到什么事实", "已核实"),
    "drop": StepPage(forms.TextForm, "核实情况", "为什么不成立", "已办结：线索不成立"),
    "opine": StepPage(forms.TextForm, "单位意见", "派出单位对这一事项的意见", "单位意见已填写"),
    "warn": StepPage(
        forms.WarnForm, "提醒内容", "指出的问题和改进要求", "已提醒约谈，改进期满后回访",
        "只适用于初次、可以改正的情形。通知书可以在事项页面上打印。",
    ),
    "improve": StepPage(forms.DayForm, "改进情况", "回访看到的改进", "已办结：已改进"),
    "propose": StepPage(
        forms.TextForm, "召回建议", "依据和理由", "已提出召回，等待集体研究",
        "提出后，该同志的派驻状态成为“拟召回”。",
    ),
    "decide": StepPage(
        forms.DecideForm, "集体研究情况", "哪次会议、研究意见；本人陈述已附在事项里",
        "已决定召回，派驻到今天为止；请按期补派",
        "决定后派驻当天结束，不能撤回。",
    ),
    "reject": StepPage(
        forms.TextForm, "理由", "为什么不予召回", "已办结：不予召回，派驻恢复为在岗"
    ),
    "deliver": StepPage(forms.DayForm, "送达方式", "当面送达、邮寄等", "已登记送达"),
    "talk": StepPage(forms.DayForm, "约谈情况", "约谈了谁、谈了什么", "已登记约谈"),
    "replace": StepPage(forms.NoForm, "", "", "已记为已补派"),
    "close": StepPage(forms.NoForm, "", "", "已办结归档"),
}  # fmt: skip
STEPPERS = tuple(
    dict.fromkeys(role for line in recall_rules.RECALL_FLOW if line.before for role in line.roles)
)


@page(*STEPPERS)
def recall_step(request: ActedRequest, case_id: UUID, act: str) -> HttpResponse:
    """The page of one act of the table."""
    case = queries.get_case(request.actor, case_id)
    step = STEP_PAGES.get(act)
    if step is None:
        raise Http404("no such step")
    form = _form(step, request)
    # A step without words is pressed with an empty form.
    if request.method == "POST" and form.is_valid() and _take(request, case, act, form):
        messages.success(request, step.done)
        return redirect("recall_detail", case.pk)
    context = {
        "case": case,
        "heading": _label(case, act),
        "note": step.note,
        "form": form,
        "reasons": panels.reasons_of(case, act, request.actor),
        "told": [line for line in panels.steps_shown(case, request.actor) if _matters(line, act)],
    }
    return render(request, "posting/recall_step.html", context, status=status_of(form))


def _form(step: StepPage, request: ActedRequest) -> Form:
    asked: dict[str, Any] = {}
    if step.label:
        asked = {"label": step.label, "hint": step.hint}
    data = request.POST if request.method == "POST" else None
    return step.form(data, **asked)


def _take(request: ActedRequest, case: RecallCase, act: str, form: Form) -> bool:
    carry_out(
        form,
        lambda: actions.take_step(case, act, actor=request.actor, **form.cleaned_data),
        beside=BESIDE,
    )
    return not form.errors


def _label(case: RecallCase, act: str) -> str:
    lines = [line for line in recall_rules.RECALL_FLOW if line.act == act]
    fitting = next((line for line in lines if line.before == case.state), lines[0])
    return fitting.label


# What is read before the step is taken.
READ_BEFORE = {
    "state": ("tell",),
    "verify": ("tell", "state", "hear"),
    "opine": ("tell", "state", "hear", "verify"),
    "propose": ("verify", "opine"),
    "decide": ("state", "hear", "verify", "opine", "propose"),
    "reject": ("state", "hear", "verify", "opine", "propose"),
    "improve": ("warn",),
}


def _matters(line: panels.StepLine, act: str) -> bool:
    return line.step.act in READ_BEFORE.get(act, ())


# --- letters --------------------------------------------------------------------------------------


@page(*READERS)
def recall_letter(request: ActedRequest, case_id: UUID, kind: str) -> HttpResponse:
    """A letter to print: what was told, the warning, the decision."""
    case = queries.get_case(request.actor, case_id)
    if kind not in dict(panels.letters_of(case, request.actor)):
        raise Http404("no such letter yet")
    note_reading(case.posting.person)
    title, act = panels.LETTERS[kind]
    steps = [line.step for line in panels.steps_shown(case, request.actor) if line.step.act == act]
    context = {
        "case": case,
        "kind": kind,
        "title": title,
        "step": steps[-1],
        "ground": recall_rules.GROUNDS[case.ground],
        "effects": panels.effects_of(case),
        "county": county_of(case.posting.village),
    }
    return render(request, "posting/recall_letter.html", context)
