"""The pages of activities: enter one on a phone, hold what was planned, set right, look into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, quarter_of, year_of
from lingyan.directory import queries as directory
from lingyan.directory.rules.hands import TOWN
from lingyan.pairing.actions import activities as actions
from lingyan.pairing.exports.activities import write_activities
from lingyan.pairing.forms import activities as forms
from lingyan.pairing.models import PairActivity, Pairing
from lingyan.pairing.panels import activities as panels
from lingyan.pairing.panels import invitations
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.queries.pairings import town_choices
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.rules.activity_words import (
    ActivityKind,
    ActivityMode,
    ActivityState,
    CheckOutcome,
)
from lingyan.pairing.views.of_pair import pair_filter
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.forms import add_each, before_reading
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {
    "pairing.activity.no_pair": "pairings",
    "pairing.activity.other_pair": "pairings",
    "pairing.activity.before_pair": "day",
    "pairing.activity.after_pair": "day",
    "pairing.activity.day_to_come": "day",
    "pairing.activity.day_past": "day",
    "pairing.activity.same_again": "is_another",
    "pairing.activity.other_unit": "people",
    "pairing.activity.nobody": "people",
    "pairing.activity.online_offline": "people",
    "pairing.activity.spot_online": "people",
    "pairing.activity.hours": "hours",
    "pairing.activity.hours_missing": "hours",
    "pairing.activity.place_missing": "place",
    "pairing.activity.place_elsewhere": "place",
    "pairing.activity.text_missing": "summary",
    "pairing.activity.text_long": "summary",
    "pairing.activity.reason_missing": "reason",
    "pairing.activity.reason_long": "reason",
    "pairing.activity.check_text": "text",
}
OVERDUE = "overdue"
STATES = (*ActivityState.choices(), (OVERDUE, "计划的日期已过"))
CHECKS = (*CheckOutcome.choices(), ("drawn", "抽中待查"))


# --- the list -----------------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[PairActivity]:
    scope, today = request.actor.scope, clock.today()
    rows = queries.list_activities(scope)
    years = [str(today.year - back) for back in range(-1, 4)]

    def state_q(code: str) -> Q:
        if code == OVERDUE:
            return Q(state=ActivityState.PLANNED, day__lt=today)
        return Q(state=code)

    def check_q(code: str) -> Q:
        if code == "drawn":
            drawn = queries.list_drawn_unchecked(scope)
            return Q(pk__in=drawn.order_by().values("pk"))
        return Q(check_outcome=code)

    return Listing(
        request,
        rows,
        search=queries.search_q,
        search_hint="单位、村或具体地点",
        filters=(
            Filter("kind", "类别", ActivityKind.choices(), lambda code: Q(kind=code)),
            Filter("state", "状态", STATES, state_q),
            Filter("mode", "方式", ActivityMode.choices(), lambda code: Q(mode=code)),
            Filter("year", "年份", [(year, f"{year} 年") for year in years], _in_year),
            Filter("town", "乡镇", town_choices(scope), queries.in_town_q),
            Filter("check", "抽查", CHECKS, check_q),
            *pair_filter(request, queries.of_pairing_q),
        ),
        sorts={"day": ("-day",), "kind": ("kind", "-day")},
        default_sort="day",
        sorts_of_few=("kind",),
    )


def _in_year(year: str) -> Q:
    period = year_of(date(int(year), 1, 1))
    return Q(day__gte=period.since, day__lt=period.until)


@page(*rules.READERS)
def activity_list(request: ActedRequest) -> HttpResponse:
    listing = _listing(request)
    context = {
        "listing": listing,
        "counts": queries.attendance_counts([one.pk for one in listing.page]),
        "may_write": request.actor.role in rules.WRITERS,
        "may_draw": request.actor.role in rules.CHECKERS,
        "pair": request.GET.get("pair", ""),
        "today": clock.today(),
    }
    return render(request, "pairing/activity_list.html", context)


@page(*rules.READERS)
def activity_export(request: ActedRequest) -> HttpResponse:
    """The activities that the list shows with its filters, as a workbook."""
    book = BytesIO()
    write_activities(book, _listing(request).rows, actor=request.actor)
    return workbook(book.getvalue(), f"联建活动-{clock.today()}.xlsx")


# --- entering -----------------------------------------------------------------------------------


def _form(
    request: ActedRequest,
    pairs: Sequence[Pairing],
    initial: dict[str, Any],
    activity: PairActivity | None = None,
    *,
    holds: bool = False,
) -> forms.ActivityForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    people = list(queries.list_unit_people({one.unit_id for one in pairs})[: queries.PEOPLE_MOST])
    known = {one.pk for one in people}
    if activity is not None:
        others = queries.others_of(activity, request.actor.scope)
        people += [
            one.person
            for one in activity.participants.all()
            if one.person_id not in known and one.unit_id not in others
        ]
    return forms.ActivityForm(
        *sent, pairs=pairs, people=people, places=queries.places_for(pairs, activity),
        initial=initial, activity=activity, holds=holds,
    )  # fmt: skip


def _pairs_for(actor: Actor, activity: PairActivity | None = None) -> list[Pairing]:
    pairs = list(queries.list_own_pairs(actor.scope, clock.today()))
    if activity is not None:  # what stands may stay, however long ago the pair ended
        standing = list(activity.pairings.all())
        own = queries.own_pairs(actor.scope, standing) - {one.pk for one in pairs}
        pairs += [one for one in standing if one.pk in own]
    return pairs


@before_reading
@page(*rules.WRITERS)
def activity_add(request: ActedRequest) -> HttpResponse:
    """The form of a phone: planned or held, one or several pairs, people by ticks or by typing."""
    pairs = _pairs_for(request.actor)
    initial = forms.fresh_initial(pairs, request.GET.get("pair", ""))
    form = _form(request, pairs, initial)
    if request.method == "POST" and form.is_valid():
        enter = (
            actions.plan_activity
            if form.cleaned_data["state"] == ActivityState.PLANNED
            else actions.enter_activity
        )
        number = form.cleaned_data["number"]
        made = carry_out(
            form, lambda: enter(form.said, number=number, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            return _done(request, made, form, "已记下")
    context = {"form": form, "pairs": pairs}
    return render(request, "pairing/activity_form.html", context, status=status_of(form))


def _done(
    request: ActedRequest, activity: PairActivity, form: forms.ActivityForm, text: str
) -> HttpResponse:
    """The words stand whatever becomes of the photos; each that is refused says why."""

    def add(data: bytes) -> object:
        return actions.add_photo(activity, number=uuid4(), data=data, actor=request.actor)

    for told in add_each(form.cleaned_data.get("photos") or [], add):
        messages.warning(request, told)
    messages.success(request, text)
    return redirect("activity_detail", activity.pk)


@before_reading
@page(*rules.WRITERS)
def activity_hold(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    """One press from planned to held: the day, the people, the head-count."""
    activity = queries.get_activity(request.actor.scope, activity_id)
    pairs = _pairs_for(request.actor, activity)
    initial = forms.initial_of(activity, holds=True)
    form = _form(request, pairs, initial, activity, holds=True)
    if request.method == "POST" and form.is_valid():
        held = carry_out(
            form,
            lambda: actions.hold_activity(
                activity, form.said, version=form.cleaned_data["version"] or 0,
                actor=request.actor,
            ),
            beside=BESIDE,
        )  # fmt: skip
        if held is not None:
            return _done(request, held, form, "已登记为开展")
    context = {"form": form, "pairs": pairs, "activity": activity, "holds": True}
    return render(request, "pairing/activity_form.html", context, status=status_of(form))


@page(*rules.WRITERS)
def activity_correct(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    activity = queries.get_activity(request.actor.scope, activity_id)
    pairs = _pairs_for(request.actor, activity)
    form = _form(request, pairs, forms.initial_of(activity), activity)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            lambda: actions.correct_activity(
                activity, form.said, version=form.cleaned_data["version"] or 0,
                reason=form.cleaned_data.get("reason", ""), actor=request.actor,
            ),
            beside=BESIDE,
        )  # fmt: skip
        if done is not None:
            messages.success(request, "已改好，原来的内容留着")
            if not queries.own_pairs(request.actor.scope, list(done.pairings.all())):
                return redirect("activity_list")  # the own pair has left it
            return redirect("activity_detail", activity.pk)
    context = {"form": form, "pairs": pairs, "activity": activity}
    return render(request, "pairing/activity_form.html", context, status=status_of(form))


@page(*rules.WRITERS)
def activity_cancel(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    activity = queries.get_activity(request.actor.scope, activity_id)
    form = forms.CancelForm(request.POST or None)

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return actions.cancel_activity(activity, reason=reason, actor=request.actor)

    return _step(request, activity, form, act, STEPS["cancel"])


@page(*rules.CHECKERS)
def activity_check(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    activity = queries.get_activity(request.actor.scope, activity_id)
    form = forms.CheckForm(request.POST or None)

    def act() -> object:
        return actions.check_activity(activity, **form.cleaned_data, actor=request.actor)

    return _step(request, activity, form, act, STEPS["check"])


# The title of the page, what it means, and what is said afterwards.
STEPS = {
    "cancel": (
        "取消活动",
        "取消后不再计数，但还能查到，写明的理由也留着。",
        "活动已取消，不再计数",
    ),
    "check": (
        "抽查",
        "看照片、问参加的人。属实的登记属实；不实的退回修改，写明哪里不对。",
        "抽查结果已登记",
    ),
}


def _step(
    request: ActedRequest,
    activity: PairActivity,
    form: Form,
    act: Callable[[], object],
    words: tuple[str, str, str],
) -> HttpResponse:
    title, text, told = words
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, act, beside=BESIDE)
        if done is not None:
            messages.success(request, told)
            return redirect("activity_detail", activity.pk)
    context = {"activity": activity, "form": form, "title": title, "text": text}
    return render(request, "pairing/activity_step.html", context, status=status_of(form))


# --- one activity -------------------------------------------------------------------------------


@page(*rules.READERS)
def activity_detail(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    activity = queries.get_activity(request.actor.scope, activity_id)
    own = queries.own_pairs(request.actor.scope, list(activity.pairings.all()))
    is_own = bool(own) and request.actor.role in rules.WRITERS
    context = {
        "activity": activity,
        "pairs": [(one, one.pk in own) for one in activity.pairings.all()],
        "people": (people := list(queries.participants_of(activity, request.actor.scope))),
        "of_others": activity.participants.count() - len(people),
        "people_line": panels.people_line(activity),
        "counted": panels.counted(activity),
        "goals": panels.goal_labels(activity),
        "may": panels.may(activity, request.actor, is_own=is_own),
        "is_own": is_own,
        "checks": list(activity.checks.all()),
        "versions": panels.versions(activity, request.actor),
        "asking": invitations.of_fact(activity, request.actor, request.GET.get("find", "")),
        "today": clock.today(),
        "entries": list_timeline(activity),
    }
    return render(request, "pairing/activity_detail.html", context)


@page(*rules.READERS)
def activity_photo(request: ActedRequest, activity_photo_id: UUID, size: str) -> HttpResponse:
    photo = queries.get_photo(request.actor.scope, activity_photo_id)
    name = photo.thumbnail_name if size == "small" else photo.stored_name
    return photo_files.shown(name, photo.pk)


@before_reading
@require_POST
@page(*rules.WRITERS)
def activity_photo_add(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    activity = queries.get_activity(request.actor.scope, activity_id)

    def add(data: bytes) -> object:
        return actions.add_photo(activity, number=uuid4(), data=data, actor=request.actor)

    files = request.FILES.getlist("photos")
    refused = add_each(files, add)
    for told in refused:
        messages.warning(request, told)
    if len(files) > len(refused):
        messages.success(request, f"加了 {len(files) - len(refused)} 张照片")
    return redirect("activity_detail", activity.pk)


@page(*rules.WRITERS)
def activity_photo_remove(request: ActedRequest, activity_photo_id: UUID) -> HttpResponse:
    photo = queries.get_photo(request.actor.scope, activity_photo_id)
    if request.method == "POST":
        actions.remove_photo(photo, actor=request.actor)
        messages.success(request, "照片已删去")
        return redirect("activity_detail", photo.activity_id)
    return render(request, "pairing/activity_photo_remove.html", {"photo": photo})


# --- the sample ---------------------------------------------------------------------------------


@page(*rules.CHECKERS)
def sample_list(request: ActedRequest) -> HttpResponse:
    """Each town of the scope and the last quarter: drawn or not, how many are looked into."""
    quarter = _last_quarter()
    towns = directory.list_towns(request.actor.scope)
    context = {
        "quarter": quarter,
        "lines": queries.sample_lines(list(towns), quarter),
        "is_town": request.actor.role in TOWN,
    }
    return render(request, "pairing/sample_list.html", context)


def _last_quarter() -> Period:
    return quarter_of(quarter_of(clock.today()).since - ONE_DAY)


@require_POST
@page(*rules.CHECKERS)
def sample_draw(request: ActedRequest, place_id: UUID) -> HttpResponse:
    town = directory.get_place(request.actor.scope, place_id)
    if town.level != "township":
        raise Http404
    sample = actions.draw_sample(town, day=_last_quarter().since, actor=request.actor)
    messages.success(request, f"抽出 {sample.activities.count()} 场，请逐场查看")
    return redirect("sample_list")
