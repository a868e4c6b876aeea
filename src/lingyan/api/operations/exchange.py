"""Sheets for programs: send in, look at the preview, apply, take back, take out."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import file_answer, page_of
from lingyan.api.operations.own import JobOut, job_out
from lingyan.api.operations.register import filled
from lingyan.api.paging import ListQuery, PageOut
from lingyan.common import clock
from lingyan.platform.exchange import actions, downloads, exporting, queries
from lingyan.platform.exchange import views as pages
from lingyan.platform.exchange.forms import ExportForm, UploadForm
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.rules import (
    PURPOSE_LONGEST,
    PURPOSE_SHORTEST,
    ImportState,
    Verdict,
)
from lingyan.platform.ui.files import WORKBOOK, attached, workbook

router = Router(tags=["表格"])

ANY_FILE = "application/octet-stream"
FILE_ANSWER = file_answer(WORKBOOK)
ANY_FILE_ANSWER = file_answer(ANY_FILE)


class OptionIn(Schema):
    option: str = Field("", max_length=40, description="要先选的一项，如批次")


class ExportIn(OptionIn):
    purpose: str = Field(
        min_length=PURPOSE_SHORTEST,
        max_length=PURPOSE_LONGEST,
        description="导出的用途；写在表格首行，记入操作留痕",
    )


class KindOut(Schema):
    code: str
    title: str
    imports: bool
    exports: bool
    options: list[OptionOut] = Field(description="要先选的一项，如批次；没有的为空")


class OptionOut(Schema):
    id: str
    text: str


class ImportOut(Schema):
    id: UUID
    kind: str
    option: str
    filename: str
    state: str
    new_count: int
    changed_count: int
    same_count: int
    wrong_count: int
    notices: list[str]
    message: str
    created_by_name: str
    created_at: datetime


class ImportStartedOut(Schema):
    imported: ImportOut
    job: JobOut


class ImportQuery(ListQuery):
    sort: Literal["time", "-time", "name", "-name"] = "-time"
    kind: str | None = Field(None, max_length=20)
    state: ImportState | None = None


class RowOut(Schema):
    number: int
    verdict: str
    label: str
    details: list[object]


class RowQuery(ListQuery):
    sort: Literal["number", "-number"] = "number"
    verdict: Verdict = Verdict.WRONG


def import_out(run: Import) -> ImportOut:
    return ImportOut.from_orm(run)


@operation(
    router, "GET", "/sheets", roles=roles_of(pages.exchange), summary="可以导入导出的表格",
    answer=list[KindOut],
)  # fmt: skip
def list_sheets(request: CalledRequest) -> list[KindOut]:
    actor = request.actor
    incoming, outgoing = queries.list_import_kinds(actor), queries.list_export_kinds(actor)
    kinds = {kind.code: kind for kind in (*incoming, *outgoing)}
    return [
        KindOut(
            code=kind.code,
            title=kind.title,
            imports=kind in incoming,
            exports=kind in outgoing,
            options=[OptionOut(id=code, text=text) for code, text in kind.options(actor)],
        )
        for kind in kinds.values()
    ]


@operation(
    router, "GET", "/sheets/{code}/export", roles=roles_of(pages.export),
    summary="导出为 Excel", answer=None, extra=FILE_ANSWER,
)  # fmt: skip
def export_sheet(request: CalledRequest, code: str, given: Query[ExportIn]) -> HttpResponse:
    kind = queries.get_export_kind(request.actor, code)
    asked = {"option": given.option, "purpose": given.purpose}
    purpose = filled(ExportForm(kind, request.actor, asked))["purpose"]
    target = BytesIO()
    exporting.export_records(
        kind,
        target,
        option=given.option if kind.option_label else "",
        purpose=purpose,
        actor=request.actor,
    )
    return workbook(target.getvalue(), f"{code}-{clock.today():%Y%m%d}.xlsx")


@operation(
    router, "GET", "/sheets/{code}/template", roles=roles_of(pages.template),
    summary="空白模板", answer=None, extra=FILE_ANSWER,
)  # fmt: skip
def get_template(request: CalledRequest, code: str) -> HttpResponse:
    kind = queries.get_import_kind(request.actor, code)
    target = BytesIO()
    exporting.write_empty(kind, target)
    return workbook(target.getvalue(), f"{code}-template.xlsx")


@operation(
    router, "GET", "/imports", roles=roles_of(pages.exchange), summary="表格导入",
    answer=PageOut[ImportOut],
)  # fmt: skip
def list_imports(request: CalledRequest, query: Query[ImportQuery]) -> PageOut[ImportOut]:
    rows = queries.list_imports(request.actor)
    if query.kind is not None:
        rows = rows.filter(kind=query.kind)
    if query.state:
        rows = rows.filter(state=query.state)
    sorts = {"time": ("created_at",), "name": ("filename",)}
    return page_of(
        rows,
        query,
        import_out,
        sort=query.sort,
        sorts=sorts,
        search=("filename", "created_by_name"),
    )


@operation(
    router, "POST", "/sheets/{code}/imports", roles=roles_of(pages.upload),
    summary="送入表格并开始检查", answer=ImportStartedOut, status=202,
)  # fmt: skip
def send_sheet(
    request: CalledRequest,
    code: str,
    file: File[UploadedFile],
    given: Form[OptionIn],
) -> ImportStartedOut:
    kind = queries.get_import_kind(request.actor, code)
    form = UploadForm(kind, request.actor, {"option": given.option}, {"file": file})
    read = filled(form)
    run = actions.upload_file(
        kind,
        read["file"].read(),
        filename=read["file"].name or kind.title,
        option=read.get("option", ""),
        actor=request.actor,
    )
    job = actions.start_check(run, actor=request.actor)
    return ImportStartedOut(imported=import_out(run), job=job_out(job))


@operation(
    router, "GET", "/imports/{import_id}", roles=roles_of(pages.import_page),
    summary="一次导入", answer=ImportOut,
)  # fmt: skip
def get_import(request: CalledRequest, import_id: UUID) -> ImportOut:
    return import_out(queries.get_import(request.actor, import_id))


@operation(
    router, "GET", "/imports/{import_id}/rows", roles=roles_of(pages.import_page),
    summary="预览的行", answer=PageOut[RowOut],
)  # fmt: skip
def list_import_rows(
    request: CalledRequest, import_id: UUID, query: Query[RowQuery]
) -> PageOut[RowOut]:
    run = queries.get_import(request.actor, import_id)
    rows = queries.list_checked_rows(run, query.verdict)
    return page_of(
        rows,
        query,
        RowOut.from_orm,
        sort=query.sort,
        sorts={"number": ("number",)},
        search=("label",),
    )


@operation(
    router, "POST", "/imports/{import_id}/apply", roles=roles_of(pages.import_apply),
    summary="确认导入", answer=JobOut, status=202,
)  # fmt: skip
def apply_import(request: CalledRequest, import_id: UUID) -> JobOut:
    run = queries.get_import(request.actor, import_id)
    return job_out(actions.start_import(run, actor=request.actor))


@operation(
    router, "POST", "/imports/{import_id}/recheck", roles=roles_of(pages.import_recheck),
    summary="按现在的数据重新检查", answer=JobOut, status=202,
)  # fmt: skip
def recheck_import(request: CalledRequest, import_id: UUID) -> JobOut:
    run = queries.get_import(request.actor, import_id)
    return job_out(actions.start_check(run, actor=request.actor))


@operation(
    router, "POST", "/imports/{import_id}/undo", roles=roles_of(pages.import_undo),
    summary="撤销导入", answer=JobOut, status=202,
)  # fmt: skip
def undo_import(request: CalledRequest, import_id: UUID) -> JobOut:
    run = queries.get_import(request.actor, import_id)
    return job_out(actions.start_undo(run, actor=request.actor))


@operation(
    router, "GET", "/imports/{import_id}/reasons", roles=roles_of(pages.import_reasons),
    summary="标注了原因的表格", answer=None, extra=FILE_ANSWER,
)  # fmt: skip
def get_import_reasons(request: CalledRequest, import_id: UUID) -> HttpResponse:
    run = queries.get_import(request.actor, import_id)
    target = BytesIO()
    downloads.write_reasons(run, target, actor=request.actor)
    return workbook(target.getvalue(), f"{run.pk}-reasons.xlsx")


@operation(
    router, "GET", "/imports/{import_id}/file", roles=roles_of(pages.import_file),
    summary="送入的原件", answer=None, extra=ANY_FILE_ANSWER,
)  # fmt: skip
def get_import_file(request: CalledRequest, import_id: UUID) -> HttpResponse:
    run = queries.get_import(request.actor, import_id)
    data = downloads.read_original(run, actor=request.actor)
    return attached(data, ANY_FILE, run.filename)


KindOut.model_rebuild()
