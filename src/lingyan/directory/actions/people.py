"""Which acts change people and their relatives?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from lingyan.common import clock
from lingyan.common.identity import Identity, read_identity
from lingyan.common.refusals import Refusal
from lingyan.directory import rules
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    require_role,
    row_number,
    set_changes,
)
from lingyan.directory.actions.departures import follow_departure, follow_transfer
from lingyan.directory.models import Person, Place, Relative, Unit
from lingyan.directory.rules.departures import Departure
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import Draft, create_drafted, create_recorded, draft_recorded
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.inserting import new_record, update_rows
from lingyan.platform.wall import reach

NUMBER_LETTER = "P"
NUMBER_DIGITS = 6
SOMEBODY = "他人"
CREATED = "directory.person.created"
EXPLAINED = "directory.person.conflict_explained"
TRACED_FIELDS = (
    "number", "name", "gender", "birth_on", "ethnicity", "education", "political_status",
    "party_joined_on", "work_started_on", "unit", "job_title", "rank", "place", "native_place",
    "household_place", "grown_up_place", "residence_place",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person to be registered. Without a number the register gives one."""

    name: str
    place: Place
    unit: Unit | None = None
    number: str = ""
    id_number: str = ""
    phone: str = ""
    gender: str = ""
    birth_on: date | None = None
    ethnicity: str = ""
    education: str = ""
    political_status: str = ""
    party_joined_on: date | None = None
    work_started_on: date | None = None
    job_title: str = ""
    rank: str = ""
    native_place: Place | None = None
    household_place: Place | None = None
    grown_up_place: Place | None = None
    residence_place: Place | None = None
    conflict_reason: str = ""
    is_demo: bool = False


Alike = tuple[str, UUID | None, date | None]


class _Known:
    """Whom the register knows of what the rows say, with what the rows before have added."""

    def __init__(self, rows: Sequence[PersonRow], actor: Actor) -> None:
        indexes = {index for row in rows for index in _indexes(row.id_number)}
        names = {row.name for row in rows if not row.number}
        self.by_index = {
            index: name
            for index, (_, name) in find_holders("id_number_index", indexes, actor).items()
        }
        numbers = [row.number for row in rows if row.number]
        self.numbers = set(find_holders("number", set(numbers), actor))
        self.alike: dict[Alike, str] = {}
        self._actor = actor
        alike = Person.objects.visible_to(actor.scope).filter(name__in=names)
        told = alike.values_list("name", "unit", "birth_on", "number") if names else ()
        for name, unit_id, born, number in told:
            self.alike[name, unit_id, born] = f"{name}（{number}）"

    def add(self, row: PersonRow) -> None:
        if row.id_number:
            self.by_index[_indexes(row.id_number)[0]] = row.name
        if row.number:
            self.numbers.add(row.number)
        self.alike.setdefault(_alike(row), row.name)

    def claim(self, row: PersonRow) -> rules.PersonClaim:
        return rules.PersonClaim(
            name=row.name,
            today=clock.today(),
            id_number=row.id_number,
            gender=row.gender,
            birth_on=row.birth_on,
            work_started_on=row.work_started_on,
            party_joined_on=row.party_joined_on,
            conflict_reason=_reason(row.conflict_reason, self._actor),
            number_taken=row.number in self.numbers,
            id_number_holder=next(
                (self.by_index[one] for one in _indexes(row.id_number) if one in self.by_index), ""
            ),
            alike="" if row.number else self.alike.get(_alike(row), ""),
        )


def find_holders(field: str, wanted: set[str], actor: Actor) -> dict[str, tuple[UUID, str]]:
    """Who has these numbers in the whole register; whom the actor may not see has no name."""
    if not wanted:
        return {}
    with reach.everything():
        held = Person.objects.filter(**{f"{field}__in": wanted}).values_list(field, "pk")
        keys = {str(key): pk for key, pk in held}
        seen = Person.objects.visible_to(actor.scope).filter(pk__in=keys.values())
        names = dict(seen.values_list("pk", "name"))
    return {key: (pk, names.get(pk, SOMEBODY)) for key, pk in keys.items()}


