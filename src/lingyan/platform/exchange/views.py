"""The pages on which files come in, are looked at, confirmed and taken back, and go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.gate import ANY_ROLE, ActedRequest, page
from lingyan.platform.exchange import actions, downloads, exporting, queries
from lingyan.platform.exchange.files import sent_file, temporary
from lingyan.platform.exchange.forms import ExportForm, UploadForm, too_large
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS, ExchangeKind
from lingyan.platform.exchange.rules import (
    CHECKABLE,
    CLEARERS,
    UNDER_WAY,
    ImportState,
    Verdict,
    is_in_parts,
    refuse_too_many,
)
from lingyan.platform.jobs.models import Job
from lingyan.platform.ui.listing import Filter, Listing

CHECKED_AT_ONCE_BYTES = 400_000  # a larger file is read in the background, with progress
BODY_BESIDE_FILE = 100_000
ROWS_PER_PAGE = 50
MEANWHILE_SHOWN = 200


@page(ANY_ROLE)
def exchange(request: ActedRequest) -> HttpResponse:
    """All sheets that this role may send in or take out, and the imports so far."""
    actor = request.actor
    incoming, outgoing = queries.list_import_kinds(actor), queries.list_export_kinds(actor)
    offers = [
        {"kind": kind, "imports": kind in incoming, "exports": kind in outgoing}
        for kind in KINDS.values()
        if kind in incoming or kind in outgoing
    ]
    listing = Listing(
        request,
        queries.list_imports(actor),
        search=("filename", "created_by_name"),
        search_hint="文件名或上传人",
        filters=[
            Filter(
                "kind", "表格", [(kind.code, kind.title) for kind in incoming], lambda c: Q(kind=c)
            ),
            Filter("state", "状态", ImportState.choices(), lambda code: Q(state=code)),
        ],
        sorts={"time": ("created_at",), "name": ("filename",)},
        default_sort="-time",
    )
    context = {
        "offers": offers,
        "listing": listing,
        "kinds": KINDS,
        "clears": actor.holds(*CLEARERS),
    }
    return render(request, "exchange/exchange.html", context)


@csrf_exempt
@page(ANY_ROLE)
def upload(request: ActedRequest, code: str) -> HttpResponse:
    """Refuse a huge body before reading it; only then may the token be looked for in it."""
    kind = queries.get_import_kind(request.actor, code)
    length = request.headers.get("Content-Length", "0")
    if length.isdigit() and int(length) > settings.UPLOAD_MAX_BYTES + BODY_BESIDE_FILE:
        form = UploadForm(kind, request.actor)
        context = {"kind": kind, "form": form, "too_large": too_large()}
        response = render(request, "exchange/upload.html", context, status=413)
        response["Connection"] = "close"
        return response
    return _upload(request, kind)


@csrf_protect
def _upload(request: ActedRequest, kind: ExchangeKind) -> HttpResponse:
    if request.method != "POST":
        form = UploadForm(kind, request.actor)
        return render(request, "exchange/upload.html", {"kind": kind, "form": form})
    form = UploadForm(kind, request.actor, request.POST, request.FILES)
    if not form.is_valid():
        context = {"kind": kind, "form": form}
        return render(request, "exchange/upload.html", context, status=422)
    file = form.cleaned_data["file"]
    run = actions.upload_file(
        kind,
        file.read(),
        filename=file.name or kind.title,
        option=form.cleaned_data.get("option", ""),
        actor=request.actor,
    )
    if run.size_bytes > CHECKED_AT_ONCE_BYTES:
        actions.start_check(run, actor=request.actor)
    else:
        actions.check_import(run, actor=request.actor)
    return redirect("exchange_import", run.pk)


@page(ANY_ROLE)
def import_page(request: ActedRequest, import_id: UUID) -> HttpResponse:
    """Preview before, progress during, report after: the page of one file."""
    run = queries.get_import(request.actor, import_id)
    job = queries.find_job(run)
    under_way = run.state in UNDER_WAY or (run.state == ImportState.UPLOADED and _goes_on(job))
    if under_way:
        fragment = "#progress" if request.headers.get("HX-Request") else ""
        context = {"run": run, "kind": KINDS[run.kind], "job": job}
        return render(request, f"exchange/progress.html{fragment}", context)
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") == "progress":
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/import.html", _import_context(request, run))


def _goes_on(job: Job | None) -> bool:
    return job is not None and job.state in {Job.State.WAITING, Job.State.RUNNING}


def _import_context(request: ActedRequest, run: Import) -> dict[str, Any]:
    tabs = [
        (Verdict.WRONG, run.wrong_count),
        (Verdict.CHANGED, run.changed_count),
        (Verdict.NEW, run.new_count),
        (Verdict.SAME, run.same_count),
    ]
    chosen = _chosen(request.GET.get("show", ""), tabs)
    rows = Paginator(queries.list_checked_rows(run, chosen), ROWS_PER_PAGE)
    shown = rows.get_page(request.GET.get("page"))
    links = {}
    if run.state == ImportState.APPLIED:
        links = queries.links_of_rows(run, [row.number for row in shown])
    return {
        "run": run,
        "kind": KINDS[run.kind],
        "option_text": _option_text(request, run),
        "verdicts": tabs,
        "chosen": chosen,
        "page": shown,
        "links": links,
        "earlier": queries.find_earlier_import(run) if run.state in CHECKABLE else None,
        "both": [one for one in run.meanwhile if one["both"]],
        "theirs": [one for one in run.meanwhile if not one["both"]][:MEANWHILE_SHOWN],
        "choosing": run.state in CHECKABLE,
        "checkable": run.state in CHECKABLE and run.state != ImportState.CHECKED,
        "too_many": refuse_too_many(run.written_count),
        "in_parts": is_in_parts(run.written_count),
    }


def _chosen(asked: str, tabs: Sequence[tuple[Verdict, int]]) -> Verdict:
    """What the address asks for, else the first kind of row that there is."""
    for verdict, _ in tabs:
        if verdict.value == asked:
            return verdict
    return next((verdict for verdict, count in tabs if count), Verdict.NEW)


def _option_text(request: ActedRequest, run: Import) -> str:
    kind = KINDS[run.kind]
    if not kind.option_label:
        return ""
    return dict(kind.options(request.actor)).get(run.option, run.option)


@require_POST
@page(ANY_ROLE)
def import_apply(request: ActedRequest, import_id: UUID) -> HttpResponse:
    run = queries.get_import(request.actor, import_id)
    if _pressed_twice(request, run):
        return redirect("exchange_import", run.pk)
    actions.start_import(run, actor=request.actor)
    return redirect("exchange_import", run.pk)


def _pressed_twice(request: ActedRequest, run: Import) -> bool:
    """The same person's second press leads to the same page; somebody else's is refused."""
    begun = run.state in {ImportState.APPLYING, ImportState.APPLIED}
    return begun and run.applied_by_name == request.actor.name


@page(ANY_ROLE)
def import_undo(request: ActedRequest, import_id: UUID) -> HttpResponse:
    run = queries.get_import(request.actor, import_id)
    if request.method == "POST":
        actions.start_undo(run, actor=request.actor)
        return redirect("exchange_import", run.pk)
    context = {
        "question": f"撤销导入“{run.filename}”吗？",
        "consequence": f"新增的 {run.new_count} 行将删除，"
        f"变更的 {run.changed_count} 行恢复原来的内容。"
        "导入之后又改动过、或后来的办理已用到的，不能撤销。",
        "action": reverse("exchange_undo", args=[run.pk]),
        "yes": "撤销这次导入",
        "back": reverse("exchange_import", args=[run.pk]),
    }
    return render(request, "ui/confirm.html", context)


@require_POST
@page(ANY_ROLE)
def import_recheck(request: ActedRequest, import_id: UUID) -> HttpResponse:
    run = queries.get_import(request.actor, import_id)
    actions.check_import(run, actor=request.actor)
    messages.info(request, "已按现在的数据重新检查")
    return redirect("exchange_import", run.pk)


@require_POST
@page(ANY_ROLE)
def import_merge(request: ActedRequest, import_id: UUID) -> HttpResponse:
    """Where both sides changed: which cells of the workbook hold."""
    run = queries.get_import(request.actor, import_id)
    marked = [name.removeprefix("cell:") for name, value in request.POST.items() if value == "mine"]
    run = actions.choose_cells(run, cells=marked, actor=request.actor)
    actions.check_import(run, actor=request.actor)
    messages.success(request, "已按所选重新检查，请核对后再确认导入")
    return redirect("exchange_import", run.pk)


@page(ANY_ROLE)
def import_reasons(request: ActedRequest, import_id: UUID) -> HttpResponse:
    """The same workbook back, with a column that says what is wrong in each row."""
    run = queries.get_import(request.actor, import_id)
    target = temporary()
    try:
        downloads.write_reasons(run, target, actor=request.actor)
    except Refused:
        target.close()
        raise
    stem = run.filename.rsplit(".", 1)[0]
    return sent_file(target, f"{stem}-标注原因.xlsx")


@page(ANY_ROLE)
def import_file(request: ActedRequest, import_id: UUID) -> HttpResponse:
    """The file exactly as it was sent in."""
    run = queries.get_import(request.actor, import_id)
    data = downloads.read_original(run, actor=request.actor)
    target = temporary()
    target.write(data)
    return sent_file(target, run.filename, kind="application/octet-stream")


@page(ANY_ROLE)
def template(request: ActedRequest, code: str) -> HttpResponse:
    kind = queries.get_import_kind(request.actor, code)
    target = temporary()
    exporting.write_empty(kind, target)
    return sent_file(target, f"{kind.title}模板.xlsx")


@page(ANY_ROLE)
def export(request: ActedRequest, code: str) -> HttpResponse:
    """Ask what for, and for which part where the kind has parts; then the file."""
    kind = queries.get_export_kind(request.actor, code)
    form = ExportForm(kind, request.actor, request.GET or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "exchange/export.html", {"kind": kind, "form": form}, status=status)
    option = form.cleaned_data["option"] if kind.option_label else ""
    target = temporary()
    purpose = form.cleaned_data["purpose"]
    try:
        exporting.export_records(kind, target, option=option, purpose=purpose, actor=request.actor)
    except exporting.TooManyRows as refused:
        target.close()
        context = {"kind": kind, "form": form, "refused": refused}
        return render(request, "exchange/ask.html", context, status=409)
    except Refused:
        target.close()
        raise
    return sent_file(target, f"{kind.title}-{clock.today():%Y%m%d}.xlsx")
