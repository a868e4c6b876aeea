"""How is a program told what is wrong? Problem details (RFC 9457) with codes and Chinese text."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from django import forms
from django.http import HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

from lingyan.api import rules
from lingyan.common.refusals import Refusal

MEDIA_TYPE = "application/problem+json"


class ReasonOut(Schema):
    code: str = Field(description="稳定的代码，供程序判断")
    text: str = Field(description="给人看的原因")
    field: str = Field(default="", description="与哪一项有关")


class ProblemOut(Schema):
    """错误：全部原因，每条有代码和说明"""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    reasons: list[ReasonOut]


class Problem(Exception):  # noqa: N818 - it is the answer itself
    """An answer of 4xx, raised where it is found."""

    def __init__(self, status: int, reasons: Iterable[ReasonOut | Refusal], **headers: str) -> None:
        self.status = status
        self.reasons = [_reason(one) for one in reasons]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(status)

    def response(self) -> HttpResponse:
        first = self.reasons[0]
        problem = ProblemOut(
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            code=first.code,
            detail="；".join(one.text for one in self.reasons),
            reasons=self.reasons,
        )
        return JsonResponse(
            problem.model_dump(),
            status=self.status,
            headers=self.headers,
            content_type=MEDIA_TYPE,
            json_dumps_params={"ensure_ascii": False},
        )


def _reason(one: ReasonOut | Refusal) -> ReasonOut:
    return ReasonOut(code=one.code, text=one.text) if isinstance(one, Refusal) else one


def of_form(form: forms.Form) -> Problem:
    """The same sentences that the page shows beside its fields."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [
            ReasonOut(
                code=rules.INVALID.code,
                text=str(text),
                field="" if name == "__all__" else name,
            )
            for name, texts in form.errors.items()
            for text in texts
        ],
    )


def not_found() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, [rules.NOT_FOUND])
