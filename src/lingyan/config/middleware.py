"""What happens around every request: plain text, acting role, refusals in words, safe content."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from lingyan.common.refusals import Refusal, Refused
from lingyan.common.stack_room import with_room
from lingyan.common.workbook import DEMO_BANNER
from lingyan.directory import queries
from lingyan.platform import clashes

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)


class StackRoom:
    """The first of all: everything that answers a request is called from here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return with_room(self.get_response, request)


ZERO = "\x00"
FORM = "application/x-www-form-urlencoded"


class PlainText:
    """Refuse zero bytes, which nobody types and PostgreSQL cannot store or look for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ZERO in request.path or self._has_zero(request.GET):
            raise BadRequest("a zero byte in the address")
        if request.content_type == FORM and self._has_zero(request.POST):
            raise BadRequest("a zero byte in a form")
        return self.get_response(request)

    @staticmethod
    def _has_zero(given: QueryDict) -> bool:
        return any(ZERO in name or ZERO in "".join(values) for name, values in given.lists())


class Compressed(GZipMiddleware):
    """Pages, styles and scripts are sent small: in a village a kilobyte is a second.

    Answers for programs and files stay as they are, with their ETags and lengths.
    """

    KINDS = ("text/html", "text/css", "text/javascript", "image/svg+xml")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(self.KINDS):
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy:
    """Nothing from elsewhere is ever loaded: the county's network may have no internet."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        return response


class DemoMark:
    """Answers for programs say in a header that their data are a demo's.

    Pages, sheets and prints say so in words, where people read it.
    """

    HEADER = "X-Demo-Data"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for_programs = request.path.startswith("/api/") or self._is_data(response)
        # An answer that failed may have no database to ask.
        if for_programs and response.status_code < 500 and queries.is_demo():
            response[self.HEADER] = quote(DEMO_BANNER)
        return response

    @staticmethod
    def _is_data(response: HttpResponse) -> bool:
        return response.headers.get("Content-Type", "").startswith(("application/json", "image/"))


class ActingRole:
    """Sets `request.actor`: the signed-in user in the role chosen for this session (R-0-19)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]  # the request's own attribute, see ActedRequest
        request.assignments = []  # type: ignore[attr-defined]  # read by the shell
        if request.user.is_authenticated:
            assignments = queries.list_assignments(request.user.pk)
            chosen = request.session.get("assignment")
            current = next(
                (one for one in assignments if str(one.pk) == chosen),
                assignments[0] if assignments else None,
            )
            request.assignments = assignments  # type: ignore[attr-defined]
            request.acting = current  # type: ignore[attr-defined]
            request.actor = queries.actor_of(current, assignments) if current else None  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalPages:
    """A refused act answers 409 with every reason and its code; nothing has been changed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusals = _refusals_of(exception)
        if not refusals:
            return None
        template = (
            "ui/refused.html#reasons" if request.headers.get("HX-Request") else "ui/refused.html"
        )
        back = request.headers.get("Referer", "")
        same_host = f"{request.scheme}://{request.get_host()}/"
        context = {
            "refusals": refusals,
            "back": back if back.startswith(same_host) else "/",
        }
        response = render(request, template, context, status=409)
        response["HX-Retarget"] = "#refusals"
        response["HX-Reswap"] = "innerHTML"
        return response


def _refusals_of(exception: Exception) -> tuple[Refusal, ...]:
    """Of a rule; or of a table, where a value is taken by a row that the rule could not see."""
    if isinstance(exception, IntegrityError):
        taken = clashes.refusal_of(exception)
        return (taken,) if taken else ()
    return exception.refusals if isinstance(exception, Refused) else ()