def _reason(text: str, actor: Actor) -> str:
    """Only the county's organization department may overrule an identity number (R-1-04)."""
    return text.strip() if actor.role in rules.STAFF_REGISTRARS else ""


def _indexes(id_number: str) -> list[str]:
    """Under which the number may be stored; none where there is no number."""
    number = id_number.strip().upper()
    return cipher.blind_indexes(number) if number else []


def _alike(row: PersonRow) -> Alike:
    return row.name, row.unit.pk if row.unit else None, _birth(row)


def _birth(row: PersonRow) -> date | None:
    identity = read_identity(row.id_number) if row.id_number else None
    return row.birth_on or (identity.born_on if isinstance(identity, Identity) else None)


@transaction.atomic
def create_people(
    rows: Sequence[PersonRow], *, actor: Actor, drafts: Sequence[Draft[Person]] = ()
) -> list[Person]:
    """Register people, each once; all refusals of all rows at once.

    `drafts` are what `draft_people` has made of the rows before, while nobody had to wait.
    """
    require_role(actor, rules.PERSON_REGISTRARS, "登记人员")
    # One registration at a time: two at once must not draw the same number or the same person.
    with reach.everything():
        list(Place.objects.select_for_update().filter(parent__isnull=True).order_by("path"))
    known = _Known(rows, actor)
    found, claims = [], []
    for position, row in enumerate(rows):
        claims.append(known.claim(row))
        refusals = [
            *rules.refuse_person(claims[-1]),
            *refuse_outside(actor, row.place.path, row.unit.pk if row.unit else None),
        ]
        found.append((row_number(position, rows), row.name, refusals))
        known.add(row)
    raise_all(found)
    if drafts and all(draft.thing.number for draft in drafts):
        return _explained(create_drafted(drafts, actor=actor), claims, actor)
    number = _last_number()
    people = [draft.thing for draft in drafts] or [_new_person(row) for row in rows]
    for person in people:
        if not person.number:
            number += 1
            person.number = f"{NUMBER_LETTER}{number:0{NUMBER_DIGITS}d}"
    made = create_recorded(people, action=CREATED, actor=actor, fields=TRACED_FIELDS)
    return _explained(made, claims, actor)


def _explained(
    people: list[Person], claims: Sequence[rules.PersonClaim], actor: Actor
) -> list[Person]:
    """The history keeps why somebody's record says otherwise than the identity number."""
    traces = [
        Trace(EXPLAINED, person, reason=claim.conflict_reason)
        for person, claim in zip(people, claims, strict=True)
        if claim.conflict_reason and rules.needs_reason(claim)
    ]
    if traces:
        record_many(traces, actor=actor)
    return people


def _last_number() -> int:
    pattern = rf"^{NUMBER_LETTER}[0-9]{{{NUMBER_DIGITS}}}$"
    with reach.everything():
        given = Person.objects.filter(number__regex=pattern)
        last = given.aggregate(last=Max("number"))["last"]
    return int(last[1:]) if last else 0


def draft_people(rows: Sequence[PersonRow]) -> list[Draft[Person]]:
    """The records of rows that the rules let pass, not yet stored; some without a number."""
    people = [_new_person(row) for row in rows]
    return draft_recorded(people, action=CREATED, fields=TRACED_FIELDS)


def _new_person(row: PersonRow) -> Person:
    person = new_record(
        Person, number=row.number, name=row.name.strip(), place=row.place, unit=row.unit,
        gender=row.gender, birth_on=row.birth_on, ethnicity=row.ethnicity,
        education=row.education, political_status=row.political_status,
        party_joined_on=row.party_joined_on, work_started_on=row.work_started_on,
        job_title=row.job_title, rank=row.rank, native_place=row.native_place,
        household_place=row.household_place, grown_up_place=row.grown_up_place,
        residence_place=row.residence_place, is_demo=row.is_demo,
    )  # fmt: skip
    if row.id_number:
        _set_identity(person, row.id_number)
    if row.phone:
        person.set_phone(row.phone)
    return person


