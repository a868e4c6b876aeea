"""What every test may ask for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from lingyan.config import shell, tables
from lingyan.platform.wall import reach
from lingyan.platform.wall.policies import ROLE
from tests.world import World, build_world

# What an example costs hangs on who else is at work on this machine; what it says does not.
property_settings.register_profile(
    "lingyan", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_settings.load_profile("lingyan")


def pytest_configure() -> None:
    """The tests' own database is made by the owner of its tables."""
    reach.open_process(reach.OWNER)


def pytest_collection_finish() -> None:
    """What stands before the first test stays: looking it through took a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put up the wall where it is switched on; tests themselves speak for the product."""
    with django_db_blocker.unblock():
        _note_migrations()
        if reach.is_on():
            from lingyan.config import wall

            wall.install()
            with connection.cursor() as cursor:
                # What a test without a transaction leaves behind is truncated.
                cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {ROLE}")
    reach.open_process()
    yield
    # The database is taken away by its owner.
    reach.open_process(reach.OWNER)


def _note_migrations() -> None:
    """The tables come from the models, in a tenth of the time; they are those of the migrations.

    That the two are one is asked by `makemigrations --check`; real ones are carried out by
    tests/config/test_tables.py on SQLite and by tests/cli/test_backup.py on PostgreSQL.
    """
    settings.MIGRATION_MODULES = {}
    if not MigrationRecorder(connection).applied_migrations():  # asked for by --migrations
        tables.note_migrations()


@pytest.fixture
def django_assert_max_num_queries(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """A page answers for its own questions; the menu counts what waits once after each act.

    What that count costs is asked in tests/config/test_shell.py.
    """
    monkeypatch.setattr(shell, "_waiting", lambda actor: 0)
    return django_assert_max_num_queries


@pytest.fixture
def world(db: None) -> World:
    return build_world()


# What takes longest begins first, so that no process works alone at the end: a module stays in one.
LONGEST = (
    "test_access", "test_hostile_requests", "test_every_page", "test_counties", "test_operations",
    "test_exchange_crash", "test_backup", "test_leak_2_permission_without_object",
    "test_leak_6_files", "test_leak_1_custom_action", "test_leak_4_counts",
    "test_leak_8_concurrency", "test_exchange_hostile", "test_run_script", "test_kill_nine",
    "test_fuzzed", "test_commands", "test_diary_offline", "test_round_in_the_browser",
    "test_import_export", "test_upgrade", "test_appraisal", "test_recall", "test_liaison",
)  # fmt: skip


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests that touch no database are the same on every database: they run once.

    They are marked before pytest leaves out what `-m` names, and all are put in order after it.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        touches = fixtures & {"db", "transactional_db"} or item.get_closest_marker("django_db")
        if not touches:
            item.add_marker("pure")
    yield
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
