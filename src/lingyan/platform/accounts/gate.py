"""Which roles may open a page? Each view says so here, and the access table reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.written import sentences_of, written_in

View = Callable[..., HttpResponseBase]

ANY_ROLE = "any"
PUBLIC = "public"


class ActedRequest(HttpRequest):
    """A request after the middleware: signed in, with an acting role."""

    actor: Actor


def page(*roles: str) -> Callable[[View], View]:
    """Open a view to the given roles (or `ANY_ROLE`); others are told so in words.

    The gate is about kinds of people; which rows they see is the scope's work in the queries.
    """
    assert roles, "say which roles may open the page"

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if actor is None:
                return render(request, "ui/no_role.html", status=403)
            if ANY_ROLE not in roles and actor.role not in roles:
                return render(request, "ui/forbidden.html", status=403)
            return view(request, *args, **kwargs)

        gated.roles = roles  # type: ignore[attr-defined]  # read by the access table
        return gated

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Where the session ended while somebody wrote, what was written is kept and shown."""
    there = redirect_to_login(request.get_full_path())
    if sentences_of(request):
        context = {"sign_in": there.url, "kept": written_in(request)}
        return render(request, "ui/signed_out.html", context, status=403)
    return there


def public(view: View) -> View:
    """Mark a view that anybody may open without signing in."""
    view.roles = (PUBLIC,)  # type: ignore[attr-defined]  # read by the access table
    return view
