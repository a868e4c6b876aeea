"""The sealed history, for the audit administrator."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.platform.accounts.gate import page
from lingyan.platform.audit import queries
from lingyan.platform.audit.texts import TEXTS
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.ui.listing import Filter, Listing

AUDIT_ADMIN = "audit_admin"
PERIODS = (("1", "今天"), ("7", "近 7 天"), ("30", "近 30 天"), ("365", "近一年"))


@page(AUDIT_ADMIN)
def audit_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_entries(),
        search=("actor_name", "subject_text", "subject_id"),
        search_hint="办理人或对象",
        filters=[
            Filter("action", "事项", sorted(TEXTS.items()), lambda code: Q(action=code)),
            Filter("days", "时间", PERIODS, _since),
        ],
        sorts={"number": ("number",)},
        default_sort="-number",
    )
    return render(request, "audit/audit_list.html", {"listing": listing, "texts": TEXTS})


def _since(days: str) -> Q:
    first = clock.today() - timedelta(days=int(days) - 1)
    return Q(acted_at__gte=datetime.combine(first, time(), tzinfo=clock.BEIJING))


@require_POST
@page(AUDIT_ADMIN)
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now and say the first broken entry."""
    verdict = verify_chain()
    if verdict.text is None:
        messages.success(request, f"已核对全部 {verdict.entries} 条留痕，链条完整，没有改动。")
    else:
        messages.error(request, f"留痕被破坏：{verdict.text}")
    return redirect("audit_list")
