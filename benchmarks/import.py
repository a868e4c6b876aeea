"""How long do preview, commit and undo of a sheet of 10,000 people take, and how much memory?

    python benchmarks/import.py [--rows 10000] [--no-peer]

Ten columns filled, rules applied, an audit entry sealed for every record, on SQLite in a folder
that vanishes. Aims: preview 2.5 s, commit 3 s, undo 3 s, 200 MB, and no other writer waits over
2 s: beside each act a second process keeps writing and tells its longest wait. Beside the time on
the clock stands the processor time, of the whole act and of its longest transaction: on a machine
that has other work to do, only these compare.

The peer is django-import-export on the same ten columns, each measured in a process of its own. It
reads, compares, writes and keeps its own log of what it did; it applies no rules, seals nothing,
encrypts nothing and cannot take an import back.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

SURNAMES = "李王赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许"
STEMS = "甲乙丙丁戊己庚辛壬癸"
DIGITS = "一二三四五六七八九十"
AIMS = {"preview": 2.5, "commit": 3.0, "undo": 3.0}
MEGABYTES_AIM, WAIT_AIM = 200, 2.0
STREAMED_ROWS, STREAMED_MEGABYTES = 200_000, 150
Measures = dict[str, dict[str, float]]


def person(number: int, rank: str = "四级主任科员") -> dict[str, Any]:
    name = SURNAMES[number % 20] + STEMS[number // 20 % 10] + DIGITS[number // 200 % 10]
    return {
        "name": name,
        "number": f"N{number:06d}",
        "unit": f"县第{number % 100}单位",
        "gender": "male" if number % 2 else "female",
        "birth_on": date(1975 + number % 25, 1 + number % 12, 1 + number % 28),
        "political_status": "full_member",
        "party_joined_on": date(2012, 7, 1),
        "work_since": date(2005 + number % 10, 8, 1),
        "rank": rank,
        "category": "reserve",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--task", choices=TASKS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(TASKS[options.task](options.rows)))
        return
    ours = measured_apart("ours", options.rows)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{options.rows:,} people x 10 columns; load of the machine {load}")
    for act, found in ours.items():
        print(line(act, found), flush=True)
    peer = {} if options.no_peer else measured_apart("peer", options.rows)
    for act, found in peer.items():
        print(beside(act, found, ours[act]), flush=True)
    for act, found in measured_apart("stream", STREAMED_ROWS).items():
        kept = "aim kept" if found["megabytes"] <= STREAMED_MEGABYTES else "AIM MISSED"
        print(f"{act}: {found['seconds']:.1f} s, {found['megabytes']:.0f} MB   {kept}")


def line(act: str, found: dict[str, float]) -> str:
    text = f"{act:<18}{found['seconds']:6.2f} s"
    text += f" (processor {found['worked']:.2f} s, in a transaction {found['held']:.2f} s)"
    text += f" {found['megabytes']:5.0f} MB"
    text += f"   others wait {found['wait']:.2f} s at most"
    kept = found["megabytes"] <= MEGABYTES_AIM and found["wait"] <= WAIT_AIM
    kept = kept and found["seconds"] <= AIMS.get(act.partition(",")[0], found["seconds"])
    return text + ("   aim kept" if kept else "   AIM MISSED")


def beside(act: str, peer: dict[str, float], ours: dict[str, float]) -> str:
    """The peer's time against ours; the processor's compares where other work goes on."""
    return (
        f"{act:<18}{peer['seconds']:6.2f} s (processor {peer['worked']:.2f} s)"
        f" {peer['megabytes']:5.0f} MB   django-import-export:"
        f" {peer['worked'] / ours['worked']:.1f} times our processor time"
    )


def measured_apart(task: str, rows: int) -> Measures:
    """In a process and a folder of its own, so that memory is counted for one alone."""
    with tempfile.TemporaryDirectory(prefix="lingyan-benchmark-") as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--task", task, "--rows", str(rows)],
            env={**os.environ, "LINGYAN_DATA": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: Measures = json.loads(done.stdout)
    return found


def measure(act: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    with other_writer() as longest_wait, transactions() as longest_held:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts anew
        before, worked_before = time.perf_counter(), time.process_time()
        result = act()
        seconds, worked = time.perf_counter() - before, time.process_time() - worked_before
    measures = {"seconds": seconds, "worked": worked, "megabytes": peak_megabytes()}
    measures["wait"], measures["held"] = longest_wait(), longest_held()
    return result, measures


@contextmanager
def transactions() -> Iterator[Callable[[], float]]:
    """The processor time of the longest transaction: so long others wait on a free machine."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    begin, commit = DatabaseWrapper._start_transaction_under_autocommit, DatabaseWrapper._commit
    since, longest = [0.0], [0.0]

    def timed_begin(self: Any) -> None:
        begin(self)
        since[0] = time.process_time()

    def timed_commit(self: Any) -> None:
        commit(self)
        longest[0] = max(longest[0], time.process_time() - since[0])

    DatabaseWrapper._start_transaction_under_autocommit = timed_begin
    DatabaseWrapper._commit = timed_commit
    yield lambda: longest[0]
    DatabaseWrapper._start_transaction_under_autocommit = begin
    DatabaseWrapper._commit = commit


