"""What ends the same day when somebody dies, moves away, leaves the Party or the unit (G-28)?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import refuse
from lingyan.directory import assignments
from lingyan.directory.actions.accounts import end_assignments, set_account_active
from lingyan.directory.actions.checking import require_role, set_changes
from lingyan.directory.models import Person, RoleAssignment, Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PARTY_MEMBERS, STAFF_REGISTRARS, PoliticalStatus
from lingyan.directory.rules import departures as rules
from lingyan.directory.rules.departures import Departure
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

PRODUCT = Actor.system()
# 督查督办 asks people here to settle what hangs on the person: who, why, since when, of which unit.
FOLLOW_UPS: list[Callable[[Person, Departure, date, Unit | None], object]] = []


@transaction.atomic
def register_departure(
    person: Person, *, kind: str, on: date, document: str, actor: Actor
) -> Person:
    """Somebody has died, left the county or is no Party member any more."""
    require_role(actor, STAFF_REGISTRARS, "登记人员变动")
    person = Person.objects.select_for_update(of=("self",)).select_related("place").get(
        pk=person.pk
    )  # fmt: skip
    refuse(
        rules.refuse_departure(
            kind=kind, on=on, document=document, today=clock.today(),
            is_gone=bool(person.left_as),
            is_member=person.political_status in PARTY_MEMBERS,
            is_last_administrator=_is_last_administrator(person),
        )
    )  # fmt: skip
    departure = Departure(kind)
    changes = set_changes(person, _said(departure, on))
    person.save(update_fields=list(changes))
    record(
        "directory.person.departed", actor=actor, subject=person, changes=changes,
        reason=document.strip(),
    )  # fmt: skip
    follow_departure(person, departure, on)
    return person


def _said(kind: Departure, on: date) -> dict[str, object]:
    if kind in rules.GONE:
        return {"left_as": kind.value, "left_on": on}
    return {"political_status": PoliticalStatus.MASS.value}


def _is_last_administrator(person: Person) -> bool:
    held = RoleAssignment.objects.filter(
        assignments.in_force(clock.today()), role=Role.SYS_ADMIN, user__is_active=True
    )
    holders = set(held.values_list("user_id", flat=True))
    return person.user_id is not None and holders == {person.user_id}


def follow_departure(person: Person, kind: Departure, on: date) -> None:
    """The account is closed at once; what else hangs on the person is given to people."""
    if not rules.closing_days(rules.act_of(kind)):
        return
    if person.user is not None and person.user.is_active and not _is_last_administrator(person):
        held = RoleAssignment.objects.filter(assignments.in_force(clock.today()), user=person.user)
        end_assignments(held, actor=PRODUCT, reason=kind.label)
        set_account_active(person.user, active=False, actor=PRODUCT, reason=kind.label)
    for follow in FOLLOW_UPS:
        follow(person, kind, on, person.unit)


def follow_transfer(person: Person, left: Unit) -> None:
    """What was done for the unit that somebody has left ends; another role keeps the account."""
    if not rules.closing_days(rules.act_of(Departure.TRANSFERRED)):
        return
    if person.user is not None:
        held = RoleAssignment.objects.filter(
            assignments.in_force(clock.today()), user=person.user, unit=left
        )
        reason = f"{Departure.TRANSFERRED.label}：已不在{left}"
        if end_assignments(held, actor=PRODUCT, reason=reason) and not (
            assignments.list_assignments(person.user.pk)
        ):
            set_account_active(person.user, active=False, actor=PRODUCT, reason=reason)
    for follow in FOLLOW_UPS:
        follow(person, Departure.TRANSFERRED, clock.today(), left)
