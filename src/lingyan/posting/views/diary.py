"""The diary on the phone: write, correct, see the month; what was kept without signal comes in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.periods import Period, month_of, parse_period
from lingyan.common.refusals import Refused
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page, public
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.forms import add_each, before_reading
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import diary as actions
from lingyan.posting.actions import sign_ins as sign_in_actions
from lingyan.posting.actions.burden import count_form
from lingyan.posting.forms import diary as forms
from lingyan.posting.models import DiaryEntry, Posting
from lingyan.posting.panels import diary as panels
from lingyan.posting.queries import diary as queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import sign_ins as sign_in_queries
from lingyan.posting.rules import diary as rules
from lingyan.posting.rules import diary_sync
from lingyan.posting.rules.diary_words import Duty

READERS = (
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_STAFF,
    Role.COUNTY_ORG_LEADER,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.TOWN_ORG,
    Role.TOWN_SECRETARY,
    Role.TOWN_LEADER,
    Role.UNIT_PARTY_ADMIN,
    Role.UNIT_LEADER,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    *rules.WRITERS,
)
BESIDE = {
    "posting.diary.day": "happened_on",
    "posting.diary.day_to_come": "happened_on",
    "posting.diary.before_arrival": "happened_on",
    "posting.diary.after_end": "happened_on",
    "posting.diary.text_missing": "text",
    "posting.diary.text_long": "text",
    "posting.diary.same_again": "text",
    "posting.diary.duty_missing": "duty",
    "posting.diary.households": "households",
    "posting.diary.need": "need",
    "posting.diary.with_long": "with_whom",
}
SENDING_BYTES_MAX = 1024 * 1024


@page(*rules.WRITERS)
def diary_list(request: ActedRequest) -> HttpResponse:
    """One's own month: what was written, what waits on this phone, what needs a choice."""
    scope = request.actor.scope
    postings = list(queries.list_own_postings(scope))
    period = _month(request)
    context = {
        **_frame(request, postings),
        **panels.month(
            queries.list_own_entries(scope).filter(
                happened_on__gte=period.since, happened_on__lt=period.until
            ),
            period,
        ),
        "posting": queries.posting_for(postings, period.last_day),
        "conflicts": list(queries.list_own_conflicts(scope)),
        "copies": [panels.copy_of(one) for one in queries.list_copies(next(iter(postings), None))],
    }
    own = queries.posting_for(postings, clock.today())
    if own is not None and own.until is None and sign_in_queries.is_on(own):
        context["sign_in"] = {
            "made": sign_in_queries.find_sign_in(own, clock.today()),
            "radius": sign_in_queries.radius_of(own) if sign_in_queries.village_point(own) else 0,
        }
    return render(request, "posting/diary_list.html", context)


@require_POST
@page(*rules.WRITERS)
def sign_in(request: ActedRequest) -> HttpResponse:
    """One press on the telephone, where the county has switched it on."""
    postings = queries.list_own_postings(request.actor.scope)
    own = queries.posting_for(postings, clock.today())
    if own is None or not sign_in_queries.is_on(own):
        raise Http404
    made = sign_in_actions.sign_in(
        own, latitude=request.POST.get("latitude", ""), longitude=request.POST.get("longitude", ""),
        actor=request.actor,
    )  # fmt: skip
    if made.within is False:
        messages.warning(request, "已登记，位置不在村的范围内，今天不计入在村；写日志同样算在村")
    else:
        messages.success(request, "今天在村已登记")
    return redirect("diary_list")


def _month(request: HttpRequest) -> Period:
    """The month that the address names, else the present one."""
    asked = parse_period(request.GET.get("month", ""))
    today = clock.today()
    if asked is None or asked != month_of(asked.since) or asked.since > today:
        return month_of(today)
    return asked


def _frame(request: ActedRequest, postings: list[Posting]) -> dict[str, Any]:
    """What every page of the diary hands to the script."""
    needs = [{"id": str(one.pk), "text": str(one)} for one in queries.list_needs(postings)]
    return {"owner": request.actor.user_id, "needs": needs, "duties": list(Duty)}


# --- writing ------------------------------------------------------------------------------------


