"""Whom or what does somebody look for who types characters, pinyin or initials?

Every key is a column with an index, and every question one range of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from lingyan.directory import queries
from lingyan.directory.models import Person, Place, PlaceEdition, Unit
from lingyan.directory.rules import plain_name
from lingyan.platform.accounts.actor import Scope

MOST = 20
LETTERS = re.compile(r"[a-z0-9]+")
Row = TypeVar("Row", bound=Model)
# Keys for Chinese text and for letters, the likelier first.
PERSON_KEYS = (("name", "given_name"), ("initials", "pinyin"))
UNIT_KEYS = (("core", "name"), ("initials", "pinyin"))
PLACE_KEYS = (("core", "short_name", "name"), ("initials", "pinyin"))
NUMBER = "number"
CODE = "code"


def plain(text: str) -> str:
    """What is compared: no blanks, small letters."""
    return plain_name(text).lower()


def _keys(keys: tuple[tuple[str, ...], tuple[str, ...]], text: str) -> tuple[str, ...]:
    """Of one letter the initials say everything that the pinyin does."""
    if not LETTERS.fullmatch(text):
        return keys[0]
    return keys[1][:1] if len(text) == 1 else keys[1]


def _either(keys: Sequence[str], text: str) -> Q:
    found = Q()
    for key in keys:
        found |= Q(**{f"{key}__prefix": text})
    return found


def people_q(text: str) -> Q:
    """For a list of people: name, given name, pinyin, initials, number."""
    text = plain(text)
    return _either(_keys(PERSON_KEYS, text), text) | Q(number__prefix=text.upper())


def staff_q(text: str) -> Q:
    """For a list of people who work somewhere: by themselves, or by their unit."""
    return people_q(text) | of_units_q(text, "unit")


def of_staff_q(text: str, prefix: str) -> Q:
    """The same for rows that point to a person."""
    ids = Person.objects.filter(staff_q(text)).values("pk")
    return Q(**{f"{prefix}__in": ids})


def of_people_q(text: str, prefix: str) -> Q:
    """The same for rows that point to a person."""
    ids = Person.objects.filter(people_q(text)).values("pk")
    return Q(**{f"{prefix}__in": ids})


def units_q(text: str) -> Q:
    text = plain(text)
    own = _either(_keys(UNIT_KEYS, text), text)
    return own | Q(sector__prefix=text) | Q(credit_code__prefix=text.upper())


def of_units_q(text: str, prefix: str) -> Q:
    """The same for rows that point to a unit."""
    ids = Unit.objects.filter(units_q(text)).values("pk")
    return Q(**{f"{prefix}__in": ids})


def of_places_q(text: str, prefix: str) -> Q:
    """The same for rows that point to a place; also by a name that it had before."""
    ids = Place.objects.filter(places_q(text)).values("pk")
    return Q(**{f"{prefix}__in": ids})


def villages_q(text: str) -> Q:
    """For a list of villages: by their own names, or by those of their town."""
    return places_q(text) | of_places_q(text, "parent")


def of_villages_q(text: str, prefix: str) -> Q:
    """The same for rows that point to a village."""
    ids = Place.objects.filter(villages_q(text)).values("pk")
    return Q(**{f"{prefix}__in": ids})


def places_q(text: str) -> Q:
    text = plain(text)
    former = PlaceEdition.objects.filter(short_name__prefix=text).values("place_id")
    return _either(_keys(PLACE_KEYS, text), text) | Q(code__prefix=text) | Q(pk__in=former)


def search_people(scope: Scope, text: str, most: int = MOST) -> list[Person]:
    rows = queries.list_people(scope).defer("id_number_cipher", "phone_cipher")
    wanted = plain(text)
    if found := _first(rows, _keys(PERSON_KEYS, wanted), wanted, most):
        return found
    return _first(rows, (NUMBER,), wanted.upper(), most)


def search_units(scope: Scope, text: str, most: int = MOST) -> list[Unit]:
    wanted = plain(text)
    return _first(queries.list_units(scope), _keys(UNIT_KEYS, wanted), wanted, most)


def search_places(scope: Scope, text: str, most: int = MOST) -> list[Place]:
    """Places of today and of before, by any name that they had."""
    wanted, rows = plain(text), queries.list_places_ever(scope)
    keys = (CODE,) if wanted.isdigit() else _keys(PLACE_KEYS, wanted)
    found = _first(rows, keys, wanted, most)
    if len(found) < most:
        former = PlaceEdition.objects.filter(short_name__prefix=wanted).values("place_id")
        known = {place.pk for place in found}
        found += [place for place in rows.filter(pk__in=former)[:most] if place.pk not in known]
    return sorted(found, key=lambda place: place.ended_on is not None)[:most]


def _first(rows: QuerySet[Row], keys: Sequence[str], text: str, most: int) -> list[Row]:
    """The first by each key in the key's own order: the index is read no further than needed."""
    found: dict[object, Row] = {}
    if not text:
        return []
    for key in keys:
        near = rows.filter(**{f"{key}__prefix": text}).order_by(key, "pk")
        for row in near[: most - len(found)]:
            found.setdefault(row.pk, row)
        if len(found) >= most:
            break
    return list(found.values())
