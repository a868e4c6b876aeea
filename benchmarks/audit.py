"""How fast is the history sealed and checked, and how fast is a page of it found?

    python benchmarks/audit.py [--rows 200000] [--filled 1000000] [--url postgresql://…]

On SQLite in a folder that vanishes, or in an empty PostgreSQL database. A plain row saved by the
ORM, without chain or old value, is the floor under every history of this kind; django-auditlog
writes old and new value, without a chain, where a row is saved (development requirement). Aim:
20,000 rows a second checked; `cpu` is what the process itself used, on a machine that others use as
well. For the pages the table is filled up by SQL with rows that nobody has sealed.
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
    parser.add_argument("--filled", type=int, default=1_000_000)
    parser.add_argument("--single", type=int, default=1000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    os.environ["LINGYAN_DATA"] = tempfile.mkdtemp(prefix="lingyan-benchmark-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    if options.url:
        os.environ["LINGYAN_DATABASE_URL"] = options.url
    import django
    from django.conf import settings

    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "auditlog"]
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    append(options.single, options.rows)
    verify(options.rows + options.single)
    fill(options.filled)
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
    peer_rows(single)


def plain_rows(count: int) -> None:
    """The floor under all of them: a log row without a chain, saved by the ORM."""
    from lingyan.common import clock
    from lingyan.platform.jobs.models import Job

    def write() -> None:
        for number in range(count):
            Job.objects.create(title=f"作业 {number}", created_at=clock.now())

    measured("a plain row by the ORM, no chain, no old value", count, write)


def peer_rows(count: int) -> None:
    """django-auditlog: one change of three fields, saved with its old values, each time."""
    from auditlog.models import LogEntry
    from auditlog.registry import auditlog
    from django.db import transaction

    from lingyan.directory.models import Place

    auditlog.register(Place)
    place = Place.objects.get(code="990100000000")

    def change(number: int) -> None:
        turned = number % 2
        place.name = "山阴县" if turned else "山阳县"
        place.short_name = "山阴" if turned else "山阳"

    def write() -> None:
        for number in range(1, count + 1):
            change(number)
            with transaction.atomic():
                place.save()

    measured("django-auditlog, with the save of the row", count, write)
    auditlog.unregister(Place)

    def bare() -> None:
        for number in range(1, count + 1):
            change(number)
            with transaction.atomic():
                place.save()

    measured("the same save without it", count, bare)
    assert LogEntry.objects.count() >= count


def fill(rows: int) -> None:
    """Up to so many entries, copied by SQL from the sealed ones with other numbers and days."""
    from django.db import connection

    from lingyan.platform.audit.models import AuditEntry

    held = AuditEntry.objects.count()
    names = [one.column for one in AuditEntry._meta.concrete_fields if one.name != "number"]
    columns = ", ".join(names)

    def copy() -> None:
        with connection.cursor() as cursor:
            for step in range(1, -(-rows // held)):
                most = min(held, rows - step * held)
                cursor.execute(
                    f"INSERT INTO audit_auditentry (number, {columns}) "
                    f"SELECT number + {step * held}, {columns} FROM audit_auditentry "
                    f"WHERE number <= {most}"
                )
            cursor.execute("ANALYZE audit_auditentry")

    if rows > held:
        measured("fill by SQL", rows - held, copy)
    print(f"entries: {AuditEntry.objects.count()}", flush=True)


def verify(rows: int) -> None:
    from django.db import connection

    from lingyan.platform.audit.anchors import list_anchors
    from lingyan.platform.audit.models import AuditEntry
    from lingyan.platform.audit.verify import verify_chain

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE audit_auditentry")
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
    for name, number in (("the middle one", rows.count() // 2), ("the last of all", 51)):
        before = time.perf_counter()
        found = slice_entries(rows, before=number, after=None, most=50)
        assert found.entries[0].number == number - 1
        print(f"page: {name:<42}{(time.perf_counter() - before) * 1000:9.1f} ms")
    answers()


def answers() -> None:
    """The page as the audit administrator gets it: signed in, whole HTML, gate and count."""
    from datetime import date

    from django.conf import settings
    from django.test import Client

    from lingyan.directory.models import RoleAssignment
    from lingyan.directory.roles import Role
    from lingyan.platform.accounts.models import User
    from lingyan.platform.audit.models import AuditEntry

    settings.ALLOWED_HOSTS = ["*"]
    user = User.objects.create_user("audit", name="韩丙二", password=None)
    RoleAssignment.objects.create(user=user, role=Role.AUDIT_ADMIN, since=date(2024, 1, 1))
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    last = AuditEntry.objects.latest("number").number
    client.get("/audit/")
    addresses = {
        "/audit/ newest": "",
        "/audit/ in the middle": f"?before={last // 2}",
        "/audit/ the last of all": "?before=51",
        "/audit/ by act": "?action=directory.place.changed",
        "/audit/ by a name that nobody has": "?actor=没有这个人",
    }
    for name, query in addresses.items():
        took = []
        for _ in range(5):
            before = time.perf_counter()
            answer = client.get(f"/audit/{query}")
            took.append((time.perf_counter() - before) * 1000)
            assert answer.status_code == 200, answer.status_code
        print(f"page: {name:<42}{sorted(took)[2]:9.1f} ms (median of 5)", flush=True)


if __name__ == "__main__":
    main()
