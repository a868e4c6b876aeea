"""The pages of the villages' committees: the list, one village, taking up and leaving a post."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.actions.officers import OfficerRow, end_office, register_officer
from lingyan.directory.models import Place
from lingyan.directory.rules import OfficerPost
from lingyan.directory.scoping import path_end
from lingyan.directory.settings import numbers_on
from lingyan.organization.forms import committees as forms
from lingyan.organization.panels import committees as panels
from lingyan.organization.queries import committees as queries
from lingyan.organization.queries import party_organizations as organizations
from lingyan.organization.queries import reserve
from lingyan.organization.rules import settings
from lingyan.organization.rules.committees import DIRECTORS, KEEPERS, READERS, is_long_vacant
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

STATES = (("one", "“一肩挑”"), ("apart", "书记、主任分设"), ("vacant", "书记或主任空缺"))
BESIDE = {
    "directory.office_twice": "post",
    "directory.office_occupied": "post",
    "directory.supervisor_post": "post",
    "directory.supervisor_related": "person",
    "directory.since_in_future": "on",
    "directory.until_before_since": "on",
}


def town_filter(scope: Scope, prefix: str) -> Filter:
    towns = list(directory.list_towns(scope).values_list("path", "short_name"))

    def under(path: str) -> Q:
        return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)})

    return Filter("town", "乡镇", towns, under)


@page(*READERS)
def committee_list(request: ActedRequest) -> HttpResponse:
    """Every village with its secretary and director."""
    scope, today = request.actor.scope, clock.today()
    secretary, director = (
        queries.has_post(posts, today) for posts in ([OfficerPost.PARTY_SECRETARY], DIRECTORS)
    )
    rows = queries.list_villages(scope).annotate(
        is_one=queries.is_one_shoulder(today), has_secretary=secretary, has_director=director
    )
    states = {
        "one": Q(is_one=True),
        "apart": Q(is_one=False, has_secretary=True, has_director=True),
        "vacant": Q(has_secretary=False) | Q(has_director=False),
    }
    listing = Listing(
        request,
        rows,
        search=search.villages_q,
        search_hint="村名、拼音或首字母",
        filters=(town_filter(scope, ""), Filter("state", "班子", STATES, states.__getitem__)),
        sorts={"village": ("path",), "name": ("short_name", "path")},
        default_sort="village",
    )
    shown = list(listing)
    heads, numbers = queries.heads_of(shown, today), numbers_on(today)
    left = queries.secretaries_left_on([one.pk for one in shown], today)
    context = {
        "listing": listing,
        "lines": [
            _line(
                one,
                heads.get(one.pk, {}),
                left.get(one.pk),
                today,
                numbers.of(one.path, settings.VACANCY),
            )
            for one in shown
        ],
    }
    return render(request, "organization/committee_list.html", context)


def _line(
    one: Place, held: dict[str, list[str]], left: date | None, today: date, months: int
) -> dict[str, object]:
    directors = [name for post in sorted(DIRECTORS) for name in held.get(post, [])]
    return {
        "village": one,
        "secretary": "、".join(held.get(OfficerPost.PARTY_SECRETARY, [])),
        "director": "、".join(directors),
        "days": (today - left).days if left else None,
        "is_long": left is not None and is_long_vacant(left, today, months),
    }  # fmt: skip


def _village(request: ActedRequest, village_id: UUID) -> Place:
    return get_object_or_404(queries.list_villages(request.actor.scope), pk=village_id)


@page(*READERS)
def committee(request: ActedRequest, place_id: UUID) -> HttpResponse:
    """All bodies of one village, as at a day."""
    village = _village(request, place_id)
    today = clock.today()
    try:
        on = min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        on = today
    context = {
        "told": panels.page_of_village(village, on),
        "on": on,
        "today": today,
        "organizations": organizations.standing_on(request.actor.scope, on).filter(place=village),
        "reserve": reserve.counted(request.actor.scope, on).filter(village=village),
        "may_write": request.actor.role in KEEPERS and on == today,
    }
    return render(request, "organization/committee.html", context)


@page(*KEEPERS)
def committee_seat(request: ActedRequest, place_id: UUID) -> HttpResponse:
    village = _village(request, place_id)
    form = forms.SeatForm(
        request.POST or None, scope=request.actor.scope, initial={"on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = OfficerRow(
            said["person"], village, said["post"], said["on"], method=said["method"],
            full_time=said["full_time"], sources=form.sources(),
        )  # fmt: skip
        made = carry_out(
            form, lambda: register_officer(row, actor=request.actor), beside=BESIDE
        )  # fmt: skip
        if made is not None:
            messages.success(request, "任职已登记")
            return redirect("committee", village.pk)
    context = {
        "form": form,
        "heading": f"{village}登记任职",
        "yes": "登记",
        "back": reverse("committee", args=[village.pk]),
        "list_name": f"{village}班子",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))


@page(*KEEPERS)
def committee_post_leave(request: ActedRequest, officer_id: UUID) -> HttpResponse:
    officer = directory.get_officer(request.actor.scope, officer_id)
    form = forms.LeaveForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        carry_out(
            form,
            lambda: end_office(
                officer, actor=request.actor, until=said["on"], reason=said["reason"]
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "离任已登记")
            return redirect("committee", officer.village_id)
    context = {
        "form": form,
        "heading": f"{officer.person}离任",
        "yes": "登记离任",
        "hint": f"{officer.village}{officer.get_post_display()}{officer.person}，"
        f"{officer.since} 任职。离任后不再计入班子，任职经历保留。",
        "back": reverse("committee", args=[officer.village_id]),
        "list_name": f"{officer.village}班子",
    }
    return render(request, "organization/body_form.html", context, status=status_of(form))
