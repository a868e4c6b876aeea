"""The gates between modules: what each holds, what it holds now, what was let through."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.common import clock, gates
from lingyan.common.periods import add_months, month_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import workbook
from lingyan.supervision.exports.overrides import write_overrides
from lingyan.supervision.facts_of_neighbours import holding
from lingyan.supervision.queries import report
from lingyan.supervision.queries.overrides import lines_of_month
from lingyan.supervision.rules.overrides import READERS
from lingyan.supervision.views.months import asked_month, month_key, month_words

LABELS = {role.value: role.label for role in Role}


@page(*READERS)
def gate_list(request: ActedRequest) -> HttpResponse:
    """One table for everybody: the same that the actions ask."""
    lines = [
        {
            "gate": gate,
            "holding": holding(gate.id, request.actor),
            "roles": "、".join(LABELS[one] for one in gate.override.roles) if gate.override else "",
        }
        for gate in gates.TABLE.values()
    ]
    return render(request, "supervision/gate_list.html", {"lines": lines})


@page(*READERS)
def supervision_report(request: ActedRequest) -> HttpResponse:
    """The month: what was due, what was done in time, what was let through (12, 13.6)."""
    month, today = asked_month(request), clock.today()
    context = {
        "month": month_key(month),
        "title": month_words(month),
        "before": f"{add_months(month.since, -1):%Y-%m}",
        "after": f"{month.until:%Y-%m}" if month != month_of(today) else "",
        "figures": report.month_figures(request.actor, month, today),
        "overrides": lines_of_month(request.actor, month),
    }
    return render(request, "supervision/report.html", context)


@page(*READERS)
def supervision_report_export(request: ActedRequest) -> HttpResponse:
    month = asked_month(request)
    target = BytesIO()
    write_overrides(target, lines_of_month(request.actor, month), actor=request.actor)
    return workbook(target.getvalue(), f"关口放行月报{month.since:%Y%m}.xlsx")
