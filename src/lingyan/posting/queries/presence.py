"""On which days was somebody in the village, by the facts of the work?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from uuid import UUID

from lingyan.common.periods import ONE_DAY, month_of
from lingyan.posting.models import Posting
from lingyan.posting.rules.presence import PresenceFact

# Each subject that knows of work in the village offers its facts here; `config.wiring` fills it.
# A source answers for these postings, from `since` to before `until`, in one query.
FactSource = Callable[[Collection[UUID], date, date], Iterable[PresenceFact]]
FACT_SOURCES: list[FactSource] = []


def facts_between(
    posting_ids: Collection[UUID], since: date, until: date
) -> dict[UUID, list[PresenceFact]]:
    """What the sources know, by posting, in the order of days; one query for each source."""
    found: dict[UUID, list[PresenceFact]] = {}
    for source in FACT_SOURCES:
        for fact in source(posting_ids, since, until):
            found.setdefault(fact.posting_id, []).append(fact)
    for facts in found.values():
        facts.sort(key=lambda one: one.on)
    return found


def facts_on(posting: Posting, day: date) -> list[PresenceFact]:
    return facts_between([posting.pk], day, day + ONE_DAY).get(posting.pk, [])


def on_site_days(posting: Posting, month: date) -> int:
    """Days in the village in the month of this day (R-2-21)."""
    period = month_of(month)
    facts = facts_between([posting.pk], period.since, period.until).get(posting.pk, [])
    return len({one.on for one in facts})