@before_reading
@page(*rules.WRITERS)
def diary_write(request: ActedRequest) -> HttpResponse:
    postings = list(queries.list_own_postings(request.actor.scope))
    needs = queries.list_needs(postings)
    if request.method != "POST":
        return _entry_page(request, postings, forms.fresh_form(needs, _day(request)))
    form = forms.EntryForm(request.POST, request.FILES, needs=needs)
    return _take_in(request, postings, form)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()


@before_reading
@page(*rules.WRITERS)
def diary_edit(request: ActedRequest, diary_id: UUID) -> HttpResponse:
    entry = queries.get_own_entry(request.actor.scope, diary_id)
    postings = [entry.posting]
    needs = [*queries.list_needs(postings)]
    if entry.need and entry.need not in needs:
        needs.append(entry.need)
    if request.method != "POST":
        return _entry_page(request, postings, forms.edit_form(entry, needs), entry)
    data = request.POST.copy()
    data["entry"] = str(entry.pk)
    form = forms.EntryForm(data, request.FILES, needs=needs)
    return _take_in(request, postings, form, entry)


def _take_in(
    request: ActedRequest,
    postings: list[Posting],
    form: forms.EntryForm,
    entry: DiaryEntry | None = None,
) -> HttpResponse:
    received = None
    if form.is_valid():
        received = carry_out(
            form, lambda: actions.receive_entry(form.sent, actor=request.actor), beside=BESIDE
        )
    if received is None:
        return _entry_page(request, postings, form, entry)
    _add_photos(request, received.entry, form.cleaned_data["photos"])
    if received.conflict_id:
        messages.warning(request, "这条日志在别处也改过，两处不一样的地方请选一下")
        return redirect("diary_conflict", received.conflict_id)
    messages.success(request, "已记下" if entry is None else "已改好")
    return redirect(_list_url(received.entry.happened_on))


def _list_url(day: date) -> str:
    return f"{reverse('diary_list')}?month={day:%Y-%m}"


def _add_photos(request: ActedRequest, entry: DiaryEntry, files: list[Any]) -> None:
    """The entry stands whatever becomes of its photos; each that is refused says why."""

    def add(data: bytes) -> object:
        return actions.add_photo(entry, number=uuid4(), data=data, actor=request.actor)

    for told in add_each(files, add):
        messages.warning(request, told)


def _entry_page(
    request: ActedRequest,
    postings: list[Posting],
    form: forms.EntryForm,
    entry: DiaryEntry | None = None,
) -> HttpResponse:
    context = {**_frame(request, postings), "form": form, "entry": entry, "postings": postings}
    return render(request, "posting/diary_form.html", context, status=status_of(form))


# --- what a phone kept --------------------------------------------------------------------------


@page(*rules.WRITERS)
def diary_offline(request: ActedRequest) -> HttpResponse:
    """Kept by the phone and shown where there is no signal: it says nothing of anybody."""
    return render(request, "posting/diary_offline.html", {"duties": list(Duty)})


