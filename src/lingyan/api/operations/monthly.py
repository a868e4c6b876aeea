"""村月报 for programs: months, a village's report, what it says, and each step of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.register import IF_MATCH
from lingyan.api.operations.versions import stamped, unchanged
from lingyan.api.paging import ListQuery, PageOut, piece_of
from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.queries.monthly import Progress
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer
from lingyan.briefings.rules.monthly_words import ReportState
from lingyan.briefings.views import monthly as pages

router = Router(tags=["村月报"])


class MonthlyPeriodOut(Schema):
    id: UUID
    month: date = Field(description="这个月的第一天")
    due_on: date
    form_version: int = Field(description="用的是第几版月报内容")
    owed: int = Field(description="看得到的村中，要报的")
    to_fill: int
    with_town: int
    with_county: int
    locked: int


class MonthlyPeriodQuery(ListQuery):
    sort: Literal["month", "-month"] = "-month"


class MonthlyReportLineOut(Schema):
    id: UUID
    period_id: UUID
    village_id: UUID
    village: str
    town: str
    month: date
    due_on: date
    version: int = Field(description="1 为原报，以后为更正")
    state: str
    submitted_on: date | None
    first_submitted_on: date | None


class MonthlyAnswerOut(Schema):
    code: str
    name: str
    kind: str
    unit: str
    why: str
    number: int | None
    is_so: bool | None
    text: str


class MonthlyKnownOut(Schema):
    code: str
    name: str
    group: str
    text: str


class MonthlyReportOut(MonthlyReportLineOut):
    reason: str = Field(description="退回、免报或更正的理由")
    answers: list[MonthlyAnswerOut] = Field(description="这个月问的每一项")
    known: list[MonthlyKnownOut] = Field(description="提交时系统已有的，不用填")
    filled_by_name: str
    filled_at: datetime | None
    submitted_by_name: str
    approved_by_name: str
    approved_on: date | None
    locked_by_name: str
    locked_on: date | None


class MonthlyReportQuery(ListQuery):
    sort: Literal["month", "-month", "village", "-village"] = "-month"
    period: UUID | None = None
    town: UUID | None = None
    village: UUID | None = None
    state: ReportState | None = None


class MonthlyAnswerIn(Schema):
    """Whichever of the three the kind of the item asks for; none of them clears it."""

    code: str = Field(min_length=1, max_length=20)
    number: int | None = Field(None, ge=0, lt=rules.NUMBER_MOST)
    is_so: bool | None = None
    text: str = Field("", max_length=rules.TEXT_MAX)


class MonthlyReportChange(Schema):
    """Items that are not named stay as they are."""

    answers: list[MonthlyAnswerIn] = Field(min_length=1, max_length=rules.ITEMS_MOST)


class MonthlyStepIn(Schema):
    act: Literal[
        "submit", "take_back", "approve", "return", "lock", "send_back", "excuse", "ask_again",
        "correct", "drop",
    ]  # fmt: skip
    reason: str = Field("", max_length=rules.REASON_MAX, description="退回、免报、更正要写")


def _period_out(one: MonthlyPeriod, how: Progress | None) -> MonthlyPeriodOut:
    counted = ("owed", "to_fill", "with_town", "with_county", "locked")
    return MonthlyPeriodOut(
        id=one.pk, month=one.month, due_on=one.due_on, form_version=one.form.version,
        **{name: getattr(how, name, 0) for name in counted},
    )  # fmt: skip


def _line(one: MonthlyReport) -> dict[str, Any]:
    return {
        "id": one.pk,
        "period_id": one.period_id,
        "village_id": one.village_id,
        "village": one.village.short_name,
        "town": str(one.village.parent or ""),
        "month": one.month,
        "due_on": one.due_on,
        "version": one.version,
        "state": one.state,
        "submitted_on": one.submitted_on,
        "first_submitted_on": one.first_submitted_on,
    }


def monthly_report_line_out(one: MonthlyReport) -> MonthlyReportLineOut:
    return MonthlyReportLineOut(**_line(one))


def monthly_report_out(one: MonthlyReport) -> MonthlyReportOut:
    said = queries.answers_of(one)
    names = (
        "reason", "filled_by_name", "filled_at", "submitted_by_name", "approved_by_name",
        "approved_on", "locked_by_name", "locked_on",
    )  # fmt: skip
    return MonthlyReportOut(
        **_line(one), **{name: getattr(one, name) for name in names},
        answers=[
            MonthlyAnswerOut(
                code=item.code, name=item.name, kind=item.kind, unit=item.unit, why=item.why,
                **_said(said.get(item.code, Answer())),
            )
            for item in queries.items_of(one.period.form)
        ],
        known=[MonthlyKnownOut(**figure) for figure in one.known],
    )  # fmt: skip


def _said(answer: Answer) -> dict[str, Any]:
    return {"number": answer.number, "is_so": answer.is_so, "text": answer.text}


@operation(
    router, "GET", "/monthly-periods", roles=roles_of(pages.monthly_periods),
    summary="已开始填报的月份和进度", answer=PageOut[MonthlyPeriodOut],
)  # fmt: skip
def list_monthly_periods(
    request: CalledRequest, query: Query[MonthlyPeriodQuery]
) -> PageOut[MonthlyPeriodOut]:
    scope = request.actor.scope
    sorts = {"month": ("month",)}
    piece = piece_of(queries.list_periods(scope), query, sort=query.sort, sorts=sorts)
    progress = queries.progress_of_periods(scope, piece.rows)
    return PageOut[MonthlyPeriodOut](
        items=[_period_out(one, progress.get(one.pk)) for one in piece.rows],
        total=piece.total, next_cursor=piece.next_cursor,
    )  # fmt: skip


@operation(
    router, "GET", "/monthly-reports", roles=roles_of(pages.monthly_list), summary="村月报",
    answer=PageOut[MonthlyReportLineOut],
)  # fmt: skip
def list_monthly_reports(
    request: CalledRequest, query: Query[MonthlyReportQuery]
) -> PageOut[MonthlyReportLineOut]:
    wanted = {
        "period_id": query.period, "village__parent_id": query.town,
        "village_id": query.village, "state": query.state,
    }  # fmt: skip
    rows = queries.list_reports(request.actor.scope).filter(**only(wanted))
    sorts = {
        "month": ("month", "village__path", "version"),
        "village": ("village__path", "month", "version"),
    }
    search = ("village__name", "village__parent__name")
    return page_of(
        rows, query, monthly_report_line_out, sort=query.sort, sorts=sorts, search=search
    )


@operation(
    router, "GET", "/monthly-reports/{monthly_report_id}", roles=roles_of(pages.monthly_report),
    summary="一份村月报", answer=MonthlyReportOut,
)  # fmt: skip
def get_monthly_report(
    request: CalledRequest, response: HttpResponse, monthly_report_id: UUID
) -> Schema:
    found = queries.get_report(request.actor.scope, monthly_report_id)
    return stamped(response, monthly_report_out(found))


@operation(
    router, "PATCH", "/monthly-reports/{monthly_report_id}", roles=roles_of(pages.monthly_fill),
    summary="填写村月报", answer=MonthlyReportOut,
)  # fmt: skip
def change_monthly_report(
    request: CalledRequest,
    response: HttpResponse,
    monthly_report_id: UUID,
    body: MonthlyReportChange,
    if_match: str = IF_MATCH,
) -> Schema:
    scope = request.actor.scope
    report = queries.get_report(scope, monthly_report_id)
    rows = queries.list_reports(scope).select_related("period__form", "village__parent")
    answers = {one.code: Answer(one.number, one.is_so, one.text) for one in body.answers}
    with unchanged(rows, report, monthly_report_out, if_match) as now:
        actions.fill_report(now, answers, actor=request.actor)
    return stamped(response, monthly_report_out(queries.get_report(scope, monthly_report_id)))


@operation(
    router, "POST", "/monthly-reports/{monthly_report_id}/steps",
    roles=roles_of(pages.monthly_step),
    summary="提交、撤回、审核、退回、锁定、免报、更正", answer=MonthlyReportOut,
)  # fmt: skip
def step_monthly_report(
    request: CalledRequest, monthly_report_id: UUID, body: MonthlyStepIn
) -> MonthlyReportOut:
    """A correction answers with the new version."""
    scope = request.actor.scope
    report = queries.get_report(scope, monthly_report_id)
    if body.act == "correct":
        done = actions.correct_report(report, reason=body.reason, actor=request.actor)
    else:
        done = actions.step_report(report, body.act, reason=body.reason, actor=request.actor)
    return monthly_report_out(queries.get_report(scope, done.pk))
