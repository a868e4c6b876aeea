"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests.world import World, build_world


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
