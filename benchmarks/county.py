"""What does a county with 100,000 rows in each table hold? Rows as the product stores them.

No trail is written: what it costs stands in `audit.py` and `import.py`.
"""

from __future__ import annotations

import gc
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from typing import Any

FAMILIES = "李王张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗单曾"
GIVEN = "甲乙丙丁戊己庚辛壬癸春夏秋冬东南西北明亮国强志勇文武秀兰玉英桂芳建华晓红"
TRADES = ("财政", "水务", "教育", "农业农村", "交通运输", "市场监督管理", "林业", "民政", "卫生")
TOWNS = 100
AT_ONCE = 5000


def prepare(folder: str = "") -> None:
    """Django on an empty database: SQLite in a folder of its own, or an address of PostgreSQL."""
    os.environ["LINGYAN_DATA"] = folder or tempfile.mkdtemp(prefix="lingyan-benchmark-")
    if address := os.environ.get("LINGYAN_TEST_DATABASE_URL"):
        os.environ["LINGYAN_DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous = OFF")  # nobody misses these rows


# What SQLite is told for the filling of a large database, in which no row points nowhere.
FILLING = ("synchronous = OFF", "foreign_keys = OFF", "journal_mode = OFF", "cache_size = -800000")
INDEXES = {
    "sqlite": """
        SELECT name, sql FROM sqlite_master
        WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite%'
    """,
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = current_schema
        AND indexname NOT IN (SELECT conname FROM pg_constraint)
    """,
}


@contextmanager
def filling() -> Iterator[None]:
    """One transaction; indexes are built at its end, from sorted keys, instead of row by row."""
    from django.db import connection, transaction

    quick = FILLING if connection.vendor == "sqlite" else ()
    with connection.cursor() as cursor:
        for pragma in quick:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(INDEXES[connection.vendor])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    gc.disable()  # two million rows, and none of them garbage
    with transaction.atomic():
        yield
    gc.enable()
    with connection.cursor() as cursor:
        for _, made_by in indexes:
            cursor.execute(made_by)
        cursor.execute("ANALYZE")
    connection.close()  # and all of this with it; the next one reads as the product does


def row(model: Any, **values: Any) -> Any:
    from lingyan.platform.inserting import new_record

    return new_record(model, **values)


def put(rows: Iterator[Any]) -> None:
    from lingyan.platform.inserting import insert_rows

    while chunk := list(islice(rows, AT_ONCE)):
        insert_rows(chunk)


def analyze() -> None:
    """As the product's own upkeep does: the database learns how many rows there are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def name(draw: random.Random, length: int) -> str:
    return "".join(draw.choice(GIVEN) for _ in range(length))


def fill_register(size: int, *, since: int = 0) -> None:
    """Villages, units, people, officers and relatives from number `since` up to `size`."""
    from lingyan.directory.models import Person, Place, Relative, Unit, VillageOfficer
    from lingyan.directory.rules import (
        Gender,
        OfficerPost,
        PoliticalStatus,
        Relation,
        UnitCategory,
    )

    draw = random.Random(since + 1)
    county, towns = _towns(draw) if not since else _known_towns()
    numbers = range(since, size)
    villages = [
        row(
            Place,
            path=f"{towns[number % TOWNS].path}{number // TOWNS + 1:04d}", level="village",
            parent=towns[number % TOWNS], name=f"{(said := name(draw, 2))}村村民委员会",
            short_name=f"{said}村",
        )
        for number in numbers
    ]  # fmt: skip
    put(iter(villages))
    units = [
        row(Unit, name=f"宣汉县{name(draw, 2)}{draw.choice(TRADES)}局{number}", place=county,
             category=draw.choice(list(UnitCategory)), sector=draw.choice(TRADES))
        for number in numbers
    ]  # fmt: skip
    put(iter(units))
    large = units[0]
    people = [
        row(
            Person,
            number=f"P{number:06d}", name=draw.choice(FAMILIES) + name(draw, draw.choice((1, 2))),
            birth_on=date(1960, 1, 1) + timedelta(days=draw.randrange(16000)), place=county,
            unit=_unit_of(number, units, large),
            gender=draw.choice(list(Gender)), political_status=draw.choice(list(PoliticalStatus)),
        )
        for number in numbers
    ]  # fmt: skip
    put(iter(people))
    put(
        row(
            VillageOfficer,
            person=person, village=village, post=draw.choice(list(OfficerPost)),
            since=date(2020, 1, 1) + timedelta(days=draw.randrange(1500)),
            until=date(2025, 1, 1) if draw.random() < 0.2 else None,
        )
        for person, village in zip(people[::2] * 2, villages, strict=True)
    )  # fmt: skip
    put(
        row(Relative, person=person, other=people[at - 1], relation=draw.choice(list(Relation)))
        for at, person in enumerate(people)
    )
    analyze()


def _unit_of(number: int, units: list[Any], large: Any) -> Any:
    """One in ten has no unit, one in fifty works in the largest, the others anywhere."""
    if number % 10 == 0:
        return None
    return large if number % 50 == 1 else units[number * 7919 % len(units)]


def _towns(draw: random.Random) -> tuple[Any, list[Any]]:
    from lingyan.directory.models import Place

    county = row(Place, path="0001", level="county", name="宣汉县", short_name="宣汉县")
    towns = [
        row(
            Place,
            path=f"0001{number:04d}", level="township", parent=county,
            name=f"{(said := name(draw, 2))}镇", short_name=f"{said}镇",
        )
        for number in range(1, TOWNS + 1)
    ]  # fmt: skip
    put(iter([county]))
    put(iter(towns))
    return county, towns


def _known_towns() -> tuple[Any, list[Any]]:
    from lingyan.directory.models import Place

    return (
        Place.objects.get(level="county"),
        list(Place.objects.filter(level="township").order_by("path")),
    )


def sign_in(role: str, *, place: Any = None, unit: Any = None, person: Any = None) -> Any:
    """A client in which somebody with this one role has signed in."""
    from django.conf import settings
    from django.test import Client

    from lingyan.directory.models import Person, RoleAssignment
    from lingyan.platform.accounts.models import User

    settings.ALLOWED_HOSTS = ["*"]
    user, made = User.objects.get_or_create(username=f"reader-{role}", defaults={"name": "何乙四"})
    if made:
        RoleAssignment.objects.create(
            user=user, role=role, place=place, unit=unit, since=date(2024, 1, 1)
        )
    if person is not None:
        Person.objects.filter(pk=person.pk).update(user=user)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
