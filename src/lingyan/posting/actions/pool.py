"""Which acts bring people into the pool, prove what they can do, and take them out?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    row_number,
    set_changes,
)
from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import Draft, create_drafted, create_recorded, draft_recorded
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.inserting import new_record, update_rows
from lingyan.posting import rules
from lingyan.posting.actions.together import act_on_all
from lingyan.posting.models import CapabilityEvidence, PoolEntry, Posting
from lingyan.posting.rules import pool_entries


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the unit declares about a person; empty is "not declared", never "no"."""

    category: str = ""
    health: str = ""
    discipline: str = ""
    languages: tuple[str, ...] = ()
    grassroots_years: int = 0
    yearly_results: tuple[str, ...] = ()
    distance_minutes_max: int | None = None
    hardship: str = ""
    wanted_kinds: tuple[str, ...] = ()
    full_member_since: date | None = None
    retires_on: date | None = None
    source: str = ""
    sanction_until: date | None = None
    posted_elsewhere: bool = False
    recalled_on: date | None = None
    recall_village: Place | None = None
    recall_ground: str = ""
    last_posting_until: date | None = None
    relatives_named: tuple[str, ...] = ()
    refused_villages: tuple[str, ...] = ()
    refusal_reason: str = ""
    business_villages: tuple[str, ...] = ()
    remark: str = ""

    def values(self) -> dict[str, Any]:
        """As the table holds them: lists, not tuples."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
        }

    def refusals(self) -> tuple[Refusal, ...]:
        return pool_entries.refuse_declaration(
            recalled_on=self.recalled_on,
            recall_stated=self.recall_village is not None or bool(self.recall_ground),
            refuses_villages=bool(self.refused_villages),
            refusal_reason=self.refusal_reason,
            full_member_since=self.full_member_since,
            today=clock.today(),
        )


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A person as an existing ledger lists them; the state is taken over from it."""

    person: Person
    state: str = rules.PoolState.IN_POOL.value
    declared: Declaration = field(default_factory=Declaration)
    recommended_on: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    person: Person
    capability: str
    text: str
    since: date | None = None
    until: date | None = None
    level: int | None = None
    verified: bool = False


# --- the pool -----------------------------------------------------------------------------------


@transaction.atomic
def recommend_person(person: Person, *, actor: Actor, declared: Declaration) -> PoolEntry:
    """A unit recommends one of its people; someone who was removed may be recommended again."""
    person = (
        Person.objects.select_for_update(of=("self",))
        .select_related("unit", "place")
        .get(pk=person.pk)
    )
    entry = PoolEntry.objects.select_for_update().filter(person=person).first()
    was_removed = entry is not None and entry.state == rules.PoolState.REMOVED
    refusals = (
        *pool_entries.refuse_to_recommend(
            role=actor.role,
            own_unit=not refuse_outside(actor, person.place.path, person.unit_id),
            has_unit=person.unit_id is not None,
            in_pool=entry is not None and not was_removed,
        ),
        *declared.refusals(),
    )
    if refusals:
        raise Refused(refusals)
    before = entry.state if entry else None
    entry = entry or PoolEntry(person=person)
    entry.unit = person.unit
    entry.state = rules.PoolState.RECOMMENDED.value
    entry.removal_reason = ""
    entry.recommended_on, entry.recommended_by_id = clock.today(), actor.user_id
    for name, value in declared.values().items():
        setattr(entry, name, value)
    entry.updated_at = clock.now()
    entry.save()
    record(
        "posting.pool.recommended",
        actor=actor,
        subject=entry,
        changes={"state": [before, entry.state], "category": [None, entry.category]},
    )
    return entry


def change_declaration(entry: PoolEntry, *, actor: Actor, declared: Declaration) -> PoolEntry:
    return change_declarations([(entry, declared)], actor=actor)[0]


@transaction.atomic
def change_declarations(
    changes: Sequence[tuple[PoolEntry, Declaration]], *, actor: Actor
) -> list[PoolEntry]:
    """Correct what was declared. The trail names private fields, never what they hold."""
    locked = {one.pk: one for one in _lock_all(entry for entry, _ in changes)}
    pairs = [(locked[entry.pk], declared) for entry, declared in changes]
    raise_all(
        (
            row_number(position, changes),
            str(entry),
            (
                *pool_entries.refuse_to_declare(role=actor.role, state=entry.state),
                *declared.refusals(),
            ),
        )
        for position, (entry, declared) in enumerate(pairs)
    )
    told = [(entry, set_changes(entry, declared.values())) for entry, declared in pairs]
    told = [(entry, values) for entry, values in told if values]
    for entry, _ in told:
        entry.updated_at = clock.now()
    update_rows([(entry, [*values, "updated_at"]) for entry, values in told])
    traces = [
        Trace("posting.pool.declared", entry, _without_private(values)) for entry, values in told
    ]
    record_many(traces, actor=actor)
    return [entry for entry, _ in pairs]


