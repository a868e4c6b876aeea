"""Is the server alive, and can it work? Two addresses for operators, without a secret in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lingyan.common import clock
from lingyan.platform.accounts.gate import public
from lingyan.platform.jobs.worker import BEAT_SECONDS, seconds_since_beat

BEATS_MISSED = 6
LONGEST_WAIT = timedelta(minutes=10)
LEAST_FREE_BYTES = 500_000_000


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else, so that a slow database restarts no server."""
    return _never_kept(HttpResponse("ok", content_type="text/plain"))


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part as true or false; 503 while one is false. `lingyan check` says what to do."""
    parts = {name: _holds(ask) for name, ask in CHECKS.items()}
    ready = all(parts.values())
    return _never_kept(
        JsonResponse({"ready": ready, "checks": parts}, status=200 if ready else 503)
    )


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _holds(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (DatabaseError, OSError):
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return True


def tables_are_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def worker_is_alive() -> bool:
    """The worker has touched its file, and nothing has waited for it too long."""
    age = seconds_since_beat()
    if age is None or age > BEAT_SECONDS * BEATS_MISSED:
        return False
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, enqueued_at__lt=clock.real_now() - LONGEST_WAIT
    )
    return not waiting.exists()


def disk_has_room() -> bool:
    return shutil.disk_usage(settings.DATA_FOLDER).free >= LEAST_FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": tables_are_current,
    "worker": worker_is_alive,
    "disk": disk_has_room,
}
