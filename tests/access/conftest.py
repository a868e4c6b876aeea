"""The furnished county, once for each module; every test takes its changes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from lingyan.common import clock
from tests.access.probing import Programs
from tests.api.programs import Program
from tests.furnished import ISSUED_ON, Furnished, furnish
from tests.world import build_world


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(ISSUED_ON):
        furnished = furnish(build_world())
        for actor in (*furnished.world.everyone, *furnished.next_door.values()):
            furnished.client(actor)
        yield furnished
        transaction.set_rollback(True)


@pytest.fixture
def house(_house: Furnished, db: None) -> Iterator[Furnished]:
    with clock.at(ISSUED_ON):
        yield _house


@pytest.fixture
def next_door(house: Furnished) -> dict[str, Program]:
    """Programs of the neighbouring county, each of which has called once."""
    return Programs(house.next_door)
