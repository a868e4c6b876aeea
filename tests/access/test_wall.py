"""Does the database itself hold back what a query forgets to filter? On PostgreSQL, wall on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from lingyan.common import clock
from lingyan.config.wall import OPEN, OPEN_APPS, WALLED, home_of
from lingyan.directory.models import Person, Place, Unit
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.jobs import registry
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.wall import reach
from lingyan.platform.wall.middleware import OpenWhileFindingOut, Wall
from lingyan.platform.wall.policies import ROLE, ranges
from lingyan.posting.models import HealthCheck, PoolEntry, Posting, Round
from tests.furnished import Furnished


def on_postgresql(test: Any) -> Any:
    """Runs on PostgreSQL, with LINGYAN_ROW_SECURITY=yes."""
    return pytest.mark.postgres(pytest.mark.walled(test))


@pytest.fixture
def walled(house: Furnished) -> Furnished:
    assert reach.is_on(), "run the tests of PostgreSQL with LINGYAN_ROW_SECURITY=yes"
    return house


def models_of_tables() -> dict[str, type[models.Model]]:
    return {one._meta.db_table: one for one in apps.get_models(include_auto_created=True)}


def test_every_table_is_walled_or_said_to_be_open() -> None:
    unsaid = [
        table
        for table, model in models_of_tables().items()
        if table not in WALLED and table not in OPEN and model._meta.app_label not in OPEN_APPS
    ]

    assert not unsaid, f"say in config/wall.py whose rows these are: {unsaid}"
    assert not set(WALLED) & OPEN
    assert set(WALLED) <= set(models_of_tables())


def test_everything_under_a_path_is_one_range() -> None:
    assert ranges(["0001", "00020009"]) == "0001-0002,00020009-00020010"
    assert ranges([]) == ""


def test_home_is_the_county_and_above_it_the_place_itself(house: Furnished) -> None:
    def at(**scope: Any) -> tuple[str, ...]:
        return home_of(Actor(1, "甲", "town_org", "", Scope(**scope)))

    assert at(place_paths=(house.world.pine.path,)) == ("0001",)
    assert at(place_paths=("0009",)) == ("0009",)
    assert at(unit_ids=(house.world.finance.pk,)) == ("0001",)
    assert at(person_id=house.world.li.pk) == ("0001",)
    assert at() == ()


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in WALLED:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


@on_postgresql
def test_an_unset_scope_sees_nothing_of_any_walled_table(walled: Furnished) -> None:
    there = counts()

    with reach.reaching(reach.NOTHING):
        seen = counts()

    assert sum(there.values()) > 100
    assert not [table for table, count in seen.items() if count]


@on_postgresql
def test_a_query_that_forgets_its_scope_finds_nothing_of_another_county(
    walled: Furnished,
) -> None:
    ours = {
        table: set(rows_of_the_world(model))
        for table, model in models_of_tables().items()
        if table in WALLED
    }
    assert sum(map(len, ours.values())) > 80
    wrong = []
    for role, actor in walled.next_door.items():
        if role in reach.REGISTER_ROLES:
            continue
        with reach.within(actor):
            for table, keys in ours.items():
                model = models_of_tables()[table]
                if seen := keys & set(model._default_manager.values_list("pk", flat=True)):
                    wrong.append(f"{role} {table}: {len(seen)}")

    assert not wrong


def rows_of_the_world(model: type[models.Model]) -> list[Any]:
    """Keys of rows that lie in 山阳县; a row that does not say where belongs to the furniture."""
    found = []
    for row in model._default_manager.all():
        path = getattr(row, "audit_place_path", None)
        place = path() if path else getattr(row, "place_path", None)
        if place is not None and not place.startswith("0001"):
            continue
        if getattr(row, "number", None) == "N0001" or "外" in str(getattr(row, "user", "")):
            continue
        if getattr(getattr(row, "place", None), "path", "0001").startswith("0001"):
            found.append(row.pk)
    return found


@on_postgresql
def test_the_next_town_sees_no_health_check_and_no_file_of_ours(walled: Furnished) -> None:
    with reach.within(walled.world.south_org):
        assert not HealthCheck.objects.filter(village=walled.world.pine).exists()
        assert not models_of_tables()["exchange_import"]._default_manager.exists()
        assert not models_of_tables()["exchange_checkedrow"]._default_manager.exists()
        assert not Job.objects.exists()
    with reach.within(walled.world.north_org):
        assert HealthCheck.objects.filter(village=walled.world.pine).exists()


@on_postgresql
def test_a_row_cannot_be_written_beyond_the_wall(walled: Furnished) -> None:
    with (
        reach.within(walled.world.stranger),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Unit.objects.create(name="外县单位", category="county_dept", place=walled.world.county)
    with reach.within(walled.world.stranger):
        changed = Person.objects.filter(pk=walled.world.li.pk).update(name="改名")

    assert changed == 0
    assert not Unit.objects.filter(name="外县单位").exists()


@on_postgresql
def test_a_rollback_takes_no_reach_along(walled: Furnished) -> None:
    with reach.within(walled.world.stranger):
        try:
            with transaction.atomic(), reach.everything():
                assert Round.objects.exists()
                raise LookupError
        except LookupError:
            pass
        assert not Round.objects.exists()
        with reach.everything():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT 1/0")
            except DatabaseError:
                pass
            assert Round.objects.exists()
        assert not Round.objects.exists()


@on_postgresql
def test_the_role_owns_nothing_and_the_wall_is_forced(walled: Furnished) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (ROLE,)
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [ROLE]
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == set(WALLED)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [ROLE])
        assert cursor.fetchone() == (0,)


@on_postgresql
def test_a_request_reaches_what_its_actor_may_and_nobody_reaches_nothing(
    walled: Furnished,
) -> None:
    def seen(actor: Actor | None) -> tuple[int, int]:
        counted: list[int] = []

        def find_out(request: Any) -> HttpResponse:
            counted.append(Place.objects.count())
            request.actor = actor
            return Wall(view)(request)

        def view(request: Any) -> HttpResponse:
            counted.append(Place.objects.count())
            return HttpResponse()

        OpenWhileFindingOut(find_out)(RequestFactory().get("/"))
        return counted[0], counted[1]

    everywhere = Place.objects.count()
    assert seen(None) == (everywhere, 0)
    assert seen(walled.world.stranger) == (everywhere, 3)
    assert seen(walled.world.officer) == (everywhere, 7)


@on_postgresql
def test_a_job_reaches_what_its_starter_may(
    walled: Furnished, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    counted = []

    def count(*, actor: Actor, report: Any) -> str:
        counted.append((Place.objects.count(), PoolEntry.objects.count()))
        report(50, "半")
        return "/"

    monkeypatch.setitem(registry.KINDS, "test.count", count)
    from lingyan.directory.queries import actor_key

    stranger = walled.next_door["county_org_staff"]
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("test.count", title="数", actor=stranger, actor_key=actor_key(stranger),
                        arguments={})  # fmt: skip

    assert counted == [(3, 1)]
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE


@on_postgresql
def test_an_operation_of_the_api_reaches_what_its_token_may(walled: Furnished) -> None:
    from tests.api.programs import data, program

    caller = program(walled.next_door["county_org_staff"])

    assert data(caller.get("/places"))["total"] == 3
    assert data(caller.get("/rounds"))["total"] == 0


@on_postgresql
def test_numbers_of_the_next_county_are_not_counted(walled: Furnished) -> None:
    with clock.at(date(2026, 3, 10)), reach.within(walled.world.stranger):
        assert Posting.objects.count() == 0
        assert Person.objects.filter(place__path__startswith="0001").count() == 0
