"""Pages that belong to no module: the worklist, choosing a role, an error."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ANY_ROLE, page


@page(ANY_ROLE)
def worklist(request: HttpRequest) -> HttpResponse:
    """待办事项: everyone's first page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    items = wiring.worklist(actor)
    own = {item.url for item in items}
    under_way = [item for item in wiring.under_way(actor) if item.url not in own]
    shown = {"items": items, "under_way": under_way, "today": clock.today()}
    return render(request, "ui/worklist.html", shown)


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
        messages.success(request, f"现在以“{own[chosen].label}”的身份办理")
    return redirect("worklist")


def server_error(request: HttpRequest) -> HttpResponse:
    """What people read when the product has failed: no cause, but a number to ask about.

    Nothing here may fail as well, so the page asks neither the database nor who is signed in.
    """
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponseServerError(loader.render_to_string("500.html", context))
