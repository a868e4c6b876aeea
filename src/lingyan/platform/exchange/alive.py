"""Is somebody still at work on an import, or did the process die?

The worker holds a lock on a small file; the operating system frees it when the process ends,
however it ends. So whoever gets the lock knows that nobody is at work.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings


@contextlib.contextmanager
def at_work(import_id: UUID) -> Iterator[bool]:
    """Hold the lock inside the block; False when another process (or thread) holds it."""
    path = _lock_path(import_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def forget(import_id: UUID) -> None:
    _lock_path(import_id).unlink(missing_ok=True)


def _lock_path(import_id: UUID) -> Path:
    return Path(settings.DATA_FOLDER) / "locks" / f"import-{import_id}"
