"""How does a term of a village begin, and the one before come to its end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal
from lingyan.directory.actions.checking import (
    raise_all,
    refuse_outside,
    require_role,
    row_number,
)
from lingyan.directory.models import Place
from lingyan.directory.rules import OFFICER_REGISTRARS, PlaceLevel
from lingyan.organization.models import Term
from lingyan.organization.rules import terms as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import Trace, record_many


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as somebody registers it; `until` only of one that is over."""

    village: Place
    kind: str
    number: int
    since: date
    planned_until: date | None = None
    until: date | None = None
    document_number: str = ""


class _Terms:
    """The terms of the villages, with what the rows before have added."""

    def __init__(self, rows: Sequence[TermRow]) -> None:
        found = Term.objects.filter(village__in={row.village.pk for row in rows})
        self.of: dict[tuple[object, str], list[Term]] = {}
        for term in found.order_by("number"):
            self.of.setdefault((term.village_id, term.kind), []).append(term)

    def current(self, row: TermRow) -> Term | None:
        found = self.of.get((row.village.pk, row.kind), [])
        return next((one for one in found if one.until is None), None)

    def numbers(self, row: TermRow) -> tuple[int, ...]:
        return tuple(one.number for one in self.of.get((row.village.pk, row.kind), []))

    def add(self, term: Term) -> None:
        self.of.setdefault((term.village_id, term.kind), []).append(term)


@transaction.atomic
def begin_terms(rows: Sequence[TermRow], *, actor: Actor) -> list[Term]:
    """Register terms; one without `until` runs from now on and ends the one before it."""
    require_role(actor, OFFICER_REGISTRARS, "登记届次")
    # Two offices may register the same term at once; the second must see the first.
    villages = {row.village.pk for row in rows}
    list(Place.objects.select_for_update().filter(pk__in=villages).order_by("path"))
    terms, made, found = _Terms(rows), list[Term](), []
    ended: list[Term] = []
    for position, row in enumerate(rows):
        current = terms.current(row)
        refusals = (
            *rules.refuse_term(_claim(row, terms)),
            *refuse_outside(actor, row.village.path),
        )
        found.append((row_number(position, rows), str(row.village), refusals))
        term = _new(row, actor)
        if row.until is None and current is not None:
            current.until = row.since
            ended.append(current)
        terms.add(term)
        made.append(term)
    raise_all(found)
    _end([one for one in ended if one not in made], actor)
    return create_recorded(
        made,
        action="organization.term.registered",
        actor=actor,
        fields=("village", "kind", "number", "since", "planned_until", "until", "document_number"),
    )


def _new(row: TermRow, actor: Actor) -> Term:
    return Term(
        village=row.village, kind=row.kind, number=row.number, since=row.since,
        planned_until=row.planned_until or rules.planned_end(row.since), until=row.until,
        document_number=row.document_number.strip(), made_by_id=actor.user_id,
        made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip


def _end(terms: Sequence[Term], actor: Actor) -> None:
    Term.objects.bulk_update(terms, ["until"])
    record_many(
        [
            Trace("organization.term.ended", one, {"until": [None, one.until]})
            for one in terms
        ],
        actor=actor,
    )  # fmt: skip


def _claim(row: TermRow, terms: _Terms) -> rules.TermClaim:
    current = terms.current(row)
    return rules.TermClaim(
        kind=row.kind,
        number=row.number,
        since=row.since,
        today=clock.today(),
        is_village=row.village.level == PlaceLevel.VILLAGE,
        until=row.until,
        planned_until=row.planned_until,
        current=rules.Before(current.number, current.since) if current else None,
        numbers=terms.numbers(row),
    )


def reasons_against(rows: Sequence[TermRow], *, actor: Actor) -> list[tuple[Refusal, ...]]:
    """What speaks against each row, the rows before it being registered; nothing is stored."""
    terms, found = _Terms(rows), []
    for row in rows:
        current = terms.current(row)
        outside = refuse_outside(actor, row.village.path)
        found.append((*rules.refuse_term(_claim(row, terms)), *outside))
        if row.until is None and current is not None:
            current.until = row.since
        terms.add(_new(row, actor))
    return found


def begin_term(row: TermRow, *, actor: Actor) -> Term:
    return begin_terms([row], actor=actor)[0]
