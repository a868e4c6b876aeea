"""Pages of places, adjoining towns and the county's calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.directory import history, queries, search
from lingyan.directory.actions import geography as actions
from lingyan.directory.actions.places import create_places
from lingyan.directory.forms.records import AdjoiningForm, CalendarForm, NewPlaceForm, PlaceForm
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.as_at import known_since
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Listing
from lingyan.platform.ui.panels import as_at
from lingyan.platform.ui.refusing import carry_out, status_of

COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER)
TOWN = (Role.TOWN_ORG, Role.TOWN_SECRETARY)
READERS = (*COUNTY, Role.COUNTY_AGRI, *TOWN)
# The file of a village (一村一档) is for those who work in it as well.
FILE_READERS = (
    *READERS,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.TOWN_LEADER,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    Role.FIRST_SECRETARY,
    Role.TEAM_MEMBER,
)
ADMIN = Role.COUNTY_ORG_ADMIN
BESIDE = {
    "directory.name_missing": "name",
    "directory.village_code": "code",
    "directory.code_taken": "code",
    "directory.place.code_twice": "code",
    "directory.place.no_parent": "code",
}


ABOVE_VILLAGES = [level for level in PlaceLevel if level != PlaceLevel.VILLAGE]
SHOWN_AT_ONCE = 1500  # villages; beyond that each town shows its own


@dataclass(slots=True)
class Branch:
    """A place with what lies under it; `hidden` villages are counted and not listed."""

    place: Any
    below: list[Branch] = field(default_factory=list)
    hidden: int = 0

    @property
    def villages(self) -> int:
        own = int(self.place.level == PlaceLevel.VILLAGE)
        return own + self.hidden + sum(branch.villages for branch in self.below)


def tree(places: Iterable[Any]) -> list[Branch]:
    """Places in the order of their paths, hung under their parents; what has none is a root."""
    branches = {place.pk: Branch(place) for place in places}
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.place.parent_id)
        (above.below if above else roots).append(branch)
    return roots


@page(*READERS)
def place_list(request: ActedRequest) -> HttpResponse:
    """The county, its towns and their villages; as they were on a day; or what a search finds."""
    scope, q = request.actor.scope, request.GET.get("q", "").strip()[:60]
    on = _day(request.GET.get("on", ""))
    context = {
        "q": q,
        "on": on,
        "listing": _found(request) if q else None,
        "roots": [] if q else tree(history.list_places_as_at(scope, on)) if on else _roots(scope),
        "may_change": request.actor.holds(ADMIN),
        "may_export": request.actor.holds(*COUNTY),
    }
    return render(request, "directory/place_list.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _roots(scope: Scope) -> list[Branch]:
    places = queries.list_places(scope).order_by("path")
    counts = history.count_villages(scope)
    if sum(counts.values()) <= SHOWN_AT_ONCE:
        return tree(places)
    roots = tree(places.filter(level__in=ABOVE_VILLAGES))
    for branch in _all(roots):
        branch.hidden = counts.get(branch.place.pk, 0)
    return roots


def _all(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _all(branch.below)


def _found(request: ActedRequest) -> Listing[Place]:
    return Listing(
        request,
        queries.list_places_ever(request.actor.scope),
        search=search.places_q,
        sorts={"place": ("path",), "name": ("short_name",), "code": ("code",)},
        default_sort="place",
    )


@page(*FILE_READERS)
def place(request: ActedRequest, place_id: UUID) -> HttpResponse:
    """A place with its history; also one that is no more."""
    scope = request.actor.scope
    one = queries.get_place_ever(scope, place_id)
    day = as_at(request.GET.get("on", ""), known_since=known_since(one), name=str(one))
    officers = queries.list_officers_on(scope, day.on).filter(village=one)
    context = {
        "place": one,
        "as_at": day,
        "then": history.place_on(one, day.on) if day.is_past else None,
        "was_there": _was_there(one, day.on),
        "children": queries.list_places(scope).filter(parent=one).order_by("path"),
        "officers": officers if one.level == PlaceLevel.VILLAGE else [],
        "may_list": request.actor.holds(*READERS),
        "is_village": one.level == PlaceLevel.VILLAGE,
        "may_change": request.actor.holds(ADMIN),
        "editions": one.editions.select_related("parent"),
        "changes": history.list_changes_of(one),
        "predecessors": history.list_predecessors(one),
        "successors": history.list_successors(one),
        "entries": list_timeline(one),
    }
    return render(request, "directory/place.html", context)


def _was_there(one: Place, on: date) -> bool:
    return (one.since is None or one.since <= on) and (one.ended_on is None or on < one.ended_on)


@page(ADMIN)
def place_create(request: ActedRequest) -> HttpResponse:
    form = NewPlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        row = {"code": given["code"], "name": given["name"]}
        made = carry_out(
            form,
            lambda: create_places([row], edition=given["edition"], actor=request.actor),
            beside=BESIDE,
        )
        if made:
            messages.success(request, "区划已登记")
            return redirect("place", made[0].pk)
    return _form(request, form, "登记区划", "place_list", "区划")


@page(ADMIN)
def place_edit(request: ActedRequest, place_id: UUID) -> HttpResponse:
    one = queries.get_place(request.actor.scope, place_id)
    initial = {name: getattr(one, name) for name in PlaceForm.base_fields}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.change_place(one, actor=request.actor, values=form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "区划已更正")
            return redirect("place", one.pk)
    return _form(request, form, f"更正{one}", "place_list", "区划")


def _form(
    request: ActedRequest, form: Any, heading: str, list_name: str, list_label: str
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "list_name": list_name,
        "list_label": list_label,
    }
    return render(request, "directory/record_form.html", context, status=status_of(form))


@page(ADMIN)
def adjoining_list(request: ActedRequest) -> HttpResponse:
    """Which towns touch: read and entered on one page."""
    scope = request.actor.scope
    form = AdjoiningForm(request.POST or None, towns=queries.list_towns(scope))
    if request.method == "POST" and form.is_valid():
        pair = (form.cleaned_data["first"], form.cleaned_data["second"])
        made = carry_out(form, lambda: actions.add_adjoining_towns([pair], actor=request.actor))
        if not form.errors:
            messages.success(request, "已登记相邻" if made else "这两个乡镇已登记为相邻")
            return redirect("adjoining_list")
    pairs = queries.list_adjoining_towns(scope).order_by("first__path", "second__path")
    context = {"form": form, "pairs": pairs}
    return render(request, "directory/adjoining_list.html", context, status=status_of(form))


@require_POST
@page(ADMIN)
def adjoining_remove(request: ActedRequest, pair_id: int) -> HttpResponse:
    pair = queries.get_adjoining_towns(request.actor.scope, pair_id)
    actions.remove_adjoining_towns(pair, actor=request.actor)
    messages.success(request, "已撤销")
    return redirect("adjoining_list")


@page(ADMIN)
def calendar(request: ActedRequest) -> HttpResponse:
    """Days that the county decides itself (R-0-08)."""
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        day = (given["day"], given["is_workday"], given["note"])
        actions.set_calendar_days([day], actor=request.actor)
        messages.success(request, "已设定")
        return redirect("calendar")
    listing = Listing(
        request,
        queries.list_calendar_days(),
        search=("note",),
        search_hint="说明",
        sorts={"day": ("day",)},
        default_sort="-day",
    )
    context = {"form": form, "listing": listing}
    status = 422 if form.errors else 200
    return render(request, "directory/calendar.html", context, status=status)


@require_POST
@page(ADMIN)
def calendar_remove(request: ActedRequest, day_id: int) -> HttpResponse:
    actions.remove_calendar_day(queries.get_calendar_day(day_id), actor=request.actor)
    messages.success(request, "已撤销，这一天按国家日历")
    return redirect("calendar")
