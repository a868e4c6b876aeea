"""For which pairs is a person the one to talk to (G-28)?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from lingyan.directory.models import Person, Unit
from lingyan.pairing.models import Pairing
from lingyan.supervision.facts_of_neighbours import Depending
from lingyan.supervision.rules.words import TaskLevel


def depending(person: Person, unit: Unit | None) -> Iterator[Depending]:
    """An agreement names its contacts by name: of the unit, or of a village where a post was."""
    villages = person.offices.values("village")
    of_unit = Q(unit_contact=person.name, unit=unit, unit__isnull=False)
    named = of_unit | Q(village_contact=person.name, village__in=villages)
    rows = Pairing.objects.active().filter(named).select_related("unit", "village__parent")
    for pair in rows.order_by("village__path", "unit__name", "pk"):
        if unit is not None and pair.unit_id == unit.pk and pair.unit_contact == person.name:
            what = f"更换与{pair.village}结对的单位联系人"
            yield Depending(pair, what, pair.village, "pairing_detail", pair.unit, TaskLevel.UNIT)
        else:
            what = f"更换与{pair.unit}结对的村联系人"
            yield Depending(pair, what, pair.village, "pairing_detail", level=TaskLevel.VILLAGE)
