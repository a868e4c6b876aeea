"""How is a task raised, taken, passed up, reported as done, looked at and put away?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.settings import numbers_on
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.queries import tasks as queries
from lingyan.supervision.rules import settings
from lingyan.supervision.rules import tasks as rules
from lingyan.supervision.rules.words import UNDER_WAY, TaskState

THING = "supervision.task"
PRODUCT = Actor.system()
EVENTS = {
    "accept": "supervision.task.accepted",
    "submit": "supervision.task.submitted",
    "verify": "supervision.task.verified",
    "return": "supervision.task.returned",
    "close": "supervision.task.closed",
    "void": "supervision.task.voided",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The record that a task comes from: this floor knows its name and its page, not its table."""

    label: str  # "organization.rectificationcase"
    id: UUID
    title: str
    page: str = ""  # the name of the address of its page, which takes the id alone

    @classmethod
    def of(cls, thing: models.Model, page: str = "") -> Source:
        return cls(thing._meta.label_lower, thing.pk, str(thing)[:120], page)


def raise_task(
    *,
    what: str,
    place: Place,
    level: str,
    due_on: date,
    source: Source | None = None,
    rule: str = "",
    period: str = "",
    unit: Unit | None = None,
    person: Person | None = None,
    is_evidence_required: bool = False,
    actor: Actor = PRODUCT,
) -> SupervisionTask:
    """Ask an office (`level` of `place`), a unit or one person to do something until a day.

    Done again it does no harm: one task for each source, rule and period (such as "2026-10"), in
    whatever state it is. A gate's TRIGGER may name a day that has passed; a person may not.
    """
    assert level in rules.OF_LEVEL, f"nobody takes a task of the level {level}"
    if source is not None:
        found = queries.find_task(source.label, source.id, rule, period)
        if found is not None:
            return found
    try:
        with transaction.atomic():
            return _raise(
                what=what, place=place, level=level, due_on=due_on, source=source, rule=rule,
                period=period, unit=unit, person=person, actor=actor,
                is_evidence_required=is_evidence_required,
            )  # fmt: skip
    except IntegrityError:
        # Two routines at once: the second finds what the first has raised.
        twin = queries.find_task(source.label, source.id, rule, period) if source else None
        if twin is None:
            raise
        return twin


def _raise(
    *, what: str, place: Place, level: str, due_on: date, source: Source | None, rule: str,
    period: str, unit: Unit | None, person: Person | None, is_evidence_required: bool,
    actor: Actor,
) -> SupervisionTask:  # fmt: skip
    now, today = clock.now(), clock.today()
    if actor.user_id is not None and source is None:
        refuse(
            (
                *refuse_act(rules.TASK_FLOW, state="", act="raise", role=actor.role, thing=THING),
                *rules.refuse_to_raise(what=what, due_on=due_on, today=today),
            )
        )
    office = queries.office_of(place, level)
    named = {
        "source_label": source.label, "source_id": source.id, "source_title": source.title[:120],
        "source_page": source.page,
    } if source else {}  # fmt: skip
    task = SupervisionTask.objects.create(
        **named, rule=rule, period=period, what=what.strip()[: rules.TEXT_MAX], place=place,
        asked=office, office=office, level=level, unit=unit, person=person, due_on=due_on,
        is_evidence_required=is_evidence_required, came_at=now, with_you_at=now,
        accept_by=queries.accept_by(office, today), raised_by_id=actor.user_id,
        raised_by_name=actor.name, raised_by_role=actor.role,
    )  # fmt: skip
    record(
        "supervision.task.raised",
        actor=actor,
        subject=task,
        changes={"what": [None, task.what], "due_on": [None, due_on]},
        reason=rule,
    )
    return task


def locked(task: SupervisionTask) -> SupervisionTask:
    return (
        SupervisionTask.objects.select_for_update(of=("self",))
        .select_related("asked", "office__parent", "place__parent", "unit", "person")
        .get(pk=task.pk)
    )


def reasons_against(
    task: SupervisionTask, act: str, *, text: str = "待填", evidence: str = "待填",
    links: Sequence[str] = (), actor: Actor,
) -> tuple[Refusal, ...]:  # fmt: skip
    """Without words at hand it says whether the step is open to this person at all."""
    facts = rules.TaskFacts(
        is_owner=queries.is_owner(actor, task),
        is_checker=queries.is_checker(actor, task),
        has_worked_on_it=actor.user_id is not None
        and actor.user_id in (task.accepted_by_id, task.answered_by_id),
        text=text,
        evidence=evidence,
        links=links,
        photos=task.photos.count() if act == "submit" and not evidence.strip() else 0,
        is_evidence_required=task.is_evidence_required,
    )
    return (
        *refuse_act(rules.TASK_FLOW, state=task.state, act=act, role=actor.role, thing=THING),
        *rules.refuse_step(act, facts),
    )


