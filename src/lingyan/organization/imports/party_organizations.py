"""What does the sheet of Party organizations say, and how does it become records?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import PartyOrganization, Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.actions.party_organizations import (
    OrganizationRow,
    register_organizations,
)
from lingyan.organization.queries.party_organizations import standing
from lingyan.organization.rules import party_organizations as rules
from lingyan.organization.sheets import ORGANIZATIONS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Values = Mapping[str, Any]
DIFFERENT = Flaw(
    "已登记过，内容不同",
    "表格不改已登记的党组织；请在页面上办理",
    "this organization is registered with other contents",
    "use its page",
)
TWICE = Flaw(
    "同名的党组织在表里写了不止一次", "请只留一行", "stands more than once", "keep one row"
)
NO_PLACE = Flaw("没有写所在地", "请写村、乡镇或单位", "no place", "name a village, town or unit")
NO_PARENT = Flaw(
    "没有登记这个上级党组织",
    "请先登记上级，写全称",
    "the higher organization is not registered",
    "register it first",
)


def match(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    stands = list(standing(actor.scope))
    known = {(one.place_id, one.name): one for one in stands}
    by_name = {one.name: one for one in stands}
    taken = set[tuple[Any, str]]()
    return [_match(row, names, known, by_name, taken) for row in incoming.rows]


def _match(
    row: ParsedRow,
    names: Names,
    known: Mapping[Any, PartyOrganization],
    by_name: Mapping[str, PartyOrganization],
    taken: set[tuple[Any, str]],
) -> RowOutcome:
    reader, said = RowReader(row, ORGANIZATIONS, names), row.values
    place, unit = _place(reader, names), reader.unit()
    parent = by_name.get(said["parent"] or "")
    if said["parent"] and parent is None:
        reader.fault("parent", NO_PARENT)
    if place is None:
        return wrong(row, said["name"], reader.faults)
    key = place.pk, said["name"].strip()
    if key in taken:
        reader.fault("name", TWICE)
    taken.add(key)
    stored = known.get(key)
    facts = rules.NewFacts(
        name=said["name"], taken=False, today=clock.today(), since=said["since"],
        document_number=said["document_number"] or "", stands_already=True,
    )  # fmt: skip
    reader.refuse("name", rules.refuse_new(facts))
    plan = OrganizationRow(
        said["name"], said["kind"], said["domain"], place, parent, unit,
        member_count=said["member_count"] or 0, since=said["since"],
        document_number=said["document_number"] or "",
    )  # fmt: skip
    given = {**said, **_where(place), "document_number": None}
    outcome = outcome_of(
        row, ORGANIZATIONS, label=said["name"], stored=_row(stored) if stored else None,
        given=given, subject=stored, plan=plan,
    )  # fmt: skip
    if outcome.verdict is Verdict.CHANGED:
        reader.fault("name", DIFFERENT)
    return wrong(row, said["name"], reader.faults) if reader.faults else outcome


def _place(reader: RowReader, names: Names) -> Place | None:
    """The village, else the town, else where the unit lies, else the county."""
    if reader.text("village"):
        return reader.village()
    if reader.text("town"):
        return reader.town()
    unit = reader.unit()
    place = unit.place if unit else names.root
    if place is None:
        reader.fault("village", NO_PLACE)
    return place


def apply(outcomes: Sequence[RowOutcome], *, actor: Actor, **_: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    made = register_organizations([one.plan for one in new], actor=actor) if new else []
    return [Written(one.number, found, None) for one, found in zip(new, made, strict=True)]


def _where(place: Place) -> dict[str, Any]:
    if place.level == PlaceLevel.VILLAGE:
        town = place.parent
        return {"village": place.short_name, "town": town.short_name if town else None}
    return {
        "village": None,
        "town": place.short_name if place.level == PlaceLevel.TOWNSHIP else None,
    }


def _row(one: PartyOrganization) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "domain": one.domain,
        **_where(one.place),
        "unit": one.unit.name if one.unit else None,
        "parent": one.parent.name if one.parent else None,
        "member_count": one.member_count,
        "since": one.since,
    }


def export(*, actor: Actor, **_: str) -> Iterator[Values]:
    """The organizations that stand, the higher ones first."""
    rows = standing(actor.scope).order_by("place__path", "name", "pk")
    for one in rows.prefetch_related("steps"):
        papers = sorted(one.steps.all(), key=lambda step: (step.on, step.made_at))
        number = next((step.document_number for step in papers if step.document_number), None)
        yield {**_row(one), "document_number": number}


KIND = ExchangeKind(
    code=ORGANIZATIONS.kind,
    sheet=ORGANIZATIONS,
    about="已经成立的党组织：名称、类型、所在地、上级、正式党员数、批复文号",
    import_roles=rules.MAKERS,
    export_roles=(*STAFF, *LEADER, *TOWN),
    match=match,
    apply=apply,
    export_rows=export,
)
