"""Pages of units, people, relatives and village officers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.directory import duplicates, queries, rules, search
from lingyan.directory.actions import officers as officer_actions
from lingyan.directory.actions import people as actions
from lingyan.directory.actions import units as unit_actions
from lingyan.directory.actions.departures import register_departure
from lingyan.directory.actions.officers import OfficerRow
from lingyan.directory.actions.people import RelativeRow
from lingyan.directory.actions.units import UnitRow
from lingyan.directory.forms.records import (
    DepartureForm,
    EndOfficeForm,
    OfficerForm,
    PersonForm,
    RelativeForm,
    UnitForm,
)
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.as_at import known_since
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing, filter_of_records
from lingyan.platform.ui.panels import as_at
from lingyan.platform.ui.refusing import carry_out, status_of

ADMIN = Role.COUNTY_ORG_ADMIN
STAFF = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
COUNTY = (*STAFF, Role.COUNTY_ORG_LEADER)
TOWN = (Role.TOWN_ORG, Role.TOWN_SECRETARY)
PERSON_READERS = (*COUNTY, Role.UNIT_PARTY_ADMIN)
PERSON_WRITERS = (*STAFF, Role.UNIT_PARTY_ADMIN)
OFFICER_READERS = (*COUNTY, Role.COUNTY_AGRI, *TOWN, Role.VILLAGE_SECRETARY)
BESIDE = {
    "directory.name_missing": "name",
    "directory.unit_twice": "name",
    "directory.credit_code": "credit_code",
    "directory.number_taken": "number",
    "directory.id_number_taken": "id_number",
    "directory.person_twice": "number",
    "directory.birth_conflict": "birth_on",
    "directory.gender_conflict": "gender",
    "identity.fifteen_digits": "id_number",
    "identity.shape": "id_number",
    "identity.birth_date": "id_number",
    "identity.check": "id_number",
    "directory.relative_oneself": "other",
    "directory.relative_known": "other",
    "directory.office_twice": "post",
    "directory.office_occupied": "post",
    "directory.not_a_village": "village",
    "directory.since_in_future": "since",
    "directory.until_before_since": "until",
    "directory.departure.day": "on",
    "directory.departure.document": "document",
    "directory.departure.known": "kind",
    "directory.departure.not_a_member": "kind",
}
COUNTY_LEVELS = (rules.PlaceLevel.COUNTY, rules.PlaceLevel.TOWNSHIP)


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


# --- units --------------------------------------------------------------------------------------


@page(*COUNTY)
def unit_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_counted_units(request.actor.scope),
        search=search.units_q,
        search_hint="单位、拼音、首字母或行业",
        filters=[
            Filter("category", "类别", rules.UnitCategory.choices(), lambda code: Q(category=code))
        ],
        sorts={
            "name": ("name",),
            "people": ("people", "name"),
            "category": ("category", "name"),
        },
        default_sort="name",
        sorts_of_few=("people",),
    )
    context = {
        "listing": listing,
        "may_change": request.actor.holds(ADMIN),
        "may_export": request.actor.holds(*COUNTY),
    }
    return render(request, "directory/unit_list.html", context)


@page(*COUNTY, Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER)
def unit(request: ActedRequest, unit_id: UUID) -> HttpResponse:
    one = queries.get_unit(request.actor.scope, unit_id)
    context = {
        "unit": one,
        "as_at": as_at(request.GET.get("on", ""), known_since=known_since(one), name=one.name),
        "people": queries.list_people(request.actor.scope).filter(unit=one).count(),
        "may_change": request.actor.holds(ADMIN),
        "may_read_people": request.actor.holds(*PERSON_READERS),
        "entries": list_timeline(one),
    }
    return render(request, "directory/unit.html", context)


@page(ADMIN)
def unit_create(request: ActedRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, places=_seats(request.actor.scope))
    if request.method == "POST" and form.is_valid():
        row = UnitRow(**form.cleaned_data)
        made = carry_out(
            form, lambda: unit_actions.create_unit(row, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "单位已登记")
            return redirect("unit", made.pk)
    return _form(request, form, "登记单位", "unit_list", "单位")


def _seats(scope: Scope) -> Any:
    return queries.list_places(scope).filter(level__in=COUNTY_LEVELS).order_by("path")


@page(ADMIN)
def unit_edit(request: ActedRequest, unit_id: UUID) -> HttpResponse:
    one = queries.get_unit(request.actor.scope, unit_id)
    initial = {name: getattr(one, name) for name in UnitForm.base_fields}
    form = UnitForm(request.POST or None, initial=initial, places=_seats(request.actor.scope))
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: unit_actions.change_unit(one, actor=request.actor, values=form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "单位已修改")
            return redirect("unit", one.pk)
    return _form(request, form, f"修改{one}", "unit_list", "单位")


# --- people -------------------------------------------------------------------------------------


@page(*PERSON_READERS)
def person_list(request: ActedRequest) -> HttpResponse:
    """People in scope; identity number and phone are not even read here."""
    people = queries.list_people(request.actor.scope).defer("id_number_cipher", "phone_cipher")
    listing = Listing(
        request,
        people,
        search=search.staff_q,
        search_hint="姓名、拼音、首字母、编号或单位",
        filters=[
            _unit_filter(request),
            Filter("gender", "性别", rules.Gender.choices(), lambda code: Q(gender=code)),
            Filter(
                "status",
                "政治面貌",
                rules.PoliticalStatus.choices(),
                lambda code: Q(political_status=code),
            ),
        ],
        sorts={
            "number": ("number",),
            "name": ("name", "number"),
            "unit": ("unit__name", "number"),
            "birth": ("birth_on", "number"),
        },
        default_sort="number",
        sorts_of_few=("unit",),
    )
    context = {
        "listing": listing,
        "may_change": request.actor.holds(*PERSON_WRITERS),
        "may_merge": request.actor.holds(ADMIN),
        "reads_relatives": request.actor.holds(*COUNTY),
    }
    return render(request, "directory/person_list.html", context)


def _unit_filter(request: ActedRequest) -> Filter:
    units = queries.list_units(request.actor.scope).order_by("name").values_list("pk", "name")
    return filter_of_records(request, "unit", "单位", units, "unit_id")


@page(*PERSON_READERS)
def person(request: ActedRequest, person_id: UUID) -> HttpResponse:
    """One person: what is registered, offices in villages, relatives."""
    if (successor := duplicates.find_successor(request.actor.scope, person_id)) is not None:
        messages.info(request, f"这条记录已并入{successor}（{successor.number}）")
        return redirect("person", successor.pk)
    one = queries.get_person(request.actor.scope, person_id)
    note_reading(one)
    context = {
        "person": one,
        "as_at": as_at(request.GET.get("on", ""), known_since=known_since(one), name=one.name),
        "id_number": queries.masked_id_number(one),
        "phone": queries.masked_phone(one),
        "offices": one.offices.select_related("village__parent").order_by("-since"),
        "relatives": queries.list_relatives_of(one),
        "may_change": request.actor.holds(*PERSON_WRITERS),
        "may_depart": request.actor.holds(*STAFF) and not one.left_as,
        "may_reveal": request.actor.holds(*STAFF) and (one.id_number_cipher or one.phone_cipher),
        "relative_form": RelativeForm(scope=request.actor.scope),
        "entries": list_timeline(one),
    }
    return render(request, "directory/person.html", context)


@page(*PERSON_WRITERS)
def person_create(request: ActedRequest) -> HttpResponse:
    units = queries.list_units(request.actor.scope).order_by("name")
    form = PersonForm(request.POST or None, units=units, may_overrule=request.actor.holds(*STAFF))
    if request.method == "POST" and form.is_valid():
        made = carry_out(
            form, lambda: actions.register_person(form.row(), actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "人员已登记")
            return redirect("person", made.pk)
    return _form(request, form, "登记人员", "person_list", "人员")


@page(*PERSON_WRITERS)
def person_edit(request: ActedRequest, person_id: UUID) -> HttpResponse:
    one = queries.get_person(request.actor.scope, person_id)
    note_reading(one)
    units = queries.list_units(request.actor.scope).order_by("name")
    form = PersonForm(
        request.POST or None,
        initial=PersonForm.initial_of(one),
        units=units,
        may_overrule=request.actor.holds(*STAFF),
    )
    if request.method == "POST" and form.is_valid():
        values = form.values()
        values["number"] = values["number"] or one.number
        carry_out(
            form,
            lambda: actions.change_person(
                one,
                actor=request.actor,
                values=values,
                id_number=form.cleaned_data["id_number"],
                phone=form.cleaned_data["phone"],
                conflict_reason=form.reason(),
            ),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "人员信息已修改")
            return redirect("person", one.pk)
    return _form(request, form, f"修改{one}", "person_list", "人员")


@page(*STAFF)
def person_depart(request: ActedRequest, person_id: UUID) -> HttpResponse:
    """Died, left the county, no Party member any more: what ends with it ends today (G-28)."""
    one = queries.get_person(request.actor.scope, person_id)
    form = DepartureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: register_departure(one, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "变动已登记，后续收尾已交办")
            return redirect("person", one.pk)
    context = {
        "form": form,
        "question": f"登记{one}的人员变动？",
        "consequence": "账号当日停用，身份当日终止；村职、派驻、结对联系人等的收尾交有关方面办理。"
        "各项记录保留。",
        "yes": "登记变动",
        "action": request.path,
        "back": reverse("person", args=[one.pk]),
    }
    return render(request, "ui/confirm.html", context, status=status_of(form))


@require_POST
@page(*PERSON_WRITERS)
def relative_add(request: ActedRequest, person_id: UUID) -> HttpResponse:
    one = queries.get_person(request.actor.scope, person_id)
    form = RelativeForm(request.POST, scope=request.actor.scope)
    if form.is_valid():
        row = RelativeRow(one, **form.cleaned_data)
        made = carry_out(
            form, lambda: actions.register_relative(row, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, "近亲属关系已登记")
            return redirect("person", one.pk)
    return _form(request, form, f"{one}：登记近亲属", "person_list", "人员")


@page(*COUNTY)
def relative_list(request: ActedRequest) -> HttpResponse:
    """Every declared relation in scope: what recusal is checked against."""
    listing = Listing(
        request,
        queries.list_relatives(request.actor.scope),
        search=lambda text: search.of_people_q(text, "person") | search.of_people_q(text, "other"),
        search_hint="任何一方的姓名、拼音或首字母",
        filters=[
            Filter("relation", "关系", rules.Relation.choices(), lambda code: Q(relation=code)),
            Filter(
                "office",
                "涉及村干部",
                (("yes", "一方现任村干部"),),
                lambda _: queries.in_office_q("person") | queries.in_office_q("other"),
            ),
        ],
        sorts={"person": ("person__name", "person__number"), "other": ("other__name",)},
        default_sort="person",
    )
    context = {"listing": listing, "may_change": request.actor.holds(*STAFF)}
    return render(request, "directory/relative_list.html", context)


@require_POST
@page(*PERSON_WRITERS)
def relative_remove(request: ActedRequest, relative_id: UUID) -> HttpResponse:
    relative = queries.get_relative(request.actor.scope, relative_id)
    actions.remove_relative(relative, actor=request.actor)
    messages.success(request, "近亲属关系已撤销")
    return redirect("person", relative.person_id)


# --- village officers ---------------------------------------------------------------------------


@page(*OFFICER_READERS)
def officer_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_officers(request.actor.scope),
        search=lambda text: (
            search.of_people_q(text, "person") | search.of_places_q(text, "village")
        ),
        search_hint="姓名、村、拼音或首字母",
        filters=[
            _town_filter(request.actor.scope),
            Filter("post", "职务", rules.OfficerPost.choices(), lambda code: Q(post=code)),
            Filter(
                "held",
                "任职",
                (("now", "现任"), ("past", "已离任")),
                lambda code: Q(until__isnull=code == "now"),
            ),
        ],
        sorts={
            "village": ("village__path", "post"),
            "name": ("person__name",),
            "since": ("since",),
        },
        default_sort="village",
    )
    context = {
        "listing": listing,
        "may_change": request.actor.holds(*STAFF),
        "may_export": request.actor.holds(*COUNTY, *TOWN),
    }
    return render(request, "directory/officer_list.html", context)


def _town_filter(scope: Scope) -> Filter:
    towns = list(queries.list_towns(scope).values_list("path", "short_name"))

    def under(path: str) -> Q:
        return Q(village__path__gte=path, village__path__lt=path_end(path))

    return Filter("town", "乡镇", towns, under)


@page(*STAFF)
def officer_create(request: ActedRequest) -> HttpResponse:
    scope = request.actor.scope
    form = OfficerForm(
        request.POST or None,
        initial={"village": request.GET.get("village", "")},
        scope=scope,
        villages=queries.list_villages(scope).order_by("path"),
    )
    if request.method == "POST" and form.is_valid():
        row = OfficerRow(**form.cleaned_data)
        made = carry_out(
            form,
            lambda: officer_actions.register_officer(row, actor=request.actor),
            beside=BESIDE,
        )
        if made is not None:
            messages.success(request, "任职已登记")
            return redirect("officer_list")
    return _form(request, form, "登记村干部任职", "officer_list", "村干部")


@page(*STAFF)
def officer_end(request: ActedRequest, officer_id: UUID) -> HttpResponse:
    officer = queries.get_officer(request.actor.scope, officer_id)
    form = EndOfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: officer_actions.end_office(officer, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "离任已登记")
            return redirect("officer_list")
    context = {
        "form": form,
        "question": f"登记 {officer} 离任？",
        "consequence": "离任后不再计入两委成员和亲属回避，任职经历保留。",
        "yes": "登记离任",
        "action": request.path,
        "back": reverse("officer_list"),
    }
    return render(request, "ui/confirm.html", context, status=status_of(form))