def _without_private(changes: Mapping[str, Any]) -> dict[str, Any]:
    hidden = [pool_entries.PRIVATE_VALUE, pool_entries.PRIVATE_VALUE]
    return {
        name: hidden if name in pool_entries.PRIVATE_FIELDS else [_plain(one) for one in values]
        for name, values in changes.items()
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Place) else value


@transaction.atomic
def review_pool_entry(entry: PoolEntry, *, actor: Actor) -> PoolEntry:
    entry = _locked(entry)
    recommender = "" if entry.recommended_by_id is None else str(entry.recommended_by_id)
    refusals = (
        *_refuse(entry, "review", actor),
        *rules.refuse_to_review_pool_entry(
            recommender=recommender,
            actor=hand_of(actor, makers=[recommender], records=[entry.pk]),
        ),
    )
    if refusals:
        raise Refused(refusals)
    return _move(entry, "review", actor)


@transaction.atomic
def admit_pool_entry(entry: PoolEntry, *, actor: Actor) -> PoolEntry:
    entry = _locked(entry)
    lines = CapabilityEvidence.objects.filter(person_id=entry.person_id).count()
    refusals = (
        *_refuse(entry, "admit", actor),
        *rules.refuse_to_admit(portrait_lines=lines),
    )
    if refusals:
        raise Refused(refusals)
    return _move(entry, "admit", actor)


@transaction.atomic
def select_pool_entry(entry: PoolEntry, *, actor: Actor) -> PoolEntry:
    """The person has been posted; called when a round is issued."""
    entry = _locked(entry)
    if refusals := _refuse(entry, "select", actor):
        raise Refused(refusals)
    return _move(entry, "select", actor)


@transaction.atomic
def return_pool_entry(entry: PoolEntry, *, actor: Actor) -> PoolEntry:
    """The posting has ended; the person may be reviewed for the pool again."""
    entry = _locked(entry)
    still_posted = Posting.objects.filter(person_id=entry.person_id, until__isnull=True).exists()
    refusals = (
        *_refuse(entry, "return", actor),
        *pool_entries.refuse_to_return_from_posting(still_posted=still_posted),
    )
    if refusals:
        raise Refused(refusals)
    return _move(entry, "return", actor)


@transaction.atomic
def remove_pool_entry(
    entry: PoolEntry, *, actor: Actor, removal_reason: str, note: str = ""
) -> PoolEntry:
    """Take a person out; the reason stands in the entry, the trail keeps only the note."""
    entry = _locked(entry)
    refusals = (
        *_refuse(entry, "remove", actor),
        *rules.refuse_to_remove(removal_reason),
    )
    if refusals:
        raise Refused(refusals)
    entry.removal_reason = removal_reason
    return _move(entry, "remove", actor, "removal_reason", reason=note)


@transaction.atomic
def review_pool_entries(entries: Sequence[PoolEntry], *, actor: Actor) -> int:
    """Review several, all or nothing, every refusal named."""
    return act_on_all(entries, lambda entry: review_pool_entry(entry, actor=actor))


@transaction.atomic
def create_pool_entries(
    rows: Sequence[PoolRow], *, actor: Actor, drafts: Sequence[Draft[PoolEntry]] = ()
) -> list[PoolEntry]:
    """Take over a ledger of people; everybody stands in the pool once.

    `drafts` are what `draft_pool_entries` has made of the rows before, while nobody had to wait.
    """
    people = [row.person.pk for row in rows]
    taken = set(PoolEntry.objects.filter(person_id__in=people).values_list("person_id", flat=True))
    found = []
    for position, row in enumerate(rows):
        refusals = [
            *pool_entries.refuse_to_recommend(
                role=actor.role,
                own_unit=not refuse_outside(actor, row.person.place.path, row.person.unit_id),
                has_unit=True,
                in_pool=row.person.pk in taken,
            ),
            *pool_entries.refuse_imported_state(role=actor.role, state=row.state),
            *row.declared.refusals(),
        ]
        taken.add(row.person.pk)
        found.append((row_number(position, rows), str(row.person), refusals))
    raise_all(found)
    return create_drafted(drafts or draft_pool_entries(rows, actor=actor), actor=actor)


