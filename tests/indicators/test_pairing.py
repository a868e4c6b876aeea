"""The indicators of pairing: over random data, in every scope, for every reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingyan.common import clock
from lingyan.pairing.indicators import INDICATORS
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.platform.indicators.definitions import Parts, Question
from lingyan.platform.indicators.registry import find
from tests.indicators.recount import check
from tests.pairing.scene import TODAY
from tests.pairing.test_figures import ON, county
from tests.world import World


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def test_each_number_is_another_count_of_its_records(world: World) -> None:
    there = county(world, 17)
    there.fill(alone=False)
    asked = Question(EVERYTHING, ON.on, ON.period)
    readers = {name: there.scopes[name] for name in ("北山镇", "松树村", "two units", "next door")}
    empty = set()

    for indicator in INDICATORS:
        assert find(indicator.code) is indicator
        found = check(indicator, asked, there.scopes, readers)
        if found["everything"] == Parts():
            empty.add(indicator.code)

    assert empty == set()
