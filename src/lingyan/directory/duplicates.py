"""Which records may be of one person, and which have been found to be?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import NotTheSame, Person, PersonMerge
from lingyan.directory.queries import list_people
from lingyan.directory.rules.people import differ_by_one
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope

GROUPS_MOST = 100
SHOWN_MOST = 200


@dataclass(slots=True)
class Suspects:
    """Two records and what speaks for one person; `weight` puts the likeliest first."""

    first: Person
    second: Person
    reasons: list[str] = field(default_factory=list)
    weight: int = 0


Pair = tuple[Person, Person]


def list_suspects(scope: Scope, most: int = SHOWN_MOST) -> list[Suspects]:
    """Pairs that may be one person, the likeliest first; seven queries at any size.

    Two records that both have an identity number are two people: the register holds each once.
    """
    people = list_people(scope).defer("id_number_cipher", "phone_cipher")
    found: dict[frozenset[UUID], Suspects] = {}
    for keys, say in SIGNS:
        for one, other in _pairs(people, keys):
            if one.id_number_index and other.id_number_index:
                continue
            if sign := say(one, other):
                _add(found, one, other, *sign)
    known = _told_apart(found)
    suspects = [one for key, one in found.items() if key not in known]
    return sorted(suspects, key=lambda one: (-one.weight, one.first.name, one.first.number))[:most]


def _add(
    found: dict[frozenset[UUID], Suspects], one: Person, other: Person, text: str, weight: int
) -> None:
    first, second = sorted((one, other), key=lambda person: person.number)
    suspects = found.setdefault(frozenset((one.pk, other.pk)), Suspects(first, second))
    if suspects.weight < weight:
        suspects.weight = weight
        suspects.reasons = [text]


def _pairs(people: QuerySet[Person], keys: tuple[str, ...]) -> Iterator[Pair]:
    """Two and two of those that have the same values under the keys."""
    filled = people.exclude(**{f"{keys[0]}": ""})
    for key in keys[1:]:
        filled = filled.filter(**{f"{key}__isnull": False})
    shared = filled.order_by().values(*keys).annotate(count=Count("pk")).filter(count__gt=1)
    groups = list(shared.values_list(*keys)[:GROUPS_MOST])
    if not groups:
        return
    near = people.filter(
        **{f"{key}__in": {one[at] for one in groups} for at, key in enumerate(keys)}
    )
    alike: dict[tuple[Any, ...], list[Person]] = defaultdict(list)
    wanted = set(groups)
    for person in near:
        values = tuple(getattr(person, key) for key in keys)
        if values in wanted:
            alike[values].append(person)
    for several in alike.values():
        yield from combinations(several, 2)


def _same_sound(one: Person, other: Person) -> tuple[str, int]:
    if one.name == other.name:
        return "同名，出生日期相同", 4
    return "姓名同音，出生日期相同", 3


def _same_unit(one: Person, other: Person) -> tuple[str, int] | None:
    if one.birth_on is None or other.birth_on is None:
        return "同名，同单位，一方没有出生日期", 2
    same = (one.birth_on.year, one.birth_on.month) == (other.birth_on.year, other.birth_on.month)
    return ("同名，同单位，出生年月相同", 3) if same else None


def _near_name(one: Person, other: Person) -> tuple[str, int] | None:
    near = differ_by_one(one.name, other.name)
    return ("同单位，出生日期相同，姓名只差一字", 1) if near else None


Sign = Callable[[Person, Person], tuple[str, int] | None]
SIGNS: Sequence[tuple[tuple[str, ...], Sign]] = (
    (("pinyin", "birth_on"), _same_sound),
    (("name", "unit_id"), _same_unit),
    (("initials", "birth_on", "unit_id"), _near_name),
)


def _told_apart(keys: Iterable[frozenset[UUID]]) -> set[frozenset[UUID]]:
    """Pairs of which somebody has said that they are two people."""
    people = {pk for key in keys for pk in key}
    pairs = NotTheSame.objects.filter(first__in=people).values_list("first_id", "second_id")
    return {frozenset(pair) for pair in pairs}


def get_pair(scope: Scope, first_id: UUID, second_id: UUID) -> Pair:
    people = list_people(scope)
    first, second = (get_object_or_404(people, pk=pk) for pk in (first_id, second_id))
    return first, second


def list_merges(scope: Scope) -> QuerySet[PersonMerge]:
    return PersonMerge.objects.filter(place_q(scope, "kept__place__")).select_related(
        "kept", "dropped"
    )


def get_merge(scope: Scope, merge_id: UUID) -> PersonMerge:
    return get_object_or_404(list_merges(scope), pk=merge_id)


def find_successor(scope: Scope, person_id: UUID) -> Person | None:
    """Where the id of a merged record leads to, through as many mergers as there were."""
    gone = Person.objects.filter(pk=person_id).first()
    while gone is not None and gone.merged_into_id is not None:
        gone = Person.objects.get(pk=gone.merged_into_id)
    if gone is None or gone.pk == person_id:
        return None
    return list_people(scope).filter(pk=gone.pk).first()
