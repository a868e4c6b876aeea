"""总览: the overview of a county, a town, a village or a unit."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.briefings.panels import figures
from lingyan.briefings.panels.dashboards import overview
from lingyan.briefings.queries.asking import Asked
from lingyan.briefings.rules.readers import READERS
from lingyan.briefings.views.figures import asking_page, choices
from lingyan.platform.accounts.gate import ActedRequest, page


@page(*READERS)
@asking_page
def dashboard(request: ActedRequest, asked: Asked) -> HttpResponse:
    found = overview(asked, request.actor, request.GET.get("figure", ""))
    context = {
        **choices(request, asked),
        "found": found,
        "trend": figures.address(found.chosen, asked, "figure_trend") if found.chosen else "",
        "detail": figures.address(found.chosen, asked) if found.chosen else "",
    }
    return render(request, "briefings/dashboard.html", context)
