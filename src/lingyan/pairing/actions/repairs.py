"""How does a village whose lead pair has ended find another unit, and what is one pair worth?"""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place, Unit
from lingyan.pairing.actions.pairings import propose_pairing
from lingyan.pairing.matching import repair as matching
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.queries import repairs as repair_queries
from lingyan.pairing.rules import pairings as rules
from lingyan.pairing.rules.words import PairingOrigin
from lingyan.platform.accounts.actor import Actor


@transaction.atomic
def propose_direct(
    unit: Unit, village: Place, *, is_lead: bool, text: str = "", actor: Actor
) -> Pairing:
    """单独结对: one pair outside of a round, with its points by what is known today."""
    points, parts = None, None
    if rules.level_of(village.level, village.village_kind) is not None:
        found = matching.parts_now(unit, village, repair_queries.county_of(village))
        parts = asdict(found)
        points = parts.pop("total")
    return propose_pairing(
        unit, village, is_lead=is_lead, points=points, parts=parts, text=text, actor=actor
    )


@transaction.atomic
def propose_repair(left: Pairing, *, unit_id: UUID | None, text: str = "", actor: Actor) -> Pairing:
    """补结: put one of the repair's units before both sides; all other pairs stay as they are."""
    if actor.role not in rules.PROPOSERS:
        refuse((Refusal("pairing.pairing.wrong_role", "您的角色不能“提出结对”"),))
    lost = list(queries.list_left(actor.scope))
    is_left = left.pk in {one.pk for one in lost}
    repair = find_repair(left, lost) if is_left else None
    option = repair.find(unit_id) if repair and unit_id else None
    refuse(
        rules.refuse_to_repair(
            rules.RepairFacts(
                is_left=is_left,
                is_option=option is not None,
                is_first=option is not None and option.is_first,
                text=text,
            )
        )
    )
    assert option is not None, "refused above"
    parts = asdict(option.parts)
    return propose_pairing(
        option.unit, left.village, is_lead=True, origin=PairingOrigin.REPAIR,
        points=parts.pop("total"), parts=parts, predecessor=left, text=text, actor=actor,
    )  # fmt: skip


def find_repair(left: Pairing, lost: list[Pairing]) -> matching.Repair | None:
    """The repair of one village; all that lost their unit in its county are solved together."""
    county = repair_queries.county_of(left.village)
    own = [one for one in lost if one.village.path.startswith(county.path)]
    return next((one for one in matching.repairs_of(own, county) if one.left.pk == left.pk), None)
