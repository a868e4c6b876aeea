"""What does the page of one frozen number show: its records, and what came of them since?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse

from lingyan.briefings.models import BriefingFigure
from lingyan.briefings.panels.briefings import value_of
from lingyan.briefings.panels.figures import Cell, Row, heads_over, row_of
from lingyan.briefings.queries.asking import key_of, query_of
from lingyan.briefings.queries.figures import PER_PAGE, evidence_of, may_open, may_read, paged
from lingyan.briefings.queries.frozen import (
    LISTED_MOST,
    changes_since,
    differences,
    question_of,
    records_of,
)
from lingyan.briefings.rules.frozen import Difference, Kept
from lingyan.briefings.rules.periods import Told, text_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.timeline import TimelineEntry, list_acts_since
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator, Record

TIMED_MOST = 20  # changed records whose history one page tells

CAME, WENT, CHANGED = "后来增加", "不再计入", "有改动"


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One row: `mark` says what came of it since, `acts` who did what to it."""

    row: Row
    mark: str = ""
    acts: tuple[TimelineEntry, ...] = ()


def shown(row: BriefingFigure, actor: Actor, number: str, *, compares: bool) -> dict[str, Any]:
    """A list of thousands is held against the frozen one where that is asked for."""
    indicator = registry.find(row.indicator)
    context: dict[str, Any] = {
        "row": row,
        "value": value_of(row),
        "since": changes_since([row]).get(row.position),
    }
    if indicator is None or not may_read(actor, indicator):
        return context | {"is_closed": True}
    if compares or row.record_count <= LISTED_MOST:
        found = _compared(row, indicator, actor, number)
    else:
        found = _listed(row, indicator, actor, number)
    return context | {"indicator": indicator, "live": _live(indicator, row, actor), **found}


def _compared(
    row: BriefingFigure, indicator: Indicator, actor: Actor, number: str
) -> dict[str, Any]:
    seen = evidence_of(indicator, question_of(row), actor.scope)
    now = records_of(indicator, question_of(row))
    changes = differences(row, now)
    maker = _Rows(row, indicator, changes, actor)
    records = maker.rows(seen.evidence.records) if seen.is_told else []
    listing = paged(len(records), number)
    first, size = (listing.page.number - 1) * PER_PAGE, PER_PAGE
    return {
        "heads": heads_over(indicator, (one.row for one in records)),
        "listing": listing,
        "records": records[first : first + size],
        "changes": changes,
        "hidden": seen.evidence.hidden,
        "is_told": seen.is_told,
    }


def _listed(row: BriefingFigure, indicator: Indicator, actor: Actor, number: str) -> dict[str, Any]:
    """One page of them as they stand now."""
    question = question_of(row)
    known = evidence_of(indicator, question, actor.scope, start=0, stop=PER_PAGE)
    listing = paged(known.evidence.count, number)
    if first := (listing.page.number - 1) * PER_PAGE:
        known = evidence_of(indicator, question, actor.scope, start=first, stop=first + PER_PAGE)
    opens = may_open(actor, indicator)
    rows = [row_of(indicator, one, may_open=opens) for one in known.evidence.records]
    return {
        "heads": heads_over(indicator, rows),
        "listing": listing,
        "records": [ShownRecord(one) for one in rows],
        "hidden": known.evidence.hidden,
        "is_told": known.is_told,
        "is_uncompared": True,
    }


def _live(indicator: Indicator, row: BriefingFigure, actor: Actor) -> str:
    """The same question, asked of today's records; nothing for whoever may not ask it there."""
    area = key_of(actor, row.place, row.of_unit)
    if not area:
        return ""
    period = question_of(row).period
    told = Told(period, row.on, text_of(period), "")
    return f"{reverse('figure_records', args=[indicator.code])}?{query_of(area, told)}"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes the rows: what has changed first, then the rest; only what the reader may see."""

    figure: BriefingFigure
    indicator: Indicator
    changes: Difference
    actor: Actor

    def rows(self, seen: Iterable[Record]) -> list[ShownRecord]:
        came = {one.name for one in self.changes.came}
        changed = {one.name for one in self.changes.changed}
        marked, same = [], list[ShownRecord]()
        for one in seen:
            name = (one.label, one.key, one.is_base)
            mark = CAME if name in came else CHANGED if name in changed else ""
            row = row_of(self.indicator, one, may_open=self._may_open)
            if mark:
                marked.append(self._marked(row, mark, one.label, one.key))
            else:
                same.append(ShownRecord(row))
        return [*self._gone(), *marked, *same]

    @property
    def _may_open(self) -> bool:
        return may_open(self.actor, self.indicator)

    def _gone(self) -> list[ShownRecord]:
        """What is counted no more: its kind, where it opens, and who did what to it."""
        gone = [one for one in self.changes.went if self._lies_in_scope(one)]
        return [
            self._marked(
                Row((Cell("", _kind(one), is_number=False),), one.url if self._may_open else ""),
                WENT, one.label, one.key,
            )
            for one in gone
        ]  # fmt: skip

    def _lies_in_scope(self, one: Kept) -> bool:
        paths = self.actor.scope.place_paths
        return bool(paths) and one.path.startswith(paths)

    def _marked(self, row: Row, mark: str, label: str, key: str) -> ShownRecord:
        few = self._may_open and self.changes.count <= TIMED_MOST
        acts = list_acts_since(label, key, self.figure.taken_at) if few else []
        return ShownRecord(row, mark, tuple(acts))


def _kind(one: Kept) -> str:
    return str(apps.get_model(one.label)._meta.verbose_name) if "." in one.label else one.label