@transaction.atomic
def step_task(
    task: SupervisionTask, act: str, *, text: str = "", evidence: str = "",
    links: Sequence[str] = (), actor: Actor,
) -> SupervisionTask:  # fmt: skip
    """One act of the table. Two at once: the second waits and sees what the first has done."""
    task = locked(task)
    refuse(reasons_against(task, act, text=text, evidence=evidence, links=links, actor=actor))
    values = _settled(act, text.strip(), evidence.strip(), actor)
    if act == "submit":
        values["links"] = list(links)
    return _move(task, act, values, actor=actor)


def _move(
    task: SupervisionTask, act: str, values: dict[str, Any], *, actor: Actor
) -> SupervisionTask:
    line = find_transition(rules.TASK_FLOW, state=task.state, act=act)
    assert line is not None, act
    changed = {"state": line.after, **values}
    before = task.get_state_display()
    for name, new in changed.items():
        setattr(task, name, new)
    task.save(update_fields=list(changed))
    record(
        EVENTS[act],
        actor=actor,
        subject=task,
        changes={"state": [before, task.get_state_display()]},
        reason=values.get("remark", ""),
    )
    return task


def _settled(act: str, text: str, evidence: str, actor: Actor) -> dict[str, Any]:
    if act == "accept":
        return {
            "accepted_by_id": actor.user_id,
            "accepted_by_name": actor.name,
            "accepted_at": clock.now(),
        }
    if act == "submit":
        return {
            "answer": text,
            "evidence": evidence,
            "answered_by_id": actor.user_id,
            "answered_by_name": actor.name,
            "answered_on": clock.today(),
        }
    return {"remark": text, "checked_by_name": actor.name, "checked_on": clock.today()}


@transaction.atomic
def withdraw_task(
    label: str, source_id: UUID, rule: str, *, period: str = "", why: str, actor: Actor = PRODUCT
) -> None:
    """What was to be done is no longer there (the visit was made up for): the task falls away."""
    found = queries.find_task(label, source_id, rule, period)
    if found is None:
        return
    task = locked(found)
    if find_transition(rules.TASK_FLOW, state=task.state, act="void") is not None:
        _move(task, "void", {"remark": why[: rules.TEXT_MAX]}, actor=actor)


@transaction.atomic
def escalate_task(task: SupervisionTask, *, actor: Actor = PRODUCT) -> SupervisionTask:
    """Nobody took it in time: one level up. The clock of the new holder starts anew, no other."""
    task = locked(task)
    is_late = task.state == TaskState.OPEN and task.accept_by < clock.today()
    if not is_late or not rules.goes_up(level=task.level, has_person=task.person_id is not None):
        return task
    before = task.holder
    task.level = rules.ABOVE[task.level]
    task.office = queries.office_of(task.office, task.level)
    task.person = None
    task.with_you_at = clock.now()
    task.accept_by = queries.accept_by(task.office, clock.today())
    task.save(update_fields=["level", "office", "person", "with_you_at", "accept_by"])
    record(
        "supervision.task.escalated",
        actor=actor,
        subject=task,
        changes={"holder": [before, task.holder]},
    )
    return task


@transaction.atomic
def report_task(task: SupervisionTask, *, actor: Actor = PRODUCT) -> SupervisionTask:
    """Long overdue, also in the hands of who took it: the office above is told, once (0.8)."""
    task = locked(task)
    if task.reported_on is not None or task.state not in UNDER_WAY:
        return task
    task.reported_level = rules.ABOVE[task.level]
    task.reported_to = queries.office_of(task.office, task.reported_level)
    task.reported_on = clock.today()
    task.save(update_fields=["reported_level", "reported_to", "reported_on"])
    record(
        "supervision.task.reported",
        actor=actor,
        subject=task,
        changes={"reported_to": ["", str(task.reported_to)]},
        reason=f"{task.due_on} 到期，由{task.holder}办理",
    )
    return task


def report_severe_tasks(*, actor: Actor = PRODUCT) -> int:
    """What the worker does of itself, by the days that each county has set."""
    today = clock.today()
    numbers = numbers_on(today)
    found = [
        one
        for one in queries.list_long_open(today)
        if rules.is_severe(one.due_on, today, numbers.of(one.place.path, settings.SEVERE))
    ]
    for task in found:
        report_task(task, actor=actor)
    return len(found)


def escalate_tasks(*, actor: Actor = PRODUCT) -> int:
    """What the worker does of itself: everything that nobody took goes up. Harmless when repeated.

    One level at a time: a task that lay for weeks while no worker ran still gives each office its
    own days.
    """
    found = list(queries.list_untaken(clock.today()))
    for task in found:
        escalate_task(task, actor=actor)
    return len(found)


def close_tasks(*, actor: Actor = PRODUCT) -> int:
    """What was verified in an earlier month stands in its report: it is put away."""
    first = clock.today().replace(day=1)
    found = list(queries.list_verified_before(first))
    for task in found:
        close_task(task, actor=actor)
    return len(found)


@transaction.atomic
def close_task(task: SupervisionTask, *, actor: Actor = PRODUCT) -> SupervisionTask:
    task = locked(task)
    if task.state != TaskState.VERIFIED:
        return task
    return _move(task, "close", {}, actor=actor)


def usual_due(today: date) -> date:
    return today + timedelta(days=30)
