"""What do the sheets of insurance, examinations and honours say of posted people?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.periods import ONE_DAY
from lingyan.common.refusals import Refusal
from lingyan.common.sheet import ParsedRow, Sheet
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict
from lingyan.posting.actions.honors import reasons_against_nominating, register_honor
from lingyan.posting.actions.insurance import Policy, add_policy
from lingyan.posting.actions.support import record_support
from lingyan.posting.models import Honor, InsurancePolicy, Posting, SupportRecord
from lingyan.posting.queries import support_sheets as queries
from lingyan.posting.rules import honors as honor_rules
from lingyan.posting.rules import support as rules
from lingyan.posting.sheets import HONORS, INSURANCE, SUPPORT_RECORDS

Values = Mapping[str, Any]
Key = tuple[Any, ...]

NOT_POSTED = Flaw(
    "没有派驻记录",
    "请核对姓名，或先登记派驻",
    "this person has no posting",
    "check the name",
)
DIFFERENT = Flaw(
    "已登记过，内容不同",
    "表格不改已登记的；登记错了的，请先在页面上作废",
    "it is registered with other contents",
    "void the record on its page first",
)


@dataclass(frozen=True, slots=True)
class What:
    """One of the sheets: how a record is known again, said, checked and written."""

    sheet: Sheet
    stored: Callable[[Actor], Iterable[Any]]
    row_of: Callable[[Any], dict[str, Any]]
    refuse: Callable[[Posting, Values], Iterable[Refusal]]
    write: Callable[..., models.Model]

    def key(self, person: Person, values: Values) -> Key:
        """The sheet's key, with the person instead of the name and unit."""
        return (person.pk, *(values[name] for name in self.sheet.key[2:]))

    def said(self, values: Values) -> dict[str, Any]:
        """The row without whose it is."""
        return {name: values[name] for name in self.sheet.places if name not in ("person", "unit")}

    def match(self, incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
        names, postings = Names(actor), queries.latest_postings(actor.scope)
        known = {self.key(one.posting.person, self.row_of(one)): one for one in self.stored(actor)}
        taken: set[Key] = set()
        return [self._match(row, names, postings, known, taken) for row in incoming.rows]

    def _match(
        self,
        row: ParsedRow,
        names: Names,
        postings: Mapping[Any, Posting],
        known: Mapping[Key, Any],
        taken: set[Key],
    ) -> RowOutcome:
        reader, values = RowReader(row, self.sheet, names), row.values
        label = str(values["person"])
        person = reader.person()
        if person is None:
            return wrong(row, label, reader.faults)
        note_listed(person)
        posting, key = postings.get(person.pk), self.key(person, values)
        stored = known.get(key)
        if posting is None:
            reader.fault("person", NOT_POSTED)
        elif stored is None:
            reader.refuse("person", self.refuse(posting, values))
        if key in taken:
            reader.fault("person", DIFFERENT)
        taken.add(key)
        before = self.row_of(stored) if stored else None
        given = self.said(values)
        outcome = outcome_of(
            row, self.sheet, label=label, stored=before, given=given, subject=stored,
            plan=(posting, given),
        )  # fmt: skip
        if outcome.verdict is Verdict.CHANGED:
            reader.fault("person", DIFFERENT)
        return wrong(row, label, reader.faults) if reader.faults else outcome

    def apply(self, outcomes: Sequence[RowOutcome], *, actor: Actor, **_: str) -> list[Written]:
        return [
            Written(one.number, self.write(one.plan[0], one.plan[1], actor), None)
            for one in outcomes
            if one.verdict is Verdict.NEW
        ]

    def export(self, *, actor: Actor, **_: str) -> Iterator[Mapping[str, Any]]:
        for one in self.stored(actor):
            person = one.posting.person
            note_listed(person)
            unit = person.unit.name if person.unit else None
            yield {
                "person": person.name if unit else person.number,
                "unit": unit,
                **self.row_of(one),
            }


# --- insurance ------------------------------------------------------------------------------------


def _policy_row(one: InsurancePolicy) -> dict[str, Any]:
    return {"number": one.number, "since": one.since, "last_day": one.last_day}


def _refuse_policy(posting: Posting, values: Values) -> Iterable[Refusal]:
    since, last = values["since"], values["last_day"]
    return rules.refuse_policy(rules.PolicyFacts(values["number"], since, _after(last)))


def _after(day: date) -> date:
    return day + ONE_DAY if day < date.max else day


def _write_policy(posting: Posting, said: Values, actor: Actor) -> InsurancePolicy:
    policy = Policy(said["number"], said["since"], _after(said["last_day"]))
    return add_policy(posting, policy, actor=actor)


# --- examinations and visits ----------------------------------------------------------------------


def _record_row(one: SupportRecord) -> dict[str, Any]:
    return {
        "item": one.item,
        "happened_on": one.happened_on,
        "by_whom": one.by_whom,
        "text": one.text or None,
    }


def _refuse_record(posting: Posting, values: Values) -> Iterable[Refusal]:
    return rules.refuse_to_record(
        rules.RecordFacts(
            item=values["item"], on=values["happened_on"], today=clock.today(),
            came_on=posting.came_on, until=posting.until, by_whom=values["by_whom"],
        )
    )  # fmt: skip


def _write_record(posting: Posting, said: Values, actor: Actor) -> SupportRecord:
    return record_support(
        posting, item=said["item"], on=said["happened_on"], by_whom=said["by_whom"],
        text=said["text"] or "", actor=actor,
    )  # fmt: skip


# --- honours --------------------------------------------------------------------------------------


def _honor_row(one: Honor) -> dict[str, Any]:
    return {
        "level": one.level,
        "kind": one.kind,
        "title": one.title,
        "decided_on": one.decided_on,
        "document_number": one.document_number,
    }


def _refuse_honor(posting: Posting, values: Values) -> Iterable[Refusal]:
    """As on the page: the document as it has to be, and an appraisal that allows it (G-16)."""
    settled = honor_rules.refuse_to_settle(
        grants=True, document_number=values["document_number"], decided_on=values["decided_on"],
        answer="", today=clock.today(),
    )  # fmt: skip
    return (*settled, *reasons_against_nominating(posting))


def _write_honor(posting: Posting, said: Values, actor: Actor) -> Honor:
    return register_honor(posting, **said, actor=actor)


POLICIES = What(INSURANCE, queries.policies, _policy_row, _refuse_policy, _write_policy)
RECORDS = What(SUPPORT_RECORDS, queries.records, _record_row, _refuse_record, _write_record)
GIVEN = What(HONORS, queries.honors, _honor_row, _refuse_honor, _write_honor)
OFFICES = (
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_STAFF,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
)
READERS = (*OFFICES, Role.COUNTY_ORG_LEADER, Role.TOWN_SECRETARY, Role.UNIT_LEADER)


def _kind(what: What, about: str, import_roles: tuple[str, ...]) -> ExchangeKind:
    return ExchangeKind(
        code=what.sheet.kind,
        sheet=what.sheet,
        about=about,
        import_roles=import_roles,
        export_roles=READERS,
        match=what.match,
        apply=what.apply,
        export_rows=what.export,
    )


KINDS = (
    _kind(POLICIES, "派驻人员的人身意外伤害保险；续保的另起一行", OFFICES),
    _kind(RECORDS, "派驻人员的健康体检和走访慰问；体检不写结果", OFFICES),
    _kind(GIVEN, "派驻人员已发文的表彰", (Role.COUNTY_ORG_ADMIN,)),
)
