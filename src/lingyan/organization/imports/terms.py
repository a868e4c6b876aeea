"""What does the sheet of terms say, and how does it become terms of villages?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.actions.terms import TermRow, begin_terms, reasons_against
from lingyan.organization.models import Term
from lingyan.organization.queries.terms import list_terms
from lingyan.organization.rules.committees import KEEPERS
from lingyan.organization.sheets import TERMS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Values = Mapping[str, Any]
DIFFERENT = Flaw(
    "这一届已登记，内容不同",
    "表格不改已登记的届次；请核对",
    "this term is registered with other contents",
    "check the row",
)


def match(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    known = {(one.village_id, one.kind, one.number): one for one in list_terms(actor.scope)}
    read = [(RowReader(row, TERMS, names), row) for row in incoming.rows]
    found = [(reader, row, _planned(reader, row)) for reader, row in read]
    new = [
        plan
        for _, _, plan in found
        if plan and (plan.village.pk, plan.kind, plan.number) not in known
    ]
    reasons = dict(zip(map(id, new), reasons_against(new, actor=actor), strict=True))
    return [_match(reader, row, plan, known, reasons) for reader, row, plan in found]


def _planned(reader: RowReader, row: ParsedRow) -> TermRow | None:
    village, said = reader.village(), row.values
    if village is None:
        return None
    return TermRow(
        village, said["kind"], said["number"], said["since"], until=said["until"],
        document_number=said["document_number"] or "",
    )  # fmt: skip


def _match(
    reader: RowReader, row: ParsedRow, plan: TermRow | None, known: Mapping[Any, Term],
    reasons: Mapping[int, Any],
) -> RowOutcome:  # fmt: skip
    label = f"{row.values['village']}第{row.values['number']}届"
    if plan is None:
        return wrong(row, label, reader.faults)
    stored = known.get((plan.village.pk, plan.kind, plan.number))
    reader.refuse("number", reasons.get(id(plan), ()))
    town = plan.village.parent
    given = {
        **row.values,
        "village": plan.village.short_name,
        "town": town.short_name if town else None,
    }
    outcome = outcome_of(
        row, TERMS, label=label, stored=_row(stored) if stored else None, given=given,
        subject=stored, plan=plan, group=str(plan.village.pk),
    )  # fmt: skip
    if outcome.verdict is Verdict.CHANGED:
        reader.fault("number", DIFFERENT)
    return wrong(row, label, reader.faults) if reader.faults else outcome


def apply(outcomes: Sequence[RowOutcome], *, actor: Actor, **_: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    made = begin_terms([one.plan for one in new], actor=actor) if new else []
    return [Written(one.number, term, None) for one, term in zip(new, made, strict=True)]


def _row(one: Term) -> dict[str, Any]:
    town = one.village.parent
    return {
        "village": one.village.short_name,
        "town": town.short_name if town else None,
        "kind": one.kind,
        "number": one.number,
        "since": one.since,
        "until": one.until,
        "document_number": one.document_number or None,
    }


def export(*, actor: Actor, **_: str) -> Iterator[Values]:
    """Earlier terms first, so that the file can be read in again."""
    for one in list_terms(actor.scope).order_by("village__path", "kind", "number"):
        yield _row(one)


KIND = ExchangeKind(
    code=TERMS.kind,
    sheet=TERMS,
    about="村党组织、村（居）委会和集体经济组织的届次，以前的和现在的",
    import_roles=KEEPERS,
    export_roles=(*STAFF, *LEADER, *TOWN),
    match=match,
    apply=apply,
    export_rows=export,
)
