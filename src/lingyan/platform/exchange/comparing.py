"""How does a row differ from what is stored, in the words of the sheet?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import models

from lingyan.common.identity import mask_identity, mask_phone
from lingyan.common.sheet import Column, Kind, ParsedRow, Sheet
from lingyan.platform.exchange.registry import FieldChange, RowFault, RowOutcome
from lingyan.platform.exchange.rules import Verdict

HIDDEN = "（不显示）"


def shown(column: Column, value: Any) -> str:
    """A value as people read it; identity numbers and phones masked."""
    if value in (None, "", ()):
        return ""
    reader = READERS.get(column.kind)
    if reader:
        return reader(column, value)
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _labels(column: Column, value: str | Sequence[str]) -> str:
    codes = (value,) if isinstance(value, str) else value
    return "、".join([column.labels.get(code, str(code)) for code in codes])


READERS: Mapping[Kind, Callable[[Column, Any], str]] = {
    Kind.ID_NUMBER: lambda _, value: mask_identity(str(value)),
    Kind.PHONE: lambda _, value: mask_phone(str(value)),
    Kind.BOOLEAN: lambda _, value: "是" if value else "否",
    Kind.CHOICE: _labels,
    Kind.MULTI_CHOICE: _labels,
}


def differing(
    sheet: Sheet,
    stored: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    left: frozenset[str],
    hidden: frozenset[str],
) -> tuple[FieldChange, ...]:
    """The cells that say something else than the record; an empty cell says nothing."""
    places = sheet.places
    changes = []
    for name, value in given.items():  # few of the sheet's columns are filled in a row
        if value is None or name in left or name not in places:
            continue
        place, column = places[name]
        before = stored.get(name)
        if not _same(column, before, value):
            changes.append((place, _change(column, before, value, is_hidden=name in hidden)))
    return tuple(change for _, change in sorted(changes, key=itemgetter(0)))


def _change(column: Column, before: Any, value: Any, *, is_hidden: bool) -> FieldChange:
    if is_hidden:
        return FieldChange(column.heading, HIDDEN if before else "", HIDDEN)
    return FieldChange(column.heading, shown(column, before), shown(column, value))


@dataclass(frozen=True, slots=True)
class Filled:
    """The cells of a new record, put into words only where somebody reads them."""

    sheet: Sheet
    given: Mapping[str, Any]
    left: frozenset[str]
    hidden: frozenset[str]

    def __iter__(self) -> Iterator[FieldChange]:
        return iter(differing(self.sheet, {}, self.given, left=self.left, hidden=self.hidden))

    def plain(self) -> dict[str, str]:
        """What tells two checks of one file apart; a secret is the same in both."""
        unsaid = self.left | self.hidden | self.sheet.secrets
        return {
            name: str(value)
            for name, value in self.given.items()
            if value is not None and name not in unsaid
        }


def outcome_of(
    row: ParsedRow,
    sheet: Sheet,
    *,
    label: str,
    stored: Mapping[str, Any] | None,
    given: Mapping[str, Any],
    subject: models.Model | None = None,
    plan: Any = None,
    leave: Iterable[str] = (),
    private: Iterable[str] = (),
    group: str = "",
    others: tuple[models.Model, ...] = (),
) -> RowOutcome:
    """New when nothing is stored, else changed or the same, cell by cell."""
    left, hidden = frozenset(leave), frozenset(private)
    if stored is None:
        cells = Filled(sheet, given, left, hidden)
        return RowOutcome(row.number, Verdict.NEW, label, cells, (), subject, plan, group, others)
    changes = differing(sheet, stored, given, left=left, hidden=hidden)
    verdict = Verdict.CHANGED if changes else Verdict.SAME
    return RowOutcome(row.number, verdict, label, changes, (), subject, plan, group, others)


def wrong(row: ParsedRow, label: str, faults: Sequence[RowFault]) -> RowOutcome:
    return RowOutcome(row.number, Verdict.WRONG, label, faults=tuple(faults))


def _same(column: Column, stored: Any, given: Any) -> bool:
    """Several choices in one cell have no order; names that are ranked do."""
    if isinstance(stored, list | tuple) and isinstance(given, list | tuple):
        if column.kind is Kind.MULTI_CHOICE:
            return set(stored) == set(given)
        return tuple(stored) == tuple(given)
    return bool(stored == given)
