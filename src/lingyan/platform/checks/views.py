"""The page 数据体检: what is wrong in the records, each row with the page where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.checks import actions, queries
from lingyan.platform.checks.models import CheckRun
from lingyan.platform.checks.table import COUNTY, INSTALLATION, Area, Check, Severity
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Listing

ADMINISTRATORS = (*INSTALLATION, *COUNTY)


@dataclass(frozen=True, slots=True)
class Line:
    """One check, and how many rows the last run found; None where it has not been run."""

    check: Check
    count: int | None


@page(*ADMINISTRATORS)
def data_checks(request: ActedRequest) -> HttpResponse:
    """What the last run found first, then every check by module."""
    run = queries.last_run(request.actor)
    areas = queries.list_areas(request.actor.role)
    lines = [(area.title, _lines(area, run)) for area in areas]
    found = [(title, line) for title, of_area in lines for line in of_area if line.count]
    wrong = sorted(found, key=lambda one: list(Severity).index(one[1].check.severity))
    context = {
        "run": run,
        "areas": lines,
        "wrong": wrong,
        "check_count": sum(len(of_area) for _, of_area in lines),
        "row_count": sum(line.count or 0 for _, line in wrong),
        "exported_most": settings.EXPORT_ROWS_MAX,
    }
    return render(request, "checks/data_checks.html", context)


def _lines(area: Area, run: CheckRun | None) -> list[Line]:
    counts = run.counts if run else {}
    return [Line(check, counts.get(check.code)) for check in area.checks]


@require_POST
@page(*ADMINISTRATORS)
def data_check_run(request: ActedRequest) -> HttpResponse:
    return redirect(job_url(actions.start_run(actor=request.actor)))


@page(*ADMINISTRATORS)
def data_check(request: ActedRequest, check_code: str) -> HttpResponse:
    """The rows that are wrong at this moment; what was mended is gone at the next look."""
    check = queries.get_check(request.actor.role, check_code)
    rows = queries.list_rows(check, request.actor.scope)
    shown = Listing(request, rows, sorts={"key": ("pk",)}, default_sort="key")
    lines = [(check.name(row), check.place(row), check.url(row)) for row in shown]
    context = {"check": check, "listing": shown, "lines": lines}
    return render(request, "checks/data_check.html", context)


@page(*ADMINISTRATORS)
def data_checks_export(request: ActedRequest) -> HttpResponse:
    code = request.GET.get("check", "")
    if code:
        queries.get_check(request.actor.role, code)
    target = BytesIO()
    actions.export_rows(target, code=code, actor=request.actor)
    return workbook(target.getvalue(), "数据体检.xlsx")
