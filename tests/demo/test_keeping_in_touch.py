"""The demo's contact and visits are made by the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.demo import liaison
from lingyan.posting.models import Liaison, Problem, Visit
from tests.posting.duty_scene import TODAY, posted
from tests.world import World


class Players:
    """The few actors of a cast that this part of the demo asks for."""

    def __init__(self, world: World) -> None:
        self.world, self.leader, self.officer = world, world.leader, world.officer

    def unit(self, unit: Any) -> Any:
        return self.world.unit_admin

    def town(self, town: Any) -> Any:
        return self.world.north_org


@pytest.mark.django_db
def test_a_contact_three_visits_and_what_was_raised(world: World) -> None:
    with clock.at(TODAY):
        posting = posted(world.li, world.pine, "first_secretary")
    today = posting.since + timedelta(days=101)
    with clock.at(today):
        liaison.keep_in_touch(Players(world), posting, today)  # type: ignore[arg-type]

    assert Liaison.objects.get().town == world.north
    sides = list(Visit.objects.order_by("happened_on").values_list("side", flat=True))
    assert sides == ["area", "unit", "town"]
    assert Problem.objects.get().visit.side == "area"  # type: ignore[union-attr]
