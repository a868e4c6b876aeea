"""The quarterly review: is each granted role still needed?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.directory import assignments
from lingyan.directory.actions import reviews as actions
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing

PRINTED_MOST = 5000


@page(Role.SYS_ADMIN, Role.SEC_ADMIN)
def account_review(request: ActedRequest) -> HttpResponse:
    """All grants with their last review; what is ticked is still needed."""
    if request.method == "POST":
        count = actions.confirm_roles(_chosen(request), actor=request.actor)
        messages.success(request, f"已核对 {count} 个身份，记为仍需要")
        return redirect(request.get_full_path())
    rows = assignments.list_to_review()
    listing = Listing(
        request,
        rows,
        search=("user__username", "user__name"),
        search_hint="账号或姓名",
        filters=[
            Filter("role", "身份", Role.choices(), lambda code: Q(role=code)),
            Filter("state", "核对", (("waiting", "待核对"), ("done", "已核对")), _in_state),
        ],
        sorts={"name": ("user__name",), "since": ("since",), "reviewed": ("reviewed_on",)},
        default_sort="name",
    )
    is_paper = request.GET.get("paper") == "yes"
    context = {
        "listing": listing,
        "rows": listing.rows[:PRINTED_MOST] if is_paper else list(listing),
        "is_paper": is_paper,
        "waiting": rows.exclude(assignments.reviewed_q()).count(),
        "quarter_begins": assignments.quarter_begins(),
        "quarter": (clock.today().month + 2) // 3,
        "today": clock.today(),
        "printed_at": clock.now(),
    }
    return render(request, "directory/account_review.html", context)


def _in_state(code: str) -> Q:
    return assignments.reviewed_q() if code == "done" else ~assignments.reviewed_q()


def _chosen(request: ActedRequest) -> list[UUID]:
    """What is no number of a role was not on the page."""
    chosen = []
    for text in request.POST.getlist("role"):
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    return chosen
