"""The page on which what has been kept long enough is looked at, proposed and confirmed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.exchange import clearing
from lingyan.platform.exchange.kept import KINDS
from lingyan.platform.exchange.rules import CLEARERS

DONE_SHOWN = 20


@page(*CLEARERS)
def overdue(request: ActedRequest) -> HttpResponse:
    context = {
        "kinds": clearing.list_overdue(request.actor),
        "done": clearing.list_done(request.actor)[:DONE_SHOWN],
        "most": clearing.LISTED_MOST,
    }
    return render(request, "exchange/clearing.html", context)


@require_POST
@page(*CLEARERS)
def clearing_propose(request: ActedRequest, kept: str) -> HttpResponse:
    if kept not in KINDS:
        raise Http404
    clearing.propose_clearing(KINDS[kept], actor=request.actor)
    messages.success(request, "已提出，等待另一个人确认")
    return redirect("exchange_clearing")


@require_POST
@page(*CLEARERS)
def clearing_confirm(request: ActedRequest, clearing_id: UUID) -> HttpResponse:
    found = clearing.get_clearing(request.actor, clearing_id)
    done = clearing.confirm_clearing(found, actor=request.actor)
    messages.success(request, f"已清理 {done.count} 份")
    return redirect("exchange_clearing")


@require_POST
@page(*CLEARERS)
def clearing_withdraw(request: ActedRequest, clearing_id: UUID) -> HttpResponse:
    found = clearing.get_clearing(request.actor, clearing_id)
    clearing.withdraw_clearing(found, actor=request.actor)
    messages.success(request, "已收回，什么也没有删除")
    return redirect("exchange_clearing")