@public
def diary_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, under the address whose pages it may answer for."""
    path = finders.find("posting/worker.js")
    assert isinstance(path, str)
    answer = HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_POST
@page(*rules.WRITERS)
def diary_sync_view(request: ActedRequest) -> HttpResponse:
    """The backlog of a phone, in the order in which it was written; each is taken in by itself."""
    if len(request.body) > SENDING_BYTES_MAX:
        return JsonResponse({"text": "一次发送的内容太多"}, status=413)
    try:
        owner, sent = forms.parse_sending(request.body)
    except forms.BadSending:
        return JsonResponse({"text": "发送的内容读不出来"}, status=400)
    if owner != str(request.actor.user_id):
        return JsonResponse({"text": "手机上的记录是另一个账号写的，请用那个账号登录"}, status=409)
    return JsonResponse({"answers": [_answer(one, request) for one in sent]})


def _answer(sent: diary_sync.Sent, request: ActedRequest) -> dict[str, Any]:
    try:
        received = actions.receive_entry(sent, actor=request.actor)
    except Refused as refused:
        told = [{"code": one.code, "text": one.text} for one in refused.refusals]
        return {"number": sent.number, "outcome": "refused", "refusals": told}
    if sent.seconds is not None and not received.again:
        count_form("diary_write", sent.seconds, actor=request.actor)
    conflict = received.conflict_id
    return {
        "number": sent.number,
        "outcome": received.outcome.value,
        "again": received.again,
        "conflict": reverse("diary_conflict", args=[conflict]) if conflict else "",
    }


@before_reading
@require_POST
@page(*rules.WRITERS)
def diary_photo_add(request: ActedRequest, diary_id: UUID) -> HttpResponse:
    """One photo of an entry that has been taken in; JSON, because a script sends it."""
    entry = queries.get_own_entry(request.actor.scope, diary_id)
    file = request.FILES.get("photo")
    try:
        number = UUID(request.POST.get("number", ""))
    except ValueError:
        return JsonResponse({"text": "发送的内容读不出来"}, status=400)
    if file is None:
        return JsonResponse({"text": "发送的内容读不出来"}, status=400)
    try:
        photo = actions.add_photo(entry, number=number, data=file.read(), actor=request.actor)
    except Refused as refused:
        told = [{"code": one.code, "text": one.text} for one in refused.refusals]
        return JsonResponse({"outcome": "refused", "refusals": told})
    return JsonResponse({"outcome": "created", "photo": str(photo.pk)})


# --- reading ------------------------------------------------------------------------------------


@page(*READERS)
def diary_entry(request: ActedRequest, diary_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor.scope, diary_id)
    note_reading(entry.posting.person)
    context = {
        "entry": entry,
        "is_own": entry.posting.person_id == request.actor.scope.person_id,
        "versions": panels.versions(entry),
        "conflicts": list(entry.conflicts.all()),
        "problems": list(entry.problems.all()),
        "entries": list_timeline(entry),
    }
    return render(request, "posting/diary_entry.html", context)


@page(*READERS)
def posting_diary(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """The diary of one posting, for the people who answer for it."""
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    note_reading(posting.person)
    within = parse_period(request.GET.get("within", ""))
    period = within or _month(request)
    context = {
        "posting": posting,
        "within": within,
        **panels.month(queries.list_entries_of(posting, period), period),
    }
    return render(request, "posting/posting_diary.html", context)


@page(*READERS)
def diary_photo(request: ActedRequest, photo_id: UUID, size: str) -> HttpResponse:
    photo = queries.get_photo(request.actor.scope, photo_id)
    name = photo.thumbnail_name if size == "small" else photo.stored_name
    return photo_files.shown(name, photo.pk)


@page(*rules.WRITERS)
def diary_photo_remove(request: ActedRequest, photo_id: UUID) -> HttpResponse:
    photo = queries.get_own_photo(request.actor.scope, photo_id)
    if request.method == "POST":
        actions.remove_photo(photo, actor=request.actor)
        messages.success(request, "照片已删去")
        return redirect("diary_entry", photo.entry_id)
    return render(request, "posting/diary_photo_remove.html", {"photo": photo})


# --- setting right ------------------------------------------------------------------------------


@page(*rules.WRITERS)
def diary_withdraw(request: ActedRequest, diary_id: UUID) -> HttpResponse:
    entry = queries.get_own_entry(request.actor.scope, diary_id)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form, lambda: actions.withdraw_entry(entry, actor=request.actor, **form.cleaned_data)
        )
        if not form.errors:
            messages.success(request, "日志已撤回，不再计入报告")
            return redirect(_list_url(entry.happened_on))
    context = {"entry": entry, "form": form}
    return render(request, "posting/diary_withdraw.html", context, status=status_of(form))


@page(*rules.WRITERS)
def diary_conflict(request: ActedRequest, conflict_id: UUID) -> HttpResponse:
    """Both versions side by side, field by field; nothing is lost whatever is chosen."""
    conflict = queries.get_own_conflict(request.actor.scope, conflict_id)
    refusals: tuple[Any, ...] = ()
    if request.method == "POST":
        chosen = {name: request.POST.get(name, "") for name in conflict.clashes}
        version = request.POST.get("version", "")
        try:
            actions.settle_conflict(
                conflict, chosen=chosen, actor=request.actor,
                version=int(version) if version.isdecimal() else 0,
            )  # fmt: skip
        except Refused as refused:
            refusals = refused.refusals
        else:
            messages.success(request, "已选定")
            return redirect("diary_entry", conflict.entry_id)
    context = {"conflict": conflict, "lines": panels.clash_lines(conflict), "refusals": refusals}
    status = 409 if refusals else 200
    return render(request, "posting/diary_conflict.html", context, status=status)
