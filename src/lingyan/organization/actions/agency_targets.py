"""How is a unit's yearly target written, submitted and approved (R-13-05)?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Unit
from lingyan.directory.rules.hands import refuse_same_person
from lingyan.directory.scoping import contains
from lingyan.organization import facts_of_neighbours
from lingyan.organization.models import AgencyTarget
from lingyan.organization.rules import agency_targets as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record


def pairing_of(unit: Unit, year: int) -> rules.PairingYear | None:
    """What the unit's pairs were worth, out of their own records; None where it has no pair."""
    found = facts_of_neighbours.pairing_years([unit.pk], year).get(unit.pk)
    return rules.PairingYear(*found) if found else None


def reasons_against(target: AgencyTarget, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    found = refuse_act(
        rules.TARGET_FLOW, state=target.state, act=act, role=actor.role, thing=rules.THING
    )
    if not contains(actor.scope, target.unit.place.path):
        found = (Refusal(f"{rules.THING}.wrong_role", "这份目标考评不由您的身份办理"),)
    if act == "approve":
        makers = frozenset({str(target.submitted_by_id)})
        found += refuse_same_person(makers, str(actor.user_id), act="批准")
    return found


@transaction.atomic
def write_target(
    unit: Unit, *, year: int, points: Mapping[str, int], evidence: str, actor: Actor
) -> AgencyTarget:
    """The points of the other items, in hundredths; the pairs' part and the total follow."""
    target = (
        AgencyTarget.objects.select_for_update(of=("self",))
        .select_related("unit__place")
        .filter(unit=unit, year=year)
        .first()
    )
    is_new = target is None
    target = target or AgencyTarget(unit=unit, year=year, state="")
    refuse(
        (
            *reasons_against(target, "write", actor=actor),
            *rules.refuse_points(points),
        )
    )
    before = dict(target.points)
    target.points = dict(points)
    target.evidence = evidence.strip()[:300]
    _count(target)
    if is_new:
        target.state = "draft"
        target.save(force_insert=True)
        changes = {"points": [None, dict(points)], "total": [None, target.total]}
        record(rules.EVENTS["write"], actor=actor, subject=target, changes=changes)
        return target
    target.save(update_fields=["points", "evidence", "has_pairing", "pairing_score", "total"])
    return _move(target, "write", {}, {"points": [before, dict(points)]}, actor=actor)


def _count(target: AgencyTarget) -> None:
    pairing = pairing_of(target.unit, target.year)
    target.has_pairing = pairing is not None
    target.pairing_score = rules.pairing_points(pairing.score if pairing else None)
    target.total = rules.total(target.points, target.pairing_score, has_pairing=target.has_pairing)


def _locked(target: AgencyTarget) -> AgencyTarget:
    return (
        AgencyTarget.objects.select_for_update(of=("self",))
        .select_related("unit__place")
        .get(pk=target.pk)
    )


@transaction.atomic
def submit_target(target: AgencyTarget, *, actor: Actor) -> AgencyTarget:
    """What the pairs are worth is asked once more: it is frozen as it is on this day."""
    target = _locked(target)
    _count(target)
    refuse(
        (
            *reasons_against(target, "submit", actor=actor),
            *rules.refuse_to_submit(has_pairing=target.has_pairing, pairing=target.pairing_score),
        )
    )
    values = {
        "has_pairing": target.has_pairing, "pairing_score": target.pairing_score,
        "total": target.total, "submitted_by_id": actor.user_id,
        "submitted_by_name": actor.name, "remark": "",
    }  # fmt: skip
    return _move(target, "submit", values, {"total": [None, target.total]}, actor=actor)


@transaction.atomic
def return_target(target: AgencyTarget, *, reason: str, actor: Actor) -> AgencyTarget:
    target = _locked(target)
    missing = () if reason.strip() else (
        Refusal("organization.target_reason_missing", "请写明退回的理由"),
    )  # fmt: skip
    refuse((*reasons_against(target, "return", actor=actor), *missing))
    return _move(target, "return", {"remark": reason.strip()[:300]}, {}, actor=actor)


@transaction.atomic
def approve_target(target: AgencyTarget, *, actor: Actor) -> AgencyTarget:
    target = _locked(target)
    refuse(reasons_against(target, "approve", actor=actor))
    values = {"decided_by_name": actor.name, "decided_on": clock.today()}
    return _move(target, "approve", values, {}, actor=actor)


def _move(
    target: AgencyTarget,
    act: str,
    values: dict[str, Any],
    changes: dict[str, list[Any]],
    *,
    actor: Actor,
) -> AgencyTarget:
    line = find_transition(rules.TARGET_FLOW, state=target.state, act=act)
    assert line is not None, act
    before = target.get_state_display()
    for name, new in {**values, "state": line.after}.items():
        setattr(target, name, new)
    target.save(update_fields=[*values, "state"])
    told = {**changes, "state": [before, target.get_state_display()]}
    reason = values.get("remark", "")
    record(rules.EVENTS[act], actor=actor, subject=target, changes=told, reason=reason)
    return target
