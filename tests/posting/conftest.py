"""What tests of posting may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingyan.common import clock
from tests.posting.scene import TODAY, Scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    """A Monday in March, with needs issued and people in the pool."""
    with clock.at(TODAY):
        yield Scene(world)
