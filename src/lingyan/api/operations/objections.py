"""回避和不接收 for programs: a town's veto, a candidate's refusal, those of county and units."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import ReasonIn, only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.posting.actions import intentions as actions
from lingyan.posting.forms.rounds import ObjectionForm, ReasonForm
from lingyan.posting.models import Objection
from lingyan.posting.panels.choices import objection_kinds
from lingyan.posting.queries import rounds as queries
from lingyan.posting.views import objections as pages
from lingyan.posting.views import wishes as choice_pages

router = Router(tags=["双向选择"])
REASON_MAX = 300


class ObjectionOut(Schema):
    id: UUID
    round_id: UUID
    kind: str
    person_id: UUID | None
    person: str
    unit_id: UUID | None
    unit: str
    place_id: UUID
    place: str
    reason: str
    entered_on: date


class ObjectionQuery(ListQuery):
    sort: Literal["place", "-place", "kind", "-kind"] = "place"
    kind: Objection.Kind | None = None


class OwnRefusalQuery(ListQuery):
    sort: Literal["place", "-place"] = "place"


class ObjectionIn(Schema):
    kind: Objection.Kind
    person: UUID | None = Field(None, description="单位与乡镇回避不填")
    unit: UUID | None = Field(None, description="只有单位与乡镇回避要填")
    place: UUID
    reason: str = Field(min_length=1, max_length=200)


class VetoIn(Schema):
    round_person: UUID
    reason: str = Field(min_length=1, max_length=REASON_MAX)


class RefusalIn(Schema):
    round_village: UUID
    reason: str = Field(min_length=1, max_length=REASON_MAX)


def objection_out(one: Objection) -> ObjectionOut:
    return ObjectionOut(
        id=one.pk,
        round_id=one.round_id,
        kind=one.kind,
        person_id=one.person_id,
        person=str(one.person or ""),
        unit_id=one.unit_id,
        unit=str(one.unit or ""),
        place_id=one.place_id,
        place=str(one.place),
        reason=one.reason,
        entered_on=one.entered_on,
    )


@operation(
    router, "GET", "/rounds/{round_id}/objections", roles=roles_of(pages.objection_list),
    summary="回避和不接收", answer=PageOut[ObjectionOut],
)  # fmt: skip
def list_objections(
    request: CalledRequest, round_id: UUID, query: Query[ObjectionQuery]
) -> PageOut[ObjectionOut]:
    scope = request.actor.scope
    rows = queries.list_objections(scope, queries.get_round(scope, round_id))
    rows = rows.filter(**only({"kind": query.kind}))
    sorts = {"place": ("place__path", "kind"), "kind": ("kind", "place__path")}
    search = ("person__name", "unit__name", "place__short_name")
    return page_of(rows, query, objection_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/rounds/{round_id}/objections", roles=roles_of(pages.objection_add),
    summary="登记回避", answer=ObjectionOut, status=201,
)  # fmt: skip
def enter_objection(request: CalledRequest, round_id: UUID, body: ObjectionIn) -> ObjectionOut:
    actor = request.actor
    one = queries.get_round(actor.scope, round_id)
    form = ObjectionForm(
        sent(body),  # type: ignore[arg-type]  # a form reads any mapping
        kinds=objection_kinds(one, actor.role),
        people=queries.person_choices(actor.scope, one),
        units=queries.unit_choices(actor.scope, one),
        places=queries.place_choices(one),
    )
    said = filled(form)
    made = actions.enter_objection(
        one,
        said["kind"],
        person=queries.find_person_of_round(one, said["person"]),
        unit=queries.find_unit_of_round(actor.scope, one, said["unit"]),
        place=queries.find_place_of_round(one, said["place"]),
        reason=said["reason"],
        actor=actor,
    )
    return objection_out(queries.get_objection(actor.scope, one, made.pk))


@operation(
    router, "POST", "/rounds/{round_id}/objections/{objection_id}/lift",
    roles=roles_of(pages.objection_lift), summary="撤回回避或不接收", answer=ObjectionOut,
)  # fmt: skip
def lift_objection(
    request: CalledRequest, round_id: UUID, objection_id: UUID, body: ReasonIn
) -> ObjectionOut:
    """The answer is what was taken back."""
    scope = request.actor.scope
    one = queries.get_objection(scope, queries.get_round(scope, round_id), objection_id)
    shown = objection_out(one)
    actions.lift_objection(one, actor=request.actor, **filled(ReasonForm(sent(body))))
    return shown


@operation(
    router, "POST", "/intentions/{round_village_id}/veto",
    roles=roles_of(choice_pages.intention_veto), summary="村不接收一名人选", answer=ObjectionOut,
    status=201,
)  # fmt: skip
def veto_candidate(request: CalledRequest, round_village_id: UUID, body: VetoIn) -> ObjectionOut:
    village = queries.get_round_village(request.actor.scope, round_village_id)
    candidate = queries.get_candidate(village.round, body.round_person)
    made = actions.enter_objection(
        village.round,
        Objection.Kind.VILLAGE_VETO,
        person=candidate.person,
        place=village.village,
        reason=body.reason,
        actor=request.actor,
    )
    return objection_out(made)


@operation(
    router, "GET", "/wishes/{round_person_id}/refusals", roles=roles_of(choice_pages.wish_edit),
    summary="本人不去的村", answer=PageOut[ObjectionOut],
)  # fmt: skip
def list_own_refusals(
    request: CalledRequest, round_person_id: UUID, query: Query[OwnRefusalQuery]
) -> PageOut[ObjectionOut]:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    rows = queries.list_objections(request.actor.scope, own.round).filter(
        kind=Objection.Kind.PERSON_REFUSAL, person_id=own.person_id
    )
    sorts, search = {"place": ("place__path",)}, ("place__short_name",)
    return page_of(rows, query, objection_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/wishes/{round_person_id}/refusals", roles=roles_of(choice_pages.wish_refuse),
    summary="本人不去一个村", answer=ObjectionOut, status=201,
)  # fmt: skip
def refuse_village(request: CalledRequest, round_person_id: UUID, body: RefusalIn) -> ObjectionOut:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    village = queries.get_wish_village(own.round, body.round_village)
    made = actions.enter_objection(
        own.round,
        Objection.Kind.PERSON_REFUSAL,
        person=own.person,
        place=village.village,
        reason=body.reason,
        actor=request.actor,
    )
    return objection_out(made)
