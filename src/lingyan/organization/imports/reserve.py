"""What does the sheet of reserve cadres say, and how does it become records?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Person, Place
from lingyan.directory.rules import Source, SourceCategory
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.actions.reserve import ReserveRow, find_reserves
from lingyan.organization.models import VillageReserve
from lingyan.organization.queries.reserve import list_reserve
from lingyan.organization.rules import reserve as rules
from lingyan.organization.sheets import RESERVE
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Values = Mapping[str, Any]
TWICE = Flaw(
    "该同志在表里写了不止一次", "请只留一行", "this person stands more than once", "keep one row"
)
DIFFERENT = Flaw(
    "该同志已是该村后备力量，内容不同",
    "表格不改已登记的；请在页面上办理",
    "this person is registered with other contents",
    "use the page",
)


def match(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    rows = list_reserve(actor.scope).filter(ended_on__isnull=True)
    known = {(one.village_id, one.person_id): one for one in rows}
    taken = set[tuple[Any, Any]]()
    return [_match(row, names, known, taken) for row in incoming.rows]


def _match(
    row: ParsedRow, names: Names, known: Mapping[Any, VillageReserve], taken: set[tuple[Any, Any]]
) -> RowOutcome:
    reader, said = RowReader(row, RESERVE, names), row.values
    label = f"{said['village']}{said['person']}"
    village, person = reader.village(), reader.person(unit="")
    if village is None or person is None:
        return wrong(row, label, reader.faults)
    note_listed(person)
    key = village.pk, person.pk
    if key in taken:
        reader.fault("person", TWICE)
    taken.add(key)
    sources = tuple(Source(kind.value, said[kind.value]) for kind in SourceCategory
                    if said.get(kind.value))  # fmt: skip
    facts = rules.FindFacts(said["found_on"], clock.today(), sources=sources)
    reader.refuse("found_on", rules.refuse_to_find(facts))
    stored = known.get(key)
    outcome = outcome_of(
        row, RESERVE, label=label, stored=_row(stored) if stored else None,
        given={**said, **_who(village, person)}, subject=stored,
        plan=ReserveRow(person, village, said["found_on"], sources),
    )  # fmt: skip
    if outcome.verdict is Verdict.CHANGED:
        reader.fault("person", DIFFERENT)
    return wrong(row, label, reader.faults) if reader.faults else outcome


def apply(outcomes: Sequence[RowOutcome], *, actor: Actor, **_: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    made = find_reserves([one.plan for one in new], actor=actor) if new else []
    return [Written(one.number, found, None) for one, found in zip(new, made, strict=True)]


def _who(village: Place, person: Person) -> dict[str, Any]:
    town = village.parent
    return {
        "village": village.short_name,
        "town": town.short_name if town else None,
        "person": person.number,
    }


def _row(one: VillageReserve) -> dict[str, Any]:
    evidence = dict(map(tuple, one.sources))
    return {
        **_who(one.village, one.person),
        "found_on": one.found_on,
        **{kind.value: evidence.get(kind.value) for kind in SourceCategory},
    }


def export(*, actor: Actor, **_: str) -> Iterator[Values]:
    rows = list_reserve(actor.scope).filter(ended_on__isnull=True)
    for one in rows.order_by("village__path", "found_on", "pk"):
        note_listed(one.person)
        yield _row(one)


KIND = ExchangeKind(
    code=RESERVE.kind,
    sheet=RESERVE,
    about="村里发现的后备力量，导入后由乡镇确认",
    import_roles=rules.KEEPERS,
    export_roles=(*STAFF, *LEADER, *TOWN),
    match=match,
    apply=apply,
    export_rows=export,
)
