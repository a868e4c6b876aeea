"""A pair of the small county that is at work: 县财政局 and 松树村, and whoever acts for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.directory.models import Place, Unit
from lingyan.directory.roles import Role
from lingyan.pairing.models import Pairing
from lingyan.pairing.rules import Goal, PairingOrigin, PairingState
from lingyan.platform.accounts.actor import Actor
from tests.world import World, _actor

STARTS = date(2026, 1, 5)
TODAY = date(2026, 3, 2)


def paired(
    world: World, *, unit: Unit | None = None, village: Place | None = None, **said: Any
) -> Pairing:
    """An active pair, written down as it is: 县财政局 and 松树村 unless others are named."""
    since = said.setdefault("since", STARTS) or STARTS
    term = said.setdefault("term_months", 24)
    return Pairing.objects.create(
        **{
            "unit": unit or world.finance,
            "village": village or world.pine,
            "origin": PairingOrigin.DIRECT,
            "state": PairingState.ACTIVE,
            "state_since": since,
            "still_since": since,
            "is_lead": True,
            "was_key_task": True,
            "goals": [Goal.ORGANIZATION.value, Goal.DEVELOPMENT.value],
            "plan_text": "每季度召开一次联席会议，共同开展主题党日。",
            "unit_contact": "郑乙九",
            "village_contact": "宋乙八",
            "agreement_number": "山联建（2026）1号",
            "signed_on": since,
            "planned_until": add_months(since, term),
            "created_at": clock.now(),
            **said,
        }
    )


def village_secretary(world: World, village: Place) -> Actor:
    """The account of a village's secretary; 松树村 has `world.pine_secretary` already."""
    return _actor(f"secretary-{village.code}", "段丙五", Role.VILLAGE_SECRETARY, place=village)


def unit_admin(world: World, unit: Unit) -> Actor:
    """The account of a unit's Party office; 县财政局 has `world.unit_admin` already."""
    return _actor(f"unit-{unit.pk}", "尹丙六", Role.UNIT_PARTY_ADMIN, unit=unit)
