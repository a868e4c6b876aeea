"""How is a responsibility list begun, changed, submitted and approved (R-13-03)?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import refuse_same_person
from lingyan.directory.scoping import contains
from lingyan.organization import facts_of_neighbours
from lingyan.organization.models import DutyItem, DutyList
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import duty_lists as rules
from lingyan.organization.rules.duty_lists import Item
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

ACTOR_MISSING = Refusal(f"{rules.THING}.wrong_role", "您的身份不起草责任清单")


def _holds(duty: DutyList, actor: Actor) -> bool:
    if duty.unit_id is not None and duty.unit_id in actor.scope.unit_ids:
        return True
    return contains(actor.scope, duty.place.path)


def reasons_against(duty: DutyList, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Whether the step is open to this person at all."""
    levels = {"approve": rules.APPROVERS, "return": rules.APPROVERS}.get(act, rules.WRITERS)
    if not _holds(duty, actor) or actor.role not in levels[duty.level]:
        return (Refusal(f"{rules.THING}.wrong_role", "这份责任清单不由您的身份办理"),)
    found = refuse_act(
        rules.DUTY_FLOW, state=duty.state, act=act, role=actor.role, thing=rules.THING
    )
    if act == "approve":
        makers = frozenset({str(duty.submitted_by_id)})
        found += refuse_same_person(makers, str(actor.user_id), act="批准")
    return found


def items_of(duty: DutyList) -> list[Item]:
    return [
        Item(one.topic, one.duty, one.measure, one.due_on, one.indicator)
        for one in duty.items.all()
    ]


@transaction.atomic
def start_duty_list(*, year: int, actor: Actor) -> DutyList:
    """The list of one's own village, town or unit, begun from last year's or the usual items."""
    place, unit = queries.own_place(actor)
    level = queries.level_of(actor)
    if place is None or not level:
        refuse((ACTOR_MISSING,))
    assert place is not None
    if (found := queries.find_own_list(actor, year)) is not None:
        return found
    secretary = queries.find_secretary(level, place, unit, clock.today())
    duty = DutyList.objects.create(
        level=level, year=year, place=place, unit=unit,
        secretary=secretary.name if secretary else "",
    )  # fmt: skip
    before = queries.find_own_list(actor, year - 1)
    items = rules.carried_over(items_of(before), year) if before else rules.usual_items(level, year)
    _write(duty, items)
    record(rules.EVENTS["draft"], actor=actor, subject=duty, changes={"year": [None, year]})
    return duty


def _write(duty: DutyList, items: Sequence[Item]) -> None:
    duty.items.all().delete()
    DutyItem.objects.bulk_create(
        DutyItem(
            duty_list=duty, number=number, topic=one.topic, duty=one.duty.strip(),
            measure=one.measure.strip(), due_on=one.due_on, indicator=one.indicator,
        )
        for number, one in enumerate(items, 1)
    )  # fmt: skip


def _locked(duty: DutyList) -> DutyList:
    return (
        DutyList.objects.select_for_update(of=("self",))
        .select_related("place", "unit")
        .get(pk=duty.pk)
    )


@transaction.atomic
def save_duty_list(duty: DutyList, *, items: Sequence[Item], actor: Actor) -> DutyList:
    """Keep what is there so far; whether it is complete is asked when it is submitted."""
    duty = _locked(duty)
    refuse(reasons_against(duty, "save", actor=actor))
    before = items_of(duty)
    _write(duty, items)
    changes = {"items": [[_told(one) for one in before], [_told(one) for one in items]]}
    return _move(duty, "save", {}, actor=actor, changes=changes)


def _told(one: Item) -> str:
    return f"{one.duty}；{one.measure}；{one.due_on or ''}"


@transaction.atomic
def submit_duty_list(duty: DutyList, *, actor: Actor) -> DutyList:
    duty = _locked(duty)
    refuse(
        (
            *reasons_against(duty, "submit", actor=actor),
            *rules.refuse_to_submit(
                items_of(duty), level=duty.level, year=duty.year, has_pairing=has_pairing(duty)
            ),
        )
    )
    secretary = queries.find_secretary(duty.level, duty.place, duty.unit, clock.today())
    values = {
        "secretary": secretary.name if secretary else duty.secretary,
        "submitted_by_id": actor.user_id, "submitted_by_name": actor.name,
        "submitted_on": clock.today(), "remark": "",
    }  # fmt: skip
    return _move(duty, "submit", values, actor=actor)


def has_pairing(duty: DutyList) -> bool:
    """Whether the unit has a pair in the year of the list."""
    if duty.unit_id is None:
        return False
    return duty.unit_id in facts_of_neighbours.pairing_years([duty.unit_id], duty.year)


@transaction.atomic
def return_duty_list(duty: DutyList, *, reason: str, actor: Actor) -> DutyList:
    duty = _locked(duty)
    missing = () if reason.strip() else (
        Refusal("organization.duty_reason_missing", "请写明退回的理由"),
    )  # fmt: skip
    refuse((*reasons_against(duty, "return", actor=actor), *missing))
    return _move(duty, "return", {"remark": reason.strip()[: rules.TEXT_MAX]}, actor=actor)


@transaction.atomic
def approve_duty_list(duty: DutyList, *, actor: Actor) -> DutyList:
    duty = _locked(duty)
    refuse(reasons_against(duty, "approve", actor=actor))
    values = {"decided_by_name": actor.name, "decided_on": clock.today()}
    return _move(duty, "approve", values, actor=actor)


def _move(
    duty: DutyList, act: str, values: dict[str, Any], *, actor: Actor,
    changes: dict[str, list[Any]] | None = None,
) -> DutyList:  # fmt: skip
    line = find_transition(rules.DUTY_FLOW, state=duty.state, act=act)
    assert line is not None, act
    before = duty.get_state_display()
    for name, new in {**values, "state": line.after}.items():
        setattr(duty, name, new)
    duty.save(update_fields=[*values, "state"])
    told = {**(changes or {}), "state": [before, duty.get_state_display()]}
    reason = values.get("remark", "")
    record(rules.EVENTS[act], actor=actor, subject=duty, changes=told, reason=reason)
    return duty
