"""Is the history whole, and if not, which entry is the first broken one?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import OperationalError, connections, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from lingyan.common import clock
from lingyan.platform.audit.anchors import Anchor
from lingyan.platform.audit.chain import FIRST_HASH, sealed_hash, sealed_values, subjects_hash
from lingyan.platform.audit.models import (
    SEALED_NAMES,
    SEALED_NOTHINGS,
    AuditEntry,
    ChainHead,
    DailyAnchor,
    FurtherSubject,
)
from lingyan.platform.audit.stored import Row, as_bytes_lie, stored_rows

CHUNK = 2000
Report = Callable[[int, int], None]
"""Told now and then how many entries have been read, and how many there are."""

NUMBER = SEALED_NAMES.index("number")
WRITTEN = SEALED_NAMES.index("written_at")
OTHERS = SEALED_NAMES.index("others_hash")


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """How many entries were read; the first broken one and what is wrong, or None."""

    entries: int
    broken_number: int | None = None
    text: str | None = None
    text_en: str | None = None
    anchors: int = 0


class _Broken(Exception):  # noqa: N818 - it carries the verdict
    def __init__(self, number: int, text: str, text_en: str) -> None:
        super().__init__(text)
        self.number, self.text, self.text_en = number, text, text_en


@dataclass(slots=True)
class _Reading:
    """How far the chain has been read, and where each day that has ended stood."""

    last_hash: str = FIRST_HASH
    count: int = 0
    day: date | None = None
    day_ends: str = ""  # as moments are sealed: texts in UTC, which sort as the moments do
    day_count: int = 0
    ended: list[Anchor] = field(default_factory=list)

    def take(self, row: Row, further: Sequence[tuple[str, str]]) -> None:
        expected = self.count + 1
        number, previous, stored = row[NUMBER], row[-2], row[-1]
        if number.__class__ is not int:
            raise _Broken(expected, f"第 {expected} 条的序号被改成“{number}”",
                          f"the number of entry {expected} has been changed")  # fmt: skip
        if number != expected:
            _refute_number(number, expected)
        if previous != self.last_hash:
            raise _Broken(expected, f"第 {expected} 条与上一条不衔接",
                          f"entry {expected} does not follow the one before")  # fmt: skip
        fields = sealed_values(SEALED_NAMES, row, SEALED_NOTHINGS)
        if stored != sealed_hash(previous, fields):
            raise _Broken(expected, f"第 {expected} 条内容被改动",
                          f"entry {expected} has been changed")  # fmt: skip
        if row[OTHERS] != subjects_hash(further):
            raise _Broken(expected, f"第 {expected} 条涉及的记录被改动",
                          f"the records of entry {expected} have been changed")  # fmt: skip
        if row[WRITTEN] >= self.day_ends:
            self._begin_day(row[WRITTEN])
        self.last_hash, self.count = stored, expected
        self.day_count += 1

    def _begin_day(self, written_at: str) -> None:
        if self.day is not None:
            self.ended.append(self.here())
        self.day = datetime.fromisoformat(written_at).astimezone(clock.BEIJING).date()
        midnight = datetime.combine(self.day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
        self.day_ends, self.day_count = midnight.astimezone(UTC).isoformat(), 0

    def here(self) -> Anchor:
        assert self.day is not None
        return Anchor(self.day, self.day_count, self.count, self.last_hash)


def _refute_number(number: int, expected: int) -> None:
    if number > expected:
        raise _Broken(expected, f"缺少第 {expected} 条留痕", f"entry {expected} is missing")
    raise _Broken(number, f"多出一条留痕，序号 {number}", f"an entry {number} was put in")


def verify_chain(
    *, using: str = "default", anchors: Sequence[Anchor] = (), report: Report | None = None
) -> AuditVerdict:
    """Read the whole chain once, in order, in constant memory, as of one moment.

    On SQLite a text may hold bytes that are none: then it is read again, as they lie.
    """
    try:
        return _verify(using, anchors, report)
    except OperationalError as unreadable:
        if "decode" not in str(unreadable) or connections[using].vendor != "sqlite":
            raise
        with as_bytes_lie(using):
            return _verify(using, anchors, report)


def _verify(using: str, anchors: Sequence[Anchor], report: Report | None) -> AuditVerdict:
    """Three steps.

    1 every entry follows the one before and its hash covers all its fields; 2 the head and the
    sealed days are what the entries say; 3 so are the anchors that were kept outside.
    """
    reading = _Reading()
    kept = sorted(anchors, key=lambda one: one.last_number)
    try:
        with _one_moment(using):
            _read(reading, using, kept, report)
            _check_head(reading, using)
            _check_days(reading, using)
    except _Broken as broken:
        return AuditVerdict(reading.count, broken.number, broken.text, broken.text_en)
    return AuditVerdict(reading.count, anchors=len(kept))


@contextmanager
def _one_moment(using: str) -> Iterator[None]:
    """A snapshot: writers go on, and what they add meanwhile is not looked at."""
    connection = connections[using]
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # Deferred, unlike `atomic()`, which would keep every writer out for as long as it reads.
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _read(reading: _Reading, using: str, kept: list[Anchor], report: Report | None) -> None:
    total = AuditEntry.objects.using(using).count() if report else 0
    waiting = list(reversed(kept))
    for rows in stored_rows(using, CHUNK):
        numbers = [row[NUMBER] for row in rows if row[NUMBER].__class__ is int]
        further = _further(using, numbers[0], numbers[-1]) if numbers else {}
        for row in rows:
            reading.take(row, further.get(row[NUMBER], ()))
            while waiting and waiting[-1].last_number <= reading.count:
                _check_anchor(waiting.pop(), reading)
        if report:
            report(reading.count, total)
    if waiting:
        _lost(waiting[0].last_number, reading)
    beyond = FurtherSubject.objects.using(using).exclude(
        entry_number__gte=1, entry_number__lte=reading.count
    )
    if stray := beyond.order_by("entry_number").first():
        raise _Broken(stray.entry_number, f"多出第 {stray.entry_number} 条的涉及记录",
                      f"records of entry {stray.entry_number} were put in")  # fmt: skip


def _further(using: str, first: int, last: int) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = FurtherSubject.objects.using(using).filter(
        entry_number__gte=first, entry_number__lte=last
    )
    for number, label, key in rows.values_list("entry_number", "subject_type", "subject_id"):
        found[number].append((label, key))
    return found


def _lost(number: int, reading: _Reading) -> None:
    first = reading.count + 1
    raise _Broken(first, f"第 {first} 条起的留痕被删除（封存时有 {number} 条）",
                  f"entries from {first} on were removed (there were {number})")  # fmt: skip


def _check_anchor(anchor: Anchor, reading: _Reading) -> None:
    """The chain at the anchor's number is the chain of that day."""
    same_count = anchor.day != reading.day or anchor.day_count == reading.day_count
    if anchor.last_number == reading.count and anchor.last_hash == reading.last_hash and same_count:
        return
    number, day = anchor.last_number, f"{anchor.day:%Y-%m-%d}"
    raise _Broken(
        number,
        f"与 {day} 的封存记录不符：第 {number} 条或以前的留痕被重写",
        f"differs from the anchor of {day}: entries up to {number} were rewritten",
    )


