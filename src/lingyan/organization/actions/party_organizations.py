"""How is a Party organization set up, changed, merged and dissolved?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.checking import raise_all, require_role, row_number
from lingyan.directory.models import OrganizationStep, PartyOrganization, Place, Unit
from lingyan.directory.rules import SYSTEM, PlaceLevel
from lingyan.directory.rules.organizations import OrganizationState
from lingyan.directory.scoping import contains
from lingyan.organization.queries import party_organizations as queries
from lingyan.organization.rules import party_organizations as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import record
from lingyan.platform.inserting import insert_rows

FIELDS = ("name", "kind", "domain", "parent", "place", "unit", "state", "member_count", "since")


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization as somebody enters it; with `since` it stands already."""

    name: str
    kind: str
    domain: str
    place: Place
    parent: PartyOrganization | None = None
    unit: Unit | None = None
    member_count: int = 0
    since: date | None = None
    document_number: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes about a step."""

    on: date
    document_number: str = ""
    text: str = ""
    merged_into: PartyOrganization | None = None


@transaction.atomic
def register_organizations(
    rows: Sequence[OrganizationRow], *, actor: Actor, stand_already: bool = True
) -> list[PartyOrganization]:
    """Enter organizations that stand already, or prepare new ones."""
    require_role(actor, (*rules.MAKERS, SYSTEM), "登记党组织")
    places = {row.place.pk: row.place for row in rows}
    list(Place.objects.select_for_update().filter(pk__in=places).order_by("path"))
    taken = queries.names_taken([row.name.strip() for row in rows], list(places.values()))
    found = []
    for position, row in enumerate(rows):
        key = row.place.pk, row.name.strip()
        reasons = _reasons(row, key in taken, stand_already, actor)
        found.append((row_number(position, rows), row.name, reasons))
        taken.add(key)
    raise_all(found)
    made = create_recorded(
        [_new(row, stand_already) for row in rows],
        action="organization.party.registered" if stand_already else "organization.party.prepared",
        actor=actor,
        fields=FIELDS,
    )
    act = "register" if stand_already else "prepare"
    insert_rows(
        [
            _step(one, act, Said(row.since or clock.today(), row.document_number), actor)
            for one, row in zip(made, rows, strict=True)
        ]
    )
    return made


def _reasons(row: OrganizationRow, taken: bool, stands: bool, actor: Actor) -> tuple[Refusal, ...]:
    return rules.refuse_new(
        rules.NewFacts(
            name=row.name, taken=taken, today=clock.today(), since=row.since,
            document_number=row.document_number, stands_already=stands,
            inside=contains(actor.scope, row.place.path),
        )
    )  # fmt: skip


def _new(row: OrganizationRow, stands: bool) -> PartyOrganization:
    state = OrganizationState.ACTIVE if stands else OrganizationState.PREPARING
    return PartyOrganization(
        name=row.name.strip(), kind=row.kind, domain=row.domain, place=row.place,
        parent=row.parent, unit=row.unit, member_count=row.member_count,
        counted_on=clock.today() if row.member_count else None, state=state.value,
        since=row.since if stands else None, is_demo=row.is_demo,
    )  # fmt: skip


def prepare_organization(row: OrganizationRow, *, actor: Actor) -> PartyOrganization:
    return register_organizations([row], actor=actor, stand_already=False)[0]


def _step(one: PartyOrganization, act: str, said: Said, actor: Actor) -> OrganizationStep:
    return OrganizationStep(
        organization=one, act=act, to_state=one.state, on=said.on,
        document_number=said.document_number.strip(), text=said.text.strip(),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def step_organization(
    organization: PartyOrganization, act: str, said: Said, *, actor: Actor
) -> PartyOrganization:
    """One line of the table of 1.4."""
    one = (
        PartyOrganization.objects.select_for_update(of=("self",))
        .select_related("place")
        .get(pk=organization.pk)
    )
    refuse(reasons_against(one, act, said, actor=actor))
    line = find_transition(rules.ORGANIZATION_FLOW, state=one.state, act=act)
    assert line is not None, "the rule has found it before"
    before, one.state = one.state, line.after
    changes = {"state": [before, one.state]}
    if act == "approve":
        one.since = said.on
    if act in rules.ENDING:
        one.until, one.merged_into = said.on, said.merged_into if act == "merge" else None
    one.save(update_fields=["state", "since", "until", "merged_into"])
    _step(one, act, said, actor).save(force_insert=True)
    record(
        f"organization.party.{act}", actor=actor, subject=one, changes=changes,
        reason=said.text.strip(),
    )  # fmt: skip
    return one


def reasons_against(
    one: PartyOrganization, act: str, said: Said, *, actor: Actor
) -> tuple[Refusal, ...]:
    wrong = refuse_act(
        rules.ORGANIZATION_FLOW, state=one.state, act=act, role=actor.role,
        thing="organization.party",
    )  # fmt: skip
    if wrong:
        return wrong
    into = said.merged_into
    return rules.refuse_step(
        rules.StepFacts(
            act=act,
            kind=one.kind,
            member_count=one.member_count,
            role=actor.role,
            is_village=one.place.level == PlaceLevel.VILLAGE,
            on=said.on,
            today=clock.today(),
            since=one.since,
            document_number=said.document_number,
            text=said.text,
            in_rectification=queries.in_rectification(one.place),
            live_children=queries.live_children(one),
            merges_into=into.state if into else "",
            into_itself=into is not None and into.pk == one.pk,
        )
    )


@transaction.atomic
def count_members(
    organization: PartyOrganization, *, member_count: int, actor: Actor
) -> PartyOrganization:
    """核对正式党员数, as at today."""
    require_role(actor, rules.COUNTERS, "核对正式党员数")
    one = PartyOrganization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    changes = {"member_count": [one.member_count, member_count]}
    one.member_count, one.counted_on = member_count, clock.today()
    one.save(update_fields=["member_count", "counted_on"])
    record("organization.party.counted", actor=actor, subject=one, changes=changes)
    return one
