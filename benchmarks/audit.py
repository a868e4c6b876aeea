"""How fast is the history sealed and checked, and how fast is a page of it found?

    python benchmarks/audit.py [--rows 200000] [--url postgresql://…]

On SQLite in a folder that vanishes, or in an empty PostgreSQL database. A plain row saved by the
ORM, without chain or old value, is the floor under every history of this kind. Aim: 20,000 rows a
second checked; `cpu` is what the process itself used, on a machine that others use as well.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any


def measured(name: str, count: int, act: Callable[[], Any]) -> Any:
    before, cpu_before = time.perf_counter(), time.process_time()
    result = act()
    seconds, cpu = time.perf_counter() - before, time.process_time() - cpu_before
    rate, cpu_rate = count / seconds, count / cpu
    print(
        f"{name:<48}{count:>9} in {seconds:7.2f} s {rate:>9.0f}/s   cpu {cpu_rate:>9.0f}/s",
        flush=True,
    )
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--single", type=int, default=1000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    os.environ["LINGYAN_DATA"] = tempfile.mkdtemp(prefix="lingyan-benchmark-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    if options.url:
        os.environ["LINGYAN_DATABASE_URL"] = options.url
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    append(options.single, options.rows)
    verify(options.rows + options.single)
    pages()


def append(single: int, rows: int) -> None:
    from django.db import transaction

    from lingyan.directory.models import Place
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.audit.record import Trace, record, record_many

    place = Place.objects.create(
        path="0001", level="county", name="山阳县", short_name="山阳县", code="990100000000",
        code_edition="2020",
    )  # fmt: skip
    actor = Actor.system()
    changes = {
        "name": ["山阳县", "山阴县"],
        "short_name": ["山阳", "山阴"],
        "level": [None, "county"],
    }

    def one_by_one() -> None:
        for _ in range(single):
            with transaction.atomic():
                record("directory.place.changed", actor=actor, subject=place, changes=changes)

    def in_chunks() -> None:
        trace = Trace("directory.place.changed", place, changes, "更名")
        for _ in range(rows // 500):
            with transaction.atomic():
                record_many([trace] * 500, actor=actor)

    measured("append, one transaction each", single, one_by_one)
    measured("append, chunks of 500", rows // 500 * 500, in_chunks)
    plain_rows(single)


def plain_rows(count: int) -> None:
    """The floor under all of them: a log row without a chain, saved by the ORM."""
    from lingyan.common import clock
    from lingyan.platform.jobs.models import Job

    def write() -> None:
        for number in range(count):
            Job.objects.create(title=f"作业 {number}", created_at=clock.now())

    measured("a plain row by the ORM, no chain, no old value", count, write)


def verify(rows: int) -> None:
    from lingyan.platform.audit.anchors import list_anchors
    from lingyan.platform.audit.models import AuditEntry
    from lingyan.platform.audit.verify import verify_chain

    count = AuditEntry.objects.count()
    verdict = measured("verify", count, lambda: verify_chain(anchors=list_anchors()))
    assert verdict.text is None, verdict
    assert verdict.entries == count <= rows
    AuditEntry.objects.filter(number=count - 1).update(actor_name="别人")
    broken = measured("verify, the last but one changed", count, verify_chain)
    assert broken.broken_number == count - 1, broken


def pages() -> None:
    from datetime import timedelta

    from lingyan.common import clock
    from lingyan.platform.audit.queries import Wanted, count_text, list_entries, slice_entries

    today = clock.today()
    for name, wanted in {
        "newest": Wanted(),
        "of a year": Wanted(since=today - timedelta(days=365)),
        "by act": Wanted(action="directory.place.changed"),
        "by a name that nobody has": Wanted(actor="没有这个人"),
        "by a subject that nobody has": Wanted(subject="没有这个对象"),
        "reads only, none": Wanted(kind="readings"),
    }.items():
        rows = list_entries(wanted)
        before = time.perf_counter()
        found = slice_entries(rows, before=None, after=None, most=50)
        if not found.is_whole:
            count_text(rows)
        print(f"page: {name:<42}{(time.perf_counter() - before) * 1000:9.1f} ms")
    rows = list_entries(Wanted())
    before = time.perf_counter()
    slice_entries(rows, before=1000, after=None, most=50)
    print(f"page: {'the last of all':<42}{(time.perf_counter() - before) * 1000:9.1f} ms")


if __name__ == "__main__":
    main()
