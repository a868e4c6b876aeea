"""Where do the records of an indicator come from: straight from a query, or worked out first?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Aggregate, Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Substr

from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators.definitions import Evidence, Parts, Question, Record, add_up
from lingyan.platform.ui.listing import KeysFirst

Records = Callable[[Question], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class FromQuery:
    """The records are rows of one query; the database counts or adds them up.

    A reader sees those of them that `records` finds for the own scope. `counted` is the column of
    what is counted once (units of pairs); `added` the column, or the aggregate, that is added up;
    `done` says which rows are the part of a share. `place` leads to the place of a record (it is
    empty where that is the record), or to several where it `is_shared` (by pairs of two villages);
    `records` itself finds each row once.
    `shown` adds to the rows of a list what only the list tells, and `record` makes of such a row
    what is shown.
    """

    records: Records
    record: Callable[[Any], Record]
    order: tuple[str, ...]
    place: str
    counted: str = ""
    added: str | Aggregate = ""
    done: Callable[[Question], Q] | None = None
    is_shared: bool = False
    shown: Callable[[QuerySet[Any], Question], QuerySet[Any]] | None = None
    search: Callable[[str], Q] | None = None

    @property
    def searches(self) -> bool:
        return self.search is not None

    def parts(self, question: Question) -> Parts:
        return self._counted(self.records(question), question)[0]

    def _counted(self, rows: QuerySet[Any], question: Question) -> tuple[Parts, int]:
        """The parts, and how many rows there are."""
        found = rows.order_by().aggregate(**self._sums(question))
        return _as_parts(found), found.get("told_rows", found["told_of"])

    def _sums(self, question: Question, *, repeats: bool = False) -> dict[str, Any]:
        """`repeats` where a row stands beside each of its places."""
        rows = Count("pk", distinct=repeats or isinstance(self.added, Aggregate))
        if self.added:
            added = Sum(self.added) if isinstance(self.added, str) else self.added
            return {"told_part": added, "told_of": rows}
        if self.counted:
            things = Count(self.counted, distinct=True)
            part = self._done(self.counted, question, distinct=True)
            return {"told_part": part, "told_of": things, "told_rows": rows}
        return {"told_part": self._done("pk", question, distinct=repeats), "told_of": rows}

    def _done(self, column: str, question: Question, *, distinct: bool) -> Count:
        only = None if self.done is None else self.done(question)
        return Count(column, distinct=distinct, filter=only)

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        """One query for each length of path: all towns of a county have the same."""
        found: dict[str, Parts] = {}
        for length in {len(path) for path in paths}:
            found |= self._grouped(question, length)
        return {path: found[path] for path in paths if path in found}

    def _grouped(self, question: Question, length: int) -> dict[str, Parts]:
        path = f"{self.place}__path" if self.place else "path"
        rows = self.records(question).order_by().annotate(told_path=Substr(F(path), 1, length))
        if self.is_shared and isinstance(self.added, str) and self.added:
            return _added_once(rows, self.added)
        sums = self._sums(question, repeats=self.is_shared)
        asked = rows.values("told_path").annotate(**sums)
        return {one["told_path"]: _as_parts(one) for one in asked}

    def with_places(
        self, question: Question, paths: Sequence[str]
    ) -> tuple[Parts, dict[str, Parts]]:
        """Rows that lie in one place each are read once: the number is what all places add up to,
        also those that were not asked for.
        """
        lengths = {len(path) for path in paths}
        if self.counted or self.is_shared or len(lengths) != 1:
            return self.parts(question), self.parts_by(question, paths)
        found = self._grouped(question, lengths.pop())
        beside = {path: found[path] for path in paths if path in found}
        return sum(found.values(), Parts()), beside

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
        own, count = self._counted(seen, question)
        hidden = 0 if seen is whole else self._counted(whole, question)[1] - count
        found = seen
        if text and self.search is not None:
            found = seen.filter(self.search(text))
            count = found.order_by().count()
        if self.done is not None:
            found = found.annotate(told_done=Case(When(self.done(question), 1), default=0))
        found = found if self.shown is None else self.shown(found, question)
        rows = self._slice(found.order_by(*self.order, "pk"), count, start, stop)
        return Evidence([self._record(one) for one in rows], count, hidden, own)

    def _seen(self, question: Question, whole: QuerySet[Any], reader: Scope) -> QuerySet[Any]:
        own = self.records(Question(reader, question.on, question.period))
        return whole.filter(pk__in=own.order_by().values("pk"))

    def _record(self, row: Any) -> Record:
        record = self.record(row)
        return record if self.done is None else replace(record, part=row.told_done)

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


def _added_once(grouped: QuerySet[Any], added: str) -> dict[str, Parts]:
    """A sum of distinct rows: as many of each size as there are, in each place."""
    found: dict[str, Parts] = {}
    sizes = grouped.values_list("told_path", added).annotate(told_of=Count("pk", distinct=True))
    for path, size, of in sizes:
        found[path] = found.get(path, Parts()) + Parts(Fraction(size * of), of)
    return found


def _as_parts(found: dict[str, Any]) -> Parts:
    return Parts(Fraction(found["told_part"] or 0), found["told_of"])


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
    scope. With `dressed` the records come without cells, and only those shown are given theirs.
    """

    records: Callable[[Question], Sequence[Record]]
    dressed: Callable[[Question, Sequence[Record]], Sequence[Record]] | None = None
    searches: bool = True

    def parts(self, question: Question) -> Parts:
        return add_up(self.records(question))

    def parts_by(self, question: Question, paths: Sequence[str]) -> dict[str, Parts]:
        return _by_place(self.records(question), paths)

    def with_places(
        self, question: Question, paths: Sequence[str]
    ) -> tuple[Parts, dict[str, Parts]]:
        records = self.records(question)
        return add_up(records), _by_place(records, paths)

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
        if not text:
            shown = self._dressed(question, seen[start:stop])
            return Evidence(shown, len(seen), len(whole) - len(seen), add_up(seen))
        told = self._dressed(question, seen)
        found = [one for one in told if any(text in str(cell) for cell in one.cells)]
        return Evidence(found[start:stop], len(found), len(whole) - len(seen), add_up(seen))

    def _dressed(self, question: Question, records: Sequence[Record]) -> list[Record]:
        return list(records if self.dressed is None else self.dressed(question, records))

    def _seen(self, question: Question, whole: Sequence[Record], reader: Scope) -> Sequence[Record]:
        if reader.unit_ids or reader.person_id:
            own = Question(reader, question.on, question.period)
            keys = {(one.label, one.key, one.is_base) for one in self.records(own)}
            return [one for one in whole if (one.label, one.key, one.is_base) in keys]
        return [one for one in whole if one.path.startswith(reader.place_paths)]


def _by_place(records: Iterable[Record], paths: Sequence[str]) -> dict[str, Parts]:
    lengths = sorted({len(path) for path in paths})
    of: dict[str, list[Record]] = {path: [] for path in paths}
    for one in records:
        for length in lengths:
            if (group := of.get(one.path[:length])) is not None:
                group.append(one)
    return {path: add_up(found) for path, found in of.items() if found}
