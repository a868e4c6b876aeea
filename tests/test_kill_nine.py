"""After a real kill -9 in the middle of a computation or an issue: nothing half done.

The process pauses where it has already written a part, says so, and is killed there. How imports
survive the same is in `tests/platform/test_exchange_crash.py`.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from tests import ready_made

pytestmark = pytest.mark.slow

BEGIN = """
import time
import django
django.setup()
from django.db import connection
from lingyan.common import clock
from lingyan.platform.jobs.models import Job
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.actions import plans, postings
from lingyan.posting.models import Draft, Plan, PoolEntry, Posting, Round
from tests.posting.scene import STARTS, TODAY, Scene
from tests.world import build_world
from datetime import date

def pausing_at(table):
    def wrapper(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.startswith(f'INSERT INTO "{table}"'):
            print("in the middle", flush=True)
            time.sleep(60)
        return done
    return connection.execute_wrapper(wrapper)

def counts():
    return (Plan.objects.count(), Draft.objects.count(), Posting.objects.count(),
            PoolEntry.objects.exclude(state="in_pool").count(), AuditEntry.objects.count())

"""
PREPARE_COMPUTE = """
with clock.at(TODAY):
    scene = Scene(build_world())
    plans.request_plans(scene.asked(), actor=scene.world.officer)
print(counts())
"""
COMPUTE = """
from django.core.management import call_command
with pausing_at("posting_draft"):
    call_command("db_worker", batch=True, interval=0)
"""
AFTER_COMPUTE = """
round = Round.objects.get()
job = Job.objects.get()
print(counts())
print(round.state, job.state, job.message, verify_chain().text)
"""
COMPUTE_AGAIN = """
from django.core.management import call_command
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import actor_of
officer = actor_of(RoleAssignment.objects.get(user__username="officer"))
plans.request_plans(Round.objects.get(), actor=officer)
call_command("db_worker", batch=True, interval=0)
print(Round.objects.get().state, Plan.objects.count(), verify_chain().text)
"""
PREPARE_ISSUE = """
with clock.at(TODAY):
    Scene(build_world()).announced()
print(counts())
"""
ISSUE = """
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import actor_of
admin = actor_of(RoleAssignment.objects.get(user__username="admin"))
def issue():
    with clock.at(date(2026, 3, 10)):
        postings.issue_round(Round.objects.get(), document_number="山组发(2026)3号",
                             starts_on=STARTS, actor=admin)
"""
KILLED_ISSUE = """
with pausing_at("posting_posting"):
    issue()
"""
ISSUE_AGAIN = """
print(counts(), Round.objects.get().state, verify_chain().text)
issue()
print(Posting.objects.count(), Round.objects.get().state, verify_chain().text)
"""


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a product of its own, with an empty database."""
    ready_made.put_into(tmp_path)
    return ready_made.surroundings(tmp_path)


def script(*parts: str) -> list[str]:
    return [sys.executable, "-c", "".join(map(textwrap.dedent, (BEGIN, *parts)))]


def said(house: dict[str, str], *parts: str) -> list[str]:
    done = subprocess.run(
        script(*parts), env=house, stdout=subprocess.PIPE, text=True, check=True, timeout=120
    )
    return done.stdout.splitlines()


def killed_in_the_middle(house: dict[str, str], *parts: str) -> None:
    worker = subprocess.Popen(script(*parts), env=house, stdout=subprocess.PIPE, text=True)
    with worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            if "in the middle" in line:
                worker.send_signal(signal.SIGKILL)
                break
    assert worker.returncode == -signal.SIGKILL, "it did not come to its middle"


def started_and_ended(house: dict[str, str]) -> str:
    """The product as `lingyan serve` starts it, until it shows its address; then Ctrl-C."""
    program = Path(sys.executable).with_name("lingyan")
    where = ["--data", house["LINGYAN_DATA"], "--port", str(free_port())]
    command = [program, "serve", *where]
    server = subprocess.Popen(command, env=house, stdout=subprocess.PIPE, text=True)
    text = ""
    patience = threading.Timer(90, server.kill)
    patience.start()
    with server:
        assert server.stdout is not None
        for line in server.stdout:
            text += line
            if "http://127.0.0.1" in line:
                server.send_signal(signal.SIGINT)
    patience.cancel()
    assert server.returncode in (0, 128 + signal.SIGINT), text
    return text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_computation_that_is_killed_leaves_the_round_as_it_was(house: dict[str, str]) -> None:
    before: Any = said(house, PREPARE_COMPUTE)

    killed_in_the_middle(house, COMPUTE)
    assert "http://127.0.0.1" in started_and_ended(house)

    after, words = said(house, AFTER_COMPUTE)
    assert [after] == before
    assert words == "village_ranking failed 作业中断，没有留下任何改动。请重新发起。 None"
    assert said(house, COMPUTE_AGAIN)[-1] == "computed 3 None"


def test_an_issue_that_is_killed_posts_nobody(house: dict[str, str]) -> None:
    [before] = said(house, PREPARE_ISSUE)

    killed_in_the_middle(house, ISSUE, KILLED_ISSUE)

    untouched, done = said(house, ISSUE, ISSUE_AGAIN)
    assert untouched == f"{before} announced None"
    assert done == "5 issued None"
