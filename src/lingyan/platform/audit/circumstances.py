"""From where and in which request does an act come? Set by the middleware, read by the seal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is kept of a request beside who acts; nothing for commands and background jobs."""

    request_id: str = ""
    client_address: str = ""


NOWHERE = Circumstances()
_CURRENT: ContextVar[Circumstances] = ContextVar("circumstances", default=NOWHERE)


def current() -> Circumstances:
    return _CURRENT.get()


@contextmanager
def within(circumstances: Circumstances) -> Iterator[None]:
    token = _CURRENT.set(circumstances)
    try:
        yield
    finally:
        _CURRENT.reset(token)
