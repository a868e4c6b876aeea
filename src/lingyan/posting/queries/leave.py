"""Which leave was asked, approved, taken: of one person, of many, on a day?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.periods import Period, year_of
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import LeaveRequest, Posting
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.standards import number_for, numbers_on
from lingyan.posting.rules.leave import Taken, YearOfLeave, year_of_leave
from lingyan.posting.rules.life_words import LeaveKind, LeaveState
from lingyan.posting.rules.presence import Away
from lingyan.posting.rules.support_words import StandardKey

VALID = (LeaveState.APPROVED, LeaveState.BACK)
STANDING = (LeaveState.ASKED, *VALID)
LENGTH = ExpressionWrapper(F("until") - F("since"), output_field=DurationField())


def list_leave(scope: Scope) -> QuerySet[LeaveRequest]:
    return LeaveRequest.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village__parent", "posting__unit"
    )


def get_leave(scope: Scope, leave_id: UUID) -> LeaveRequest:
    return get_object_or_404(list_leave(scope), pk=leave_id)


def leave_of(posting: Posting) -> QuerySet[LeaveRequest]:
    return LeaveRequest.objects.filter(posting=posting)


def taken_by(posting: Posting, *, but: LeaveRequest | None = None) -> list[Taken]:
    """Every leave of the person that stands: asked, approved or ended; other postings too."""
    found = LeaveRequest.objects.filter(posting__person_id=posting.person_id, state__in=STANDING)
    if but is not None:
        found = found.exclude(pk=but.pk)
    return [Taken(one.kind, one.period) for one in found]


def valid_of(posting: Posting) -> list[Taken]:
    found = LeaveRequest.objects.filter(posting__person_id=posting.person_id, state__in=VALID)
    return [Taken(one.kind, one.period) for one in found]


def away_between(posting_ids: Collection[UUID], since: date, until: date) -> dict[UUID, list[Away]]:
    """Approved leave that touches these days, by posting; one query."""
    rows = (
        LeaveRequest.objects.filter(posting_id__in=posting_ids, state__in=VALID, since__lt=until)
        .annotate(ends_on=Coalesce("back_on", "until"))
        .filter(Q(ends_on__gt=since))
    )
    found: dict[UUID, list[Away]] = {}
    for one in rows:
        away = Away(Period(one.since, one.ends), one.kind == LeaveKind.BUSINESS)
        found.setdefault(one.posting_id, []).append(away)
    return found


def list_begun(today: date) -> QuerySet[LeaveRequest]:
    """Approved leave whose first day has come and which nobody has ended."""
    return LeaveRequest.objects.filter(state=LeaveState.APPROVED, since__lte=today).select_related(
        "posting"
    )


def waiting_for_the_town(rows: QuerySet[LeaveRequest], most: timedelta) -> QuerySet[LeaveRequest]:
    """Of no more days than the town may grant."""
    return rows.annotate(length=LENGTH).filter(length__lte=most)


def waiting_for_the_county(rows: QuerySet[LeaveRequest], most: timedelta) -> QuerySet[LeaveRequest]:
    """Longer ones, and those that follow another without a day between: its page adds them up."""
    beside = LeaveRequest.objects.filter(
        posting__person=OuterRef("posting__person"), state__in=STANDING
    ).filter(Q(until=OuterRef("since")) | Q(back_on=OuterRef("since")) | Q(since=OuterRef("until")))
    return rows.annotate(length=LENGTH).filter(Q(length__gt=most) | Q(Exists(beside)))


def open_leave(scope: Scope) -> QuerySet[LeaveRequest]:
    """Leave of people who are posted still: nobody comes back to a posting that has ended."""
    return list_leave(scope).filter(posting__until__isnull=True)


def year_of_person(posting: Posting, year: int) -> YearOfLeave:
    """What the person was away in a year, beside what the county allows."""
    most = number_for(posting.village.path, StandardKey.YEAR_LEAVE)
    return year_of_leave(valid_of(posting), year, most)


def people_over_the_year(scope: Scope, year: int) -> list[UUID]:
    """Who in scope was away for more days of this year than one may be (R-2-23)."""
    whole = year_of(date(year, 1, 1))
    rows = LeaveRequest.objects.filter(
        posting_q(scope), state__in=VALID, since__lt=whole.until, until__gt=whole.since
    )
    taken: dict[UUID, list[Taken]] = {}
    most: dict[UUID, int] = {}
    numbers = numbers_on(clock.today())
    for one in rows.select_related("posting__village"):
        person, path = one.posting.person_id, one.posting.village.path
        taken.setdefault(person, []).append(Taken(one.kind, one.period))
        most[person] = numbers.of(path, StandardKey.YEAR_LEAVE)
    return [pk for pk, found in taken.items() if year_of_leave(found, year, most[pk]).is_over]
