"""公示异议 for programs: the register, taking down, settling."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.common import clock
from lingyan.posting import rules
from lingyan.posting.actions import notices as actions
from lingyan.posting.forms.rounds import NoticeObjectionForm, SettleObjectionForm
from lingyan.posting.models import NoticeObjection
from lingyan.posting.queries import notices as queries
from lingyan.posting.queries import rounds
from lingyan.posting.views import notices as pages

router = Router(tags=["公示异议"])


class NoticeObjectionOut(Schema):
    id: UUID
    round_id: UUID
    person_id: UUID | None
    village_id: UUID | None
    role: str
    about: str
    raised_by: str
    raised_on: date
    text: str
    state: str
    outcome_text: str
    handled_on: date | None
    handled_by_name: str
    entered_by_name: str


class NoticeObjectionQuery(ListQuery):
    sort: Literal["raised", "-raised", "state", "-state"] = "raised"
    state: rules.ObjectionState | None = None


class NoticeObjectionIn(Schema):
    draft: int | None = Field(
        None, ge=1, le=2**63 - 1, description="针对方案中的哪一行；空为整个名单"
    )
    raised_by: str = Field("", max_length=60, description="匿名的不填")
    raised_on: date
    text: str = Field(min_length=1, max_length=1000)


class SettleIn(Schema):
    outcome: Literal["rejected", "accepted"]
    text: str = Field(min_length=1, max_length=1000)


def notice_objection_out(one: NoticeObjection) -> NoticeObjectionOut:
    return NoticeObjectionOut.from_orm(one)


@operation(
    router, "GET", "/rounds/{round_id}/notice-objections",
    roles=roles_of(pages.notice_objection_list), summary="公示异议",
    answer=PageOut[NoticeObjectionOut],
)  # fmt: skip
def list_notice_objections(
    request: CalledRequest, round_id: UUID, query: Query[NoticeObjectionQuery]
) -> PageOut[NoticeObjectionOut]:
    scope = request.actor.scope
    rows = queries.list_notice_objections(scope, rounds.get_round(scope, round_id))
    rows = rows.filter(**only({"state": query.state}))
    sorts = {"raised": ("raised_on", "entered_at"), "state": ("state", "raised_on")}
    search = ("person__name", "village__short_name", "text")
    return page_of(rows, query, notice_objection_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/rounds/{round_id}/notice-objections",
    roles=roles_of(pages.notice_objection_add), summary="登记公示异议",
    answer=NoticeObjectionOut, status=201,
)  # fmt: skip
def record_notice_objection(
    request: CalledRequest, round_id: UUID, body: NoticeObjectionIn
) -> NoticeObjectionOut:
    scope = request.actor.scope
    one = rounds.get_announced_round(scope, round_id)
    plan = rounds.find_chosen_plan(one)
    assert plan is not None
    drafts = queries.draft_choices(plan)
    said = filled(NoticeObjectionForm(sent(body), drafts=drafts, raised_on=clock.today()))
    said["draft"] = queries.find_draft(plan, said["draft"])
    made = actions.record_objection(one, actor=request.actor, **said)
    return notice_objection_out(queries.get_notice_objection(scope, made.pk))


@operation(
    router, "POST", "/notice-objections/{notice_objection_id}/settle",
    roles=roles_of(pages.notice_objection_settle), summary="办结公示异议",
    answer=NoticeObjectionOut,
)  # fmt: skip
def settle_notice_objection(
    request: CalledRequest, notice_objection_id: UUID, body: SettleIn
) -> NoticeObjectionOut:
    scope = request.actor.scope
    one = queries.get_notice_objection(scope, notice_objection_id)
    given = filled(SettleObjectionForm(sent(body)))
    actions.settle_objection(one, actor=request.actor, **given)
    return notice_objection_out(queries.get_notice_objection(scope, notice_objection_id))
