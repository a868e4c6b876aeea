"""精准选派 for programs: rounds, plans, postings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import (
    CHOSEN_MAX,
    CountOut,
    ReasonIn,
    chosen,
    file_answer,
    file_of,
    only,
    page_of,
)
from lingyan.api.operations.own import JobOut, job_out
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.directory.queries import get_county
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.files import WORKBOOK
from lingyan.posting import rules
from lingyan.posting.actions import plans as plan_actions
from lingyan.posting.actions import postings as posting_actions
from lingyan.posting.actions import rounds as round_actions
from lingyan.posting.forms.rounds import HandOverForm, ReasonForm, RoundForm
from lingyan.posting.models import Draft, Plan, Posting, Round, RoundPerson, RoundVillage
from lingyan.posting.queries import postings, rounds, standards
from lingyan.posting.views import postings as posting_pages
from lingyan.posting.views import rounds as round_pages
from lingyan.posting.views import workbench as workbench_pages

router = Router(tags=["精准选派"])
WORKBOOK_ANSWER = file_answer(WORKBOOK)


# --- rounds -------------------------------------------------------------------------------------


class RoundOut(Schema):
    id: UUID
    name: str
    state: str
    term_starts_on: date
    term_months: int
    village_count: int
    person_count: int
    announced_on: date | None
    notice_ends_on: date | None
    document_number: str
    issued_on: date | None
    created_at: datetime


class RoundQuery(ListQuery):
    sort: Literal["created", "-created", "name", "-name", "starts", "-starts"] = "-created"
    state: rules.RoundState | None = None


class RoundIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    term_starts_on: date
    term_months: int = Field(24, ge=1, le=120)
    unit_limit: int | None = Field(None, ge=1, le=99)
    town_min: int | None = Field(None, ge=0, le=999, description="每个乡镇合计至少几人")
    town_max: int | None = Field(None, ge=0, le=999, description="每个乡镇合计至多几人")
    goal_order: rules.GoalOrder = Field(rules.GoalOrder.SEATS, description="目标次序")
    score_slack: int | None = Field(None, ge=0, le=20, description="匹配度可让出百分之几")
    own_town: Literal["warn", "block"] = "warn"
    seed: int = Field(1, ge=1, le=2_000_000_000)


class StepIn(Schema):
    """What the step asks for; other steps leave it out."""

    reason: str = Field("", max_length=300)
    waive_reason: str = Field("", max_length=300)
    decision: str = Field("", max_length=1000)
    decided_on: date | None = None
    document_number: str = Field("", max_length=60)
    starts_on: date | None = None


class StepOut(Schema):
    round: RoundOut
    job: JobOut | None = Field(description="计算方案时的后台作业")


Step = Literal[
    "lock_needs", "open_wishes", "open_intentions", "compute", "deliberate", "send_back",
    "announce", "issue", "cancel",
]  # fmt: skip


def round_out(one: Round) -> RoundOut:
    return RoundOut.from_orm(one)


@operation(
    router, "GET", "/rounds", roles=roles_of(round_pages.round_list), summary="选派批次",
    answer=PageOut[RoundOut],
)  # fmt: skip
def list_rounds(request: CalledRequest, query: Query[RoundQuery]) -> PageOut[RoundOut]:
    rows = rounds.list_rounds(request.actor.scope).filter(**only({"state": query.state}))
    sorts = {"created": ("created_at",), "name": ("name",), "starts": ("term_starts_on",)}
    search = ("name", "document_number")
    return page_of(rows, query, round_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "GET", "/rounds/{round_id}", roles=roles_of(round_pages.round_detail),
    summary="一个批次", answer=RoundOut,
)  # fmt: skip
def get_round(request: CalledRequest, round_id: UUID) -> RoundOut:
    return round_out(rounds.get_round(request.actor.scope, round_id))


@operation(
    router, "POST", "/rounds", roles=roles_of(round_pages.round_open), summary="启动批次",
    answer=RoundOut, status=201,
)  # fmt: skip
def open_round(request: CalledRequest, body: RoundIn) -> RoundOut:
    """Weights and rules are those that the form offers; others are set on the page."""
    county = get_county(request.actor.scope)
    usual = standards.usual_of(county.path)
    empty = RoundForm(usual=usual)
    offered = {
        name: field.initial for name, field in empty.fields.items() if field.initial is not None
    }
    form = RoundForm(offered | sent(body), usual=usual)
    given = filled(form)
    made = round_actions.open_round(
        county=county,
        name=given["name"],
        term_starts_on=given["term_starts_on"],
        term_months=given["term_months"],
        settings=form.settings(),
        seed=given["seed"],
        actor=request.actor,
    )
    return round_out(rounds.get_round(request.actor.scope, made.pk))


@operation(
    router, "POST", "/rounds/{round_id}/steps/{step}", roles=roles_of(round_pages.round_step),
    summary="批次走下一步", answer=StepOut,
)  # fmt: skip
def take_step(request: CalledRequest, round_id: UUID, step: Step, body: StepIn) -> StepOut:
    one = rounds.get_round(request.actor.scope, round_id)
    page = round_pages.STEPS[step]
    given = filled(page.form(sent(body)))
    made = page.act(one, actor=request.actor, **given)
    after = round_out(rounds.get_round(request.actor.scope, round_id))
    return StepOut(round=after, job=job_out(made) if step == "compute" else None)


class RoundVillageOut(Schema):
    id: UUID
    village_id: UUID
    village: str
    town: str
    need_list_id: UUID
    priority_class: int
    first_secretary_seats: int
    member_seats: int
    wish_count: int
    intentions_done: bool


class RoundVillageQuery(ListQuery):
    sort: Literal["village", "-village", "class", "-class"] = "village"
    town: UUID | None = None
    priority_class: Literal[1, 2, 3] | None = None
    intentions_done: bool | None = None


class VillagesIn(Schema):
    need_lists: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


class RoundVillagesIn(Schema):
    round_villages: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


def round_village_out(one: Any) -> RoundVillageOut:
    return RoundVillageOut(
        id=one.pk,
        village_id=one.village_id,
        village=one.village.short_name,
        town=str(one.village.parent or ""),
        need_list_id=one.need_list_id,
        priority_class=one.need_list.priority_class,
        first_secretary_seats=one.need_list.first_secretary_seats,
        member_seats=one.need_list.member_seats,
        wish_count=one.wish_count,
        intentions_done=one.intentions_done,
    )


@operation(
    router, "GET", "/rounds/{round_id}/villages", roles=roles_of(round_pages.round_villages),
    summary="批次中的村", answer=PageOut[RoundVillageOut],
)  # fmt: skip
def list_round_villages(
    request: CalledRequest, round_id: UUID, query: Query[RoundVillageQuery]
) -> PageOut[RoundVillageOut]:
    scope = request.actor.scope
    wanted = {
        "village__parent_id": query.town,
        "need_list__priority_class": query.priority_class,
        "intentions_done": query.intentions_done,
    }
    rows: QuerySet[RoundVillage] = rounds.list_round_villages(
        scope, rounds.get_round(scope, round_id)
    ).filter(**only(wanted))
    sorts = {
        "village": ("village__path",),
        "class": ("need_list__priority_class", "village__path"),
    }
    return page_of(
        rows,
        query,
        round_village_out,
        sort=query.sort,
        sorts=sorts,
        search=("village__short_name",),
    )


@operation(
    router, "POST", "/rounds/{round_id}/villages",
    roles=roles_of(round_pages.round_villages_add), summary="村加入批次", answer=CountOut,
)  # fmt: skip
def add_round_villages(request: CalledRequest, round_id: UUID, body: VillagesIn) -> CountOut:
    one = rounds.get_round(request.actor.scope, round_id)
    found = chosen(rounds.list_addable_needs(one), body.need_lists)
    return CountOut(count=round_actions.add_villages(one, found, actor=request.actor))


@operation(
    router, "POST", "/rounds/{round_id}/villages/remove",
    roles=roles_of(round_pages.round_villages_remove), summary="村移出批次", answer=CountOut,
)  # fmt: skip
def remove_round_villages(
    request: CalledRequest, round_id: UUID, body: RoundVillagesIn
) -> CountOut:
    scope = request.actor.scope
    one = rounds.get_round(scope, round_id)
    found = chosen(rounds.list_round_villages(scope, one), body.round_villages)
    return CountOut(count=round_actions.remove_villages(one, found, actor=request.actor))


class RoundPersonOut(Schema):
    id: UUID
    person_id: UUID
    number: str
    name: str
    unit: str
    wish_state: str
    wish_count: int
    withdrawn_on: date | None


class RoundPersonQuery(ListQuery):
    sort: Literal["number", "-number", "name", "-name"] = "number"
    unit: UUID | None = None
    wish_state: rules.WishListState | None = None
    withdrawn: bool | None = None


class PeopleIn(Schema):
    pool_entries: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


class RoundPeopleIn(Schema):
    round_people: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


def round_person_out(one: Any) -> RoundPersonOut:
    return RoundPersonOut(
        id=one.pk,
        person_id=one.person_id,
        number=one.person.number,
        name=one.person.name,
        unit=str(one.person.unit or ""),
        wish_state=one.wish_state,
        wish_count=one.wish_count,
        withdrawn_on=one.withdrawn_on,
    )


@operation(
    router, "GET", "/rounds/{round_id}/people", roles=roles_of(round_pages.round_people),
    summary="批次人选", answer=PageOut[RoundPersonOut],
)  # fmt: skip
def list_round_people(
    request: CalledRequest, round_id: UUID, query: Query[RoundPersonQuery]
) -> PageOut[RoundPersonOut]:
    scope = request.actor.scope
    wanted = {
        "person__unit_id": query.unit,
        "wish_state": query.wish_state,
        "withdrawn_on__isnull": None if query.withdrawn is None else not query.withdrawn,
    }
    rows: QuerySet[RoundPerson] = rounds.list_round_people(
        scope, rounds.get_round(scope, round_id)
    ).filter(**only(wanted))
    sorts = {"number": ("person__number",), "name": ("person__name", "person__number")}
    search = ("person__name", "person__number", "person__unit__name")
    return page_of(rows, query, round_person_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/rounds/{round_id}/people",
    roles=roles_of(round_pages.round_people_add), summary="人选加入批次", answer=CountOut,
)  # fmt: skip
def add_round_people(request: CalledRequest, round_id: UUID, body: PeopleIn) -> CountOut:
    one = rounds.get_round(request.actor.scope, round_id)
    found = chosen(rounds.list_addable_people(one), body.pool_entries)
    return CountOut(count=round_actions.add_people(one, found, actor=request.actor))


@operation(
    router, "POST", "/rounds/{round_id}/people/remove",
    roles=roles_of(round_pages.round_people_remove), summary="人选移出批次", answer=CountOut,
)  # fmt: skip
def remove_round_people(request: CalledRequest, round_id: UUID, body: RoundPeopleIn) -> CountOut:
    scope = request.actor.scope
    one = rounds.get_round(scope, round_id)
    found = chosen(rounds.list_round_people(scope, one), body.round_people)
    return CountOut(count=round_actions.remove_people(one, found, actor=request.actor))


@operation(
    router, "POST", "/round-people/{round_person_id}/withdraw",
    roles=roles_of(round_pages.round_person_withdraw), summary="人选退出批次",
    answer=RoundPersonOut,
)  # fmt: skip
def withdraw_round_person(
    request: CalledRequest, round_person_id: UUID, body: ReasonIn
) -> RoundPersonOut:
    scope = request.actor.scope
    leaving = rounds.get_round_person(scope, round_person_id)
    given = filled(ReasonForm(sent(body)))
    round_actions.withdraw_person(leaving, actor=request.actor, **given)
    after = rounds.list_round_people(scope, leaving.round).get(pk=leaving.pk)
    return round_person_out(after)


# --- what goes out of a round -------------------------------------------------------------------


class NoticeLineOut(Schema):
    name: str
    gender: str
    job_title: str
    unit: str
    town: str
    village: str
    role: str


class NoticeOut(Schema):
    round_id: UUID
    round: str
    announced_on: date | None
    notice_ends_on: date | None
    notice_days: int = Field(description="公示几个工作日")
    is_provisional: bool = Field(description="期满日为暂算：明年的放假安排还没有公布")
    lines: list[NoticeLineOut]


def notice_line_out(draft: Draft) -> NoticeLineOut:
    return NoticeLineOut(
        name=draft.person.name,
        gender=draft.person.get_gender_display(),
        job_title=draft.person.job_title,
        unit=str(draft.person.unit or ""),
        town=str(draft.village.parent or ""),
        village=draft.village.short_name,
        role=draft.get_role_display(),
    )


@operation(
    router, "GET", "/rounds/{round_id}/notice", roles=roles_of(round_pages.round_notice),
    summary="公示名单", answer=NoticeOut,
)  # fmt: skip
def get_notice(request: CalledRequest, round_id: UUID) -> NoticeOut:
    """What the notice on paper says, for the county's own site."""
    one = rounds.get_announced_round(request.actor.scope, round_id)
    plan = rounds.find_chosen_plan(one)
    assert plan is not None
    drafts = rounds.list_drafts(plan).order_by("village__path", "role", "person__number")
    return NoticeOut(
        round_id=one.pk,
        round=one.name,
        announced_on=one.announced_on,
        notice_ends_on=one.notice_ends_on,
        notice_days=one.settings.get("notice_days", rules.NOTICE_DAYS),
        is_provisional=one.notice_is_provisional,
        lines=[notice_line_out(draft) for draft in drafts],
    )


