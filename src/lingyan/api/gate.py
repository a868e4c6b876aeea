"""Which roles may call an operation? Each says so here, and the access table reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.decorators import decorate_view
from ninja.security import HttpBearer

from lingyan.api import actions, queries, rate, rules
from lingyan.api.answers import answer_once
from lingyan.api.problems import Problem
from lingyan.api.queries import Caller
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ANY_ROLE
from lingyan.platform.audit.texts import TEXTS
from lingyan.platform.wall import reach

Run = Callable[..., HttpResponseBase]
Function = TypeVar("Function", bound=Callable[..., Any])

OPERATED = "operated"
"""What an address of the API states as its roles: each operation behind it states its own."""

SAFE = ("GET", "HEAD")

TEXTS.update(rules.AUDIT_TEXTS)


class CalledRequest(HttpRequest):
    """A request of a program after the gate."""

    actor: Actor
    caller: Caller


@dataclass(frozen=True, slots=True)
class Declared:
    """One operation as its own declaration describes it."""

    method: str
    path: str
    name: str
    summary: str
    roles: tuple[str, ...]
    function: Callable[..., Any]

    @property
    def writes(self) -> bool:
        return self.method not in SAFE

    def open_to(self, role: str) -> bool:
        return ANY_ROLE in self.roles or role in self.roles


OPERATIONS: list[Declared] = []


class Token(HttpBearer):
    """For the document; the gate below has let the request in already."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - its interface
        return getattr(request, "caller", None)


def roles_of(view: Any) -> tuple[str, ...]:
    """The roles of a page, so that page and operation cannot drift apart."""
    return tuple(map(str, view.roles))


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    roles: Iterable[str],
    summary: str,
    answer: Any,
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> Callable[[Function], Function]:
    """Publish a function as an operation that the given roles may call with a token."""

    def publish(function: Function) -> Function:
        declared = Declared(
            method, path, function.__name__, summary, tuple(map(str, roles)), function
        )
        OPERATIONS.append(declared)
        router.api_operation(
            [method],
            path,
            auth=Token(),
            operation_id=function.__name__,
            summary=summary,
            description=f"可用的身份：{_labels(declared.roles)}",
            response={status: answer},
            openapi_extra=extra,
        )(decorate_view(partial(_guarded, declared=declared))(function))
        return function

    return publish


def _labels(roles: Iterable[str]) -> str:
    labels = dict(Role.choices())
    return "、".join("任何身份" if role == ANY_ROLE else labels[role] for role in roles)


def _guarded(run: Run, *, declared: Declared) -> Run:
    @wraps(run)
    def guarded(request: CalledRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            with reach.everything():
                _let_in(request, declared)
            act = partial(run, request, **kwargs)
            with reach.within(request.actor):
                if declared.method == "POST":
                    return answer_once(request, request.caller.token, act)
                return act()
        except Problem as problem:
            return problem.response()

    return guarded


def _let_in(request: CalledRequest, declared: Declared) -> None:
    """Token, rate, role, right to write: in this order, before anything is read."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise Problem(HTTPStatus.UNAUTHORIZED, [rules.NO_TOKEN], WWW_Authenticate="Bearer")
    caller = queries.find_caller(secret.strip())
    if caller is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, [rules.BAD_TOKEN], WWW_Authenticate="Bearer")
    if seconds := rate.seconds_to_wait(caller.token.pk):
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, [rules.TOO_MANY], Retry_After=str(seconds))
    if not declared.open_to(caller.actor.role):
        raise Problem(HTTPStatus.FORBIDDEN, [rules.WRONG_ROLE])
    if declared.writes and not caller.may_write:
        raise Problem(HTTPStatus.FORBIDDEN, [rules.READ_ONLY])
    actions.note_use(caller.token)
    request.caller, request.actor = caller, caller.actor
