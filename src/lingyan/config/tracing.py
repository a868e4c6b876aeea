"""What is known of each request: its number, where it came from, its line in the log, its looks."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lingyan.platform.audit import circumstances, reading
from lingyan.platform.audit.circumstances import Circumstances
from lingyan.platform.wall import reach

GetResponse = Callable[[HttpRequest], HttpResponse]
LOOPBACK = {"127.0.0.1", "::1"}
log = logging.getLogger("lingyan.request")


class RequestTrace:
    """The outermost: gives the request a number and writes one line when it has been answered.

    The line names the route (`person`), not the address, which holds ids and what was searched for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # shown on the error page
        started = time.perf_counter()
        with circumstances.within(Circumstances(request_id, client_address(request))):
            response = self.get_response(request)
            fields = {
                "method": _method(request),
                "route": _route(request),
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            }
            log.info("request", extra={"fields": fields})
        response.headers["X-Request-ID"] = request_id
        return response


class SealedLooks:
    """Seals what the request has shown of people before the answer leaves the house.

    When the seal cannot be written the answer is an error: nobody looks without a trace.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading.gathering() as looks:
            response = self.get_response(request)
        actor = getattr(request, "actor", None)
        if looks and actor is not None and response.status_code < 400:
            # The product's own note, of what an operation has shown beyond this middleware's reach.
            with reach.everything():
                reading.seal(looks, actor=actor)
        return response


def client_address(request: HttpRequest) -> str:
    """Who asks: what our own proxies say, as many as LINGYAN_PROXIES; nobody else is believed."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    claimed = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not proxies or len(claimed) < proxies or direct not in LOOPBACK:
        return direct[:45]
    return claimed[-proxies].strip()[:45] or direct


def _method(request: HttpRequest) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "other"


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name if match else "") or "-"
