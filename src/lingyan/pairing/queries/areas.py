"""Of which area may somebody read the figures of pairing?"""

from __future__ import annotations

from uuid import UUID

from lingyan.directory import areas
from lingyan.directory.areas import Area, choices, within
from lingyan.directory.models import Place, Unit
from lingyan.pairing.models import Pairing
from lingyan.platform.accounts.actor import Actor, Scope

__all__ = ["Area", "area_of", "choices", "within"]


def area_of(actor: Actor, key: str) -> Area:
    """The area of the address; what is not there or not in scope is the own scope."""
    if wanted := areas.key_of(key, "unit"):
        unit = _unit(actor, wanted)
        return Area(key, str(unit), Scope((), (unit.pk,))) if unit else areas.own_area(actor)
    found = areas.area_of(actor, key)
    wanted = areas.key_of(key, "place")
    paired = wanted if found.key == areas.OWN and wanted else None
    place = paired and _paired_place(actor, paired)
    return areas.area_of_place(key, place) if place else found


def _paired_place(actor: Actor, wanted: UUID) -> Place | None:
    """A unit reads what it did in the village of its pair."""
    found = Pairing.objects.filter(unit_id__in=actor.scope.unit_ids, village=wanted)
    pairing = found.select_related("village__parent").order_by("pk").first()
    return pairing.village if pairing else None


def _unit(actor: Actor, wanted: UUID) -> Unit | None:
    """A unit of the own scope, or one that has a pair there."""
    if wanted in actor.scope.unit_ids:
        return Unit.objects.filter(pk=wanted).first()
    pairs = Pairing.objects.visible_to(actor.scope).filter(unit=wanted)
    pairing = pairs.select_related("unit").order_by("pk").first()
    return pairing.unit if pairing else None
