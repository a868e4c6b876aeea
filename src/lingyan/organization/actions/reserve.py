"""How does a village find who may lead it one day, and what becomes of them (R-1-40)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal
from lingyan.directory.actions.checking import raise_all, refuse_outside, require_role, row_number
from lingyan.directory.models import Person, Place
from lingyan.directory.rules import SYSTEM, PlaceLevel, Source
from lingyan.directory.scoping import contains
from lingyan.organization.models import VillageReserve
from lingyan.organization.queries import reserve as queries
from lingyan.organization.rules import reserve as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import Trace, record_many

COLUMNS = (
    "state",
    "mentor",
    "trained",
    "confirmed_on",
    "confirmed_by_name",
    "ended_on",
    "end_text",
)


@dataclass(frozen=True, slots=True)
class ReserveRow:
    """Somebody whom a village has found."""

    person: Person
    village: Place
    found_on: date
    sources: tuple[Source, ...] = ()


@transaction.atomic
def find_reserves(rows: Sequence[ReserveRow], *, actor: Actor) -> list[VillageReserve]:
    require_role(actor, (*rules.FINDERS, SYSTEM), "登记后备力量")
    villages = {row.village.pk: row.village for row in rows}
    list(Place.objects.select_for_update().filter(pk__in=villages).order_by("path"))
    known = queries.known(list(villages.values()))
    found = []
    for position, row in enumerate(rows):
        key = row.village.pk, row.person.pk
        facts = rules.FindFacts(
            found_on=row.found_on,
            today=clock.today(),
            known=key in known,
            is_village=row.village.level == PlaceLevel.VILLAGE,
            inside=contains(actor.scope, row.village.path),
            sources=row.sources,
        )
        found.append((row_number(position, rows), str(row.person), rules.refuse_to_find(facts)))
        known.add(key)
    raise_all(found)
    return create_recorded(
        [
            VillageReserve(
                person=row.person, village=row.village, found_on=row.found_on,
                sources=[list(source) for source in row.sources], made_by_id=actor.user_id,
                made_by_name=actor.name, made_at=clock.now(),
            )
            for row in rows
        ],
        action="organization.reserve.found",
        actor=actor,
        fields=("person", "village", "found_on", "sources"),
    )  # fmt: skip


def find_reserve(row: ReserveRow, *, actor: Actor) -> VillageReserve:
    return find_reserves([row], actor=actor)[0]


@transaction.atomic
def step_reserves(
    reserves: Sequence[VillageReserve], act: str, *, text: str, on: date, actor: Actor
) -> list[VillageReserve]:
    """One line of the table for one or many: `text` names the mentor, the class, the post."""
    held = list(
        VillageReserve.objects.select_for_update(of=("self",))
        .select_related("person", "village")
        .filter(pk__in=[one.pk for one in reserves])
        .order_by("pk")
    )
    raise_all(
        (row_number(position, held), str(one.person), _reasons(one, act, text, on, actor))
        for position, one in enumerate(held)
    )
    traces = [_take(one, act, text.strip(), on, actor) for one in held]
    VillageReserve.objects.bulk_update(held, COLUMNS)
    record_many(traces, actor=actor)
    return held


def _reasons(
    one: VillageReserve, act: str, text: str, on: date, actor: Actor
) -> tuple[Refusal, ...]:
    wrong = refuse_act(
        rules.RESERVE_FLOW, state=one.state, act=act, role=actor.role, thing="organization.reserve"
    )
    if wrong:
        return wrong
    against = rules.refuse_step(
        act, text=text, on=on, found_on=one.found_on, today=clock.today()
    )  # fmt: skip
    return (*against, *refuse_outside(actor, one.village.path))


def _take(one: VillageReserve, act: str, text: str, on: date, actor: Actor) -> Trace:
    line = find_transition(rules.RESERVE_FLOW, state=one.state, act=act)
    assert line is not None, "the rule has found it before"
    before, one.state = one.state, line.after
    if act == "confirm":
        one.mentor, one.confirmed_on, one.confirmed_by_name = text, on, actor.name
    elif act == "train":
        one.trained = [*one.trained, [on.isoformat(), text]]
    else:
        one.ended_on, one.end_text = on, text
    return Trace(
        f"organization.reserve.{act}", one, {"state": [before, one.state]}, reason=text
    )  # fmt: skip
