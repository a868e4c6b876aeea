"""Do the addresses for operators say whether the product lives and works, and nothing more?"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lingyan.common import clock
from lingyan.config import health
from lingyan.platform.jobs import worker

CHECKS = {"database", "migrations", "worker", "disk"}


@pytest.fixture
def beating() -> Iterator[None]:
    """The worker has just touched its file."""
    worker.heartbeat_file().touch()
    yield
    worker.heartbeat_file().unlink(missing_ok=True)


def ready() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_alive_needs_neither_sign_in_nor_database() -> None:
    answer = Client().get("/healthz")

    assert answer.content == b"ok"
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_when_every_part_is(db: None, beating: None) -> None:
    assert ready() == (200, {"ready": True, "checks": dict.fromkeys(CHECKS, True)})


def test_nothing_else_is_said(db: None, beating: None) -> None:
    """No version, path, host, user or reason: the address is open to everybody."""
    status, said = ready()

    assert status == 200
    assert set(said) == {"ready", "checks"}
    assert set(said["checks"]) == CHECKS
    assert all(isinstance(one, bool) for one in said["checks"].values())


def broken(*given: Any, **named: Any) -> bool:
    raise DatabaseError("password=秘密")


def test_a_database_that_does_not_answer(
    db: None, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "database", broken)

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] is False
    assert "秘密" not in answer.content.decode()
    assert Client().get("/healthz").status_code == 200


def test_tables_of_an_older_version(
    db: None, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, nodes: ["0002"])

    status, said = ready()

    assert (status, said["checks"]["migrations"]) == (503, False)


def test_a_worker_that_never_lived_or_has_died(db: None) -> None:
    worker.heartbeat_file().unlink(missing_ok=True)
    assert ready()[1]["checks"]["worker"] is False

    worker.heartbeat_file().touch()
    old = worker.heartbeat_file().stat().st_mtime - 31
    os.utime(worker.heartbeat_file(), (old, old))

    assert ready()[1]["checks"]["worker"] is False
    worker.heartbeat_file().unlink()


def test_work_that_waits_too_long(db: None, beating: None) -> None:
    """The worker's file is touched, but nothing is taken from the queue."""
    waiting = DBTaskResult.objects.create(
        status=TaskResultStatus.READY, args_kwargs={"args": [], "kwargs": {}}, task_path="x",
        backend_name="default", queue_name="default", priority=0,
    )  # fmt: skip
    assert ready()[1]["checks"]["worker"] is True

    DBTaskResult.objects.filter(pk=waiting.pk).update(
        enqueued_at=clock.real_now() - timedelta(minutes=11)
    )
    assert ready()[1]["checks"]["worker"] is False


def test_a_full_disk(db: None, beating: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))

    assert ready()[1]["checks"] == {**dict.fromkeys(CHECKS, True), "disk": False}


def test_the_heart_beats_until_the_worker_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.01)
    worker.heartbeat_file().unlink(missing_ok=True)
    assert worker.seconds_since_beat() is None
    stop = threading.Event()
    thread = threading.Thread(target=worker.beat, args=(stop,))
    thread.start()
    while worker.seconds_since_beat() is None:
        pass
    first = worker.heartbeat_file().stat().st_mtime_ns
    while worker.heartbeat_file().stat().st_mtime_ns == first:
        pass
    stop.set()
    thread.join(5)

    assert not thread.is_alive()
    worker.heartbeat_file().unlink()
