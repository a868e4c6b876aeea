"""What does the sheet of present pairs say? Each row is a pair that is at work already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.periods import ONE_DAY
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT
from lingyan.pairing.actions.pairings import reasons_against_registering, register_pairing
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.rules.pairings import Agreement, Term, last_day
from lingyan.pairing.sheets import PRESENT_PAIRS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Values = Mapping[str, Any]
Key = tuple[UUID, UUID]
SHEET = PRESENT_PAIRS
NAMED = ("unit", "village", "town")

DIFFERENT = Flaw(
    "已登记过，内容不同",
    "表格不改已登记的结对；要改的请在结对的页面上办理",
    "this pair is registered with other contents",
    "change it on its page",
)
TWICE = Flaw(
    "这一对在表里写了不止一次",
    "请只留一行",
    "this pair stands more than once in the sheet",
    "keep one row",
)


def match(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    known = {
        (one.unit_id, one.village_id): one
        for one in queries.list_pairings(actor.scope).filter(state__in=queries.HELD)
    }
    taken: set[Key] = set()
    return [_match(row, names, known, taken, actor) for row in incoming.rows]


def _match(
    row: ParsedRow, names: Names, known: Mapping[Key, Pairing], taken: set[Key], actor: Actor
) -> RowOutcome:
    reader, values = RowReader(row, SHEET, names), row.values
    label = f"{values['unit']}—{values['village']}"
    unit, village = reader.unit(), reader.village()
    if unit is None or village is None:
        return wrong(row, label, reader.faults)
    key, given = (unit.pk, village.pk), _given(values)
    stored = known.get(key)
    if key in taken:
        reader.fault("unit", TWICE)
    taken.add(key)
    if stored is None:
        reader.refuse(
            "unit",
            reasons_against_registering(
                unit, village, is_lead=given["is_lead"], term=_term(given), actor=actor
            ),
        )
    outcome = outcome_of(
        row, SHEET, label=label, stored=_row(stored) if stored else None, given=given,
        subject=stored, plan=(unit, village, given),
    )  # fmt: skip
    if outcome.verdict is Verdict.CHANGED:
        reader.fault("unit", DIFFERENT)
    return wrong(row, label, reader.faults) if reader.faults else outcome


def _given(values: Values) -> dict[str, Any]:
    """What the row says of the pair; who does not say otherwise leads."""
    said = {name: values.get(name) for name in SHEET.places if name not in NAMED}
    said["is_lead"] = said["is_lead"] is not False
    return said


def _term(said: Values) -> Term:
    last = said["last_day"]
    return Term(said["since"], last + ONE_DAY if last < last.max else last)


def _row(one: Pairing) -> dict[str, Any]:
    """The pair as its row says it."""
    return {
        "is_lead": one.is_lead,
        "since": one.since,
        "last_day": last_day(one.planned_until) if one.planned_until else None,
        "number": one.agreement_number or None,
        "goals": tuple(one.goals) or None,
        "plan_text": one.plan_text or None,
        "unit_contact": one.unit_contact or None,
        "village_contact": one.village_contact or None,
    }


def apply(outcomes: Sequence[RowOutcome], *, actor: Actor, **_: str) -> list[Written]:
    return [
        Written(one.number, _write(one.plan, actor), None)
        for one in outcomes
        if one.verdict is Verdict.NEW
    ]


def _write(plan: Any, actor: Actor) -> Pairing:
    unit, village, said = plan
    agreement = Agreement(
        goals=tuple(said["goals"] or ()),
        plan_text=said["plan_text"] or "",
        unit_contact=said["unit_contact"] or "",
        village_contact=said["village_contact"] or "",
        number=said["number"] or "",
    )
    return register_pairing(
        unit, village, is_lead=said["is_lead"], term=_term(said), agreement=agreement, actor=actor
    )


def export(*, actor: Actor, **_: str) -> Iterator[Values]:
    """The pairs at work."""
    for one in queries.list_pairings(actor.scope).filter(state="active").order_by("village__path"):
        town = one.village.parent
        yield {
            "unit": one.unit.name,
            "village": one.village.short_name,
            "town": town.short_name if town else None,
            **_row(one),
        }


KIND = ExchangeKind(
    code=SHEET.kind,
    sheet=SHEET,
    about="已经签订协议、正在共建的结对；从以前的台账接过来时用",
    import_roles=STAFF,
    export_roles=(*STAFF, *LEADER, *TOWN, *UNIT),
    match=match,
    apply=apply,
    export_rows=export,
)