def peak_megabytes() -> float:
    """Of this process alone; ru_maxrss would count what the parent held at the fork."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


WRITER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
longest = 0.0
print("ready", flush=True)
import select
while not select.select([sys.stdin], [], [], 0.05)[0]:
    before = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE other_writer SET number = number + 1")
    database.execute("COMMIT")
    longest = max(longest, time.perf_counter() - before)
print(longest)
"""


@contextmanager
def other_writer() -> Iterator[Callable[[], float]]:
    """A second process that keeps writing to the same database; how long did it wait at most?"""
    from django.db import connection

    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(connection.settings_dict["NAME"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    longest: list[float] = []
    yield lambda: longest[0]
    longest.append(float(writer.communicate("stop")[0]))


def set_up() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    django.setup()


def prepare_apart(rows: int) -> None:
    """Registers and files are made by another process, as in life: what it took is not counted."""
    if not (child := os.fork()):
        prepare(rows)
        folder = Path(os.environ["LINGYAN_DATA"])
        (folder / "new.xlsx").write_bytes(workbook(rows))
        (folder / "changed.xlsx").write_bytes(workbook(rows, "三级主任科员"))
        os._exit(0)
    os.waitpid(child, 0)
    set_up()


def prepare(rows: int) -> None:
    set_up()
    from django.core.management import call_command
    from django.db import connection

    from lingyan.directory.models import Place, Unit

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE other_writer (number integer)")
        cursor.execute("INSERT INTO other_writer VALUES (0)")
    county = Place.objects.create(
        path="0001", level="county", name="山阳县", short_name="山阳县", code="990100000000"
    )
    Unit.objects.bulk_create(
        Unit(name=f"县第{number}单位", category="county_dept", place=county)
        for number in range(100)
    )


def workbook(rows: int, rank: str = "四级主任科员") -> bytes:
    """The filled columns alone: headings and order as people type them."""
    from dataclasses import replace

    from lingyan.common.workbook import write_rows
    from lingyan.posting.sheets import PEOPLE

    filled = tuple(column for column in PEOPLE.columns if column.name in person(0))
    target = io.BytesIO()
    write_rows(target, replace(PEOPLE, columns=filled), (person(one, rank) for one in range(rows)))
    return target.getvalue()


def ours(rows: int) -> Measures:
    prepare_apart(rows)
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.exchange import actions, exporting
    from lingyan.platform.exchange.models import Import
    from lingyan.platform.exchange.registry import KINDS

    actor, people = Actor.system("测量"), KINDS["people"]
    found: Measures = {}

    def preview(data: bytes) -> Import:
        run = actions.upload_file(people, data, filename="测量.xlsx", option="", actor=actor)
        return actions.check_import(run, actor=actor)

    folder = Path(os.environ["LINGYAN_DATA"])
    new, changed = ((folder / f"{name}.xlsx").read_bytes() for name in ("new", "changed"))
    first, found["preview, new"] = measure(lambda: preview(new))
    assert first.new_count == rows, first.notices
    first, found["commit, new"] = measure(lambda: actions.apply_import(first, actor=actor))
    same, found["preview, same"] = measure(lambda: preview(new))
    assert same.same_count == rows
    first, found["undo, new"] = measure(lambda: actions.undo_import(first, actor=actor))
    assert first.state == "undone"
    actions.apply_import(preview(new), actor=actor)
    out = io.BytesIO()
    _, found["export"] = measure(
        lambda: exporting.export_records(people, out, option="", actor=actor)
    )
    second, found["preview, changed"] = measure(lambda: preview(changed))
    assert second.changed_count == rows
    second, found["commit, changed"] = measure(lambda: actions.apply_import(second, actor=actor))
    _, found["undo, changed"] = measure(lambda: actions.undo_import(second, actor=actor))
    return found


def peer(rows: int) -> Measures:
    """The same file, read by django-import-export into the same table; what it can do of it."""
    prepare(rows)
    from import_export import fields, resources, widgets
    from import_export.formats.base_formats import XLSX

    from lingyan.common.workbook.cell_values import heading_of
    from lingyan.directory.models import Person, Place, Unit
    from lingyan.posting.imports.people import PERSON_FIELDS
    from lingyan.posting.sheets import PEOPLE

    county = Place.objects.get()
    named = {"name": "name", "number": "number", "unit": "unit", **PERSON_FIELDS}
    headings = {
        named[one.name]: heading_of(one)
        for one in PEOPLE.columns
        if one.name in person(0).keys() & named
    }
    dates = {"birth_on", "party_joined_on", "work_started_on"}

    class PersonResource(resources.ModelResource):
        unit = fields.Field("unit", headings["unit"], widgets.ForeignKeyWidget(Unit, "name"))

        class Meta:
            model = Person
            import_id_fields = ("number",)
            fields = tuple(headings)
            use_bulk = True
            batch_size = 500
            skip_unchanged = True

        def before_save_instance(self, instance: Any, *_: Any, **__: Any) -> None:
            instance.place = county

    for name, heading in headings.items():
        PersonResource.fields[name].column_name = heading
        if name in dates:
            PersonResource.fields[name].widget = widgets.DateWidget("%Y-%m-%d")
    data, found = workbook(rows), {}

    def read() -> Any:
        return XLSX().create_dataset(data)

    def bring_in(dry_run: bool) -> Any:
        done = PersonResource().import_data(read(), dry_run=dry_run, raise_errors=True)
        assert not done.has_errors()
        return done

    _, found["preview, new"] = measure(lambda: bring_in(dry_run=True))
    _, found["commit, new"] = measure(lambda: bring_in(dry_run=False))
    assert Person.objects.count() == rows
    return found


def fill(rows: int) -> None:
    from lingyan.directory.models import Place, Unit

    county = Place.objects.get()
    for start in range(0, rows, 5_000):
        Unit.objects.bulk_create(
            Unit(name=f"第{number}号单位", category="county_dept", place=county)
            for number in range(start, min(rows, start + 5_000))
        )


def stream(rows: int) -> Measures:
    """A large register goes out with the count of its list, in little memory."""
    if not (child := os.fork()):  # what filling the register takes is not counted
        prepare(rows)
        fill(rows)
        os._exit(0)
    os.waitpid(child, 0)
    set_up()
    from lingyan.directory import queries
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.exchange import exporting
    from lingyan.platform.exchange.registry import KINDS

    actor = Actor.system("测量")
    target = Path(os.environ["LINGYAN_DATA"]) / "单位.xlsx"
    export, found = measure(
        lambda: exporting.export_records(KINDS["units"], target, option="", actor=actor)
    )
    assert export.row_count == queries.list_units(actor.scope).count()
    return {f"{export.row_count:,} units stream out": found}


TASKS: dict[str, Callable[[int], Measures]] = {"ours": ours, "peer": peer, "stream": stream}


if __name__ == "__main__":
    main()
