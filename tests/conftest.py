"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from lingyan.config import shell
from lingyan.platform.wall import reach
from lingyan.platform.wall.policies import ROLE
from tests.world import World, build_world


def pytest_configure() -> None:
    """The tests' own database is made by the owner of its tables."""
    reach.open_process(reach.OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put up the wall where it is switched on; tests themselves speak for the product."""
    with django_db_blocker.unblock():
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that touch no database are the same on every database: they run once."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        touches = fixtures & {"db", "transactional_db"} or item.get_closest_marker("django_db")
        if not touches:
            item.add_marker("pure")
