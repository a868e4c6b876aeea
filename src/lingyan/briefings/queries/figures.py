"""What does an indicator say of an area, of the places in it, and which records stand behind it?

The number of an area is told whole to whoever may ask for the area, of its records the reader sees
the own ones: so the number is read past the wall between readers, the records are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.http import Http404

from lingyan.directory import queries as directory
from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import (
    Evidence,
    Indicator,
    Parts,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import covers
from lingyan.platform.wall import reach

PER_PAGE = 50


def list_indicators(actor: Actor) -> list[Indicator]:
    """Those that this person may read, in the order of the modules."""
    return [one for one in registry.everything() if may_read(actor, one)]


def may_read(actor: Actor, indicator: Indicator) -> bool:
    """What a county defines is there for whoever is in it or above it."""
    if actor.scope.is_everything:
        return True
    own = indicator.within
    inside = any(one.startswith(own) or own.startswith(one) for one in actor.scope.place_paths)
    return actor.role in indicator.readers and (not own or inside)


def may_open(actor: Actor, indicator: Indicator) -> bool:
    """Whoever reads figures only opens no record."""
    return actor.role in indicator.openers


def get_indicator(actor: Actor, code: str) -> Indicator:
    """By code or row; one that this person may not read is not there."""
    found = registry.find(code)
    if found is None or not may_read(actor, found):
        raise Http404
    return found


def parts_of(indicator: Indicator, question: Question) -> Parts:
    with reach.everything():
        return indicator.parts(question)


def notes_of(indicator: Indicator, question: Question) -> list[str]:
    """What stands beside a number is told of the whole area, as the number is."""
    if indicator.notes is None:
        return []
    with reach.everything():
        return indicator.notes(question)


@dataclass(frozen=True, slots=True)
class OfPlace:
    """What an indicator says of one of several places side by side."""

    place: Place
    parts: Parts
    is_told: bool = True


def places_within(actor: Actor, scope: Scope) -> list[Place]:
    """The towns of a county, the villages of a town: those in the reader's scope."""
    if len(scope.place_paths) != 1 or scope.is_everything or scope.unit_ids or scope.person_id:
        return []
    inside = directory.list_places(actor.scope).filter(parent__path=scope.place_paths[0])
    return list(inside.order_by("path"))


def with_places(
    indicator: Indicator, question: Question, places: list[Place]
) -> tuple[Parts, list[OfPlace]]:
    """The number, and what it is in each of the places side by side.

    What is too few to be told is not found by taking the others from the sum.
    """
    if not places:
        return parts_of(indicator, question), []
    with reach.everything():
        whole, found = indicator.source.with_places(question, [one.path for one in places])
    rows = [OfPlace(one, found.get(one.path, Parts())) for one in places]
    return whole, _protected(indicator, rows)


def _protected(indicator: Indicator, rows: list[OfPlace]) -> list[OfPlace]:
    """依据：7.7 少于下限的不公布；不公布的各处合起来也不够时，再隐去最少的，免得相减得出。"""
    hidden = [one for one in rows if one.parts.of and not indicator.is_told(one.parts)]
    told = [one for one in rows if one.parts.of and indicator.is_told(one.parts)]
    told.sort(key=lambda one: (one.parts.of, one.place.path))
    while hidden and told and not indicator.is_told(_sum(hidden)):
        hidden.append(told.pop(0))
    return [replace(one, is_told=False) if one in hidden else one for one in rows]


def _sum(rows: Iterable[OfPlace]) -> Parts:
    return sum((one.parts for one in rows), Parts())


@dataclass(frozen=True, slots=True)
class Seen:
    """The records behind a number, as far as this person may see them."""

    evidence: Evidence
    is_told: bool  # whether they are enough to be shown at all


def evidence_of(
    indicator: Indicator,
    question: Question,
    reader: Scope,
    *,
    text: str = "",
    start: int = 0,
    stop: int | None = None,
) -> Seen:
    found = indicator.source.evidence(question, reader, text=text, start=start, stop=stop)
    if not covers(reader, question.scope):
        with reach.everything():  # how many more there are is told past the wall
            beyond = indicator.source.evidence(question, reader, start=0, stop=1)
        found = replace(found, hidden=beyond.hidden)
    if not indicator.shown_from or indicator.is_told(found.own):
        return Seen(found, True)
    # Who counts the records of a small group knows what the number does not tell.
    return Seen(Evidence([], 0, found.hidden, found.own), False)


def people_in(records: Sequence[Record]) -> list[Person]:
    """Of whom these records tell: whoever takes them away is noted with their names."""
    keys: dict[str, list[str]] = {}
    for one in records:
        keys.setdefault(one.label, []).append(one.key.partition(":")[0])
    found: dict[Any, Person] = {}
    for label, some in keys.items():
        column = _column_of_person(label)
        if column:
            rows = apps.get_model(label)._base_manager.filter(pk__in=some)
            named = Person.objects.filter(pk__in=rows.order_by().values(column))
            found |= {one.pk: one for one in named}
    beside = {key for one in records for key in one.people} - set(map(str, found))
    return [*found.values(), *Person.objects.filter(pk__in=beside)]


def _column_of_person(label: str) -> str:
    """How a record of this kind, or the posting that it belongs to, names somebody."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return ""
    if model is Person:
        return "pk"
    fields = model._meta.concrete_fields
    named = (one.attname for one in fields if one.related_model is Person)
    of_posting = ("posting__person" for one in fields if one.name == "posting")
    return next(iter((*named, *of_posting)), "")


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of the records is shown; what `ui/_pager.html` asks for."""

    page: Page[int]
    note: str = ""

    @property
    def total(self) -> int:
        return self.page.paginator.count


def paged(total: int, number: str) -> Paged:
    return Paged(Paginator(range(total), PER_PAGE).get_page(number))
