"""谁看过我的记录: each person sees who has looked at the own record."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.platform.accounts.gate import ANY_ROLE, ActedRequest, page
from lingyan.platform.audit.reading import list_looks

PER_PAGE = 50


@page(ANY_ROLE)
def own_readers(request: ActedRequest) -> HttpResponse:
    """Only of oneself: the page takes no person from the address."""
    person = getattr(request.acting.user, "person", None)  # type: ignore[attr-defined]  # set by the middleware
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    looks = list_looks(person, before=number, most=PER_PAGE + 1) if person else []
    context = {
        "person": person,
        "looks": looks[:PER_PAGE],
        "older": looks[PER_PAGE - 1].number if len(looks) > PER_PAGE else None,
        "is_first": number is None,
    }
    return render(request, "directory/own_readers.html", context)
