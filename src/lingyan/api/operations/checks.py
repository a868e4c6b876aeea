"""村情体检 for programs: start, answers, review, opinion, confirmation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import (
    CHOSEN_MAX,
    CountOut,
    ReasonIn,
    chosen,
    only,
    page_of,
)
from lingyan.api.operations.register import IF_MATCH, filled, sent
from lingyan.api.operations.versions import stamped, unchanged
from lingyan.api.paging import ListQuery, PageOut
from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.posting import rules
from lingyan.posting.actions import health_checks as actions
from lingyan.posting.forms.needs import ConfirmForm, HealthCheckForm, OpinionForm, ReasonForm
from lingyan.posting.models import HealthCheck
from lingyan.posting.queries import needs as queries
from lingyan.posting.views import needs as pages

router = Router(tags=["村情体检"])


class CheckedVillageOut(Schema):
    """A village with this year's check, if there is one."""

    village_id: UUID
    village: str
    town: str
    check_id: UUID | None
    state: str
    village_types: list[str]


class CheckQuery(ListQuery):
    sort: Literal["village", "-village", "state", "-state"] = "village"
    town: UUID | None = None
    state: rules.HealthCheckState | Literal["none"] | None = None


class AnswerOut(Schema):
    item: str
    score: int
    text: str


class CheckOut(Schema):
    id: UUID
    village_id: UUID
    village: str
    town: str
    year: int
    state: str
    answers: list[AnswerOut]
    first_secretary_seats: int
    member_seats: int
    profile_remark: str
    suggested_types: list[str]
    village_types: list[str]
    summary: str
    agriculture_opinion: str
    created_at: datetime


class AnswerIn(Schema):
    item: rules.CheckItem
    score: int | None = Field(None, ge=0, le=4, description="空表示还没有评")
    text: str = Field("", max_length=500)


class CheckChange(Schema):
    answers: list[AnswerIn] = Field(default=[], max_length=16)
    first_secretary_seats: int = Field(1, ge=0, le=1)
    member_seats: int = Field(0, ge=0, le=6)
    profile_remark: str = Field("", max_length=500)


class OpinionIn(Schema):
    text: str = Field(min_length=1, max_length=1000)


class ConfirmIn(Schema):
    summary: str = Field(min_length=1, max_length=1000)
    village_types: list[rules.VillageType] = Field(min_length=1, max_length=20)


class ChecksIn(Schema):
    checks: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)
    text: str = Field("", max_length=1000, description="会商意见或综合研判；送会商时不填")


ManyAct = Literal["start-review", "opinion", "confirm"]


def checked_village_out(village: Any) -> CheckedVillageOut:
    check = next(iter(village.checks_of_year), None)
    return CheckedVillageOut(
        village_id=village.pk,
        village=village.short_name,
        town=str(village.parent or ""),
        check_id=check.pk if check else None,
        state=village.check_state,
        village_types=check.village_types if check else [],
    )


def check_out(check: HealthCheck) -> CheckOut:
    answers = sorted(check.items.all(), key=lambda one: one.item)
    return CheckOut(
        id=check.pk,
        village_id=check.village_id,
        village=check.village.short_name,
        town=str(check.village.parent or ""),
        year=check.year,
        state=check.state,
        answers=[AnswerOut.from_orm(one) for one in answers],
        first_secretary_seats=check.first_secretary_seats,
        member_seats=check.member_seats,
        profile_remark=check.profile_remark,
        suggested_types=list(actions.proposed_types(check)),
        village_types=check.village_types,
        summary=check.summary,
        agriculture_opinion=check.agriculture_opinion,
        created_at=check.created_at,
    )


def _after(request: CalledRequest, check_id: UUID) -> CheckOut:
    return check_out(queries.get_check(request.actor.scope, check_id))


@operation(
    router, "GET", "/health-checks", roles=roles_of(pages.health_check_list),
    summary="各村本年度体检", answer=PageOut[CheckedVillageOut],
)  # fmt: skip
def list_health_checks(
    request: CalledRequest, query: Query[CheckQuery]
) -> PageOut[CheckedVillageOut]:
    rows = queries.list_checked_villages(request.actor.scope, clock.today().year)
    rows = rows.filter(**only({"parent_id": query.town, "check_state": query.state}))
    sorts = {"village": ("path",), "state": ("check_state", "path")}
    search = ("name", "parent__name")
    return page_of(rows, query, checked_village_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/health-checks/many/{act}", roles=roles_of(pages.health_checks_bulk),
    summary="多份体检一起送会商、填意见或确认，全部或全不", answer=CountOut,
)  # fmt: skip
def act_on_health_checks(request: CalledRequest, act: ManyAct, body: ChecksIn) -> CountOut:
    """Confirming settles each village's types as its scores suggest."""
    actor = request.actor
    found = chosen(queries.list_checks(actor.scope), body.checks)
    if act == "start-review":
        count = actions.start_joint_reviews(found, actor=actor)
    elif act == "opinion":
        count = actions.record_opinions(found, actor=actor, text=body.text)
    else:
        count = actions.confirm_health_checks(found, actor=actor, summary=body.text)
    return CountOut(count=count)


