"""One box for people, units and places, each for those who may read it, within their scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.directory import search
from lingyan.directory.roles import Role
from lingyan.directory.views import people, places
from lingyan.platform.accounts.gate import ActedRequest, page

SEARCHERS = tuple(dict.fromkeys((*places.READERS, *people.PERSON_READERS)))
LONGEST = 60


@page(*SEARCHERS)
def search_page(request: ActedRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    actor, found = request.actor, dict[str, list[Any]]()
    if text:
        if actor.holds(*people.PERSON_READERS):
            found["people"] = search.search_people(actor.scope, text)
        if actor.holds(*people.COUNTY):
            found["units"] = search.search_units(actor.scope, text)
        if actor.holds(*places.READERS):
            found["places"] = search.search_places(actor.scope, text)
    context = {"q": text, "most": search.MOST, **found, "nothing": not any(found.values())}
    return render(request, "directory/search.html", context)


def may_search(role: str) -> bool:
    """Whether the shell shows the box."""
    return role in {one.value for one in SEARCHERS if isinstance(one, Role)}
