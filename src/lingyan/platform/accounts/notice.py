"""Which notice on personal data must a person read before anything else, and has he?"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from lingyan.common import clock
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.traces import trace

BUILT_IN = Path(__file__).with_name("notice.txt")


def text() -> str:
    """The county's own wording where the settings name a file, else the one that comes with it."""
    path = Path(settings.NOTICE_FILE) if settings.NOTICE_FILE else BUILT_IN
    return _text_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _text_of(path: Path, changed_at: int) -> str:
    return path.read_text(encoding="utf-8").strip()


def version() -> str:
    """Follows from the wording: whoever has read another one is asked again."""
    return sha256(text().encode()).hexdigest()[:12]


def must_read(user: User) -> bool:
    """Not in the demo, whose people do not exist."""
    if not settings.NOTICE_REQUIRED or user.is_demo:
        return False
    return user.notice_version != version()


@transaction.atomic
def keep_as_read(user: User, shown: str) -> bool:
    """Write down who has read which wording and when; False where it has changed meanwhile."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if shown != version():
        return False
    before, user.notice_version = user.notice_version, shown
    user.notice_read_at = clock.real_now()
    user.save(update_fields=["notice_version", "notice_read_at"])
    changes = {"notice_version": [before or None, shown]}
    trace("accounts.notice.read", user, user=user, changes=changes)
    return True
