"""What does the sheet of village officers say, and how does it become posts that people hold?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.directory import queries, rules
from lingyan.directory.actions.officers import (
    OfficeDetails,
    OfficerRow,
    create_officers,
    describe_offices,
    end_office,
)
from lingyan.directory.actions.people import PersonRow, create_people
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Person, Place, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.directory.rules import plain_name
from lingyan.directory.sheets import OFFICERS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

DETAILS = ("method", "full_time", *(kind.value for kind in rules.SourceCategory))
Holders = dict[tuple[UUID, str], dict[str, str]]
SINCE_MISSING = Flaw(
    "新登记的任职没有写任职日期",
    "请填写任职日期，只知道年月的写到月",
    "a new office needs the day on which it began",
    "fill in the day or the month",
)
UNTIL_KNOWN = Flaw(
    "离任日期已登记为另一天，不能用表格改",
    "请核对；确需更正的请联系县委组织部管理员",
    "another last day is registered",
    "check the day",
)
TWO_OF_ONE_NAME = Flaw(
    "该村登记有同名的两人，分不清是谁",
    "请在村干部页面上办理",
    "two people of this name are registered in the village",
    "use the page of village officers",
)


@dataclass(slots=True)
class _Register:
    """Who holds what in the villages, with what the rows before have added."""

    names: Names
    offices: dict[tuple[UUID, str, str], list[VillageOfficer]]
    people: dict[tuple[UUID, str], list[Person]]
    holders: Holders = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, actor: Actor) -> _Register:
        offices: dict[tuple[UUID, str, str], list[VillageOfficer]] = defaultdict(list)
        people: dict[tuple[UUID, str], list[Person]] = defaultdict(list)
        register = cls(Names(actor), offices, people)
        for one in queries.list_officers(actor.scope):
            name = plain_name(one.person.name)
            offices[one.village_id, name, one.post].append(one)
            if one.until is None:
                register.holders[one.village_id, one.post][name] = one.person.name
            if one.person not in people[one.village_id, name]:
                people[one.village_id, name].append(one.person)
        villagers = queries.list_people(actor.scope).filter(place__level=rules.PlaceLevel.VILLAGE)
        for person in villagers:
            known = people[person.place_id, plain_name(person.name)]
            if person not in known:
                known.append(person)
        return register


@dataclass(frozen=True, slots=True)
class _Office:
    """What a row would register: a person (perhaps a new one) in a post of a village."""

    village: Place
    person: Person | None
    name: str
    post: str
    since: date | None
    until: date | None
    said: Mapping[str, Any]


def match_officers(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    """A post is free for a new holder in the same file that names the old one's last day."""
    register = _Register.of(actor)
    readers = [RowReader(row, OFFICERS, register.names) for row in incoming.rows]
    located = [(reader, reader.village()) for reader in readers]
    for reader, village in located:
        if village is not None and reader.row.values["until"] is not None:
            _leave(register, village, reader.row.values)
    return [_match(reader, village, register) for reader, village in located]


def _leave(register: _Register, village: Place, values: Mapping[str, Any]) -> None:
    name = plain_name(values["name"])
    stored = _stored(register, village, name, values)
    if stored is not None and stored.until is None:
        register.holders[village.pk, values["post"]].pop(name, None)


def _match(reader: RowReader, village: Place | None, register: _Register) -> RowOutcome:
    row, values = reader.row, reader.row.values
    name = plain_name(values["name"])
    if village is None:
        return wrong(row, values["name"], reader.faults)
    note_listed(*register.people[village.pk, name])
    label = f"{village}{dict(rules.OfficerPost.choices())[values['post']]}{values['name']}"
    stored = _stored(register, village, name, values)
    if stored is not None:
        _refuse_change(reader, stored)
    else:
        _refuse_new(reader, register, village, name)
    if reader.faults:
        return wrong(row, label, reader.faults)
    people = register.people[village.pk, name]
    given = dict(values) | {"village": village.short_name, "town": _town(village)}
    office = _Office(
        village, people[0] if people else None, values["name"], values["post"],
        values["since"], values["until"], values,
    )  # fmt: skip
    return outcome_of(
        row,
        OFFICERS,
        label=label,
        stored=_row_of(stored) if stored else None,
        given=given,
        subject=stored,
        plan=office,
        group=str(village.pk),
    )


def _stored(
    register: _Register, village: Place, name: str, values: Mapping[str, Any]
) -> VillageOfficer | None:
    """The same office: by its first day where the row names one, else the one held now."""
    offices = register.offices[village.pk, name, values["post"]]
    if values["since"] is not None:
        return next((one for one in offices if one.since == values["since"]), None)
    return next((one for one in offices if one.until is None), None)


def _refuse_change(reader: RowReader, stored: VillageOfficer) -> None:
    until = reader.row.values["until"]
    if until is None or until == stored.until:
        return
    if stored.until is not None:
        reader.fault("until", UNTIL_KNOWN)
    else:
        reader.refuse("until", rules.refuse_to_end_office(since=stored.since, until=until))