@operation(
    router, "GET", "/rounds/{round_id}/workbooks/{book}",
    roles=roles_of(round_pages.round_workbook), summary="lingyan match 读取的表格", answer=None,
    extra=WORKBOOK_ANSWER,
)  # fmt: skip
def get_round_workbook(
    request: CalledRequest, round_id: UUID, book: Literal["needs", "people"]
) -> HttpResponse:
    return file_of(round_pages.round_workbook, request, round_id=round_id, book=book)


@operation(
    router, "GET", "/plans/{plan_id}/workbook", roles=roles_of(workbench_pages.plan_workbook),
    summary="方案的 Excel 工作簿", answer=None, extra=WORKBOOK_ANSWER,
)  # fmt: skip
def get_plan_workbook(request: CalledRequest, plan_id: UUID) -> HttpResponse:
    return file_of(workbench_pages.plan_workbook, request, plan_id=plan_id)


@operation(
    router, "GET", "/plans/{plan_id}/document", roles=roles_of(workbench_pages.plan_json),
    summary="plan.json，可用 lingyan match verify 核对", answer=None,
    extra=file_answer("application/json", {"type": "object"}),
)  # fmt: skip
def get_plan_document(request: CalledRequest, plan_id: UUID) -> HttpResponse:
    return file_of(workbench_pages.plan_json, request, plan_id=plan_id)


