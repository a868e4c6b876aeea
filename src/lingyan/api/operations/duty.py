"""驻村履职 for programs: diary, leave, months, problems, reports, difficulties, visits, results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_reading
from lingyan.posting.actions import diary as diary_actions
from lingyan.posting.actions import help_requests as help_actions
from lingyan.posting.actions import leave as leave_actions
from lingyan.posting.actions import liaison as visit_actions
from lingyan.posting.actions import presence as presence_actions
from lingyan.posting.actions import problems as problem_actions
from lingyan.posting.forms import diary as diary_forms
from lingyan.posting.forms import liaison as visit_forms
from lingyan.posting.forms import life as life_forms
from lingyan.posting.forms import support as support_forms
from lingyan.posting.models import (
    AppraisalEntry,
    DiaryEntry,
    DutyReport,
    HelpRequest,
    LeaveRequest,
    MonthPresence,
    Problem,
    RecallCase,
    Visit,
)
from lingyan.posting.panels import support as support_panels
from lingyan.posting.queries import appraisal, diary, leave, liaison, postings, presence
from lingyan.posting.queries import help_requests as helps
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import problems as problem_queries
from lingyan.posting.queries import recall as recalls
from lingyan.posting.queries import reports as report_queries
from lingyan.posting.queries import support as support_queries
from lingyan.posting.rules import leave as leave_rules
from lingyan.posting.rules import presence as presence_rules
from lingyan.posting.views import appraisal as appraisal_pages
from lingyan.posting.views import diary as diary_pages
from lingyan.posting.views import help_requests as help_pages
from lingyan.posting.views import leave as leave_pages
from lingyan.posting.views import liaison as visit_pages
from lingyan.posting.views import presence as presence_pages
from lingyan.posting.views import problems as problem_pages
from lingyan.posting.views import recall as recall_pages
from lingyan.posting.views import reports as report_pages
from lingyan.posting.views import support as support_pages

router = Router(tags=["驻村履职"])


class OfPosting(Schema):
    """What every record of this part begins with."""

    id: UUID
    posting_id: UUID
    person: str
    village: str
    town: str


def _of(one: Any) -> dict[str, Any]:
    village = one.posting.village
    return {
        "id": one.pk, "posting_id": one.posting_id, "person": one.posting.person.name,
        "village": village.short_name, "town": str(village.parent or ""),
    }  # fmt: skip


class DutyQuery(ListQuery):
    posting: UUID | None = None
    since: date | None = Field(None, description="从这一天起")
    until: date | None = Field(None, description="到这一天以前")


def _wanted(query: DutyQuery, day: str, **more: Any) -> dict[str, Any]:
    wanted = {"posting_id": query.posting, f"{day}__gte": query.since, f"{day}__lt": query.until}
    return only({**wanted, **more})


Newest = Literal["day", "-day"]


# --- the diary ----------------------------------------------------------------------------------


class DiaryOut(OfPosting):
    happened_on: date
    duty: str
    text: str
    with_whom: str
    households: int
    need_id: int | None
    withdrawn: str


class DiaryQuery(DutyQuery):
    sort: Newest = "-day"


class DiaryIn(Schema):
    number: UUID | None = Field(None, description="自己编的编号；同一编号只记一条")
    happened_on: date
    duty: Literal["D1", "D2", "D3", "D4", "D5"]
    text: str = Field(min_length=1, max_length=2000)
    with_whom: str = Field("", max_length=100)
    households: int = Field(0, ge=0, le=500)
    need: int | None = None


def diary_out(one: DiaryEntry) -> DiaryOut:
    return DiaryOut(
        **_of(one), happened_on=one.happened_on, duty=one.duty, text=one.text,
        with_whom=one.with_whom, households=one.households, need_id=one.need_id,
        withdrawn=one.withdrawn,
    )  # fmt: skip


@operation(
    router, "GET", "/diary", roles=roles_of(diary_pages.posting_diary), summary="工作日志",
    answer=PageOut[DiaryOut],
)  # fmt: skip
def list_diary(request: CalledRequest, query: Query[DiaryQuery]) -> PageOut[DiaryOut]:
    rows = diary.list_entries(request.actor.scope).filter(**_wanted(query, "happened_on"))
    sorts = {"day": ("happened_on", "created_at")}
    return page_of(rows, query, diary_out, sort=query.sort, sorts=sorts, search=("text",))


@operation(
    router, "POST", "/diary", roles=roles_of(diary_pages.diary_write), summary="写一条日志",
    answer=DiaryOut, status=201,
)  # fmt: skip
def write_diary(request: CalledRequest, body: DiaryIn) -> DiaryOut:
    own = list(diary.list_own_postings(request.actor.scope))
    number = str(body.number or uuid4())
    form = diary_forms.EntryForm(
        {**sent(body), "number": number, "entry": number}, needs=diary.list_needs(own)
    )
    filled(form)
    received = diary_actions.receive_entry(form.sent, actor=request.actor)
    return diary_out(diary.get_own_entry(request.actor.scope, received.entry.pk))


# --- leave --------------------------------------------------------------------------------------


class LeaveOut(OfPosting):
    state: str
    kind: str | None = Field(description="只给可以看事由的身份")
    reason: str | None = Field(description="只给可以看事由的身份")
    since: date
    last_day: date
    back_on: date | None


class LeaveQuery(DutyQuery):
    sort: Newest = "-day"
    state: Literal["asked", "approved", "refused", "withdrawn", "back"] | None = None


class LeaveIn(Schema):
    kind: Literal["personal", "sick", "annual", "family", "maternity", "business", "other"]
    since: date
    last_day: date
    reason: str = Field(min_length=1, max_length=500)


class LeaveAnswerIn(Schema):
    outcome: Literal["approve", "refuse"]
    answer: str = Field("", max_length=500)


class BackIn(Schema):
    back_on: date


def _leave_out(one: LeaveRequest, actor: Actor) -> LeaveOut:
    own = actor.scope.person_id is not None and actor.scope.person_id == one.posting.person_id
    reads = own or actor.role in leave_rules.REASON_READERS
    return LeaveOut(
        **_of(one), state=one.state, kind=one.kind if reads else None,
        reason=one.reason if reads else None, since=one.since, last_day=one.last_day,
        back_on=one.back_on,
    )  # fmt: skip


@operation(
    router, "GET", "/leave", roles=roles_of(leave_pages.leave_list), summary="请假",
    answer=PageOut[LeaveOut],
)  # fmt: skip
def list_leave(request: CalledRequest, query: Query[LeaveQuery]) -> PageOut[LeaveOut]:
    rows = leave.list_leave(request.actor.scope)
    rows = rows.filter(**_wanted(query, "since", state=query.state))
    sorts = {"day": ("since",)}
    return page_of(
        rows, query, lambda one: _leave_out(one, request.actor), sort=query.sort, sorts=sorts
    )


@operation(
    router, "POST", "/postings/{posting_id}/leave", roles=roles_of(leave_pages.leave_ask),
    summary="请假申请", answer=LeaveOut, status=201,
)  # fmt: skip
def ask_leave(request: CalledRequest, posting_id: UUID, body: LeaveIn) -> LeaveOut:
    one = postings.get_posting(request.actor.scope, posting_id)
    form = life_forms.LeaveForm(sent(body))
    filled(form)
    made = leave_actions.ask_leave(one, **form.said, actor=request.actor)
    return _leave_again(made.pk, request)


@operation(
    router, "POST", "/leave/{leave_id}/decide", roles=roles_of(leave_pages.leave_decide),
    summary="审批请假", answer=LeaveOut,
)  # fmt: skip
def decide_leave(request: CalledRequest, leave_id: UUID, body: LeaveAnswerIn) -> LeaveOut:
    one = leave.get_leave(request.actor.scope, leave_id)
    act = leave_actions.approve_leave if body.outcome == "approve" else leave_actions.refuse_leave
    act(one, answer=body.answer, actor=request.actor)
    return _leave_again(leave_id, request)


@operation(
    router, "POST", "/leave/{leave_id}/return", roles=roles_of(leave_pages.leave_return),
    summary="销假", answer=LeaveOut,
)  # fmt: skip
def confirm_return(request: CalledRequest, leave_id: UUID, body: BackIn) -> LeaveOut:
    one = leave.get_leave(request.actor.scope, leave_id)
    leave_actions.confirm_return(one, back_on=body.back_on, actor=request.actor)
    return _leave_again(leave_id, request)


def _leave_again(leave_id: UUID, request: CalledRequest) -> LeaveOut:
    return _leave_out(leave.get_leave(request.actor.scope, leave_id), request.actor)


# --- months, reports ----------------------------------------------------------------------------


class MonthOut(OfPosting):
    month: date
    days: int
    days_by_facts: int
    leave_days: int
    confirmed_at: datetime


class MonthQuery(DutyQuery):
    sort: Newest = "-day"


class MonthIn(Schema):
    month: date = Field(description="这个月的任何一天")
    days: int = Field(ge=0, le=31)
    text: str = Field("", max_length=500)


def month_out(one: MonthPresence) -> MonthOut:
    return MonthOut(
        **_of(one), month=one.month, days=one.days, days_by_facts=one.days_by_facts,
        leave_days=one.leave_days, confirmed_at=one.confirmed_at,
    )  # fmt: skip


@operation(
    router, "GET", "/presence-months", roles=roles_of(presence_pages.presence_months),
    summary="村确认的在村天数", answer=PageOut[MonthOut],
)  # fmt: skip
def list_months(request: CalledRequest, query: Query[MonthQuery]) -> PageOut[MonthOut]:
    rows = presence.list_confirmed(request.actor.scope).filter(**_wanted(query, "month"))
    return page_of(rows, query, month_out, sort=query.sort, sorts={"day": ("month",)})


@operation(
    router, "POST", "/postings/{posting_id}/presence-months", roles=presence_rules.CONFIRMERS,
    summary="确认一个月的在村天数", answer=MonthOut, status=201,
)  # fmt: skip
def confirm_month(request: CalledRequest, posting_id: UUID, body: MonthIn) -> MonthOut:
    one = postings.get_posting(request.actor.scope, posting_id)
    made = presence_actions.confirm_month(
        one, month=body.month, days=body.days, text=body.text, actor=request.actor
    )
    return month_out(presence.list_confirmed(request.actor.scope).get(pk=made.pk))


class ReportOut(OfPosting):
    kind: str
    since: date
    number: int
    summary: str
    remark: str
    confirmed_at: datetime


class ReportQuery(DutyQuery):
    sort: Newest = "-day"
    kind: Literal["month", "quarter", "half_year", "year"] | None = None


def report_out(one: DutyReport) -> ReportOut:
    return ReportOut(
        **_of(one), kind=one.kind, since=one.since, number=one.number,
        summary=str(one.content.get("summary", "")), remark=one.remark,
        confirmed_at=one.confirmed_at,
    )  # fmt: skip


@operation(
    router, "GET", "/reports", roles=roles_of(report_pages.report_list),
    summary="本人确认的工作报告", answer=PageOut[ReportOut],
)  # fmt: skip
def list_reports(request: CalledRequest, query: Query[ReportQuery]) -> PageOut[ReportOut]:
    rows = report_queries.list_confirmed(request.actor)
    rows = rows.filter(**_wanted(query, "since", kind=query.kind))
    return page_of(rows, query, report_out, sort=query.sort, sorts={"day": ("since",)})


# --- problems and difficulties ------------------------------------------------------------------


class FoundProblemOut(OfPosting):
    text: str
    found_on: date
    owner: str
    due_on: date
    state: str
    handled_text: str
    solved_on: date | None


class ProblemQuery(DutyQuery):
    sort: Newest = "day"
    state: Literal["found", "handled", "solved"] | None = None
    owner: Literal["self", "village", "town", "unit", "county"] | None = None


class ProblemIn(Schema):
    text: str = Field(min_length=1, max_length=1000)
    found_on: date
    owner: Literal["self", "village", "town", "unit", "county"]
    due_on: date


class ProblemStepIn(Schema):
    act: Literal["handle", "confirm"]
    text: str = Field("", max_length=1000)


def problem_out(one: Problem) -> FoundProblemOut:
    return FoundProblemOut(
        **_of(one), text=one.text, found_on=one.found_on, owner=one.owner, due_on=one.due_on,
        state=one.state, handled_text=one.handled_text, solved_on=one.solved_on,
    )  # fmt: skip


@operation(
    router, "GET", "/problems", roles=roles_of(problem_pages.problem_list), summary="发现的问题",
    answer=PageOut[FoundProblemOut],
)  # fmt: skip
def list_problems(request: CalledRequest, query: Query[ProblemQuery]) -> PageOut[FoundProblemOut]:
    rows = problem_queries.list_problems(request.actor.scope)
    rows = rows.filter(**_wanted(query, "found_on", state=query.state, owner=query.owner))
    sorts = {"day": ("due_on",)}
    return page_of(rows, query, problem_out, sort=query.sort, sorts=sorts, search=("text",))


@operation(
    router, "POST", "/problems", roles=roles_of(problem_pages.problem_add),
    summary="登记发现的问题", answer=FoundProblemOut, status=201,
)  # fmt: skip
def find_problem(request: CalledRequest, body: ProblemIn) -> FoundProblemOut:
    given = filled(diary_forms.ProblemForm(sent(body)))
    made = problem_actions.find_problem(actor=request.actor, entry=None, **given)
    return problem_out(problem_queries.get_problem(request.actor.scope, made.pk))


@operation(
    router, "POST", "/problems/{problem_id}/steps", roles=roles_of(problem_pages.problem_step),
    summary="办理问题、确认解决", answer=FoundProblemOut,
)  # fmt: skip
def step_problem(request: CalledRequest, problem_id: UUID, body: ProblemStepIn) -> FoundProblemOut:
    one = problem_queries.get_problem(request.actor.scope, problem_id)
    if body.act == "handle":
        problem_actions.handle_problem(one, text=body.text, actor=request.actor)
    else:
        problem_actions.confirm_problem(one, actor=request.actor)
    return problem_out(problem_queries.get_problem(request.actor.scope, problem_id))


class HelpOut(OfPosting):
    kind: str
    text: str
    raised_on: date
    owner: str
    due_on: date
    state: str
    handled_text: str
    closed_on: date | None


class HelpQuery(DutyQuery):
    sort: Newest = "-day"
    owner: Literal["unit", "town", "county"] | None = None


class HelpIn(Schema):
    kind: Literal["spouse_job", "child_school", "elder_care", "housing", "health", "other"]
    text: str = Field(min_length=1, max_length=500)


class HelpStepIn(Schema):
    act: Literal[
        "withdraw", "accept", "begin", "answer", "decline", "pass_on", "confirm", "reopen", "note"
    ]
    text: str = Field("", max_length=500)
    owner: Literal["", "unit", "town", "county"] = ""
    due_on: date | None = None


def help_out(one: HelpRequest) -> HelpOut:
    return HelpOut(
        **_of(one), kind=one.kind, text=one.text, raised_on=one.raised_on, owner=one.owner,
        due_on=one.due_on, state=one.state, handled_text=one.handled_text,
        closed_on=one.closed_on,
    )  # fmt: skip


@operation(
    router, "GET", "/help-requests", roles=roles_of(help_pages.help_list), summary="实际困难",
    answer=PageOut[HelpOut],
)  # fmt: skip
def list_help(request: CalledRequest, query: Query[HelpQuery]) -> PageOut[HelpOut]:
    rows = helps.list_requests(request.actor)
    rows = rows.filter(**_wanted(query, "raised_on", owner=query.owner))
    return page_of(rows, query, help_out, sort=query.sort, sorts={"day": ("raised_on",)})


@operation(
    router, "POST", "/help-requests", roles=roles_of(help_pages.help_ask),
    summary="提出实际困难", answer=HelpOut, status=201,
)  # fmt: skip
def raise_help(request: CalledRequest, body: HelpIn) -> HelpOut:
    own = life_queries.own_posting(request.actor.scope)
    given = filled(support_forms.HelpForm(sent(body)))
    made = help_actions.raise_request(own, actor=request.actor, **given)
    return help_out(helps.get_request(request.actor, made.pk))


@operation(
    router, "POST", "/help-requests/{help_id}/steps", roles=roles_of(help_pages.help_step),
    summary="办理实际困难", answer=HelpOut,
)  # fmt: skip
def step_help(request: CalledRequest, help_id: UUID, body: HelpStepIn) -> HelpOut:
    one = helps.get_request(request.actor, help_id)
    after = help_actions.step_request(
        one, body.act, text=body.text, owner=body.owner, due_on=body.due_on, actor=request.actor
    )
    return help_out(after)


# --- visits, support ----------------------------------------------------------------------------


class VisitOut(OfPosting):
    side: str
    form: str
    happened_on: date
    by_head: bool
    met_person: bool
    text: str | None = Field(description="不给村里")
    withdrawn: str


class VisitQuery(DutyQuery):
    sort: Newest = "-day"
    side: Literal["area", "fixed", "county", "town", "unit"] | None = None


class VisitIn(Schema):
    form: Literal["visit", "talk", "both"] = "both"
    happened_on: date
    text: str = Field(min_length=1, max_length=1000)
    by_head: bool = False
    met_person: bool = True
    with_whom: str = Field("", max_length=100)


def _visit_out(one: Visit, actor: Actor) -> VisitOut:
    return VisitOut(
        **_of(one), side=one.side, form=one.form, happened_on=one.happened_on,
        by_head=one.by_head, met_person=one.met_person,
        text=one.text if visit_pages.reads_talks(actor) else None, withdrawn=one.withdrawn,
    )  # fmt: skip


@operation(
    router, "GET", "/visits", roles=roles_of(visit_pages.visit_list), summary="走访谈心",
    answer=PageOut[VisitOut],
)  # fmt: skip
def list_visits(request: CalledRequest, query: Query[VisitQuery]) -> PageOut[VisitOut]:
    rows = liaison.list_visits(request.actor)
    rows = rows.filter(**_wanted(query, "happened_on", side=query.side))
    sorts = {"day": ("happened_on",)}
    return page_of(
        rows, query, lambda one: _visit_out(one, request.actor), sort=query.sort, sorts=sorts
    )


@operation(
    router, "POST", "/postings/{posting_id}/visits", roles=roles_of(visit_pages.visit_add),
    summary="登记走访谈心", answer=VisitOut, status=201,
)  # fmt: skip
def record_visit(request: CalledRequest, posting_id: UUID, body: VisitIn) -> VisitOut:
    one = postings.get_posting(request.actor.scope, posting_id)
    form = visit_forms.VisitRecordForm({**sent(body), "raised": ""}, asks_for_head=False)
    filled(form)
    by_head = request.actor.role == Role.UNIT_LEADER or body.by_head
    made = visit_actions.record_visit(one, **form.visit, by_head=by_head, actor=request.actor)
    return _visit_out(liaison.get_visit(request.actor, made.pk), request.actor)


class SupportOut(Schema):
    item: str
    state: str
    due: int
    done: int
    overdue: int
    next_due: date | None


class SupportYearOut(Schema):
    posting_id: UUID
    year: int
    items: list[SupportOut]


class YearQuery(Schema):
    year: int | None = Field(None, ge=2015, le=2100, description="不写为今年")


@operation(
    router, "GET", "/postings/{posting_id}/support", roles=roles_of(support_pages.support_person),
    summary="一年的保障：应落实、已落实、逾期", answer=SupportYearOut,
)  # fmt: skip
def get_support(
    request: CalledRequest, posting_id: UUID, query: Query[YearQuery]
) -> SupportYearOut:
    one = support_queries.get_supported(request.actor, posting_id)
    note_reading(one.person)
    year = query.year or clock.today().year
    [row] = support_panels.rows([one], year)
    items = [
        SupportOut(
            item=line.item.value, state=line.state.value, due=line.due, done=line.done,
            overdue=line.overdue, next_due=line.next_due,
        )
        for line in row.lines
    ]  # fmt: skip
    return SupportYearOut(posting_id=one.pk, year=year, items=items)


# --- results ------------------------------------------------------------------------------------


class AppraisalResultOut(OfPosting):
    cycle: str
    kind: str
    grade: str
    is_final: bool


class ResultQuery(DutyQuery):
    sort: Newest = "-day"


def result_out(one: AppraisalEntry) -> AppraisalResultOut:
    return AppraisalResultOut(
        **_of(one), cycle=one.cycle.name, kind=one.cycle.kind, grade=one.grade,
        is_final=one.cycle.state == "final",
    )  # fmt: skip


@operation(
    router, "GET", "/appraisal-results", roles=roles_of(appraisal_pages.appraisal_entry),
    summary="已反馈的考评结果", answer=PageOut[AppraisalResultOut],
)  # fmt: skip
def list_results(request: CalledRequest, query: Query[ResultQuery]) -> PageOut[AppraisalResultOut]:
    rows = appraisal.list_told_entries(request.actor).filter(**_wanted(query, "cycle__since"))
    return page_of(rows, query, result_out, sort=query.sort, sorts={"day": ("cycle__since",)})


class RecallOut(OfPosting):
    """Without the ground and what was said: those are read on the page of the case."""

    state: str
    opened_on: date
    decided_on: date | None
    document_number: str
    closed_on: date | None


class RecallQuery(DutyQuery):
    sort: Newest = "-day"


def recall_out(one: RecallCase) -> RecallOut:
    return RecallOut(
        **_of(one), state=one.state, opened_on=one.opened_on, decided_on=one.decided_on,
        document_number=one.document_number, closed_on=one.closed_on,
    )  # fmt: skip


@operation(
    router, "GET", "/recalls", roles=roles_of(recall_pages.recall_list), summary="召回事项",
    answer=PageOut[RecallOut],
)  # fmt: skip
def list_recalls(request: CalledRequest, query: Query[RecallQuery]) -> PageOut[RecallOut]:
    rows = recalls.list_cases(request.actor).filter(**_wanted(query, "opened_on"))
    return page_of(rows, query, recall_out, sort=query.sort, sorts={"day": ("opened_on",)})
