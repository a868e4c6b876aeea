"""Which cases does each gate hold now, as far as this reader may see them (12)?"""

from __future__ import annotations

from django.urls import reverse

from lingyan.directory.scoping import place_q
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.rectification_words import RectState
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.facts_of_neighbours import Holding

SHOWN = 8


def without_first_secretary(actor: Actor) -> Holding:
    """G-2: on the list, and the work cannot begin as nobody is posted there."""
    cases = list(
        RectificationCase.objects.filter(
            place_q(actor.scope, "village__"), state__in=(RectState.CONFIRMED, RectState.PLANNED)
        )
        .select_related("village")
        .order_by("village__path", "pk")
    )
    posted = neighbours.first_secretaries([one.village_id for one in cases])
    held = [str(one.village) for one in cases if one.village_id not in posted]
    return Holding(len(held), tuple(held[:SHOWN]), reverse("rect_case_list"))
