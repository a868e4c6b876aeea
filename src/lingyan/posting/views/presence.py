"""The pages of presence: who is where today, the months, and absence without leave."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.alerts import alert_level
from lingyan.common.periods import add_months, month_of
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import presence as actions
from lingyan.posting.forms import life as forms
from lingyan.posting.models import Absence
from lingyan.posting.panels import presence as panels
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import presence as queries
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import presence as presence_rules
from lingyan.posting.rules.life_words import AbsenceState, Whereabouts
from lingyan.posting.rules.support_words import StandardKey
from lingyan.posting.views.leave import LEAVE_READERS
from lingyan.posting.views.life import LIFE_READERS


@page(*LIFE_READERS)
def presence_today(request: ActedRequest) -> HttpResponse:
    """在岗一览: for everybody IN_POST one word, out of facts; nobody is asked to report."""
    scope, today = request.actor.scope, clock.today()
    rows = life_queries.list_in_post(scope)
    where = queries.whereabouts_of(list(rows.values_list("pk", flat=True)), today)
    listing = Listing(
        request,
        rows,
        search=("person__name", "village__short_name", "unit__name"),
        search_hint="姓名、村或单位",
        filters=(
            Filter(
                "where", "今天", Whereabouts.choices(),
                lambda code: Q(pk__in=[pk for pk, word in where.items() if word == code]),
            ),
            Filter(
                "town", "乡镇", posting_queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
        ),
        sorts={"village": ("village__path", "kind"), "person": ("person__name",)},
        default_sort="village",
    )  # fmt: skip
    words = list(where.values())
    context = {
        "listing": listing,
        "where": where,
        "tone": panels.TONE_OF_WORD,
        "counts": [(word, words.count(word)) for word in Whereabouts],
        "today": today,
    }
    return render(request, "posting/presence_today.html", context)


# --- months ---------------------------------------------------------------------------------------


@page(*LEAVE_READERS)
def presence_months(request: ActedRequest) -> HttpResponse:
    """Everybody's days of one month: as recorded, and as the village has confirmed them."""
    month = _month(request.GET.get("month", "")) or add_months(clock.today().replace(day=1), -1)
    period = month_of(month)
    scope = request.actor.scope
    listing = Listing(
        request,
        queries.list_there(scope, period),
        search=("person__name", "village__short_name", "unit__name"),
        search_hint="姓名、村或单位",
        filters=(
            Filter(
                "town", "乡镇", posting_queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
        ),
        sorts={"village": ("village__path", "kind"), "person": ("person__name",)},
        default_sort="village",
    )  # fmt: skip
    due_on = presence_rules.confirm_due(month)
    lines = panels.month_lines(list(listing), period)
    context = {
        "listing": listing,
        "month": month,
        "lines": lines,
        "due_on": due_on,
        "level": alert_level(due_on, clock.today()),
        "month_days": lines[0].wanted if lines else presence_rules.MONTH_DAYS,
        "before": add_months(month, -1),
        "after": period.until if period.until <= clock.today() else None,
    }
    return render(request, "posting/presence_months.html", context)


def _month(text: str) -> date | None:
    """2026-03 as the first day of that month."""
    if not re.fullmatch(r"\d{4}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@page(*LEAVE_READERS)
def presence_month(request: ActedRequest, posting_id: UUID, month: str) -> HttpResponse:
    """One person's month, day by day; the village confirms it here."""
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    first = _month(month)
    if first is None:
        raise Http404
    note_reading(posting.person)
    shown = panels.month_of_posting(posting, first)
    may_confirm = shown.may_confirm and request.actor.role in presence_rules.CONFIRMERS
    form = forms.MonthForm(request.POST or None, initial={"days": shown.figures.count})
    if request.method == "POST" and form.is_valid():
        actions.confirm_month(posting, month=first, actor=request.actor, **form.cleaned_data)
        messages.success(request, "在村天数已确认")
        return redirect("presence_month", posting.pk, month)
    context = {
        "posting": posting,
        "shown": shown,
        "form": form,
        "may_confirm": may_confirm,
        "month_days": numbers_on(shown.period.last_day).of(
            posting.village.path, StandardKey.MONTH_DAYS
        ),
    }
    return render(
        request, "posting/presence_month.html", context, status=422 if form.errors else 200
    )


# --- absence --------------------------------------------------------------------------------------


@page(*LEAVE_READERS)
def absence_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_absences(request.actor.scope),
        search=("posting__person__name", "posting__village__short_name"),
        search_hint="姓名或村",
        filters=(Filter("state", "状态", AbsenceState.choices(), lambda code: Q(state=code)),),
        sorts={"on": ("-on", "pk"), "village": ("posting__village__path", "-on")},
        default_sort="on",
    )
    return render(request, "posting/absence_list.html", {"listing": listing})


@page(*presence_rules.FINDERS)
def absence_add(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    form = forms.AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.find_absence(posting, actor=request.actor, **form.cleaned_data)
        messages.success(request, "已登记，等本人说明、由他人认定")
        return redirect("absence_detail", made.pk)
    context = {
        "posting": posting,
        "heading": "登记脱岗",
        "hint": "有请假、有在村工作记录的日子不能登记；没有记录不等于脱岗。"
        "登记后先听取本人说明，再由登记人以外的人认定。",
        "form": form,
        "yes": "登记脱岗",
        "back": reverse("posting_detail", args=[posting.pk]),
    }
    return render(request, "posting/life_form.html", context, status=422 if form.errors else 200)


@page(*LEAVE_READERS)
def absence_detail(request: ActedRequest, absence_id: UUID) -> HttpResponse:
    absence = queries.get_absence(request.actor.scope, absence_id)
    note_reading(absence.posting.person)
    return _show(request, absence)


def _show(request: ActedRequest, absence: Absence, status: int = 200) -> HttpResponse:
    actor = request.actor
    is_open = absence.state == AbsenceState.FOUND
    own = actor.role in rules.POSTED and actor.scope.person_id == absence.posting.person_id
    settles = is_open and actor.role in presence_rules.UPHOLDERS
    context = {
        "absence": absence,
        "may_state": is_open and (own or actor.role in rules.TOWN),
        "may_settle": settles,
        "reasons": actions.reasons_against_settling(absence, "uphold", text="待填", actor=actor)
        if settles
        else (),
        "statement_form": forms.StatementForm(initial={"statement": absence.statement}),
        "answer_form": forms.AnswerForm(
            choices=[("uphold", "认定脱岗"), ("drop", "不认定")], auto_id="answer_%s"
        ),
        "upheld": queries.upheld_in_year(absence.posting, absence.on.year),
    }
    return render(request, "posting/absence_detail.html", context, status=status)


@require_POST
@page(*rules.POSTED, *rules.TOWN)
def absence_state(request: ActedRequest, absence_id: UUID) -> HttpResponse:
    absence = queries.get_absence(request.actor.scope, absence_id)
    form = forms.StatementForm(request.POST)
    if not form.is_valid():
        return _show(request, absence, 422)
    actions.state_absence(absence, actor=request.actor, **form.cleaned_data)
    messages.success(request, "说明已记录")
    return redirect("absence_detail", absence.pk)


@require_POST
@page(*presence_rules.UPHOLDERS)
def absence_settle(request: ActedRequest, absence_id: UUID) -> HttpResponse:
    absence = queries.get_absence(request.actor.scope, absence_id)
    form = forms.AnswerForm(request.POST, choices=[("uphold", ""), ("drop", "")])
    if not form.is_valid():
        return _show(request, absence, 422)
    said = form.cleaned_data
    actions.settle_absence(
        absence, upholds=said["outcome"] == "uphold", answer=said["answer"], actor=request.actor
    )
    messages.success(request, "已认定")
    return redirect("absence_detail", absence.pk)
