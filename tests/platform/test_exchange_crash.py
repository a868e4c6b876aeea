"""Whatever happens in the middle of an import, nothing of it stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions, alive, rules
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.registry import KINDS, Incoming, RowOutcome, Written
from lingyan.platform.jobs.models import Job
from tests import ready_made
from tests.platform.sheets import sent, workbook
from tests.world import World, build_world

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


def test_an_error_in_the_third_chunk_leaves_nothing_of_the_first_two(
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


def test_a_death_in_the_third_chunk_is_told_at_the_next_start(
    world: World, many: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, Killed())
    with pytest.raises(Killed):
        actions.apply_import(many, actor=world.admin)
    assert Unit.objects.count() == 2

    assert actions.recover_interrupted_imports() == 1

    many.refresh_from_db()
    assert (many.state, Unit.objects.count()) == ("failed", 2)
    assert "导入中断" in many.message
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


@pytest.mark.parametrize(
    ("how", "message"),
    [(Killed(), "撤销中断"), (RuntimeError("disk full"), "撤销出错")],
    ids=["killed", "error"],
)
def test_an_undo_that_breaks_off_leaves_the_whole_import(
    world: World,
    many: Import,
    monkeypatch: pytest.MonkeyPatch,
    how: BaseException,
    message: str,
) -> None:
    from lingyan.platform.exchange import taking_back

    run = actions.apply_import(many, actor=world.admin)
    calls: list[Any] = []
    take_back = taking_back.take_back

    def cut_off(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise how
        take_back(*args, **kwargs)

    monkeypatch.setattr(taking_back, "take_back", cut_off)
    with pytest.raises(type(how)):
        actions.undo_import(run, actor=world.admin)
    monkeypatch.undo()
    actions.recover_interrupted_imports()

    run.refresh_from_db()
    assert (run.state, Unit.objects.count()) == ("applied", 2402)
    assert message in run.message
    assert actions.undo_import(run, actor=world.admin).state == "undone"
    assert Unit.objects.count() == 2
    assert verify_chain().text is None


# --- files of several parts ---------------------------------------------------------------------


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "WHOLE_ROWS", 1_000)
    monkeypatch.setattr(rules, "PART_ROWS", 1_000)


def test_a_large_file_goes_in_and_out_in_parts(
    world: World, many: Import, small_parts: None
) -> None:
    page = world.client(world.admin).get(f"/exchange/imports/{many.pk}/").text

    run = actions.apply_import(many, actor=world.admin)
    assert (run.state, Unit.objects.count()) == ("applied", 2402)
    assert ImportedRow.objects.count() == 2401
    run = actions.undo_import(run, actor=world.admin)

    assert "分批写入" in page
    assert (run.state, Unit.objects.count()) == ("undone", 2)
    assert Unit.objects.get(name="县财政局").category == "county_dept"
    assert not ImportedRow.objects.exists()
    assert verify_chain().text is None


@pytest.mark.parametrize("how", [RuntimeError("disk full"), Killed()], ids=["error", "killed"])
def test_what_breaks_off_in_the_third_part_takes_the_first_two_back(
    world: World,
    many: Import,
    small_parts: None,
    monkeypatch: pytest.MonkeyPatch,
    how: BaseException,
) -> None:
    breaking(monkeypatch, how)
    with pytest.raises(type(how)):
        actions.apply_import(many, actor=world.admin)
    killed = isinstance(how, Killed)
    assert Unit.objects.count() == (2001 if killed else 2)

    assert actions.recover_interrupted_imports() == int(killed)

    many.refresh_from_db()
    assert (many.state, Unit.objects.count()) == ("failed", 2)
    assert Unit.objects.get(name="县财政局").category == "county_dept"
    assert "已全部退回" in many.message
    assert not ImportedRow.objects.exists()
    assert verify_chain().text is None


def test_a_part_on_which_somebody_has_worked_stands_and_the_file_brings_the_rest(
    world: World, many: Import, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingyan.directory.actions.units import change_unit

    breaking(monkeypatch, Killed())
    with pytest.raises(Killed):
        actions.apply_import(many, actor=world.admin)
    monkeypatch.undo()
    worked_on = Unit.objects.get(name="县第5单位")
    change_unit(worked_on, actor=world.admin, values={"sector": "财政"})
    actions.recover_interrupted_imports()

    many.refresh_from_db()
    assert many.state == "applied"
    assert "县第5单位" in many.message
    assert ImportedRow.objects.filter(of=many).count() == Unit.objects.count() - 1
    rest = actions.apply_import(sent("units", MANY, world.admin), actor=world.admin)
    assert (rest.state, Unit.objects.count()) == ("applied", 2402)
    assert Unit.objects.get(name="县第5单位").sector == "财政"


def test_an_undo_that_breaks_off_between_parts_goes_on_at_the_second_press(
    world: World, many: Import, small_parts: None, monkeypatch: pytest.MonkeyPatch
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
    monkeypatch.setattr(taking_back, "take_back", take_back)
    actions.recover_interrupted_imports()

    run.refresh_from_db()
    assert run.state == "applied"
    assert "请再撤销一次" in run.message
    assert 2 < Unit.objects.count() < 2402
    assert actions.undo_import(run, actor=world.admin).state == "undone"
    assert Unit.objects.count() == 2
    assert verify_chain().text is None


def test_more_rows_than_one_file_may_hold_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ROWS_MAX", 3)
    rows = [(f"县第{number}单位", "机关") for number in range(4)]
    run = sent("units", workbook(("单位", "单位类别"), rows), world.admin)

    with pytest.raises(Refused, match="要新增或变更 4 行，一次最多 3 行；请按行分成 2 个文件"):
        actions.apply_import(run, actor=world.admin)
    page = world.client(world.admin).get(f"/exchange/imports/{run.pk}/").text
    assert "请按行分成 2 个文件" in page
    assert "确认导入 4 行" not in page
    fewer = sent("units", workbook(("单位", "单位类别"), rows[:3]), world.admin)
    actions.apply_import(fewer, actor=world.admin)

    run = actions.check_import(run, actor=world.admin)
    assert (run.new_count, run.same_count) == (1, 3)
    assert actions.apply_import(run, actor=world.admin).state == "applied"


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_a_part_of_an_import_or_of_its_undo() -> None:
    """Another connection looks after every chunk."""
    world = build_world()
    run = sent("units", MANY, world.admin)
    seen: list[tuple[int, str, str]] = []

    def look(percent: int, message: str) -> None:
        if "写入" in message or "已撤销 " in message:
            with ThreadPoolExecutor(1) as pool:
                seen.append(pool.submit(_seen_by_another).result())

    run = actions.apply_import(run, actor=world.admin, report=look)
    assert seen == [(2, "county_dept", "applying")] * 3
    seen.clear()
    actions.undo_import(run, actor=world.admin, report=look)
    assert seen == [(2402, "institution", "undoing")] * 3
    assert Unit.objects.count() == 2


def _seen_by_another() -> tuple[int, str, str]:
    try:
        finance = Unit.objects.get(name="县财政局")
        return Unit.objects.count(), finance.category, Import.objects.get().state
    finally:
        connection.close()


def test_a_record_that_somebody_changes_before_the_writing_stops_the_import(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingyan.directory.actions.units import change_unit

    run = sent("units", MANY, world.admin)
    kind = KINDS["units"]

    def match(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
        outcomes = kind.match(incoming, actor=actor)
        change_unit(world.finance, actor=world.admin, values={"sector": "财政"})
        return outcomes

    monkeypatch.setitem(KINDS, "units", replace(kind, match=match))

    with pytest.raises(Refused, match="有人改动了县财政局"):
        actions.apply_import(run, actor=world.admin)

    assert Unit.objects.count() == 2
    assert Unit.objects.get(name="县财政局").sector == "财政"


KILLING = """
import os, random, signal, sys, time
import django
django.setup()
from django.db import connection
from lingyan.directory.models import Place, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions, rules
from lingyan.platform.exchange.models import Import, ImportedRow
from lingyan.platform.exchange.registry import KINDS
from tests.platform.sheets import workbook

