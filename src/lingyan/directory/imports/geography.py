"""What do the sheets of adjoining towns and of working days say, and how are they kept?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.actions.geography import (
    add_adjoining_towns,
    remove_adjoining_towns,
    set_calendar_days,
)
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import AdjoiningTowns, CalendarDay, Place
from lingyan.directory.roles import Role
from lingyan.directory.scoping import place_q
from lingyan.directory.sheets import ADJOINING, CALENDAR
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

ONE_TOWN = Flaw("两个乡镇是同一个", "请填两个不同的乡镇", "both towns are one", "name two towns")
TOLD_TWICE = Flaw("这一对乡镇在表中写了两次", "请删去一行", "the pair stands twice", "delete a row")
Pair = frozenset[UUID]


def _adjoining(actor: Actor) -> list[AdjoiningTowns]:
    own = place_q(actor.scope, "first__") | place_q(actor.scope, "second__")
    pairs = AdjoiningTowns.objects.filter(own).select_related("first", "second")
    return list(pairs.order_by("first__path", "second__path"))


def match_adjoining(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    known = {frozenset((one.first_id, one.second_id)): one for one in _adjoining(actor)}
    told: set[Pair] = set()
    return [_match_pair(row, names, known, told) for row in incoming.rows]


def _match_pair(
    row: ParsedRow, names: Names, known: Mapping[Pair, AdjoiningTowns], told: set[Pair]
) -> RowOutcome:
    reader = RowReader(row, ADJOINING, names)
    label = f"{row.values['town']}—{row.values['other']}"
    first, second = reader.town(), reader.town("other")
    if first is None or second is None:
        return wrong(row, label, reader.faults)
    pair = frozenset((first.pk, second.pk))
    if len(pair) == 1:
        reader.fault("other", ONE_TOWN)
    elif pair in told:
        reader.fault("other", TOLD_TWICE)
    told.add(pair)
    if reader.faults:
        return wrong(row, label, reader.faults)
    stored, adjoins = known.get(pair), row.values["adjoins"] is not False
    given = _pair_row(first, second, adjoins=adjoins)
    before = _pair_row(first, second, adjoins=True) if stored else None
    if stored is None and not adjoins:
        before = given  # nothing is stored and nothing is to be
    return outcome_of(
        row,
        ADJOINING,
        label=label,
        stored=before,
        given=given,
        subject=stored,
        plan=(first, second),
    )


def apply_adjoining(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    created = add_adjoining_towns([one.plan for one in new], actor=actor)
    written = [Written(one.number, pair, None) for one, pair in zip(new, created, strict=True)]
    for one in outcomes:
        if one.verdict is Verdict.CHANGED and isinstance(one.subject, AdjoiningTowns):
            written.append(Written(one.number, one.subject, image_of(one.subject)))
            remove_adjoining_towns(one.subject, actor=actor)
    return written


def _pair_row(first: Place, second: Place, *, adjoins: bool) -> dict[str, Any]:
    return {"town": first.short_name, "other": second.short_name, "adjoins": adjoins}


def export_adjoining(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for pair in _adjoining(actor):
        yield _pair_row(pair.first, pair.second, adjoins=True)


def match_days(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    days = [row.values["day"] for row in incoming.rows]
    known = {one.day: one for one in CalendarDay.objects.filter(day__in=days)}
    return [_match_day(row, known.get(row.values["day"])) for row in incoming.rows]


def _match_day(row: ParsedRow, stored: CalendarDay | None) -> RowOutcome:
    values = row.values
    note = values["note"] or (stored.note if stored else "")
    return outcome_of(
        row,
        CALENDAR,
        label=str(values["day"]),
        stored=_day_row(stored) if stored else None,
        given=values,
        subject=stored,
        plan=(values["day"], values["is_workday"], note),
    )


def apply_days(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    written = [one for one in outcomes if one.is_written]
    befores = {one.number: image_of(one.subject) for one in written if one.subject}
    days = {one.day: one for one in set_calendar_days([one.plan for one in written], actor=actor)}
    return [Written(one.number, days[one.plan[0]], befores.get(one.number)) for one in written]


def _day_row(one: CalendarDay) -> dict[str, Any]:
    return {"day": one.day, "is_workday": one.is_workday, "note": one.note or None}


def export_days(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for one in CalendarDay.objects.order_by("day"):
        yield _day_row(one)


COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER)
ADJOINING_KIND = ExchangeKind(
    code="adjoining",
    sheet=ADJOINING,
    about="哪些乡镇相邻，用于计算远近",
    import_roles=(Role.COUNTY_ORG_ADMIN,),
    export_roles=COUNTY,
    match=match_adjoining,
    apply=apply_adjoining,
    export_rows=export_adjoining,
    not_kept=frozenset({"minutes"}),
)
CALENDAR_KIND = ExchangeKind(
    code="calendar",
    sheet=CALENDAR,
    about="县里的放假和调休上班，用于计算公示等工作日期限",
    import_roles=(Role.COUNTY_ORG_ADMIN,),
    export_roles=COUNTY,
    match=match_days,
    apply=apply_days,
    export_rows=export_days,
)
