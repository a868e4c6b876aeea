"""On which days was somebody in the village, by the facts of the work?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.common.periods import ONE_DAY, Period, month_of, year_of
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import Absence, MonthPresence, Posting
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.leave import away_between
from lingyan.posting.rules import PostingState
from lingyan.posting.rules.life_words import AbsenceState, Whereabouts
from lingyan.posting.rules.presence import (
    MonthFigures,
    PresenceFact,
    month_figures,
    whereabouts,
)

# Each subject that knows of work in the village offers its facts here; `config.wiring` fills it.
# A source answers for these postings, from `since` to before `until`, in one query.
FactSource = Callable[[Collection[UUID], date, date], Iterable[PresenceFact]]
FACT_SOURCES: list[FactSource] = []
COMING = (PostingState.APPOINTED, PostingState.TRAINED)
# Still to come, or sent elsewhere before the arrival: any other end comes after it (2.6).
NEVER_CAME = Q(state__in=COMING) | Q(state=PostingState.TRANSFERRED, arrived_on__isnull=True)


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


def figures_of(posting_ids: Collection[UUID], month: date) -> dict[UUID, MonthFigures]:
    """The figures of the month of this day, as the records have them now."""
    period = month_of(month)
    facts = facts_between(posting_ids, period.since, period.until)
    away = away_between(posting_ids, period.since, period.until)
    return {
        pk: month_figures([one.on for one in facts.get(pk, ())], away.get(pk, ()), period)
        for pk in posting_ids
    }


def on_site_days(posting: Posting, month: date) -> int:
    """Days in the village in the month of this day (R-2-21): as confirmed, else as recorded."""
    first = month.replace(day=1)
    confirmed = MonthPresence.objects.filter(posting=posting, month=first)
    days = confirmed.values_list("days", flat=True).first()
    return figures_of([posting.pk], month)[posting.pk].count if days is None else days


def whereabouts_of(posting_ids: Collection[UUID], day: date) -> dict[UUID, Whereabouts]:
    """在岗一览: one word for each, out of facts of the day and of the leave ledger (R-2-29)."""
    facts = facts_between(posting_ids, day, day + ONE_DAY)
    away = away_between(posting_ids, day, day + ONE_DAY)
    return {
        pk: whereabouts(has_fact=bool(facts.get(pk)), away=away.get(pk, ())) for pk in posting_ids
    }


# --- months that the village has confirmed ------------------------------------------------------


def list_unconfirmed(scope: Scope, month: Period) -> QuerySet[Posting]:
    """Who was there in this month, and the village has not said how many days."""
    said = MonthPresence.objects.filter(posting=OuterRef("pk"), month=month.since)
    return list_there(scope, month).filter(~Exists(said))


def list_there(scope: Scope, month: Period) -> QuerySet[Posting]:
    """Everybody who was in post for some of this month."""
    came = Coalesce("arrived_on", "since")
    there = Posting.objects.visible_to(scope).exclude(NEVER_CAME).annotate(came=came)
    there = there.filter(came__lt=month.until).exclude(until__lte=month.since)
    return there.select_related("person", "village__parent", "unit")


def list_confirmed(scope: Scope) -> QuerySet[MonthPresence]:
    """Every month that a village has confirmed."""
    return MonthPresence.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village__parent"
    )


def months_of(posting: Posting) -> QuerySet[MonthPresence]:
    return MonthPresence.objects.filter(posting=posting)


def find_month(posting: Posting, month: date) -> MonthPresence | None:
    return months_of(posting).filter(month=month.replace(day=1)).first()


def confirmed_months(posting_ids: Collection[UUID], since: date) -> dict[UUID, dict[date, int]]:
    """Month -> confirmed days, by posting."""
    found: dict[UUID, dict[date, int]] = {}
    rows = MonthPresence.objects.filter(posting_id__in=posting_ids, month__gte=since)
    for pk, month, days in rows.values_list("posting_id", "month", "days"):
        found.setdefault(pk, {})[month] = days
    return found


# --- absence ------------------------------------------------------------------------------------


def list_absences(scope: Scope) -> QuerySet[Absence]:
    return Absence.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village__parent"
    )


def get_absence(scope: Scope, absence_id: UUID) -> Absence:
    return get_object_or_404(list_absences(scope), pk=absence_id)


def absences_of(posting: Posting) -> QuerySet[Absence]:
    return Absence.objects.filter(posting=posting)


def days_of_absence(posting: Posting) -> list[date]:
    """Days on which absence stands or is being looked into."""
    found = absences_of(posting).exclude(state=AbsenceState.DROPPED)
    return list(found.values_list("on", flat=True))


def upheld_in_year(posting: Posting, year: int) -> int:
    """How often in a year the person was found absent without leave (R-2-24)."""
    period = year_of(date(year, 1, 1))
    return Absence.objects.filter(
        posting__person_id=posting.person_id, state=AbsenceState.UPHELD,
        on__gte=period.since, on__lt=period.until,
    ).count()  # fmt: skip
