"""What time is it, for everyone in the house?

All code asks here. Tests and the demo set the clock with `at`; no setting can, so a running
server always tells the truth. A test in a browser, whose server answers in other threads of the
same process, uses `everywhere`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_set_moment: ContextVar[datetime | None] = ContextVar("lingyan_clock", default=None)

# The moments of `everywhere`, the innermost last: unlike the variable above, all threads see it.
_for_all_threads: list[datetime] = []


def now() -> datetime:
    """The moment of the act, aware, in Beijing time."""
    return _set_moment.get() or next(reversed(_for_all_threads), None) or real_now()


def today() -> date:
    """The day of the act in Beijing."""
    return now().date()


def real_now() -> datetime:
    """The moment of writing: never set by anybody."""
    return datetime.now(tz=BEIJING)


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Let everything inside happen at `moment` (a date means nine in the morning)."""
    token = _set_moment.set(_aware(moment))
    try:
        yield
    finally:
        _set_moment.reset(token)


@contextmanager
def everywhere(moment: datetime | date) -> Iterator[None]:
    """The same for every thread of this process: for tests only, whose server has its own."""
    _for_all_threads.append(_aware(moment))
    try:
        yield
    finally:
        _for_all_threads.pop()


def _aware(moment: datetime | date) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 9, tzinfo=BEIJING)
    assert moment.tzinfo is not None, "the clock needs an aware moment"
    return moment