# --- plans --------------------------------------------------------------------------------------


class PlanOut(Schema):
    id: UUID
    round_id: UUID
    number: int
    origin: str
    is_chosen: bool
    verified: bool
    verdict_text: str
    snapshot_sha256: str
    created_at: datetime


class DraftOut(Schema):
    id: int
    person_id: UUID
    number: str
    name: str
    unit: str
    village_id: UUID
    village: str
    town: str
    role: str
    fit: int
    wish_rank: int | None
    intention_rank: int | None
    pinned: bool


class PlanQuery(ListQuery):
    sort: Literal["number", "-number"] = "number"


class DraftQuery(ListQuery):
    sort: Literal["village", "-village", "person", "-person", "fit", "-fit"] = "village"
    town: UUID | None = None
    role: rules.Role | None = None


def plan_out(plan: Plan, one: Round) -> PlanOut:
    return PlanOut(
        id=plan.pk,
        round_id=plan.round_id,
        number=plan.number,
        origin=plan.origin,
        is_chosen=plan.pk == one.chosen_plan_id,
        verified=plan.verified,
        verdict_text=plan.verdict_text,
        snapshot_sha256=plan.snapshot_sha256,
        created_at=plan.created_at,
    )


def draft_out(draft: Draft) -> DraftOut:
    return DraftOut(
        id=draft.pk,
        person_id=draft.person_id,
        number=draft.person.number,
        name=draft.person.name,
        unit=str(draft.person.unit or ""),
        village_id=draft.village_id,
        village=draft.village.short_name,
        town=str(draft.village.parent or ""),
        role=draft.role,
        fit=draft.fit,
        wish_rank=draft.wish_rank,
        intention_rank=draft.intention_rank,
        pinned=draft.pinned,
    )


