"""Of which area may somebody read figures?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from lingyan.directory import queries as directory
from lingyan.directory.models import Place, Unit
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.ui.listing import Filter

OWN, WHOLE = "", "county"


@dataclass(frozen=True, slots=True)
class Area:
    """What a figure is of: the own scope, the county, a place or a unit in scope."""

    key: str
    label: str
    scope: Scope


def area_of(actor: Actor, key: str) -> Area:
    """The area of the address; what is not there or not in scope is the own scope."""
    if key == WHOLE and (county := county_of(actor)):
        return Area(WHOLE, str(county), Scope((county.path,)))
    wanted = key_of(key, "place")
    found = wanted and Place.objects.visible_to(actor.scope).filter(pk=wanted).first()
    return area_of_place(key, found) if found else own_area(actor)


def find_area(actor: Actor, key: str) -> Area | None:
    """The area of the address; none where it is not there, or not in scope."""
    if key == OWN:
        return own_area(actor)
    if wanted := key_of(key, "unit"):
        unit = Unit.objects.visible_to(actor.scope).filter(pk=wanted).first()
        return Area(key, str(unit), Scope((), (unit.pk,))) if unit else None
    found = area_of(actor, key)
    return found if found.key == key else None


def key_of(key: str, kind: str) -> UUID | None:
    """The record that a key of this kind names."""
    own, _, text = key.partition("-")
    try:
        return UUID(text) if own == kind else None
    except ValueError:
        return None


def area_of_place(key: str, place: Place) -> Area:
    return Area(key, f"{place.parent or ''}{place}", Scope((place.path,)))


def own_area(actor: Actor) -> Area:
    return Area(OWN, actor.place_name or "我的范围", actor.scope)


def county_of(actor: Actor) -> Place | None:
    """The county in which the person works; none for whoever is above all counties."""
    try:
        return directory.get_county(actor.scope)
    except Http404:
        return None


def choices(actor: Actor, chosen: Area) -> list[tuple[str, str]]:
    """What the page offers: the own scope, the county, its towns; and what was asked for."""
    found = [(OWN, own_area(actor).label)]
    county = county_of(actor)
    own_paths = actor.scope.place_paths
    if county is not None and own_paths != (county.path,):
        found.append((WHOLE, f"{county}（全县）"))
    if own_paths:
        towns = directory.list_towns(actor.scope).exclude(path__in=own_paths)
        found += [(f"place-{one.pk}", str(one)) for one in towns]
    if chosen.key not in {key for key, _ in found}:
        found.append((chosen.key, chosen.label))
    return found


def narrowed(
    request: HttpRequest, actor: Actor, rows: Callable[[Actor], QuerySet[Any]]
) -> tuple[Filter, ...]:
    """Above a list that was opened from the page of an area: only what lies in it, or all again.

    `rows` are those of a person whose scope is that area. An area that is not there or not in
    scope narrows nothing: the list has its own scope.
    """
    key = request.GET.get("area", "")
    area = find_area(actor, key) if key else None
    if area is None:
        return ()
    inside = rows(replace(actor, scope=area.scope)).order_by().values("pk")
    return (Filter("area", "范围", [(area.key, area.label)], lambda _: Q(pk__in=inside)),)
