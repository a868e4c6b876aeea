"""What does the sheet of another system's presence records say (R-2-21, R-2-29)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict
from lingyan.posting.actions.outside_records import OutsideRow, create_outside_records
from lingyan.posting.models import OutsideRecord, Posting
from lingyan.posting.queries import outside_records as queries
from lingyan.posting.sheets import PRESENCE

Key = tuple[str, str]
IMPORTED = Flaw(
    "该外部记录已导入，请勿重复",
    "外部编号在同一系统里只用一次，请核对",
    "this external record has been imported already",
    "an external number is used once in one system",
)
NOT_THERE = Flaw(
    "这一天没有在岗的派驻",
    "请核对姓名和日期",
    "this person was not in post on that day",
    "check name and day",
)
TO_COME = Flaw("日期不能晚于今天", "请核对日期", "the day has not come yet", "check the day")


def match_presence(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names = Names(actor)
    postings = queries.postings_by_person(actor.scope)
    known = {(one.system, one.external_id): one for one in queries.list_outside(actor.scope)}
    taken: set[Key] = set()
    return [_match(row, names, postings, known, taken) for row in incoming.rows]


def _match(
    row: ParsedRow,
    names: Names,
    postings: Mapping[Any, Sequence[Posting]],
    known: Mapping[Key, OutsideRecord],
    taken: set[Key],
) -> RowOutcome:
    reader, values = RowReader(row, PRESENCE, names), row.values
    label, key = f"{values['person']} {values['on']}", (values["system"], values["external_id"])
    person = reader.person()
    if person is None:
        return wrong(row, label, reader.faults)
    note_listed(person)
    posting = queries.posting_on(postings.get(person.pk, ()), values["on"])
    if values["on"] > clock.today():
        reader.fault("on", TO_COME)
    elif posting is None:
        reader.fault("on", NOT_THERE)
    stored = known.get(key)
    if key in taken:
        reader.fault("external_id", IMPORTED)
    taken.add(key)
    before = _row(stored) if stored else None
    given = {name: values[name] for name in ("on", "system", "external_id", "text")}
    outcome = outcome_of(
        row, PRESENCE, label=label, stored=before, given=given, subject=stored,
        plan=OutsideRow(posting, **given) if posting else None,
    )  # fmt: skip
    moved = stored is not None and posting is not None and stored.posting_id != posting.pk
    if outcome.verdict is Verdict.CHANGED or moved:
        reader.fault("external_id", IMPORTED)
    return wrong(row, label, reader.faults) if reader.faults else outcome


def _row(one: OutsideRecord) -> dict[str, Any]:
    return {
        "on": one.happened_on, "system": one.system, "external_id": one.external_id,
        "text": one.text or None,
    }  # fmt: skip


def apply_presence(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    made = create_outside_records([one.plan for one in new], actor=actor)
    return [Written(one.number, record, None) for one, record in zip(new, made, strict=True)]


def export_presence(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for one in queries.list_outside(actor.scope).order_by("happened_on", "pk").iterator(2000):
        person = one.posting.person
        note_listed(person)
        unit = person.unit.name if person.unit else None
        yield {"person": person.name if unit else person.number, "unit": unit, **_row(one)}


KIND = ExchangeKind(
    code="presence",
    sheet=PRESENCE,
    about="其他系统里的在村记录（如县里原有的打卡、会议系统），导入后算作在村，不再让人另填",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.TOWN_ORG),
    export_roles=(
        Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER, Role.TOWN_ORG,
    ),
    match=match_presence,
    apply=apply_presence,
    export_rows=export_presence,
)  # fmt: skip
