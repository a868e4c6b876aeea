"""Two pairs of 县财政局, with 松树村 and 石桥村, and what is said of an activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.directory.models import Person
from lingyan.pairing.actions import activities
from lingyan.pairing.actions.activities import Said
from lingyan.pairing.models import PairActivity, Pairing
from tests.pairing.scene import paired, village_secretary
from tests.world import World

DAY = date(2026, 2, 26)


@dataclass
class Acts:
    world: World
    pine: Pairing
    stone: Pairing

    def said(self, *people: Person, **changed: Any) -> Said:
        """技术培训 in 松树村 with 李甲一, unless something else is said."""
        given = {
            "kind": "tech_training",
            "mode": "offline",
            "day": DAY,
            "pairings": [self.pine.pk],
            "place": self.world.pine.pk,
            "minutes": 120,
            "villagers": 30,
            "summary": "教果树剪枝",
            "people": {one.pk: "spot" for one in people or (self.world.li,)},
        }
        return Said(**{**given, **changed})

    def held(self, *people: Person, **changed: Any) -> PairActivity:
        return activities.enter_activity(
            self.said(*people, **changed), actor=self.world.unit_admin
        )  # fmt: skip


def build_acts(world: World) -> Acts:
    return Acts(world, paired(world), paired(world, village=world.stone))


def stone_secretary(acts: Acts) -> Any:
    return village_secretary(acts.world, acts.world.stone)
