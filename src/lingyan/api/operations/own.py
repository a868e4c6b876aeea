"""Who am I, with this token? And how far is my work?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import page_of
from lingyan.api.paging import ListQuery, PageOut
from lingyan.platform.accounts.gate import ANY_ROLE
from lingyan.platform.jobs import queries as jobs
from lingyan.platform.jobs import views as pages
from lingyan.platform.jobs.models import Job

router = Router(tags=["本人"])


class MeOut(Schema):
    name: str
    role: str
    role_label: str
    place: str
    access: str
    token: str
    token_until: date


class JobOut(Schema):
    id: UUID
    title: str
    state: str
    progress_percent: int
    message: str
    result_url: str
    through: str = Field(description="由哪个令牌发起；在页面上发起的为空")
    created_at: datetime
    ended_at: datetime | None


class JobQuery(ListQuery):
    sort: Literal["created", "-created"] = "-created"
    state: Job.State | None = None


def job_out(job: Job) -> JobOut:
    return JobOut.from_orm(job)


@operation(router, "GET", "/me", roles=[ANY_ROLE], summary="令牌的身份和范围", answer=MeOut)
def me(request: CalledRequest) -> MeOut:
    actor, token = request.actor, request.caller.token
    return MeOut(
        name=actor.name,
        role=actor.role,
        role_label=actor.role_label,
        place=actor.place_name,
        access=token.access,
        token=token.name,
        token_until=token.until,
    )


@operation(
    router,
    "GET",
    "/jobs",
    roles=roles_of(pages.job),
    summary="自己的后台作业",
    answer=PageOut[JobOut],
)
def list_jobs(request: CalledRequest, query: Query[JobQuery]) -> PageOut[JobOut]:
    rows = jobs.list_jobs(request.actor.user_id)
    if query.state:
        rows = rows.filter(state=query.state)
    sorts = {"created": ("created_at",)}
    return page_of(rows, query, job_out, sort=query.sort, sorts=sorts, search=("title",))


@operation(
    router,
    "GET",
    "/jobs/{job_id}",
    roles=roles_of(pages.job),
    summary="一件后台作业",
    answer=JobOut,
)
def get_job(request: CalledRequest, job_id: UUID) -> JobOut:
    return job_out(get_object_or_404(jobs.list_jobs(request.actor.user_id), pk=job_id))
