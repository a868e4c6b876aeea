"""The pages of supervised tasks: all that one may see, one task, its steps, a new one."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.directory import areas
from lingyan.directory.models import Place
from lingyan.directory.queries import list_places
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.settings import Numbers, numbers_on
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.photos.forms import before_reading
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.supervision.actions import evidence
from lingyan.supervision.actions import tasks as actions
from lingyan.supervision.exports.tasks import write_tasks
from lingyan.supervision.forms import tasks as forms
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.queries import report
from lingyan.supervision.queries import tasks as queries
from lingyan.supervision.rules import settings
from lingyan.supervision.rules import tasks as rules
from lingyan.supervision.rules.words import UNDER_WAY, TaskLevel, TaskState
from lingyan.supervision.views.evidence import add_photos
from lingyan.supervision.views.months import asked_month, month_key, month_words

HEADINGS = {
    line.act: line.label
    for line in rules.TASK_FLOW
    if line.act in ("accept", "submit", "verify", "return", "void")
}
STEPPERS = tuple(dict.fromkeys((*rules.OWNERS, *rules.CHECKERS)))
DONE = {
    "accept": "已接收，请按期办结",
    "submit": "已报结，等核验",
    "verify": "已核验",
    "return": "已退回重办",
    "void": "已作废",
}
BESIDE = {
    "supervision.task.what_missing": "what",
    "supervision.task.due_on": "due_on",
    "supervision.task.text_missing": "text",
    "supervision.task.text_long": "text",
    "supervision.task.evidence_missing": "evidence",
    "supervision.task.links_many": "links",
    "supervision.task.link_foreign": "links",
}
TONES = {AlertLevel.YELLOW: "y", AlertLevel.RED: "r", AlertLevel.BLACK: "r"}


def _listing(request: ActedRequest) -> Listing[SupervisionTask]:
    actor, today = request.actor, clock.today()
    month = asked_month(request)
    mine = queries.list_mine(actor).order_by().values("pk")
    check = queries.list_to_check(actor).order_by().values("pk")
    reported = queries.list_reported(actor).order_by().values("pk")
    turns = {
        "mine": Q(pk__in=mine),
        "check": Q(pk__in=check),
        "overdue": queries.overdue_q(today),
        "reported": Q(pk__in=reported),
        "due": report.tasks_due_q(month, today),
        "late": report.tasks_due_q(month, today) & ~report.IN_TIME,
    }
    return Listing(
        request,
        queries.list_tasks(actor),
        search=queries.search_q,
        search_hint="事项、来源或地名",
        filters=(
            Filter(
                "turn", "办理",
                (("mine", "等我办"), ("check", "等我核验"), ("overdue", "超期未办结"),
                 ("reported", "严重超期，报到我这一级"),
                 ("due", f"{month_words(month)}到期"),
                 ("late", f"{month_words(month)}到期，没有按期办结")),
                turns.__getitem__,
            ),
            Filter("state", "状态", TaskState.choices(), lambda code: Q(state=code)),
            Filter("level", "现在在哪级", TaskLevel.choices(), lambda code: Q(level=code)),
            *areas.narrowed(request, actor, queries.list_inside),
        ),
        sorts={"due": ("due_on", "came_at"), "place": ("place__path", "due_on")},
        default_sort="due",
    )  # fmt: skip


@page(*rules.READERS)
def supervision_task_list(request: ActedRequest) -> HttpResponse:
    listing, numbers = _listing(request), numbers_on(clock.today())
    context = {
        "listing": listing,
        "kept_month": month_key(asked_month(request)),
        "lines": [(one, tone_of(one, numbers)) for one in listing],
        "may_raise": request.actor.role in rules.RAISERS,
    }
    return render(request, "supervision/task_list.html", context)


def tone_of(task: SupervisionTask, numbers: Numbers) -> tuple[str, str]:
    """The alert level of 0.8 in colour and words; what is settled needs none."""
    if task.state not in UNDER_WAY:
        return "", ""
    path = task.place.path
    level = alert_level(
        task.due_on, clock.today(), warn_days=numbers.of(path, settings.WARN),
        severe_days=numbers.of(path, settings.SEVERE),
    )  # fmt: skip
    return TONES.get(level, ""), level.label if level in TONES else ""


@page(*rules.CHECKERS)
def supervision_task_export(request: ActedRequest) -> HttpResponse:
    target = BytesIO()
    write_tasks(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "督办任务.xlsx")


# --- a new one -----------------------------------------------------------------------------------


@page(*rules.RAISERS)
def supervision_task_raise(request: ActedRequest) -> HttpResponse:
    places = _askable(request)
    choices = [(key, f"{one.parent or ''}{one}") for key, one in places.items()]
    form = forms.RaiseForm(request.POST or None, places=choices)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        place = places[said.pop("place")]
        level = queries.LEVEL_OF_PLACE[place.level]
        task = carry_out(
            form,
            lambda: actions.raise_task(place=place, level=level, actor=request.actor, **said),
            beside=BESIDE,
        )
        if task is not None:
            messages.success(request, "已交办，到期没有人接收的自动提级")
            return redirect("supervision_task_detail", task.pk)
    context = {
        "form": form,
        "heading": "交办任务",
        "yes": "交办",
        "hint": "在接收期限内没有人接收，自动提一级。办结后由您或上一级核验。",
        "back": reverse("supervision_task_list"),
        "list_name": "督办任务",
    }
    return render(request, "supervision/form.html", context, status=status_of(form))


def _askable(request: ActedRequest) -> dict[str, Place]:
    """Towns and villages below the own office."""
    found = list_places(request.actor.scope).filter(
        level__in=(PlaceLevel.TOWNSHIP, PlaceLevel.VILLAGE)
    )
    own = set(request.actor.scope.place_paths)
    return {str(one.pk): one for one in found.order_by("path") if one.path not in own}


# --- one task ------------------------------------------------------------------------------------


@page(*rules.READERS)
def supervision_task_detail(request: ActedRequest, task_id: UUID) -> HttpResponse:
    actor = request.actor
    task = queries.get_task(actor, task_id)
    acts = {
        line.act: line.label
        for line in open_acts(rules.TASK_FLOW, state=task.state, role=actor.role)
        if line.act in HEADINGS and not actions.reasons_against(task, line.act, actor=actor)
    }
    tone, word = tone_of(task, numbers_on(clock.today()))
    context = {
        "task": task,
        "acts": acts,
        "first": next(iter(acts), ""),
        "tone": tone,
        "alert": word,
        "source_url": _source_url(task),
        "timeline": list_timeline(task),
        "photos": task.photos.all(),
        "may_remove": evidence.may_change(task, actor),
    }
    return render(request, "supervision/task_detail.html", context)


def _source_url(task: SupervisionTask) -> str:
    """The page of the record that it comes from; some pages need no record."""
    if not task.source_page:
        return ""
    for given in ([task.source_id], []):
        try:
            return reverse(task.source_page, args=given)
        except NoReverseMatch:
            continue
    return ""


def _step_form(request: ActedRequest, act: str, task: SupervisionTask) -> Form:
    given = request.POST if request.method == "POST" else None
    if act == "accept":
        return forms.PlainForm(given)
    if act == "submit":
        files = request.FILES if request.method == "POST" else None
        return forms.AnswerForm(
            given, files, is_evidence_required=task.is_evidence_required, host=request.get_host()
        )
    return forms.NoteForm(given) if act == "verify" else forms.RemarkForm(given)


@before_reading
@page(*STEPPERS)
def supervision_task_step(request: ActedRequest, task_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its few words."""
    task = queries.get_task(request.actor, task_id)
    if act not in HEADINGS:
        raise Http404
    form = _step_form(request, act, task)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if files := said.pop("photos", None):
            add_photos(request, task, files)
        carry_out(
            form,
            lambda: actions.step_task(task, act, actor=request.actor, **said),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, DONE[act])
            return redirect("supervision_task_detail", task.pk)
    reasons = () if form.is_bound else actions.reasons_against(task, act, actor=request.actor)
    context = {
        "form": form,
        "heading": HEADINGS[act],
        "yes": HEADINGS[act],
        "hint": task.what,
        "reasons": reasons,
        "back": reverse("supervision_task_detail", args=[task.pk]),
        "list_name": "督办任务",
        "thing": task,
    }
    return render(request, "supervision/form.html", context, status=status_of(form))
