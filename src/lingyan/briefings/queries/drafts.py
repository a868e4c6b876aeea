"""Which template and which place does somebody mean who asks by command?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lingyan.briefings.models import BriefingTemplate
from lingyan.briefings.rules.supplied import Supplied, find_supplied
from lingyan.directory.models import Place


def find_place(code: str) -> Place | None:
    """The one that holds this code today."""
    if not code:
        return None
    held = Place.objects.filter(code=code, ended_on__isnull=True)
    return held.select_related("parent").order_by("pk").first()


def find_template(name: str, code: str) -> Supplied | None:
    """The county's own edition, where it has one, before that which came with the product."""
    own = _of_county(code).filter(Q(key=name) | Q(name=name)).order_by("name", "pk").first()
    if own is not None:
        return Supplied(own.key, own.name, own.series, own.title, own.text)
    return find_supplied(name)


def template_names(code: str) -> list[str]:
    return list(_of_county(code).order_by("name", "pk").values_list("name", flat=True))


def _of_county(code: str) -> QuerySet[BriefingTemplate]:
    place = find_place(code)
    path = place.path if place else ""
    above = [path[:end] for end in range(len(path) + 1)]
    return BriefingTemplate.objects.filter(county__path__in=above, withdrawn_on__isnull=True)
