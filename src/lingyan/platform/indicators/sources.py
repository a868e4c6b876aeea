"""Where do the records of an indicator come from: straight from a query, or worked out first?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators.definitions import Evidence, Parts, Question, Record, add_up
from lingyan.platform.ui.listing import KeysFirst

Records = Callable[[Question], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class FromQuery:
    """The records are rows of one query; the database counts or adds them up.

    `records` must be of a model whose manager has `visible_to`. `counted` is the column of what is
    counted once (units of pairs); `added` the column that is added up. `place` leads to the place
    of a record. `record` makes what a list shows, of a row that `records` has read.
    """

    records: Records
    record: Callable[[Any], Record]
    order: tuple[str, ...]
    place: str
    counted: str = ""
    added: str = ""
    search: Callable[[str], Q] | None = None

    @property
    def searches(self) -> bool:
        return self.search is not None

    def parts(self, question: Question) -> Parts:
        return self._parts(self.records(question))

    def _parts(self, rows: QuerySet[Any]) -> Parts:
        found = rows.order_by().aggregate(**self._sums())
        return _as_parts(found)

    def _sums(self) -> dict[str, Any]:
        added: Any = Sum(self.added) if self.added else Count(
            self.counted or "pk", distinct=bool(self.counted)
        )  # fmt: skip
        return {"told_part": added, "told_of": Count("pk")}

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        """One query for each length of path: all towns of a county have the same."""
        found: dict[str, Parts] = {}
        for length in {len(path) for path in paths}:
            rows = self.records(question).order_by()
            grouped = rows.annotate(told_path=Substr(F(f"{self.place}__path"), 1, length))
            asked = grouped.values("told_path").annotate(**self._sums())
            found |= {one["told_path"]: _as_parts(one) for one in asked}
        return {path: found[path] for path in paths if path in found}

    def evidence(
        self,
        question: Question,
        reader: Scope,
        *,
        text: str = "",
        start: int = 0,
        stop: int | None = None,
    ) -> Evidence:
        whole = self.records(question)
        seen = whole if covers(reader, question.scope) else _visible(whole, reader)
        own = self._parts(seen)
        hidden = 0 if seen is whole else self._parts(whole).of - own.of
        found, count = seen, own.of
        if text and self.search is not None:
            found = seen.filter(self.search(text))
            count = found.order_by().count()
        rows = self._slice(found.order_by(*self.order, "pk"), count, start, stop)
        return Evidence([self.record(one) for one in rows], count, hidden, own)

    @staticmethod
    def _slice(rows: QuerySet[Any], count: int, start: int, stop: int | None) -> Iterable[Any]:
        if stop is None or start % (stop - start):
            return rows[start:stop]
        per_page = stop - start
        if start >= count:
            return []
        pages = KeysFirst(rows, per_page)
        pages.__dict__["count"] = count  # known already
        return pages.page(start // per_page + 1).object_list


def _as_parts(found: dict[str, Any]) -> Parts:
    return Parts(Fraction(found["told_part"] or 0), found["told_of"])


def _visible(rows: QuerySet[Any], reader: Scope) -> QuerySet[Any]:
    seen: Any = rows.model._default_manager
    return rows.filter(pk__in=seen.visible_to(reader).order_by().values("pk"))


def covers(reader: Scope, scope: Scope) -> bool:
    """Whether whoever sees the reader's scope sees all of the other."""
    if reader == scope:
        return True
    inside = all(
        any(path.startswith(own) for own in reader.place_paths) for path in scope.place_paths
    )
    return inside and set(scope.unit_ids) <= set(reader.unit_ids) and scope.person_id is None


@dataclass(frozen=True, slots=True)
class FromRecords:
    """The records are worked out first: months that were due, members of two terms.

    Their number is that of villages or cases of a county; a reader sees those that lie in the own
    places, and whoever reads for a unit or a person sees those that `records` finds for the own
    scope.
    """

    records: Callable[[Question], Sequence[Record]]
    searches: bool = True

    def parts(self, question: Question) -> Parts:
        return add_up(self.records(question))

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        lengths = sorted({len(path) for path in paths})
        of: dict[str, list[Record]] = {path: [] for path in paths}
        for one in self.records(question):
            for length in lengths:
                if (group := of.get(one.path[:length])) is not None:
                    group.append(one)
        return {path: add_up(found) for path, found in of.items() if found}

    def evidence(
        self,
        question: Question,
        reader: Scope,
        *,
        text: str = "",
        start: int = 0,
        stop: int | None = None,
    ) -> Evidence:
        whole = self.records(question)
        seen = whole if covers(reader, question.scope) else self._seen(question, whole, reader)
        found = [one for one in seen if text in "".join(map(str, one.cells))] if text else seen
        return Evidence(list(found[start:stop]), len(found), len(whole) - len(seen), add_up(seen))

    def _seen(self, question: Question, whole: Sequence[Record], reader: Scope) -> Sequence[Record]:
        if reader.unit_ids or reader.person_id:
            own = Question(reader, question.on, question.period)
            keys = {(one.label, one.key) for one in self.records(own)}
            return [one for one in whole if (one.label, one.key) in keys]
        return [one for one in whole if one.path.startswith(reader.place_paths)]
