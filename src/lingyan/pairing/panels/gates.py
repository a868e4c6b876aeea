"""Which pairs does each gate hold now, as far as this reader may see them (12)?"""

from __future__ import annotations

from django.urls import reverse

from lingyan.pairing.facts_of_neighbours import pairs_bound
from lingyan.pairing.queries.pairings import list_pairings
from lingyan.pairing.rules.words import PairingState
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.facts_of_neighbours import Holding

SHOWN = 8


def bound(actor: Actor) -> Holding:
    """G-3: these units serve the rectification of their villages."""
    active = list(
        list_pairings(actor.scope)
        .filter(state=PairingState.ACTIVE)
        .order_by("village__path", "unit__name", "pk")
    )
    pairs = pairs_bound([(one.unit_id, one.village_id) for one in active])
    held = [one for one in active if (one.unit_id, one.village_id) in pairs]
    names = tuple(f"{one.unit}—{one.village}" for one in held[:SHOWN])
    return Holding(len(held), names, reverse("pairing_list"))
