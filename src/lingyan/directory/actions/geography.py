"""Which acts change a place, its neighbourhood and the county's calendar?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import rules
from lingyan.directory.actions.checking import raise_all, require_role, row_number, save_changes
from lingyan.directory.models import AdjoiningTowns, CalendarDay, Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import contains
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record


@transaction.atomic
def change_place(place: Place, *, actor: Actor, values: Mapping[str, Any]) -> Place:
    """Change names, kind, code and point; where a place lies is not changed by hand."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    require_role(actor, rules.REGISTRARS, "修改区划")
    code, edition = values.get("code", place.code), values.get("code_edition", place.code_edition)
    others = Place.objects.filter(code=code, code_edition=edition).exclude(pk=place.pk)
    refusals = rules.refuse_place(
        name=values.get("name", place.name),
        level=place.level,
        code=code,
        code_taken=bool(code) and others.exists(),
    )
    if refusals:
        raise Refused(refusals)
    if changes := save_changes(place, values):
        record("directory.place.changed", actor=actor, subject=place, changes=changes)
    return place


@transaction.atomic
def add_adjoining_towns(
    pairs: Sequence[tuple[Place, Place]], *, actor: Actor
) -> list[AdjoiningTowns]:
    """Register that towns touch; a pair that is known already stays as it is."""
    require_role(actor, rules.REGISTRARS, "登记相邻乡镇")
    known = set(AdjoiningTowns.objects.values_list("first_id", "second_id"))
    found, new = [], []
    for position, (one, other) in enumerate(pairs):
        first, second = sorted((one, other), key=lambda place: place.path)
        found.append(
            (row_number(position, pairs), f"{one}—{other}", _refuse_adjoining(first, second, actor))
        )
        if (first.pk, second.pk) not in known:
            known.add((first.pk, second.pk))
            new.append(AdjoiningTowns(first=first, second=second))
    raise_all(found)
    # Their key comes from the table, so each is stored before its entry is sealed.
    for pair in new:
        pair.save()
        record("directory.adjoining.created", actor=actor, subject=pair)
    return new


def _refuse_adjoining(first: Place, second: Place, actor: Actor) -> list[Refusal]:
    refusals = []
    if first.pk == second.pk:
        refusals.append(Refusal("directory.adjoining_oneself", "请选两个不同的乡镇"))
    if any(place.level != PlaceLevel.TOWNSHIP for place in (first, second)):
        refusals.append(Refusal("directory.not_a_town", "只登记乡镇（街道）之间相邻"))
    if not (contains(actor.scope, first.path) or contains(actor.scope, second.path)):
        refusals.append(Refusal("directory.outside_scope", "不在您的管辖范围内"))
    return refusals


@transaction.atomic
def remove_adjoining_towns(pair: AdjoiningTowns, *, actor: Actor) -> None:
    require_role(actor, rules.REGISTRARS, "撤销相邻乡镇")
    pair = AdjoiningTowns.objects.select_for_update().get(pk=pair.pk)
    record(
        "directory.adjoining.removed",
        actor=actor,
        subject=pair,
        changes={"first": [str(pair.first), None], "second": [str(pair.second), None]},
    )
    pair.delete()


@transaction.atomic
def set_calendar_days(days: Sequence[tuple[date, bool, str]], *, actor: Actor) -> list[CalendarDay]:
    """Decide which days are working days (R-0-08): (day, is a working day, note)."""
    require_role(actor, rules.REGISTRARS, "设定工作日历")
    stored = {
        one.day: one
        for one in CalendarDay.objects.select_for_update().filter(
            day__in=[day for day, _, _ in days]
        )
    }
    result = []
    for day, is_workday, note in days:
        known = stored.get(day)
        one = known or CalendarDay(day=day)
        before = [one.is_workday, one.note] if known else None
        if before == [is_workday, note]:
            continue
        one.is_workday, one.note = is_workday, note
        one.save()
        record(
            "directory.calendar.set",
            actor=actor,
            subject=one,
            changes={
                "is_workday": [before and before[0], is_workday],
                "note": [before and before[1], note],
            },
        )
        stored[day] = one
        result.append(one)
    return result


@transaction.atomic
def remove_calendar_day(one: CalendarDay, *, actor: Actor) -> None:
    """Give the day back to the state calendar."""
    require_role(actor, rules.REGISTRARS, "撤销工作日历设定")
    one = CalendarDay.objects.select_for_update().get(pk=one.pk)
    record(
        "directory.calendar.removed",
        actor=actor,
        subject=one,
        changes={"is_workday": [one.is_workday, None]},
    )
    one.delete()
