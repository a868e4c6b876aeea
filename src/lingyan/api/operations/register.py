"""The register for programs: places, units, people, village officers."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.http import HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.versions import stamped, unchanged
from lingyan.api.paging import ListQuery, PageOut
from lingyan.api.problems import of_form
from lingyan.directory import queries, rules
from lingyan.directory.actions import geography, officers, people, units
from lingyan.directory.actions.officers import OfficerRow
from lingyan.directory.actions.places import create_places
from lingyan.directory.actions.units import UnitRow
from lingyan.directory.forms.records import (
    EndOfficeForm,
    NewPlaceForm,
    OfficerForm,
    PersonForm,
    PlaceForm,
    UnitForm,
)
from lingyan.directory.models import Person, Place, Unit, VillageOfficer
from lingyan.directory.views import people as people_pages
from lingyan.directory.views import places as place_pages
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.audit.reading import note_reading

router = Router(tags=["名录"])
IF_MATCH: str = Header("", alias="If-Match", max_length=100)  # type: ignore[type-arg]  # ninja's own


def filled(form: forms.Form) -> dict[str, Any]:
    """What the form has read, or every reason why it does not take it."""
    if not form.is_valid():
        raise of_form(form)
    return form.cleaned_data


def sent(body: Schema, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body as a form takes it; what a change leaves out stays as it is."""
    given = body.model_dump(exclude_unset=initial is not None)
    data = {**(initial or {}), **given}
    return {name: "" if value is None else value for name, value in data.items()}


# --- places -------------------------------------------------------------------------------------


class PlaceOut(Schema):
    id: UUID
    name: str
    short_name: str
    level: str
    parent_id: UUID | None
    village_kind: str
    code: str
    code_edition: str


class PlaceQuery(ListQuery):
    sort: Literal["place", "-place", "name", "-name"] = "place"
    level: rules.PlaceLevel | None = None
    parent: UUID | None = None


class PlaceIn(Schema):
    code: str = Field(pattern=r"^[0-9]{12}$")
    name: str = Field(min_length=1, max_length=80)
    edition: str = Field(min_length=1, max_length=10)


class PlaceChange(Schema):
    name: str = Field("", max_length=80)
    short_name: str = Field("", max_length=80)
    village_kind: rules.VillageKind | Literal[""] = ""
    code: str = Field("", max_length=12)
    code_edition: str = Field("", max_length=10)


def place_out(place: Place) -> PlaceOut:
    return PlaceOut.from_orm(place)


@operation(
    router, "GET", "/places", roles=roles_of(place_pages.place_list), summary="区划",
    answer=PageOut[PlaceOut],
)  # fmt: skip
def list_places(request: CalledRequest, query: Query[PlaceQuery]) -> PageOut[PlaceOut]:
    rows = queries.list_places(request.actor.scope)
    if query.level:
        rows = rows.filter(level=query.level)
    if query.parent:
        rows = rows.filter(parent_id=query.parent)
    sorts = {"place": ("path",), "name": ("short_name",)}
    return page_of(
        rows, query, place_out, sort=query.sort, sorts=sorts, search=("name", "short_name")
    )


@operation(
    router, "GET", "/places/{place_id}", roles=roles_of(place_pages.place), summary="一个区划",
    answer=PlaceOut,
)  # fmt: skip
def get_place(request: CalledRequest, response: HttpResponse, place_id: UUID) -> Schema:
    return stamped(response, place_out(queries.get_place(request.actor.scope, place_id)))


@operation(
    router, "POST", "/places", roles=roles_of(place_pages.place_create), summary="登记区划",
    answer=PlaceOut, status=201,
)  # fmt: skip
def create_place(request: CalledRequest, response: HttpResponse, body: PlaceIn) -> Schema:
    given = filled(NewPlaceForm(sent(body)))
    row = {"code": given["code"], "name": given["name"]}
    [made] = create_places([row], edition=given["edition"], actor=request.actor)
    return stamped(response, place_out(made))


