"""How long does a form take, from the opening of its page to its sending? By role, never by person.

The page gets a cookie that only comes back from itself, with the time of opening and nothing else;
what is sent adds to one counter for role, form and month. Who it was is written down nowhere, and
time spent on reading pages is not counted at all.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions.burden import count_form
from lingyan.posting.rules.burden import seconds_between
from lingyan.posting.rules.form_facts import PAGES

COOKIE = "opened-{}"
KEPT_SECONDS = 3600
SENT = 302


class FormTimes:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        name = match.url_name if match else None
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or name not in PAGES:
            return response
        if request.method == "GET" and response.status_code == 200:
            _note_opening(request, response, name)
        elif request.method == "POST" and response.status_code == SENT:
            _count(request, response, name, actor)
        return response


def _now() -> int:
    return int(clock.real_now().timestamp())


def _note_opening(request: HttpRequest, response: HttpResponse, name: str) -> None:
    response.set_cookie(
        COOKIE.format(name), str(_now()), max_age=KEPT_SECONDS, path=request.path,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def _count(request: HttpRequest, response: HttpResponse, name: str, actor: Actor) -> None:
    opened = request.COOKIES.get(COOKIE.format(name), "")
    seconds = seconds_between(opened, _now())
    if seconds is None:
        return
    response.delete_cookie(COOKIE.format(name), path=request.path)
    count_form(name, seconds, actor=actor)