def draft_pool_entries(rows: Sequence[PoolRow], *, actor: Actor) -> list[Draft[PoolEntry]]:
    """The entries of the rows, not yet stored."""
    today, now = clock.today(), clock.now()
    entries = [
        new_record(
            PoolEntry,
            person=row.person,
            unit_id=row.person.unit_id,
            state=row.state,
            recommended_on=row.recommended_on or today,
            recommended_by_id=actor.user_id,
            updated_at=now,
            **row.declared.values(),
        )
        for row in rows
    ]
    return draft_recorded(entries, action="posting.pool.created", fields=("state", "category"))


# --- the portrait -------------------------------------------------------------------------------


@transaction.atomic
def record_evidence_rows(rows: Sequence[EvidenceRow], *, actor: Actor) -> list[CapabilityEvidence]:
    """Record proofs of what people can do; only the county records them as verified at once."""
    found = []
    for position, row in enumerate(rows):
        refusals = [
            *pool_entries.refuse_evidence(
                role=actor.role, capability=row.capability, since=row.since, until=row.until,
                level=row.level, today=clock.today(),
            ),
            *refuse_outside(actor, row.person.place.path, row.person.unit_id),
        ]  # fmt: skip
        if row.verified:
            refusals += pool_entries.refuse_to_verify(role=actor.role, verified=False)
        found.append((row_number(position, rows), f"{row.person} {row.text}", refusals))
    raise_all(found)
    today = clock.today()
    proofs = [
        CapabilityEvidence(
            person=row.person, capability=row.capability, text=row.text, since=row.since,
            until=row.until, level=row.level, verified=row.verified,
            verified_on=today if row.verified else None, recorded_on=today,
            recorded_by_id=actor.user_id,
        )
        for row in rows
    ]  # fmt: skip
    return create_recorded(
        proofs,
        action="posting.evidence.recorded",
        actor=actor,
        fields=("person", "capability", "text", "since", "until", "level", "verified"),
    )


def record_evidence(row: EvidenceRow, *, actor: Actor) -> CapabilityEvidence:
    return record_evidence_rows([row], actor=actor)[0]


@transaction.atomic
def verify_evidence(proof: CapabilityEvidence, *, actor: Actor) -> CapabilityEvidence:
    proof = (
        CapabilityEvidence.objects.select_for_update(of=("self",))
        .select_related("person__place")
        .get(pk=proof.pk)
    )
    if refusals := pool_entries.refuse_to_verify(
        role=actor.role,
        verified=proof.verified,
        recorder="" if proof.recorded_by_id is None else str(proof.recorded_by_id),
        actor=hand_of(actor, makers=[proof.recorded_by_id], records=[proof.pk]),
    ):
        raise Refused(refusals)
    proof.verified, proof.verified_on = True, clock.today()
    proof.save(update_fields=["verified", "verified_on"])
    record(
        "posting.evidence.verified",
        actor=actor,
        subject=proof,
        changes={"verified": [False, True]},
    )
    return proof


# --- beats --------------------------------------------------------------------------------------


def _locked(entry: PoolEntry) -> PoolEntry:
    [locked] = _lock_all([entry])
    return locked


def _lock_all(entries: Iterable[PoolEntry]) -> list[PoolEntry]:
    wanted = PoolEntry.objects.filter(pk__in=[one.pk for one in entries]).order_by("pk")
    return list(wanted.select_for_update(of=("self",)).select_related("person__place", "unit"))


def _refuse(entry: PoolEntry, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return pool_entries.refuse_pool_act(state=entry.state, act=act, role=actor.role)


def _move(entry: PoolEntry, act: str, actor: Actor, *fields: str, reason: str = "") -> PoolEntry:
    line = find_transition(rules.POOL_FLOW, state=entry.state, act=act)
    assert line is not None, "the rule has let the act pass"
    before, entry.state = entry.state, line.after
    entry.updated_at = clock.now()
    entry.save(update_fields=["state", "updated_at", *fields])
    record(
        f"posting.pool.{EVENTS[act]}",
        actor=actor,
        subject=entry,
        changes={"state": [before, entry.state]},
        reason=reason,
    )
    return entry


EVENTS = {
    "review": "reviewed",
    "admit": "admitted",
    "select": "selected",
    "return": "returned",
    "remove": "removed",
}