@operation(
    router, "PATCH", "/places/{place_id}", roles=roles_of(place_pages.place_edit),
    summary="修改区划", answer=PlaceOut,
)  # fmt: skip
def change_place(
    request: CalledRequest,
    response: HttpResponse,
    place_id: UUID,
    body: PlaceChange,
    if_match: str = IF_MATCH,
) -> Schema:
    rows = queries.list_places(request.actor.scope)
    place = queries.get_place(request.actor.scope, place_id)
    with unchanged(rows, place, place_out, if_match) as now:
        initial = {name: getattr(now, name) for name in PlaceForm.base_fields}
        values = filled(PlaceForm(sent(body, initial)))
        changed = geography.change_place(now, actor=request.actor, values=values)
    return stamped(response, place_out(changed))


# --- units --------------------------------------------------------------------------------------


class UnitOut(Schema):
    id: UUID
    name: str
    category: str
    place_id: UUID
    credit_code: str
    sector: str
    industry: str
    headcount: int | None


class UnitQuery(ListQuery):
    sort: Literal["name", "-name", "category", "-category"] = "name"
    category: rules.UnitCategory | None = None


class UnitIn(Schema):
    name: str = Field(min_length=1, max_length=100)
    category: rules.UnitCategory
    place: UUID
    credit_code: str = Field("", max_length=18)
    sector: str = Field("", max_length=40)
    industry: str = Field("", max_length=60)
    headcount: int | None = Field(None, ge=0, le=100_000)


class UnitChange(Schema):
    name: str = Field("", max_length=100)
    category: rules.UnitCategory = rules.UnitCategory.COUNTY_DEPT
    place: UUID | None = None
    credit_code: str = Field("", max_length=18)
    sector: str = Field("", max_length=40)
    industry: str = Field("", max_length=60)
    headcount: int | None = Field(None, ge=0, le=100_000)


def unit_out(unit: Unit) -> UnitOut:
    return UnitOut.from_orm(unit)


def _seats(scope: Scope) -> Any:
    return queries.list_places(scope).filter(level__in=people_pages.COUNTY_LEVELS)


@operation(
    router, "GET", "/units", roles=roles_of(people_pages.unit_list), summary="单位",
    answer=PageOut[UnitOut],
)  # fmt: skip
def list_units(request: CalledRequest, query: Query[UnitQuery]) -> PageOut[UnitOut]:
    rows = queries.list_units(request.actor.scope)
    if query.category:
        rows = rows.filter(category=query.category)
    sorts = {"name": ("name",), "category": ("category", "name")}
    return page_of(rows, query, unit_out, sort=query.sort, sorts=sorts, search=("name", "sector"))


@operation(
    router, "GET", "/units/{unit_id}", roles=roles_of(people_pages.unit), summary="一个单位",
    answer=UnitOut,
)  # fmt: skip
def get_unit(request: CalledRequest, response: HttpResponse, unit_id: UUID) -> Schema:
    return stamped(response, unit_out(queries.get_unit(request.actor.scope, unit_id)))


@operation(
    router, "POST", "/units", roles=roles_of(people_pages.unit_create), summary="登记单位",
    answer=UnitOut, status=201,
)  # fmt: skip
def create_unit(request: CalledRequest, response: HttpResponse, body: UnitIn) -> Schema:
    given = filled(UnitForm(sent(body), places=_seats(request.actor.scope)))
    made = units.create_unit(UnitRow(**given), actor=request.actor)
    return stamped(response, unit_out(made))


@operation(
    router, "PATCH", "/units/{unit_id}", roles=roles_of(people_pages.unit_edit),
    summary="修改单位", answer=UnitOut,
)  # fmt: skip
def change_unit(
    request: CalledRequest,
    response: HttpResponse,
    unit_id: UUID,
    body: UnitChange,
    if_match: str = IF_MATCH,
) -> Schema:
    scope = request.actor.scope
    unit = queries.get_unit(scope, unit_id)
    with unchanged(queries.list_units(scope), unit, unit_out, if_match) as now:
        initial = {name: getattr(now, name) for name in UnitForm.base_fields}
        initial["place"] = now.place_id
        values = filled(UnitForm(sent(body, initial), places=_seats(scope)))
        changed = units.change_unit(now, actor=request.actor, values=values)
    return stamped(response, unit_out(changed))


# --- people -------------------------------------------------------------------------------------


