"""How does each request come to reach only what its actor may?"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lingyan.platform.wall import reach

GetResponse = Callable[[HttpRequest], HttpResponse]


class OpenWhileFindingOut:
    """Stands before the middleware that finds out who is there: that one reads every role."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reach.everything():
            return self.get_response(request)


class Wall:
    """Stands right behind it: from here on the request reaches what its actor may, or nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reach.within(getattr(request, "actor", None)):
            return self.get_response(request)
