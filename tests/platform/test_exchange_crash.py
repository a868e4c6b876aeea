"""Whatever happens in the middle of an import, nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions, alive
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.registry import KINDS, RowOutcome, Written
from lingyan.platform.jobs.models import Job
from tests.platform.sheets import sent, workbook
from tests.world import World

MANY = workbook(
    ("单位", "单位类别"),
    [("县财政局", "事业单位"), *((f"县第{number}单位", "机关") for number in range(2400))],
)


class Killed(BaseException):
    """Ends the process as far as our code can tell."""


@pytest.fixture
def many(world: World) -> Import:
    return sent("units", MANY, world.admin)


def breaking(monkeypatch: pytest.MonkeyPatch, how: BaseException) -> None:
    """Let the third chunk end in the given way."""
    kind, calls = KINDS["units"], []

    def apply(chunk: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
        calls.append(chunk)
        if len(calls) == 3:
            raise how
        return kind.apply(chunk, actor=actor, option=option)

    monkeypatch.setitem(KINDS, "units", replace(kind, apply=apply))


def test_an_error_in_the_third_chunk_takes_the_first_two_back(
    world: World, many: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, RuntimeError("disk full"))

    with pytest.raises(RuntimeError):
        actions.apply_import(many, actor=world.admin)

    many.refresh_from_db()
    assert many.state == "failed"
    assert "已全部退回" in many.message
    assert not ImportedRow.objects.exists()
    assert sorted(Unit.objects.values_list("name", "category")) == [
        ("县第一小学", "institution"),
        ("县财政局", "county_dept"),
    ]
    assert verify_chain().text is None


def test_a_death_in_the_third_chunk_is_taken_back_at_the_next_start(
    world: World, many: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, Killed())
    with pytest.raises(Killed):
        actions.apply_import(many, actor=world.admin)
    assert Unit.objects.count() == 1001

    assert actions.recover_interrupted_imports() == 1

    many.refresh_from_db()
    assert (many.state, Unit.objects.count()) == ("failed", 2)
    assert Unit.objects.get(name="县财政局").category == "county_dept"
    assert actions.recover_interrupted_imports() == 0


def test_after_a_death_the_file_can_be_checked_and_applied_again(
    world: World, many: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, Killed())
    with pytest.raises(Killed):
        actions.apply_import(many, actor=world.admin)
    actions.recover_interrupted_imports()
    monkeypatch.undo()

    run = actions.apply_import(actions.check_import(many, actor=world.admin), actor=world.admin)

    assert (run.state, Unit.objects.count()) == ("applied", 2402)


def test_an_import_that_somebody_is_writing_is_left_alone(world: World, many: Import) -> None:
    Import.objects.filter(pk=many.pk).update(state="applying")

    with alive.at_work(many.pk):
        assert actions.recover_interrupted_imports() == 0
    assert actions.recover_interrupted_imports() == 1


def test_an_import_that_waits_in_the_queue_is_left_alone(world: World, many: Import) -> None:
    from lingyan.common import clock

    job = Job.objects.create(title="导入", created_at=clock.now())
    Import.objects.filter(pk=many.pk).update(state="applying", job_id=job.pk)

    assert actions.recover_interrupted_imports() == 0


def test_an_undo_that_was_cut_off_is_finished_at_the_next_start(
    world: World, many: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingyan.platform.exchange import taking_back

    run = actions.apply_import(many, actor=world.admin)
    calls: list[Any] = []
    take_back = taking_back.take_back

    def cut_off(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        take_back(*args, **kwargs)

    monkeypatch.setattr(taking_back, "take_back", cut_off)
    with pytest.raises(Killed):
        actions.undo_import(run, actor=world.admin)
    run.refresh_from_db()
    assert run.state == "undoing"
    monkeypatch.undo()

    actions.recover_interrupted_imports()

    run.refresh_from_db()
    assert (run.state, Unit.objects.count()) == ("undone", 2)


def test_a_record_that_somebody_changes_in_the_middle_stops_the_import(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingyan.directory.actions.units import change_unit

    rows = [*((f"县第{number}单位", "机关") for number in range(2400)), ("县财政局", "事业单位")]
    run = sent("units", workbook(("单位", "单位类别"), rows), world.admin)
    kind, calls = KINDS["units"], []

    def apply(chunk: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
        calls.append(chunk)
        if len(calls) == 2:
            change_unit(world.finance, actor=world.admin, values={"sector": "财政"})
        return kind.apply(chunk, actor=actor, option=option)

    monkeypatch.setitem(KINDS, "units", replace(kind, apply=apply))

    with pytest.raises(Refused, match="有人改动了县财政局"):
        actions.apply_import(run, actor=world.admin)

    assert Unit.objects.count() == 2
    assert Unit.objects.get(name="县财政局").sector == "财政"


SCRIPT = """
import os, sys, time
import django
django.setup()
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.registry import KINDS
from tests.platform.test_exchange_crash import MANY

actor = Actor.system("试验")
Place.objects.create(path="0001", level="county", name="山阳县", short_name="山阳县", code="1" * 12)
run = actions.upload_file(KINDS["units"], MANY, filename="a.xlsx", option="", actor=actor)
run = actions.check_import(run, actor=actor)

def report(percent, text):
    print(percent, flush=True)
    if percent > 40:
        time.sleep(30)

actions.apply_import(run, actor=actor, report=report)
"""
AFTERWARDS = """
import django
django.setup()
from lingyan.directory.models import Unit
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import Import
before = Unit.objects.count()
count = actions.recover_interrupted_imports()
print(before, count, Unit.objects.count(), Import.objects.get().state, verify_chain().text)
"""


@pytest.mark.slow
def test_kill_9_in_the_middle_leaves_nothing_after_the_next_start(tmp_path: Path) -> None:
    """A real process, really killed, on a real file."""
    environment = {
        **os.environ,
        "LINGYAN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "lingyan.config.settings",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd() / "src"), str(Path.cwd())]),
    }
    environment.pop("LINGYAN_DATABASE_URL", None)
    run = [sys.executable, "-m", "django", "migrate", "-v", "0"]
    subprocess.run(run, env=environment, check=True)

    worker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    _wait_for_the_middle(worker)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(AFTERWARDS)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    before, count, after, state, broken = done.stdout.split()
    assert 0 < int(before) < 2401
    assert (count, after, state, broken) == ("1", "0", "failed", "None")


def _wait_for_the_middle(worker: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    assert worker.stdout is not None
    while time.monotonic() < until:
        line = worker.stdout.readline()
        if line.strip() and int(line) > 40:
            return
    raise AssertionError("the import did not come to its middle")