ROWS, KILLS = 150, int(sys.argv[1])
rules.WHOLE_ROWS = rules.PART_ROWS = int(sys.argv[2])
rules.CHUNK_ROWS = rules.PART_ROWS // 2
actor = Actor.system("试验")
Place.objects.create(path="0001", level="county", name="山阳县", short_name="山阳县", code="1" * 12)
random.seed(KILLS)

def bring_in(number):
    rows = [(f"第{number}批第{row}单位", "机关") for row in range(ROWS)]
    data = workbook(("单位", "单位类别"), rows)
    run = actions.upload_file(
        KINDS["units"], data, filename=f"{number}.xlsx", option="", actor=actor
    )
    run = actions.check_import(run, actor=actor)
    actions.apply_import(run, actor=actor)

bring_in(0)  # the first loads half the product
before = time.perf_counter()
bring_in(1)
whole = time.perf_counter() - before
acknowledged, killed = {0, 1}, 0
for number in range(2, KILLS + 2):
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        bring_in(number)
        os.write(writing, b"!")
        os._exit(0)
    os.close(writing)
    time.sleep(random.uniform(0.05, 1) * whole)
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    if os.read(reading, 1):
        acknowledged.add(number)
    os.close(reading)
    actions.recover_interrupted_imports(actor=actor)

counts = {}
for name in Unit.objects.values_list("name", flat=True):
    batch = int(name[1:name.index("批")])
    counts[batch] = counts.get(batch, 0) + 1
applied = {int(run.filename[:-5]) for run in Import.objects.filter(state="applied")}
under_way = Import.objects.filter(state__in=["applying", "undoing"]).count()
half = sum(count != ROWS for count in counts.values())
entries = AuditEntry.objects
traced = entries.filter(action="directory.unit.created").count()
traced -= entries.filter(action="exchange.row.removed").count()
print(
    killed, half, len(acknowledged - set(counts)), len(applied ^ set(counts)), under_way,
    traced - Unit.objects.count(), ImportedRow.objects.count() - Unit.objects.count(),
    verify_chain().text,
)
"""


@pytest.mark.parametrize(
    ("kills", "part_rows"),
    [
        (5, 10_000),
        pytest.param(100, 10_000, marks=pytest.mark.slow),
        pytest.param(100, 40, marks=pytest.mark.slow),
    ],
    ids=["few-whole", "whole", "parts"],
)
def test_kill_9_leaves_no_half_import_and_loses_no_acknowledged_one(
    tmp_path: Path, kills: int, part_rows: int
) -> None:
    """Real processes, really killed, each somewhere in an import."""
    ready_made.put_into(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", KILLING, str(kills), str(part_rows)],
        env=ready_made.surroundings(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    killed, *wrong = done.stdout.split()
    assert int(killed) >= kills / 2
    assert wrong == ["0", "0", "0", "0", "0", "0", "None"]
