"""What is published under /api/v1/, and how is what goes wrong answered?"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from lingyan.api import rules
from lingyan.api.gate import OPERATED
from lingyan.api.operations import (
    checks,
    choices,
    duty,
    exchange,
    figures,
    geography,
    history,
    monthly,
    need_lists,
    notices,
    objections,
    own,
    pairing,
    pool,
    posting,
    register,
    relatives,
)
from lingyan.api.problems import MEDIA_TYPE, Problem, ProblemOut, ReasonOut, not_found
from lingyan.common.refusals import Refusal, Refused
from lingyan.platform import clashes

log = logging.getLogger(__name__)

PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)

TITLES = {
    400: rules.INVALID,
    401: rules.BAD_TOKEN,
    403: rules.WRONG_ROLE,
    404: rules.NOT_FOUND,
    413: rules.TOO_LARGE,
}


class PublishedAPI(NinjaAPI):
    """Errors are problem details, and the document says so."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(*args, **kwargs)
        schema = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"].update(schema.pop("$defs"), ProblemOut=schema)
        told = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
        for path in document["paths"].values():
            for found in path.values():
                for status in PROBLEMS:
                    found["responses"][status.value] = {
                        "description": status.phrase,
                        "content": {MEDIA_TYPE: told},
                    }
        return document


api = PublishedAPI(
    title="领雁",
    version="1",
    description="与页面相同的范围、办理和拒绝原因。请求头写 Authorization: Bearer 令牌。",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)
PUBLISHED = (
    own, register, relatives, geography, checks, need_lists, pool, posting, duty, pairing, choices,
    objections, notices, exchange, figures, monthly, history,
)  # fmt: skip
for published in PUBLISHED:
    api.add_router("", published.router)


@api.exception_handler(Problem)
def answer_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Refused)
def answer_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return Problem(HTTPStatus.CONFLICT, refused.refusals).response()


@api.exception_handler(Http404)
def answer_not_found(request: HttpRequest, _: Http404) -> HttpResponse:
    return not_found().response()


@api.exception_handler(ValidationError)
def answer_invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    """Which part of the request does not conform; what was sent is not repeated."""
    reasons = [
        ReasonOut(
            code=rules.INVALID.code,
            text=rules.text_of_error(str(error.get("type", "")), error.get("ctx") or {}),
            field=".".join(str(part) for part in error.get("loc", ())[1:]),
        )
        for error in invalid.errors
    ]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, reasons).response()


@api.exception_handler(AuthenticationError)
@api.exception_handler(HttpError)
def answer_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(error.status_code, [TITLES.get(error.status_code, rules.INVALID)]).response()


@api.exception_handler(PermissionDenied)
def answer_denied(request: HttpRequest, _: PermissionDenied) -> HttpResponse:
    return Problem(HTTPStatus.FORBIDDEN, [rules.WRONG_ROLE]).response()


@api.exception_handler(SuspiciousOperation)
def answer_suspicious(request: HttpRequest, _: SuspiciousOperation) -> HttpResponse:
    return Problem(HTTPStatus.BAD_REQUEST, [rules.INVALID]).response()


@api.exception_handler(IntegrityError)
def answer_conflict(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Two requests wanted the same at once; the table's own constraint refused the second."""
    return Problem(HTTPStatus.CONFLICT, [clashes.refusal_of(error) or rules.CONFLICT]).response()


@api.exception_handler(Exception)
def answer_unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    # The route, not the path: that names a record, and logs hold no personal data.
    found = request.resolver_match
    log.error("%s /%s failed", request.method, found.route if found else "", exc_info=error)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, [rules.UNEXPECTED]).response()


def urls() -> list[Any]:
    """The addresses of the operations, each marked as opened by a token."""
    patterns, _, _ = api.urls
    for one in patterns:
        one.callback.roles = (OPERATED,)  # type: ignore[union-attr]  # a view, as all of ninja's
    return list(patterns)


def problem_of(status: int) -> HttpResponse:
    """For what never reached an operation: an unknown address, a zero byte."""
    refusal: Refusal = TITLES.get(status, rules.INVALID)
    return Problem(status, [refusal]).response()
