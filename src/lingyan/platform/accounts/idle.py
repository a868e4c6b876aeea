"""Which accounts has nobody used for so long that they should close?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from lingyan.common import clock
from lingyan.platform.accounts.models import User

NOTED_EVERY = timedelta(hours=1)
CLOSE: list[Callable[[User], bool]] = []
"""One function that closes an idle account and says whether it did; `config.wiring` gives it."""


def used_since() -> datetime | None:
    """The moment since when an account must have been used; None where accounts stay open."""
    if not settings.IDLE_DAYS:
        return None
    return clock.real_now() - timedelta(days=settings.IDLE_DAYS)


def idle_q() -> Q:
    """Open accounts, neither used nor opened for so many days; none of the demo's."""
    limit = used_since()
    if limit is None:
        return Q(pk__in=())
    unused = Q(last_login__isnull=True) | Q(last_login__lt=limit)
    unused &= Q(program_used_at__isnull=True) | Q(program_used_at__lt=limit)
    return unused & Q(opened_at__lt=limit, is_active=True, is_demo=False)


def is_idle(user: User) -> bool:
    return User.objects.filter(idle_q(), pk=user.pk).exists()


def note_program(user_id: int) -> None:
    """A program works under the account; kept by the hour, so that reading is seldom writing."""
    now = clock.real_now()
    recently = Q(program_used_at__gte=now - NOTED_EVERY)
    User.objects.filter(~recently | Q(program_used_at__isnull=True), pk=user_id).update(
        program_used_at=now
    )
