"""Pages that belong to no module: the worklist, choosing a role, being alive."""

from __future__ import annotations

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.platform.accounts.gate import ANY_ROLE, page, public


@page(ANY_ROLE)
def worklist(request: HttpRequest) -> HttpResponse:
    """待办事项: everyone's first page."""
    items = wiring.worklist(request.actor)  # type: ignore[attr-defined]  # set by the middleware
    return render(request, "ui/worklist.html", {"items": items, "today": clock.today()})


@page(ANY_ROLE)
def menu(request: HttpRequest) -> HttpResponse:
    """Every page that is open to this role, for the phone, where the side menu has no room."""
    return render(request, "ui/menu.html")


@require_POST
@page(ANY_ROLE)
def choose_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles from now on."""
    chosen = request.POST.get("assignment", "")
    own = {str(one.pk): one for one in request.assignments}  # type: ignore[attr-defined]  # set by the middleware
    if chosen in own:
        request.session["assignment"] = chosen
        messages.success(request, f"现在以“{own[chosen].get_role_display()}”的身份办理")
    return redirect("worklist")


@public
def healthy(request: HttpRequest) -> HttpResponse:
    """Whether server and database answer; used by `./run` and by operators."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok", content_type="text/plain")
