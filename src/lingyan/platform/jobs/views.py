"""The page that shows how far a job is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lingyan.platform.accounts.gate import ANY_ROLE, page
from lingyan.platform.jobs import queries


@page(ANY_ROLE)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The whole page, or for htmx only the card that refreshes itself."""
    found = get_object_or_404(queries.list_jobs(request.user.pk), pk=job_id)
    if found.state == found.State.DONE and found.result_url:
        response = HttpResponse(status=302, headers={"Location": found.result_url})
        if request.headers.get("HX-Request"):
            response = HttpResponse(headers={"HX-Redirect": found.result_url})
        return response
    fragment = "#card" if request.headers.get("HX-Request") else ""
    return render(request, f"ui/job.html{fragment}", {"job": found})