def _set_identity(person: Person, text: str) -> None:
    """Birth date and gender come from the number where they were not entered (R-1-04)."""
    identity = read_identity(text)
    assert isinstance(identity, Identity), "the rule has read it before"
    person.set_id_number(identity.number)
    person.birth_on = person.birth_on or identity.born_on
    person.gender = person.gender or identity.sex


def register_person(row: PersonRow, *, actor: Actor) -> Person:
    return create_people([row], actor=actor)[0]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What is registered anew; an empty identity number or phone leaves the stored one."""

    person: Person
    values: Mapping[str, Any]
    id_number: str = ""
    phone: str = ""
    conflict_reason: str = ""


def change_person(
    person: Person,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    id_number: str = "",
    phone: str = "",
    conflict_reason: str = "",
) -> Person:
    change = PersonChange(person, values, id_number, phone, conflict_reason)
    return change_people([change], actor=actor)[0]


@transaction.atomic
def change_people(
    changes: Sequence[PersonChange], *, actor: Actor, held: bool = False
) -> list[Person]:
    """Change what is registered of many at once; all refusals of all of them at once.

    The trail says that an identity number or a phone changed, never what it is. With `held` the
    caller holds the records, and knows that they are as they were when they were read.
    """
    require_role(actor, rules.PERSON_REGISTRARS, "修改人员信息")
    people = [one.person for one in changes] if held else _locked(changes)
    taken = _Taken(changes, actor)
    claims = [
        _changed_claim(person, one, taken, actor)
        for person, one in zip(people, changes, strict=True)
    ]
    raise_all(
        (row_number(position, changes), person.name, rules.refuse_person(claim))
        for position, (person, claim) in enumerate(zip(people, claims, strict=True))
    )
    told = [_set_changed(person, one) for person, one in zip(people, changes, strict=True)]
    update_rows(
        [
            (person, [*values, *(SECRET_FIELDS if one.id_number or one.phone else ())])
            for person, one, values in zip(people, changes, told, strict=True)
        ]
    )
    secrets = [_secrets_told(one) for one in changes]
    traces = [
        Trace("directory.person.changed", person, values | secret)
        for person, values, secret in zip(people, told, secrets, strict=True)
        if values or secret
    ]
    record_many(traces, actor=actor)
    _follow(zip(people, told, strict=True))
    return _explained(people, claims, actor)


def _follow(changed: Iterable[tuple[Person, dict[str, list[Any]]]]) -> None:
    """Who has left the Party or the unit by what is registered now (G-28)."""
    for person, values in changed:
        before, after = values.get("political_status", ("", ""))
        if before in rules.PARTY_MEMBERS and after and after not in rules.PARTY_MEMBERS:
            follow_departure(person, Departure.PARTY_LOST, clock.today())
        left, _ = values.get("unit", (None, None))
        if left is not None:
            follow_transfer(person, left)


def _locked(changes: Sequence[PersonChange]) -> list[Person]:
    wanted = Person.objects.filter(pk__in=[one.person.pk for one in changes]).order_by("pk")
    locked = {one.pk: one for one in wanted.select_for_update(of=("self",)).select_related("place")}
    return [locked[one.person.pk] for one in changes]


SECRET_FIELDS = ("id_number_cipher", "id_number_index", "phone_cipher", "birth_on", "gender")


def _set_changed(person: Person, change: PersonChange) -> dict[str, list[Any]]:
    values = set_changes(person, change.values)
    if change.id_number:
        _set_identity(person, change.id_number)
    if change.phone:
        person.set_phone(change.phone)
    return values


def _secrets_told(change: PersonChange) -> dict[str, list[Any]]:
    told = ["（已加密）", "（已修改）"]
    given = {"id_number": change.id_number, "phone": change.phone}
    return {name: told for name, value in given.items() if value}


class _Taken:
    """Whose the numbers and identity numbers are that the changes name."""

    def __init__(self, changes: Sequence[PersonChange], actor: Actor) -> None:
        indexes = {index for one in changes for index in _indexes(one.id_number)}
        numbers = {one.values["number"] for one in changes if "number" in one.values}
        self.by_number = find_holders("number", numbers, actor)
        self.by_index = find_holders("id_number_index", indexes, actor)

    def claim_number(self, person: Person, number: str) -> bool:
        holder, _ = self.by_number.setdefault(number, (person.pk, person.name))
        return holder != person.pk

    def claim_identity(self, person: Person, id_number: str) -> str:
        """The name of somebody else who has this identity number, or has just been given it."""
        for index in _indexes(id_number):
            holder, name = self.by_index.setdefault(index, (person.pk, person.name))
            if holder != person.pk:
                return name
        return ""


OF_IDENTITY = ("birth_on", "gender")


def number_to_meet(
    person: Person | None, given: Mapping[str, Any], number: str
) -> tuple[str, frozenset[str]]:
    """Which number birth date and gender must fit, and what of the two stays as it stands.

    The stored one is opened only where one of the two would change.
    """
    if person is None or number:
        return number, frozenset()
    held = {name: getattr(person, name) for name in OF_IDENTITY}
    kept = frozenset(name for name in OF_IDENTITY if given.get(name, held[name]) == held[name])
    stored = person.id_number_cipher
    return (cipher.decrypt(stored) if stored and len(kept) < len(OF_IDENTITY) else ""), kept


def _changed_claim(
    person: Person, change: PersonChange, taken: _Taken, actor: Actor
) -> rules.PersonClaim:
    values = change.values
    number, kept = number_to_meet(person, values, change.id_number)
    return rules.PersonClaim(
        name=values.get("name", person.name),
        today=clock.today(),
        id_number=number,
        gender=values.get("gender", person.gender),
        birth_on=values.get("birth_on", person.birth_on),
        work_started_on=values.get("work_started_on", person.work_started_on),
        party_joined_on=values.get("party_joined_on", person.party_joined_on),
        conflict_reason=_reason(change.conflict_reason, actor),
        kept=kept,
        number_taken="number" in values and taken.claim_number(person, values["number"]),
        id_number_holder=taken.claim_identity(person, change.id_number),
    )


@dataclass(frozen=True, slots=True)
class RelativeRow:
    person: Person
    other: Person
    relation: str


@transaction.atomic
def create_relatives(rows: Sequence[RelativeRow], *, actor: Actor) -> list[Relative]:
    """Register relations; each pair once, whichever way round it was told."""
    require_role(actor, rules.PERSON_REGISTRARS, "登记近亲属关系")
    known = _known_pairs(rows)
    found = []
    for position, row in enumerate(rows):
        pair = frozenset((row.person.pk, row.other.pk))
        refusals: list[Refusal] = [
            *rules.refuse_relative(oneself=len(pair) == 1, known=pair in known),
            *refuse_outside(actor, row.person.place.path, row.person.unit_id),
        ]
        known.add(pair)
        found.append((row_number(position, rows), f"{row.person}—{row.other}", refusals))
    raise_all(found)
    relatives = [
        Relative(person=row.person, other=row.other, relation=row.relation) for row in rows
    ]
    return create_recorded(
        relatives,
        action="directory.relative.created",
        actor=actor,
        fields=("person", "other", "relation"),
    )


def _known_pairs(rows: Sequence[RelativeRow]) -> set[frozenset[UUID]]:
    people = {row.person.pk for row in rows} | {row.other.pk for row in rows}
    stored = Relative.objects.filter(person_id__in=people).values_list("person_id", "other_id")
    return {frozenset(pair) for pair in stored}


def register_relative(row: RelativeRow, *, actor: Actor) -> Relative:
    return create_relatives([row], actor=actor)[0]


@transaction.atomic
def remove_relative(relative: Relative, *, actor: Actor) -> None:
    """Take back a relation that was entered by mistake; the trail keeps it."""
    relative = (
        Relative.objects.select_for_update(of=("self",))
        .select_related("person__place", "other")
        .get(pk=relative.pk)
    )
    require_role(actor, rules.PERSON_REGISTRARS, "撤销近亲属关系")
    record(
        "directory.relative.removed",
        actor=actor,
        subject=relative,
        changes={"relation": [relative.relation, None]},
    )
    relative.delete()
