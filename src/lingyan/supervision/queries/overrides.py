"""Which gates are open for which record today, and which were opened in a month?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from lingyan.common import clock
from lingyan.common.gates import TABLE
from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.exchange.models import ExportRequest
from lingyan.platform.exchange.rules import RequestState
from lingyan.supervision.models import GateOverride


def list_overrides(scope: Scope) -> QuerySet[GateOverride]:
    return GateOverride.objects.visible_to(scope).select_related("place__parent")


def list_of_period(scope: Scope, period: Period) -> QuerySet[GateOverride]:
    """The month's report: whatever was let through, by whom, why and by which document (12)."""
    return list_overrides(scope).filter(since__gte=period.since, since__lt=period.until)


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """One line of the month's report."""

    on: date
    gate: str
    title: str
    place: str
    reason: str
    document: str
    by: str
    last_day: date | None = None
    person: Person | None = None  # whom the record is about, where it is about one

    @property
    def words(self) -> str:
        """What the gate is between; one that is no more keeps its number."""
        gate = TABLE.get(self.gate)
        return f"{gate.source} → {gate.target}" if gate else ""


def lines_of_month(actor: Actor, period: Period) -> list[OverrideLine]:
    """Whatever was let through in the month: gates opened for a record, exports consented to."""
    found = list(list_of_period(actor.scope, period))
    people = _people_of(found)
    lines = [
        OverrideLine(
            one.since, one.gate, one.subject_title, f"{one.place.parent or ''}{one.place}",
            one.reason, one.document, one.made_by_name, one.until and one.until - ONE_DAY,
            people.get(one.subject_id),
        )
        for one in found
    ]  # fmt: skip
    return sorted([*lines, *_exports(actor, period)], key=lambda line: (line.on, line.title))


def _people_of(overrides: Iterable[GateOverride]) -> dict[UUID, Person]:
    """Whom the records let through are about: this floor knows them by their label alone."""
    keys: dict[str, list[UUID]] = {}
    for one in overrides:
        keys.setdefault(one.subject_label, []).append(one.subject_id)
    found: dict[UUID, Person] = {}
    for label, ids in keys.items():
        model = apps.get_model(label)
        if model is Person:
            found |= Person.objects.in_bulk(ids)
        elif any(field.name == "person" for field in model._meta.get_fields()):
            rows = model._base_manager.filter(pk__in=ids).select_related("person")
            found |= {row.pk: row.person for row in rows if row.person}
    return found


def _exports(actor: Actor, period: Period) -> list[OverrideLine]:
    """G-29: the consent to an export stands in its request (R-10-14)."""
    seen = Q(pk__in=())
    for path in actor.scope.place_paths:
        seen |= Q(scope_path__startswith=path)
    since, until = (datetime.combine(day, time(), clock.BEIJING)
                    for day in (period.since, period.until))  # fmt: skip
    found = ExportRequest.objects.filter(
        seen, state=RequestState.APPROVED, decided_at__gte=since, decided_at__lt=until
    ).order_by("decided_at", "pk")
    return [
        OverrideLine(
            one.decided_at.astimezone(clock.BEIJING).date(), "G-29", str(one), "", one.purpose,
            "导出申请", one.decided_by_name, one.until,
        )
        for one in found
        if one.decided_at is not None
    ]  # fmt: skip


def let_through(subject_id: UUID, on: date) -> frozenset[str]:
    """The gates that somebody has opened for this record and that are open on this day."""
    lasting = Q(until__isnull=True) | Q(until__gt=on)
    found = GateOverride.objects.filter(lasting, subject_id=subject_id, since__lte=on)
    return frozenset(found.values_list("gate", flat=True))
