"""Which records may be of one person, and which have been found to be?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.shortcuts import get_object_or_404

from lingyan.directory.models import NotTheSame, Person, PersonMerge
from lingyan.directory.queries import list_people
from lingyan.directory.rules.people import differ_by_one
from lingyan.directory.scoping import person_q
from lingyan.directory.search import people_q
from lingyan.platform.accounts.actor import Scope

GROUPS_MOST = 500


class Record(NamedTuple):
    """What is compared of a person."""

    pk: UUID
    number: str
    name: str
    unit_id: UUID | None
    birth_on: date | None
    id_number: str | None
    pinyin: str
    initials: str


Pair = tuple[Person, Person]
Found = tuple[Record, Record]


@dataclass(slots=True)
class Suspects:
    """Two records and what speaks for one person; `weight` puts the likeliest first."""

    first: Record
    second: Record
    reason: str
    weight: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Every pair that may be one person; not all where there were too many to look through."""

    pairs: list[Suspects]
    is_cut: bool


def list_suspects(scope: Scope, text: str = "") -> Findings:
    """Pairs that may be one person, the likeliest first; seven queries at any size.

    Two records that both have an identity number are two people: the register holds each once.
    With a text only people whose names begin so are compared.
    """
    people = list_people(scope).select_related(None).order_by()
    if text:
        people = people.filter(people_q(text))
    found: dict[frozenset[UUID], Suspects] = {}
    cut = False
    for sign in SIGNS:
        groups = list(sign.groups(people)[: GROUPS_MOST + 1])
        cut = cut or len(groups) > GROUPS_MOST
        for one, other in _pairs(people, sign.keys, groups[:GROUPS_MOST]):
            told = None if one.id_number and other.id_number else sign.say(one, other)
            key = frozenset((one.pk, other.pk))
            if told and (key not in found or found[key].weight < told[1]):
                first, second = sorted((one, other), key=lambda row: row.number)
                found[key] = Suspects(first, second, *told)
    known = _told_apart(found)
    pairs = [one for key, one in found.items() if key not in known]
    pairs.sort(key=lambda one: (-one.weight, one.first.name, one.first.number, one.second.number))
    return Findings(pairs, cut)


def show_pairs(scope: Scope, page: Iterable[Suspects]) -> list[tuple[Person, Person, str]]:
    """The two people of each pair on a page, and what speaks for one person."""
    shown = list(page)
    people = list_people(scope).defer("id_number_cipher", "phone_cipher")
    known = people.in_bulk({row.pk for one in shown for row in (one.first, one.second)})
    return [(known[one.first.pk], known[one.second.pk], one.reason) for one in shown]


def _pairs(
    people: QuerySet[Person], keys: tuple[str, ...], groups: list[tuple[Any, ...]]
) -> Iterator[Found]:
    """Two and two of those that have the same values under the keys."""
    if not groups:
        return
    near = people.filter(
        **{f"{key}__in": {one[at] for one in groups} for at, key in enumerate(keys)}
    )
    columns = ["id_number_index" if one == "id_number" else one for one in Record._fields]
    alike: dict[tuple[Any, ...], list[Record]] = {one: [] for one in groups}
    for row in map(Record._make, near.values_list(*columns)):
        values = tuple(getattr(row, key) for key in keys)
        if values in alike:
            alike[values].append(row)
    for several in alike.values():
        yield from combinations(several, 2)


def _same_sound(one: Record, other: Record) -> tuple[str, int]:
    if one.name == other.name:
        return "同名，出生日期相同", 4
    return "姓名同音，出生日期相同", 3


def _same_unit(one: Record, other: Record) -> tuple[str, int] | None:
    if one.birth_on is None or other.birth_on is None:
        return "同名，同单位，一方没有出生日期", 2
    same = (one.birth_on.year, one.birth_on.month) == (other.birth_on.year, other.birth_on.month)
    return ("同名，同单位，出生年月相同", 3) if same else None


def _near_name(one: Record, other: Record) -> tuple[str, int] | None:
    near = differ_by_one(one.name, other.name)
    return ("同单位，出生日期相同，姓名只差一字", 1) if near else None


def _in_one_month(groups: QuerySet[Any]) -> QuerySet[Any]:
    """Of those of one name leave out pairs that were born in two months, before they are read."""
    born = groups.annotate(dated=Count("birth_on"), first=Min("birth_on"), last=Max("birth_on"))
    same = Q(month=F("last_month"))
    dated = born.annotate(month=TruncMonth("first"), last_month=TruncMonth("last"))
    likely: QuerySet[Any] = dated.filter(Q(count__gt=2) | Q(dated__lt=F("count")) | same)
    return likely


@dataclass(frozen=True, slots=True)
class Sign:
    """Under which keys people are alike, and what that says of two of them.

    Each is read off an index that holds its keys: no person is looked at who is alike to nobody.
    """

    keys: tuple[str, ...]
    say: Callable[[Record, Record], tuple[str, int] | None]
    narrow: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda groups: groups

    def groups(self, people: QuerySet[Person]) -> QuerySet[Any]:
        filled = people
        for key in self.keys:
            text = key in TEXTS
            filled = filled.filter(**({f"{key}__gt": ""} if text else {f"{key}__isnull": False}))
        shared = filled.values(*self.keys).annotate(count=Count("*")).filter(count__gt=1)
        return self.narrow(shared).order_by(*self.keys).values_list(*self.keys)


TEXTS = ("pinyin", "name", "initials")
SIGNS = (
    Sign(("pinyin", "birth_on"), _same_sound),
    Sign(("unit_id", "name"), _same_unit, _in_one_month),
    Sign(("unit_id", "birth_on", "initials"), _near_name),
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
    return PersonMerge.objects.filter(person_q(scope, "kept")).select_related("kept", "dropped")


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
