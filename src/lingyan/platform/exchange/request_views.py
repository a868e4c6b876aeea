"""The pages on which many rows are asked for, consented to and taken."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.platform.accounts.gate import ANY_ROLE, ActedRequest, page
from lingyan.platform.exchange import asking, queries
from lingyan.platform.exchange.files import sent_file, temporary
from lingyan.platform.exchange.forms import ExportForm
from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.exchange.rules import APPROVER, RequestState
from lingyan.platform.ui.listing import Filter, Listing


@page(ANY_ROLE)
def requests(request: ActedRequest) -> HttpResponse:
    """One's own requests; for the administrator those of the county."""
    listing = Listing(
        request,
        queries.list_requests(request.actor),
        search=("asked_by_name", "purpose"),
        search_hint="申请人或用途",
        filters=[
            Filter("state", "状态", RequestState.choices(), lambda code: Q(state=code)),
            Filter(
                "kind",
                "表格",
                [(kind.code, kind.title) for kind in KINDS.values()],
                lambda code: Q(kind=code),
            ),
        ],
        sorts={"time": ("asked_at",), "rows": ("row_count",), "name": ("asked_by_name",)},
        default_sort="-time",
    )
    return render(request, "exchange/requests.html", {"listing": listing, "kinds": KINDS})


@page(ANY_ROLE)
def request_page(request: ActedRequest, asked_id: UUID) -> HttpResponse:
    asked = queries.get_request(request.actor, asked_id)
    own = asked.asked_by_id == request.actor.user_id
    waits = asked.state == RequestState.ASKED
    expired = asked.until is not None and asked.until < clock.today()
    context = {
        "asked": asked,
        "kind": KINDS[asked.kind],
        "option_text": dict(KINDS[asked.kind].options(request.actor)).get(asked.option, ""),
        "decides": waits and not own and request.actor.holds(APPROVER),
        "takes": own
        and asked.state == RequestState.APPROVED
        and asked.asked_role == request.actor.role
        and not expired,
        "expired": expired,
        "days": settings.EXPORT_APPROVAL_DAYS,
    }
    return render(request, "exchange/request.html", context)


@require_POST
@page(ANY_ROLE)
def request_ask(request: ActedRequest, code: str) -> HttpResponse:
    kind = queries.get_export_kind(request.actor, code)
    form = ExportForm(kind, request.actor, request.POST)
    if not form.is_valid():
        context = {"kind": kind, "form": form}
        return render(request, "exchange/export.html", context, status=422)
    option = form.cleaned_data["option"] if kind.option_label else ""
    asked = asking.ask_export(
        kind, option=option, purpose=form.cleaned_data["purpose"], actor=request.actor
    )
    messages.success(request, "已提出申请，批准后在这里下载")
    return redirect("exchange_request", asked.pk)


@require_POST
@page(APPROVER)
def request_approve(request: ActedRequest, asked_id: UUID) -> HttpResponse:
    asked = queries.get_request(request.actor, asked_id)
    asking.approve_export(asked, actor=request.actor)
    messages.success(request, "已批准")
    return redirect("exchange_request", asked.pk)


@require_POST
@page(APPROVER)
def request_refuse(request: ActedRequest, asked_id: UUID) -> HttpResponse:
    asked = queries.get_request(request.actor, asked_id)
    asking.refuse_export(asked, reason=request.POST.get("reason", "")[:200], actor=request.actor)
    messages.success(request, "已记下不同意")
    return redirect("exchange_request", asked.pk)


@page(ANY_ROLE)
def request_file(request: ActedRequest, asked_id: UUID) -> HttpResponse:
    """The file, for who asked and nobody else."""
    asked = queries.get_own_request(request.actor, asked_id)
    target = temporary()
    try:
        asking.take_export(asked, target, actor=request.actor)
    except BaseException:
        target.close()
        raise
    return sent_file(target, f"{KINDS[asked.kind].title}-{clock.today():%Y%m%d}.xlsx")
