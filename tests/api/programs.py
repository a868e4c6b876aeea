"""A program with a token, as tests use one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from lingyan.api.actions import create_token
from lingyan.common import clock
from lingyan.directory.queries import list_assignments
from lingyan.platform.accounts.actor import Actor

ROOT = "/api/v1"


@dataclass(slots=True)
class Program:
    """Sends JSON with its token and keeps no cookies."""

    secret: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        client = Client(raise_request_exception=False)
        content = {} if body is None else {
            "data": json.dumps(body), "content_type": "application/json",
        }  # fmt: skip
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            told.setdefault("Authorization", f"Bearer {self.secret}")
        return client.generic(method, f"{ROOT}{path}", **content, headers=told)  # type: ignore[no-any-return, arg-type]

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)


def program(actor: Actor, *, access: str = "write", **given: Any) -> Program:
    """A token of this actor's role, for thirty days."""
    assert actor.user_id is not None
    role = next(one for one in list_assignments(actor.user_id) if one.role == actor.role)
    until = given.pop("until", clock.today() + timedelta(days=30))
    _, secret = create_token(
        role, name="试验程序", access=access, until=until, actor=actor, **given
    )
    return Program(secret)


def data(answer: HttpResponse) -> Any:
    return json.loads(answer.content)
