"""What does the sheet of relatives say, and how does it become relations between people?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory import queries, rules
from lingyan.directory.actions.people import RelativeRow, create_relatives
from lingyan.directory.imports.naming import Names, RowReader, whose
from lingyan.directory.models import Person, Relative
from lingyan.directory.roles import Role
from lingyan.directory.sheets import RELATIVES
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Pair = frozenset[UUID]
OTHER_RELATION = Flaw(
    "这两人已登记为另一种关系",
    "请先在人员页面上撤销原来的关系",
    "another relation of these two is registered",
    "take it back on the person's page first",
)


def match_relatives(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    known = {
        frozenset((one.person_id, one.other_id)): one
        for one in queries.list_relatives(actor.scope).select_related(
            "person__unit", "person__place", "other__unit", "other__place"
        )
    }
    added: set[Pair] = set()
    return [_match(row, names, known, added) for row in incoming.rows]


def _match(
    row: ParsedRow, names: Names, known: Mapping[Pair, Relative], added: set[Pair]
) -> RowOutcome:
    reader = RowReader(row, RELATIVES, names)
    values = row.values
    label = f"{values['person']}—{values['relative']}"
    person, other = reader.person(), reader.person("relative", unit="")
    note_listed(*(one for one in (person, other) if one is not None))
    if person is None or other is None:
        return wrong(row, label, reader.faults)
    pair = frozenset((person.pk, other.pk))
    stored = known.get(pair)
    if stored and stored.person_id == person.pk and stored.relation != values["relation"]:
        reader.fault("relation", OTHER_RELATION)
    refusals = rules.refuse_relative(oneself=len(pair) == 1, known=pair in added)
    reader.refuse("relative", refusals)
    added.add(pair)
    if reader.faults:
        return wrong(row, label, reader.faults)
    given = _row(person, other, values["relation"])
    return outcome_of(
        row,
        RELATIVES,
        label=label,
        stored=given if stored else None,  # told by the other side, it is the same relation
        given=given,
        subject=stored,
        plan=RelativeRow(person, other, values["relation"]),
    )


def apply_relatives(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    created = create_relatives([one.plan for one in new], actor=actor)
    return [Written(one.number, relation, None) for one, relation in zip(new, created, strict=True)]


def _row(person: Person, other: Person, relation: str) -> dict[str, Any]:
    return {
        "person": person.name,
        "unit": person.unit.name if person.unit else None,
        "relative": f"{other.name}（{whose(other)}）",
        "relation": relation,
    }


def export_relatives(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    relations = queries.list_relatives(actor.scope).select_related(
        "person__unit", "person__place", "other__unit", "other__place"
    )
    for one in relations.order_by("person__number", "other__number").iterator(chunk_size=2000):
        note_listed(one.person, one.other)
        row = _row(one.person, one.other, one.relation)
        yield row | {"person": row["person"] if row["unit"] else one.person.number}


KIND = ExchangeKind(
    code="relatives",
    sheet=RELATIVES,
    about="人选与村干部的近亲属关系，用于回避；两边任一方登记即可",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF),
    export_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER),
    match=match_relatives,
    apply=apply_relatives,
    export_rows=export_relatives,
)
