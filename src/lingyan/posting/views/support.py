"""The pages of support: everybody by item, one person, standards, insurance, examinations."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.queries import get_county
from lingyan.directory.rules.hands import ADMIN, POSTED, STAFF, TOWN, UNIT
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit import reading
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import honors as honor_actions
from lingyan.posting.actions import insurance as insurance_actions
from lingyan.posting.actions import support as actions
from lingyan.posting.exports import support as exports
from lingyan.posting.forms import support as forms
from lingyan.posting.models import Posting
from lingyan.posting.panels import support as panels
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import honors as honor_rules
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import ItemState, SupportItem

OFFICES = (*rules.COUNTY, *TOWN, *UNIT)
PERSON_READERS = (*OFFICES, *POSTED)
BESIDE = {
    "posting.policy_number_missing": "policy_number",
    "posting.policy_known": "policy_number",
    "posting.policy_order": "insured_last_day",
    "posting.amount_positive": "amount",
    "posting.day_in_future": "on",
    "posting.support_before_arrival": "on",
    "posting.support_after_end": "on",
    "posting.support_known": "on",
    "posting.by_whom_missing": "by_whom",
    "posting.reason_missing": "reason",
}


# --- everybody ------------------------------------------------------------------------------------


def _listing(request: ActedRequest, year: int, found: list[panels.Row]) -> Listing[Posting]:
    scope, item = request.actor.scope, request.GET.get("item", "")
    item = item if item in {one.value for one in SupportItem} else ""
    soon = clock.today() + timedelta(days=rules.INSURANCE_WARN_DAYS)
    ending = queries.list_insurance_ending(scope, clock.today(), soon)
    states = [(one.value, one.label) for one in ItemState]
    return Listing(
        request,
        queries.list_in_year(scope, year),
        search=("person__name", "village__short_name", "unit__name"),
        search_hint="姓名、村或单位",
        filters=(
            Filter("item", "项目", SupportItem.choices(), lambda _: Q()),
            Filter(
                "state", "情况", states,
                lambda state: Q(pk__in=panels.keys_in_state(found, state, item)),
            ),
            Filter(
                "town", "乡镇", posting_queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
            Filter(
                "insurance", "保险", [("ending", "到期或将到期")],
                lambda _: Q(pk__in=ending.values("pk")),
            ),
        ),
        sorts={
            "village": ("village__path", "kind"),
            "person": ("person__name", "village__path"),
            "unit": ("unit__name", "village__path"),
        },
        default_sort="village",
    )  # fmt: skip


@page(*OFFICES)
def support_list(request: ActedRequest) -> HttpResponse:
    """保障台账: each person and item of the year; what is late stands out."""
    year = panels.year_asked(request.GET.get("year", ""))
    found = panels.rows(list(queries.list_in_year(request.actor.scope, year)), year)
    listing = _listing(request, year, found)
    by_key = {one.posting.pk: one for one in found}
    context = {
        "listing": listing,
        "rows": [by_key[one.pk] for one in listing],
        "tiles": panels.tiles(found),
        "items": list(SupportItem),
        "year": year,
        "years": panels.years(),
        "may_set": request.actor.role in ADMIN,
    }
    return render(request, "posting/support_list.html", context)


@page(*OFFICES)
def support_export(request: ActedRequest) -> HttpResponse:
    """The page's rows, all of them, as a workbook."""
    year = panels.year_asked(request.GET.get("year", ""))
    found = panels.rows(list(queries.list_in_year(request.actor.scope, year)), year)
    chosen = set(_listing(request, year, found).rows.values_list("pk", flat=True))
    rows = [(one.posting, one.lines) for one in found if one.posting.pk in chosen]
    target = BytesIO()
    with reading.listing() as listed:
        count = exports.write_overview(target, rows, actor=request.actor)
    county = get_county(request.actor.scope)
    actions.note_overview_export(county, year=year, rows=count, listed=listed, actor=request.actor)
    return workbook(target.getvalue(), f"{year}年保障台账.xlsx")


# --- one person -----------------------------------------------------------------------------------


@page(*POSTED)
def support_mine(request: ActedRequest) -> HttpResponse:
    """我的保障, on the phone: what is due to oneself and what has come."""
    own = life_queries.own_posting(request.actor.scope)
    if own is None:
        return render(request, "posting/support_none.html")
    return _person(request, own)