def _refuse_new(reader: RowReader, register: _Register, village: Place, name: str) -> None:
    values = reader.row.values
    if len(register.people[village.pk, name]) > 1:
        reader.fault("name", TWO_OF_ONE_NAME)
    if values["since"] is None:
        reader.fault("since", SINCE_MISSING)
        return
    holders = register.holders[village.pk, values["post"]]
    claim = rules.OfficeClaim(
        post=values["post"],
        since=values["since"],
        until=values["until"],
        today=clock.today(),
        held_already=name in holders,
        holder=next(iter(holders.values()), ""),
    )
    reader.refuse("post", rules.refuse_office(claim))
    if values["until"] is None:
        holders[name] = values["name"]


def apply_officers(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    """Leavings first, so that a post for one is free for who comes after."""
    written = []
    for one in outcomes:
        if one.verdict is Verdict.CHANGED and isinstance(one.subject, VillageOfficer):
            before = image_of(one.subject)
            written.append(Written(one.number, _change(one, actor), before))
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    people, registered = _people_of(new, actor)
    rows = [_officer_row(one, people) for one in new]
    created = create_officers(rows, actor=actor) if rows else []
    posts = [Written(one.number, post, None) for one, post in zip(new, created, strict=True)]
    return written + registered + posts


def _change(outcome: RowOutcome, actor: Actor) -> VillageOfficer:
    """What the row says anew: how the post was filled, and that it has ended."""
    officer, said = outcome.subject, outcome.plan.said
    assert isinstance(officer, VillageOfficer)
    given = {name: said[name] for name in DETAILS if said.get(name) not in (None, "")}
    if given:
        details = {**_details(officer), **given}
        officer = describe_offices([_described(officer, details)], actor=actor)[0]
    if said["until"] is not None and officer.until is None:
        officer = end_office(
            officer, actor=actor, until=said["until"], reason=said.get("end_reason") or ""
        )
    return officer


def _described(officer: VillageOfficer, said: Mapping[str, Any]) -> OfficeDetails:
    return OfficeDetails(
        officer, said.get("method") or "", bool(said.get("full_time")), _sources(said)
    )


def _sources(said: Mapping[str, Any]) -> tuple[rules.Source, ...]:
    named = ((kind.value, said.get(kind.value)) for kind in rules.SourceCategory)
    return tuple(rules.Source(kind, text) for kind, text in named if text)


def _details(officer: VillageOfficer) -> dict[str, Any]:
    """What the sheet says of a post beside who, where, which and when."""
    evidence = dict(map(tuple, officer.sources))
    return {
        "method": officer.method or None,
        "full_time": officer.full_time or None,
        **{kind.value: evidence.get(kind.value) for kind in rules.SourceCategory},
    }


def _people_of(
    new: Sequence[RowOutcome], actor: Actor
) -> tuple[dict[tuple[UUID, str], Person], list[Written]]:
    """The holders; those whom the register does not know are registered in their village."""
    people: dict[tuple[UUID, str], Person] = {}
    unknown: dict[tuple[UUID, str], RowOutcome] = {}
    for one in new:
        key = one.plan.village.pk, plain_name(one.plan.name)
        if one.plan.person is not None:
            people[key] = one.plan.person
        else:
            unknown.setdefault(key, one)
    rows = [PersonRow(one.plan.name, one.plan.village) for one in unknown.values()]
    created = create_people(rows, actor=actor) if rows else []
    people |= dict(zip(unknown, created, strict=True))
    written = [
        Written(one.number, person, None)
        for one, person in zip(unknown.values(), created, strict=True)
    ]
    return people, written


def _officer_row(outcome: RowOutcome, people: Mapping[tuple[UUID, str], Person]) -> OfficerRow:
    office = outcome.plan
    person = people[office.village.pk, plain_name(office.name)]
    said = office.said
    return OfficerRow(
        person, office.village, office.post, office.since, office.until,
        method=said.get("method") or "", full_time=bool(said.get("full_time")),
        sources=_sources(said), end_reason=said.get("end_reason") or "",
    )  # fmt: skip


def _town(village: Place) -> str | None:
    return village.parent.short_name if village.parent else None


def _row_of(officer: VillageOfficer) -> dict[str, Any]:
    return {
        "village": officer.village.short_name,
        "town": _town(officer.village),
        "name": officer.person.name,
        "post": officer.post,
        "since": officer.since,
        "until": officer.until,
        "end_reason": officer.end_reason or None,
        **_details(officer),
    }


def export_officers(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for officer in (
        queries.list_officers(actor.scope)
        .order_by("village__path", "post", "since")
        .iterator(chunk_size=2000)
    ):
        note_listed(officer.person)
        yield _row_of(officer)


KIND = ExchangeKind(
    code="officers",
    sheet=OFFICERS,
    about="村干部任职：谁在哪个村任什么职、起止日期，用于亲属回避",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF),
    export_roles=(
        Role.COUNTY_ORG_ADMIN,
        Role.COUNTY_ORG_STAFF,
        Role.COUNTY_ORG_LEADER,
        Role.TOWN_ORG,
        Role.TOWN_SECRETARY,
    ),
    match=match_officers,
    apply=apply_officers,
    export_rows=export_officers,
)