def _check_head(reading: _Reading, using: str) -> None:
    try:
        head = ChainHead.objects.using(using).filter(pk=1).first()
    except ValueError as unreadable:
        raise _head_differs(reading) from unreadable
    if head is None and not reading.count:
        return
    if head is not None and head.last_number.__class__ is not int:
        raise _head_differs(reading)
    if head is not None and head.last_number > reading.count:
        _lost(head.last_number, reading)
    ours = (reading.count, reading.last_hash, reading.day, reading.day_count)
    if head is None or ours != (head.last_number, head.last_hash, head.day, head.day_count):
        raise _head_differs(reading)


def _head_differs(reading: _Reading) -> _Broken:
    return _Broken(
        reading.count,
        f"链头与第 {reading.count} 条不符",
        f"the head of the chain differs from entry {reading.count}",
    )


def _no_day(using: str) -> str:
    """What stands in the table where a day should."""
    days = DailyAnchor.objects.using(using).values_list(Cast("day", TextField()), flat=True)
    for text in days.order_by():
        try:
            date.fromisoformat(text)
        except ValueError:
            return str(text)
    return ""


def _check_days(reading: _Reading, using: str) -> None:
    try:
        stored = {one.day: one for one in DailyAnchor.objects.using(using).all()}
    except ValueError as unreadable:
        text = _no_day(using)
        raise _Broken(reading.count, f"封存记录的日期被改成“{text}”",
                      f"a sealed day has become {text}") from unreadable  # fmt: skip
    for ended in reading.ended:
        one = stored.pop(ended.day, None)
        if one is None or Anchor.of(one) != ended:
            raise _Broken(ended.last_number, f"{ended.day:%Y-%m-%d} 的封存记录被改动",
                          f"the sealed day {ended.day:%Y-%m-%d} has been changed")  # fmt: skip
    if stored:
        day = min(stored)
        raise _Broken(reading.count, f"多出 {day:%Y-%m-%d} 的封存记录",
                      f"a sealed day {day:%Y-%m-%d} was put in")  # fmt: skip
