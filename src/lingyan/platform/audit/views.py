"""The sealed history, for the audit administrator."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.common.workbook import write_rows
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit import queries
from lingyan.platform.audit.actions import note_export
from lingyan.platform.audit.anchors import list_anchors
from lingyan.platform.audit.checking import last_check, start_check
from lingyan.platform.audit.forms import HistoryForm
from lingyan.platform.audit.words import shown
from lingyan.platform.exchange.exporting import export_banner
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.ui.files import WORKBOOK

AUDIT_ADMIN = "audit_admin"
PER_PAGE = 50
EXPORTED_MOST = 100_000
ANCHORS_SHOWN = 31
SHEET = Sheet(
    "history",
    "操作留痕",
    (
        Column("number", "序号", Kind.INTEGER),
        Column("acted_at", "时间"),
        Column("actor", "办理人"),
        Column("role", "身份"),
        Column("action", "事项"),
        Column("kind", "对象类别"),
        Column("subject", "对象", max_length=500),
        Column("changes", "改前 → 改后", max_length=30_000),
        Column("reason", "原因", max_length=30_000),
        Column("client_address", "来自"),
    ),
)


@page(AUDIT_ADMIN)
def audit_list(request: HttpRequest) -> HttpResponse:
    """One page by number: the thousandth costs no more than the first."""
    form = HistoryForm(request.GET)
    wanted = form.wanted()
    rows = queries.list_entries(wanted)
    found = queries.slice_entries(
        rows, before=_number(request, "before"), after=_number(request, "after"), most=PER_PAGE
    )
    context = {
        "form": form,
        "entries": [shown(one) for one in found.entries],
        "found": found,
        "count": str(len(found.entries)) if found.is_whole else queries.count_text(rows),
        "exported_most": f"{EXPORTED_MOST:,}",
        "is_filtered": not wanted.is_anything,
        "span": _span(wanted),
        "last_check": last_check(),
    }
    return render(request, "audit/audit_list.html", context)


def _span(wanted: queries.Wanted) -> queries.Span | None:
    """Which entries were looked into for words, where that is not all of them."""
    if not wanted.subject or queries.is_id(wanted.subject):
        return None
    span = queries.looked_into(wanted)
    return span if span.older or wanted.upto is not None else None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@page(AUDIT_ADMIN)
def audit_export(request: ActedRequest) -> FileResponse:
    """What is being looked at as a workbook, the newest first; taking it away is an act too."""
    form = HistoryForm(request.GET)
    rows = queries.list_entries(form.wanted())
    left_out = _left_out(rows.order_by().count()), _looked_into(_span(form.wanted()))
    head = "。".join(filter(None, (export_banner(request.actor, "留痕核查"), *left_out)))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    count = write_rows(
        target, SHEET, (_row(one) for one in _streamed(rows[:EXPORTED_MOST])), banner=head
    )
    note_export(count, asked=form.in_words(), actor=request.actor)
    name = f"操作留痕-{clock.today():%Y%m%d}.xlsx"
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=WORKBOOK)


def _left_out(total: int) -> str:
    """A file that ends before the history does says so in its first line."""
    if total <= EXPORTED_MOST:
        return ""
    return f"共 {total:,} 条，这里只有最新的 {EXPORTED_MOST:,} 条，其余请按日期分次导出"


def _looked_into(span: queries.Span | None) -> str:
    return f"“对象”只在第 {span.first} 至 {span.last} 条中查找" if span else ""


def _streamed(rows: Any) -> Iterator[Any]:
    return iter(rows.iterator(chunk_size=2000))


def _row(entry: Any) -> dict[str, Any]:
    one = shown(entry)
    return {
        "number": one.number,
        "acted_at": one.acted_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
        "actor": one.actor,
        "role": one.role,
        "action": one.action,
        "kind": one.kind,
        "subject": one.subject,
        "changes": one.changes_text or None,
        "reason": one.reason or None,
        "client_address": one.client_address or None,
    }


@page(AUDIT_ADMIN)
def audit_anchors(request: HttpRequest) -> HttpResponse:
    """Where each day ended, to be printed and kept in another place."""
    return render(request, "audit/anchors.html", {
        "anchors": list_anchors()[:ANCHORS_SHOWN], "printed_at": clock.now(),
    })  # fmt: skip


@require_POST
@page(AUDIT_ADMIN)
def audit_verify(request: ActedRequest) -> HttpResponse:
    return redirect(job_url(start_check(request.actor)))
