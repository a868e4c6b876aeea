"""How does a deep call find room on the interpreter's stack, once instead of a thousand times?

CPython keeps the frames of calls in chunks of 16 KiB and hands a chunk back as soon as its first
frame returns. A page calls some hundred deep, so that call after call crosses the edge of a chunk
and asks the system for memory: a third of the time of a page (docs/decisions/stack-room.md).
A frame that is larger than a chunk gets a larger one, and what it calls lives in the rest of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Answer = TypeVar("Answer")

SLOTS = 70_000  # of eight bytes: more than half of a MiB, so the chunk is a MiB and the rest free


def with_room(function: Callable[P, Answer], /, *args: P.args, **kwargs: P.kwargs) -> Answer:
    return function(*args, **kwargs)


with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS)