@operation(
    router, "GET", "/health-checks/{check_id}", roles=roles_of(pages.health_check),
    summary="一份体检", answer=CheckOut,
)  # fmt: skip
def get_health_check(request: CalledRequest, response: HttpResponse, check_id: UUID) -> Schema:
    return stamped(response, _after(request, check_id))


@operation(
    router, "POST", "/places/{place_id}/health-checks", roles=roles_of(pages.health_check_start),
    summary="开始本年度体检", answer=CheckOut, status=201,
)  # fmt: skip
def start_health_check(request: CalledRequest, place_id: UUID) -> CheckOut:
    village = directory.get_place(request.actor.scope, place_id)
    made = actions.start_health_check(village, actor=request.actor)
    return _after(request, made.pk)


@operation(
    router, "PATCH", "/health-checks/{check_id}", roles=roles_of(pages.health_check_edit),
    summary="填写体检", answer=CheckOut,
)  # fmt: skip
def save_health_check(
    request: CalledRequest,
    response: HttpResponse,
    check_id: UUID,
    body: CheckChange,
    if_match: str = IF_MATCH,
) -> Schema:
    """Items that are not named stay as they are."""
    scope = request.actor.scope
    check = queries.get_check(scope, check_id)
    with unchanged(queries.list_checks(scope), check, check_out, if_match) as now:
        given = sent(body, HealthCheckForm.initial_of(now))
        for one in body.answers:
            given[f"score_{one.item}"] = "" if one.score is None else one.score
            given[f"text_{one.item}"] = one.text
        form = HealthCheckForm(given, evidence={})
        filled(form)
        actions.save_health_check(now, actor=request.actor, answers=form.answers())
    return stamped(response, _after(request, check_id))


@operation(
    router, "POST", "/health-checks/{check_id}/submit",
    roles=roles_of(pages.health_check_submit), summary="提交体检", answer=CheckOut,
)  # fmt: skip
def submit_health_check(request: CalledRequest, check_id: UUID) -> CheckOut:
    check = queries.get_check(request.actor.scope, check_id)
    actions.submit_health_check(check, actor=request.actor)
    return _after(request, check_id)


@operation(
    router, "POST", "/health-checks/{check_id}/start-review",
    roles=roles_of(pages.health_check_start_review), summary="送部门会商", answer=CheckOut,
)  # fmt: skip
def review_health_check(request: CalledRequest, check_id: UUID) -> CheckOut:
    check = queries.get_check(request.actor.scope, check_id)
    actions.start_joint_review(check, actor=request.actor)
    return _after(request, check_id)


@operation(
    router, "POST", "/health-checks/{check_id}/opinion",
    roles=roles_of(pages.health_check_opinion), summary="填写农业农村局会商意见",
    answer=CheckOut,
)  # fmt: skip
def give_opinion(request: CalledRequest, check_id: UUID, body: OpinionIn) -> CheckOut:
    check = queries.get_check(request.actor.scope, check_id)
    actions.record_opinion(check, actor=request.actor, **filled(OpinionForm(sent(body))))
    return _after(request, check_id)


@operation(
    router, "POST", "/health-checks/{check_id}/confirm",
    roles=roles_of(pages.health_check_confirm), summary="确认体检和村类型", answer=CheckOut,
)  # fmt: skip
def confirm_health_check(request: CalledRequest, check_id: UUID, body: ConfirmIn) -> CheckOut:
    check = queries.get_check(request.actor.scope, check_id)
    given = filled(ConfirmForm(sent(body)))
    actions.confirm_health_check(check, actor=request.actor, **given)
    return _after(request, check_id)


@operation(
    router, "POST", "/health-checks/{check_id}/return",
    roles=roles_of(pages.health_check_return), summary="退回体检", answer=CheckOut,
)  # fmt: skip
def return_health_check(request: CalledRequest, check_id: UUID, body: ReasonIn) -> CheckOut:
    check = queries.get_check(request.actor.scope, check_id)
    given = filled(ReasonForm(sent(body)))
    actions.return_health_check(check, actor=request.actor, **given)
    return _after(request, check_id)