class PersonLineOut(Schema):
    id: UUID
    number: str
    name: str
    gender: str
    birth_on: date | None
    political_status: str
    unit_id: UUID | None
    unit: str
    job_title: str


class PersonOut(PersonLineOut):
    ethnicity: str
    education: str
    party_joined_on: date | None
    work_started_on: date | None
    rank: str
    place_id: UUID
    id_number: str = Field(description="中间各位以 * 代替")
    phone: str = Field(description="中间各位以 * 代替")


class PersonQuery(ListQuery):
    sort: Literal["number", "-number", "name", "-name"] = "number"
    unit: UUID | None = None
    gender: rules.Gender | None = None
    political_status: rules.PoliticalStatus | None = None


class PersonFields(Schema):
    number: str = Field("", max_length=20)
    unit: UUID | None = None
    village: str = Field("", max_length=80)
    job_title: str = Field("", max_length=60)
    rank: str = Field("", max_length=30)
    gender: rules.Gender | Literal[""] = ""
    birth_on: date | None = None
    political_status: rules.PoliticalStatus | Literal[""] = ""
    party_joined_on: date | None = None
    work_started_on: date | None = None
    education: str = Field("", max_length=20)
    ethnicity: str = Field("", max_length=20)
    native_place: str = Field("", max_length=80)
    household_place: str = Field("", max_length=80)
    grown_up_place: str = Field("", max_length=80)
    residence_place: str = Field("", max_length=80)
    id_number: str = Field("", max_length=18)
    phone: str = Field("", max_length=11)
    conflict_reason: str = Field(
        "",
        max_length=200,
        description="出生日期、性别与身份证号不一致而档案确实如此时写明依据；限县委组织部",
    )


class PersonIn(PersonFields):
    name: str = Field(min_length=1, max_length=40)


class PersonChange(PersonFields):
    name: str = Field("", max_length=40)


def _line(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "number": person.number,
        "name": person.name,
        "gender": person.gender,
        "birth_on": person.birth_on,
        "political_status": person.political_status,
        "unit_id": person.unit_id,
        "unit": str(person.unit or ""),
        "job_title": person.job_title,
    }


def person_out(person: Person) -> PersonOut:
    return PersonOut(
        **_line(person),
        ethnicity=person.ethnicity,
        education=person.education,
        party_joined_on=person.party_joined_on,
        work_started_on=person.work_started_on,
        rank=person.rank,
        place_id=person.place_id,
        id_number=queries.masked_id_number(person),
        phone=queries.masked_phone(person),
    )


def person_line_out(person: Person) -> PersonLineOut:
    return PersonLineOut(**_line(person))


@operation(
    router, "GET", "/people", roles=roles_of(people_pages.person_list), summary="人员",
    answer=PageOut[PersonLineOut],
)  # fmt: skip
def list_people(request: CalledRequest, query: Query[PersonQuery]) -> PageOut[PersonLineOut]:
    rows = queries.list_people(request.actor.scope).defer("id_number_cipher", "phone_cipher")
    if query.unit:
        rows = rows.filter(unit_id=query.unit)
    if query.gender:
        rows = rows.filter(gender=query.gender)
    if query.political_status:
        rows = rows.filter(political_status=query.political_status)
    sorts = {"number": ("number",), "name": ("name", "number")}
    search = ("name", "number", "unit__name")
    return page_of(rows, query, person_line_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "GET", "/people/{person_id}", roles=roles_of(people_pages.person),
    summary="一名人员，证件号和电话只给首尾", answer=PersonOut,
)  # fmt: skip
def get_person(request: CalledRequest, response: HttpResponse, person_id: UUID) -> Schema:
    person = queries.get_person(request.actor.scope, person_id)
    note_reading(person)
    return stamped(response, person_out(person))


def _person_form(actor: Actor, data: dict[str, Any]) -> PersonForm:
    """As the page's: who may overrule an identity number may say why."""
    units = queries.list_units(actor.scope)
    return PersonForm(data, units=units, may_overrule=actor.holds(*people_pages.STAFF))


