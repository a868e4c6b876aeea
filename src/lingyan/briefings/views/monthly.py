"""村月报: the reports one may see, a month by towns, what is asked, filling in and the steps."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.exports.monthly import write_month
from lingyan.briefings.forms import monthly as forms
from lingyan.briefings.imports.monthly import read_month
from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.panels import monthly as panels
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly_words import TO_FILL, ReportState
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory import areas
from lingyan.directory import queries as directory
from lingyan.directory.rules.hands import STAFF, TOWN, VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.exchange.forms import too_large
from lingyan.platform.exchange.views import BODY_BESIDE_FILE
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {
    "briefings.monthly.reason_missing": "reason",
    "briefings.monthly.reason_long": "reason",
    "briefings.monthly.due": "due_on",
    "briefings.monthly.month_ahead": "month",
    "briefings.monthly.is_open": "month",
    "briefings.monthly.no_towns": "towns",
}
DONE = {
    "submit": "已提交，等乡镇审核",
    "take_back": "已撤回，改好后重新提交",
    "approve": "已审核通过",
    "return": "已退回，请村里修改",
    "send_back": "已退回，请村里修改",
    "lock": "已锁定",
    "excuse": "这个村这个月免报",
    "ask_again": "已恢复填报",
    "correct": "已另起一份，改好后重新提交；锁定以前仍按原数算",
    "drop": "已撤销，原来的一份照旧算数",
}
STEPPERS = (*VILLAGE, *TOWN, *STAFF)
SHOWN_MOST = 50  # of what is wrong with a table
RECENT = 24  # months that a filter offers


# --- the list -------------------------------------------------------------------------------------


def _turns() -> tuple[tuple[str, str, Q], ...]:
    return (
        ("fill", "等填写", Q(state__in=TO_FILL)),
        ("late", "超期没有报", queries.late_q(clock.today())),
        ("check", "等乡镇审核", Q(state=ReportState.SUBMITTED)),
        ("lock", "等县锁定", Q(state=ReportState.APPROVED)),
        ("correct", "正在更正", queries.correcting_q()),
    )


def _listing(request: ActedRequest) -> Listing[MonthlyReport]:
    scope = request.actor.scope
    towns = list(directory.list_towns(scope).values_list("path", "short_name"))
    periods = list(queries.list_periods(scope).order_by("-month", "pk")[:RECENT])
    months = {f"{one.month:%Y-%m}": one.month for one in periods}
    conditions = {code: q for code, _, q in _turns()}
    town = Filter(
        "town", "乡镇", towns,
        lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
    )  # fmt: skip
    return Listing(
        request,
        queries.list_reports(scope),
        search=queries.search_q,
        search_hint="村名",
        filters=(
            Filter("month", "月份", [(key, _title(key)) for key in months],
                   lambda key: Q(month=months[key])),
            Filter("turn", "办理", [(code, label) for code, label, _ in _turns()],
                   conditions.__getitem__),
            *([town] if len(towns) > 1 else []),
            Filter("state", "状态", ReportState.choices(), lambda code: Q(state=code)),
            *areas.narrowed(
                request, request.actor, lambda within: queries.list_reports(within.scope)
            ),
        ),
        sorts={"month": ("-month", "village__path", "-version"),
               "village": ("village__path", "-month", "-version")},
        default_sort="month",
    )  # fmt: skip


def _title(key: str) -> str:
    year, month = key.split("-")
    return f"{year}年{int(month)}月"


@page(*rules.READERS)
def monthly_list(request: ActedRequest) -> HttpResponse:
    listing = _listing(request)
    context = {
        "listing": listing,
        "lines": [
            (one, panels.tone_of(one), panels.may_fill(one, request.actor)) for one in listing
        ],
        "oversees": request.actor.role in rules.OVERSEERS,
    }
    return render(request, "briefings/monthly_list.html", context)


# --- months ---------------------------------------------------------------------------------------


@page(*rules.OVERSEERS)
def monthly_periods(request: ActedRequest) -> HttpResponse:
    listing: Listing[MonthlyPeriod] = Listing(
        request, queries.list_periods(request.actor.scope),
        sorts={"month": ("-month",)}, default_sort="month",
    )  # fmt: skip
    progress = queries.progress_of_periods(request.actor.scope, listing)
    context = {
        "listing": listing,
        "lines": [(one, progress.get(one.pk)) for one in listing],
        "may_open": request.actor.role in STAFF,
    }
    return render(request, "briefings/monthly_periods.html", context)


@page(*rules.OVERSEERS)
def monthly_period(request: ActedRequest, monthly_period_id: UUID) -> HttpResponse:
    actor = request.actor
    period = queries.get_period(actor.scope, monthly_period_id)
    approved = list(queries.list_approved(period, actor)) if actor.role in STAFF else []
    context = {
        "period": period,
        "month": panels.month_of_towns(actor.scope, period),
        "items": queries.items_of(period.form),
        "lockable": len(queries.not_own(approved, "lock", actor)),
        "may_change": actor.role in STAFF,
        "may_export": actor.role in rules.EXPORTERS,
        "may_fill": actor.role in TOWN,
    }
    return render(request, "briefings/monthly_period.html", context)


@page(*rules.EXPORTERS)
def monthly_export(request: ActedRequest, monthly_period_id: UUID) -> HttpResponse:
    """The reports of one month, as far as one may see them; of two the one that corrects."""
    period = queries.get_period(request.actor.scope, monthly_period_id)
    rows = queries.list_reports(request.actor.scope).filter(period=period)
    given_way = (ReportState.REPLACED, ReportState.DROPPED)
    rows = rows.exclude(state__in=given_way).order_by("village__path", "version")
    target = BytesIO()
    write_month(target, period, rows, actor=request.actor)
    return workbook(target.getvalue(), f"{period.title}村月报.xlsx")


@csrf_exempt
@page(*TOWN)
def monthly_table(request: ActedRequest, monthly_period_id: UUID) -> HttpResponse:
    """The table of a month comes in. A huge body is refused before it is read."""
    period = queries.get_period(request.actor.scope, monthly_period_id)
    length = request.headers.get("Content-Length", "0")
    if length.isdigit() and int(length) > settings.UPLOAD_MAX_BYTES + BODY_BESIDE_FILE:
        response = _table_page(request, period, forms.TableForm(), (too_large(),), status=413)
        response["Connection"] = "close"
        return response
    return _table(request, period)


@csrf_protect
def _table(request: ActedRequest, period: MonthlyPeriod) -> HttpResponse:
    form = forms.TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _table_page(request, period, form, (), status=status_of(form))
    file = form.cleaned_data["file"]
    read = read_month(file.read(), filename=file.name, period=period, actor=request.actor)
    if read.faults:
        return _table_page(request, period, form, read.faults, status=409)
    count = actions.fill_reports(read.filled, actor=request.actor)
    messages.success(request, f"已填 {count} 个村，由村党组织核对后提交")
    return redirect("monthly_period", period.pk)


def _table_page(
    request: ActedRequest, period: MonthlyPeriod, form: Form, faults: Sequence[str], *,
    status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "period": period, "faults": faults[:SHOWN_MOST],
        "more": max(len(faults) - SHOWN_MOST, 0),
    }  # fmt: skip
    return render(request, "briefings/monthly_table.html", context, status=status)


@require_POST
@page(*STAFF)
def monthly_lock(request: ActedRequest, monthly_period_id: UUID) -> HttpResponse:
    period = queries.get_period(request.actor.scope, monthly_period_id)
    count = actions.lock_reports(period, actor=request.actor)
    messages.success(request, f"已锁定 {count} 份")
    return redirect("monthly_period", period.pk)


@page(*STAFF)
def monthly_open(request: ActedRequest) -> HttpResponse:
    county = directory.get_county(request.actor.scope)
    towns = {str(one.pk): one for one in directory.list_towns(request.actor.scope)}
    form = forms.OpenForm(
        request.POST or None, towns=[(key, str(one)) for key, one in towns.items()],
        month=queries.next_month(county, clock.today()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        period = carry_out(
            form,
            lambda: actions.open_period(
                county, month=given["month"], due_on=given["due_on"],
                towns=[towns[key] for key in given["towns"]], actor=request.actor,
            ),
            beside=BESIDE,
        )  # fmt: skip
        if period is not None:
            messages.success(request, f"已开始 {period.title}的填报，各村的待办里已经列出")
            return redirect("monthly_period", period.pk)
    context = {
        "form": form, "heading": "开始一个月的填报", "yes": "开始",
        "back": reverse("monthly_periods"),
        "asked": queries.items_of(queries.find_form(county)),
    }  # fmt: skip
    return render(request, "briefings/monthly_step.html", context, status=status_of(form))


@page(*STAFF)
def monthly_change(request: ActedRequest, monthly_period_id: UUID) -> HttpResponse:
    """Another day, or the villages of towns that were left out."""
    period = queries.get_period(request.actor.scope, monthly_period_id)
    towns = {str(one.pk): one for one in queries.towns_left_out(period)}
    form = forms.ChangeForm(
        request.POST or None, towns=[(key, str(one)) for key, one in towns.items()],
        due_on=period.due_on,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = carry_out(
            form,
            lambda: actions.change_period(
                period, due_on=given["due_on"],
                towns=[towns[key] for key in given.get("towns", ())], actor=request.actor,
            ),
            beside=BESIDE,
        )  # fmt: skip
        if done is not None:
            messages.success(request, "已修改")
            return redirect("monthly_period", period.pk)
    context = {
        "form": form, "heading": f"修改{period.title}的期限和范围", "yes": "修改",
        "back": reverse("monthly_period", args=[period.pk]),
    }  # fmt: skip
    return render(request, "briefings/monthly_step.html", context, status=status_of(form))


# --- what is asked --------------------------------------------------------------------------------


@page(*rules.OVERSEERS)
def monthly_form(request: ActedRequest) -> HttpResponse:
    county = directory.get_county(request.actor.scope)
    context = {
        "forms": list(queries.list_forms(county)),
        "may_edit": request.actor.role in STAFF,
    }
    return render(request, "briefings/monthly_form.html", context)


@page(*STAFF)
def monthly_form_edit(request: ActedRequest) -> HttpResponse:
    """A new version; what the system knows by itself is refused beside the button."""
    county = directory.get_county(request.actor.scope)
    asked = [queries.item_of(one) for one in queries.items_of(queries.find_form(county))]
    lines = forms.item_forms(request.POST or None, asked)
    refused: tuple[str, ...] = ()
    if request.method == "POST" and lines.is_valid():
        try:
            form = actions.set_form(county, lines.items(), actor=request.actor)
        except Refused as against:
            refused = tuple(one.text for one in against.refusals)
        else:
            messages.success(request, f"已确定第 {form.version} 版，从下一次开始的月份用起")
            return redirect("monthly_form")
    status = 409 if refused else 422 if lines.is_bound and not lines.is_valid() else 200
    context = {"lines": lines, "refused": refused, "most": rules.ITEMS_MOST}
    return render(request, "briefings/monthly_form_edit.html", context, status=status)


# --- one report -----------------------------------------------------------------------------------


@page(*rules.READERS)
def monthly_report(request: ActedRequest, monthly_report_id: UUID) -> HttpResponse:
    report = queries.get_report(request.actor.scope, monthly_report_id)
    tone, word = panels.tone_of(report)
    context = {
        "report": report,
        "lines": panels.lines_of(report),
        "known": panels.known_by_group(report),
        "secretaries": panels.first_secretaries(report),
        "acts": panels.acts_of(report, request.actor),
        "may_fill": panels.may_fill(report, request.actor),
        "versions": queries.list_versions(report),
        "tone": tone,
        "alert": word,
        "entries": list_timeline(report),
    }
    return render(request, "briefings/monthly_report.html", context)


@page(*rules.FILLERS)
def monthly_fill(request: ActedRequest, monthly_report_id: UUID) -> HttpResponse:
    """The village's page: the few questions, and beside them what the system knows already."""
    report = queries.get_report(request.actor.scope, monthly_report_id)
    form = forms.FillForm(
        request.POST or None, items=queries.items_of(report.period.form),
        said=queries.answers_of(report), before=queries.answers_before(report),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _filled(request, report, form):
        return redirect("monthly_report", report.pk)
    context = {
        "form": form,
        "report": report,
        "known": panels.known_by_group(report),
        "secretaries": panels.first_secretaries(report),
        "may_submit": request.actor.role in VILLAGE,
        "reasons": rules.refuse_to_fill(state=report.state, role=request.actor.role),
    }
    return render(request, "briefings/monthly_fill.html", context, status=status_of(form))


def _filled(request: ActedRequest, report: MonthlyReport, form: forms.FillForm) -> bool:
    """Keep it, and send it where that was asked; what is kept stays where sending is refused."""
    carry_out(form, lambda: actions.fill_report(report, form.answers(), actor=request.actor))
    if form.errors:
        return False
    if request.POST.get("act") != "submit":
        messages.success(request, "已保存，由村党组织提交")
        return True
    carry_out(form, lambda: actions.step_report(report, "submit", actor=request.actor))
    if form.errors:
        form.add_error(None, "填过的已经保存")
        return False
    messages.success(request, DONE["submit"])
    return True


def _step_form(request: ActedRequest, act: str) -> Form:
    given = request.POST if request.method == "POST" else None
    return forms.ReasonForm(given) if act in rules.REASONED else forms.PlainForm(given)


@page(*STEPPERS)
def monthly_step(request: ActedRequest, monthly_report_id: UUID, act: str) -> HttpResponse:
    """One act of the table, with its reason where it needs one."""
    report = queries.get_report(request.actor.scope, monthly_report_id)
    labels = {line.act: line.label for line in rules.MONTHLY_FLOW if line.act in DONE}
    if act not in labels:
        raise Http404
    form = _step_form(request, act)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, lambda: _carried(request, report, act, form), beside=BESIDE)
        if done is not None:
            messages.success(request, DONE[act])
            return redirect(_after(request, act, done))
    reasons = () if form.is_bound else actions.reasons_against(report, act, actor=request.actor)
    context = {
        "form": form, "report": report, "heading": labels[act], "yes": labels[act],
        "reasons": reasons, "back": reverse("monthly_report", args=[report.pk]),
    }  # fmt: skip
    return render(request, "briefings/monthly_step.html", context, status=status_of(form))


def _carried(request: ActedRequest, report: MonthlyReport, act: str, form: Form) -> MonthlyReport:
    if act == "correct":
        return actions.correct_report(report, actor=request.actor, **form.cleaned_data)
    return actions.step_report(report, act, actor=request.actor, **form.cleaned_data)


def _after(request: ActedRequest, act: str, report: MonthlyReport) -> str:
    """Whoever looks at many goes on with the next of the same month."""
    waits = {"approve": ReportState.SUBMITTED, "lock": ReportState.APPROVED}.get(act)
    if waits is not None:
        rows = queries.list_reports(request.actor.scope)
        found = rows.filter(period=report.period_id, state=waits).order_by("village__path", "pk")
        if (next_one := found.first()) is not None:
            report = next_one
    return reverse("monthly_report", args=[report.pk])
