"""The reports that write themselves: which are due, what they say, and confirming them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, parse_period
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting.actions import reports as actions
from lingyan.posting.forms.diary import RemarkForm
from lingyan.posting.panels import reports as panels
from lingyan.posting.queries import diary as diary_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import reports as queries
from lingyan.posting.rules import diary as diary_rules
from lingyan.posting.rules import reports as rules
from lingyan.posting.rules.diary_words import ReportKind
from lingyan.posting.views.diary import READERS

LATE = "late"
STATES = (("missing", "没有确认"), ("confirmed", "已确认"))


@page(*READERS)
def report_list(request: ActedRequest) -> HttpResponse:
    """One's own for whoever writes; for the others who has confirmed the report of a period."""
    if request.actor.role in diary_rules.WRITERS:
        return _own_reports(request)
    due = _asked(request)
    listing = Listing(
        request,
        queries.list_postings_in(request.actor.scope, due),
        search=("person__name", "village__short_name"),
        search_hint="姓名或村",
        filters=(
            Filter(
                "state", "状态", STATES, lambda code: Q(is_confirmed=code == "confirmed")
            ),
        ),
        sorts={"village": ("village__path", "kind"), "person": ("person__name",)},
        default_sort="village",
    )  # fmt: skip
    context = {
        "listing": listing,
        "due": due,
        "kinds": list(ReportKind),
        "periods": panels.periods(due.kind, clock.today()),
        "today": clock.today(),
    }
    return render(request, "posting/report_list.html", context)


def _own_reports(request: ActedRequest) -> HttpResponse:
    postings = list(diary_queries.list_own_postings(request.actor.scope))
    today = clock.today()
    context = {
        "lines": queries.list_own_lines(postings, today),
        "current": rules.report_of(ReportKind.MONTH, today),
        "posting": postings[0] if postings else None,
        "today": today,
    }
    return render(request, "posting/report_own.html", context)


def _asked(request: ActedRequest) -> rules.DueReport:
    """The kind and period that the address names, else the last month that is over."""
    kind = request.GET.get("kind", "")
    kinds = {one.value for one in ReportKind}
    kind_asked = ReportKind(kind) if kind in kinds else ReportKind.MONTH
    asked = parse_period(request.GET.get("since", "") + ".." + request.GET.get("since", ""))
    last = rules.report_of(kind_asked, clock.today()).period.since - ONE_DAY
    return rules.report_of(kind_asked, asked.since if asked else last)


def _named(kind: str, since: str) -> rules.DueReport:
    """The report of an address; 404 where no period of that kind begins on that day."""
    try:
        due = rules.report_of(ReportKind(kind), date.fromisoformat(since))
    except (ValueError, OverflowError):
        raise Http404 from None
    if due.period.since.isoformat() != since:
        raise Http404
    return due


@page(*READERS)
def report_detail(request: ActedRequest, posting_id: UUID, kind: str, since: str) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    note_reading(posting.person)
    return _report_page(request, posting, _named(kind, since))


def _report_page(
    request: ActedRequest, posting: Any, due: rules.DueReport, form: RemarkForm | None = None
) -> HttpResponse:
    report = queries.find_report(posting, due)
    gathered = queries.gather(posting, due)
    changed = actions.has_changed(gathered, report)
    content = report.content if report else gathered.content
    context = {
        "posting": posting,
        "due": due,
        "last_day": due.period.until - ONE_DAY,
        "report": report,
        "shown": panels.shown(posting, due, content),
        "changed": report is not None and changed,
        "fresh": panels.shown(posting, due, gathered.content) if report and changed else None,
        "earlier": list(queries.list_earlier(posting, due)),
        "read_by": rules.READ_BY[due.kind],
        "reasons": actions.reasons_against_confirming(
            posting, due, actor=request.actor, changed=changed
        ),
        "is_own": posting.person_id == request.actor.scope.person_id,
        "form": form or RemarkForm(initial={"remark": report.remark if report else ""}),
        "today": clock.today(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "posting/report_detail.html", context, status=status)


@require_POST
@page(*diary_rules.WRITERS)
def report_confirm(request: ActedRequest, posting_id: UUID, kind: str, since: str) -> HttpResponse:
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    due = _named(kind, since)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _report_page(request, posting, due, form)
    actions.confirm_report(posting, due, actor=request.actor, **form.cleaned_data)
    messages.success(request, f"{due.title}已确认")
    return redirect("report_detail", posting.pk, kind, since)
