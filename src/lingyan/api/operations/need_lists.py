"""需求清单 for programs: read, correct before they are issued, issue one or many."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import CHOSEN_MAX, CountOut, chosen, only, page_of
from lingyan.api.operations.register import IF_MATCH, filled, sent
from lingyan.api.operations.versions import stamped, unchanged
from lingyan.api.paging import ListQuery, PageOut
from lingyan.posting import rules
from lingyan.posting.actions import need_lists as actions
from lingyan.posting.actions.need_lists import NeedItemRow, NeedListRow
from lingyan.posting.forms.needs import NeedListForm
from lingyan.posting.models import NeedItem, NeedList
from lingyan.posting.queries import needs as queries
from lingyan.posting.views import needs as pages

router = Router(tags=["需求清单"])
NEEDS_MAX = 40


class NeedListLineOut(Schema):
    id: UUID
    village_id: UUID
    village: str
    town: str
    state: str
    village_types: list[str]
    priority_class: int
    first_secretary_seats: int
    member_seats: int
    issued_on: date | None


class NeedOut(Schema):
    domain: str
    item: str
    severity: int
    capabilities: list[str]
    weight: int
    level: int | None
    text: str
    deadline_on: date | None


class NeedListOut(NeedListLineOut):
    first_secretary_lower: int
    member_lower: int
    language: str
    rank_wanted: str
    remark: str
    items: list[NeedOut]


class NeedListQuery(ListQuery):
    sort: Literal["village", "-village", "class", "-class"] = "village"
    town: UUID | None = None
    village: UUID | None = None
    state: NeedList.State | None = None
    priority_class: Literal[1, 2, 3] | None = None


class NeedIn(Schema):
    item: rules.CheckItem
    severity: int = Field(2, ge=0, le=4)
    capabilities: list[rules.Capability] = Field(min_length=1, max_length=20)
    weight: int = Field(1, ge=1, le=50)
    level: int | None = Field(None, ge=1, le=4, description="空为 4 级")
    text: str = Field("", max_length=500)
    deadline_on: date | None = None


class NeedListChange(Schema):
    """What is left out stays; `items`, where they are sent, are the whole list."""

    village_types: list[rules.VillageType] = Field(default=[], max_length=20)
    priority_class: Literal[1, 2, 3] = 3
    first_secretary_seats: int = Field(1, ge=0, le=1)
    first_secretary_lower: int = Field(0, ge=0, le=1)
    member_seats: int = Field(0, ge=0, le=6)
    member_lower: int = Field(0, ge=0, le=6)
    language: str = Field("", max_length=40)
    rank_wanted: str = Field("", max_length=40)
    remark: str = Field("", max_length=500)
    items: list[NeedIn] | None = Field(None, max_length=NEEDS_MAX)


class NeedListsIn(Schema):
    need_lists: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


def _line(one: NeedList) -> dict[str, Any]:
    return {
        "id": one.pk,
        "village_id": one.village_id,
        "village": one.village.short_name,
        "town": str(one.village.parent or ""),
        "state": one.state,
        "village_types": one.village_types,
        "priority_class": one.priority_class,
        "first_secretary_seats": one.first_secretary_seats,
        "member_seats": one.member_seats,
        "issued_on": one.issued_on,
    }


def need_list_line_out(one: NeedList) -> NeedListLineOut:
    return NeedListLineOut(**_line(one))


def need_list_out(one: NeedList) -> NeedListOut:
    return NeedListOut(
        **_line(one),
        first_secretary_lower=one.first_secretary_lower,
        member_lower=one.member_lower,
        language=one.language,
        rank_wanted=one.rank_wanted,
        remark=one.remark,
        items=[NeedOut.from_orm(item) for item in one.items.all()],
    )


def _after(request: CalledRequest, need_list_id: UUID) -> NeedListOut:
    return need_list_out(queries.get_need_list(request.actor.scope, need_list_id))


@operation(
    router, "GET", "/need-lists", roles=roles_of(pages.need_list_list), summary="需求清单",
    answer=PageOut[NeedListLineOut],
)  # fmt: skip
def list_need_lists(
    request: CalledRequest, query: Query[NeedListQuery]
) -> PageOut[NeedListLineOut]:
    wanted = {
        "village__parent_id": query.town,
        "village_id": query.village,
        "state": query.state,
        "priority_class": query.priority_class,
    }
    rows = queries.list_need_lists(request.actor.scope).filter(**only(wanted))
    sorts = {
        "village": ("village__path", "created_at"),
        "class": ("priority_class", "village__path"),
    }
    search = ("village__name", "village__parent__name")
    return page_of(rows, query, need_list_line_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/need-lists/issue", roles=roles_of(pages.need_lists_issue),
    summary="下达多份需求清单，全部或全不", answer=CountOut,
)  # fmt: skip
def issue_need_lists(request: CalledRequest, body: NeedListsIn) -> CountOut:
    found = chosen(queries.list_need_lists(request.actor.scope), body.need_lists)
    return CountOut(count=actions.issue_need_lists(found, actor=request.actor))


@operation(
    router, "GET", "/need-lists/{need_list_id}", roles=roles_of(pages.need_list),
    summary="一份需求清单", answer=NeedListOut,
)  # fmt: skip
def get_need_list(request: CalledRequest, response: HttpResponse, need_list_id: UUID) -> Schema:
    return stamped(response, _after(request, need_list_id))


@operation(
    router, "PATCH", "/need-lists/{need_list_id}", roles=roles_of(pages.need_list_edit),
    summary="修改需求清单", answer=NeedListOut,
)  # fmt: skip
def change_need_list(
    request: CalledRequest,
    response: HttpResponse,
    need_list_id: UUID,
    body: NeedListChange,
    if_match: str = IF_MATCH,
) -> Schema:
    scope = request.actor.scope
    one = queries.get_need_list(scope, need_list_id)
    rows = queries.list_need_lists_with_items(scope)
    with unchanged(rows, one, need_list_out, if_match) as now:
        given = filled(NeedListForm(sent(body, NeedListForm.initial_of(now))))
        given["village_types"] = tuple(given["village_types"])
        row = NeedListRow(village=now.village, items=_items(now, body.items), **given)
        actions.change_need_list(now, actor=request.actor, row=row)
    return stamped(response, _after(request, need_list_id))


def _items(now: NeedList, wanted: list[NeedIn] | None) -> tuple[NeedItemRow, ...]:
    if wanted is None:
        stored = NeedItem.objects.filter(need_list=now)
        return tuple(_row(**{name: getattr(one, name) for name in ROW}) for one in stored)
    return tuple(_row(domain=one.item.domain.value, **one.model_dump()) for one in wanted)


ROW = tuple(one.name for one in fields(NeedItemRow))


def _row(*, capabilities: list[str], item: str, **given: Any) -> NeedItemRow:
    return NeedItemRow(capabilities=tuple(map(str, capabilities)), item=str(item), **given)


@operation(
    router, "POST", "/need-lists/{need_list_id}/issue", roles=roles_of(pages.need_list_issue),
    summary="下达需求清单", answer=NeedListOut,
)  # fmt: skip
def issue_need_list(request: CalledRequest, need_list_id: UUID) -> NeedListOut:
    one = queries.get_need_list(request.actor.scope, need_list_id)
    actions.issue_need_list(one, actor=request.actor)
    return _after(request, need_list_id)