@page(*PERSON_READERS)
def support_person(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    return _person(request, queries.get_supported(request.actor, posting_id))


def _person(request: ActedRequest, posting: Posting) -> HttpResponse:
    note_reading(posting.person)
    role, year = request.actor.role, panels.year_asked(request.GET.get("year", ""))
    context = {
        "posting": posting,
        "year": year,
        "years": panels.years(),
        "is_own": role in POSTED,
        "may_record": role in rules.RECORDERS,
        "may_give": role in STAFF,
        "may_nominate": role in honor_rules.NOMINATORS
        and not honor_actions.reasons_against_nominating(posting),
        "may_career": role in honor_rules.CAREER_NOMINATORS,
        "reads_career": role in honor_rules.CAREER_READERS,
        **panels.of_person(posting, year, request.actor),
    }
    return render(request, "posting/support_person.html", context)


def _form_page(
    request: ActedRequest, posting: Posting, form: Form, heading: str, hint: str = ""
) -> HttpResponse:
    context = {
        "posting": posting,
        "heading": heading,
        "hint": hint,
        "form": form,
        "yes": heading,
        "back": reverse("support_person", args=[posting.pk]),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))


@page(*rules.RECORDERS)
def support_add(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    posting = queries.get_supported(request.actor, posting_id)
    form = forms.RecordForm(request.POST or None, initial=_item_asked(request))
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.record_support(posting, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已登记")
            return redirect("support_person", posting.pk)
    return _form_page(request, posting, form, "登记体检或慰问", "体检只登记做过，不登记结果。")


def _item_asked(request: ActedRequest) -> dict[str, Any]:
    return {"item": request.GET.get("item", SupportItem.HEALTH_EXAM)}


@page(*rules.RECORDERS)
def support_void(request: ActedRequest, record_id: UUID) -> HttpResponse:
    done = queries.get_record(request.actor.scope, record_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.void_record(done, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已作废")
            return redirect("support_person", done.posting_id)
    hint = (
        f"{done.happened_on} {done.get_item_display()}，{done.by_whom}。作废后不再计入，记录留存。"
    )
    return _form_page(request, done.posting, form, "作废这条记录", hint)


# --- insurance ------------------------------------------------------------------------------------


@page(*rules.INSURERS)
def insurance_add(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """The next policy begins where the last one ends, which is filled in already."""
    posting = queries.get_supported(request.actor, posting_id)
    form = forms.PolicyForm(request.POST or None, initial=_next_policy(posting))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        policy = insurance_actions.Policy(said["policy_number"], said["insured_since"], form.until)
        carry_out(
            form,
            lambda: insurance_actions.add_policy(posting, policy, actor=request.actor),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "保险已登记")
            return redirect("support_person", posting.pk)
    hint = "保单应覆盖整个任期；分年投保的，前后两份中间不断档。"
    return _form_page(request, posting, form, "登记保险", hint)


def _next_policy(posting: Posting) -> dict[str, Any]:
    gap = next(iter(queries.insurance_gaps(posting)), None)
    return {"insured_since": gap.since, "insured_last_day": gap.last_day} if gap else {}


@page(*ADMIN)
def insurance_waive(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """G-18: the administrator lets somebody arrive before the insurance is there."""
    posting = queries.get_supported(request.actor, posting_id)
    form = forms.WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: insurance_actions.waive_insurance(
                posting, actor=request.actor, **form.cleaned_data
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, f"已同意，{rules.WAIVED_DAYS} 天内补办")
            return redirect("posting_detail", posting.pk)
    hint = (
        f"没有保险、欠着体检不能确认到岗。写明理由的，可以先到岗，{rules.WAIVED_DAYS} 天内补办；"
        "只能同意一次，会列在县里当月的任务里。"
    )
    return _form_page(request, posting, form, "先到岗、后补办", hint)


@page(*rules.INSURERS)
def insurance_void(request: ActedRequest, policy_id: UUID) -> HttpResponse:
    policy = queries.get_policy(request.actor.scope, policy_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: insurance_actions.void_policy(policy, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已作废")
            return redirect("support_person", policy.posting_id)
    hint = f"保单 {policy.number}，{policy.since} 至 {policy.last_day}。登记错了才作废，记录留存。"
    return _form_page(request, policy.posting, form, "作废这份保险", hint)