@operation(
    router, "GET", "/rounds/{round_id}/plans", roles=roles_of(round_pages.plan_detail),
    summary="批次的方案", answer=PageOut[PlanOut],
)  # fmt: skip
def list_plans(request: CalledRequest, round_id: UUID, query: Query[PlanQuery]) -> PageOut[PlanOut]:
    one = rounds.get_round(request.actor.scope, round_id)
    return page_of(
        rounds.list_plans(one),
        query,
        lambda plan: plan_out(plan, one),
        sort=query.sort,
        sorts={"number": ("number",)},
    )


@operation(
    router, "GET", "/plans/{plan_id}", roles=roles_of(round_pages.plan_detail),
    summary="一个方案", answer=PlanOut,
)  # fmt: skip
def get_plan(request: CalledRequest, plan_id: UUID) -> PlanOut:
    plan = rounds.get_plan(request.actor.scope, plan_id)
    return plan_out(plan, plan.round)


@operation(
    router, "GET", "/plans/{plan_id}/drafts", roles=roles_of(round_pages.plan_detail),
    summary="方案中的拟派", answer=PageOut[DraftOut],
)  # fmt: skip
def list_drafts(
    request: CalledRequest, plan_id: UUID, query: Query[DraftQuery]
) -> PageOut[DraftOut]:
    plan = rounds.get_plan(request.actor.scope, plan_id)
    wanted = {"village__parent_id": query.town, "role": query.role}
    rows = rounds.list_drafts(plan).filter(**only(wanted))
    sorts = {
        "village": ("village__path", "role"),
        "person": ("person__number",),
        "fit": ("fit", "village__path"),
    }
    search = ("person__name", "village__short_name", "person__unit__name")
    return page_of(rows, query, draft_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/plans/{plan_id}/choose", roles=roles_of(round_pages.plan_choose),
    summary="改用这个方案", answer=PlanOut,
)  # fmt: skip
def choose_plan(request: CalledRequest, plan_id: UUID, body: ReasonIn) -> PlanOut:
    plan = rounds.get_plan(request.actor.scope, plan_id)
    given = filled(ReasonForm(sent(body)))
    plan_actions.choose_plan(plan.round, plan, actor=request.actor, **given)
    after = rounds.get_plan(request.actor.scope, plan_id)
    return plan_out(after, after.round)


