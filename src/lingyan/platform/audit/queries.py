"""Which acts may a reader of the history see, and how is a page of a million of them found?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from lingyan.common import clock
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.wall import reach

COUNTED_MOST = 10_000
# Words are looked for in the text of entries one by one: in so many, of the millions there are.
LOOKED_INTO_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the audit administrator looks for; empty means any."""

    since: date | None = None
    until: date | None = None  # the last day that is wanted
    actor: str = ""
    action: str = ""
    subject: str = ""
    kind: str = ""
    upto: int | None = None  # the number below which words are looked for

    @property
    def is_anything(self) -> bool:
        return self == Wanted()


READINGS, ACTS = "readings", "acts"


def last_act() -> str:
    """The hash of the newest entry that is more than a look; empty before the first."""
    acts = AuditEntry.objects.filter(is_reading=False).order_by("-number")
    with reach.everything():
        return acts.values_list("entry_hash", flat=True).first() or ""


def list_entries(wanted: Wanted | None = None) -> QuerySet[AuditEntry]:
    """Every act that is wanted, newest first: for the audit administrator only."""
    rows = AuditEntry.objects.order_by("-number")
    if wanted is None:
        return rows
    if wanted.since:
        rows = rows.filter(acted_at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(acted_at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.actor:
        rows = rows.filter(actor_name__in=_names_with(wanted.actor))
    if wanted.subject and is_id(wanted.subject):
        rows = rows.filter(subject_id=wanted.subject.lower())
    elif wanted.subject:
        about = Q(subject_text__icontains=wanted.subject) | Q(subject_id=wanted.subject)
        rows = within(rows, looked_into(wanted)).filter(about)
    if wanted.kind:
        rows = rows.filter(is_reading=wanted.kind == READINGS)
    return rows


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers of entries, both counted in; `older` says that there are others before."""

    first: int
    last: int
    older: bool

    @property
    def before(self) -> int:
        return self.first - 1


def looked_into(wanted: Wanted) -> Span:
    """The newest entries of the days that are asked for, as many as can be read at once."""
    numbers = AuditEntry.objects.values_list("number", flat=True)
    newest, oldest = numbers.order_by("-number").first() or 0, numbers.order_by("number").first()
    first, last = oldest or 1, newest if wanted.upto is None else min(newest, wanted.upto)
    if last - first < LOOKED_INTO_MOST:
        return Span(first, last, older=False)
    # Many: by the index of the days, whose order is nearly that of the numbers.
    if wanted.until:
        past = numbers.filter(acted_at__lt=_midnight(wanted.until + timedelta(days=1)))
        last = min(last, past.order_by("-acted_at", "-number").first() or 0)
    if wanted.since:
        since = numbers.filter(acted_at__gte=_midnight(wanted.since))
        first = max(first, since.order_by("acted_at", "number").first() or first)
    begin = max(first, last - LOOKED_INTO_MOST + 1)
    return Span(begin, last, older=begin > first)


def within(rows: QuerySet[AuditEntry], span: Span) -> QuerySet[AuditEntry]:
    return rows.filter(number__gte=span.first, number__lte=span.last)


def is_id(text: str) -> bool:
    """The id of a record stands in an index: all of its history is found at once."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


NAMES_STEP = """
WITH RECURSIVE names(name) AS (
    SELECT MIN(actor_name) FROM audit_auditentry
    UNION ALL
    SELECT (SELECT MIN(actor_name) FROM audit_auditentry WHERE actor_name > names.name)
    FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL
"""


def _names_with(text: str) -> list[str]:
    """Everybody who ever acted and is called so, read off the index from one name to the next.

    A million entries are by a few hundred people: looking into each entry takes a second.
    """
    with connection.cursor() as cursor:
        cursor.execute(NAMES_STEP)
        return [name for (name,) in cursor.fetchall() if text.lower() in name.lower()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the history by the number at which it begins, so that no page costs more."""

    entries: list[AuditEntry]
    older: int | None
    newer: int | None
    is_whole: bool = False  # there is nothing beside it, so nothing need be counted


def slice_entries(
    rows: QuerySet[AuditEntry], *, before: int | None, after: int | None, most: int
) -> Slice:
    """The entries next below `before`, or next above `after`; one more is read to know of more."""
    if after is not None:
        found = list(rows.filter(number__gt=after).order_by("number")[: most + 1])
        more, entries = len(found) > most, found[:most][::-1]
        older = entries[-1].number if entries else None
        return Slice(entries, older, entries[0].number if more else None)
    found = list((rows.filter(number__lt=before) if before is not None else rows)[: most + 1])
    entries = found[:most]
    newer = entries[0].number if entries and before is not None else None
    more = len(found) > most
    whole = before is None and not more
    return Slice(entries, entries[-1].number if more else None, newer, is_whole=whole)


def count_text(rows: QuerySet[AuditEntry]) -> str:
    """How many, as far as it is worth counting."""
    count = rows.order_by()[: COUNTED_MOST + 1].count()
    return f"超过 {COUNTED_MOST}" if count > COUNTED_MOST else str(count)
