"""How does the background worker run, and how does anybody see that it is alive?

    python -m lingyan.platform.jobs.worker

It is the queue's own worker with a thread beside it that touches a file every few seconds, one
that gets ready once what the first large job would wait for, and one for what days bring along.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from lingyan.common import clock
from lingyan.common.stack_room import with_room

log = logging.getLogger(__name__)

BEAT_SECONDS = 5
INTERVAL_SECONDS = 0.5
ROUTINE_SECONDS = 600
DONE_ON: dict[Callable[[], object], date] = {}  # by this worker; a second one does no harm


def heartbeat_file() -> Path:
    from django.conf import settings

    return Path(settings.DATA_FOLDER) / "worker.alive"


def seconds_since_beat() -> float | None:
    """How long ago the worker was last alive; nothing when there has never been one."""
    try:
        return max(time.time() - heartbeat_file().stat().st_mtime, 0.0)
    except FileNotFoundError:
        return None


def beat(stop: threading.Event) -> None:
    path = heartbeat_file()
    while True:
        path.touch()
        if stop.wait(BEAT_SECONDS):
            return


def warm_up() -> None:
    """Get ready what takes long the first time; a job does without if it cannot be had."""
    from lingyan.platform.jobs import registry

    for task in registry.WARM_UPS:
        try:
            task()
        except Exception:
            log.exception("a warm-up has failed; large jobs start more slowly")


def run_routines() -> None:
    """What comes of itself when a day begins; one that fails is tried again later."""
    from django.db import close_old_connections

    from lingyan.platform.jobs import registry
    from lingyan.platform.wall import reach

    today = clock.today()
    waiting = [one for one in registry.DAILY if DONE_ON.get(one) != today]
    for task in [*registry.ROUTINES, *waiting]:
        close_old_connections()
        try:
            with reach.everything():
                task()
            DONE_ON[task] = today
        except Exception:
            log.exception("a routine has failed; it is tried again later")
    close_old_connections()


def keep_routines(stop: threading.Event) -> None:
    while True:
        run_routines()
        if stop.wait(ROUTINE_SECONDS):
            return


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    stop = threading.Event()
    threading.Thread(target=beat, args=(stop,), daemon=True, name="heartbeat").start()
    threading.Thread(target=warm_up, daemon=True, name="warm-up").start()
    threading.Thread(target=keep_routines, args=(stop,), daemon=True, name="routines").start()
    try:
        with_room(call_command, "db_worker", interval=INTERVAL_SECONDS, verbosity=0)
    finally:
        stop.set()


if __name__ == "__main__":
    main()