# --- postings -----------------------------------------------------------------------------------


class PostingOut(Schema):
    id: UUID
    person_id: UUID
    person: str
    village_id: UUID
    village: str
    town: str
    unit_id: UUID | None
    unit: str
    round_id: UUID | None
    kind: str
    state: str
    document_number: str
    since: date
    planned_until: date
    until: date | None


class PostingQuery(ListQuery):
    sort: Literal["village", "-village", "person", "-person", "since", "-since"] = "village"
    town: UUID | None = None
    village: UUID | None = None
    unit: UUID | None = None
    round: UUID | None = None
    kind: rules.PostingKind | None = None
    state: rules.PostingState | None = None


def posting_out(one: Posting) -> PostingOut:
    return PostingOut(
        id=one.pk,
        person_id=one.person_id,
        person=one.person.name,
        village_id=one.village_id,
        village=one.village.short_name,
        town=str(one.village.parent or ""),
        unit_id=one.unit_id,
        unit=str(one.unit or ""),
        round_id=one.round_id,
        kind=one.kind,
        state=one.state,
        document_number=one.document_number,
        since=one.since,
        planned_until=one.planned_until,
        until=one.until,
    )


@operation(
    router, "GET", "/postings", roles=roles_of(posting_pages.posting_list), summary="派驻名册",
    answer=PageOut[PostingOut],
)  # fmt: skip
def list_postings(request: CalledRequest, query: Query[PostingQuery]) -> PageOut[PostingOut]:
    wanted = {
        "village__parent_id": query.town,
        "village_id": query.village,
        "unit_id": query.unit,
        "round_id": query.round,
        "kind": query.kind,
        "state": query.state,
    }
    rows = postings.list_postings(request.actor.scope).filter(**only(wanted))
    sorts = {
        "village": ("village__path", "kind"),
        "person": ("person__name",),
        "since": ("since", "village__path"),
    }
    search = ("person__name", "village__short_name", "unit__name", "document_number")
    return page_of(rows, query, posting_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "GET", "/postings/{posting_id}", roles=roles_of(posting_pages.posting_detail),
    summary="一次派驻", answer=PostingOut,
)  # fmt: skip
def get_posting(request: CalledRequest, posting_id: UUID) -> PostingOut:
    posting = postings.get_posting(request.actor.scope, posting_id)
    note_reading(posting.person)
    return posting_out(posting)


class HandOverIn(Schema):
    text: str = Field(min_length=1, max_length=2000, description="交接清单")


@operation(
    router, "POST", "/postings/{posting_id}/hand-over",
    roles=roles_of(posting_pages.posting_hand_over), summary="办理交接", answer=PostingOut,
)  # fmt: skip
def hand_over_posting(request: CalledRequest, posting_id: UUID, body: HandOverIn) -> PostingOut:
    one = postings.get_posting(request.actor.scope, posting_id)
    given = filled(HandOverForm(sent(body)))
    posting_actions.hand_over_posting(one, actor=request.actor, **given)
    return posting_out(postings.get_posting(request.actor.scope, posting_id))


@operation(
    router, "POST", "/postings/{posting_id}/complete",
    roles=roles_of(posting_pages.posting_complete), summary="期满离任", answer=PostingOut,
)  # fmt: skip
def complete_posting(request: CalledRequest, posting_id: UUID) -> PostingOut:
    one = postings.get_posting(request.actor.scope, posting_id)
    posting_actions.complete_posting(one, actor=request.actor)
    return posting_out(postings.get_posting(request.actor.scope, posting_id))
