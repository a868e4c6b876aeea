"""What do the records say against somebody that nobody has looked into yet (2.10)?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from lingyan.posting.models import Posting
from lingyan.posting.queries.recall import last_looked_at, signal_facts
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import recall as rules
from lingyan.posting.rules.support_words import StandardKey


def fresh_signals(
    postings: Iterable[Posting], *, today: date, with_discipline: bool
) -> dict[UUID, tuple[rules.Signal, ...]]:
    """Of each posting that has any, the signals that no case of the same ground has looked at."""
    postings = list(postings)
    facts = signal_facts(postings, today=today, with_discipline=with_discipline)
    seen, numbers = last_looked_at(postings), numbers_on(today)
    found = {}
    for one in postings:
        wanted = numbers.of(one.village.path, StandardKey.MONTH_DAYS)
        least = numbers.of(one.village.path, StandardKey.MASS_MIN)
        fresh = tuple(
            signal
            for signal in rules.signals(facts[one.pk], month_days=wanted, mass_min=least)
            if (at := seen.get((one.pk, signal.ground))) is None or signal.last_on > at
        )
        if fresh:
            found[one.pk] = fresh
    return found
