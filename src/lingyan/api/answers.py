"""How does a program repeat a request without doing twice what it asked for?

The first request with a key takes the row of that key in the transaction of its act, so a second
one waits for it, finds its answer and repeats that. An act that fails unexpectedly leaves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lingyan.api import rules
from lingyan.api.models import ApiToken, KeptAnswer
from lingyan.api.problems import Problem
from lingyan.common import clock

KEY_MAX = 100
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
CLEARED_AT_ONCE = 200

Run = Callable[[], HttpResponseBase]


def answer_once(request: HttpRequest, token: ApiToken, run: Run) -> HttpResponseBase:
    """Do what is asked, unless this key has been answered before."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return run()
    if not (0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable()):
        raise Problem(HTTPStatus.BAD_REQUEST, [rules.BAD_KEY])
    fingerprint = fingerprint_of(request)
    with transaction.atomic():
        _clear_old(token)
        mine = KeptAnswer(token=token, key=key, fingerprint=fingerprint, created_at=clock.now())
        # Waits for another request with this key; the row that is there then is asked, not ours.
        KeptAnswer.objects.bulk_create([mine], ignore_conflicts=True)
        kept = KeptAnswer.objects.select_for_update().get(token=token, key=key)
        if kept.fingerprint != fingerprint:
            raise Problem(HTTPStatus.CONFLICT, [rules.KEY_REUSED])
        if kept.status is not None:
            return _repeated(kept)
        response = _run_or_undo(run)
        assert isinstance(response, HttpResponse), "an act answers at once"
        kept.status = response.status_code
        kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        kept.body = response.content
        kept.save(update_fields=["status", "headers", "body"])
    return response


class _Undo(Exception):  # noqa: N818 - says what is to be done
    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def _run_or_undo(run: Run) -> HttpResponseBase:
    """An answer of 4xx is kept, whatever was done before it is not; 5xx is not kept either."""
    try:
        with transaction.atomic():
            response = run()
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                raise _Undo(response)
    except _Undo as undo:
        if undo.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Problem(undo.response.status_code, [rules.UNEXPECTED]) from undo
        return undo.response
    return response


def _repeated(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.body), status=kept.status)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _clear_old(token: ApiToken) -> None:
    """Answers are kept for a day; this request's own key first, then some of the others."""
    before = clock.now() - timedelta(hours=rules.KEPT_HOURS)
    KeptAnswer.objects.filter(token=token, created_at__lt=before).delete()
    others = KeptAnswer.objects.filter(created_at__lt=before).values("pk")[:CLEARED_AT_ONCE]
    KeptAnswer.objects.filter(pk__in=list(others.values_list("pk", flat=True))).delete()


def fingerprint_of(request: HttpRequest) -> str:
    """The same request again: method, address and content, whatever boundary a form was given."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            told.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                told.update(repr((name, file.name)).encode())
                for chunk in file.chunks():
                    told.update(chunk)
                file.seek(0)
    else:
        told.update(request.body)
    return told.hexdigest()