@operation(
    router, "POST", "/people", roles=roles_of(people_pages.person_create), summary="登记人员",
    answer=PersonOut, status=201,
)  # fmt: skip
def create_person(request: CalledRequest, response: HttpResponse, body: PersonIn) -> Schema:
    form = _person_form(request.actor, sent(body))
    filled(form)
    made = people.register_person(form.row(), actor=request.actor)
    return stamped(response, person_out(queries.get_person(request.actor.scope, made.pk)))


@operation(
    router, "PATCH", "/people/{person_id}", roles=roles_of(people_pages.person_edit),
    summary="修改人员", answer=PersonOut,
)  # fmt: skip
def change_person(
    request: CalledRequest,
    response: HttpResponse,
    person_id: UUID,
    body: PersonChange,
    if_match: str = IF_MATCH,
) -> Schema:
    scope = request.actor.scope
    person = queries.get_person(scope, person_id)
    with unchanged(queries.list_people(scope), person, person_out, if_match) as now:
        initial = {**PersonForm.initial_of(now), "unit": now.unit_id}
        form = _person_form(request.actor, sent(body, initial))
        given = filled(form)
        values = form.values()
        values["number"] = values["number"] or now.number
        people.change_person(
            now,
            actor=request.actor,
            values=values,
            id_number=given["id_number"],
            phone=given["phone"],
            conflict_reason=form.reason(),
        )
    return stamped(response, person_out(queries.get_person(scope, person_id)))


# --- village officers ---------------------------------------------------------------------------


class OfficerOut(Schema):
    id: UUID
    person_id: UUID
    person: str
    village_id: UUID
    village: str
    town: str
    post: str
    since: date
    until: date | None = Field(description="从这一天起不再任职；现任为空")


class OfficerQuery(ListQuery):
    sort: Literal["village", "-village", "name", "-name", "since", "-since"] = "village"
    town: UUID | None = None
    village: UUID | None = None
    post: rules.OfficerPost | None = None
    held: Literal["now", "past"] | None = None


class OfficerIn(Schema):
    person: str = Field(min_length=1, max_length=40, description="姓名或人员编号")
    village: UUID
    post: rules.OfficerPost
    since: date
    until: date | None = None


class EndIn(Schema):
    until: date


def officer_out(officer: VillageOfficer) -> OfficerOut:
    return OfficerOut(
        id=officer.pk,
        person_id=officer.person_id,
        person=officer.person.name,
        village_id=officer.village_id,
        village=officer.village.short_name,
        town=str(officer.village.parent or ""),
        post=officer.post,
        since=officer.since,
        until=officer.until,
    )


@operation(
    router, "GET", "/officers", roles=roles_of(people_pages.officer_list), summary="村干部任职",
    answer=PageOut[OfficerOut],
)  # fmt: skip
def list_officers(request: CalledRequest, query: Query[OfficerQuery]) -> PageOut[OfficerOut]:
    rows = queries.list_officers(request.actor.scope)
    wanted = {
        "village__parent_id": query.town,
        "village_id": query.village,
        "post": query.post,
        "until__isnull": query.held == "now" if query.held else None,
    }
    rows = rows.filter(**only(wanted))
    sorts = {
        "village": ("village__path", "post"),
        "name": ("person__name",),
        "since": ("since", "village__path"),
    }
    search = ("person__name", "village__name")
    return page_of(rows, query, officer_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/officers", roles=roles_of(people_pages.officer_create),
    summary="登记任职", answer=OfficerOut, status=201,
)  # fmt: skip
def create_officer(request: CalledRequest, body: OfficerIn) -> OfficerOut:
    scope = request.actor.scope
    form = OfficerForm(sent(body), scope=scope, villages=queries.list_villages(scope))
    made = officers.register_officer(OfficerRow(**filled(form)), actor=request.actor)
    return officer_out(queries.get_officer(scope, made.pk))


@operation(
    router, "POST", "/officers/{officer_id}/end", roles=roles_of(people_pages.officer_end),
    summary="登记离任", answer=OfficerOut,
)  # fmt: skip
def end_office(request: CalledRequest, officer_id: UUID, body: EndIn) -> OfficerOut:
    scope = request.actor.scope
    officer = queries.get_officer(scope, officer_id)
    officers.end_office(officer, actor=request.actor, **filled(EndOfficeForm(sent(body))))
    return officer_out(queries.get_officer(scope, officer_id))
